"""Conditions on their way to SQL: a shape, the values, and how to say it once the values have names."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence

from msgspec import Struct
from sqlalchemy import and_, false, not_, or_, true
from sqlalchemy.sql.elements import False_
from sqlalchemy.sql.functions import coalesce
from sqlalchemy.sql.selectable import Exists

from deskhand.search.fields import Build, Test


class Part(Struct, frozen=True, eq=False):
    """A condition before its values have names: ``say`` takes as many ``names`` as there are ``values``, in order."""

    shape: Hashable
    values: tuple[object, ...]
    say: Callable[[Iterator[str]], Test]


NOTHING = Part("nothing", (), lambda _: false())
EVERYTHING = Part("everything", (), lambda _: true())


def one(name: str, kind: str, value: object, build: Build) -> Part:
    """A condition with one value in it."""
    return Part((name, kind), (value,), lambda names: build(next(names)))


def joined(word: str, parts: Sequence[Part]) -> Part:
    """Several conditions with ``and`` or ``or`` between; one stays itself."""
    if len(parts) == 1:
        return parts[0]
    join = and_ if word == "and" else or_
    return Part(
        (word, *[part.shape for part in parts]),
        tuple(value for part in parts for value in part.values),
        lambda names: join(*[part.say(names) for part in parts]),
    )


def opposite(test: Test) -> Test:
    """NOT, where NULL counts as false; EXISTS is never NULL, and PostgreSQL plans a bare NOT EXISTS better."""
    if isinstance(test, Exists):
        return not_(test)
    if isinstance(test, False_):
        return true()
    return not_(coalesce(test, false()))
