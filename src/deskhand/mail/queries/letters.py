"""What a letter of ours is made of: the thread, its files, what it answers."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, func, select

from deskhand.conversations.model import ThreadState, ThreadType
from deskhand.conversations.tables import attachments, conversations, threads
from deskhand.customers.tables import customers
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.tables import mail_received
from deskhand.users.model import UserState
from deskhand.users.tables import users


class File(Struct, frozen=True):
    """A file of a thread; ``content_id`` (without ``<>``) is how the text names a picture of its own."""

    id: int
    filename: str
    mime_type: str
    size_bytes: int
    blob: str
    content_id: str | None


class Asked(Struct, frozen=True):
    """What a customer said; the quotes in it begin at ``quoted_at``. ``reply_to`` is where answers go if not to who wrote."""

    thread_id: int
    body: str | None
    quoted_at: int | None
    at: datetime
    first_name: str | None
    last_name: str | None
    reply_to: str | None


FILES = read(
    select(*(attachments.c[name] for name in File.__struct_fields__))
    .where(attachments.c.thread_id == param("thread_id"), attachments.c.state == "valid")
    .order_by(attachments.c.id),
    File,
)
# A quote goes to the customer, so only their own words are quoted: no notes of a call, nobody else's mail.
ASKED = read(
    select(
        threads.c.id,
        threads.c.body,
        threads.c.quoted_at,
        threads.c.created_at,
        customers.c.first_name,
        customers.c.last_name,
        mail_received.c.reply_to,
    )
    .join_from(threads, customers, customers.c.id == threads.c.customer_id)
    .join(conversations, conversations.c.id == threads.c.conversation_id)
    .outerjoin(mail_received, and_(mail_received.c.blob == threads.c.source_blob, mail_received.c.thread_id == threads.c.id))
    .where(
        threads.c.conversation_id == param("conversation_id"),
        threads.c.customer_id == conversations.c.customer_id,
        threads.c.type == ThreadType.CUSTOMER.value,
        threads.c.state == ThreadState.PUBLISHED.value,
        threads.c.automatic.is_not(True),
    )
    .order_by(threads.c.created_at.desc(), threads.c.id.desc(), mail_received.c.id)
    .limit(1),
    Asked,
)
LEFT = read(
    select(users.c.email).where(users.c.state == UserState.DISABLED.value, any_of(func.lower(users.c.email), "addresses")), str
)


async def asked(view: Snapshot, conversation_id: int) -> Asked | None:
    """The newest that the conversation's own customer wrote, or None."""
    return await view.first(ASKED, conversation_id=conversation_id)


async def people_who_left(view: Snapshot, addresses: list[str]) -> set[str]:
    """Those of some addresses, in lower case, whose users no longer work here."""
    keys = [each.lower() for each in addresses]
    return {each.lower() for each in await view.all(LEFT, addresses=keys)} if keys else set()
