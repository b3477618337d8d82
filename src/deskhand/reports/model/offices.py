"""Whose office hours count where."""

from __future__ import annotations

from deskhand.inboxes.hours import OfficeHours, open_seconds
from deskhand.reports.model.facts import OfficeSeconds


class Offices:
    """The office hours of an account, by the inbox's id; 0 is the account's."""

    def __init__(self, hours: dict[int, OfficeHours]) -> None:
        self._hours = {inbox_id: each for inbox_id, each in hours.items() if each.opens}

    def seconds(self, inbox_id: int) -> OfficeSeconds | None:
        """What counts seconds in the inbox's hours, else in the account's; None where neither has any."""
        hours = self._hours.get(inbox_id) or self._hours.get(0)
        return None if hours is None else lambda first, last: open_seconds(hours, first, last)
