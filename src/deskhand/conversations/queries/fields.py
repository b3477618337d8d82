"""What the search language may ask of conversations (contract 30 §2): field names and the SQL they stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, literal, not_, or_, select, true

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
from deskhand.kernel.storage.indexes import FullText
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
    begins,
    equals,
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
FIRST_CONVERSATION, FIRST_THREAD = "first_conversation", "first_thread"  # of the recent ones: parameters beside the query's own


class Among(Struct, frozen=True):
    """Which rows are looked at: with ``newest`` of each word so many entries only, the newest that have it; with ``recent``
    what is of conversations from FIRST_CONVERSATION and of threads from FIRST_THREAD on."""

    newest: int = 0
    recent: bool = False

    def threads(self, test: Test) -> Test:
        return self._holding(select(threads.c.conversation_id).where(test))

    def tags(self, test: Test) -> Test:
        named = conversation_tags.c.tag_id.in_(select(tags.c.id).where(test))
        return self._holding(select(conversation_tags.c.conversation_id).where(named))

    def addresses(self, test: Test) -> Test:
        return self._holding(select(thread_addresses.c.conversation_id).where(test))

    def values(self, test: Test) -> Test:
        return self._holding(select(conversation_fields.c.conversation_id).where(test))

    def matching(self, column: ColumnElement[Any], index: FullText, name: str, first: str) -> Test:
        return matching(column, index.name, name, newest=self.newest, first=first if self.recent else "")

    def _holding(self, found: Select[Any]) -> Test:
        (conversation_id,) = found.selected_columns
        if self.recent:
            found = found.where(conversation_id >= param(FIRST_CONVERSATION))
        if self.newest:
            found = found.order_by(conversation_id.desc()).limit(self.newest)
        return c.id.in_(found)


def _in_inboxes(test: Test) -> Test:
    return c.inbox_id.in_(select(inboxes.c.id).where(test))


def _owned_by(test: Test) -> Test:
    return c.assignee_id.in_(select(users.c.id).where(test))


def _of_customers(test: Test) -> Test:
    return c.customer_id.in_(select(customer_entries.c.customer_id).where(test))


def _recipients(among: Among, kind: str) -> Address:
    """The addresses of one header: ``to``, ``cc`` or ``bcc``."""

    def holding(test: Test) -> Test:
        return among.addresses(and_(thread_addresses.c.kind == kind, test))

    return Address(
        equals=lambda name: holding(thread_addresses.c.address == param(name)),
        domain=lambda name: holding(thread_addresses.c.domain == param(name)),
        like=lambda name: holding(like(thread_addresses.c.address, name)),
        begins=lambda name: holding(begins(thread_addresses.c.address, name)),
    )


def _body(among: Among) -> Text:
    return Text(
        match=lambda name: among.threads(among.matching(threads.c.id, THREAD_TEXT, name, FIRST_THREAD)),
        like=lambda name: among.threads(matching_like(threads.c.id, THREAD_TEXT.name, name)),
    )


def _subject(among: Among) -> Text:
    return Text(
        match=lambda name: among.matching(c.id, SUBJECT_TEXT, name, FIRST_CONVERSATION),
        like=lambda name: like(padded(c.subject_key), name),
        anything=lambda: c.subject != "",
    )


def _tag(among: Among) -> Whole:
    return Whole(
        equals=lambda name: among.tags(tags.c.name == param(name)),
        like=lambda name: among.tags(like(tags.c.name, name)),
        fold=str.lower,  # as tags are stored
    )


def _email(among: Among) -> Address:
    def either(
        test: Callable[[ColumnElement[Any], str], Test],
        address: ColumnElement[Any] = thread_addresses.c.address,
        entry: ColumnElement[Any] = customer_entries.c.email_key,
    ) -> Build:
        return lambda name: or_(among.addresses(test(address, name)), _of_customers(test(entry, name)))

    return Address(
        equals=either(equals),
        domain=either(equals, thread_addresses.c.domain, customer_entries.c.email_domain),
        like=either(like),
        begins=either(begins),
    )


CUSTOMER = Text(
    match=lambda name: matching(c.customer_id, CUSTOMER_TEXT.name, name),
    like=lambda name: matching_like(c.customer_id, CUSTOMER_TEXT.name, name),
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


def _custom_field(suffix: str, among: Among) -> Field | None:
    """``customField.14``: that field's value on the conversation, one of its words or all of them; of a dropdown its
    option's id. ``customField.14:""`` has none."""
    if not suffix.isdigit() or len(suffix) > 18:
        return None
    field_id = int(suffix)

    def having(test: Test) -> Test:
        return among.values(and_(conversation_fields.c.field_id == literal(field_id), test))

    return Name(
        like=lambda name: having(like(padded(conversation_fields.c.value_key), name)),
        reserved="",
        nobody=lambda: not_(having(true())),
    )


def table_of(among: Among) -> Fields:
    """The fields, asked of some rows."""
    body, subject, tag, email = _body(among), _subject(among), _tag(among), _email(among)
    return table(
        {
            "assigned": ASSIGNED,
            "assignedId": Number(c.assignee_id),
            "attachments": Flag(lambda: c.has_attachments.is_(True)),
            "bcc": _recipients(among, "bcc"),
            "body": body,
            "cc": _recipients(among, "cc"),
            "closedAt": Instant(c.closed_at),
            "createdAt": Instant(c.created_at),
            "customerEmail": Address(
                equals=lambda name: _of_customers(customer_entries.c.email_key == param(name)),
                domain=lambda name: _of_customers(customer_entries.c.email_domain == param(name)),
                like=lambda name: _of_customers(like(customer_entries.c.email_key, name)),
                begins=lambda name: _of_customers(begins(customer_entries.c.email_key, name)),
            ),
            "customerIds": Number(c.customer_id),
            "customerName": CUSTOMER,
            "email": email,
            "folder": Number(c.folder_id),
            "id": Number(c.id),
            "mailbox": INBOX,
            "mailboxid": Number(c.inbox_id),
            "modifiedAt": Instant(c.modified_at),
            "modifiedSince": Since(c.modified_at),
            "number": NUMBER,
            "replyUserIds": Number(threads.c.created_by_user_id, lambda test: among.threads(and_(REPLIED, test))),
            "source": Whole(equals=lambda name: c.source_type == param(name), like=lambda name: like(c.source_type, name)),
            "status": Word(c.status, STATUSES),
            "subject": subject,
            "tag": tag,
            "to": _recipients(among, "to"),
            "type": Word(c.type, {"chat": ("chat",), "email": ("email",), "phone": ("phone",)}),
            "via": Word(c.source_via, {"customer": ("customer",), "user": ("user",)}),
            "waitingSince": Instant(c.waiting_since),
        },
        aliases={"attachment": "attachments", "customerId": "customerIds", "folderId": "folder", "mailboxName": "mailbox"},
        prefixed={"customField.": lambda suffix: _custom_field(suffix, among)},
        free=AnyOf((subject, body, CUSTOMER, email, tag, NUMBER)),
    )


NEWEST = 1500
FIELDS, NEWEST_FIELDS, RECENT_FIELDS = (table_of(each) for each in (Among(), Among(newest=NEWEST), Among(recent=True)))
