"""Keeping the full-text indexes and the address index in step, in the transaction that changes the text."""

from __future__ import annotations

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.tables import thread_addresses
from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction

ADD_ADDRESS = write(
    upsert(thread_addresses)
    .values({name: param(name) for name in ("address", "conversation_id", "kind", "domain")})
    .on_conflict_do_nothing(index_elements=["address", "conversation_id", "kind"])
)


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
