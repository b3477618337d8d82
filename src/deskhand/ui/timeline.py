"""What was said and what happened in a conversation, in the order of time, as a reader takes it in."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from itertools import groupby

from msgspec import Struct
from msgspec.structs import replace

from deskhand.conversations.model import CUSTOMER_SPEAKS, ThreadState, ThreadType, Untold
from deskhand.conversations.operations.drafts import HIDABLE
from deskhand.conversations.operations.forwarding import may_quote
from deskhand.conversations.queries import one
from deskhand.conversations.queries.audience import MENTION, mentions
from deskhand.conversations.queries.records import Attachment, Conversation, Thread
from deskhand.conversations.schemas.threads import web_link
from deskhand.customers.queries.pictures import allowed
from deskhand.kernel.html import PLAIN, clean, pictures_in, plain_text, with_remote_pictures
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import Actor, Permission
from deskhand.kernel.storage.columns import from_microseconds
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.mail.model import DeliveryState
from deskhand.mail.queries import inboxes as mail_inboxes
from deskhand.mail.queries import shown
from deskhand.mail.rules.verdict import Verdict
from deskhand.ui.people import Face, face
from deskhand.users import queries as users

LINE_PIXELS, LINE_CHARACTERS = 22, 66
SHORTEST_FRAME, FOLDED_FRAME, LONGEST_FRAME = 2, 40, 1000  # lines
PICTURE_PIXELS = 180  # of one that does not say how high it is
BLOCK_PIXELS, HEADING_PIXELS = 16, 24  # between two, and by which large ones are higher than a line
WHO = {
    ThreadType.CUSTOMER: "wrote",
    ThreadType.CHAT: N_("chatted"),
    ThreadType.BEACON_CHAT: N_("chatted"),
    ThreadType.PHONE: "noted a call",
    ThreadType.NOTE: "noted, only we see this",
    ThreadType.MESSAGE: N_("replied"),
    ThreadType.FORWARD_PARENT: N_("forwarded"),
    ThreadType.FORWARD_CHILD: "was forwarded this",
}
HAPPENINGS = {
    "changed-ticket-status": "circle-dot",
    "changed-ticket-assignee": "user-plus",
    "merged": "merge",
    "deleted-ticket": "trash-2",
    Untold.FIELDS: "sliders-horizontal",
    Untold.SNOOZED: "alarm-clock",
    Untold.SUBJECT: "pencil",
    Untold.TAGS: "tag",
    Untold.WOKEN: "alarm-clock",
}
REACHED = {
    DeliveryState.WAITING: "not sent yet",
    DeliveryState.DELAYED: "delayed, it is tried again",
    DeliveryState.SENT: "taken by their mail server",
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.FAILED: "did not arrive",
    DeliveryState.CANCELLED: "was not sent",
}
LATE = timedelta(minutes=15)
PICTURES = frozenset({"image/gif", "image/jpeg", "image/png", "image/webp"})
"""What every browser shows and nothing hides in: no SVG."""
MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS = 5 * 1024 * 1024, 50_000_000  # of one that a page loads by itself
VIA = {"email": N_("by email"), "api": N_("through the API")}
"""How it came; what somebody typed here came as one expects."""
RAN = re.compile("ran the (.+) workflow", re.DOTALL)
SENT = frozenset({ThreadType.MESSAGE, ThreadType.FORWARD_CHILD})
TAG = re.compile(r"(<[^>]*>)")
IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
BLOCK = re.compile(r"<(?:p|h[1-6]|ul|ol|blockquote|hr)\b", re.IGNORECASE)
EMPTY = re.compile(r"<br\b[^>]*>\s*(?=<br\b)", re.IGNORECASE)
HEADING = re.compile(r"<h[1-3]\b", re.IGNORECASE)
SPACE = re.compile(r"\b(?:padding|margin)(-top|-bottom)?\s*:\s*(\d{1,3})px")
HEIGHT = re.compile(r'\bheight\s*(?:="|:)\s*(\d{1,4})')


class Part(Struct, frozen=True):
    """A piece of a letter: ``html`` where it is plain enough to stand in the page, else about ``lines`` high in a frame, in
    which so many pictures of other hosts are ``blocked``, or with ``pictures`` shown. The frame begins ``folded`` so high."""

    html: str
    lines: int
    blocked: int = 0
    pictures: bool = False

    @property
    def folded(self) -> int:
        return min(self.lines, FOLDED_FRAME)


class FileLink(Struct, frozen=True):
    """A file beside what was said; the page shows what ``is_picture``, not of all that ``is_image``."""

    name: str
    size: str
    href: str
    is_image: bool
    is_picture: bool


class Reached(Struct, frozen=True):
    """How far it got with a recipient, in our words and in their server's."""

    address: str
    told: str
    words: str
    at: datetime
    is_bad: bool


