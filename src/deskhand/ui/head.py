"""What stands above the timeline of a conversation: whose turn it is, whose it is, what may be done, who is there."""

from __future__ import annotations

from typing import Any

from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit
from deskhand.ui.pages.acts import STATUSES, snoozes
from deskhand.ui.people import Face, face
from deskhand.ui.rows import here
from deskhand.ui.several import MOST
from deskhand.users import queries as users

MOST_OWNERS = MOST_INBOXES = 200


async def head(view: Snapshot, visit: Visit, it: Conversation) -> dict[str, Any]:
    """The values of ``conversations/head.html``, for whoever has the rights of the view's actor."""
    status_name, icon, _ = STATUSES[it.status]
    return {
        "status_name": status_name,
        "status_icon": icon,
        "statuses": [(each.value, *STATUSES[each]) for each in STATUSES],
        "tags": await view.all(one.TAGS, ids=[it.id]),
        "assignee": face(it.assignee_id, it.assignee_first, it.assignee_last) if it.assignee_id else None,
        "here_now": (await here(view, [it.id])).get(it.id, []),
        **await choices(view, visit, it.inbox_id),
    }


async def choices(view: Snapshot, visit: Visit, inbox_id: int | None) -> dict[str, Any]:
    """What may be done with conversations of an inbox, by whoever has the rights of the view's actor."""
    return {
        "may_edit": view.actor.may(Permission.EDIT_CONVERSATIONS),
        "may_assign": view.actor.may(Permission.ASSIGN_CONVERSATIONS),
        "may_delete": view.actor.may(Permission.DELETE_CONVERSATIONS),
        "owners": await _owners(view, inbox_id) if inbox_id else [],
        "inboxes": (await inboxes.page(view, 1, MOST_INBOXES))[0],
        "snoozes": snoozes(visit),
        "most_at_once": MOST,
    }


async def _owners(view: Snapshot, inbox_id: int) -> list[Face]:
    """Who may own conversations of the inbox."""
    people, _ = await users.page(view, "user", 1, MOST_OWNERS, ids=await inboxes.workers(view, inbox_id))
    teams, _ = await users.page(view, "team", 1, MOST_OWNERS, ids=await inboxes.teams(view, inbox_id))
    by_name = sorted(people, key=lambda each: f"{each.first_name} {each.last_name}".lower())
    return [face(each.id, each.first_name, each.last_name) for each in (*by_name, *teams)]
