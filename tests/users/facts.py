"""What tests look at beside answers: the facts of the account."""

from __future__ import annotations

import msgspec

from deskhand.kernel.events import REGISTER, Event
from deskhand.kernel.feed import piece
from deskhand.kernel.permissions import system_actor
from tests.given import Given


async def facts(given: Given, *types: str) -> list[Event]:
    """Those of some types, or all, oldest first."""
    found = await piece(given.desk, system_actor(), 0, 1000, list(types) or None)
    return [msgspec.json.decode(each.body, type=REGISTER[each.type]) for each in found.facts]