class Entry(Struct, frozen=True):
    """Something that was said. ``kind`` is customer, reply, note or draft; ``via`` is how it came, ``quoted`` is folded away;
    ``suspect`` is the domain that says it did not send this, ``failed`` how many of those it was sent to it did not reach."""

    id: int
    kind: str
    author: Face
    how: str
    via: str
    at: datetime
    own: Part | None
    quoted: Part | None
    files: list[FileLink]
    to: list[str]
    is_hidden: bool
    opened_at: datetime | None
    scheduled_for: datetime | None
    may_edit: bool
    may_hide: bool
    may_forward: bool
    may_quote: bool
    has_source: bool
    reached: list[Reached]
    failed: int
    rating: str | None
    rating_comments: str | None
    suspect: str
    is_partial: bool
    customer_id: int | None


class Beside(Struct, frozen=True):
    """What is known beside the entries: their files, what mail says of them, whom notes call by which name, and the
    workflows that did them by name."""

    files: dict[int, list[Attachment]]
    reached: dict[int, list[shown.Reached]]
    suspects: dict[str, Verdict]
    partial: set[str]
    trusted: set[int]
    called: dict[str, set[int]]
    workflows: dict[int, str]
    me: int
    now: datetime


class Happening(Struct, frozen=True):
    """A line item: who did what, and how if not here."""

    who: str
    text: str
    via: str
    icon: str
    at: datetime


class Moment(Struct, frozen=True):
    """An entry, or the happenings between two of them; ``id`` is that of its element."""

    id: str
    entry: Entry | None
    happenings: list[Happening]


async def timeline(
    view: Snapshot, it: Conversation, words: Words, origins: Origins, *, me: int = 0, newest_first: bool = False
) -> list[Moment]:
    """Oldest first, unless ``newest_first``; where notes call ``me`` it stands out."""
    threads = (await view.all(one.THREADS, conversation_id=it.id))[::-1]
    names = sorted({name for each in threads if each.type is ThreadType.NOTE for name in mentions(each.body or "")})
    suspects, partial = await shown.judged(view, [each.source_blob for each in threads if each.source_blob])
    known = Beside(
        await one.attachments_of(view, threads),
        await shown.reached(view, [each.id for each in threads if each.type in SENT]),
        suspects,
        partial,
        await _trusted(view, it, {each.created_by_customer_id for each in threads if each.created_by_customer_id is not None}),
        await users.called(view, names) if names else {},
        _workflows(threads),
        me,
        view.now,
    )
    found: list[Moment] = []
    for is_item, several in groupby(threads, lambda each: each.type is ThreadType.LINE_ITEM):
        if is_item:
            items = list(several)
            found.append(Moment(f"happened-{items[0].id}", None, [_happening(each, known, words) for each in items]))
        else:
            entries = [_entry(view.actor, each, known, words, origins) for each in several]
            found += [Moment(f"thread-{each.id}", each, []) for each in entries]
    if newest_first:
        return [replace(each, happenings=each.happenings[::-1]) for each in found[::-1]]
    return found


def _workflows(threads: list[Thread]) -> dict[int, str]:
    """By entry the workflow that did it: of the run that was told of last."""
    found, name = {}, ""
    for each in threads:
        if each.source_type == "workflows":
            if ran := RAN.fullmatch(each.action_text or ""):
                name = ran[1]
            else:
                found[each.id] = name
    return found


def _via(it: Thread, known: Beside, words: Words) -> str:
    if it.id in known.workflows:
        return words.text("by the workflow %(name)s", name=known.workflows[it.id])
    return words.text(VIA[it.source_type]) if it.source_type in VIA else ""


async def _trusted(view: Snapshot, it: Conversation, customer_ids: set[int]) -> set[int]:
    """Of the customers those whose letters come with the pictures of other hosts (email rules 6.4)."""
    inbox = await mail_inboxes.find(view, it.inbox_id)
    return customer_ids if inbox and inbox.options.shows_pictures else await allowed(view, customer_ids)


