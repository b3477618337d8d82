"""What the search language may ask of conversations (contract 30 §2): field names and the SQL they stand for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, literal, not_, or_, select, true

from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.conversations.model import ThreadState, ThreadType
from deskhand.conversations.tables import (
    conversation_fields,
    conversation_tags,
    conversations,
    thread_addresses,
    threads,
)
from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.customers.tables import customer_entries
from deskhand.inboxes.tables import inboxes
from deskhand.kernel.storage.statements import matching, matching_like, param
from deskhand.search.fields import (
    Address,
    AnyOf,
    Build,
    Field,
    Fields,
    Flag,
    Instant,
    Name,
    Number,
    Since,
    Test,
    Text,
    Whole,
    Word,
    like,
    padded,
    table,
)
from deskhand.tags.tables import tags
from deskhand.users.tables import users

c = conversations.c
STATUSES = {
    "active": ("active",),
    "closed": ("closed",),
    "open": ("active", "pending"),
    "pending": ("pending",),
    "spam": ("spam",),
}


def _in_threads(test: Test) -> Test:
    return c.id.in_(select(threads.c.conversation_id).where(test))


def _in_tags(test: Test) -> Test:
    return c.id.in_(
        select(conversation_tags.c.conversation_id)
        .join_from(conversation_tags, tags, tags.c.id == conversation_tags.c.tag_id)
        .where(test)
    )


def _in_inboxes(test: Test) -> Test:
    return c.inbox_id.in_(select(inboxes.c.id).where(test))


def _owned_by(test: Test) -> Test:
    return c.assignee_id.in_(select(users.c.id).where(test))


def _in_addresses(test: Test) -> Test:
    return c.id.in_(select(thread_addresses.c.conversation_id).where(test))


def _of_customers(test: Test) -> Test:
    return c.customer_id.in_(select(customer_entries.c.customer_id).where(test))


def _either(address: ColumnElement[Any], entry: ColumnElement[Any]) -> Build:
    return lambda name: or_(_in_addresses(address == param(name)), _of_customers(entry == param(name)))


def _recipients(kind: str) -> Address:
    """The addresses of one header: ``to``, ``cc`` or ``bcc``."""

    def holding(test: Test) -> Test:
        return _in_addresses(and_(thread_addresses.c.kind == kind, test))

    return Address(
        equals=lambda name: holding(thread_addresses.c.address == param(name)),
        domain=lambda name: holding(thread_addresses.c.domain == param(name)),
        like=lambda name: holding(like(thread_addresses.c.address, name)),
    )


def _body(newest: int) -> Text:
    return Text(
        match=lambda name: _in_threads(matching(threads.c.id, THREAD_TEXT.name, name, newest=newest)),
        like=lambda name: _in_threads(matching_like(threads.c.id, THREAD_TEXT.name, name)),
    )


def _subject(newest: int) -> Text:
    return Text(
        match=lambda name: matching(c.id, SUBJECT_TEXT.name, name, newest=newest),
        like=lambda name: like(padded(c.subject_key), name),
        anything=lambda: c.subject != "",
    )


CUSTOMER = Text(
    match=lambda name: matching(c.customer_id, CUSTOMER_TEXT.name, name),
    like=lambda name: matching_like(c.customer_id, CUSTOMER_TEXT.name, name),
)
TAG = Whole(
    equals=lambda name: _in_tags(tags.c.name == param(name)),
    like=lambda name: _in_tags(like(tags.c.name, name)),
    fold=str.lower,  # as tags are stored
)
EMAIL = Address(
    equals=_either(thread_addresses.c.address, customer_entries.c.email_key),
    domain=_either(thread_addresses.c.domain, customer_entries.c.email_domain),
    like=lambda name: or_(
        _in_addresses(like(thread_addresses.c.address, name)), _of_customers(like(customer_entries.c.email_key, name))
    ),
)
INBOX = Whole(
    equals=lambda name: _in_inboxes(inboxes.c.name_key == param(name)),
    like=lambda name: _in_inboxes(like(inboxes.c.name_key, name)),
)
ASSIGNED = Name(
    like=lambda name: _owned_by(like(padded(users.c.name_key), name)),
    reserved="Unassigned",
    nobody=lambda: c.assignee_id.is_(None),
)
REPLIED = and_(threads.c.type == ThreadType.MESSAGE.value, threads.c.state != ThreadState.DRAFT.value)
NUMBER = Number(c.number)


def _custom_field(suffix: str) -> Field | None:
    """``customField.14``: that field's value on the conversation, one of its words or all of them; of a dropdown its
    option's id. ``customField.14:""`` has none."""
    if not suffix.isdigit() or len(suffix) > 18:
        return None
    field_id = int(suffix)

    def having(test: Test) -> Test:
        values = conversation_fields.c
        return c.id.in_(select(values.conversation_id).where(values.field_id == literal(field_id), test))

    return Name(
        like=lambda name: having(like(padded(conversation_fields.c.value_key), name)),
        reserved="",
        nobody=lambda: not_(having(true())),
    )


def table_of(newest: int = 0) -> Fields:
    """The fields; with ``newest`` a word is looked for in so many entries only, the newest that have it, and subjects."""
    body, subject = _body(newest), _subject(newest)
    return table(
        {
            "assigned": ASSIGNED,
            "assignedId": Number(c.assignee_id),
            "attachments": Flag(lambda: c.has_attachments.is_(True)),
            "bcc": _recipients("bcc"),
            "body": body,
            "cc": _recipients("cc"),
            "closedAt": Instant(c.closed_at),
            "createdAt": Instant(c.created_at),
            "customerEmail": Address(
                equals=lambda name: _of_customers(customer_entries.c.email_key == param(name)),
                domain=lambda name: _of_customers(customer_entries.c.email_domain == param(name)),
                like=lambda name: _of_customers(like(customer_entries.c.email_key, name)),
            ),
            "customerIds": Number(c.customer_id),
            "customerName": CUSTOMER,
            "email": EMAIL,
            "folder": Number(c.folder_id),
            "id": Number(c.id),
            "mailbox": INBOX,
            "mailboxid": Number(c.inbox_id),
            "modifiedAt": Instant(c.modified_at),
            "modifiedSince": Since(c.modified_at),
            "number": NUMBER,
            "replyUserIds": Number(threads.c.created_by_user_id, lambda test: _in_threads(and_(REPLIED, test))),
            "source": Whole(equals=lambda name: c.source_type == param(name), like=lambda name: like(c.source_type, name)),
            "status": Word(c.status, STATUSES),
            "subject": subject,
            "tag": TAG,
            "to": _recipients("to"),
            "type": Word(c.type, {"chat": ("chat",), "email": ("email",), "phone": ("phone",)}),
            "via": Word(c.source_via, {"customer": ("customer",), "user": ("user",)}),
            "waitingSince": Instant(c.waiting_since),
        },
        aliases={"attachment": "attachments", "customerId": "customerIds", "folderId": "folder", "mailboxName": "mailbox"},
        prefixed={"customField.": _custom_field},
        free=AnyOf((subject, body, CUSTOMER, EMAIL, TAG, NUMBER)),
    )


NEWEST = 3000
FIELDS = table_of()
NEWEST_FIELDS = table_of(NEWEST)
