"""Counting tries in a moving window, in this process's memory."""

from __future__ import annotations

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter


class MovingWindow:
    """Implements services.accounts.TryLimit."""

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    def allow(self, key: str, most: int, minutes: int) -> bool:
        """Count one try; whether it is still within `most` in the last `minutes`."""
        return self._limiter.hit(RateLimitItemPerMinute(most, minutes), key)
