"""Conversations as conditions see them: many in seven statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import func, or_, select

from deskhand.conversations.model import (
    CUSTOMER_SPEAKS,
    ConversationState,
    ConversationType,
    LatestReply,
    Rating,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
)
from deskhand.conversations.queries import one
from deskhand.conversations.tables import conversations, threads
from deskhand.customers.model import EntryKind
from deskhand.customers.queries.one import entries_of, values_of
from deskhand.customers.tables import customers
from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.organizations.tables import organizations
from deskhand.workflows.model.definition import Definition, placed
from deskhand.workflows.model.facts import Happening, Trigger
from deskhand.workflows.model.fields import FieldName, Speaker
from deskhand.workflows.model.judging import Said, Scene

LONGEST_TEXT = 50_000  # characters of an entry that conditions see


class Row(Struct, frozen=True):
    """A conversation with its customer's names."""

    id: int
    number: int
    inbox_id: int
    state: ConversationState
    status: Status
    type: ConversationType
    source_via: Via
    source_type: str
    customer_id: int
    assignee_id: int | None
    subject: str
    preview: str
    cc: list[str]
    has_attachments: bool
    snoozed_until: datetime | None
    thread_count: int
    latest_reply_from: LatestReply
    waiting_since: datetime
    created_at: datetime
    first_name: str | None
    last_name: str | None
    organization: str | None


class Line(Struct, frozen=True):
    """An entry, as far as conditions ask."""

    id: int
    conversation_id: int
    type: ThreadType
    state: ThreadState
    status: ThreadStatus
    source_type: str
    to: list[str]
    cc: list[str]
    rating: Rating | None
    created_at: datetime


class Body(Struct, frozen=True):
    """The text of an entry, HTML."""

    thread_id: int
    body: str | None


class Place(Struct, frozen=True):
    """Where a conversation is, and its newest entry."""

    inbox_id: int
    state: ConversationState
    newest_id: int | None


c, t = conversations.c, threads.c
_linked = select(organizations.c.name).where(organizations.c.id == customers.c.organization_id).scalar_subquery()
_rows = select(
    *(c[name] for name in Row.__struct_fields__[:-3]),
    customers.c.first_name,
    customers.c.last_name,
    func.coalesce(_linked, customers.c.organization),
).join_from(conversations, customers, customers.c.id == c.customer_id)
ROWS = read(_rows.where(any_of(c.id, "ids")), Row)
NEWEST = read(
    select(c.id).where(c.inbox_id == param("inbox_id"), c.shelf == param("shelf")).order_by(c.id.desc()).limit(param("most")),
    int,
)
BODIES = read(select(t.id, t.body).where(any_of(t.id, "ids")), Body)
LINES = read(
    select(*(t[name] for name in Line.__struct_fields__))
    .where(any_of(t.conversation_id, "ids"))
    .order_by(t.conversation_id, t.created_at, t.id),
    Line,
)
_newest = select(func.max(t.id)).where(t.conversation_id == c.id).scalar_subquery()
PLACE = read(select(c.inbox_id, c.state, _newest).where(c.id == param("conversation_id")), Place)
REPLIES_SINCE = read(
    select(func.count())
    .select_from(threads)
    .where(
        t.conversation_id == param("conversation_id"),
        t.type == ThreadType.MESSAGE.value,
        t.state == ThreadState.PUBLISHED.value,
        t.source_type == "workflows",
        t.created_at > param("since"),
    ),
    int,
)
ANSWERED = read(
    select(t.id)
    .where(
        t.conversation_id == param("conversation_id"),
        t.type == ThreadType.MESSAGE.value,
        t.state == ThreadState.PUBLISHED.value,
        t.source_type != "workflows",
        t.imported.is_(False),
        or_(t.id > param("newest_id"), t.created_at > param("at")),  # a draft that is sent keeps its id
    )
    .limit(1),
    int,
)


async def newest(view: Snapshot, inbox_id: int, most: int) -> list[int]:
    """The newest conversations of an inbox that are out: a short range of an index for each status."""
    found = [each for shelf in Status for each in await view.all_slowly(NEWEST, inbox_id=inbox_id, shelf=shelf, most=most)]
    return sorted(found, reverse=True)[:most]


