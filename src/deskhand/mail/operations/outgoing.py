"""Mail goes out: when a reply is said, and by itself; called back, and sent again (email rules 7.5, 7.6, 8)."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, literal, select, update

from deskhand.conversations.model import (
    ConversationCreated,
    ConversationDeleted,
    ThreadAdded,
    ThreadHidden,
    ThreadState,
    ThreadType,
)
from deskhand.conversations.operations import drafts, resuming
from deskhand.conversations.operations.remarks import remark
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.kernel.errors import Unmet
from deskhand.kernel.permissions import ActorKind, Permission
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.composing import bodies, headers, templates
from deskhand.mail.model import (
    DeliveryState,
    Direction,
    MailCancelled,
    Outgoing,
    OutgoingKind,
    OutgoingState,
    Party,
)
from deskhand.mail.operations import brakes, freezing, queueing
from deskhand.mail.queries import letters
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.queries.languages import words_for
from deskhand.mail.queries.outgoing import IS_PENDING, IS_WAITING, Sent
from deskhand.mail.tables import mail_connections, mail_deliveries, mail_ids, mail_outgoing
from deskhand.users import queries as users

MAILED = frozenset({ThreadType.MESSAGE, ThreadType.FORWARD_CHILD})
NONCE_BYTES = 4
UNMAILED_FOR = timedelta(seconds=30)

o, d = mail_outgoing.c, mail_deliveries.c
_this = o.id == param("outgoing_id")
END = write(
    update(mail_outgoing)
    .where(_this)
    .values(state=OutgoingState.ENDED.value, ended_at=param("now"), lease=None, leased_until=None)
)
CANCEL = write(
    update(mail_deliveries)
    .where(d.outgoing_id == param("outgoing_id"), IS_WAITING)
    .values(state=DeliveryState.CANCELLED.value, changed_at=param("now"))
)
WITHHOLD = write(
    update(mail_deliveries)
    .where(d.outgoing_id == param("outgoing_id"), IS_WAITING, d.attempts == literal(0))
    .values(state=DeliveryState.CANCELLED.value, changed_at=param("now"))
)
WAITS = read(select(d.id).where(d.outgoing_id == param("outgoing_id"), IS_WAITING).limit(1), int)
AGAIN = write(
    update(mail_deliveries)
    .where(d.outgoing_id == param("outgoing_id"), d.state == DeliveryState.FAILED.value, d.attempts > literal(0))
    .values(state=DeliveryState.WAITING.value, is_hard=False, changed_at=param("now"))
)
DUE = write(
    update(mail_outgoing)
    .where(_this)
    .values(state=OutgoingState.WAITING.value, due=param("now"), attempts=0, unknown=0, ended_at=None)
)
FORGET_ID = write(
    delete(mail_ids).where(mail_ids.c.message_id == param("message_id"), mail_ids.c.conversation_id == param("conversation_id"))
)
# What was never tried and is not due yet can still be undone.
ALL_DUE = write(
    update(mail_outgoing)
    .where(any_of(o.inbox_id, "inbox_ids"), IS_PENDING, o.due > param("now"), o.attempts > literal(0))
    .values(due=param("now"))
)

# Whoever says now wants it now: what slows or pauses a server is forgotten until it does so again.
FREE = write(
    update(mail_connections)
    .where(any_of(mail_connections.c.inbox_id, "inbox_ids"), mail_connections.c.direction == Direction.OUT.value)
    .values(paused_reason=None, slow_until=None)
)


async def dispatch(tx: Transaction, event: ThreadAdded | ConversationCreated) -> None:
    """What was said to a customer becomes mail, in the same transaction, if its inbox has any. History is never mailed."""
    if isinstance(event, ThreadAdded):
        if event.type not in MAILED:
            return
    elif event.imported or not (event.says or event.auto_reply):
        return
    inbox = await tx.first(queries.OF_CONVERSATION, conversation_id=event.conversation_id)
    if inbox is None:
        return
    it = await tx.one(one.GET, conversation_id=event.conversation_id)
    if isinstance(event, ThreadAdded):
        await _mail(tx, inbox, it, await one.thread(tx, it.id, event.thread_id))
        return
    entries = list(reversed(await tx.all(one.THREADS, conversation_id=it.id)))
    for thread in entries:
        if thread.type in MAILED and thread.state is ThreadState.PUBLISHED and not thread.imported:
            await _mail(tx, inbox, it, thread)
    if event.auto_reply and any(each.type is ThreadType.CUSTOMER and not each.imported for each in entries):
        await auto_reply(tx, it.id)


async def withhold(tx: Transaction, event: ThreadHidden | ConversationDeleted) -> None:
    """What is hidden or deleted before anybody was offered it goes to nobody; what is on its way at this moment goes on."""
    if isinstance(event, ThreadHidden) and not event.hidden:
        return
    for it in await tx.all(queries.LOCK_QUEUED, conversation_id=event.conversation_id):
        if isinstance(event, ThreadHidden) and it.thread_id != event.thread_id:
            continue
        if await tx.write(WITHHOLD, outgoing_id=it.id, now=tx.instant) and await tx.first(WAITS, outgoing_id=it.id) is None:
            await _end(tx, it)


async def auto_reply(tx: Transaction, conversation_id: int) -> str | None:
    """Answer a new conversation at once, in the inbox's own words; why not, or None if it is answered.

    Whoever calls has seen that no machine wrote, as far as the message itself says so. The brakes are applied here.
    """
    inbox = await tx.first(queries.OF_CONVERSATION, conversation_id=conversation_id)
    if inbox is None or not inbox.options.auto_reply:
        return "the inbox answers nothing by itself"
    it = await one.get(tx, conversation_id)
    address = it.customer_email or ""
    if reason := await brakes.against_auto_reply(tx, inbox.id, it.id, address):
        return reason
    above = await freezing.ancestry(tx, it.id)
    values = freezing.values_of(inbox, it)
    marks = freezing.marks_of(tx)
    words = await words_for(tx)
    template = templates.template_of(inbox.options, OutgoingKind.AUTO_REPLY, words)
    asked = freezing.quote_of(await letters.asked(tx, it.id))
    parts = {
        "history": bodies.history(asked, words),
        "message": templates.Part(),
        "rating": templates.Part(),
        "signature": bodies.signature(inbox.options.signature, values),
    }
    body = bodies.written(template, values, parts, hidden=marks.hidden(inbox.id, it.id))
    letter = Outgoing(
        sender=Party(headers.one_line(inbox.name), inbox.email),
        to=[Party(headers.one_line(values["customer.fullName"]), address)],
        reply_to=freezing.reply_to(inbox, marks, it.id),
        subject=bodies.subject(
            templates.in_text(template.subject, values), number=it.number if inbox.options.subject_tags else None
        ),
        html=body.html,
        text=body.text,
        message_id=marks.other_id(inbox.id, it.id, secrets.token_hex(NONCE_BYTES), freezing.id_domain(inbox)),
        in_reply_to=above.in_reply_to,
        references=above.references,
        is_automatic=True,
        loop_mark=marks.loop(inbox.id),
    )
    await queueing.add(tx, inbox.id, OutgoingKind.AUTO_REPLY, letter, conversation_id=it.id)
    return None


async def undo(tx: Transaction, outgoing_id: int) -> None:
    """Call a reply back before it left: it is a draft again. Raises NotFound, Forbidden, Unmet when it is too late."""
    it = await _held(tx, outgoing_id)
    if it.conversation_id is None or it.thread_id is None or it.attempts or it.state is OutgoingState.ENDED:
        raise Unmet("It can no longer be called back")
    if it.leased_until is not None or it.due <= tx.instant:
        raise Unmet("It is being sent already")
    await drafts.take_back(tx, it.conversation_id, it.thread_id)
    await _end(tx, it)


async def recall(tx: Transaction, conversation_id: int, thread_id: int) -> None:
    """Call a reply of the actor's own back before it left, or before its inbox's time for that is over where it is not mailed;
    they are writing it again then. One that waits for its moment as well.

    Raises NotFound, Forbidden, Unmet when it is too late.
    """
    await one.get(tx, conversation_id)
    thread = await one.thread(tx, conversation_id, thread_id)
    sent = await tx.first(queries.OF_THREAD, thread_id=thread_id)
    if sent is not None and thread.state is ThreadState.PUBLISHED:
        await undo(tx, sent.id)
        await tx.write(FORGET_ID, message_id=sent.message_id, conversation_id=conversation_id)
    elif thread.state is ThreadState.PUBLISHED:
        if tx.now - thread.created_at > UNMAILED_FOR:
            raise Unmet("It can no longer be called back")
        await drafts.take_back(tx, conversation_id, thread_id)
    await resuming.resume(tx, conversation_id, thread_id)


async def cancel(tx: Transaction, outgoing_id: int) -> None:
    """Try no more to reach those who did not get it yet.

    Raises NotFound, Forbidden, Unmet when nobody is left, or when it is being sent at this moment.
    """
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await _held(tx, outgoing_id)
    if it.state is OutgoingState.ENDED:
        raise Unmet("Nobody is left to whom it was to go")
    if await tx.first(queries.LOCK_FREE, outgoing_id=it.id) is None:
        raise Unmet("It is being sent at this moment")
    await _end(tx, it)


async def retry(tx: Transaction, outgoing_id: int) -> None:
    """Try now: what waits, and whoever it could not be sent to. Raises NotFound, Forbidden, Unmet when nobody is left."""
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await _held(tx, outgoing_id)
    again = await tx.write(AGAIN, outgoing_id=it.id, now=tx.instant)
    if it.state is OutgoingState.ENDED and not again:
        raise Unmet("Nobody is left to whom it was to go")
    await tx.write(DUE, outgoing_id=it.id, now=tx.instant)
    await tx.write(FREE, inbox_ids=[it.inbox_id])
    tx.mail_added = True


async def retry_all(tx: Transaction, inbox_ids: list[int]) -> int:
    """Try now all that waits in some inboxes, but what can still be undone; how many were brought forward. Raises Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    tx.mail_added = True
    await tx.write(FREE, inbox_ids=inbox_ids)
    return await tx.write(ALL_DUE, inbox_ids=inbox_ids, now=tx.instant)


