"""Webhooks, what is told to them, and each try of it.

A delivery is its own job: it waits until ``due``, is leased by who sends it, and of one ``lane`` (a webhook's deliveries
about one thing) only the oldest that waits may go.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.webhooks.model import DeliveryState, EventName, HookState, PayloadVersion

WAITING = "state = 'waiting'"

webhooks = Table(
    "webhooks",
    metadata,
    identity(),
    Column("url", Text, nullable=False),
    Column("events", Json(list[EventName]), nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("notification", Boolean, nullable=False),
    Column("payload_version", Word(PayloadVersion), nullable=False),
    Column("label", Text),
    Column("inbox_ids", Json(list[int]), nullable=False),
    Column("state", Word(HookState), nullable=False),
    Column("api_origin", Text, nullable=False),
    Column("web_origin", Text, nullable=False),
    Column("application_id", BigInteger, ForeignKey("applications.id", ondelete="CASCADE")),
    Column("user_id", BigInteger, ForeignKey("users.id", ondelete="SET NULL")),
    Column("discarded", Integer, nullable=False),
    Column("failing_since", Instant),
    Column("disabled_reason", Text),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Index("ix_webhooks_application_id", "application_id"),
    sqlite_autoincrement=True,
)

deliveries = Table(
    "webhook_deliveries",
    metadata,
    identity(),
    Column("uid", Text, nullable=False, unique=True),
    Column("webhook_id", BigInteger, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    Column("event", Word(EventName), nullable=False),
    Column("lane", Text, nullable=False),
    Column("conversation_id", BigInteger),
    Column("payload", LargeBinary, nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease", Text),
    Column("leased_until", Instant),
    Column("settled_at", Instant),
    Column("created_at", Instant, nullable=False),
    Index("uq_webhook_deliveries_fact", "webhook_id", "event_id", "event", unique=True),
    Index("ix_webhook_deliveries_due", "webhook_id", "due", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_webhook_deliveries_lane", "webhook_id", "lane", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_webhook_deliveries_created", "created_at", "id"),
    Index("ix_webhook_deliveries_webhook", "webhook_id", "created_at", "id"),
    Index("ix_webhook_deliveries_conversation", "conversation_id", "created_at", "id"),
    Index("ix_webhook_deliveries_event", "event", "created_at", "id"),
    Index("ix_webhook_deliveries_state", "state", "created_at", "id"),
    sqlite_autoincrement=True,
)

attempts = Table(
    "webhook_attempts",
    metadata,
    identity(),
    Column("delivery_id", BigInteger, ForeignKey("webhook_deliveries.id", ondelete="CASCADE"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("sent_headers", Json(dict[str, str]), nullable=False),
    Column("status", Integer),
    Column("error", Text),
    Column("headers", Json(dict[str, str]), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("is_cut", Boolean, nullable=False),
    Index("ix_webhook_attempts_delivery_id", "delivery_id"),
)
