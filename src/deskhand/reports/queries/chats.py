"""Live chats that began in an interval: read piece by piece, since it is what was said in each that decides."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from msgspec import Struct
from sqlalchemy import and_, or_, select

from deskhand.chats.model import ChatEventType
from deskhand.chats.tables import chat_events, chats
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Unavailable
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.model.facts import OfficeSeconds, seconds_of
from deskhand.reports.model.offices import Offices
from deskhand.reports.model.spans import Span
from deskhand.reports.queries.scope import Scope, Shape, narrowed

PIECE = 200
SLOW_SECONDS = 15.0
SECOND = timedelta(seconds=1)


class Chat(Struct, frozen=True):
    """A chat."""

    id: str
    inbox_id: int
    created_at: datetime
    ended_at: datetime | None


class Message(Struct, frozen=True):
    """Something that was said in a chat; without ``user_id`` by the customer."""

    chat_id: str
    user_id: int | None
    created_at: datetime


class Measures(Struct):
    """What all chats came to; times are in seconds."""

    chats: int = 0
    completed: int = 0
    missed: int = 0
    waits: list[float] = []
    responses: list[float] = []
    messages: list[float] = []
    durations: list[float] = []

    def add(self, it: Chat, said: list[Message], office: OfficeSeconds | None) -> None:
        """Measure a chat."""
        first_answer = next((each for each in said if each.user_id is not None), None)
        self.chats += 1
        self.messages.append(len(said))
        if it.ended_at is not None:
            self.completed += first_answer is not None
            self.missed += first_answer is None
            self.durations.append(_between(it.created_at, it.ended_at, office))
        if first_answer is not None:
            self.waits.append(_between(it.created_at, first_answer.created_at, office))
        waits: datetime | None = None
        for each in said:
            if each.user_id is None:
                waits = waits or each.created_at
            elif waits is not None:
                self.responses.append(_between(waits, each.created_at, office))
                waits = None


@shaped
def _began(shape: Shape, *, goes_on: bool) -> Read[Chat]:
    c = chats.c
    statement = select(*(c[name] for name in Chat.__struct_fields__)).where(
        c.created_at >= param("since"), c.created_at <= param("until")
    )
    if goes_on:
        later = and_(c.created_at == param("last_at"), c.id > param("last_id"))
        statement = statement.where(c.created_at >= param("last_at"), or_(c.created_at > param("last_at"), later))
    if "people" in shape:
        statement = statement.where(any_of(c.assignee_id, "people"))
    narrow = narrowed(shape, c.conversation_id, c.inbox_id, None, None)
    return read(statement.where(*narrow).order_by(c.created_at, c.id).limit(param("most")), Chat)


SAID = read(
    select(*(chat_events.c[name] for name in Message.__struct_fields__))
    .where(any_of(chat_events.c.chat_id, "ids"), chat_events.c.type == ChatEventType.MESSAGE.value)
    .order_by(chat_events.c.chat_id, chat_events.c.number),
    Message,
)


async def measure(view: Snapshot, it: Scope, span: Span, *, office: bool) -> Measures:
    """What the chats of an interval came to. Raises Unavailable when there are too many to read in time."""
    found = Measures()
    offices = Offices(await inboxes.office_hours_of(view)) if office else Offices({})
    values: dict[str, Any] = it.values | {"since": span.start, "until": span.until, "most": PIECE}
    clock = asyncio.get_running_loop().time
    deadline = clock() + SLOW_SECONDS
    goes_on = False
    while piece := await view.all_slowly(_began(it.shape, goes_on=goes_on), **values):
        said = {
            chat_id: list(each)
            for chat_id, each in groupby(
                await view.all_slowly(SAID, ids=[each.id for each in piece]), lambda each: each.chat_id
            )
        }
        for each in piece:
            found.add(each, said.get(each.id, []), offices.seconds(each.inbox_id))
        goes_on, values = True, values | {"last_at": piece[-1].created_at, "last_id": piece[-1].id}
        if clock() > deadline:
            raise Unavailable("the question took too long")
    return found


def _between(since: datetime, until: datetime, office: OfficeSeconds | None) -> float:
    return office(seconds_of(since), seconds_of(until)) if office else (until - since) / SECOND
