"""Which tables belong to an account that moves, each decided by name; a test looks for those that are not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import Table

from deskhand.kernel.desk import Desk
from deskhand.mail.model import key_name, secrets_name
from deskhand.reports import keeping
from deskhand.schema import metadata
from deskhand.webhooks.model import secret_name

BELONGS = frozenset(
    {
        *("events", "jobs", "counts", "audit_entries"),
        *("account", "users", "team_members", "user_statuses", "notification_settings"),
        *("properties", "property_options"),
        *("organizations", "organization_domains", "organization_activity", "organization_values"),
        *("applications",),
        *("customers", "customer_entries", "customer_inboxes", "customer_pictures", "customer_values"),
        *("inboxes", "inbox_access", "custom_fields", "custom_field_options", "inbox_routing", "office_hours", "saved_replies"),
        *("tags",),
        *("folders", "conversations", "routing_queue", "conversation_merges", "threads", "attachments"),
        *("conversation_tags", "conversation_fields", "thread_addresses"),
        *("followers", "seen", "saved_views", "saved_view_places", "writings", "writing_files"),
        *("chats", "chat_events"),
        *("notifications",),
        *("ratings", "rating_links"),
        *("webhooks", "webhook_deliveries", "webhook_attempts"),
        *("workflows", "workflow_versions", "workflow_runs"),
        *("mail_inboxes", "mail_addresses", "mail_connections", "mail_cursors", "mail_keys"),
        *("mail_received", "mail_ids", "mail_outgoing", "mail_deliveries", "mail_hushed"),
    }
)

STAYS = frozenset({"sessions", "user_links", "codes", "grants", "kept_answers", "mail_leases", "conversation_viewers"})
"""Who is signed in or looks at what, links, tokens, leases, kept answers: all of the place, not of the account."""

REBUILT = "report_"
"""Tables whose names begin so follow from the others: they stay, and are made again by ``REBUILD``."""

REBUILD: tuple[Callable[[Desk], Awaitable[None]], ...] = (keeping.rebuild,)
"""What makes them, in order, behind the commit of an import; each may happen twice."""

LEASE = frozenset({"lease", "leased_until"})
"""Columns that say who is at work on a row at this moment: whoever that is does not come along."""

SEALED = {
    ("mail_connections", "secrets"): secrets_name,
    ("mail_keys", "secret"): key_name,
    ("webhooks", "secret"): secret_name,
}
"""Secrets under the account's key: they leave in the clear and are sealed again with the key of the other place."""


def tables() -> list[Table]:
    """What belongs, in an order that foreign keys allow."""
    return [table for table in metadata.sorted_tables if table.name in BELONGS]
