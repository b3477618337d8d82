"""Time zones to choose from."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

ODD = ("Etc/", "SystemV/", "US/", "posix/", "right/")


@cache
def zones() -> list[str]:
    """As places: ``Europe/Lisbon``. Looked for on the disk, once."""
    return ["UTC", *sorted(each for each in available_timezones() if "/" in each and not each.startswith(ODD))]
