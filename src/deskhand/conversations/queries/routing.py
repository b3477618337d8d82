"""How an inbox shares out its conversations, with who would get one now (contract 60 §1.3).

How many somebody has is the kept count of what is active in their folder "Mine": so nothing is counted, and what is
snoozed or will be sent later does not weigh.
"""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select

from deskhand.conversations.model import FolderType, Status, folder_count
from deskhand.conversations.tables import folders
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import Place, passed_over
from deskhand.inboxes.queries import Routing
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.users import queries as users


class Mine(Struct, frozen=True):
    """A user's own folder in an inbox."""

    id: int
    user_id: int


MINE = read(
    select(folders.c.id, folders.c.user_id).where(
        folders.c.inbox_id == param("inbox_id"), folders.c.type == FolderType.MINE.value
    ),
    Mine,
)


async def rotation(view: Snapshot, inbox_id: int, routing: Routing | None) -> list[Place]:
    """Everybody who works in an inbox: those of the rotation in turn, then the others by id."""
    workers = await inboxes.workers(view, inbox_id)
    in_turn = [user_id for user_id in routing.user_ids if user_id in workers] if routing else []
    present = await users.present(view, workers)
    names = {each.user_id: folder_count(each.id, Status.ACTIVE) for each in await view.all(MINE, inbox_id=inbox_id)}
    counts = await view.counts(list(names.values()))
    places = []
    for user_id in [*in_turn, *(each for each in workers if each not in in_turn)]:
        count = counts[names[user_id]] if user_id in names else 0
        limit = routing.assignment_limit if routing else 0
        reason = passed_over(count, limit, in_rotation=user_id in in_turn, present=user_id in present)
        places.append(Place(user_id, count, reason))
    return places
