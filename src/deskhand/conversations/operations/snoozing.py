"""Putting a conversation aside, and bringing it back (contract 10 §10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from deskhand.conversations.model import ConversationSnoozed, ConversationWoken, Status, Untold, may_wait_until
from deskhand.conversations.operations.core import closing, settle_and_tell
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Held
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.columns import to_microseconds
from deskhand.kernel.transaction import Transaction

AWAKE: dict[str, Any] = {"snoozed_until": None, "snoozed_by": None, "wakes_on_reply": False}


async def snooze(tx: Transaction, conversation_id: int, *, until: datetime, wakes_on_reply: bool) -> None:
    """Put a conversation aside until a moment, or until the customer replies.

    ``until`` is UTC, later than now and not after 2100; a second snooze replaces the first.
    Raises NotFound, Forbidden, Invalid("snoozedUntil"). Source: Mailbox API 2.0, "Update Snooze".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if not may_wait_until(until, tx.now):
        raise Invalid("snoozedUntil", "must be in the future and not after 2100", code=Code.DATE_TIME, rejected=until)

    snooze: dict[str, Any] = {"snoozed_until": until, "snoozed_by": tx.actor.user_id or None, "wakes_on_reply": wakes_on_reply}
    told, entities = "snoozed the conversation", {"until": to_microseconds(until)}
    await settle_and_tell(tx, it, Untold.SNOOZED, told, entities=entities, **snooze)
    tx.record(ConversationSnoozed(conversation_id=it.id, until=until))


async def wake(tx: Transaction, conversation_id: int, *, keeps_status: bool = False) -> None:
    """End a snooze: back to its home folder, active again if it was closed or spam, unless that snooze is undone and the
    conversation ``keeps_status``. Not snoozed does nothing.

    Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Snooze".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if it.snoozed_until is not None:
        await _wake(tx, it, keeps_status=keeps_status)


async def wake_when_due(tx: Transaction, conversation_id: int, until: datetime) -> None:
    """The moment came. Does nothing if the snooze was ended or replaced meanwhile, so it may happen twice."""
    it = await one.locked(tx, conversation_id)
    if it.snoozed_until == until:
        await _wake(tx, it)


async def _wake(tx: Transaction, it: Held, *, keeps_status: bool = False) -> None:
    tx.record(ConversationWoken(conversation_id=it.id))
    if keeps_status or it.status not in (Status.CLOSED, Status.SPAM):
        await settle_and_tell(tx, it, Untold.WOKEN, "ended the snooze", **AWAKE)
        return
    by = tx.actor.user_id or it.snoozed_by
    changes = AWAKE | closing(tx, it, Status.ACTIVE)
    await settle_and_tell(tx, it, "changed-ticket-status", "set the status to Active", user_id=by, **changes)
