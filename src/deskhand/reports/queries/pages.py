"""Pages of the conversations behind a number: found by their facts, shown as they are today."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, ColumnElement, Select, and_, exists, func, literal, select
from sqlalchemy.sql.selectable import CTE

from deskhand.conversations.model import ConversationType, LatestReply, Status
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import ConversationTag
from deskhand.conversations.tables import conversation_tags, conversations
from deskhand.customers.tables import customers
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.ranges import REPLIES, RESPONSE, ends
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.measures import ANSWERED, NEW, RESOLVES, RESPONDS, SAID, happened, opens
from deskhand.reports.queries.scope import UNTAGGED, Scope, Shape, of_facts
from deskhand.reports.tables import report_facts
from deskhand.users.tables import users

f = report_facts.c
c = conversations.c


class Behind(StrEnum):
    """Which conversations: what each number counts."""

    ACTIVE = "active"
    NEW = "new"
    THEIRS = "theirs"
    REPLIES = "replies"
    RESOLVED = "resolved"
    FIRST_REPLY_RESOLVED = "firstReplyResolved"
    RESPONSE_TIME = "responseTime"
    FIRST_RESPONSE_TIME = "firstResponseTime"
    TAG = "tagid"
    NO_TAG = "no-tag"
    SAVED_REPLY = "replyid"
    WORKFLOW = "workflowid"
    CUSTOMER = "customerid"


class Shown(Struct, frozen=True):
    """A conversation in a list, with its customer and owner."""

    id: int
    number: int
    type: ConversationType
    inbox_id: int
    has_attachments: bool
    subject: str
    status: Status
    thread_count: int
    preview: str
    customer_id: int
    modified_at: datetime
    assignee_id: int | None
    waiting_since: datetime
    latest_reply_from: LatestReply
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    assignee_first: str | None
    assignee_last: str | None


class Page(Struct, frozen=True):
    """Some conversations with their tags, and how many there are in all."""

    conversations: list[Shown]
    tags: dict[int, list[ConversationTag]]
    total: int


class Match(Struct, frozen=True):
    """A conversation that was found, and how many were in all."""

    id: int
    total: int


SHOWN = read(
    select(
        *(c[name] for name in Shown.__struct_fields__[: Shown.__struct_fields__.index("customer_first")]),
        customers.c.first_name,
        customers.c.last_name,
        customers.c.email,
        users.c.first_name,
        users.c.last_name,
    )
    .select_from(conversations.join(customers, customers.c.id == c.customer_id).outerjoin(users, users.c.id == c.assignee_id))
    .where(any_of(c.id, "ids")),
    Shown,
)


def active(shape: Shape, *columns: ColumnElement[Any]) -> CTE:
    """The conversations in which something was said in an interval, once each; with further columns of facts."""
    found = select(f.conversation_id, *columns).where(*happened(SAID), opens, *of_facts(shape))
    return found.cte("active")


def _with(kinds: tuple[Kind, ...], *conditions: ColumnElement[bool]) -> Callable[[Shape], Select[Any]]:
    return lambda shape: select(f.conversation_id).where(*happened(kinds), *conditions, *of_facts(shape))


def _by_replies(shape: Shape) -> Select[Any]:
    number = func.count(type_=BigInteger())
    grouped = _with((Kind.REPLY,))(shape).group_by(f.conversation_id)
    return grouped.having(and_(number >= param("low"), number < param("high")))


def _having_tag(shape: Shape) -> Select[Any]:
    tagged = select(conversation_tags.c.conversation_id).where(conversation_tags.c.tag_id == param("field_id"))
    return _with(SAID, opens, f.conversation_id.in_(tagged))(shape)


def _having_no_tag(shape: Shape) -> Select[Any]:
    tags = select(conversation_tags.c.tag_id).where(conversation_tags.c.conversation_id == f.conversation_id)
    return _with(SAID, opens, ~exists(tags))(shape)


def _having_workflow(shape: Shape) -> Select[Any]:
    used = _with((Kind.WORKFLOW,), f.used_id == param("field_id"))(shape)
    return _with(SAID, opens, f.conversation_id.in_(used))(shape)


def _slow(column: ColumnElement[Any]) -> ColumnElement[bool]:
    return and_(column >= param("low"), column < param("high"))


FINDERS: dict[Behind, Callable[[Shape], Select[Any]]] = {
    Behind.ACTIVE: _with(SAID, opens),
    Behind.NEW: _with((Kind.START,), NEW),
    Behind.THEIRS: _with(ANSWERED),
    Behind.REPLIES: _by_replies,
    Behind.RESOLVED: _with((Kind.CLOSING,), RESOLVES),
    Behind.FIRST_REPLY_RESOLVED: _with((Kind.CLOSING,), f.replies == literal(1)),
    Behind.RESPONSE_TIME: _with((Kind.REPLY,), RESPONDS, _slow(f.seconds)),
    Behind.FIRST_RESPONSE_TIME: _with((Kind.REPLY,), RESPONDS, f.is_first, _slow(f.seconds)),
    Behind.TAG: _having_tag,
    Behind.NO_TAG: _having_no_tag,
    Behind.SAVED_REPLY: _with(ANSWERED, f.used_id == param("field_id")),
    Behind.WORKFLOW: _having_workflow,
    Behind.CUSTOMER: _with(SAID, opens, f.customer_id == param("field_id")),
}


@shaped
def _finding(behind: Behind, shape: Shape) -> Read[Match]:
    """A page of ids with how many there are, found once for both."""
    found = select(c.id, c.modified_at).where(c.id.in_(FINDERS[behind](shape))).cte("found").prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(found).scalar_subquery().label("total")
    page = select(found.c.id, total).order_by(found.c.modified_at.desc(), found.c.id.desc())
    return read(page.limit(param("most")).offset(param("skip")), Match)


@shaped
def _counting(behind: Behind, shape: Shape) -> Read[int]:
    return read(select(func.count()).select_from(conversations).where(c.id.in_(FINDERS[behind](shape))), int)


async def page(
    view: Snapshot,
    it: Scope,
    span: Span,
    behind: Behind,
    number: int,
    size: int,
    *,
    range_id: int | None = None,
    field_id: int | None = None,
) -> Page:
    """A page of the conversations behind a number, the newest change first; of a range, or about one thing."""
    values: dict[str, Any] = it.values | {"first": span.first, "last": span.last}
    if behind in (Behind.REPLIES, Behind.RESPONSE_TIME, Behind.FIRST_RESPONSE_TIME):
        borders = REPLIES if behind is Behind.REPLIES else RESPONSE
        values["low"], values["high"] = (-(2**62), 2**62) if range_id is None else ends(range_id, borders)
    if behind is Behind.TAG and field_id == UNTAGGED:
        behind = Behind.NO_TAG
    elif field_id is not None:
        values["field_id"] = field_id
    skip = (number - 1) * size
    matches = await view.all_slowly(_finding(behind, it.shape), **values, most=size, skip=skip)
    if matches or not skip:
        total = matches[0].total if matches else 0
    else:
        (total,) = await view.all_slowly(_counting(behind, it.shape), **values)
    return await _page(view, [each.id for each in matches], total)


async def _page(view: Snapshot, ids: list[int], total: int) -> Page:
    shown = {each.id: each for each in await view.all(SHOWN, ids=ids)} if ids else {}
    tags: dict[int, list[ConversationTag]] = {}
    for tag in await view.all(one.TAGS, ids=ids) if ids else []:
        tags.setdefault(tag.conversation_id, []).append(tag)
    return Page([shown[each] for each in ids if each in shown], tags, total)
