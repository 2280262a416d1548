"""Methods of `corpus/methods/*.yaml`: how a group works, step by step, as data."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from coach.domain.model import Method, Step

Text = Annotated[str, Field(min_length=1, max_length=1_000)]
Minutes = Annotated[int, Field(ge=1, le=240)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class _People(_Strict):
    least: Annotated[int, Field(ge=2, le=20)]
    best: Annotated[int, Field(ge=2, le=20)]
    most: Annotated[int, Field(ge=2, le=20)]


class _Role(_Strict):
    role: Text
    does: Text


class _Step(_Strict):
    name: Text
    minutes: Minutes
    who: Text
    does: Text
    says: Text
    owner: Text


class _Method(_Strict):
    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    name: Text
    purpose: Text
    source: Text
    people: _People
    minutes: Minutes
    rounds: Literal["one", "each in turn"]
    roles: Annotated[list[_Role], Field(min_length=1)]
    steps: Annotated[list[_Step], Field(min_length=2)]
    closing: Text
    distance: Text
    watch: Annotated[list[Text], Field(min_length=2, max_length=6)]


def method(head: dict[str, Any]) -> Method:
    """A method from the parsed file.

    Raises:
        ValueError: a part is missing or of another form; the sentence names it.
    """
    try:
        read = _Method.model_validate(head)
    except ValidationError as fault:
        first = fault.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"its {where}: {first['msg'].lower()}") from None
    people = read.people
    return Method(
        id=read.id,
        name=read.name,
        purpose=" ".join(read.purpose.split()),
        source=read.source,
        people=(people.least, people.best, people.most),
        minutes=read.minutes,
        rounds=read.rounds,
        roles=tuple((one.role, one.does) for one in read.roles),
        steps=tuple(Step(**one.model_dump()) for one in read.steps),
        closing=" ".join(read.closing.split()),
        distance=" ".join(read.distance.split()),
        watch=tuple(read.watch),
    )
