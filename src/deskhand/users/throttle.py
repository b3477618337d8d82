"""A brake on guessing: failures within 15 minutes are counted by what they have in common; in memory of one process."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from weakref import WeakKeyDictionary

from deskhand.kernel.desk import Desk

WINDOW = timedelta(minutes=15)
MOST_KEYS = 10_000
PER_ACCOUNT = 5
PER_HOST = 20


class Throttle:
    """Counts failures and says how long to wait. Keys are what a failure is counted for: an account, a host."""

    def __init__(self) -> None:
        self._failures: dict[str, list[datetime]] = defaultdict(list)

    def wait_seconds(self, limits: Mapping[str, int], now: datetime) -> int:
        """Seconds until another try is taken, given how many failures each key may have; 0 for at once."""
        return max(self._wait(key, most, now) for key, most in limits.items())

    def failed(self, limits: Mapping[str, int], now: datetime) -> None:
        """Another failure for these keys."""
        if len(self._failures) > MOST_KEYS:
            self._failures.clear()
        for key in limits:
            self._failures[key].append(now)

    def forgive(self, key: str) -> None:
        """This one starts afresh."""
        self._failures.pop(key, None)

    def _wait(self, key: str, most: int, now: datetime) -> int:
        recent = [moment for moment in self._failures.get(key, ()) if now - moment < WINDOW]
        if key in self._failures:
            self._failures[key] = recent
        if len(recent) < most:
            return 0
        return int((recent[-most] + WINDOW - now).total_seconds()) + 1


THROTTLES: WeakKeyDictionary[Desk, Throttle] = WeakKeyDictionary()


def throttle_of(desk: Desk) -> Throttle:
    """The one of an account in this process."""
    return THROTTLES.setdefault(desk, Throttle())
