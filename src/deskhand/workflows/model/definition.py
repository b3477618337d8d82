"""A definition as it is stored: conditions as a tree, actions as one struct each. Checked once, when it came in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import TypeAlias

from msgspec import Struct, field

from deskhand.conversations.model import Status
from deskhand.workflows.model.facts import Fires
from deskhand.workflows.model.fields import Comparison, FieldName, Kind

FORMAT = 1
SPAN = re.compile(r"([1-9]\d{0,3}) (minute|hour|day)s?", re.ASCII)

Value: TypeAlias = str | int | bool | list[str | int] | None


class Condition(Struct, frozen=True, tag="condition", tag_field="is", omit_defaults=True):
    """One comparison. ``id`` is the custom field's or the property's; a number is text, a list has what it says."""

    name: FieldName
    kind: Kind
    comparison: Comparison
    id: str = ""
    value: Value = None


class AllOf(Struct, frozen=True, tag="all", tag_field="is"):
    """A group of which everything must hold."""

    entries: tuple[Condition | AllOf | AnyOf, ...]


class AnyOf(Struct, frozen=True, tag="any", tag_field="is"):
    """A group of which something must hold."""

    entries: tuple[Condition | AllOf | AnyOf, ...]


Entry: TypeAlias = Condition | AllOf | AnyOf


class SetStatus(Struct, frozen=True, tag="set-status", tag_field="type"):
    """Says whose turn it is."""

    status: Status


class Assign(Struct, frozen=True, tag="assign", tag_field="type"):
    """Gives it to a user or team, or to nobody."""

    to: int | None = None


class AssignInTurn(Struct, frozen=True, tag="assign-in-turn", tag_field="type", omit_defaults=True):
    """Gives it to the next of some users, or of a team."""

    users: tuple[int, ...] = ()
    team: int | None = None


class AddTags(Struct, frozen=True, tag="add-tags", tag_field="type"):
    """Attaches tags."""

    tags: tuple[int, ...]


class RemoveTags(Struct, frozen=True, tag="remove-tags", tag_field="type"):
    """Takes tags off."""

    tags: tuple[int, ...]


class SetField(Struct, frozen=True, tag="set-field", tag_field="type"):
    """Sets one custom field; an empty value clears it."""

    field: int
    value: str


class Move(Struct, frozen=True, tag="move", tag_field="type"):
    """Puts it into another inbox."""

    inbox_id: int = field(name="mailboxId")


class AddNote(Struct, frozen=True, tag="add-note", tag_field="type"):
    """Writes a note."""

    text: str


class SendReply(Struct, frozen=True, tag="send-reply", tag_field="type", omit_defaults=True):
    """Answers the customer with a text, or with a saved reply."""

    text: str = ""
    saved_reply: int = field(default=0, name="savedReply")


class Forward(Struct, frozen=True, tag="forward", tag_field="type", omit_defaults=True):
    """Sends it to somebody else."""

    to: str
    text: str = ""


class Snooze(Struct, frozen=True, tag="snooze", tag_field="type"):
    """Puts it aside for a while."""

    span: str = field(name="for")
    wakes_on_reply: bool = field(default=True, name="wakesOnReply")


class NotifyWebhook(Struct, frozen=True, tag="notify-webhook", tag_field="type"):
    """Tells a webhook."""

    webhook: int


class Delete(Struct, frozen=True, tag="delete", tag_field="type"):
    """Moves it to Deleted."""


Action: TypeAlias = (
    SetStatus
    | Assign
    | AssignInTurn
    | AddTags
    | RemoveTags
    | SetField
    | Move
    | AddNote
    | SendReply
    | Forward
    | Snooze
    | NotifyWebhook
    | Delete
)


class Definition(Struct, frozen=True):
    """What a workflow does and when. ``format`` is this shape's, for a day on which it changes."""

    fires: Fires
    conditions: tuple[Entry, ...]
    actions: tuple[Action, ...]
    format: int = FORMAT


def span(text: str) -> timedelta | None:
    """The length that a text like ``4 hours`` stands for, or None."""
    found = SPAN.fullmatch(text)
    return timedelta(**{f"{found[2]}s": int(found[1])}) if found else None


def placed(entries: tuple[Entry, ...], path: str = "conditions") -> Iterator[tuple[str, Condition]]:
    """Every condition with its place: ``conditions[1].any[0]``."""
    for at, entry in enumerate(entries):
        here = f"{path}[{at}]"
        if isinstance(entry, Condition):
            yield here, entry
        else:
            yield from placed(entry.entries, f"{here}.{'all' if isinstance(entry, AllOf) else 'any'}")
