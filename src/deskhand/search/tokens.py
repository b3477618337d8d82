"""The tokens of the query language: brackets, operators, field names, values; read once, from left to right.

Whether ``-x`` excludes or is a word, and whether ``a:`` names a field, depends on where it stands; so the reader knows
the open parentheses. Source: contract 30, section 3.
"""

from __future__ import annotations

import re
from enum import StrEnum

from msgspec import Struct

from deskhand.search.model import Phrase, QueryError, Range, Term, Value

QUOTE = '"'
WILDCARDS = "*?"
PREFIXES = "+-!"
SUFFIXES = "~^"
ENDS_TERM = frozenset('()[]{}"')

_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9._]*")
_SUFFIX_NUMBER = "0123456789."


class Kind(StrEnum):
    """What a token is."""

    OPEN = "("
    CLOSE = ")"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    PREFIX = "prefix"
    FIELD = "field"
    VALUE = "value"
    END = "end"


OPERATORS = {"AND": Kind.AND, "&&": Kind.AND, "OR": Kind.OR, "||": Kind.OR, "NOT": Kind.NOT}


class Token(Struct, frozen=True):
    """``text`` is a field's name or the operator as written; ``at`` counts from 1."""

    kind: Kind
    at: int
    text: str = ""
    value: Value | None = None


def read_tokens(text: str, *, strict: bool) -> list[Token]:
    """The tokens of a query, the last one END. Raises QueryError. ``strict`` refuses ``+ - ! ~ ^``."""
    return _Reader(text, strict=strict).read()


