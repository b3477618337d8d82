"""Clauses over a column that is compared: numbers, words of a short list, moments."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import and_

from deskhand.kernel.storage.statements import param
from deskhand.search import dates
from deskhand.search.fields import Instant, Number, Since, Test, Word
from deskhand.search.model import Phrase, QueryError, Range, Term, Value, excerpt
from deskhand.search.parts import NOTHING, Part
from deskhand.search.patterns import is_anything

LARGEST = 2**63 - 1
SMALLEST = -(2**63)
SECOND = timedelta(seconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]+")

Compared: TypeAlias = Number | Word | Instant | Since

OPERATORS: dict[str, Callable[[Any, Any], Test]] = {
    "=": operator.eq,
    ">=": operator.ge,
    "<=": operator.le,
    "<": operator.lt,
}


def number(name: str, field: Number, value: Value) -> Part:
    """Exactly this number, or one in a range; what no 64-bit number can be finds nothing. Raises QueryError."""
    if is_anything(value):
        return _present(name, field)
    if not isinstance(value, Range):
        exact = _integer(name, value.text)
        return _compare(name, field, [("=", exact)]) if SMALLEST <= exact <= LARGEST else NOTHING
    low = SMALLEST if value.low is None else _integer(name, value.low)
    high = LARGEST if value.high is None else _integer(name, value.high)
    low += value.low is not None and not value.includes_low
    high -= value.high is not None and not value.includes_high
    if low > high or low > LARGEST or high < SMALLEST:
        return NOTHING
    tests: list[tuple[str, object]] = [(">=", low)] if low > SMALLEST else []
    tests += [("<=", high)] if high < LARGEST else []
    return _compare(name, field, tests) if tests else _present(name, field)


def instant(name: str, field: Instant, value: Value, now: datetime) -> Part:
    """In the span a date means, or in a range of whole seconds. Raises QueryError."""
    if is_anything(value):
        return _present(name, field)
    if not isinstance(value, Range):
        start, end = dates.instants(value.text.strip(), now)
        return _compare(name, field, [(">=", start), ("<", end)])
    tests: list[tuple[str, object]] = []
    if value.low is not None:
        low = _second(dates.bound(value.low.strip(), now))
        tests.append((">=", low if value.includes_low else _next_second(low)))
    if value.high is not None:
        high = _second(dates.bound(value.high.strip(), now))
        tests.append(("<", _next_second(high) if value.includes_high else high))
    return _compare(name, field, tests)


def since(name: str, field: Since, value: Phrase | Term, now: datetime) -> Part:
    """At or after a moment. Raises QueryError."""
    return _compare(name, field, [(">=", _second(dates.bound(value.text.strip(), now)))])


def word(name: str, field: Word, value: Phrase | Term) -> Part:
    """Any of the stored words that this one stands for. Raises QueryError for a word that stands for none."""
    if is_anything(value):
        return _present(name, field)
    stored = field.meanings.get(value.text.strip().casefold())
    if stored is None:
        raise QueryError(f"{name} is one of {', '.join(field.meanings)}, not {excerpt(value.text)}")
    return Part(
        (name, "in", len(stored)),
        stored,
        lambda names: field.around(field.column.in_([param(next(names), field.column.type) for _ in stored])),
    )


def _compare(name: str, field: Compared, tests: Sequence[tuple[str, object]]) -> Part:
    """Comparisons of one column, inside ``around`` together: a range must hold for one and the same row."""
    signs = [sign for sign, _ in tests]

    def say(names: Iterator[str]) -> Test:
        column = field.column
        return field.around(and_(*[OPERATORS[sign](column, param(next(names), column.type)) for sign in signs]))

    return Part((name, *signs), tuple(value for _, value in tests), say)


def _present(name: str, field: Compared) -> Part:
    return Part((name, "any"), (), lambda _: field.around(field.column.is_not(None)))


def _integer(name: str, text: str) -> int:
    if not _WHOLE_NUMBER.fullmatch(text.strip()):
        raise QueryError(f"{name} is a whole number, not {excerpt(text)}")
    return int(text)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)


def _next_second(moment: datetime) -> datetime:
    """A second later; after the last one there is the end of time."""
    return END_OF_TIME if moment >= END_OF_TIME - SECOND else moment + SECOND
