"""The statements of the bulk path: every column given, ids included, in an order that foreign keys allow."""

from __future__ import annotations

from sqlalchemy import Table, case, insert

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
from deskhand.customers.tables import customer_entries, customer_inboxes, customer_values, customers
from deskhand.kernel.storage.statements import Write, param, upsert, write
from deskhand.organizations.tables import (
    organization_activity,
    organization_domains,
    organization_values,
    organizations,
)
from deskhand.ratings.tables import ratings
from deskhand.reports.tables import report_facts


def _all(table: Table) -> Write[int]:
    """An INSERT of every column that is not computed."""
    return write(insert(table).values({each.name: param(each.name) for each in table.columns if each.computed is None}))


_in_inbox = upsert(customer_inboxes).values({each.name: param(each.name) for each in customer_inboxes.columns})

_active = upsert(organization_activity).values({each.name: param(each.name) for each in organization_activity.columns})

INSERTS: dict[str, Write[int]] = {
    "organizations": _all(organizations),
    "organization_domains": _all(organization_domains),
    "organization_values": _all(organization_values),
    "organization_activity": write(
        _active.on_conflict_do_update(
            index_elements=["organization_id"],
            set_={
                "customer_count": organization_activity.c.customer_count + _active.excluded.customer_count,
                "conversation_count": organization_activity.c.conversation_count + _active.excluded.conversation_count,
                "last_interaction_at": case(
                    (
                        organization_activity.c.last_interaction_at < _active.excluded.last_interaction_at,
                        _active.excluded.last_interaction_at,
                    ),
                    else_=organization_activity.c.last_interaction_at,
                ),
            },
        )
    ),
    "customers": _all(customers),
    "customer_values": _all(customer_values),
    "customer_entries": _all(customer_entries),
    "customer_text": CUSTOMER_TEXT.keep,
    "conversations": _all(conversations),
    "subject_text": SUBJECT_TEXT.keep,
    "threads": _all(threads),
    "ratings": _all(ratings),
    "report_facts": _all(report_facts),
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

NUMBERED = (organizations, customers, customer_entries, conversations, threads, attachments, ratings)
"""Tables whose own numbers must go on behind the ids that were given."""
