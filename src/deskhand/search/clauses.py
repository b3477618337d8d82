"""One clause: a value meets a kind of field, and becomes a condition and the values bound in it.

Source: contract 30, section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from typing import TypeAlias

from msgspec import Struct

from deskhand.kernel.storage import fulltext
from deskhand.kernel.storage.fulltext import Words, fold
from deskhand.search import comparisons
from deskhand.search.fields import (
    Address,
    AnyOf,
    Contains,
    Field,
    Flag,
    Instant,
    Name,
    Number,
    Since,
    Text,
    Whole,
    Word,
)
from deskhand.search.model import Phrase, QueryError, Range, Term, Value, excerpt
from deskhand.search.parts import EVERYTHING, NOTHING, Part, joined, one, opposite
from deskhand.search.patterns import ANY_VALUE, ANY_WORDS, Pattern, escaped, is_anything, value_pattern, wild_words

Plain: TypeAlias = Text | Whole | Address | Contains | Name | Flag | Word | Since


class Asked(Struct, frozen=True):
    """How values are read: at which moment, and whether quoted words must stand next to each other."""

    now: datetime
    strict_phrases: bool = False


def ask(name: str, field: Field, value: Value, asked: Asked) -> Part:
    """The condition of ``name:value``. Raises QueryError, without a place, if the field cannot be asked that."""
    if isinstance(field, AnyOf):
        return _any_of(name, field, value, asked)
    if isinstance(field, Number):
        return comparisons.number(name, field, value)
    if isinstance(field, Instant):
        return comparisons.instant(name, field, value, asked.now)
    if isinstance(value, Range) and is_anything(value):
        value = Term("*", (0,))
    if isinstance(value, Range):
        raise QueryError(f"{name} takes no range")
    return _ask_plainly(name, field, value, asked)


def _ask_plainly(name: str, field: Plain, value: Phrase | Term, asked: Asked) -> Part:
    match field:
        case Text():
            return _text(name, field, value, asked)
        case Whole():
            return _whole(name, field, value)
        case Address():
            return _address(name, field, value)
        case Contains():
            return _contains(name, field, value)
        case Name():
            return _name(name, field, value)
        case Flag():
            return _flag(name, field, value)
        case Word():
            return comparisons.word(name, field, value)
        case _:
            return comparisons.since(name, field, value, asked.now)


def _any_of(name: str, field: AnyOf, value: Value, asked: Asked) -> Part:
    if is_anything(value):
        return EVERYTHING
    parts = []
    for position, member in enumerate(field.members):
        with suppress(QueryError):
            parts.append(ask(f"{name}/{position}", member, value, asked))
    if not parts:
        raise QueryError(f"{name or 'a search without a field'} cannot be asked this")
    return joined("or", [part for part in parts if part is not NOTHING] or [NOTHING])


def _text(name: str, field: Text, value: Phrase | Term, asked: Asked) -> Part:
    if is_anything(value):
        return Part((name, "anything"), (), lambda _: field.anything())
    if isinstance(value, Phrase):
        words = Words(_words(value.text.split()), adjacent=asked.strict_phrases)
    elif not value.wildcards:
        words = Words(_words([value.text]))
    else:
        wild = wild_words(value)
        if isinstance(wild, Pattern):
            if field.like is None:
                raise QueryError(f"{name} takes no wildcards, except * at the end of a word")
            return one(name, "like", wild.like, field.like)
        words = Words((wild,) if wild else ())
    return one(name, "words", words, field.match) if words.words else NOTHING


def _whole(name: str, field: Whole, value: Phrase | Term) -> Part:
    if isinstance(value, Term) and value.wildcards:
        if field.like is None:
            raise QueryError(f"{name} takes no wildcards")
        pattern = ANY_VALUE if is_anything(value) else value_pattern(value, field.fold)
        return one(name, "like", pattern, field.like)
    text = field.fold(value.text.strip())
    return one(name, "equals", text, field.equals) if text else NOTHING


def _address(name: str, field: Address, value: Phrase | Term) -> Part:
    text = value.text.strip().lower()
    if isinstance(value, Term) and value.wildcards:
        if field.begins is not None and value.wildcards == (len(value.text) - 1,) and text.endswith("*") and text != "*":
            return one(name, "begins", text[:-1], field.begins)
        if value.wildcards != (0,) or not text.startswith("*@"):
            pattern = ANY_VALUE if is_anything(value) else value_pattern(value, str.lower)
            return one(name, "like", pattern, field.like)
        text = text[1:]
    if "@" in text[1:]:
        return one(name, "equals", text, field.equals)
    domain = text.removeprefix("@")
    return one(name, "domain", domain, field.domain) if domain else NOTHING


def _contains(name: str, field: Contains, value: Phrase | Term) -> Part:
    if is_anything(value):
        return one(name, "like", ANY_VALUE, field.like)
    if isinstance(value, Term) and value.wildcards:
        return one(name, "like", f"%{value_pattern(value, str.lower)}%", field.like)
    text = value.text.strip().lower()
    return one(name, "like", f"%{escaped(text)}%", field.like) if text else NOTHING


def _name(name: str, field: Name, value: Phrase | Term) -> Part:
    if isinstance(value, Term) and value.wildcards:
        wild = Pattern(ANY_WORDS) if is_anything(value) else wild_words(value)
        if wild is None:
            return NOTHING
        return one(name, "like", wild.like if isinstance(wild, Pattern) else f"% {wild.text}%", field.like)
    if value.text.strip().casefold() == field.reserved.casefold():
        return Part((name, "nobody"), (), lambda _: field.nobody())
    words = " ".join(fold(value.text))
    if not words:
        return NOTHING
    is_one_word = len(value.text.split()) == 1
    return one(name, "like", f"% {words} %" if is_one_word else f" {words} ", field.like)


def _flag(name: str, field: Flag, value: Phrase | Term) -> Part:
    text = value.text.strip().casefold()
    if text not in ("true", "false"):
        raise QueryError(f"{name} is true or false, not {excerpt(value.text)}")
    if text == "true":
        return Part((name, "true"), (), lambda _: field.test())
    return Part((name, "false"), (), lambda _: opposite(field.test()))


def _words(texts: Sequence[str]) -> tuple[fulltext.Word, ...]:
    """A word for each text; one with several tokens in it (wi-fi, an address) must be found as it stands."""
    return tuple(fulltext.Word(" ".join(tokens)) for tokens in map(fold, texts) if tokens)
