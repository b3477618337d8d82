"""What can go wrong, in the words of the domain. Status codes and wire text live behind each door.

DeskError
├── NotFound            unknown, deleted, or not visible to the actor
├── Moved               lives elsewhere for good (a merged conversation)
├── Forbidden           visible, but the actor may not do this
├── Unauthenticated     nobody we know
├── Invalid             the input is wrong; names every field that is
├── Conflict            something equal exists already
├── AlreadyUsed         the caller chose an id that was used before
├── Unmet               well-formed, but a precondition does not hold
├── TooLarge            more bytes than the door takes
├── TooMany             over a rate limit
├── Rejected            rows that came unchecked, which the database does not take
├── Collision           two transactions met; trying again is safe
└── Unavailable         the database cannot be reached or is full; nothing was stored
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum

from msgspec import UNSET, Struct

MOST_MISTAKES = 100  # so many are told: nobody reads more, and each costs 300 bytes of answer


class Code(StrEnum):
    """The machine-readable kind of a mistake: what follows ``#`` in an error's ``about`` link (contract 00 §8)."""

    DATE_TIME = "DateTime"
    EMAIL = "Email"
    ENUM_VALUE = "EnumValue"
    INVALID = "Invalid"
    INVALID_ID = "InvalidId"
    MAX = "Max"
    MIN = "Min"
    NOT_EMPTY = "NotEmpty"
    NOT_NULL = "NotNull"
    SIZE = "Size"


class Source(StrEnum):
    """Where a mistake stood: in the body, the query string, the path or a header."""

    HEADER = "HEADER"
    JSON = "JSON"
    PATH = "PATH"
    QUERY = "QUERY"


class Mistake(Struct, frozen=True):
    """One thing wrong with the input. ``path`` is dotted with indices: ``threads[0].customer.email``."""

    path: str
    message: str
    code: Code = Code.INVALID
    rejected: object = UNSET
    source: Source = Source.JSON


class DeskError(Exception):
    """Any refusal of ours. What is not one of these is a bug."""

    @property
    def message(self) -> str:
        """One sentence for a person."""
        return str(self.args[0]) if self.args else ""


class NotFound(DeskError):
    """Unknown, deleted, or not visible to the actor: the three must not be told apart."""


class Moved(DeskError):
    """What was asked for was merged into another; ``to`` is the survivor's id."""

    def __init__(self, to: int) -> None:
        super().__init__(f"moved to {to}")
        self.to = to


class Forbidden(DeskError):
    """The actor is known and sees the thing, but lacks the right; says which."""


class Unauthenticated(DeskError):
    """No actor: the token or session is missing or dead."""


class Invalid(DeskError):
    """The input is wrong. ``Invalid("path", "message")`` for one mistake, ``Invalid.all(mistakes)`` for several."""

    def __init__(self, path: str, message: str, *, code: Code = Code.INVALID, rejected: object = UNSET) -> None:
        super().__init__(message)
        self.mistakes = [Mistake(path, message, code, rejected)]

    @classmethod
    def all(cls, mistakes: list[Mistake]) -> Invalid:
        """One refusal that names every mistake; ``mistakes`` is not empty."""
        error = cls(mistakes[0].path, mistakes[0].message)
        error.mistakes = mistakes
        return error


class Mistakes:
    """What is wrong with one request, collected so that all of it is told at once.

    ``with mistakes.noted():`` keeps an Invalid and goes on behind the block; ``refuse`` raises one with all of them.
    """

    def __init__(self, known: Iterable[Mistake] = ()) -> None:
        self.found = list(known)

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Keep what an Invalid in this block says."""
        try:
            yield
        except Invalid as error:
            self.found += error.mistakes

    def add(self, mistakes: Iterable[Mistake]) -> None:
        """Keep these too."""
        self.found += mistakes

    def refuse(self) -> None:
        """Raises Invalid if anything was wrong."""
        if self.found:
            raise Invalid.all(self.found)


class Conflict(DeskError):
    """Something equal exists already, e.g. an email address that belongs to another customer. ``current`` is what there is
    instead, as a body, where whoever asked can go on from it."""

    current: object = UNSET


class AlreadyUsed(DeskError):
    """The caller chose an id that was used before; whoever tries again knows by this that it had worked."""


class Unmet(DeskError):
    """The request is right but the thing is not in the state it needs, e.g. a conversation with 100 threads."""


class TooLarge(DeskError):
    """More bytes than this door takes."""


class TooMany(DeskError):
    """Over the rate limit; ``retry_seconds`` until it refills."""

    def __init__(self, retry_seconds: int) -> None:
        super().__init__("API rate limit exceeded")
        self.retry_seconds = retry_seconds


class Rejected(DeskError):
    """The database does not take a row that nobody had checked; says why in its own words."""


class Collision(DeskError):
    """Deadlock, serialization failure or a lost race for a unique key. Nothing was stored; once more is safe."""


class Unavailable(DeskError):
    """The database is away, locked for too long, or its disk is full. Nothing was stored."""
