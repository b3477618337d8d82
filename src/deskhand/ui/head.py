"""What stands above the timeline of a conversation: whose turn it is, whose it is, what may be done, who is there."""

from __future__ import annotations

from typing import Any

from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit
from deskhand.ui.owners import owners_of
from deskhand.ui.pages.acts import STATUSES, snoozes
from deskhand.ui.people import face
from deskhand.ui.rows import customer_name, here
from deskhand.ui.several import MOST

MOST_INBOXES = 200


async def head(view: Snapshot, visit: Visit, it: Conversation) -> dict[str, Any]:
    """The values of ``conversations/head.html``, for whoever has the rights of the view's actor."""
    status_name, icon, _ = STATUSES[it.status]
    may_be_done = await choices(view, visit, it.inbox_id)
    assignee = face(it.assignee_id, it.assignee_first, it.assignee_last, photo=it.assignee_photo) if it.assignee_id else None
    return {
        "who": customer_name(it),
        "status_name": status_name,
        "status_icon": icon,
        "statuses": [(each.value, *STATUSES[each]) for each in STATUSES],
        "tags": await view.all(one.TAGS, ids=[it.id]),
        "assignee": next((each for each in may_be_done["owners"] if each.id == it.assignee_id), assignee),
        "here_now": (await here(view, [it.id])).get(it.id, []),
        **may_be_done,
    }


async def choices(view: Snapshot, visit: Visit, inbox_id: int | None) -> dict[str, Any]:
    """What may be done with conversations of an inbox, by whoever has the rights of the view's actor."""
    return {
        "may_edit": view.actor.may(Permission.EDIT_CONVERSATIONS),
        "may_assign": view.actor.may(Permission.ASSIGN_CONVERSATIONS),
        "may_delete": view.actor.may(Permission.DELETE_CONVERSATIONS),
        "owners": await owners_of(view, inbox_id) if inbox_id else [],
        "inboxes": (await inboxes.page(view, 1, MOST_INBOXES))[0],
        "snoozes": snoozes(visit),
        "most_at_once": MOST,
    }