async def load(view: Snapshot, ids: list[int], happening: Happening | None, of: Iterable[Definition]) -> list[Scene]:
    """Conversations that are out, in the order of their ids, as the conditions of these definitions see them: texts are read
    only where one asks. Without a happening triggers count as met, and what was said is the newest entry."""
    rows = [each for each in sorted(await view.all(ROWS, ids=ids), key=lambda each: each.id) if _is_out(each)]
    if not rows:
        return []
    ids, customer_ids = [each.id for each in rows], [each.customer_id for each in rows]
    lines: dict[int, list[Line]] = defaultdict(list)
    tag_ids: dict[int, list[int]] = defaultdict(list)
    values: dict[int, dict[str, str]] = defaultdict(dict)
    for line in await view.all(LINES, ids=ids):
        if line.state is ThreadState.PUBLISHED:
            lines[line.conversation_id].append(line)
    said = {row.id: _said(lines[row.id], happening) for row in rows}
    texts = await _texts(view, lines, said, {each.name for it in of for _, each in placed(it.conditions)})
    for tag in await view.all(one.TAGS, ids=ids):
        tag_ids[tag.conversation_id].append(tag.id)
    for value in await view.all(one.FIELDS, ids=ids):
        values[value.conversation_id][str(value.id)] = value.value
    entries = await entries_of(view, customer_ids)
    properties = await values_of(view, customer_ids)
    return [
        _scene(
            row,
            lines[row.id],
            said[row.id],
            texts,
            tag_ids[row.id],
            values[row.id],
            [each.value for each in entries.get(row.customer_id, []) if each.kind is EntryKind.EMAIL],
            {each.slug: each.label or each.value for each in properties.get(row.customer_id, [])},
            happening,
            view.now,
        )
        for row in rows
    ]


def _is_out(row: Row) -> bool:
    return row.state is ConversationState.PUBLISHED


def _scene(
    row: Row,
    lines: list[Line],
    newest: Line | None,
    texts: dict[int, str],
    tag_ids: list[int],
    values: dict[str, str],
    emails: list[str],
    properties: dict[str, str],
    happening: Happening | None,
    now: datetime,
) -> Scene:
    said = [each for each in lines if each.type is not ThreadType.LINE_ITEM]
    waits = row.latest_reply_from is LatestReply.CUSTOMER and row.status in (Status.ACTIVE, Status.PENDING)
    return Scene(
        id=row.id,
        number=row.number,
        inbox_id=row.inbox_id,
        status=row.status,
        type=row.type,
        via=row.source_via,
        source=row.source_type,
        assignee_id=row.assignee_id,
        tag_ids=tag_ids,
        subject=row.subject,
        preview=row.preview,
        bodies=[texts.get(each.id, "") for each in said if each.type is not ThreadType.NOTE],
        cc=row.cc,
        has_attachments=row.has_attachments,
        is_snoozed=row.snoozed_until is not None,
        threads=row.thread_count,
        rating=next((each.rating for each in reversed(said) if each.rating is not None), None),
        latest_reply_from=row.latest_reply_from,
        created_at=row.created_at,
        values=values,
        emails=emails,
        name=" ".join(each for each in (row.first_name, row.last_name) if each),
        organization=row.organization or "",
        properties=properties,
        thread=None if newest is None else _thread(newest, texts),
        triggers=None if happening is None else frozenset(happening.triggers),
        waiting_since=row.waiting_since if waits else None,
        customer_replied_at=max((each.created_at for each in said if each.type in CUSTOMER_SPEAKS), default=None),
        user_replied_at=max((each.created_at for each in said if each.type is ThreadType.MESSAGE), default=None),
        status_changed_at=_status_changed_at(row, lines),
        now=now,
    )


async def _texts(
    view: Snapshot, lines: dict[int, list[Line]], said: dict[int, Line | None], asked: set[FieldName]
) -> dict[int, str]:
    """The texts that conditions ask for, by the id of their entry."""
    ids = {each.id for each in said.values() if each and FieldName.THREAD_BODY in asked}
    if FieldName.BODY in asked:
        ids |= {each.id for several in lines.values() for each in several if each.type is not ThreadType.LINE_ITEM}
    return (
        {each.thread_id: plain_text(each.body or "")[:LONGEST_TEXT] for each in await view.all(BODIES, ids=sorted(ids))}
        if ids
        else {}
    )


def _said(lines: list[Line], happening: Happening | None) -> Line | None:
    """What the operation said; of one that began the conversation, or of none, the newest there is."""
    said = [each for each in lines if each.type is not ThreadType.LINE_ITEM]
    if happening is not None and happening.thread_id:
        return next((each for each in said if each.id == happening.thread_id), None)
    if happening is None or Trigger.CREATED in happening.triggers:
        known = [each for each in said if happening is None or each.id <= happening.newest_id]
        return known[-1] if known else None
    return None


def _thread(found: Line, texts: dict[int, str]) -> Said:
    by = Speaker.WORKFLOW if found.source_type == "workflows" else Speaker.USER
    if found.type in CUSTOMER_SPEAKS:
        by = Speaker.CUSTOMER
    return Said(found.id, found.type, by, texts.get(found.id, ""), found.to, found.cc)


def _status_changed_at(row: Row, lines: list[Line]) -> datetime:
    """When the status last became another: entries tell what it was after them."""
    at = None
    for each in reversed([each for each in lines if each.status is not ThreadStatus.NO_CHANGE]):
        if each.status.value != row.status.value:
            return at or row.created_at
        at = each.created_at
    return row.created_at
