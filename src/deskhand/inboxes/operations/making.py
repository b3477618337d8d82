"""Inboxes, who works in them, for which the vendor's API has no verbs; routing, office hours, saved replies."""

from __future__ import annotations

import secrets

from sqlalchemy import delete, insert, update

from deskhand.inboxes import queries
from deskhand.inboxes.hours import DAYS, OfficeHours, week_mistakes
from deskhand.inboxes.model import (
    MOST_SAVED_REPLIES,
    SAVED_REPLY_PREVIEW,
    InboxAccessGranted,
    InboxAccessRevoked,
    InboxCreated,
    OfficeHoursChanged,
    RoutingChanged,
    RoutingMethod,
    SavedReplyCreated,
    SavedReplyDeleted,
    SavedReplyUpdated,
)
from deskhand.inboxes.tables import (
    inbox_access,
    inbox_routing,
    inboxes,
    office_hours,
    saved_replies,
)
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Conflict, Invalid, Mistake, NotFound
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import operations as user_operations
from deskhand.users import queries as users
from deskhand.users.model import UserInvited, is_timezone
from deskhand.users.operations import NewUser

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
ADD = write(insert(inboxes).values({name: param(name) for name in COLUMNS}).returning(inboxes.c.id))
GRANT = write(upsert(inbox_access).values(inbox_id=param("inbox_id"), user_id=param("user_id")).on_conflict_do_nothing())
REVOKE = write(
    delete(inbox_access).where(inbox_access.c.inbox_id == param("inbox_id"), inbox_access.c.user_id == param("user_id"))
)
ROUTED = ("enabled", "assignment_limit", "method", "user_ids")
_routing = upsert(inbox_routing).values({name: param(name) for name in ("inbox_id", *ROUTED)})
SET_ROUTING = write(
    _routing.on_conflict_do_update(index_elements=["inbox_id"], set_={name: _routing.excluded[name] for name in ROUTED})
)
NOTE_TURN = write(
    update(inbox_routing).where(inbox_routing.c.inbox_id == param("inbox_id")).values(last_user_id=param("user_id"))
)
_hours = upsert(office_hours).values({name: param(name) for name in ("id", "inbox_id", "timezone", "week")})
SET_HOURS = write(
    _hours.on_conflict_do_update(index_elements=["id"], set_={name: _hours.excluded[name] for name in ("timezone", "week")})
)
REMOVE_HOURS = write(delete(office_hours).where(office_hours.c.id == param("id")))
SAID = ("name", "text", "preview", "chat_text", "chat_preview", "updated_at")
ADD_SAVED_REPLY = write(
    insert(saved_replies)
    .values({name: param(name) for name in ("inbox_id", *SAID, "created_at")})
    .returning(saved_replies.c.id)
)
_saved_reply = saved_replies.c.id == param("saved_reply_id")
SET_SAVED_REPLY = write(update(saved_replies).where(_saved_reply).values({name: param(name) for name in SAID}))
RESTORE_SAVED_REPLY = write(
    update(saved_replies)
    .where(_saved_reply, saved_replies.c.inbox_id == param("inbox_id"), saved_replies.c.deleted_at.is_not(None))
    .values(deleted_at=None)
)
DELETE_SAVED_REPLY = write(update(saved_replies).where(_saved_reply).values(deleted_at=param("now")))


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


async def invite(tx: Transaction, new: NewUser, inboxes: list[tuple[int, bool]], *, sends_mail: bool) -> int:
    """Add a user who accepts later; their id. ``inboxes`` are ids, each with whether they may work on its mail.

    Raises Forbidden, Conflict when the address is taken, Invalid("firstName", "lastName", "email", "timezone",
    "mailboxes[0].id"). Source: Mailbox API 2.0, "Create User".
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    _check(tx, new, inboxes)
    user_id = await user_operations.create(tx, new)
    for inbox_id, works_on_mail in inboxes:
        if works_on_mail:
            await grant(tx, inbox_id, user_id)
    if sends_mail:
        tx.record(UserInvited(user_id=user_id))
    return user_id


async def revoke(tx: Transaction, inbox_id: int, user_id: int) -> None:
    """Let a user or team no longer work in an inbox. Raises Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.write(REVOKE, inbox_id=inbox_id, user_id=user_id)
    tx.access_changed = True
    tx.record(InboxAccessRevoked(inbox_id=inbox_id, user_id=user_id))


