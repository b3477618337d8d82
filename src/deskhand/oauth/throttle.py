"""Brakes on guessing passwords: 5 failures for an address, 20 from a host, within 15 minutes; in memory of one process."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_EMAIL = 5
PER_HOST = 20
MOST_KEYS = 10_000


class Throttle:
    """Counts failures and says how long to wait."""

    def __init__(self) -> None:
        self._failures: dict[str, list[datetime]] = defaultdict(list)

    def wait_seconds(self, email: str, host: str, now: datetime) -> int:
        """Seconds until another try is taken; 0 for at once."""
        waits = [
            self._wait(f"email {email}", PER_EMAIL, now),
            self._wait(f"host {host}", PER_HOST, now),
        ]
        return max(waits)

    def failed(self, email: str, host: str, now: datetime) -> None:
        """A wrong password."""
        if len(self._failures) > MOST_KEYS:
            self._failures.clear()
        for key in (f"email {email}", f"host {host}"):
            self._failures[key].append(now)

    def succeeded(self, email: str) -> None:
        """The right password: the address starts afresh."""
        self._failures.pop(f"email {email}", None)

    def _wait(self, key: str, most: int, now: datetime) -> int:
        recent = [moment for moment in self._failures.get(key, ()) if now - moment < WINDOW]
        if key in self._failures:
            self._failures[key] = recent
        if len(recent) < most:
            return 0
        return int((recent[-most] + WINDOW - now).total_seconds()) + 1
