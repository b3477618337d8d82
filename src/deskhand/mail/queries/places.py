"""Looking for the conversation that a message belongs to."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, or_, select

from deskhand.conversations.model import ConversationState, Status
from deskhand.conversations.tables import conversations, thread_addresses, threads
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import IdKind, OutgoingKind
from deskhand.mail.tables import mail_deliveries, mail_ids, mail_outgoing

MOST_MERGES = 20


class Known(Struct, frozen=True):
    """A Message-ID that belongs to a conversation."""

    message_id: str
    conversation_id: int
    kind: IdKind


class Place(Struct, frozen=True):
    """A conversation as far as it matters to what arrives."""

    id: int
    number: int
    inbox_id: int
    customer_id: int
    customer_email: str
    status: Status
    state: ConversationState
    subject: str
    cc: list[str]
    thread_total: int
    closed_at: datetime | None
    user_updated_at: datetime
    merged_into: int | None


KNOWN = read(
    select(mail_ids.c.message_id, mail_ids.c.conversation_id, mail_ids.c.kind)
    .where(any_of(mail_ids.c.message_id, "ids"), mail_ids.c.inbox_id == param("inbox_id"))
    .order_by(mail_ids.c.conversation_id.desc())
    .limit(500),
    Known,
)
PLACE = read(
    select(*(conversations.c[name] for name in Place.__struct_fields__)).where(conversations.c.id == param("conversation_id")),
    Place,
)
BY_NUMBER = read(
    select(*(conversations.c[name] for name in Place.__struct_fields__)).where(
        conversations.c.number == param("number"), conversations.c.inbox_id == param("inbox_id")
    ),
    Place,
)
OF_THREAD = read(select(threads.c.conversation_id).where(threads.c.id == param("thread_id")), int)
OF_DELIVERY = read(
    select(mail_outgoing.c.conversation_id)
    .join_from(mail_deliveries, mail_outgoing, mail_outgoing.c.id == mail_deliveries.c.outgoing_id)
    .where(mail_deliveries.c.id == param("delivery_id"), mail_outgoing.c.conversation_id.is_not(None)),
    int,
)
WROTE = read(
    select(threads.c.id)
    .where(
        threads.c.conversation_id == param("conversation_id"),
        or_(threads.c.customer_id == param("customer_id"), threads.c.created_by_customer_id == param("customer_id")),
    )
    .limit(1),
    int,
)
ADDRESSED = read(
    select(thread_addresses.c.kind)
    .where(thread_addresses.c.conversation_id == param("conversation_id"), thread_addresses.c.address == param("address"))
    .limit(1),
    str,
)

MAILED = read(
    select(mail_deliveries.c.id)
    .join_from(mail_outgoing, mail_deliveries, mail_deliveries.c.outgoing_id == mail_outgoing.c.id)
    .where(
        mail_outgoing.c.conversation_id == param("conversation_id"),
        mail_outgoing.c.kind == OutgoingKind.REPLY.value,
        func.lower(mail_deliveries.c.address) == param("address"),
    )
    .limit(1),
    int,
)


async def place(view: Snapshot, conversation_id: int) -> Place | None:
    """A conversation, or the one that took it in; None when it is gone."""
    found = await view.first(PLACE, conversation_id=conversation_id)
    for _ in range(MOST_MERGES):
        if found is None or found.merged_into is None:
            return found
        found = await view.first(PLACE, conversation_id=found.merged_into)
    return None


async def takes_part(view: Snapshot, it: Place, customer_id: int, address: str) -> bool:
    """Whether somebody has written to or been written to in a conversation."""
    if customer_id == it.customer_id or address.lower() in (each.lower() for each in it.cc):
        return True
    where = {"conversation_id": it.id}
    return (
        await view.first(WROTE, customer_id=customer_id, **where) is not None
        or await view.first(ADDRESSED, address=address.lower(), **where) is not None
        or await view.first(MAILED, address=address.lower(), **where) is not None
    )