def _entry(actor: Actor, it: Thread, known: Beside, words: Words, origins: Origins) -> Entry:
    files = known.files.get(it.id, [])
    reached = [_reached(each, known, words) for each in known.reached.get(it.id, [])]
    suspect = known.suspects.get(it.source_blob or "")
    may_edit = actor.may(Permission.EDIT_THREADS)
    speaks = it.type in CUSTOMER_SPEAKS
    kind = (
        "draft"
        if it.state is ThreadState.DRAFT
        else "customer"
        if speaks
        else "note"
        if it.type is ThreadType.NOTE
        else "reply"
    )
    trusted = suspect is None and it.created_by_customer_id in known.trusted
    body = it.body or ""
    cut = len(body) if it.quoted_at is None else it.quoted_at
    in_text = pictures_in(body)
    return Entry(
        id=it.id,
        kind=kind,
        author=_author(it, known),
        how=words.text("has not sent this yet" if kind == "draft" else WHO.get(it.type, N_("wrote"))),
        via=_via(it, known, words) if kind != "draft" else "",
        at=it.created_at,
        own=_calling(_part(body[:cut], pictures=trusted), known) if kind == "note" else _part(body[:cut], pictures=trusted),
        quoted=_part(body[cut:], pictures=trusted),
        files=[_file(each, words, origins) for each in files if each.content_id not in in_text],
        to=[*it.to, *it.cc],
        is_hidden=it.state is ThreadState.HIDDEN,
        opened_at=it.opened_at,
        scheduled_for=it.scheduled_for,
        may_edit=may_edit,
        may_hide=may_edit and it.type in HIDABLE and it.state is not ThreadState.DRAFT,
        may_forward=actor.may(Permission.EDIT_CONVERSATIONS),
        may_quote=may_quote(it),
        has_source=it.source_blob is not None,
        reached=reached,
        failed=sum(each.is_bad for each in reached),
        rating=it.rating,
        rating_comments=it.rating_comments,
        suspect=suspect.from_domain if suspect else "",
        is_partial=it.source_blob in known.partial,
        customer_id=it.created_by_customer_id if suspect is None and actor.may(Permission.EDIT_CUSTOMERS) else None,
    )


def _reached(it: shown.Reached, known: Beside, words: Words) -> Reached:
    """What waits for long is delayed, whatever keeps it (email rules 8.8)."""
    is_late = it.state is DeliveryState.WAITING and known.now - it.changed_at > LATE
    told = REACHED[DeliveryState.DELAYED if is_late else it.state]
    said = it.words or ""
    server = said if said.startswith(it.code or "") else f"{it.code} {said}".strip()
    return Reached(it.address, words.text(told), server, it.changed_at, it.state is DeliveryState.FAILED)


def _author(it: Thread, known: Beside) -> Face:
    if it.created_by_customer_id is not None:
        return face(it.created_by_customer_id, it.author_first, it.author_last, it.author_email)
    name = it.creator_email or known.workflows.get(it.id) or "Deskhand"
    return face(it.created_by_user_id or 0, it.creator_first, it.creator_last, name, photo=it.creator_photo)


def _part(html: str, *, pictures: bool) -> Part | None:
    if not html.strip():
        return None
    cleaned = clean(html)
    if PLAIN.fullmatch(cleaned):
        return Part(cleaned, 0)
    _, blocked = with_remote_pictures(cleaned, None)
    pictures = pictures and blocked > 0
    lines = min(max(_lines(cleaned, plain_text(html)), SHORTEST_FRAME), LONGEST_FRAME)
    return Part("", lines, 0 if pictures else blocked, pictures)


def _lines(html: str, text: str) -> int:
    """About how high it is in a frame: its text, the space that blocks and styles keep free, and its pictures."""
    pixels = sum(int(size) * (1 if side else 2) for side, size in SPACE.findall(html))
    pixels += sum(int(found[1]) if (found := HEIGHT.search(tag)) else PICTURE_PIXELS for tag in IMAGE.findall(html))
    pixels += BLOCK_PIXELS * len(BLOCK.findall(html)) + HEADING_PIXELS * len(HEADING.findall(html))
    lines = sum(-(-len(line.strip()) // LINE_CHARACTERS) for line in text.splitlines()) + len(EMPTY.findall(html))
    return lines + 2 + pixels // LINE_PIXELS


def _calling(it: Part | None, known: Beside) -> Part | None:
    """A note that stands in the page, with marks around the names that it calls."""
    if it is None or it.lines:
        return it

    def mark(found: re.Match[str]) -> str:
        ids = known.called.get(found[1].lower())
        if not ids:
            return found[0]
        strong = " mention-me" if known.me in ids else ""
        return f'<mark class="mention{strong}" data-of="{" ".join(map(str, sorted(ids)))}">{found[0]}</mark>'

    return replace(it, html="".join(each if each.startswith("<") else MENTION.sub(mark, each) for each in TAG.split(it.html)))


def _file(it: Attachment, words: Words, origins: Origins) -> FileLink:
    small = it.size_bytes <= MOST_PICTURE_BYTES and it.width * it.height <= MOST_PICTURE_PIXELS
    is_picture = it.mime_type.lower() in PICTURES and small
    is_image = it.mime_type.startswith("image/")
    return FileLink(it.filename, words.size(it.size_bytes), web_link(it, origins), is_image, is_picture)


def _happening(it: Thread, known: Beside, words: Words) -> Happening:
    who = it.creator_first or it.author_first or ""
    via = _via(it, known, words)
    if not who and (name := known.workflows.get(it.id)):
        who, via = words.text("The workflow %(name)s", name=name), ""
    text = words.told(it.action_text or it.action_type)
    if until := (it.action_entities or {}).get("until"):
        text = words.text("snoozed the conversation until %(when)s", when=words.exact(from_microseconds(until)))
    return Happening(who or "Deskhand", text, via, HAPPENINGS.get(it.action_type, "circle-dot"), it.created_at)
