"""What an inbox is called, and what becomes of conversations when somebody answers."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import update

from deskhand.inboxes import queries
from deskhand.inboxes.model import AFTER_REPLY, LONGEST_INBOX_NAME, InboxUpdated
from deskhand.inboxes.tables import inboxes
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Mistake, Mistakes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction

CHANGED = ("name", "name_key", "email", "after_reply_status", "assigns_replier", "updated_at")
CHANGE = write(update(inboxes).where(inboxes.c.id == param("inbox_id")).values({name: param(name) for name in CHANGED}))


class Wanted(Struct, frozen=True, kw_only=True):
    """An inbox as it is to be; ``after_reply_status`` is active, pending or closed."""

    name: str
    email: str
    after_reply_status: str
    assigns_replier: bool


async def change(tx: Transaction, inbox_id: int, wanted: Wanted) -> None:
    """Call an inbox otherwise, give it another address, say what becomes of conversations that are answered. What is so already
    changes nothing. Mail to the old address goes on coming: it is an alias from then on.

    Raises NotFound, Forbidden, Conflict when another inbox has the address, Invalid naming each field.
    """
    before = await queries.get(tx, inbox_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    mistakes = Mistakes()
    name, email = wanted.name.strip(), wanted.email.strip()
    if not 1 <= len(name) <= LONGEST_INBOX_NAME:
        mistakes.add([Mistake("name", f"size must be between 1 and {LONGEST_INBOX_NAME}", Code.SIZE, name[:300])])
    if not is_email(email):
        mistakes.add([Mistake("email", "not a well-formed email address", Code.EMAIL, email[:300])])
    if wanted.after_reply_status not in AFTER_REPLY:
        mistakes.add([Mistake("afterReplyStatus", f"must be one of {', '.join(AFTER_REPLY)}", Code.ENUM_VALUE)])
    mistakes.refuse()
    if (before.name, before.email, before.after_reply_status, before.assigns_replier) == (
        name,
        email,
        wanted.after_reply_status,
        wanted.assigns_replier,
    ):
        return
    await tx.write(
        CHANGE,
        inbox_id=inbox_id,
        name=name,
        name_key=name.casefold(),
        email=email,
        after_reply_status=wanted.after_reply_status,
        assigns_replier=wanted.assigns_replier,
        updated_at=tx.now,
    )
    tx.record(InboxUpdated(inbox_id=inbox_id))
