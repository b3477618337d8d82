"""What stands beside a conversation: its customer with their other conversations, custom fields, and who follows it."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.conversations.queries import followers, lists, one
from deskhand.conversations.queries.records import Conversation
from deskhand.customers.model import EntryKind
from deskhand.customers.queries import one as customers
from deskhand.customers.queries.one import Customer, Entry
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import CustomField
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.people import Face, face, face_of
from deskhand.users import queries as users

MOST_FOLLOWERS = 50
PAST = 5


class Beside(Struct, frozen=True):
    """What stands there; a field with its value, and for a dropdown what that is called."""

    face: Face
    customer: Customer
    emails: list[Entry]
    phones: list[Entry]
    past: list[Conversation]
    fields: list[tuple[CustomField, str, str | None]]
    followers: list[Face]
    follower_ids: list[int]


async def beside(view: Snapshot, it: Conversation) -> Beside:
    """What stands beside a conversation, for whoever has the rights of the view's actor."""
    customer = await customers.get(view, it.customer_id)
    entries = (await customers.entries_of(view, [customer.id])).get(customer.id, [])
    theirs = lists.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), customer_ids=[customer.id])
    follower_ids = [each.user_id for each in await followers.of_conversation(view, it.id, it.inbox_id)]
    people = (await users.page(view, "user", 1, MOST_FOLLOWERS, ids=follower_ids))[0] if follower_ids else []
    past = await lists.page(view, theirs, lists.Sorting(), 1, PAST + 1)
    return Beside(
        face(customer.id, customer.first_name, customer.last_name, customer.email),
        customer,
        [each for each in entries if each.kind is EntryKind.EMAIL],
        [each for each in entries if each.kind is EntryKind.PHONE],
        [each for each in past.conversations if each.id != it.id][:PAST],
        await _fields(view, it),
        [face_of(each) for each in people],
        follower_ids,
    )


async def _fields(view: Snapshot, it: Conversation) -> list[tuple[CustomField, str, str | None]]:
    defined = await inboxes.fields(view, it.inbox_id)
    filled = {each.id: each for each in await view.all(one.FIELDS, ids=[it.id])} if defined else {}
    return [(each, filled[each.id].value, filled[each.id].label) if each.id in filled else (each, "", "") for each in defined]
