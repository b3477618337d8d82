"""What definitions name, and whether it is there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from msgspec import Struct
from sqlalchemy import select

from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.tables import custom_field_options, custom_fields, saved_replies
from deskhand.inboxes.tables import inboxes as inbox_table
from deskhand.kernel.errors import Mistake
from deskhand.kernel.storage.statements import Read, any_of, read
from deskhand.kernel.transaction import Snapshot
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner
from deskhand.properties.tables import properties as property_table
from deskhand.tags.tables import tags
from deskhand.users.tables import users
from deskhand.webhooks.tables import webhooks
from deskhand.workflows.model import definition as actions
from deskhand.workflows.model.definition import Condition, Definition, placed
from deskhand.workflows.model.fields import FieldName, Kind
from deskhand.workflows.model.given import Known


class Thing(StrEnum):
    """What can be named; the words say what is missing."""

    FIELD = "a field of this inbox"
    INBOX = "an inbox"
    OPTION = "an option of this field"
    OWNER = "a user or team"
    PROPERTY = "a property of customers"
    SAVED_REPLY = "a saved reply of this inbox"
    TAG = "a tag"
    TEAM = "a team"
    USER = "a user"
    WEBHOOK = "a webhook"


class Named(Struct, frozen=True):
    """Something that is named: where, what, and within which inbox or field it must be (0: anywhere)."""

    path: str
    thing: Thing
    id: int | str
    within: int = 0


class Found(Struct, frozen=True):
    """Something that is there."""

    id: int
    within: int


class FoundSlug(Struct, frozen=True):
    """A property that is there."""

    id: str
    within: int


_works = users.c.state != "disabled"

LOOK: dict[Thing, Read[Any]] = {
    Thing.FIELD: read(select(custom_fields.c.id, custom_fields.c.inbox_id).where(any_of(custom_fields.c.id, "ids")), Found),
    Thing.INBOX: read(select(inbox_table.c.id, inbox_table.c.id * 0).where(any_of(inbox_table.c.id, "ids")), Found),
    Thing.OPTION: read(
        select(custom_field_options.c.id, custom_field_options.c.field_id).where(any_of(custom_field_options.c.id, "ids")),
        Found,
    ),
    Thing.OWNER: read(select(users.c.id, users.c.id * 0).where(any_of(users.c.id, "ids"), _works), Found),
    Thing.PROPERTY: read(
        select(property_table.c.slug, property_table.c.id * 0).where(
            any_of(property_table.c.slug, "ids"), property_table.c.owner == Owner.CUSTOMER.value
        ),
        FoundSlug,
    ),
    Thing.SAVED_REPLY: read(
        select(saved_replies.c.id, saved_replies.c.inbox_id).where(
            any_of(saved_replies.c.id, "ids"), saved_replies.c.deleted_at.is_(None), saved_replies.c.text.is_not(None)
        ),
        Found,
    ),
    Thing.TAG: read(select(tags.c.id, tags.c.id * 0).where(any_of(tags.c.id, "ids")), Found),
    Thing.TEAM: read(
        select(users.c.id, users.c.id * 0).where(any_of(users.c.id, "ids"), _works, users.c.type == "team"), Found
    ),
    Thing.USER: read(
        select(users.c.id, users.c.id * 0).where(any_of(users.c.id, "ids"), _works, users.c.type == "user"), Found
    ),
    Thing.WEBHOOK: read(select(webhooks.c.id, webhooks.c.id * 0).where(any_of(webhooks.c.id, "ids")), Found),
}


async def known(view: Snapshot, inbox_id: int) -> Known:
    """What conditions may ask in an inbox."""
    return Known(
        {str(each.id): each for each in await inboxes.fields(view, inbox_id)},
        {each.slug: each for each in await properties.all_of(view, Owner.CUSTOMER)},
    )


async def missing(view: Snapshot, found: list[tuple[int, Definition]]) -> list[list[Mistake]]:
    """What definitions, each of an inbox, name that is not there: in as few statements as there are kinds of things."""
    named = [list(_named(inbox_id, definition)) for inbox_id, definition in found]
    wanted: dict[Thing, set[int | str]] = defaultdict(set)
    for each in (one for several in named for one in several):
        wanted[each.thing].add(each.id)
    there = {
        (thing, each.id, each.within) for thing, ids in wanted.items() for each in await view.all(LOOK[thing], ids=sorted(ids))
    }
    return [
        [
            Mistake(each.path, f"is not {each.thing.value}", rejected=each.id)
            for each in several
            if (each.thing, each.id, each.within) not in there
        ]
        for several in named
    ]


def _named(inbox_id: int, definition: Definition) -> Iterator[Named]:
    for path, condition in placed(definition.conditions):
        yield from _of_condition(inbox_id, path, condition)
    for at, action in enumerate(definition.actions):
        yield from _of_action(inbox_id, f"actions[{at}]", action)


OF_FIELD = {
    FieldName.ASSIGNEE: Thing.OWNER,
    FieldName.MAILBOX: Thing.INBOX,
    FieldName.TAG: Thing.TAG,
    FieldName.CUSTOM_FIELD: Thing.OPTION,
}


def _of_condition(inbox_id: int, path: str, it: Condition) -> Iterator[Named]:
    if it.name is FieldName.CUSTOMER_PROPERTY:
        yield Named(f"{path}.id", Thing.PROPERTY, it.id)
    elif it.name is FieldName.CUSTOM_FIELD:
        yield Named(f"{path}.id", Thing.FIELD, int(it.id), inbox_id)
    if it.kind is not Kind.ID or it.value is None:
        return
    within = int(it.id) if it.name is FieldName.CUSTOM_FIELD else 0
    if isinstance(it.value, list):
        for at, each in enumerate(it.value):
            yield Named(f"{path}.value[{at}]", OF_FIELD[it.name], int(each), within)
    else:
        yield Named(f"{path}.value", OF_FIELD[it.name], int(it.value), within)


def _of_action(inbox_id: int, path: str, it: actions.Action) -> Iterator[Named]:
    match it:
        case actions.Assign(to=int(owner)):
            yield Named(f"{path}.to", Thing.OWNER, owner)
        case actions.AssignInTurn(team=int(team)):
            yield Named(f"{path}.team", Thing.TEAM, team)
        case actions.AssignInTurn(users=several):
            yield from (Named(f"{path}.users[{at}]", Thing.USER, each) for at, each in enumerate(several))
        case actions.AddTags(tags=several) | actions.RemoveTags(tags=several):
            yield from (Named(f"{path}.tags[{at}]", Thing.TAG, each) for at, each in enumerate(several))
        case actions.SetField(field=field):
            yield Named(f"{path}.field", Thing.FIELD, field, inbox_id)
        case actions.Move(inbox_id=to):
            yield Named(f"{path}.mailboxId", Thing.INBOX, to)
        case actions.SendReply(saved_reply=saved_reply) if saved_reply:
            yield Named(f"{path}.savedReply", Thing.SAVED_REPLY, saved_reply, inbox_id)
        case actions.NotifyWebhook(webhook=webhook):
            yield Named(f"{path}.webhook", Thing.WEBHOOK, webhook)