class _Reader:
    """A place in the query and what was found before it."""

    def __init__(self, text: str, *, strict: bool) -> None:
        self.text = text
        self.strict = strict
        self.place = 0
        self.found: list[Token] = []
        self.open_groups: list[bool] = []  # for each open parenthesis, whether it holds the values of a field

    def read(self) -> list[Token]:
        while self.skip_space():
            character = self.text[self.place]
            if character in "()":
                self.parenthesis(character)
            elif character == QUOTE:
                self.add(Kind.VALUE, self.place, value=Phrase(self.quoted()))
                self.skip_suffixes()
            elif character in "[{":
                self.add(Kind.VALUE, self.place, value=self.range())
                self.skip_suffixes()
            elif character in "]}":
                raise self.error(f'"{character}" closes nothing; put it in quotes if it is meant as text')
            elif self.is_prefix(character):
                self.add(Kind.PREFIX, self.place, text=character)
                self.place += 1
            else:
                self.word()
        self.add(Kind.END, len(self.text))
        return self.found

    def parenthesis(self, character: str) -> None:
        if character == "(":
            self.open_groups.append(self.wants_value())
            self.add(Kind.OPEN, self.place)
            self.place += 1
            return
        if self.open_groups:
            self.open_groups.pop()
        self.add(Kind.CLOSE, self.place)
        self.place += 1
        self.skip_suffixes()

    def quoted(self) -> str:
        """The inside of the quotes that begin here."""
        start = self.place
        characters: list[str] = []
        self.place += 1
        while self.place < len(self.text):
            character = self.text[self.place]
            if character == QUOTE:
                self.place += 1
                return "".join(characters)
            characters.append(self.escaped() if character == "\\" else character)
            self.place += 1
        raise self.error("the quote that begins here is not closed", start)

    def range(self) -> Range:
        """``[low TO high]``, with ``{`` and ``}`` where the bound itself is left out."""
        start = self.place
        self.place += 1
        low, to, high = self.bound(), self.bound(), self.bound()
        closed = self.skip_space() and self.text[self.place] in "]}"
        if not closed or low == "" or to != "TO" or high == "":
            raise self.error("a range is written [low TO high], with TO in capitals and * for an open end", start)
        self.place += 1
        return Range(low, high, self.text[start] == "[", self.text[self.place - 1] == "]")

    def bound(self) -> str | None:
        """The next bound of a range (its quotes taken off), None for a bare ``*``, empty where there is none."""
        parts: list[str] = []
        is_open_end = False
        self.skip_space()
        while self.place < len(self.text):
            character = self.text[self.place]
            if character == QUOTE:
                parts.append(self.quoted())
                is_open_end = False
                continue
            if character.isspace() or character in ENDS_TERM:
                break
            is_open_end = character == "*" and not parts
            parts.append(self.escaped() if character == "\\" else character)
            self.place += 1
        return None if is_open_end else "".join(parts)

    def word(self) -> None:
        """A term, an operator, or a field's name with its colon."""
        start = self.place
        characters: list[str] = []
        escaped: list[bool] = []
        has_colon = is_address = False
        while self.place < len(self.text):
            character = self.text[self.place]
            if character.isspace() or character in ENDS_TERM:
                break
            if character == ":":
                is_address = is_address or self.text.startswith("://", self.place)
                if not (has_colon or is_address) and self.field(start):
                    return
                if not (is_address or self.is_between_digits() or self.text[start : self.place].lower() == "mailto"):
                    raise self.error('a ":" inside a value needs quotes around the value')
                has_colon = True
            is_address = is_address or character == "@"
            escaped.append(character == "\\")
            characters.append(self.escaped() if character == "\\" else character)
            self.place += 1
        self.term(start, characters, escaped)

    def field(self, start: int) -> bool:
        """Takes the field whose colon is here, if what stands before it is one."""
        name = self.text[start : self.place]
        if self.wants_value() or name.lower() == "mailto" or not _FIELD.fullmatch(name):
            return False
        self.add(Kind.FIELD, start, text=name)
        self.place += 1
        return True

    def term(self, start: int, characters: list[str], escaped: list[bool]) -> None:
        written = self.text[start : self.place]
        if written in OPERATORS:
            self.add(OPERATORS[written], start, text=written)
            return
        length = self.length_without_suffixes(characters, escaped)
        if self.strict and (length < len(characters) or written[0] in PREFIXES):
            raise self.refused_sign(start)
        wildcards = tuple(i for i in range(length) if characters[i] in WILDCARDS and not escaped[i])
        self.add(Kind.VALUE, start, value=Term("".join(characters[:length]), wildcards))

    def length_without_suffixes(self, characters: list[str], escaped: list[bool]) -> int:
        """How much of a term is left without ``~0.8`` (fuzzy) and ``^2`` (boost) at its end; never nothing."""
        length = len(characters)
        while True:
            sign = length - 1
            while sign > 0 and not escaped[sign] and characters[sign] in _SUFFIX_NUMBER:
                sign -= 1
            if sign < 1 or escaped[sign] or characters[sign] not in SUFFIXES:
                return length
            length = sign

    def skip_suffixes(self) -> None:
        while self.place < len(self.text) and self.text[self.place] in SUFFIXES:
            if self.strict:
                raise self.refused_sign(self.place)
            self.place += 1
            while self.place < len(self.text) and self.text[self.place] in _SUFFIX_NUMBER:
                self.place += 1

    def is_prefix(self, character: str) -> bool:
        """Whether ``+``, ``-`` or ``!`` here says something about what follows, instead of being part of it."""
        after = self.text[self.place + 1 : self.place + 2]
        if character not in PREFIXES or not after or after.isspace() or after == ")" or self.wants_value():
            return False
        if self.found and self.found[-1].kind in (Kind.PREFIX, Kind.NOT):
            return False
        if self.strict:
            raise self.refused_sign(self.place)
        return True

    def is_between_digits(self) -> bool:
        """Whether the colon here is one of a time, as in 12:30."""
        return self.text[self.place - 1 : self.place].isdigit() and self.text[self.place + 1 : self.place + 2].isdigit()

    def wants_value(self) -> bool:
        """Whether only the value of a field can stand here."""
        if self.found and self.found[-1].kind is Kind.FIELD:
            return True
        return bool(self.open_groups) and self.open_groups[-1]

    def escaped(self) -> str:
        """The character after the backslash here; the place moves onto it."""
        if self.place + 1 == len(self.text):
            raise self.error("the backslash at the end escapes nothing")
        self.place += 1
        return self.text[self.place]

    def skip_space(self) -> bool:
        """Moves to the next character that is no space; whether there is one."""
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1
        return self.place < len(self.text)

    def add(self, kind: Kind, start: int, *, text: str = "", value: Value | None = None) -> None:
        self.found.append(Token(kind, start + 1, text, value))

    def error(self, what: str, place: int | None = None) -> QueryError:
        return QueryError(what, (self.place if place is None else place) + 1)

    def refused_sign(self, place: int) -> QueryError:
        return self.error("the signs + - ! ~ ^ are not part of this search; write NOT, or put the text in quotes", place)
