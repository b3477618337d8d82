"""What a user answered: a row for each conversation in which they did."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import BigInteger, Float, case, cast, func, literal, select

from deskhand.conversations.model import Status
from deskhand.conversations.tables import conversations
from deskhand.customers.tables import customers
from deskhand.kernel.storage.statements import Read, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import Kind
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.measures import RESPONDS, happened, taken, total
from deskhand.reports.queries.scope import Scope, Shape, of_facts
from deskhand.reports.tables import report_facts

f = report_facts.c


class HistorySort(StrEnum):
    """What the rows can be sorted by, in the vendor's spelling."""

    NUMBER = "number"
    REPLIES_SENT = "repliesSent"
    RESPONSE_TIME = "responseTime"
    RESOLVE_TIME = "resolveTime"


class Answered(Struct, frozen=True):
    """A conversation, and what the user did there; times are in seconds."""

    id: int
    number: int
    status: Status
    customer_id: int
    customer_first: str | None
    customer_last: str | None
    customer_email: str | None
    replies: int
    responses: int
    response_seconds: int
    first_seconds: int | None
    resolve_seconds: int | None
    total: int


@shaped
def _listed(shape: Shape, by: HistorySort, *, ascending: bool, in_status: bool, office: bool, counts: bool) -> Read[Any]:
    first = func.max(case((f.is_first, taken(office)))).label("first_seconds")
    measured = [
        func.count().label("replies"),
        func.count(taken(office)).label("responses"),
        total(case((RESPONDS, taken(office)))).label("response_seconds"),
        cast(first, BigInteger).label("first_seconds"),
    ]
    did = select(f.conversation_id, *measured).where(*happened((Kind.REPLY,)), *of_facts(shape)).group_by(f.conversation_id)
    done = did.cte("done").prefix_with("MATERIALIZED")
    ended = report_facts.alias("ended")
    resolved = (
        select(ended.c.office_seconds if office else ended.c.seconds)
        .where(
            ended.c.conversation_id == done.c.conversation_id,
            ended.c.kind == literal(int(Kind.CLOSING)),
            ended.c.replies.is_not(None),
            ended.c.at >= param("first"),
            ended.c.at <= param("last"),
        )
        .scalar_subquery()
    )
    c = conversations.c
    rows = done.join(conversations, c.id == done.c.conversation_id).join(customers, customers.c.id == c.customer_id)
    if counts:
        counted = select(func.count()).select_from(rows)
        return read(counted.where(c.status == param("status")) if in_status else counted, int)
    columns = [c.id, c.number, c.status, c.customer_id, customers.c.first_name, customers.c.last_name, customers.c.email]
    numbers = [done.c[name] for name in ("replies", "responses", "response_seconds", "first_seconds")]
    statement = select(*columns, *numbers, resolved.label("resolve_seconds"), func.count().over().label("total")).select_from(
        rows
    )
    if in_status:
        statement = statement.where(c.status == param("status"))
    keys: dict[HistorySort, Any] = {
        HistorySort.NUMBER: c.number,
        HistorySort.REPLIES_SENT: done.c.replies,
        HistorySort.RESPONSE_TIME: cast(done.c.response_seconds, Float) / func.nullif(done.c.responses, literal(0)),
        HistorySort.RESOLVE_TIME: resolved,
    }
    key = keys[by]
    ordered = statement.order_by(key.is_(None), key.asc() if ascending else key.desc(), c.number.desc())
    return read(ordered.limit(param("most")).offset(param("skip")), Answered)


async def page(
    view: Snapshot,
    it: Scope,
    span: Span,
    *,
    status: Status | None,
    by: HistorySort,
    ascending: bool,
    office: bool,
    number: int,
    size: int,
) -> tuple[list[Answered], int]:
    """A page of the conversations that some users replied to, and how many there are; what is unknown comes last."""
    values: dict[str, Any] = it.values | {"first": span.first, "last": span.last}
    values |= {} if status is None else {"status": status}
    flags = {"ascending": ascending, "in_status": status is not None, "office": office}
    skip = (number - 1) * size
    found = await view.all_slowly(_listed(it.shape, by, counts=False, **flags), **values, most=size, skip=skip)
    if found or not skip:
        return found, found[0].total if found else 0
    (counted,) = await view.all_slowly(_listed(it.shape, by, counts=True, **flags), **values)
    return [], counted
