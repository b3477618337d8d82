"""What machines tell us of mail of ours: it came back, it waits, it arrived, nobody wants it (email rules 7.3, 7.4)."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct
from sqlalchemy import select, update

from deskhand.conversations.model import Status
from deskhand.conversations.operations.core import closing, settle_and_tell
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Held
from deskhand.conversations.tables import threads
from deskhand.kernel.errors import NotFound
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import any_of, param, read, unindexed, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.marks import Marks, split_plus
from deskhand.mail.model import DeliveryFailed, DeliveryState, Kind, OutgoingState, ReceiptCame
from deskhand.mail.operations import brakes
from deskhand.mail.operations.noting import DOUBTED
from deskhand.mail.queries import outgoing
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.rules import bounce_model
from deskhand.mail.rules.bounce_model import Action, Outcome, Report
from deskhand.mail.tables import mail_deliveries, mail_outgoing

DOUBTS_TOLD_EACH = timedelta(hours=1)
"""In a conversation: who can forge one report can forge many."""
AWAY = frozenset({DeliveryState.SENT, DeliveryState.DELIVERED})
"""Of what has not left yet nobody can report anything. What waits at their server waits no longer at ours: it stays sent."""

KINDS = {bounce_model.Kind.COMPLAINT: Kind.COMPLAINT, bounce_model.Kind.RECEIPT: Kind.RECEIPT}
STATES = {
    Action.FAILED: DeliveryState.FAILED,
    Action.DELIVERED: DeliveryState.DELIVERED,
}


UNPROVED = "could not be verified"


class Noted(Struct, frozen=True):
    """What a report is, and what became of it: noted on a conversation's mail if it was placed; ``reason`` says why it was only
    written down."""

    kind: Kind
    is_placed: bool = False
    conversation_id: int | None = None
    reason: str | None = None


class Sent(Struct, frozen=True):
    """A delivery of ours and what it was part of; ``user_id`` wrote it."""

    id: int
    address: str
    state: DeliveryState
    outgoing_id: int
    outgoing_state: OutgoingState
    conversation_id: int | None
    thread_id: int | None
    user_id: int | None


_sent = select(
    mail_deliveries.c.id,
    mail_deliveries.c.address,
    mail_deliveries.c.state,
    mail_deliveries.c.outgoing_id,
    mail_outgoing.c.state.label("outgoing_state"),
    mail_outgoing.c.conversation_id,
    mail_outgoing.c.thread_id,
    threads.c.created_by_user_id.label("user_id"),
)
_sent = _sent.join_from(mail_deliveries, mail_outgoing, mail_outgoing.c.id == mail_deliveries.c.outgoing_id).outerjoin(
    threads, threads.c.id == mail_outgoing.c.thread_id
)
BY_ID = read(_sent.where(mail_deliveries.c.id == param("delivery_id")), Sent)
BY_MESSAGE = read(
    _sent.where(any_of(mail_outgoing.c.message_id, "ids"), unindexed(mail_outgoing.c.inbox_id) == param("inbox_id")).order_by(
        mail_deliveries.c.id
    ),
    Sent,
)
NOTE = write(
    update(mail_deliveries)
    .where(mail_deliveries.c.id == param("delivery_id"))
    .values({name: param(name) for name in ("state", "code", "words", "is_hard", "changed_at")})
)


async def note(tx: Transaction, inbox: MailInbox, report: Report, recipients: list[str]) -> Noted:
    """Note on each delivery what a report says of it.

    Where return addresses carry tokens, a report without one is only told to people: a Message-ID is known to everybody who got
    the mail, or reads it in an archive.
    """
    kind = KINDS.get(report.kind, Kind.BOUNCE)
    sent = await _by_token(tx, inbox, [*recipients, *report.sent_to])
    is_proved = bool(sent) or not inbox.options.uses_plus
    sent = sent or await _by_ids(tx, inbox, report)
    if not sent:
        return Noted(kind)
    meant = [(each, outcome) for outcome in report.outcomes for each in _meant(sent, outcome)]
    if report.outcomes and not meant and kind is not Kind.RECEIPT:
        return Noted(kind)  # of several recipients it names none: a person may know
    if is_proved:
        for each, outcome in meant:
            await _note(tx, each, outcome)
    else:
        await _doubt(tx, meant)
    return Noted(kind, is_placed=True, conversation_id=sent[0].conversation_id, reason=None if is_proved else UNPROVED)


async def tell_of_stranger(tx: Transaction, conversation_id: int, address: str) -> None:
    """A line in a conversation: somebody wrote who was not part of it."""
    it = await one.locked(tx, conversation_id)
    await settle_and_tell(tx, it, "new-participant", f"noticed that {address} was not part of this conversation before")


async def tell_of_reply_to(tx: Transaction, conversation_id: int, sender: str, address: str) -> None:
    """A line in a conversation: who wrote wants answers elsewhere."""
    it = await one.locked(tx, conversation_id)
    await settle_and_tell(tx, it, "reply-to", f"noticed that {sender} asks for answers to {address}: replies go there")


async def _by_token(tx: Transaction, inbox: MailInbox, addresses: list[str]) -> list[Sent]:
    """The delivery whose return address a report came to."""
    marks = Marks(seal_of(tx.settings))
    for address in addresses:
        token = marks.read_token(inbox.id, split_plus(address)[1])
        if token is not None and token.delivery_id is not None:
            return await tx.all(BY_ID, delivery_id=token.delivery_id)
    return []


async def _by_ids(tx: Transaction, inbox: MailInbox, report: Report) -> list[Sent]:
    """The deliveries of the message that a report names."""
    ids = [each.strip("<> ") for each in (report.envelope_id, *report.message_ids) if each]
    found = await tx.all(BY_MESSAGE, ids=ids, inbox_id=inbox.id) if ids else []
    return [each for each in found if each.outgoing_id == found[0].outgoing_id]


def _meant(sent: list[Sent], outcome: Outcome) -> list[Sent]:
    """Whom an outcome is about: who was written to under one of its addresses, or the only one there is."""
    addresses = {each.lower() for each in (outcome.address, outcome.final) if each}
    named = [each for each in sent if each.address.lower() in addresses]
    return named or (sent if len(sent) == 1 else [])


async def _note(tx: Transaction, it: Sent, outcome: Outcome) -> None:
    if outcome.action is Action.COMPLAINED:
        await brakes.hush(tx, it.address, "complained about our mail")
        await _tell(tx, it, "mail-complaint", f"heard that {it.address} marked a message as unwanted: no more automatic mail")
        return
    if outcome.action is Action.DISPOSED:
        said = outcome.diagnostic.rpartition(";")[2].strip().lower()
        tx.record(ReceiptCame(delivery_id=it.id, conversation_id=it.conversation_id, thread_id=it.thread_id, disposition=said))
        return
    state = STATES.get(outcome.action, it.state)
    if it.state not in AWAY or (state is it.state and outcome.action is not Action.DELAYED):
        return
    words = _words(outcome)
    is_hard = outcome.is_hard and state is DeliveryState.FAILED
    failed_before = await tx.first(outgoing.FAILED_BEFORE, outgoing_id=it.outgoing_id) is not None  # told, and opened again
    await tx.write(
        NOTE, delivery_id=it.id, state=state, code=outcome.status or None, words=words, is_hard=is_hard, changed_at=tx.instant
    )
    if state is not DeliveryState.FAILED:
        return
    await _tell(
        tx, it, "mail-failed", f"could not deliver to {it.address}: {words or 'no reason was given'}", reopens=not failed_before
    )
    tx.record(
        DeliveryFailed(
            delivery_id=it.id,
            outgoing_id=it.outgoing_id,
            conversation_id=it.conversation_id,
            thread_id=it.thread_id,
            user_id=None if failed_before else it.user_id,
        )
    )
    if is_hard:
        await brakes.note_hard_bounce(tx, it.address)


async def _doubt(tx: Transaction, meant: list[tuple[Sent, Outcome]]) -> None:
    """A line for people, once an hour for a conversation: whoever sent it may not end anything."""
    bad = [(it, outcome) for it, outcome in meant if outcome.action in (Action.FAILED, Action.COMPLAINED) and it.state in AWAY]
    if not bad or bad[0][0].conversation_id is None:
        return
    it, outcome = bad[0]
    after = tx.instant - DOUBTS_TOLD_EACH
    if await tx.first(DOUBTED, conversation_id=it.conversation_id, reason=UNPROVED, after=after) is not None:
        return
    complains = outcome.action is Action.COMPLAINED
    said = (
        "marked a message as unwanted" if complains else f"cannot be delivered to: {_words(outcome) or 'no reason was given'}"
    )
    await _tell(tx, it, "mail-unproved", f"got a report that {UNPROVED}: {it.address} {said}")


def _words(outcome: Outcome) -> str:
    return " ".join(f"{outcome.status} {outcome.diagnostic}".split())[:1000]


async def _tell(tx: Transaction, it: Sent, action: str, text: str, *, reopens: bool = False) -> None:
    """A line in the conversation; once it is opened again, for who wrote believes that the matter is closed."""
    if it.conversation_id is None:
        return
    try:
        held: Held = await one.locked(tx, it.conversation_id)
    except NotFound:
        return
    changes = closing(tx, held, Status.ACTIVE) if reopens and held.status in (Status.CLOSED, Status.PENDING) else {}
    await settle_and_tell(tx, held, action, text, **changes)
