"""What a report is about: inboxes that the actor sees, narrowed by what conversations have today."""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, exists, or_, select

from deskhand.conversations.model import ConversationState, ConversationType, Status
from deskhand.conversations.tables import conversation_tags, conversations
from deskhand.kernel.permissions import Actor
from deskhand.kernel.storage.statements import any_of
from deskhand.reports.tables import report_facts

UNTAGGED = 1  # no tag has this id (contract 70 §0.1)

Shape = tuple[str, ...]
"""Which filters a statement has."""


class Filter(Struct, frozen=True, kw_only=True):
    """What is asked for; what is None does not narrow. Within one list any will do, and all lists must hold."""

    inboxes: list[int] | None = None
    types: list[ConversationType] | None = None
    tags: list[int] | None = None
    folders: list[int] | None = None
    people: list[int] | None = None


class Scope(Struct, frozen=True):
    """The same for an actor: the filters of statements, and their values."""

    shape: Shape
    values: dict[str, Any]


def scope(actor: Actor, it: Filter) -> Scope:
    """What an actor sees of what is asked for."""
    shape: list[str] = []
    values: dict[str, Any] = {}
    if it.inboxes is not None or not (actor.sees_all_inboxes or actor.has_every_inbox):
        wanted = actor.inbox_ids if it.inboxes is None else it.inboxes
        shape.append("inboxes")
        values["inboxes"] = [each for each in wanted if actor.sees_inbox(each)]
    if it.types is not None:
        shape.append("types")
        values["types"] = [each.value for each in it.types]
    if it.tags is not None:
        shape.append("tags" if UNTAGGED not in it.tags else "tags or none")
        values["tags"] = it.tags
    for name in ("folders", "people"):
        if (ids := getattr(it, name)) is not None:
            shape.append(name)
            values[name] = ids
    return Scope(tuple(shape), values)


def of_facts(shape: Shape) -> list[ColumnElement[bool]]:
    """The conditions of a filter on facts."""
    f = report_facts.c
    found = narrowed(shape, f.conversation_id, f.inbox_id, f.channel, None)
    return [*found, any_of(f.user_id, "people")] if "people" in shape else found


def of_conversations(shape: Shape) -> list[ColumnElement[bool]]:
    """The same on conversations; drafts, deleted and merged ones and spam are in no report."""
    c = conversations.c
    return [
        c.state == ConversationState.PUBLISHED.value,
        c.status != Status.SPAM.value,
        c.merged_into.is_(None),
        *narrowed(shape, c.id, c.inbox_id, c.type, c.folder_id),
    ]


def narrowed(
    shape: Shape,
    conversation_id: ColumnElement[Any],
    inbox_id: ColumnElement[Any],
    type_: ColumnElement[Any] | None,
    folder_id: ColumnElement[Any] | None,
) -> list[ColumnElement[bool]]:
    """The conditions on whatever has a conversation."""
    found: list[ColumnElement[bool]] = []
    if "inboxes" in shape:
        found.append(any_of(inbox_id, "inboxes"))
    if "types" in shape and type_ is not None:
        found.append(any_of(type_, "types"))
    if "folders" in shape:
        filed = select(conversations.c.id).where(any_of(conversations.c.folder_id, "folders"))
        found.append(conversation_id.in_(filed) if folder_id is None else any_of(folder_id, "folders"))
    if "tags" in shape or "tags or none" in shape:
        tagged = conversation_id.in_(
            select(conversation_tags.c.conversation_id).where(any_of(conversation_tags.c.tag_id, "tags"))
        )
        has_any = exists(select(conversation_tags.c.tag_id).where(conversation_tags.c.conversation_id == conversation_id))
        found.append(tagged if "tags" in shape else or_(tagged, ~has_any))
    return found
