"""Changes of several conversations in one operation, each made or refused by itself."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from deskhand.kernel.errors import Collision, DeskError, Unavailable
from deskhand.kernel.transaction import Transaction

Change = tuple[int, Callable[[], Awaitable[None]]]


async def in_turn(tx: Transaction, changes: Sequence[Change]) -> list[DeskError | None]:
    """Make the change of each conversation by its id; why it was refused, or None, in the order they came in. Those of one
    conversation are made in that order."""
    refusals: list[DeskError | None] = [None] * len(changes)
    # In one order for everybody, so that two such requests do not wait for each other.
    for at, (_, make) in sorted(enumerate(changes), key=lambda each: (each[1][0], each[0])):
        try:
            async with tx.attempt():
                await make()
        except (Collision, Unavailable):
            raise
        except DeskError as error:
            refusals[at] = error
    return refusals
