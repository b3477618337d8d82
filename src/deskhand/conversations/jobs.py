"""What happens to conversations later, by itself: snoozes end, scheduled replies go out, erased files go."""

from __future__ import annotations

from sqlalchemy import select

from deskhand.conversations.model import (
    AttachmentDeleted,
    ConversationErased,
    ConversationSnoozed,
    ThreadScheduled,
    ThreadState,
)
from deskhand.conversations.operations.erasing import erase_customer
from deskhand.conversations.operations.snoozing import wake_when_due
from deskhand.conversations.operations.threads import publish
from deskhand.conversations.queries import one
from deskhand.conversations.tables import attachments
from deskhand.customers.model import CustomerErasureRequested
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.statements import param, read

USED = read(select(attachments.c.id).where(attachments.c.blob == param("blob")).limit(1), int)


async def wake(desk: Desk, event: ConversationSnoozed) -> None:
    """The moment of a snooze came. A conversation that is gone needs no waking."""
    async with desk.writing(system_actor()) as tx:
        try:
            await wake_when_due(tx, event.conversation_id, event.until)
        except NotFound:
            return


async def send(desk: Desk, event: ThreadScheduled) -> None:
    """The moment of a scheduled reply came. One that was sent, unscheduled or put off meanwhile is left alone."""
    async with desk.writing(system_actor()) as tx:
        try:
            await one.locked(tx, event.conversation_id)
            thread = await one.thread(tx, event.conversation_id, event.thread_id)
        except NotFound:
            return
        if thread.state is ThreadState.DRAFT and thread.scheduled_for == event.at:
            author = thread.send_as_id or thread.scheduled_by
            await publish(tx, event.conversation_id, event.thread_id, user_id=author)


async def erase(desk: Desk, event: CustomerErasureRequested) -> None:
    """Erase a customer behind the request that asked for it."""
    async with desk.writing(system_actor()) as tx:
        try:
            await erase_customer(tx, event.customer_id, at_most=None)
        except NotFound:
            return


async def forget_file(desk: Desk, event: AttachmentDeleted) -> None:
    """Remove a deleted file's bytes, unless another file has the same."""
    await _forget(desk, event.blob)


async def forget_files(desk: Desk, event: ConversationErased) -> None:
    """The same for every file of an erased conversation."""
    for blob in event.blobs:
        await _forget(desk, blob)


async def _forget(desk: Desk, blob: str) -> None:
    async with desk.reading(system_actor()) as view:
        if await view.first(USED, blob=blob) is not None:
            return
    await desk.blobs.delete(blob)
