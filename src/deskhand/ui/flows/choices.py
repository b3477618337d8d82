"""What there is to choose from in an inbox, by name: for the form of a workflow, and to tell what one does."""

from __future__ import annotations

from typing import TypeAlias

from msgspec import Struct

from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import CustomField
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner, Property
from deskhand.tags import queries as tags
from deskhand.ui.people import face
from deskhand.users import queries as users
from deskhand.webhooks import queries as webhooks
from deskhand.workflows.model.fields import FIELDS, OF_FIELD, OF_PROPERTY, Field, FieldName

MOST_TAGS = 1000
MOST_PEOPLE = 500
MOST_INBOXES = 500
MOST_HOOKS = 200

Options: TypeAlias = list[tuple[str, str]]


class Choices(Struct, frozen=True):
    """Names by id, as text."""

    inbox_id: int
    fields: dict[str, CustomField]
    properties: dict[str, Property]
    users: dict[str, str]
    teams: dict[str, str]
    tags: dict[str, str]
    inboxes: dict[str, str]
    replies: dict[str, str]
    webhooks: dict[str, str]

    def field(self, text: str) -> Field | None:
        """What the values of a field are: ``subject``, or ``custom-field:12``."""
        name, _, id_ = text.partition(":")
        if name == FieldName.CUSTOM_FIELD and id_ in self.fields:
            return Field(OF_FIELD[self.fields[id_].type], may_be_empty=True)
        if name == FieldName.CUSTOMER_PROPERTY and id_ in self.properties:
            return Field(OF_PROPERTY[self.properties[id_].type], may_be_empty=True)
        return FIELDS.get(FieldName(name)) if name in list(FieldName) else None

    def of_ids(self, text: str) -> dict[str, str]:
        """The names of what a field's ids stand for."""
        name, _, id_ = text.partition(":")
        if name == FieldName.ASSIGNEE:
            return self.users | self.teams
        if name == FieldName.CUSTOM_FIELD:
            return {str(each.id): each.label for each in self.fields[id_].options} if id_ in self.fields else {}
        return {FieldName.TAG: self.tags, FieldName.MAILBOX: self.inboxes}.get(FieldName(name), {})


def with_gone(names: dict[str, str], chosen: list[str], words: Words) -> Options:
    """What there is to choose from, and what was chosen and is gone: it is not lost without a word."""
    gone = [each for each in chosen if each and each not in names]
    return [*names.items(), *((each, words.text("gone (%(id)s)", id=each)) for each in gone)]


async def choices(view: Snapshot, inbox_id: int) -> Choices:
    """All that workflows of an inbox may name."""
    people, _ = await users.page(view, "user", 1, MOST_PEOPLE)
    groups, _ = await users.page(view, "team", 1, MOST_PEOPLE)
    labels, _ = await tags.page(view, 1, MOST_TAGS)
    places, _ = await inboxes.page(view, 1, MOST_INBOXES)
    sees_hooks = view.actor.may(Permission.MANAGE_ACCOUNT)
    hooks = (await webhooks.page(view, 1, MOST_HOOKS))[0] if sees_hooks else []
    return Choices(
        inbox_id,
        {str(each.id): each for each in await inboxes.fields(view, inbox_id)},
        {each.slug: each for each in await properties.all_of(view, Owner.CUSTOMER)},
        {str(each.id): face(each.id, each.first_name, each.last_name).name for each in people},
        {str(each.id): face(each.id, each.first_name, each.last_name).name for each in groups},
        {str(each.id): each.name for each, _ in labels},
        {str(each.id): each.name for each in places},
        {str(each.id): each.name for each in await inboxes.saved_replies_of(view, inbox_id, chat_only_too=False)},
        {str(each.id): each.label or each.url for each in hooks},
    )
