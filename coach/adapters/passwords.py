"""Argon2id for passwords (OWASP ASVS 5.0, appendix C: at least t=2, m=19 MiB, p=1)."""

from __future__ import annotations

from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2  # each takes 19 MiB and a core for some 40 ms


class Argon2:
    """Implements services.accounts.PasswordHasher."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._places = BoundedSemaphore(AT_ONCE)
        # The ones every list begins with, 8 characters or more; attackers try them first.
        listed = files("coach").joinpath("data/common_passwords.txt").read_text(encoding="utf-8")
        self._common = frozenset(listed.split())

    def hash(self, password: str) -> str:
        """The hash to keep, with its parameters and salt."""
        with self._places:
            return self._hasher.hash(password)

    def verify(self, stored: str, password: str) -> bool:
        """Whether the password made this hash; a damaged hash is a no."""
        with self._places:
            try:
                return self._hasher.verify(stored, password)
            except (VerificationError, InvalidHashError):
                return False

    def is_common(self, password: str) -> bool:
        """Whether it is one of those that are tried first."""
        return password.casefold() in self._common
