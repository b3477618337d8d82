"""The conversation resource (contract 10 §2)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.conversations.model import Status
from deskhand.conversations.queries.records import Conversation, ConversationTag, FieldValue
from deskhand.conversations.schemas.people import Person, person
from deskhand.conversations.schemas.threads import ThreadBody
from deskhand.kernel.http.hal import Link, Origins

TAG_COLORS = {
    "none": "#929499",
    "grey": "#929499",
    "gray": "#929499",
    "blue": "#3197D6",
    "green": "#4BC27D",
    "orange": "#ED8B3C",
    "yellow": "#F2C94C",
    "red": "#E52F28",
    "purple": "#8B5CC9",
    "brown": "#8A6D5B",
    "black": "#394956",
}


class WaitingSince(Struct, gc=False):
    """Since when somebody waits (UTC), in words too."""

    time: datetime
    friendly: str
    latest_reply_from: str = field(name="latestReplyFrom")


class SourceBody(Struct, gc=False):
    """Where something came from."""

    type: str
    via: str


class TagBody(Struct, gc=False):
    """A tag on a conversation: its name is under ``tag``, its colour in hex."""

    id: int
    color: str
    tag: str


class FieldBody(Struct, gc=False):
    """A custom field's value, always text; ``text`` is the label of a dropdown's option."""

    id: int
    name: str
    value: str
    text: str


class SnoozeBody(Struct, rename="camel", gc=False):
    """A snooze in force."""

    snoozed_by: int
    snoozed_until: datetime
    unsnooze_on_customer_reply: bool


class NextEvent(Struct, rename="camel", gc=False):
    """What will happen by itself next: ``snooze`` or ``scheduled``."""

    time: datetime
    event_type: str
    user_id: int
    cancel_on_customer_reply: bool


class ConversationLinks(Struct, kw_only=True, rename="camel", gc=False):
    """The links of a conversation."""

    assignee: Link | UnsetType = UNSET
    closed_by: Link
    created_by_customer: Link | UnsetType = UNSET
    created_by_user: Link | UnsetType = UNSET
    mailbox: Link
    primary_customer: Link
    self_: Link = field(name="self")
    threads: Link
    web: Link


class EmbeddedThreads(Struct):
    """All threads, newest first."""

    threads: list[ThreadBody]


class ConversationBody(Struct, kw_only=True, rename="camel"):
    """A conversation, as the API gives it everywhere."""

    id: int
    number: int
    threads: int
    type: str
    folder_id: int
    status: str
    state: str
    subject: str
    preview: str
    inbox_id: int = field(name="mailboxId")
    assignee: Person | UnsetType = UNSET
    created_by: Person
    created_at: datetime
    closed_by: int
    closed_by_user: Person | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET
    user_updated_at: datetime
    customer_waiting_since: WaitingSince
    source: SourceBody
    tags: list[TagBody]
    cc: list[str]
    bcc: list[str]
    primary_customer: Person
    custom_fields: list[FieldBody]
    snooze: SnoozeBody | UnsetType = UNSET
    next_event: NextEvent | UnsetType = UNSET
    embedded: EmbeddedThreads | UnsetType = field(default=UNSET, name="_embedded")
    links: ConversationLinks = field(name="_links")


class EmbeddedConversations(Struct):
    """The conversations of a page."""

    conversations: list[ConversationBody]


def conversation_body(
    it: Conversation,
    tags: list[ConversationTag],
    fields: list[FieldValue],
    threads: list[ThreadBody] | UnsetType,
    now: datetime,
    origins: Origins,
) -> ConversationBody:
    """A record and what hangs on it, as the resource of contract 10 §2."""
    return ConversationBody(
        id=it.id,
        number=it.number,
        threads=it.thread_count,
        type=it.type,
        folder_id=it.folder_id,
        status=it.status,
        state=it.state,
        subject=it.subject,
        preview=it.preview,
        inbox_id=it.inbox_id,
        assignee=_assignee(it, origins),
        created_by=_creator(it, origins),
        created_at=it.created_at,
        closed_by=it.closed_by or 0,
        closed_by_user=_closer(it, origins),
        closed_at=it.closed_at if it.closed_at and it.status is Status.CLOSED else UNSET,
        user_updated_at=it.user_updated_at,
        customer_waiting_since=WaitingSince(it.waiting_since, friendly(it.waiting_since, now), it.latest_reply_from),
        source=SourceBody(it.source_type, it.source_via),
        tags=[TagBody(tag.id, TAG_COLORS.get(tag.color, TAG_COLORS["none"]), tag.name) for tag in tags],
        cc=it.cc,
        bcc=it.bcc,
        primary_customer=person(
            it.customer_id, "customer", it.customer_first, it.customer_last, it.customer_email, it.customer_photo
        ),
        custom_fields=[FieldBody(each.id, each.name, each.value, each.label or each.value) for each in fields],
        snooze=SnoozeBody(it.snoozed_by or 0, it.snoozed_until, it.wakes_on_reply) if it.snoozed_until else UNSET,
        next_event=_next_event(it),
        embedded=UNSET if threads is UNSET else EmbeddedThreads(threads),
        links=_links(it, origins),
    )


def friendly(since: datetime, now: datetime) -> str:
    """How long ago, as the vendor says it (contract 10 §2.3); UTC."""
    ago = now - since
    if ago < timedelta(minutes=1):
        return "Just now"
    if ago < timedelta(hours=1):
        return f"{ago.seconds // 60} min ago"
    if ago < timedelta(days=1):
        return _ago(ago.seconds // 3600, "hour")
    if ago < timedelta(days=7):
        return _ago(ago.days, "day")
    date = f"{MONTHS[since.month - 1]} {since.day}"
    return date if since.year == now.year else f"{date}, '{since.year % 100:02d}"


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _ago(count: int, unit: str) -> str:
    return f"{count} {unit} ago" if count == 1 else f"{count} {unit}s ago"


def _assignee(it: Conversation, origins: Origins) -> Person | UnsetType:
    if it.assignee_id is None:
        return UNSET
    return person(
        it.assignee_id,
        it.assignee_type or "user",
        it.assignee_first,
        it.assignee_last,
        it.assignee_email,
        origins.photo(it.assignee_photo),
    )


def _creator(it: Conversation, origins: Origins) -> Person:
    if it.created_by_user_id is not None:
        return person(
            it.created_by_user_id, "user", it.creator_first, it.creator_last, it.creator_email, origins.photo(it.creator_photo)
        )
    assert it.created_by_customer_id is not None
    return person(it.created_by_customer_id, "customer", it.founder_first, it.founder_last, it.founder_email, it.founder_photo)


def _closer(it: Conversation, origins: Origins) -> Person | UnsetType:
    if it.closed_by is None:
        return UNSET
    return person(it.closed_by, "user", it.closer_first, it.closer_last, it.closer_email, origins.photo(it.closer_photo))


def _next_event(it: Conversation) -> NextEvent | UnsetType:
    """The earlier of a snooze's end and a scheduled reply."""
    waits = []
    if it.snoozed_until:
        waits.append(NextEvent(it.snoozed_until, "snooze", it.snoozed_by or 0, it.wakes_on_reply))
    if it.scheduled_for:
        waits.append(NextEvent(it.scheduled_for, "scheduled", it.scheduled_by or 0, it.unschedules_on_reply))
    return min(waits, key=lambda wait: wait.time) if waits else UNSET


def _links(it: Conversation, origins: Origins) -> ConversationLinks:
    api = origins.api + "/v2"
    here = f"{api}/conversations/{it.id}"
    by_customer = it.created_by_customer_id
    assignee: Any = UNSET
    if it.assignee_id is not None:
        kind = "teams" if it.assignee_type == "team" else "users"
        assignee = Link(f"{api}/{kind}/{it.assignee_id}")
    return ConversationLinks(
        assignee=assignee,
        closed_by=Link(f"{api}/users/{it.closed_by or 0}"),
        created_by_customer=UNSET if by_customer is None else Link(f"{api}/customers/{by_customer}"),
        created_by_user=UNSET if by_customer is not None else Link(f"{api}/users/{it.created_by_user_id}"),
        mailbox=Link(f"{api}/mailboxes/{it.inbox_id}"),
        primary_customer=Link(f"{api}/customers/{it.customer_id}"),
        self_=Link(here),
        threads=Link(f"{here}/threads/"),
        web=Link(f"{origins.web}/conversation/{it.id}/{it.number}"),
    )
