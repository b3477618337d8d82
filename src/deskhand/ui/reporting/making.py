"""What several reports have: numbers over time, groups of numbers, and ranges."""

from __future__ import annotations

from typing import Any

from msgspec import UNSET, Struct, structs

from deskhand.conversations.model import ConversationType
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.reports.bodies import lists
from deskhand.reports.bodies.asked import Asked
from deskhand.reports.model.ranges import RESPONSE
from deskhand.reports.queries.pages import Behind
from deskhand.reports.queries.scope import Scope, scope
from deskhand.reports.schemas.blocks import Breakdowns
from deskhand.ui.reporting.asking import Wanted
from deskhand.ui.reporting.parts import Cell, Heat, Number, Point, Table, Unit, number, ranges, series, shares, written


class Report(Struct, frozen=True):
    """Numbers at the top, then tables, most of them drawn."""

    numbers: list[Number]
    tables: list[Table]
    heat: Heat | None = None


async def over_time(
    view: Snapshot,
    it: Wanted,
    words: Words,
    key: str,
    title: str,
    name: str,
    unit: Unit = Unit.COUNT,
    *,
    here: Scope | None = None,
    of: ConversationType | None = None,
) -> Table:
    """A number over time, with the interval before if that is compared; of a scope, or one type of conversation."""
    asks = it.asked if of is None else _of_type(it.asked, of)
    found = await lists.points(view, asks, here or scope(view.actor, asks.filter), name, Point)
    before = None if found.previous is UNSET else found.previous
    return series(words, key, title, it.asked.view_by, [(title, found.current, before)], unit)


def _of_type(it: Asked, kind: ConversationType) -> Asked:
    return structs.replace(it, filter=structs.replace(it.filter, types=[kind]))


def group(words: Words, now: Any, deltas: Any, group: str, fields: list[tuple[str, str, Unit, bool | None]]) -> list[Number]:
    """The numbers of one group: each a name, its field, its unit, and whether less is better."""
    changes = UNSET if deltas is UNSET else getattr(deltas, group)
    return [
        number(words, name, getattr(now, group), changes, field, unit, less_is_better=less)
        for name, field, unit, less in fields
    ]


def breakdowns(found: Breakdowns, it: Wanted, words: Words, first: str, answer: str) -> list[Table]:
    """Answers and resolutions by how long or how many replies they took; a range leads to what is behind it."""
    times = ranges(words, RESPONSE)
    replies = [words.plural("%(count)s reply", "%(count)s replies", each) for each in range(1, 6)]

    def behind(what: Behind, many: int) -> list[str]:
        return [it.link("/reports/behind", what=what, range=str(each)) for each in range(1, many + 1)]

    return [
        shares(words, "first-ranges", first, found.first_response_time, times, behind(Behind.FIRST_RESPONSE_TIME, len(times))),
        shares(words, "answer-ranges", answer, found.response_time, times, behind(Behind.RESPONSE_TIME, len(times))),
        shares(
            words,
            "reply-ranges",
            words.text("Replies to resolve"),
            found.replies_to_resolve,  # type: ignore[arg-type]
            [*replies, words.text("6 or more replies")],
            behind(Behind.REPLIES, len(replies) + 1),
        ),
    ]


def count(value: Any, words: Words) -> Cell:
    """A count in a table."""
    return Cell(written(value, Unit.COUNT, words), 0 if value is UNSET else value)
