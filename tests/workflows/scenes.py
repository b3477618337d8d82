"""A conversation as conditions see it, and conditions as they are given."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import structs

from deskhand.conversations.model import LatestReply, Rating, Status, ThreadType
from deskhand.inboxes.model import CustomField, FieldOption
from deskhand.kernel.errors import Mistake, Source
from deskhand.kernel.http import wire
from deskhand.properties.model import Owner, Property, PropertyType
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import Trigger
from deskhand.workflows.model.fields import Speaker
from deskhand.workflows.model.given import Known, checked
from deskhand.workflows.model.judging import Said, Scene
from deskhand.workflows.schemas.definitions import DefinitionInput, given

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SCENE = Scene(
    id=1,
    number=7,
    inbox_id=61,
    status=Status.ACTIVE,
    type="email",
    via="customer",
    source="api",
    assignee_id=502,
    tag_ids=[12, 14],
    subject="Parcel  never left\tthe Straße",
    preview="Hello",
    bodies=["Where is my parcel?", "It is on its way."],
    cc=["boss@mail.test"],
    has_attachments=False,
    is_snoozed=False,
    threads=2,
    rating=Rating.OKAY,
    latest_reply_from=LatestReply.CUSTOMER,
    created_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    values={"1": "3.50", "2": "2026-02-28", "3": "31", "4": "Blue van"},
    emails=["pavel@lund.test", "pl@mail.test"],
    name="Pavel Lund",
    organization="",
    properties={"plan": "Gold", "seats": "12"},
    thread=Said(4, ThreadType.CUSTOMER, Speaker.CUSTOMER, "Any news?", ["help@desk.test"], []),
    triggers=frozenset({Trigger.CUSTOMER_REPLIED, Trigger.STATUS_CHANGED}),
    waiting_since=datetime(2026, 3, 2, 8, tzinfo=UTC),
    customer_replied_at=datetime(2026, 3, 2, 8, tzinfo=UTC),
    user_replied_at=None,
    status_changed_at=datetime(2026, 3, 2, 11, 30, tzinfo=UTC),
    now=NOW,
)
FIELDS = (
    CustomField(1, 61, "Weight", "number", 1, False, []),
    CustomField(2, 61, "Due", "date", 2, False, []),
    CustomField(3, 61, "Carrier", "dropdown", 3, False, [FieldOption(31, 1, "Post"), FieldOption(32, 2, "Van")]),
    CustomField(4, 61, "Note", "singleline", 4, False, []),
    CustomField(5, 61, "Nothing", "multiline", 5, False, []),
)
PROPERTIES = tuple(
    Property(at, Owner.CUSTOMER, slug, kind, slug, [])
    for at, (slug, kind) in enumerate({"plan": PropertyType.DROPDOWN, "seats": PropertyType.NUMBER}.items())
)
KNOWN = Known({str(each.id): each for each in FIELDS}, {each.slug: each for each in PROPERTIES})


def scene(**changes: Any) -> Scene:
    return structs.replace(SCENE, **changes)


def condition(field: str, comparison: str, value: Any = None, id: Any = None) -> dict[str, Any]:
    told = {"field": field, "comparison": comparison, "value": value, "id": id}
    return {name: each for name, each in told.items() if each is not None}


def check(body: dict[str, Any]) -> tuple[Definition, list[Mistake]]:
    """A definition as it came in, and what is wrong with it."""
    plain = {"mailboxId": 61, "type": "automatic", "name": "x", "actions": [{"type": "delete"}], "conditions": []}
    mistakes: list[Mistake] = []
    data: DefinitionInput = wire.convert(plain | body, DefinitionInput, Source.JSON)
    return checked(given(data), KNOWN, mistakes), mistakes


def entries(*conditions: dict[str, Any], **more: Any) -> Any:
    """Conditions that are right, as they are judged."""
    definition, mistakes = check({"conditions": list(conditions)} | more)
    assert mistakes == []
    return definition.conditions
