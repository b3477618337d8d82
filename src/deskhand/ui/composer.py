"""The composer: what somebody is writing, to whom, and what is asked before it goes. It works as a plain form, of which scripts
make an editor."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html import escape, unescape

from msgspec import UNSET, Struct, UnsetType

from deskhand.conversations.model import Writing
from deskhand.conversations.model.concerns import Concern, ConcernKind
from deskhand.conversations.operations.sending import mistakes
from deskhand.conversations.operations.writings import Typed, content_id
from deskhand.conversations.queries import one, writings
from deskhand.conversations.queries.concerns import concerns, since
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.conversations.queries.writings import Place, WritingFile, Written
from deskhand.conversations.schemas.requests import MOST_NAMED
from deskhand.customers.queries import one as customers
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.errors import Code, Mistake
from deskhand.kernel.html import as_html, clean, plain_text, with_pictures
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.ui.door import Form, Visit
from deskhand.ui.owners import owners_of
from deskhand.ui.people import Face, face
from deskhand.workflows.model.variables import VARIABLE

ANSWERS = (Writing.REPLY, Writing.NOTE, Writing.FORWARD)
AFTER = {"active": "Send, keep active", "pending": "Send, set pending", "closed": "Send and close"}
PICTURE = re.compile(r'(<img\b[^>]*?\bsrc=")[^"]*/writing/files/([1-9][0-9]{0,17})"', re.IGNORECASE)
BETWEEN = re.compile(r"[,;\n]")
ASKS = {
    ConcernKind.FILE: ("paperclip", "You write “%(about)s”, but there is no file."),
    ConcernKind.GREETING: ("user-round", "It greets %(about)s, and goes to %(who)s."),
    ConcernKind.LEFT_OUT: ("at-sign", "%(about)s gets the mail of this conversation, and would not get this."),
    ConcernKind.NO_LONGER: ("at-sign", "%(about)s was in copy when you began, and is not any more."),
    ConcernKind.PLACEHOLDER: ("type", "%(about)s has no value here."),
}
MOST_ADDRESS = 320


class FileShown(Struct, frozen=True):
    """A file that is to go along."""

    id: int
    name: str
    size: str
    href: str
    is_image: bool


class Draft(Struct, frozen=True):
    """What somebody is writing of a kind: ``html`` for the editor, ``text`` without one; ``version`` is None until it is begun.
    ``after`` and ``assign_to`` are what they chose for then."""

    kind: Writing
    html: str
    text: str
    subject: str
    to: list[str]
    cc: list[str]
    bcc: list[str]
    version: int | None
    saved_at: datetime | None
    files: list[FileShown]
    after: str | None = None
    assign_to: int | None = None


class Question(Struct, frozen=True):
    """Something that looks wrong, in words; ``key`` is what the form says when it is meant so, empty if it cannot be."""

    key: str
    icon: str
    text: str


class News(Struct, frozen=True):
    """What somebody else said meanwhile."""

    id: int
    face: Face
    at: datetime
    text: str


class Composer(Struct, frozen=True):
    """A composer on a page. ``kind`` is open, if any is; ``base`` is where its files and savings go, ``lists`` where it looks
    people and saved replies up; ``after`` is the inbox's status after an answer; ``carried`` are the
    moments that were chosen before something was asked."""

    action: str
    base: str
    lists: str
    kind: Writing | None
    drafts: dict[str, Draft]
    owners: list[Face]
    after: str
    afters: dict[str, str]
    questions: list[Question]
    news: list[News]
    carried: dict[str, str]

    @property
    def draft(self) -> Draft:
        """The one that is open, else a reply."""
        return self.drafts[self.kind or ANSWERS[0]]


async def for_conversation(view: Snapshot, visit: Visit, it: Conversation, owners: list[Face]) -> Composer:
    """Beside a conversation that was looked at; with ``ask`` in the address what looks wrong with that kind is asked."""
    inbox = await inboxes.get(view, it.inbox_id)
    base = f"/conversation/{it.id}/writing"
    begun = {each.kind: each for each in await writings.mine(view, it.id)}
    shown = {kind.value: await _draft(view, visit, kind, begun.get(kind), base, it) for kind in ANSWERS}
    asked = next((each for each in begun.values() if each.kind.value == visit.query.get("ask")), None)
    newest = max(begun.values(), key=lambda each: each.saved_at, default=None)
    open_ = asked or newest
    wished = next((each for each in ANSWERS if each.value == visit.query.get("write")), None)
    questions, news = await _questions(view, visit.words, asked, it) if asked else ([], [])
    return Composer(
        action=f"/conversation/{it.id}/answer",
        base=base,
        lists=f"/inboxes/{it.inbox_id}/writing",
        kind=open_.kind if open_ else wished,
        drafts=shown,
        owners=owners,
        after=inbox.after_reply_status,
        afters=AFTER,
        questions=questions,
        news=news,
        carried=_carried(visit),
    )


async def for_inbox(view: Snapshot, visit: Visit, inbox: Inbox) -> Composer:
    """For a new conversation in an inbox."""
    place = Place(Writing.CONVERSATION, inbox_id=inbox.id)
    begun = await writings.find(view, place)
    base = f"/inboxes/{inbox.id}/writing"
    draft = await _draft(view, visit, Writing.CONVERSATION, begun, base, None)
    asks = begun is not None and "ask" in visit.query
    questions, _ = await _questions(view, visit.words, begun, None) if begun and asks else ([], [])
    return Composer(
        action=f"/inboxes/{inbox.id}/begin",
        base=base,
        lists=base,
        kind=Writing.CONVERSATION,
        drafts={draft.kind.value: draft},
        owners=await owners_of(view, inbox.id),
        after=inbox.after_reply_status,
        afters=AFTER,
        questions=questions,
        news=[],
        carried=_carried(visit),
    )


def _carried(visit: Visit) -> dict[str, str]:
    return {name: visit.query[name] for name in ("later", "snooze") if "ask" in visit.query and visit.query.get(name)}


async def _draft(
    view: Snapshot, visit: Visit, kind: Writing, it: Written | None, base: str, conversation: Conversation | None
) -> Draft:
    if it is None:
        replies = kind is Writing.REPLY and conversation is not None
        to = [conversation.customer_email] if conversation and replies and conversation.customer_email else []
        return Draft(kind, "", "", "", to, conversation.cc if conversation and replies else [], [], None, None, [])
    files = [file_shown(visit.words, each, base) for each in await writings.files(view, [it.id])]
    html = with_pictures(clean(it.body), {content_id(each.id): each.href for each in files})
    text = plain_text(it.body).strip()
    return Draft(
        kind, html, text, it.subject, it.to, it.cc, it.bcc, it.version, it.saved_at, files, it.after_status, it.assignee_id
    )


def file_shown(words: Words, it: WritingFile, base: str) -> FileShown:
    """A file of something that is being written."""
    is_image = it.mime_type.startswith("image/") and it.width > 0
    return FileShown(it.id, it.filename, words.size(it.size_bytes), f"{base}/files/{it.id}", is_image)


async def _questions(
    view: Snapshot, words: Words, it: Written, conversation: Conversation | None
) -> tuple[list[Question], list[News]]:
    wrong = [Question("", "circle-alert", _mistake(words, each)) for each in mistakes(it).found]
    found = await concerns(view, it)
    who = ", ".join(it.to)
    if conversation is not None:
        who = f"{conversation.customer_first or ''} {conversation.customer_last or ''}".strip() or who
    news: list[News] = []
    if conversation is not None and any(each.kind is ConcernKind.ANSWERED for each in found):
        news = [_news(each) for each in since(await view.all(one.THREADS, conversation_id=conversation.id), it)]
    return wrong + [_question(words, each, who) for each in found], news


def _mistake(words: Words, it: Mistake) -> str:
    if it.path == "body":
        return words.text("There is no text yet.")
    if it.path == "subject":
        return words.text("There is no subject yet.")
    if it.code is Code.EMAIL:
        return words.text("“%(text)s” is no address.", text=it.rejected)
    if it.code is Code.NOT_EMPTY:
        return words.text("It goes to nobody yet.")
    return words.text("A forward has one recipient; others can be in copy.")


def _question(words: Words, it: Concern, who: str) -> Question:
    if it.kind is ConcernKind.ANSWERED:
        return Question(it.key, "triangle-alert", "")
    icon, text = ASKS[it.kind]
    return Question(it.key, icon, words.text(text, about=it.about, who=who))


def _news(it: Thread) -> News:
    who = face(it.created_by_user_id or 0, it.creator_first, it.creator_last, "Deskhand", photo=it.creator_photo)
    if it.created_by_customer_id is not None:
        who = face(it.created_by_customer_id, it.author_first, it.author_last, it.author_email)
    return News(it.id, who, it.created_at, plain_text((it.body or "")[: it.quoted_at]).strip())


def to_script(it: Draft, words: Words) -> dict[str, object]:
    """A draft for the editor."""
    return {
        "kind": it.kind,
        "html": it.html,
        "subject": it.subject,
        "to": it.to,
        "cc": it.cc,
        "bcc": it.bcc,
        "version": it.version,
        "ago": 0 if it.saved_at is None else int((words.here - it.saved_at).total_seconds()),
        "files": it.files,
    }


async def typed(
    view: Snapshot, visit: Visit, form: Form, kind: Writing, it: Conversation | None, inbox: Inbox, *, fills: bool = True
) -> Typed:
    """What a form says, with its variables filled in unless one still types; recipients that it does not name are the
    conversation's."""
    values = await values_of(view, visit, it, inbox) if fills else {}
    place = Place(kind, conversation_id=it.id) if it is not None else Place(kind, inbox_id=inbox.id)
    before = await writings.find(view, place)
    prefix = "forward_" if kind is Writing.FORWARD else ""
    replies = kind is Writing.REPLY and it is not None
    to = [it.customer_email] if it is not None and replies and it.customer_email else []
    status = form.one("status") or (before.after_status if before and not form.sent("status") else None)
    return Typed(
        body=filled(_html(form, before), values) if fills else _html(form, before),
        subject=form.one("subject").strip()[:998],
        to=_addresses(form, f"{prefix}to", to),
        cc=_addresses(form, f"{prefix}cc", it.cc if it is not None and replies else []),
        bcc=_addresses(form, "bcc", []) if kind is not Writing.FORWARD else [],
        after_status=status if status in AFTER else None,
        assign_to=_owner(form, before),
    )


