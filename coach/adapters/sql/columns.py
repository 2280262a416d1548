"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

from coach.errors import NotFound, TextRefused

Counter = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts only in INTEGER
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
ID_LENGTH = 200  # characters; PostgreSQL refuses longer ones, SQLite would not


def storable(text: str) -> bool:
    """Whether both databases can hold `text`: no NUL (PostgreSQL), no lone surrogate (both)."""
    return _UNSTORABLE.search(text) is None


def fits_as_id(text: str) -> bool:
    """Whether `text` can name a row on both databases."""
    return len(text) <= ID_LENGTH and storable(text)


def refuse_unstorable(*texts: str) -> None:
    """Raises TextRefused when one of the texts cannot be stored; the person removes the character."""
    if not all(storable(text) for text in texts):
        raise TextRefused("The text holds a character that cannot be stored.", "Remove it and try again.")


class UtcTime(TypeDecorator[datetime]):
    """Aware datetimes in UTC, in and out; SQLite keeps them without an offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Id(TypeDecorator[str]):
    """An opaque name. One that no database could hold names nothing, on both databases alike."""

    impl = String(ID_LENGTH)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is not None and not fits_as_id(value):
            raise NotFound("There is no such thing here.")
        return value


class PlainText(TypeDecorator[str]):
    """Text that is meant to be shared, hence not sealed."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is not None:
            refuse_unstorable(value)
        return value


class Words(TypeDecorator[tuple[str, ...]]):
    """A tuple of shared texts, as a JSON list in a text column."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, dialect: Dialect) -> str | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        refuse_unstorable(*value)
        return json.dumps(list(value), ensure_ascii=False)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> tuple[str, ...] | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else tuple(json.loads(value))
