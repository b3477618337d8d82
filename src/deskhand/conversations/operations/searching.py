"""Keeping the full-text indexes and the address index in step, in the transaction that changes the text."""

from __future__ import annotations

from msgspec import Struct, structs
from sqlalchemy import delete, select

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.model import ThreadState
from deskhand.conversations.tables import thread_addresses, threads
from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import param, read, upsert, write
from deskhand.kernel.transaction import Transaction


class Recipients(Struct, frozen=True):
    """Whom an entry went to."""

    to: list[str]
    cc: list[str]
    bcc: list[str]


ADD_ADDRESS = write(
    upsert(thread_addresses)
    .values({name: param(name) for name in ("address", "conversation_id", "kind", "domain")})
    .on_conflict_do_nothing(index_elements=["address", "conversation_id", "kind"])
)

RECIPIENTS = read(
    select(threads.c.to, threads.c.cc, threads.c.bcc)
    .where(threads.c.conversation_id == param("conversation_id"), threads.c.state != ThreadState.DRAFT.value)
    .order_by(threads.c.id),
    Recipients,
)
FORGET_ADDRESSES = write(delete(thread_addresses).where(thread_addresses.c.conversation_id == param("conversation_id")))


async def keep_subject(tx: Transaction, conversation_id: int, subject: str) -> None:
    """Make a subject findable."""
    await tx.write(SUBJECT_TEXT.keep, id=conversation_id, text=indexable(subject))


async def keep_thread(tx: Transaction, thread_id: int, html: str) -> None:
    """Make the text of a published thread or note findable."""
    await tx.write(THREAD_TEXT.keep, id=thread_id, text=words_of(html))


def words_of(html: str) -> str:
    """What the full-text index keeps of a thread's text."""
    return indexable(plain_text(html))


async def keep_addresses(tx: Transaction, conversation_id: int, **kinds: list[str]) -> None:
    """Make recipients findable, without case: ``to``, ``cc`` and ``bcc``."""
    for kind, addresses in kinds.items():
        for address in sorted({each.strip().lower() for each in addresses}):
            domain = address.rpartition("@")[2]
            await tx.write(ADD_ADDRESS, address=address, conversation_id=conversation_id, kind=kind, domain=domain)


async def gather_addresses(tx: Transaction, conversation_id: int) -> None:
    """Make the recipients of a conversation findable anew, those of the entries that it has now and of no others."""
    await tx.write(FORGET_ADDRESSES, conversation_id=conversation_id)
    kinds: dict[str, list[str]] = {}
    for each in await tx.all(RECIPIENTS, conversation_id=conversation_id):
        for kind, addresses in structs.asdict(each).items():
            kinds.setdefault(kind, []).extend(addresses)
    await keep_addresses(tx, conversation_id, **kinds)
