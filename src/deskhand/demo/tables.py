"""The statements of the bulk path: every column given, ids included, in an order that foreign keys allow."""

from __future__ import annotations

from sqlalchemy import Table, insert

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.tables import (
    attachments,
    conversation_fields,
    conversation_tags,
    conversations,
    thread_addresses,
    threads,
)
from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.tables import customer_entries, customer_inboxes, customers
from deskhand.kernel.storage.statements import Write, param, upsert, write
from deskhand.organizations.tables import organizations


def _all(table: Table) -> Write[int]:
    """An INSERT of every column that is not computed."""
    return write(insert(table).values({each.name: param(each.name) for each in table.columns if each.computed is None}))


_in_inbox = upsert(customer_inboxes).values({each.name: param(each.name) for each in customer_inboxes.columns})

INSERTS: dict[str, Write[int]] = {
    "organizations": _all(organizations),
    "customers": _all(customers),
    "customer_entries": _all(customer_entries),
    "customer_text": CUSTOMER_TEXT.keep,
    "conversations": _all(conversations),
    "subject_text": SUBJECT_TEXT.keep,
    "threads": _all(threads),
    "thread_text": THREAD_TEXT.keep,
    "attachments": _all(attachments),
    "conversation_tags": _all(conversation_tags),
    "conversation_fields": _all(conversation_fields),
    "thread_addresses": write(
        upsert(thread_addresses)
        .values({each.name: param(each.name) for each in thread_addresses.columns})
        .on_conflict_do_nothing()
    ),
    "customer_inboxes": write(
        _in_inbox.on_conflict_do_update(
            index_elements=["inbox_id", "customer_id"],
            set_={"conversations": customer_inboxes.c.conversations + _in_inbox.excluded.conversations},
        )
    ),
    "customer_counts": write(
        customers.update()
        .where(customers.c.id == param("customer_id"))
        .values(
            conversation_count=customers.c.conversation_count + param("change"),
            updated_at=param("now"),
        )
    ),
}

NUMBERED = (organizations, customers, customer_entries, conversations, threads, attachments)
"""Tables whose own numbers must go on behind the ids that were given."""
