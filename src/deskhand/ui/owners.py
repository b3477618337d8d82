"""Who may own conversations of an inbox."""

from __future__ import annotations

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.people import Face, face_of
from deskhand.users import queries as users

MOST_OWNERS = 200


async def owners_of(view: Snapshot, inbox_id: int) -> list[Face]:
    """People by name, each with whether they are away, then teams."""
    people, _ = await users.page(view, "user", 1, MOST_OWNERS, ids=await inboxes.workers(view, inbox_id))
    teams, _ = await users.page(view, "team", 1, MOST_OWNERS, ids=await inboxes.teams(view, inbox_id))
    present = await users.present(view, [each.id for each in people])
    by_name = sorted(people, key=lambda each: f"{each.first_name} {each.last_name}".lower())
    return [*(face_of(each, is_away=each.id not in present) for each in by_name), *map(face_of, teams)]
