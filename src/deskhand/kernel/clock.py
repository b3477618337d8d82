"""The time, as something that is handed in: no rule reads the clock of the machine."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time. Tests hand in one they can move."""

    def now(self) -> datetime:
        """This instant: aware, UTC, microseconds."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


def whole_seconds(instant: datetime) -> datetime:
    """The instant without its fraction: the wire knows whole seconds only (contract 00 §6)."""
    return instant.replace(microsecond=0)