def _owner(form: Form, before: Written | None) -> int | None | UnsetType:
    """Whose it is to be; a form that does not ask leaves it at what was chosen."""
    chosen = form.number("assign") if form.sent("assign") else before.assignee_id if before else None
    return UNSET if chosen is None else chosen or None


def _html(form: Form, before: Written | None) -> str:
    """The editor's HTML, or the text of a plain field; what was formatted elsewhere stays so while its words do."""
    if form.sent("html"):
        named = PICTURE.sub(lambda found: f'{found[1]}cid:{content_id(int(found[2]))}"', form.one("html"))
        html = clean(named).strip()
        return html if plain_text(html).strip() or "<img" in html else ""
    text = form.one("text").strip()
    if before is not None and plain_text(before.body).strip() == text:
        return before.body
    return as_html(text)


def _addresses(form: Form, name: str, otherwise: list[str]) -> list[str]:
    """The addresses in a field, with or without names before them."""
    if not form.sent(name):
        return list(otherwise)
    given = [_bare(each)[:MOST_ADDRESS] for each in BETWEEN.split(",".join(form.every(name)))]
    return list(dict.fromkeys(each for each in given if each))[:MOST_NAMED]


def _bare(text: str) -> str:
    """``a@x.test`` of ``Ada <a@x.test>``."""
    text = text.strip()
    return text[text.rindex("<") + 1 : -1].strip() if text.endswith(">") and "<" in text else text


