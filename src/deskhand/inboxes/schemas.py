"""Inboxes, custom fields and saved replies on the wire, where inboxes are still called mailboxes (contract 60 §1, 61 §1)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.inboxes.hours import DAYS, MINUTES, OfficeHours
from deskhand.inboxes.model import SAVED_REPLY_CHARACTERS, CustomField
from deskhand.inboxes.queries import Inbox, SavedReply, SavedReplySummary
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.kernel.html import clean
from deskhand.kernel.http.hal import Link, Origins, PageInfo, SelfLink, example_page
from deskhand.kernel.http.wire import PageNumber

API = "https://desk.example.org/v2"
HERE = f"{API}/mailboxes/61"
INBOX_EXAMPLE = {
    "id": 61,
    "name": "Parts desk",
    "slug": "5f0c2c9b77d1a0e3",
    "email": "parts@desk.example",
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "_links": {
        "fields": {"href": f"{HERE}/fields/"},
        "folders": {"href": f"{HERE}/folders/"},
        "self": {"href": HERE},
    },
}
INBOXES_EXAMPLE = example_page(f"{API}/mailboxes", "mailboxes", INBOX_EXAMPLE)
FIELD_EXAMPLE = {
    "id": 104,
    "name": "Plan",
    "type": "dropdown",
    "order": 1,
    "required": False,
    "options": [{"id": 168, "order": 1, "label": "Gold"}, {"id": 169, "order": 2, "label": "Tin"}],
    "_links": {"self": {"href": f"{HERE}/fields/104"}},
}
FIELDS_EXAMPLE = {
    "_embedded": {"fields": [FIELD_EXAMPLE]},
    "_links": {"self": {"href": f"{HERE}/fields/"}},
    "page": {"size": 50, "totalElements": 1, "totalPages": 1, "number": 1},
}

SAVED_REPLIES_EXAMPLE = [
    {"id": 1001, "name": "Refund window", "preview": "Refunds take five days.", "chatPreview": "Five days."}
]
SAVED_REPLY_INPUT = {"name": "Refund window", "text": "Refunds take <b>five</b> days.", "chatText": "Five days."}
SAVED_REPLY_EXAMPLE = {"id": 1001, **SAVED_REPLY_INPUT}

OFFICE_HOURS_EXAMPLE = {
    "timezone": "Europe/Lisbon",
    "monday": [{"from": "09:00", "to": "12:30"}, {"from": "13:30", "to": "18:00"}],
    "tuesday": [{"from": "09:00", "to": "18:00"}],
    "wednesday": [{"from": "09:00", "to": "18:00"}],
    "thursday": [{"from": "09:00", "to": "18:00"}],
    "friday": [{"from": "09:00", "to": "16:00"}],
    "saturday": [],
    "sunday": [],
}

CLOCK = re.compile(r"[0-2][0-9]:[0-5][0-9]", re.ASCII)
MOST_RANGES = 24  # of a day
SavedText = Annotated[str, Meta(max_length=SAVED_REPLY_CHARACTERS)]


class InboxLinks(Struct):
    """The links of an inbox."""

    fields: Link
    folders: Link
    self_: Link = field(name="self")


class InboxBody(Struct, kw_only=True, rename="camel"):
    """An inbox; ``slug`` is a key of 16 hex digits."""

    id: int
    name: str
    slug: str
    email: str
    created_at: datetime
    updated_at: datetime
    links: InboxLinks = field(name="_links")


class EmbeddedInboxes(Struct):
    """The inboxes of a page."""

    mailboxes: list[InboxBody]


class OptionBody(Struct):
    """A choice of a dropdown."""

    id: int
    order: int
    label: str


class CustomFieldBody(Struct, kw_only=True):
    """A custom field; ``order`` counts from 1, ``options`` only for a dropdown."""

    id: int
    name: str
    type: str
    order: int
    required: bool
    options: list[OptionBody] | UnsetType = UNSET
    links: SelfLink = field(name="_links")


class EmbeddedFields(Struct):
    """The custom fields of an inbox."""

    fields: list[CustomFieldBody]


class FieldList(Struct, kw_only=True):
    """Custom fields in one page."""

    embedded: EmbeddedFields | UnsetType = field(default=UNSET, name="_embedded")
    links: SelfLink = field(name="_links")
    page: PageInfo


class SavedReplyItem(Struct, kw_only=True, rename="camel"):
    """A saved reply in the list: beginnings of its texts, plain; one for chats only has no ``preview``."""

    id: int
    name: str
    preview: str | UnsetType = UNSET
    chat_preview: str | UnsetType = UNSET


class SavedReplyBody(Struct, kw_only=True, rename="camel"):
    """A saved reply: ``text`` is HTML, ``chatText`` plain."""

    id: int
    name: str
    text: str | UnsetType = UNSET
    chat_text: str | UnsetType = UNSET


class SavedReplyInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """A saved reply to keep; at least one of the texts says something. Placeholders are kept as they are written."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    text: SavedText | None = None
    chat_text: SavedText | None = None


