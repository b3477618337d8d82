"""What a letter says, as it is when somebody clicks (email rules 8.2 to 8.7): recipients, subject, both bodies, files."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from deskhand.conversations.model import ThreadState, ThreadType
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.kernel.html import pictures_in
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.transaction import Transaction
from deskhand.mail.composing import bodies, headers, templates
from deskhand.mail.composing.bodies import Body, Quote
from deskhand.mail.composing.letter import ascii_address
from deskhand.mail.composing.templates import Part
from deskhand.mail.marks import Marks, plus
from deskhand.mail.model import IdKind, OutFile, Outgoing, OutgoingKind, Party, Template
from deskhand.mail.operations import links
from deskhand.mail.queries import letters
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import MailInbox, owners
from deskhand.mail.queries.languages import words_for
from deskhand.ratings.operations import rating_link
from deskhand.users.queries import User

MOST_REFERENCES = 20
MOST_BYTES = 25 * 1024 * 1024  # of a message, encoded
CHARACTERS_A_BYTE = 1.37  # of base64 with its line ends


class Ancestry(Struct, frozen=True):
    """Which messages one answers: ids without ``<>``."""

    in_reply_to: str
    references: list[str]


def marks_of(tx: Transaction) -> Marks:
    """The marks of the account."""
    return Marks(seal_of(tx.settings))


def id_domain(inbox: MailInbox) -> str:
    """The domain that stands in Message-IDs of an inbox: always ASCII."""
    try:
        return ascii_address(inbox.email).rpartition("@")[2].lower()
    except headers.Unwritable:
        return "deskhand.invalid"


def values_of(inbox: MailInbox, it: Conversation | None = None, user: User | None = None) -> dict[str, str]:
    """What the variables of templates say; nothing where there is nobody."""
    customer = (it.customer_first or "", it.customer_last or "") if it else ("", "")
    agent = (user.first_name, user.last_name) if user else ("", "")
    return {
        "conversation.number": str(it.number) if it else "",
        "conversation.subject": headers.one_line(it.subject) if it else "",
        "customer.email": (it.customer_email or "") if it else "",
        "customer.firstName": customer[0],
        "customer.fullName": " ".join(customer).strip(),
        "customer.lastName": customer[1],
        "inbox.email": inbox.email,
        "inbox.name": inbox.name,
        "user.firstName": agent[0],
        "user.fullName": " ".join(agent).strip(),
        "user.lastName": agent[1],
    }


async def reply(tx: Transaction, inbox: MailInbox, it: Conversation, thread: Thread, user: User | None) -> Outgoing | None:
    """A reply or a forwarded text as a letter, or None when nobody is to get it."""
    forwards = thread.type is ThreadType.FORWARD_CHILD
    kind = OutgoingKind.FORWARD if forwards else OutgoingKind.REPLY
    asked = None if forwards else await letters.asked(tx, it.id)
    recipients = await _recipients(tx, it, thread, asked)
    if not (recipients["to"] or recipients["cc"] or recipients["bcc"]):
        return None
    marks = marks_of(tx)
    above = Ancestry("", []) if forwards else await ancestry(tx, it.id)
    found = await tx.all(letters.FILES, thread_id=thread.id)
    sent, linked = _divided(found, thread.body or "", inbox.options.links_above_bytes, can_link=bool(links.pages(tx.settings)))
    body = await _body(tx, inbox, it, thread, user, kind, asked, linked)
    answers = bool(above.in_reply_to or asked)
    return Outgoing(
        sender=Party(bodies.sender_name(inbox.options, inbox.name, _name(user)), inbox.email),
        **recipients,
        reply_to=reply_to(inbox, marks, it.id),
        subject=_subject(inbox, it, kind, body_prefix="Re: " if answers else "", user=user),
        html=body.html,
        text=body.text,
        message_id=marks.thread_id(inbox.id, thread.id, id_domain(inbox)),
        in_reply_to=above.in_reply_to,
        references=above.references,
        files=sent,
        user_id=thread.created_by_user_id or tx.actor.user_id or None,
    )


async def ancestry(tx: Transaction, conversation_id: int) -> Ancestry:
    """What the next message of a conversation answers: the last message of its own customer, else ours before it; and the
    first id with the last twenty, the oldest first."""
    newest_first = await tx.all(queries.KNOWN, conversation_id=conversation_id, most=MOST_REFERENCES)
    if not newest_first:
        return Ancestry("", [])
    (first,) = await tx.all(queries.FIRST_KNOWN, conversation_id=conversation_id)
    ours = next((each for each in newest_first if each.kind is IdKind.OURS), None)
    parent = next((each for each in newest_first if each.by_customer), ours)
    ids = [each.message_id for each in (first, *reversed(newest_first))]
    usable = [each for each in dict.fromkeys(ids) if headers.is_identifier(each)]
    return Ancestry(parent.message_id if parent and headers.is_identifier(parent.message_id) else "", usable)


def quote_of(asked: letters.Asked | None) -> Quote | None:
    """What a customer said, without what they quoted themselves."""
    if asked is None or not asked.body:
        return None
    name = " ".join(each for each in (asked.first_name, asked.last_name) if each)
    return Quote(name, asked.at, asked.body[: asked.quoted_at])


def reply_to(inbox: MailInbox, marks: Marks, conversation_id: int) -> Party | None:
    """Where answers go, if the inbox has more than its plain address."""
    if not inbox.options.uses_plus:
        return None
    return Party(headers.one_line(inbox.name), plus(inbox.email, marks.reply_token(inbox.id, conversation_id)))


def _subject(inbox: MailInbox, it: Conversation, kind: OutgoingKind, *, body_prefix: str, user: User | None) -> str:
    wanted = inbox.options.templates.get(kind.value, Template()).subject
    of = templates.in_text(wanted, values_of(inbox, it, user)) if wanted else it.subject
    return bodies.subject(of, number=it.number if inbox.options.subject_tags else None, prefix=body_prefix)


async def _body(
    tx: Transaction,
    inbox: MailInbox,
    it: Conversation,
    thread: Thread,
    user: User | None,
    kind: OutgoingKind,
    asked: letters.Asked | None,
    linked: list[letters.File],
) -> Body:
    options, settings = inbox.options, tx.settings
    pages = links.pages(settings)
    values, words = values_of(inbox, it, user), await words_for(tx)
    message = bodies.part(thread.body or "")
    fetched = bodies.files([(each.filename, links.file(settings, it.id, each.id, tx.now)) for each in linked], words)
    parts = {
        "message": Part(message.html + fetched.html, message.text + fetched.text),
        "signature": bodies.signature(options.signature, values),
        "history": bodies.history(quote_of(asked), words),
        "rating": Part(),
    }
    asks = options.asks_rating and kind is OutgoingKind.REPLY and thread.state is ThreadState.PUBLISHED
    if asks and pages:
        link = await rating_link(tx, it.id, thread.id, origin=pages, days=settings.rating_link_days)
        parts["rating"] = bodies.rating(link, words)
    tracks = options.tracks_opens and kind is OutgoingKind.REPLY and bool(pages)
    return bodies.written(
        templates.template_of(options, kind, words),
        values,
        parts,
        hidden=marks_of(tx).hidden(inbox.id, it.id),
        picture=links.picture(settings, it.id, thread.id) if tracks else "",
    )


async def _recipients(tx: Transaction, it: Conversation, thread: Thread, asked: letters.Asked | None) -> dict[str, Any]:
    """To as it is, or for the customer where they asked for answers; Cc and Bcc without our own addresses and without people
    who left; nobody twice."""
    customer = it.customer_email or ""
    wanted = (asked.reply_to if asked else None) or customer
    to = [wanted if each.lower() == customer.lower() else each for each in thread.to or filter(None, [customer])]
    copied = [*thread.cc, *thread.bcc]
    without = {each.lower() for each in await owners(tx, copied)} | await letters.people_who_left(tx, copied)
    name = headers.one_line(" ".join(each for each in (it.customer_first, it.customer_last) if each))
    first = [Party(name if each.address.lower() == wanted.lower() else "", each.address) for each in bodies.parties(to, set())]
    without |= {each.address.lower() for each in first}
    second = bodies.parties(thread.cc, without)
    third = bodies.parties(thread.bcc, without | {each.address.lower() for each in second})
    return {"to": first, "cc": second, "bcc": third}


def _divided(
    found: list[letters.File], html: str, above: int | None, *, can_link: bool
) -> tuple[list[OutFile], list[letters.File]]:
    """Files that go with the letter, and those that are fetched by a link: each above the inbox's limit, then the largest
    until the rest fits into a message."""
    named = pictures_in(html)
    shown = {each.id for each in found if each.content_id in named}
    linked = {each.id for each in found if can_link and above is not None and each.size_bytes > above and each.id not in shown}
    by_size = sorted((each for each in found if each.id not in linked | shown), key=lambda each: (-each.size_bytes, each.id))
    while can_link and by_size and _encoded(found, linked) > MOST_BYTES:
        linked.add(by_size.pop(0).id)
    return [
        OutFile(_filename(each.filename), each.mime_type, each.size_bytes, each.blob, _cid(each) if each.id in shown else "")
        for each in found
        if each.id not in linked
    ], [each for each in found if each.id in linked]


def _encoded(found: list[letters.File], linked: set[int]) -> float:
    return sum(each.size_bytes for each in found if each.id not in linked) * CHARACTERS_A_BYTE


def _cid(file: letters.File) -> str:
    return file.content_id or ""


def _filename(name: str) -> str:
    plain = headers.one_line(name).replace("/", "_").replace("\\", "_")
    return plain.encode()[:200].decode(errors="ignore").lstrip(".") or "file"


def _name(user: User | None) -> str:
    return f"{user.first_name} {user.last_name}".strip() if user else ""
