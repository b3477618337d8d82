"""Workflows, what they said before, and their runs. A deleted workflow stays for the sake of its runs."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.schema import identity, metadata
from deskhand.workflows.model.definition import Definition
from deskhand.workflows.model.facts import Reason, Result, RunState, Stop, Trigger, WorkflowType

# ``turns`` says who got the last conversation from the action at a place; ``active_since`` is null while it is switched off.
workflows = Table(
    "workflows",
    metadata,
    identity(),
    Column("inbox_id", BigInteger, ForeignKey("inboxes.id"), nullable=False),
    Column("type", Word(WorkflowType), nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("definition", Json(Definition), nullable=False),
    Column("turns", Json(dict[str, int]), nullable=False),
    Column("active_since", Instant),
    Column("created_at", Instant, nullable=False),
    Column("modified_at", Instant, nullable=False),
    Column("deleted_at", Instant),
    Index("ix_workflows_inbox_id", "inbox_id", "position", "id"),
    sqlite_autoincrement=True,
)

workflow_versions = Table(
    "workflow_versions",
    metadata,
    Column("workflow_id", BigInteger, ForeignKey("workflows.id", ondelete="CASCADE"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("definition", Json(Definition), nullable=False),
    Column("user_id", BigInteger, ForeignKey("users.id")),
    Column("created_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

# One run for each workflow and operation, whatever is done twice; by hand there is no operation that set it going.
workflow_runs = Table(
    "workflow_runs",
    metadata,
    identity(),
    Column("workflow_id", BigInteger, ForeignKey("workflows.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("conversation_id", BigInteger, ForeignKey("conversations.id", ondelete="CASCADE"), nullable=False),
    Column("type", Word(WorkflowType), nullable=False),
    Column("event_id", BigInteger),
    Column("user_id", BigInteger, ForeignKey("users.id")),
    Column("triggers", Json(list[Trigger]), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("parent_id", BigInteger),
    Column("state", Word(RunState), nullable=False),
    Column("stopped_by", Word(Stop)),
    Column("reasons", Json(list[Reason]), nullable=False),
    Column("results", Json(list[Result]), nullable=False),
    Column("at", Instant, nullable=False),
    Index("uq_workflow_runs_operation", "workflow_id", "conversation_id", "event_id", unique=True),
    Index("ix_workflow_runs_workflow_id", "workflow_id", "id"),
    Index("ix_workflow_runs_conversation_id", "conversation_id", "id"),
    sqlite_autoincrement=True,
)