class SavedRepliesQuery(Struct, frozen=True, rename="camel"):
    """Whether to list those for chats only, too."""

    include_chat_replies: bool = False


class OpenRange(Struct, frozen=True, rename={"from_": "from"}):
    """Open from and to, ``HH:MM`` on the wall; ``24:00`` ends a day."""

    from_: str
    to: str


OpenDay = Annotated[list[OpenRange], Meta(max_length=MOST_RANGES)]


class OfficeHoursBody(Struct, frozen=True, kw_only=True):
    """Office hours: a time zone, and when each day is open, in order. Without any open day it only says the zone."""

    timezone: Annotated[str, Meta(min_length=1, max_length=64)]
    monday: OpenDay = []
    tuesday: OpenDay = []
    wednesday: OpenDay = []
    thursday: OpenDay = []
    friday: OpenDay = []
    saturday: OpenDay = []
    sunday: OpenDay = []


class PageQuery(Struct, frozen=True):
    """Which page."""

    page: PageNumber = 1


def inbox_body(it: Inbox, origins: Origins) -> InboxBody:
    """A record as the resource of contract 60 §1."""
    here = f"{origins.api}/v2/mailboxes/{it.id}"
    return InboxBody(
        id=it.id,
        name=it.name,
        slug=it.slug,
        email=it.email,
        created_at=it.created_at,
        updated_at=it.updated_at,
        links=InboxLinks(Link(f"{here}/fields/"), Link(f"{here}/folders/"), Link(here)),
    )


def field_body(it: CustomField, origins: Origins) -> CustomFieldBody:
    """A record as the resource of contract 60 §1.2."""
    return CustomFieldBody(
        id=it.id,
        name=it.name,
        type=it.type,
        order=it.position,
        required=it.required,
        options=[OptionBody(each.id, each.position, each.label) for each in it.options] if it.type == "dropdown" else UNSET,
        links=SelfLink(Link(f"{origins.api}/v2/mailboxes/{it.inbox_id}/fields/{it.id}")),
    )


def office_hours_body(it: OfficeHours) -> OfficeHoursBody:
    """A record as it is sent and shown."""
    days = zip(DAYS, it.week, strict=True)
    ranges = {day: [OpenRange(_clock(since), _clock(until)) for since, until in open_] for day, open_ in days}
    return OfficeHoursBody(timezone=it.timezone, **ranges)


def office_hours_given(body: OfficeHoursBody) -> OfficeHours:
    """What was sent. Raises Invalid naming every time that is none."""
    mistakes: list[Mistake] = []
    week = []
    for day in DAYS:
        ranges = []
        for place, each in enumerate(getattr(body, day)):
            ends = {end: _minutes(text) for end, text in (("from", each.from_), ("to", each.to))}
            texts = {"from": each.from_, "to": each.to}
            mistakes += [
                Mistake(f"{day}[{place}].{end}", "must be a time such as 09:30, from 00:00 to 24:00", rejected=texts[end][:20])
                for end, minutes in ends.items()
                if minutes is None
            ]
            ranges.append((ends["from"] or 0, ends["to"] or 0))
        week.append(tuple(ranges))
    if mistakes:
        raise Invalid.all(mistakes)
    return OfficeHours(body.timezone, tuple(week))


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _minutes(text: str) -> int | None:
    """Minutes since midnight of ``HH:MM``, or None."""
    if not CLOCK.fullmatch(text):
        return None
    minutes = int(text[:2]) * 60 + int(text[3:])
    return minutes if minutes <= MINUTES else None


def saved_reply_item(it: SavedReplySummary) -> SavedReplyItem:
    """A record as the list has it (contract 61 §1)."""
    return SavedReplyItem(id=it.id, name=it.name, preview=_said(it.preview), chat_preview=_said(it.chat_preview))


def saved_reply_body(it: SavedReply) -> SavedReplyBody:
    """A record as the resource of contract 61 §1."""
    return SavedReplyBody(id=it.id, name=it.name, text=clean(it.text) if it.text else UNSET, chat_text=_said(it.chat_text))


def _said(text: str | None) -> str | UnsetType:
    return UNSET if text is None else text
