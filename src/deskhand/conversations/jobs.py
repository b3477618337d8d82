"""What happens to conversations later, by itself: snoozes end, scheduled replies go out, owners come and go, erased
files go, and what was never sent."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from deskhand.conversations.model import (
    BLOBS_REST,
    AttachmentDeleted,
    ConversationCreated,
    ConversationErased,
    ConversationSnoozed,
    FilesRefused,
    PlaceFreed,
    ThreadScheduled,
    WritingBegan,
    WritingsCleared,
)
from deskhand.conversations.operations import followers, owning, views, writings
from deskhand.conversations.operations.erasing import erase_customer
from deskhand.conversations.operations.snoozing import wake_when_due
from deskhand.conversations.operations.threads import send_when_due
from deskhand.conversations.tables import attachments, threads, writing_files
from deskhand.customers.model import CustomerErasureRequested
from deskhand.inboxes.model import RoutingChanged
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.statements import param, read
from deskhand.users.model import TeamDeleted, UserDeleted, UserStatusChanged

ATTACHED = read(select(attachments.c.id).where(attachments.c.blob == param("blob")).limit(1), int)
WRITTEN = read(select(writing_files.c.id).where(writing_files.c.blob == param("blob")).limit(1), int)
ARRIVED = read(select(threads.c.id).where(threads.c.source_blob == param("blob")).limit(1), int)

UNSENT_RESTS = timedelta(days=90)
CLEARED_EVERY = timedelta(days=1)


async def wake(desk: Desk, event: ConversationSnoozed) -> None:
    """The moment of a snooze came. A conversation that is gone needs no waking."""
    async with desk.writing(system_actor()) as tx:
        try:
            await wake_when_due(tx, event.conversation_id, event.until)
        except NotFound:
            return


async def send(desk: Desk, event: ThreadScheduled) -> None:
    """The moment of a scheduled reply came. One that is gone needs no sending."""
    async with desk.writing(system_actor()) as tx:
        try:
            await send_when_due(tx, event.thread_id, event.at)
        except NotFound:
            return


async def erase(desk: Desk, event: CustomerErasureRequested) -> None:
    """Erase a customer behind the request that asked for it."""
    async with desk.writing(system_actor()) as tx:
        try:
            await erase_customer(tx, event.customer_id, at_most=None)
        except NotFound:
            return


async def route(desk: Desk, event: ConversationCreated) -> None:
    """Find an owner for what a customer began. A conversation that is gone needs none.

    If it has to wait that is looked at twice: whoever became free meanwhile did not see it waiting.
    """
    for _ in range(2):
        async with desk.writing(system_actor()) as tx:
            try:
                if not await owning.route(tx, event.conversation_id):
                    return
            except NotFound:
                return


async def route_waiting(desk: Desk, event: PlaceFreed | UserStatusChanged | RoutingChanged) -> None:
    """Somebody may be free: find owners for what waits, the oldest of each inbox first, until all are passed over again."""
    async with desk.reading(system_actor()) as view:
        inbox_ids = await owning.waiting_inboxes(view)
    for inbox_id in inbox_ids:
        more = True
        while more:
            async with desk.writing(system_actor()) as tx:
                more = await owning.route_waiting(tx, inbox_id)


async def unassign(desk: Desk, event: UserDeleted | TeamDeleted) -> None:
    """Leave the conversations of somebody who went, or of a team, to nobody, a hundred at a time."""
    more = True
    while more:
        async with desk.writing(system_actor()) as tx:
            more = await owning.leave_to_nobody(tx, event.user_id)


async def forget_user(desk: Desk, event: UserDeleted) -> None:
    """Somebody who went follows nothing, has no views of their own and sends nothing any more; what they shared stays."""
    more = True
    while more:
        async with desk.writing(system_actor()) as tx:
            more = await writings.forget_user(tx, event.user_id) > 0
    async with desk.writing(system_actor()) as tx:
        for statement in (followers.FORGET_USER, views.FORGET_PRIVATE, views.FORGET_PLACES):
            await tx.write(statement, user_id=event.user_id)


async def clear_writings(desk: Desk, event: WritingBegan | WritingsCleared) -> None:
    """Remove what nobody went on writing for 90 days; then again in a day."""
    number, cleared = 0, -1
    while cleared:
        async with desk.writing(system_actor()) as tx:
            cleared = await writings.clear(tx, tx.instant - UNSENT_RESTS)
            number += cleared
    async with desk.writing(system_actor()) as tx:
        tx.record(WritingsCleared(number=number, next_at=tx.instant + CLEARED_EVERY))


async def forget_file(desk: Desk, event: AttachmentDeleted) -> None:
    """Remove a deleted file's bytes, unless they are used elsewhere, or were stored again since."""
    await _forget(desk, event.blob)


async def forget_files(desk: Desk, event: ConversationErased | FilesRefused) -> None:
    """The same for every file of an erased conversation, or of a refused request."""
    for blob in event.blobs:
        await _forget(desk, blob)


async def _forget(desk: Desk, blob: str) -> None:
    async with desk.reading(system_actor()) as view:
        for statement in desk.reactions.uses:
            if await view.first(statement, blob=blob) is not None:
                return
    await desk.blobs.delete(blob, older_than=desk.clock.now() - BLOBS_REST)
