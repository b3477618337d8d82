"""What stands beside a conversation besides its customer: custom fields, and who follows it."""

from __future__ import annotations

from typing import Any

from deskhand.conversations.queries import followers, one
from deskhand.conversations.queries.records import Conversation
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.people import face_of
from deskhand.users import queries as users

MOST_FOLLOWERS = 50


async def about(view: Snapshot, it: Conversation) -> dict[str, Any]:
    """The values of ``conversations/about.html``; a field with its value, and for a dropdown what that is called."""
    defined = await inboxes.fields(view, it.inbox_id)
    filled = {each.id: each for each in await view.all(one.FIELDS, ids=[it.id])} if defined else {}
    values = [(each, filled[each.id].value, filled[each.id].label) if each.id in filled else (each, "", "") for each in defined]
    ids = [each.user_id for each in await followers.of_conversation(view, it.id, it.inbox_id)]
    people = (await users.page(view, "user", 1, MOST_FOLLOWERS, ids=ids))[0] if ids else []
    return {
        "field_list": values,
        "followers": [face_of(each) for each in people],
        "follows": view.actor.user_id in ids,
    }
