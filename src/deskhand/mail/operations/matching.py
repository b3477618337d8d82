"""To which conversation a message belongs: the ordered rules of email rules 4, each with its guard."""

from __future__ import annotations

from datetime import timedelta

from msgspec import Struct

from deskhand.conversations.model import MOST_THREADS, ConversationState, Status
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.transaction import Transaction
from deskhand.mail.analysing.model import Digest
from deskhand.mail.marks import Marks, Token, split_plus
from deskhand.mail.model import IdKind, Rule
from deskhand.mail.queries import places
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.queries.places import Place
from deskhand.mail.rules import subjects

Evidence = tuple[Rule, int, int | None]
"""What named a conversation, its id, and with an agent's token whose it is."""

SURE = frozenset({IdKind.LETTER, IdKind.OURS})


class Match(Struct, frozen=True):
    """Where a message belongs. Without a ``place`` it begins a conversation, which goes on ``linked_id`` if there is one.

    ``rule`` is the evidence that named the one or the other; ``user_id`` whose token it carries.
    """

    rule: Rule
    place: Place | None = None
    linked_id: int | None = None
    user_id: int | None = None

    @property
    def has_token(self) -> bool:
        """Whether it carries a mark of ours that only who got our mail can have."""
        return self.rule in (Rule.TOKEN, Rule.OUR_ID, Rule.HIDDEN)


async def match(tx: Transaction, inbox: MailInbox, it: Digest, recipients: list[str], customer_id: int | None) -> Match:
    """Find the place of a message. ``recipients`` are those of the envelope and of the header; ``customer_id`` is the sender,
    if they are known."""
    for rule, conversation_id, user_id in await _evidence(tx, inbox, it, recipients):
        place = await places.place(tx, conversation_id)
        if place is None or place.state is ConversationState.DELETED or place.status is Status.SPAM:
            continue
        if rule is Rule.SUBJECT and (customer_id is None or not await places.takes_part(tx, place, customer_id, _from(it))):
            continue
        if _goes_on_elsewhere(place, inbox, it, rule, tx):
            return Match(rule, linked_id=place.id)
        return Match(rule, place, user_id=user_id)
    return Match(Rule.NONE)


async def _evidence(tx: Transaction, inbox: MailInbox, it: Digest, recipients: list[str]) -> list[Evidence]:
    """Each conversation that something in the message names, the surest first, and with an agent's token whose it is."""
    marks = Marks(seal_of(tx.settings))
    found: list[Evidence] = []
    for token in _tokens(marks, inbox, recipients):
        conversation_id = token.conversation_id
        if token.delivery_id is not None:
            conversation_id = await tx.first(places.OF_DELIVERY, delivery_id=token.delivery_id)
        if conversation_id is not None:
            found.append((Rule.TOKEN, conversation_id, token.user_id))
    if it.in_reply_to or it.references:
        found += await _by_ids(tx, marks, inbox, it)
    hidden = (marks.read_hidden(inbox.id, text) for text in it.hidden)
    found += [(Rule.HIDDEN, each, None) for each in hidden if each is not None]
    if inbox.options.subject_tags and it.subject_tag is not None:
        tagged = await tx.first(places.BY_NUMBER, number=it.subject_tag, inbox_id=inbox.id)
        if tagged is not None:
            found.append((Rule.SUBJECT, tagged.id, None))
    return found


async def _by_ids(tx: Transaction, marks: Marks, inbox: MailInbox, it: Digest) -> list[Evidence]:
    """What In-Reply-To names, then References, the newest first; at last ids that we know only by hearsay."""
    ids = list(dict.fromkeys([*it.in_reply_to, *reversed(it.references)]))
    known: dict[str, list[places.Known]] = {}
    for each in await tx.all(places.KNOWN, ids=ids, inbox_id=inbox.id):
        known.setdefault(each.message_id, []).append(each)
    sure: list[Evidence] = []
    hearsay: list[Evidence] = []
    for message_id in ids:
        is_answer = message_id in it.in_reply_to
        if (conversation_id := await _of_ours(tx, marks, inbox, message_id)) is not None:
            sure.append((Rule.OUR_ID if is_answer else Rule.REFERENCE, conversation_id, None))
        for each in known.get(message_id, ()):
            if each.kind in SURE:
                sure.append((Rule.KNOWN_ID if is_answer else Rule.REFERENCE, each.conversation_id, None))
            else:
                hearsay.append((Rule.ALIAS, each.conversation_id, None))
    return sure + hearsay


async def _of_ours(tx: Transaction, marks: Marks, inbox: MailInbox, message_id: str) -> int | None:
    ours = marks.read_id(inbox.id, message_id)
    if ours is None or ours.thread_id is None:
        return ours.conversation_id if ours else None
    return await tx.first(places.OF_THREAD, thread_id=ours.thread_id)


def _tokens(marks: Marks, inbox: MailInbox, recipients: list[str]) -> list[Token]:
    found = [marks.read_token(inbox.id, token) for _, token in map(split_plus, recipients) if token]
    return [each for each in found if each is not None]


def _goes_on_elsewhere(place: Place, inbox: MailInbox, it: Digest, rule: Rule, tx: Transaction) -> bool:
    """Whether an answer is too late, about something else, or more than the conversation holds."""
    options = inbox.options
    if place.thread_total >= MOST_THREADS:
        return True
    closed_at, days = place.closed_at, options.new_after_closed_days
    if place.status is Status.CLOSED and closed_at and days is not None and closed_at + timedelta(days) < tx.now:
        return True
    if rule is Rule.TOKEN or options.new_after_silent_days is None or subjects.same(place.subject, it.subject):
        return False
    return place.user_updated_at + timedelta(days=options.new_after_silent_days) < tx.now


def _from(it: Digest) -> str:
    return it.sender.address if it.sender else ""
