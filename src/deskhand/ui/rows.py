"""Rows of a list of conversations, as a reader takes them in: who, what about, since when, whose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from msgspec import Struct

from deskhand.conversations.model import ConversationState, LatestReply, Status
from deskhand.conversations.queries import one, presence, seen
from deskhand.conversations.queries.records import Conversation, ConversationTag
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.ui.people import Face, Here, face

WARNS_AFTER = timedelta(hours=4)
ALARMS_AFTER = timedelta(hours=24)


class Row(Struct, frozen=True):
    """A conversation in a list. ``when`` says how long the customer has waited (``level`` ``warn`` or ``bad`` when that is too
    long), or when it last changed; ``more_tags`` are the names behind the first; ``newest`` is the entry
    that may be unread, 0 for none, and ``by`` the user whose it is; ``inbox`` is named where a list is of
    several, ``href`` given where it leads elsewhere than to the conversation."""

    id: int
    number: int
    who: str
    subject: str
    preview: str
    threads: int
    when: str
    level: str
    waits: bool
    tag: ConversationTag | None
    more_tags: list[str]
    assignee: Face | None
    is_draft: bool
    is_snoozed: bool
    customer_id: int
    here: list[Here]
    newest: int
    by: int
    inbox: str = ""
    href: str = ""


async def rows(view: Snapshot, found: list[Conversation], words: Words, inboxes: Mapping[int, str]) -> list[Row]:
    """Conversations in the order given; ``inboxes`` are the names of those that are told."""
    tags: dict[int, list[ConversationTag]] = {}
    if found:
        for each in await view.all(one.TAGS, ids=[it.id for it in found]):
            tags.setdefault(each.conversation_id, []).append(each)
    present = await here(view, [it.id for it in found])
    said = await seen.newest(view, [it.id for it in found if it.status in seen.UNREAD])
    return [
        _row(view, it, tags.get(it.id, []), present.get(it.id, []), said.get(it.id), words, inboxes.get(it.inbox_id, ""))
        for it in found
    ]


async def here(view: Snapshot, ids: list[int]) -> dict[int, list[Here]]:
    """Who is at each of these conversations."""
    present = await presence.at(view, ids)
    return {
        it: [Here(face(each.user_id, each.first_name, each.last_name, photo=each.photo), each.writes) for each in several]
        for it, several in present.items()
    }


def _row(
    view: Snapshot,
    it: Conversation,
    tags: list[ConversationTag],
    present: list[Here],
    said: seen.Newest | None,
    words: Words,
    inbox: str,
) -> Row:
    is_there = it.state is not ConversationState.DELETED
    waits = is_there and it.status is Status.ACTIVE and it.latest_reply_from is LatestReply.CUSTOMER
    waited = view.now - it.waiting_since
    level = "bad" if waited >= ALARMS_AFTER else "warn" if waited >= WARNS_AFTER else ""
    return Row(
        id=it.id,
        number=it.number,
        who=customer_name(it),
        subject=it.subject or words.text("No subject"),
        preview=it.preview,
        threads=it.thread_count,
        when=words.since(it.waiting_since) if waits else words.short(it.user_updated_at),
        level=level if waits else "",
        waits=waits,
        tag=tags[0] if tags else None,
        more_tags=[each.name for each in tags[1:]],
        assignee=_assignee(it),
        is_draft=it.state is ConversationState.DRAFT,
        is_snoozed=it.snoozed_until is not None,
        customer_id=it.customer_id,
        here=present,
        newest=said.thread_id if said else 0,
        by=(said.user_id or 0) if said else 0,
        inbox=inbox,
    )


def _assignee(it: Conversation) -> Face | None:
    if it.assignee_id is None:
        return None
    return face(it.assignee_id, it.assignee_first, it.assignee_last, photo=it.assignee_photo)


def customer_name(it: Conversation) -> str:
    """The customer's name, or their address."""
    return f"{it.customer_first or ''} {it.customer_last or ''}".strip() or it.customer_email or "?"
