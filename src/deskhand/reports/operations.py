"""Keeping the facts: conversations that something happened to are looked at again, and their facts written anew.

A piece of it is one operation, and one at a time in an account: it holds the row that says how far it has got.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

import msgspec
from msgspec import Struct
from sqlalchemy import delete, select, update

from deskhand.conversations.tables import conversations, threads
from deskhand.customers.model import CustomersMerged
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import OfficeHoursChanged
from deskhand.kernel.storage.statements import any_of, param, read, upsert, write
from deskhand.kernel.tables import events
from deskhand.kernel.transaction import Transaction
from deskhand.reports.model.facts import Entry, Fact, Talk, facts_of
from deskhand.reports.model.offices import Offices
from deskhand.reports.tables import report_facts, report_progress

MOST_EVENTS = 500
MOST_CONVERSATIONS = 100


class Progress(Struct, frozen=True):
    """How far the facts have got; ``walked_id`` and ``office_walked_id`` are None where nothing is left to walk."""

    event_id: int
    walked_id: int | None
    office_walked_id: int | None

    def lacks(self, upto: int, *, office: bool) -> bool:
        """Whether something up to an event is missing; ``office`` asks for office hours, too."""
        return self.event_id < upto or self.walked_id is not None or (office and self.office_walked_id is not None)


class Happened(Struct, frozen=True):
    """An event: its body names conversations."""

    id: int
    type: str
    body: bytes


class Named(Struct, frozen=True):
    """The conversations that an event is about."""

    conversation_id: int | None = None
    merged_id: int | None = None


_progress = select(*(report_progress.c[name] for name in Progress.__struct_fields__))
PROGRESS = read(_progress, Progress)
LOCK = read(_progress.with_for_update(), Progress)
NOTE = write(update(report_progress).values({name: param(name) for name in Progress.__struct_fields__}))
HAPPENED = read(
    select(events.c.id, events.c.type, events.c.body)
    .where(events.c.id > param("after"), events.c.id <= param("upto"))
    .order_by(events.c.id)
    .limit(param("most")),
    Happened,
)
NEXT = read(
    select(conversations.c.id).where(conversations.c.id > param("after")).order_by(conversations.c.id).limit(param("most")), int
)
TALKS = read(select(*(conversations.c[name] for name in Talk.__struct_fields__)).where(any_of(conversations.c.id, "ids")), Talk)
ENTRIES = read(
    select(*(threads.c[name] for name in Entry.__struct_fields__))
    .where(any_of(threads.c.conversation_id, "ids"))
    .order_by(threads.c.conversation_id, threads.c.created_at, threads.c.id),
    Entry,
)
FORGET = write(delete(report_facts).where(any_of(report_facts.c.conversation_id, "ids")))
# A thread that a merge moved may still stand with the conversation it came from.
_fact = upsert(report_facts).values({name: param(name) for name in Fact.__struct_fields__})
ADD = write(
    _fact.on_conflict_do_update(
        index_elements=["kind", "at", "id"],
        set_={name: _fact.excluded[name] for name in Fact.__struct_fields__ if name not in ("kind", "at", "id")},
    )
)
_of_survivor = select(conversations.c.id).where(conversations.c.customer_id == param("into"))
REPOINT = write(
    update(report_facts)
    .where(report_facts.c.conversation_id.in_(_of_survivor), report_facts.c.customer_id == param("customer_id"))
    .values(customer_id=param("into"))
)

named = msgspec.json.Decoder(Named).decode


async def advance(tx: Transaction, upto: int) -> None:
    """Do the next piece of what is missing up to an event."""
    (it,) = await tx.all(LOCK)
    if it.walked_id is not None:
        ids = await tx.all(NEXT, after=it.walked_id, most=MOST_CONVERSATIONS)
        it = msgspec.structs.replace(it, walked_id=ids[-1] if ids else None)
    elif it.event_id < upto:
        happened = await tx.all(HAPPENED, after=it.event_id, upto=upto, most=MOST_EVENTS)
        ids, reached, hours_changed = _read(happened)
        is_all = len(happened) < MOST_EVENTS and (not happened or reached == happened[-1].id)
        it = msgspec.structs.replace(
            it,
            event_id=upto if is_all else reached,
            office_walked_id=0 if hours_changed else it.office_walked_id,
        )
    elif it.office_walked_id is not None:
        ids = await tx.all(NEXT, after=it.office_walked_id, most=MOST_CONVERSATIONS)
        it = msgspec.structs.replace(it, office_walked_id=ids[-1] if ids else None)
    else:
        return
    await refresh(tx, ids)
    await tx.write(NOTE, **msgspec.structs.asdict(it))


async def begin_again(tx: Transaction, upto: int) -> None:
    """Look at every conversation again from the first on."""
    await tx.all(LOCK)
    await tx.write(NOTE, event_id=upto, walked_id=0, office_walked_id=None)


async def note(tx: Transaction, upto: int) -> None:
    """Remember that somebody else wrote the facts of everything up to an event."""
    await tx.write(NOTE, event_id=upto, walked_id=None, office_walked_id=None)


async def refresh(tx: Transaction, ids: list[int]) -> None:
    """Write the facts of some conversations anew."""
    if not ids:
        return
    offices = Offices(await inboxes.office_hours_of(tx))
    talks = {each.id: each for each in await tx.all(TALKS, ids=ids)}
    said = {key: list(each) for key, each in groupby(await tx.all(ENTRIES, ids=ids), lambda it: it.conversation_id)}
    facts = [fact for key, it in talks.items() for fact in facts_of(it, said.get(key, []), offices.seconds(it.inbox_id))]
    await tx.write(FORGET, ids=ids)
    await tx.write_many(ADD, map(msgspec.structs.asdict, facts))


async def follow_merge(tx: Transaction, event: CustomersMerged) -> None:
    """The facts of a customer's conversations are the other's now. Nobody writes facts meanwhile."""
    await tx.all(LOCK)
    await tx.write(REPOINT, customer_id=event.gone_id, into=event.customer_id)


def _read(happened: Iterable[Happened]) -> tuple[list[int], int, bool]:
    """The conversations that events are about, until there are so many as an operation may take; how far that is, and
    whether office hours changed."""
    ids: set[int] = set()
    reached, hours_changed = 0, False
    for each in happened:
        it = named(each.body)
        about = {it.conversation_id, it.merged_id} - {None}
        if len(ids | about) > MOST_CONVERSATIONS:
            return sorted(ids), reached, hours_changed
        ids |= about  # type: ignore[arg-type]
        reached, hours_changed = each.id, hours_changed or each.type == OfficeHoursChanged.__name__
    return sorted(ids), reached, hours_changed
