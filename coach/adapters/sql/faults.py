"""What the database says when it fails, as the program's own errors: never with parameters or text."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from coach.errors import CoachError, Sentence, StoreUnavailable

AGAIN = "Nothing of this step was saved; keep the text and try again in a moment."
FULL = Sentence("{again} Somebody has to free space on it.", again=AGAIN)
_FULL = ("disk is full", "no space left", "could not extend file", "file too large")
_BUSY = ("is locked", "busy", "deadlock", "serialize access", "lock timeout")
_GONE = ("connection", "server closed", "terminating", "starting up", "shutting down", "unable to open")


class Clash(StoreUnavailable):
    """A constraint refused the write: something is there already, or what it rests on is gone."""


def as_ours(error: SQLAlchemyError) -> CoachError:
    """The program's error for one of SQLAlchemy's.

    An error of ours that a column type raised comes back as it is; a broken constraint is a `Clash`;
    everything else is StoreUnavailable with the kind of trouble, if it can be told.
    """
    if isinstance(error, StatementError) and isinstance(error.orig, CoachError):
        return error.orig
    if isinstance(error, IntegrityError):
        return Clash("The database refused the change.", AGAIN)
    if isinstance(error, PoolTimeout):
        return StoreUnavailable("The database is busy.", AGAIN)
    said = str(error.orig).lower() if isinstance(error, DBAPIError) else ""
    if any(sign in said for sign in _FULL) or _too_large(error):
        return StoreUnavailable("The disk is full.", FULL)
    if any(sign in said for sign in _BUSY):
        return StoreUnavailable("The database is busy.", AGAIN)
    if any(sign in said for sign in _GONE):
        return StoreUnavailable("The database cannot be reached.", AGAIN)
    return StoreUnavailable("The database did not take or give the data.", AGAIN)


def _too_large(error: SQLAlchemyError) -> bool:
    """PostgreSQL's class 53: out of disk, memory or connections."""
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    return code == "53100"
