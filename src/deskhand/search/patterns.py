"""Wildcards as SQL LIKE patterns, always with the backslash as ESCAPE. Source: contract 30, section 4."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from deskhand.kernel.storage.fulltext import Word, spread
from deskhand.search.model import QueryError, Range, Term, Value, excerpt

ESCAPE = "\\"
ANY_VALUE = "_%"
ANY_WORDS = "___%"  # over padded words, where nothing at all is two spaces
MOST_CHARACTERS = 256
MOST_RUNS = 8  # LIKE tries every place for each %

_ESCAPED = str.maketrans({character: ESCAPE + character for character in "%_\\"})
_WILD = {"*": "%", "?": "_"}


class Pattern(Struct, frozen=True):
    """A LIKE pattern for folded words with one space between and one at each end; its wildcards may run over a space."""

    like: str


def escaped(text: str) -> str:
    """The text for LIKE to find as it is."""
    return text.translate(_ESCAPED)


def is_anything(value: Value) -> bool:
    """Whether a value is only ``*``, or ``[* TO *]``: any will do."""
    if isinstance(value, Range):
        return value.low is None and value.high is None
    return isinstance(value, Term) and len(value.wildcards) == len(value.text) > 0 and set(value.text) == {"*"}


def value_pattern(term: Term, fold: Callable[[str], str]) -> str:
    """The pattern for a whole value. Raises QueryError for too many wildcards."""
    return _bounded("".join(escaped(fold(piece)) if literal else piece for piece, literal in _pieces(term)), term)


def wild_words(term: Term) -> Word | Pattern | None:
    """What a term with wildcards asks: the beginning of a word (``inv*``), or a pattern; None if it names no letter.

    Raises QueryError for too many wildcards.
    """
    pieces = [(spread(piece) if literal else piece, literal) for piece, literal in _pieces(term)]
    literals = [words for words, literal in pieces if literal]
    if literals and not any(words.strip() for words in literals):
        return None
    if len(pieces) == 2 and pieces[1] == ("%", False) and pieces[0][1] and not pieces[0][0].endswith(" "):
        return Word(pieces[0][0].strip(), prefix=True)
    inside = "".join(escaped(words) if literal else words for words, literal in pieces)
    # The spaces stand even next to a %: without them a _ could take the one at the end, and find a word in nothing.
    return Pattern(f"% {_bounded(' '.join(inside.split()), term)} %")


def _pieces(term: Term) -> Iterator[tuple[str, bool]]:
    """The term in pieces: its text, with True, and ``_`` or ``%`` (one for a run of ``*``), with False."""
    place, last = 0, ""
    for wildcard in term.wildcards:
        if wildcard > place:
            yield term.text[place:wildcard], True
            last = ""
        wild = _WILD[term.text[wildcard]]
        if not (wild == last == "%"):
            yield wild, False
        place, last = wildcard + 1, wild
    if place < len(term.text):
        yield term.text[place:], True


def _bounded(pattern: str, term: Term) -> str:
    runs = sum(wild == "%" for wild, literal in _pieces(term) if not literal)
    if runs > MOST_RUNS or len(pattern) > MOST_CHARACTERS:
        raise QueryError(
            f"{excerpt(term.text)} asks too much of wildcards: "
            f"at most {MOST_RUNS} times * and {MOST_CHARACTERS} characters are possible"
        )
    return pattern
