"""What is known of messages before they are placed, asked for all of them at once."""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from deskhand.customers import queries as customers
from deskhand.customers.model import CustomerRef
from deskhand.kernel.transaction import Transaction
from deskhand.mail.analysing.model import Digest
from deskhand.mail.operations import brakes
from deskhand.mail.operations.noting import BEFORE, erased_id, stored
from deskhand.mail.queries import inboxes
from deskhand.users import queries as users
from deskhand.users.queries import User


class Known(Struct):
    """Whose addresses are named: inboxes of ours, who works here, customers; and which messages came before. What is not
    here may have been added meanwhile, but for messages of this inbox, which whoever places one adds by ``add``. Of whom is
    ``flooding`` one message more is too many."""

    owners: dict[str, int]
    users: dict[str, User]
    customers: dict[str, CustomerRef]
    before: dict[tuple[str | None, str | None], tuple[int | None, int | None]]
    flooding: set[str]

    def came(self, it: Digest) -> tuple[int | None, int | None] | None:
        """Conversation and thread of the same message that came before."""
        return self.before.get((it.message_id, it.content_hash))

    def was_erased(self, it: Digest) -> bool:
        """Whether the same message came before, and nobody is to have it."""
        return (erased_id(it.message_id), it.content_hash) in self.before

    def add(self, it: Digest, conversation_id: int | None, thread_id: int | None) -> None:
        """A message has come."""
        self.before[it.message_id, it.content_hash] = (conversation_id, thread_id)


async def known(tx: Transaction, inbox_id: int, several: Collection[Digest]) -> Known:
    """What is known of messages of an inbox."""
    writers = [stored(each) for it in several for each in (it.sender, it.reply_to) if each]
    ids = [one for it in several for one in (it.message_id, erased_id(it.message_id))]
    before = await tx.all(BEFORE, inbox_id=inbox_id, message_ids=ids, content_hashes=[each.content_hash for each in several])
    return Known(
        owners=await inboxes.owners(tx, [*writers, *(each for it in several for each in (*it.to, *it.cc))]),
        users=await users.by_emails(tx, writers),
        customers=await customers.by_emails(tx, writers),
        before={(each.message_id, each.content_hash): (each.conversation_id, each.thread_id) for each in before},
        flooding=await brakes.flooding(tx, {stored(it.sender).lower() for it in several if it.sender}),
    )
