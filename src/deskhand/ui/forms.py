"""Forms: what was sent, what is shown again when it was not taken, and whether somebody else was quicker."""

from __future__ import annotations

import hashlib

import msgspec
from msgspec import Struct

from deskhand.conversations.operations.attachments import NewFile
from deskhand.kernel.errors import DeskError, Invalid, TooMany, Unmet
from deskhand.kernel.languages import N_
from deskhand.kernel.words import Words

MOST_SHOWN = 2000


class Changed(Unmet):
    """What a form is about was changed by somebody else after it was shown."""


class Form(Struct, frozen=True):
    """What was sent; texts without NUL, their lines end as ours do. The bytes of ``files`` are stored; those that are
    ``too_large`` are not."""

    fields: list[tuple[str, str]]
    files: list[NewFile] = []
    too_large: list[str] = []

    def one(self, name: str) -> str:
        """The value of a field, or nothing."""
        return next((value for each, value in self.fields if each == name), "")

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for each, value in self.fields if each == name]

    def number(self, name: str) -> int | None:
        """The id in a field; None for an empty one. Raises Invalid."""
        value = self.one(name).strip()
        return number_of(name, value) if value else None

    def numbers(self, name: str) -> list[int]:
        """Every id in fields of a name. Raises Invalid."""
        return [number_of(name, value) for value in self.every(name) if value]

    def sent(self, name: str) -> bool:
        """Whether there was such a field at all."""
        return any(each == name for each, _ in self.fields)

    def has(self, name: str) -> bool:
        """Whether a box is ticked."""
        return bool(self.one(name))


class Typed(Struct, frozen=True):
    """A form that was not taken, and why: ``mistakes`` by field, else the one ``problem``. ``is_stale``: somebody else changed
    what it is about."""

    form: Form
    mistakes: dict[str, str]
    problem: str
    is_stale: bool
    status: int


class Fields:
    """What stands in the fields of a form, for a template: what was typed, else what is saved. Of a page with several forms
    each but the main one has a name, which it sends along as ``form``."""

    def __init__(self, typed: Typed | None, words: Words) -> None:
        self._typed = typed
        self._told: set[str] = set()
        self._words = words
        self.was_refused = typed is not None
        self.is_stale = typed is not None and typed.is_stale
        self.text = words.text

    def of(self, name: str) -> Fields:
        """Those of one form of several."""
        return self if self._typed is not None and self._typed.form.one("form") == name else Fields(None, self._words)

    def value(self, name: str, saved: object = "") -> object:
        """What stands in a field."""
        return self._typed.form.one(name) if self._typed else "" if saved is None else saved

    def ticked(self, name: str, value: str, saved: object) -> bool:
        """Whether a box or choice is ticked."""
        return value in self._typed.form.every(name) if self._typed else bool(saved)

    def mistake(self, name: str) -> str:
        """What is wrong with a field, once."""
        found = self._typed.mistakes.get(name, "") if self._typed else ""
        self._told.add(name)
        return self._words.told(found) if found else ""

    def meanwhile(self, name: str, saved: object) -> str:
        """What somebody else saved in a field, where it is something else than what was typed."""
        if not self.is_stale or self._typed is None or self._typed.form.one(name) == str(saved or ""):
            return ""
        return self._words.text("Now saved: %(value)s", value=str(saved or "–")[:MOST_SHOWN])

    def problem(self) -> str:
        """What is wrong with the whole."""
        return self._words.told(self._typed.problem) if self._typed and self._typed.problem else ""

    def untold(self) -> list[tuple[str, str]]:
        """Mistakes of fields that nobody has asked for."""
        mistakes = self._typed.mistakes if self._typed else {}
        return [(name, self._words.told(told)) for name, told in mistakes.items() if name not in self._told]


def refusal(form: Form, error: DeskError, status: int) -> Typed:
    """Why a form was not taken."""
    if isinstance(error, Invalid):
        mistakes = {each.path: each.message for each in reversed(error.mistakes)}
        return Typed(form, mistakes, "", is_stale=False, status=status)
    told = N_("Too many tries. Please wait a few minutes.") if isinstance(error, TooMany) else error.message
    return Typed(form, {}, told, is_stale=isinstance(error, Changed), status=status)


def version(*things: object) -> str:
    """Stands for what was shown: other things have another."""
    return hashlib.sha256(msgspec.json.encode(things)).hexdigest()[:16]


def as_shown(form: Form, *things: object) -> None:
    """Raises Changed unless a form was filled in before these very things."""
    if form.one("version") not in ("", version(*things)):
        raise Changed(N_("Somebody else changed this meanwhile"))


def number_of(name: str, text: str) -> int:
    """A whole number that was typed. Raises Invalid."""
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Invalid(name, N_("must be a number"), rejected=text[:300])
    return int(text)
