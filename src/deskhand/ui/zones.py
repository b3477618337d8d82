"""Time zones to choose from."""

from __future__ import annotations

from zoneinfo import available_timezones

ODD = ("Etc/", "SystemV/", "US/", "posix/", "right/")
ZONES = ["UTC", *sorted(each for each in available_timezones() if "/" in each and not each.startswith(ODD))]
"""As places: ``Europe/Lisbon``."""
