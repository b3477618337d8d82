"""What stands beside a conversation: its customer, as far as known and what else they wrote, custom fields, who follows it."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.conversations.queries import followers, lists, one
from deskhand.conversations.queries.records import Conversation, ConversationTag
from deskhand.customers.model import EntryKind
from deskhand.customers.queries import one as customers
from deskhand.customers.queries.one import Customer, Entry, PropertyValue
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import CustomField
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner, Property
from deskhand.ratings import queries as ratings
from deskhand.ratings.queries import LastRating
from deskhand.ui.forms import version
from deskhand.ui.people import Face, face, face_of
from deskhand.users import queries as users

MOST_FOLLOWERS = 50
PAST = 5
REACHED_BY = (EntryKind.EMAIL, EntryKind.PHONE)


class Beside(Struct, frozen=True):
    """What stands there; a field with its value, and for a dropdown what that is called; ``tags`` are those of the ``past``,
    ``version`` stands for what may be changed of the customer, by who ``may_change`` it."""

    face: Face
    customer: Customer
    emails: list[Entry]
    phones: list[Entry]
    properties: list[tuple[Property, PropertyValue | None]]
    version: str
    may_change: bool
    rated: LastRating | None
    past: list[Conversation]
    tags: list[ConversationTag]
    fields: list[tuple[CustomField, str, str | None]]
    followers: list[Face]
    follower_ids: list[int]


async def beside(view: Snapshot, it: Conversation) -> Beside:
    """What stands beside a conversation, for whoever has the rights of the view's actor."""
    customer = await customers.get(view, it.customer_id)
    entries = (await customers.entries_of(view, [customer.id])).get(customer.id, [])
    values = (await customers.values_of(view, [customer.id])).get(customer.id, [])
    known = {each.slug: each for each in values}
    theirs = lists.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), customer_ids=[customer.id])
    follower_ids = [each.user_id for each in await followers.of_conversation(view, it.id, it.inbox_id)]
    people = (await users.page(view, "user", 1, MOST_FOLLOWERS, ids=follower_ids))[0] if follower_ids else []
    listed = (await lists.page(view, theirs, lists.Sorting(), 1, PAST + 1)).conversations
    past = [each for each in listed if each.id != it.id][:PAST]
    tags = await view.all(one.TAGS, ids=[each.id for each in past]) if past else []
    return Beside(
        face(customer.id, customer.first_name, customer.last_name, customer.email),
        customer,
        [each for each in entries if each.kind is EntryKind.EMAIL],
        [each for each in entries if each.kind is EntryKind.PHONE],
        [(each, known.get(each.slug)) for each in await properties.all_of(view, Owner.CUSTOMER)],
        version(contact(customer, entries, values)),
        view.actor.may(Permission.EDIT_CUSTOMERS),
        await ratings.latest_of(view, customer.id),
        past,
        list({each.id: each for each in tags}.values()),
        await _fields(view, it),
        [face_of(each) for each in people],
        follower_ids,
    )


def contact(it: Customer, entries: list[Entry], values: list[PropertyValue]) -> dict[str, str]:
    """What may be changed of a customer there, by the names of its fields."""
    names = {"firstName": it.first_name or "", "lastName": it.last_name or ""}
    known = {f"{each.kind.value}-{each.id}": each.value for each in entries if each.kind in REACHED_BY}
    return names | known | {f"p-{each.slug}": each.value for each in values}


async def _fields(view: Snapshot, it: Conversation) -> list[tuple[CustomField, str, str | None]]:
    defined = await inboxes.fields(view, it.inbox_id)
    filled = {each.id: each for each in await view.all(one.FIELDS, ids=[it.id])} if defined else {}
    return [(each, filled[each.id].value, filled[each.id].label) if each.id in filled else (each, "", "") for each in defined]
