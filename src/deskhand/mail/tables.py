"""Mail: what an inbox wants, its servers and addresses, what came in, what goes out, and which ids belong where.

``mail_received`` and ``mail_outgoing`` are their own jobs: each row waits until ``due``.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.mail.model import (
    Authentication,
    ConnectionState,
    DeliveryState,
    Direction,
    Door,
    IdKind,
    Kind,
    OAuth,
    Options,
    Outgoing,
    OutgoingKind,
    OutgoingState,
    ReceivedState,
    Role,
    Rule,
    Security,
)
from deskhand.mail.rules.verdict import Verdict

WAITING = "state = 'waiting'"
HELD = "state = 'held'"
ONCE = "state = 'done' AND kind NOT IN ('duplicate', 'dropped')"
PENDING = "state <> 'ended'"

# An inbox without a row here sends no mail and receives none. Who has the lease looks at what came in for it.
mail_inboxes = Table(
    "mail_inboxes",
    metadata,
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("options", Json(Options), nullable=False),
    Column("lease", Text),
    Column("leased_until", Instant),
    Column("updated_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# What an inbox's mail is signed with (DKIM).
mail_keys = Table(
    "mail_keys",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("domain", Text, nullable=False),
    Column("selector", Text, nullable=False),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", Instant, nullable=False),
)

# Every address that is an inbox's: its own and its aliases, in lower case.
mail_addresses = Table(
    "mail_addresses",
    metadata,
    Column("address", Text, primary_key=True),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Index("ix_mail_addresses_inbox_id", "inbox_id"),
    sqlite_with_rowid=False,
)

mail_connections = Table(
    "mail_connections",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("direction", Word(Direction), nullable=False),
    Column("host", Text, nullable=False),
    Column("port", Integer, nullable=False),
    Column("security", Word(Security), nullable=False),
    Column("authentication", Word(Authentication), nullable=False),
    Column("username", Text, nullable=False),
    Column("secrets", LargeBinary, nullable=False),
    Column("oauth", Json(OAuth)),
    Column("folder", Text, nullable=False),
    Column("state", Word(ConnectionState), nullable=False),
    Column("failing_since", Instant),
    Column("alerted_at", Instant),
    Column("error", Text),
    Column("worked_at", Instant),
    Column("paused_reason", Text),
    Column("slow_until", Instant),
    Column("updated_at", Instant, nullable=False),
    Index("uq_mail_connections_inbox_id_direction", "inbox_id", "direction", unique=True),
)

# Who does what only one may do at a time, of all processes: fetch for an inbox, renew a token.
mail_leases = Table(
    "mail_leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("until", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# How far a folder was read: everything of this UIDVALIDITY up to ``last_uid`` is ours.
mail_cursors = Table(
    "mail_cursors",
    metadata,
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("last_uid", BigInteger, nullable=False),
    Column("server_count", BigInteger, nullable=False),
    Column("server_next_uid", BigInteger, nullable=False),
    Column("seen_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# ``reply_to`` is where answers go, if not to the sender.
mail_received = Table(
    "mail_received",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE")),
    Column("door", Word(Door), nullable=False),
    Column("envelope_from", Text),
    Column("recipients", Json(list[str]), nullable=False),
    Column("peer", Text),
    Column("blob", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", Word(ReceivedState), nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("as_is", Boolean),
    Column("processed_at", Instant),
    Column("kind", Word(Kind)),
    Column("rule", Word(Rule)),
    Column("reason", Text),
    Column("sender", Text),
    Column("subject", Text),
    Column("message_id", Text),
    Column("content_hash", Text),
    Column("verdict", Json(Verdict)),
    Column("partial", Text),
    Column("conversation_id", BigInteger),
    Column("thread_id", BigInteger),
    Column("reply_to", Text),
    Index("ix_mail_received_waiting", "inbox_id", "due", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_mail_received_held", "id", sqlite_where=text(HELD), postgresql_where=text(HELD)),
    Index(
        "uq_mail_received_content",
        "inbox_id",
        "message_id",
        "content_hash",
        unique=True,
        sqlite_where=text(ONCE),
        postgresql_where=text(ONCE),
    ),
    Index("ix_mail_received_sender", "sender", "received_at"),
    Index("ix_mail_received_inbox", "inbox_id", "received_at", "id"),
    Index("ix_mail_received_conversation_id", "conversation_id"),
    Index("ix_mail_received_blob", "blob"),
    sqlite_autoincrement=True,
)

# Which conversation a Message-ID belongs to, without ``<>``.
mail_ids = Table(
    "mail_ids",
    metadata,
    Column("message_id", Text, primary_key=True),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), primary_key=True),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True),
    Column("thread_id", BigInteger),
    Column("kind", Word(IdKind), nullable=False),
    Index("ix_mail_ids_conversation_id", "conversation_id"),
    sqlite_with_rowid=False,
)

mail_outgoing = Table(
    "mail_outgoing",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id", ondelete="CASCADE"), nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE")),
    Column("thread_id", BigInteger, ForeignKey("threads.id", ondelete="CASCADE")),
    Column("kind", Word(OutgoingKind), nullable=False),
    Column("message_id", Text, nullable=False, unique=True),
    Column("letter", Json(Outgoing), nullable=False),
    Column("state", Word(OutgoingState), nullable=False),
    Column("due", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("unknown", Integer, nullable=False),
    Column("lease", Text),
    Column("leased_until", Instant),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index("ix_mail_outgoing_due", "inbox_id", "due", "id", sqlite_where=text(PENDING), postgresql_where=text(PENDING)),
    Index("ix_mail_outgoing_lane", "conversation_id", "id", sqlite_where=text(WAITING), postgresql_where=text(WAITING)),
    Index("ix_mail_outgoing_conversation_id", "conversation_id"),
    Index("ix_mail_outgoing_thread_id", "thread_id"),
    Index("ix_mail_outgoing_inbox", "inbox_id", "kind", "created_at"),
    sqlite_autoincrement=True,
)

mail_deliveries = Table(
    "mail_deliveries",
    metadata,
    identity(),
    Column("outgoing_id", BigInteger, ForeignKey("mail_outgoing.id", ondelete="CASCADE"), nullable=False),
    Column("address", Text, nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("state", Word(DeliveryState), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("code", Text),
    Column("words", Text),
    Column("is_hard", Boolean, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Index("ix_mail_deliveries_outgoing_id", "outgoing_id"),
    Index("ix_mail_deliveries_address", "address", "created_at"),
    sqlite_autoincrement=True,
)

# Addresses that get no automatic mail: until a moment, or for ever.
mail_hushed = Table(
    "mail_hushed",
    metadata,
    Column("address", Text, primary_key=True),
    Column("until", Instant),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    sqlite_with_rowid=False,
)
