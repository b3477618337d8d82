"""Conversations as the interpreter sees them, read row by row from the tables of those who own them."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from msgspec import Struct, defstruct
from sqlalchemy import Table, select

from deskhand.conversations.tables import (
    conversation_fields,
    conversation_tags,
    conversations,
    threads,
)
from deskhand.customers.model import EntryKind
from deskhand.customers.tables import customer_entries, customers
from deskhand.inboxes.tables import custom_fields
from deskhand.kernel.storage.statements import Read, param, read
from deskhand.kernel.tables import events
from deskhand.kernel.transaction import Snapshot
from tests.given import Given
from tests.workflows.oracle import Case, Entry


def _all(table: Table) -> Read[Any]:
    columns = [each for each in table.columns if each.name != "shelf"]
    return read(select(*columns), defstruct(table.name, [(str(each.name), Any) for each in columns]))


TABLES = {
    table.name: _all(table)
    for table in (
        conversation_fields,
        conversation_tags,
        conversations,
        custom_fields,
        customer_entries,
        customers,
        threads,
    )
}


class Fact(Struct, frozen=True):
    """A stored event."""

    id: int
    type: str
    actor_kind: str
    body: bytes


FACTS = read(
    select(*(events.c[name] for name in Fact.__struct_fields__)).where(events.c.id > param("after")).order_by(events.c.id), Fact
)
TRIGGERS = {
    "ConversationCreated": "created",
    "ConversationSnoozed": "snoozed",
    "ConversationStatusChanged": "status-changed",
    "ConversationAssigned": "assigned",
    "ConversationMoved": "moved",
    "ConversationWoken": "woken",
    "TagsChanged": "tagged",
    "FieldsChanged": "fields-changed",
    "RatingReceived": "rated",
    "RatingChanged": "rated",
}
SAID = {"message": "user-replied", "note": "note-added"}


class Feed:
    """What happened since it was last asked, by conversation: the triggers, and the entry that was said (0 for none)."""

    def __init__(self) -> None:
        self._after = 0

    async def news(self, given: Given) -> list[tuple[int, frozenset[str], int]]:
        async with given.read() as view:
            facts = await view.all_slowly(FACTS, after=self._after)
        self._after = max([self._after, *(each.id for each in facts)])
        triggers: dict[int, set[str]] = defaultdict(set)
        said: dict[int, int] = defaultdict(int)
        for each in facts:
            body = json.loads(each.body)
            if each.type == "ThreadAdded":
                triggers[body["conversation_id"]].add(SAID.get(body["type"], "customer-replied"))
                said[body["conversation_id"]] = body["thread_id"]
            elif each.type in TRIGGERS and not body.get("imported"):
                triggers[body["conversation_id"]].add(TRIGGERS[each.type])
        return [(id_, frozenset(words), said[id_]) for id_, words in triggers.items()]


async def look(view: Snapshot) -> dict[int, Case]:
    """Every conversation, by id."""
    rows = {name: await view.all_slowly(statement) for name, statement in TABLES.items()}
    said: dict[int, list[Any]] = defaultdict(list)
    for each in rows["threads"]:
        said[each.conversation_id].append(each)
    tags: dict[int, set[int]] = defaultdict(set)
    for each in rows["conversation_tags"]:
        tags[each.conversation_id].add(each.tag_id)
    fields: dict[int, dict[int, str]] = defaultdict(dict)
    for each in rows["conversation_fields"]:
        fields[each.conversation_id][each.field_id] = each.value
    emails: dict[int, list[str]] = defaultdict(list)
    for each in rows["customer_entries"]:
        if each.kind == EntryKind.EMAIL:
            emails[each.customer_id].append(each.value)
    people = {each.id: each for each in rows["customers"]}
    kinds = {each.id: each.type for each in rows["custom_fields"]}
    return {
        it.id: _case(it, said[it.id], tags[it.id], fields[it.id], kinds, emails[it.customer_id], people[it.customer_id])
        for it in rows["conversations"]
    }


def _case(
    it: Any, said: list[Any], tags: set[int], fields: dict[int, str], kinds: dict[int, str], emails: list[str], customer: Any
) -> Case:
    name = f"{customer.first_name or ''} {customer.last_name or ''}".strip()
    return Case(
        id=it.id,
        inbox=it.inbox_id,
        status=it.status,
        state=it.state,
        type=it.type,
        via=it.source_via,
        source=it.source_type,
        assignee=it.assignee_id,
        tags=tags,
        subject=it.subject,
        preview=it.preview,
        cc=it.cc,
        has_attachments=it.has_attachments,
        snoozed=it.snoozed_until is not None,
        latest=it.latest_reply_from,
        waiting=it.waiting_since,
        created=it.created_at,
        fields=fields,
        kinds=kinds,
        emails=emails,
        name=name,
        organization=customer.organization or "",
        entries=[_entry(each) for each in sorted(said, key=lambda each: (each.created_at, each.id))],
    )


def _entry(it: Any) -> Entry:
    by = "customer" if it.created_by_customer_id else "user" if it.created_by_user_id else "workflow"
    if it.type in ("customer", "chat", "phone", "beaconchat"):
        by = "customer"
    return Entry(it.id, it.created_at, it.type, it.state, it.status, by, it.body or "", it.to, it.cc, it.rating, it.imported)
