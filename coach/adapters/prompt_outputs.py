"""What a prompt promises to answer: the `outputs` of its front matter as a JSON Schema, and the check."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from coach.errors import Sentence

Json = Mapping[str, Any]

_KINDS = ("string", "number", "integer", "boolean", "array", "object")
_KEYS = {"name", "kind", "description", "required", "items", "properties", "enumValues"}


def json_schema(outputs: Sequence[Any]) -> dict[str, Any]:
    """The JSON Schema of an object with these properties.

    Args:
        outputs: a list of properties as they stand in the file: name, kind, and if needed required,
            description, enumValues, items (of an array), properties (of an object).

    Returns:
        A schema in which no further properties are allowed.

    Raises:
        ValueError: an unknown key or kind; the message names it.
    """
    properties: dict[str, Any] = {}
    required: list[str] = []
    for one in outputs:
        name = one.get("name") if isinstance(one, dict) else None
        if not isinstance(name, str) or not name or name in properties:
            raise ValueError("every output needs a name of its own")
        properties[name] = _one(one, name)
        if one.get("required") is True:
            required.append(name)
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def mismatch(value: object, schema: Json, where: str = "the answer") -> str:
    """Why a value does not fit a schema that `json_schema` made; empty when it fits."""
    kind = schema["type"]
    if not _IS[kind](value):
        return Sentence("{place} is not of kind {kind}", place=where, kind=kind)
    if "enum" in schema and value not in schema["enum"]:
        return Sentence("{place} is {value}, not one of the allowed values", place=where, value=repr(value))
    if kind == "array" and isinstance(value, list):
        return next(
            (
                m
                for place, item in enumerate(value)
                if (m := mismatch(item, schema["items"], f"{where}[{place}]"))
            ),
            "",
        )
    return _object_mismatch(value, schema, where) if isinstance(value, dict) else ""


def _object_mismatch(value: Mapping[Any, Any], schema: Json, where: str) -> str:
    missing = [name for name in schema["required"] if name not in value]
    if missing:
        return Sentence("{place} lacks {key}", place=where, key=missing[0])
    for name, item in value.items():
        if name not in schema["properties"]:
            return Sentence("{place} has {key}, which is not among the outputs", place=where, key=repr(name))
        fault = mismatch(item, schema["properties"][name], f"{where}.{name}")
        if fault:
            return fault
    return ""


def _one(found: Json, name: str) -> dict[str, Any]:
    unknown = sorted(map(str, set(found) - _KEYS))
    if unknown:
        raise ValueError(Sentence("{key} is not a key of an output", key=repr(unknown[0])))
    kind = found.get("kind")
    if kind not in _KINDS:
        told = Sentence("the kind of {key} is one of {names}", key=repr(name), names=", ".join(_KINDS))
        raise ValueError(told)
    schema: dict[str, Any] = {"type": kind}
    if found.get("description"):
        schema["description"] = str(found["description"])
    if found.get("enumValues") is not None:
        if not isinstance(found["enumValues"], list) or kind != "string":
            told = Sentence("enumValues of {key} is a list and belongs to a string", key=repr(name))
            raise ValueError(told)
        schema["enum"] = [str(value) for value in found["enumValues"]]
    if kind == "array":
        schema["items"] = _one(_inner(found, "items", name), f"{name}[]")
    if kind == "object":
        inner = found.get("properties")
        if not isinstance(inner, list):
            raise ValueError(Sentence("{key} needs a list of properties", key=repr(name)))
        schema |= json_schema(inner)
    return schema


def _inner(found: Json, key: str, name: str) -> Json:
    inner = found.get(key)
    if not isinstance(inner, dict):
        raise ValueError(Sentence("{name} needs {key}", name=repr(name), key=key))
    return inner


_IS: Mapping[str, Callable[[object], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}