async def set_routing(
    tx: Transaction, inbox_id: int, *, enabled: bool, assignment_limit: int, method: RoutingMethod, user_ids: list[int]
) -> None:
    """Say how an inbox shares out new conversations: to whom, in turn, and how many each may have (1 to 100).

    Raises NotFound, Forbidden, Invalid("userIds", "userIds[0]"). Source: Mailbox API 2.0, "Update Routing".
    """
    await queries.get(tx, inbox_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if enabled and not user_ids:
        raise Invalid("userIds", "may not be empty", code=Code.NOT_EMPTY, rejected=user_ids)
    workers = set(await queries.workers(tx, inbox_id))
    mistakes = [
        Mistake(f"userIds[{at}]", "is not a user with access to this inbox", rejected=user_id)
        for at, user_id in enumerate(user_ids)
        if user_id not in workers
    ]
    if mistakes:
        raise Invalid.all(mistakes)
    await tx.write(
        SET_ROUTING,
        inbox_id=inbox_id,
        enabled=enabled,
        assignment_limit=assignment_limit,
        method=method,
        user_ids=list(dict.fromkeys(user_ids)),
    )
    tx.record(RoutingChanged(inbox_id=inbox_id))


async def set_office_hours(tx: Transaction, inbox_id: int | None, hours: OfficeHours) -> None:
    """Say when an inbox is at work; with None when the account is, where an inbox says nothing.

    The account's zone is also that of the reports' days. Raises NotFound, Forbidden, Invalid("timezone", "monday[0].to").
    """
    if inbox_id is not None:
        await queries.get(tx, inbox_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    mistakes = [Mistake(f"{DAYS[day]}[{place}].{end}", told) for day, place, end, told in week_mistakes(hours.week)]
    if not is_timezone(hours.timezone):
        mistakes.append(Mistake("timezone", "must be a time zone such as Europe/Lisbon", rejected=hours.timezone))
    if mistakes:
        raise Invalid.all(mistakes)
    await tx.write(SET_HOURS, id=inbox_id or 0, inbox_id=inbox_id, timezone=hours.timezone, week=hours.week)
    tx.record(OfficeHoursChanged(inbox_id=inbox_id))


async def remove_office_hours(tx: Transaction, inbox_id: int | None) -> None:
    """Let the account's office hours count for an inbox; with None let every hour count. Raises NotFound, Forbidden."""
    if inbox_id is not None:
        await queries.get(tx, inbox_id)
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    if await tx.write(REMOVE_HOURS, id=inbox_id or 0):
        tx.record(OfficeHoursChanged(inbox_id=inbox_id))


async def note_turn(tx: Transaction, inbox_id: int, user_id: int) -> None:
    """Remember who got an inbox's last conversation."""
    await tx.write(NOTE_TURN, inbox_id=inbox_id, user_id=user_id)


async def create_saved_reply(tx: Transaction, inbox_id: int, name: str, *, text: str | None, chat_text: str | None) -> int:
    """Save a reply for an inbox; its id. ``text`` is HTML for mail, ``chat_text`` plain; one of them may be missing.

    Raises NotFound, Forbidden, Invalid("name", "text"), Conflict when the inbox has 1000. Source: Mailbox API 2.0,
    "Create Saved Reply".
    """
    await queries.get(tx, inbox_id)
    tx.actor.must(Permission.EDIT_SAVED_REPLIES)
    said = _said(name, text, chat_text)
    if await tx.one(queries.SAVED_REPLY_COUNT, inbox_id=inbox_id) >= MOST_SAVED_REPLIES:
        raise Conflict(f"An inbox may have {MOST_SAVED_REPLIES} saved replies at most")
    saved_reply_id = await tx.insert(ADD_SAVED_REPLY, inbox_id=inbox_id, **said, created_at=tx.now, updated_at=tx.now)
    tx.record(SavedReplyCreated(inbox_id=inbox_id, saved_reply_id=saved_reply_id))
    return saved_reply_id


async def update_saved_reply(
    tx: Transaction, inbox_id: int, saved_reply_id: int, name: str, *, text: str | None, chat_text: str | None
) -> None:
    """Replace a saved reply; a text that is missing is removed.

    Raises NotFound, Forbidden, Invalid("name", "text"). Source: Mailbox API 2.0, "Update Saved Reply".
    """
    await queries.saved_reply(tx, inbox_id, saved_reply_id)
    tx.actor.must(Permission.EDIT_SAVED_REPLIES)
    await tx.write(SET_SAVED_REPLY, saved_reply_id=saved_reply_id, **_said(name, text, chat_text), updated_at=tx.now)
    tx.record(SavedReplyUpdated(inbox_id=inbox_id, saved_reply_id=saved_reply_id))


async def delete_saved_reply(tx: Transaction, inbox_id: int, saved_reply_id: int) -> None:
    """Offer a saved reply no longer. Raises NotFound, Forbidden. Source: Mailbox API 2.0, "Delete Saved Reply"."""
    await queries.saved_reply(tx, inbox_id, saved_reply_id)
    tx.actor.must(Permission.EDIT_SAVED_REPLIES)
    await tx.write(DELETE_SAVED_REPLY, saved_reply_id=saved_reply_id, now=tx.now)
    tx.record(SavedReplyDeleted(inbox_id=inbox_id, saved_reply_id=saved_reply_id))


async def restore_saved_reply(tx: Transaction, inbox_id: int, saved_reply_id: int) -> None:
    """Offer a deleted saved reply again. Raises NotFound, also for one that is offered; Forbidden, Conflict when the inbox has
    1000."""
    await queries.get(tx, inbox_id)
    tx.actor.must(Permission.EDIT_SAVED_REPLIES)
    if await tx.one(queries.SAVED_REPLY_COUNT, inbox_id=inbox_id) >= MOST_SAVED_REPLIES:
        raise Conflict(f"An inbox may have {MOST_SAVED_REPLIES} saved replies at most")
    if not await tx.write(RESTORE_SAVED_REPLY, inbox_id=inbox_id, saved_reply_id=saved_reply_id):
        raise NotFound("Not found")
    tx.record(SavedReplyUpdated(inbox_id=inbox_id, saved_reply_id=saved_reply_id))


def _check(tx: Transaction, new: NewUser, inboxes: list[tuple[int, bool]]) -> None:
    mistakes = [
        Mistake(path, "may not be empty", Code.NOT_EMPTY, name)
        for path, name in (("firstName", new.first_name), ("lastName", new.last_name))
        if not name.strip()
    ]
    if not is_email(new.email.strip()):
        mistakes.append(Mistake("email", "not a well-formed email address", Code.EMAIL, new.email))
    if not is_timezone(new.timezone):
        mistakes.append(Mistake("timezone", "must be a time zone such as Europe/Lisbon", rejected=new.timezone))
    mistakes += [
        Mistake(f"mailboxes[{at}].id", "is not an inbox you have access to", rejected=inbox_id)
        for at, (inbox_id, _) in enumerate(inboxes)
        if not tx.actor.sees_inbox(inbox_id)
    ]
    if mistakes:
        raise Invalid.all(mistakes)


def _said(name: str, text: str | None, chat_text: str | None) -> dict[str, str | None]:
    """The columns of what a saved reply says. Raises Invalid naming all that is missing."""
    text, chat_text = ((each if each and each.strip() else None) for each in (text, chat_text))
    mistakes = []
    if not name.strip():
        mistakes.append(Mistake("name", "may not be empty", Code.NOT_EMPTY, name))
    if text is None and chat_text is None:
        mistakes.append(Mistake("text", "may not be empty", Code.NOT_EMPTY))
    if mistakes:
        raise Invalid.all(mistakes)
    return {
        "name": name.strip(),
        "text": text,
        "preview": text and preview(plain_text(text))[:SAVED_REPLY_PREVIEW],
        "chat_text": chat_text,
        "chat_preview": chat_text and preview(chat_text)[:SAVED_REPLY_PREVIEW],
    }
