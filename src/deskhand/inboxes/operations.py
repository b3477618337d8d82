"""Inboxes, who works in them, their custom fields. The vendor's API has no verbs for these; the desk needs them."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert

from deskhand.inboxes import queries
from deskhand.inboxes.model import (
    CustomFieldCreated,
    InboxAccessGranted,
    InboxAccessRevoked,
    InboxCreated,
)
from deskhand.inboxes.tables import custom_field_options, custom_fields, inbox_access, inboxes
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users

COLUMNS = (
    "name",
    "name_key",
    "slug",
    "email",
    "after_reply_status",
    "assigns_replier",
    "created_at",
    "updated_at",
)
FIELD_TYPES = ("dropdown", "singleline", "multiline", "number", "date")
ADD = write(insert(inboxes).values({name: param(name) for name in COLUMNS}).returning(inboxes.c.id))
GRANT = write(upsert(inbox_access).values(inbox_id=param("inbox_id"), user_id=param("user_id")).on_conflict_do_nothing())
REVOKE = write(
    delete(inbox_access).where(inbox_access.c.inbox_id == param("inbox_id"), inbox_access.c.user_id == param("user_id"))
)
ADD_FIELD = write(
    insert(custom_fields)
    .values({name: param(name) for name in ("inbox_id", "name", "type", "position", "required")})
    .returning(custom_fields.c.id)
)
ADD_OPTION = write(insert(custom_field_options).values({name: param(name) for name in ("field_id", "position", "label")}))


async def create(
    tx: Transaction,
    name: str,
    email: str,
    *,
    after_reply_status: str = "active",
    assigns_replier: bool = True,
    slug: str | None = None,
) -> int:
    """Make an inbox; its id. ``assigns_replier``: who answers first becomes the owner; ``slug`` is 16 hex digits, random
    unless given. Raises Forbidden, Invalid("name")."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if not name.strip():
        raise Invalid("name", "may not be empty")
    inbox_id = await tx.insert(
        ADD,
        name=name.strip(),
        name_key=name.strip().casefold(),
        slug=slug or secrets.token_hex(8),
        email=email,
        after_reply_status=after_reply_status,
        assigns_replier=assigns_replier,
        created_at=tx.now,
        updated_at=tx.now,
    )
    tx.access_changed = True
    tx.record(InboxCreated(inbox_id=inbox_id))
    return inbox_id


async def grant(tx: Transaction, inbox_id: int, user_id: int) -> None:
    """Let a user or team work in an inbox. Raises Forbidden, NotFound."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if await queries.find(tx, inbox_id) is None or await users.assignee(tx, user_id) is None:
        raise NotFound("Not found")
    await tx.write(GRANT, inbox_id=inbox_id, user_id=user_id)
    tx.access_changed = True
    tx.record(InboxAccessGranted(inbox_id=inbox_id, user_id=user_id))


async def revoke(tx: Transaction, inbox_id: int, user_id: int) -> None:
    """Let a user or team no longer work in an inbox. Raises Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.write(REVOKE, inbox_id=inbox_id, user_id=user_id)
    tx.access_changed = True
    tx.record(InboxAccessRevoked(inbox_id=inbox_id, user_id=user_id))


async def create_field(
    tx: Transaction, inbox_id: int, name: str, type_: str, *, required: bool = False, options: list[str] | None = None
) -> int:
    """Give an inbox another custom field, behind those it has; its id. Raises Forbidden, NotFound, Invalid("type")."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await queries.get(tx, inbox_id)
    if type_ not in FIELD_TYPES:
        raise Invalid("type", "Expected one of these: " + ", ".join(f"'{each}'" for each in FIELD_TYPES))
    position = len(await queries.fields(tx, inbox_id)) + 1
    field_id = await tx.insert(ADD_FIELD, inbox_id=inbox_id, name=name, type=type_, position=position, required=required)
    for place, label in enumerate(options or [], start=1):
        await tx.write(ADD_OPTION, field_id=field_id, position=place, label=label)
    tx.record(CustomFieldCreated(inbox_id=inbox_id, field_id=field_id))
    return field_id