async def values_of(view: Snapshot, visit: Visit, it: Conversation | None, inbox: Inbox) -> dict[str, str]:
    """What variables say where somebody writes; nothing where nobody is known."""
    customer = await customers.get(view, it.customer_id) if it is not None else None
    first, last = (customer.first_name or "", customer.last_name or "") if customer else ("", "")
    values = {
        "assignee.firstName": (it.assignee_first or "") if it else "",
        "assignee.fullName": f"{it.assignee_first or ''} {it.assignee_last or ''}".strip() if it else "",
        "assignee.lastName": (it.assignee_last or "") if it else "",
        "conversation.number": str(it.number) if it else "",
        "conversation.subject": it.subject if it else "",
        "customer.email": (it.customer_email or "") if it else "",
        "customer.firstName": first,
        "customer.fullName": f"{first} {last}".strip(),
        "customer.lastName": last,
        "customer.organization": (customer.organization or "") if customer else "",
        "user.email": visit.user.email or "",
        "user.firstName": visit.user.first_name,
        "user.fullName": f"{visit.user.first_name} {visit.user.last_name}".strip(),
        "user.lastName": visit.user.last_name,
    }
    return values | {f"{word}.{name}": value for word in ("inbox", "mailbox") for name, value in _of_inbox(inbox).items()}


def _of_inbox(inbox: Inbox) -> dict[str, str]:
    return {"email": inbox.email, "name": inbox.name}


def filled(html: str, values: Mapping[str, str], *, marked: bool = False) -> str:
    """HTML with its variables filled in, what has no value as it stands; ``marked`` for an editor that shows which were."""

    def fill(found: re.Match[str]) -> str:
        value = values.get(found[1], "") or unescape(found[2] or "")
        if not value:
            return f'<span class="variable variable-open">{found[0]}</span>' if marked else found[0]
        return f'<span class="variable">{escape(value)}</span>' if marked else escape(value)

    return VARIABLE.sub(fill, html) if "{%" in html else html
