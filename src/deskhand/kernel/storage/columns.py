"""Column types that both databases store and the renderer binds and decodes: instants, JSON structs, words.

SQLite keeps an instant as microseconds since 1970 (INTEGER), PostgreSQL as timestamptz; JSON is text on both, so that
what was written is read back byte for byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP  # noqa: TID251 - the renderer's own door to a dialect
from sqlalchemy.engine import Dialect

from deskhand.kernel.storage.fulltext import Words, to_fts5, to_tsquery

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

Convert = Callable[[Any], Any]

SORTED = Text().with_variant(Text(collation="C"), "postgresql")
"""Text that lists are sorted by: in the order of its bytes on both databases, whatever the collation of PostgreSQL's."""


def to_microseconds(instant: datetime) -> int:
    """Microseconds since 1970; refuses a naive time."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (instant - EPOCH) // MICROSECOND


def from_microseconds(value: int) -> datetime:
    """The aware UTC instant of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=value)


def aware(instant: datetime) -> datetime:
    """The instant itself; refuses a naive time."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return instant


class Column(TypeDecorator[Any]):
    """A type of ours: ``bound`` and ``decoded`` give the conversion for a dialect name, or None for as it is."""

    impl: Any = Text
    cache_ok = True

    def bound(self, dialect: str) -> Convert | None:
        return None

    def decoded(self, dialect: str) -> Convert | None:
        return None


class Instant(Column):
    """A moment, aware, UTC, to the microsecond."""

    impl = BigInteger
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(BigInteger())

    def bound(self, dialect: str) -> Convert | None:
        return to_microseconds if dialect == "sqlite" else aware

    def decoded(self, dialect: str) -> Convert | None:
        return from_microseconds if dialect == "sqlite" else None


class Json(Column):
    """A struct, or a list of plain values, kept as JSON text."""

    cache_ok = True

    def __init__(self, shape: Any) -> None:
        super().__init__()
        self.shape = shape
        self._decode = msgspec.json.Decoder(shape).decode

    def bound(self, dialect: str) -> Convert | None:
        return _json_text

    def decoded(self, dialect: str) -> Convert | None:
        return self._decode


class Word(Column):
    """A member of a StrEnum, kept as its word."""

    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def decoded(self, dialect: str) -> Convert | None:
        return self.words._value2member_map_.__getitem__  # a dict look-up: a third of the cost of calling the enum


class Ids(Column):
    """A list of integers in one parameter: JSON text on SQLite, a bigint array on PostgreSQL."""

    cache_ok = True
    items: Any = BigInteger

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(ARRAY(self.items))
        return dialect.type_descriptor(Text())

    def bound(self, dialect: str) -> Convert | None:
        return _json_text if dialect == "sqlite" else list


class Texts(Ids):
    """A list of strings in one parameter: JSON text on SQLite, a text array on PostgreSQL."""

    cache_ok = True
    items = Text


class Match(Column):
    """A full-text question (``Words``), in the syntax of each index."""

    cache_ok = True

    def bound(self, dialect: str) -> Convert | None:
        return _fts5 if dialect == "sqlite" else _tsquery


class FoldedWords(Column):
    """Folded words with one space between, for an index. PostgreSQL is given their places, so that its parser, which
    would split some of them, has no say."""

    cache_ok = True

    def bound(self, dialect: str) -> Convert | None:
        return None if dialect == "sqlite" else _placed


class TermPattern(Column):
    """A LIKE pattern over padded folded words, as what each index can compare single words with."""

    cache_ok = True

    def bound(self, dialect: str) -> Convert | None:
        return one_term if dialect == "sqlite" else _term_regex


def one_term(pattern: str) -> str:
    """The LIKE pattern for one word of an index: of several words in a pattern the longest with a wildcard in it."""
    words = [word for word in pattern.split(" ") if word not in ("", "%")]
    wild = [word for word in words if "%" in word or "_" in word]
    return max(wild or words or ["%"], key=len)


def _term_regex(pattern: str) -> str:
    """The same for a tsvector as text (``'word':1,4 'next':2``): a word stands between quotes."""
    parts = {"%": "[^']*", "_": "[^']"}
    return "'" + "".join(parts.get(each, re.escape(each)) for each in one_term(pattern).replace("\\", "")) + "':"


def _placed(words: str) -> str:
    """``wi fi`` -> ``wi:1 fi:2``; a tsvector has places up to 16,383."""
    return " ".join([f"{word}:{min(place, 16383)}" for place, word in enumerate(words.split(), 1)])


def _json_text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _fts5(words: Words) -> str:
    return to_fts5(words)


def _tsquery(words: Words) -> str:
    return to_tsquery(words)
