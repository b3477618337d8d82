"""The whole schema in one place: every room's tables and full-text indexes, for migrations and tests."""

from __future__ import annotations

from deskhand.chats import tables as _chats
from deskhand.conversations import tables as _conversations
from deskhand.conversations.indexes import SUBJECT_TEXT, THREAD_TEXT
from deskhand.customers import tables as _customers
from deskhand.customers.indexes import CUSTOMER_TEXT
from deskhand.inboxes import tables as _inboxes
from deskhand.kernel import tables as _kernel
from deskhand.kernel.storage.schema import metadata
from deskhand.mail import tables as _mail
from deskhand.notifications import tables as _notifications
from deskhand.oauth import tables as _oauth
from deskhand.organizations import tables as _organizations
from deskhand.properties import tables as _properties
from deskhand.ratings import tables as _ratings
from deskhand.reports import tables as _reports
from deskhand.tags import tables as _tags
from deskhand.users import tables as _users
from deskhand.webhooks import tables as _webhooks
from deskhand.workflows import tables as _workflows

ROOMS = (
    _chats,
    _conversations,
    _customers,
    _inboxes,
    _kernel,
    _mail,
    _notifications,
    _oauth,
    _organizations,
    _properties,
    _ratings,
    _reports,
    _tags,
    _users,
    _webhooks,
    _workflows,
)
FULL_TEXT = (THREAD_TEXT, SUBJECT_TEXT, CUSTOMER_TEXT)

__all__ = ["FULL_TEXT", "ROOMS", "metadata"]