async def _mail(tx: Transaction, inbox: MailInbox, it: Conversation, thread: Thread) -> None:
    user = await users.find(tx, thread.created_by_user_id) if thread.created_by_user_id else None
    letter = await freezing.reply(tx, inbox, it, thread, user)
    if letter is None or not letter.to:
        await remark(tx, it.id, "could not be mailed: the customer has no address")
    if letter is None:
        return
    clicked = tx.actor.kind is ActorKind.USER
    due = tx.instant + timedelta(seconds=inbox.options.undo_seconds) if clicked else tx.instant
    kind = OutgoingKind.FORWARD if thread.type is ThreadType.FORWARD_CHILD else OutgoingKind.REPLY
    await queueing.add(tx, inbox.id, kind, letter, conversation_id=it.id, thread_id=thread.id, due=due)


async def _held(tx: Transaction, outgoing_id: int) -> Sent:
    await queries.sent(tx, outgoing_id)
    return await tx.one(queries.LOCK, outgoing_id=outgoing_id)


async def _end(tx: Transaction, it: Sent) -> None:
    await tx.write(CANCEL, outgoing_id=it.id, now=tx.instant)
    await tx.write(END, outgoing_id=it.id, now=tx.instant)
    tx.record(MailCancelled(outgoing_id=it.id, conversation_id=it.conversation_id))
