"""States of conversations and their parts, and rules that need no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from msgspec import Struct

MOST_THREADS = 100  # entries beside line items that a conversation may have (contract 00 §10)
LAST_YEAR = 2100
BLOBS_REST = timedelta(days=1)
"""How long the bytes of a removed file stay: whoever uploads the same again meanwhile finds them, and makes them young."""


class ConversationType(StrEnum):
    """How the conversation began."""

    CHAT = "chat"
    EMAIL = "email"
    PHONE = "phone"


class Status(StrEnum):
    """Whose turn it is."""

    ACTIVE = "active"
    CLOSED = "closed"
    PENDING = "pending"
    SPAM = "spam"


class ConversationState(StrEnum):
    """Whether it is out, still being written, or thrown away."""

    DELETED = "deleted"
    DRAFT = "draft"
    PUBLISHED = "published"


class ThreadType(StrEnum):
    """What an entry is; an agent's reply is a ``message`` (contract 20 §2)."""

    BEACON_CHAT = "beaconchat"
    CHAT = "chat"
    CUSTOMER = "customer"
    FORWARD_CHILD = "forwardchild"
    FORWARD_PARENT = "forwardparent"
    LINE_ITEM = "lineitem"
    MESSAGE = "message"
    NOTE = "note"
    PHONE = "phone"


class ThreadStatus(StrEnum):
    """The conversation's status right after the entry; line items that leave it alone say ``nochange``."""

    ACTIVE = "active"
    CLOSED = "closed"
    NO_CHANGE = "nochange"
    PENDING = "pending"
    SPAM = "spam"


class ThreadState(StrEnum):
    """``hidden`` is kept from customers, ``review`` was stopped because somebody else answered meanwhile."""

    BOUNCED = "bounced"
    DRAFT = "draft"
    HIDDEN = "hidden"
    PUBLISHED = "published"
    REVIEW = "review"


class Untold(StrEnum):
    """Line items that the vendor does not have: pages show them, its API neither shows nor counts them."""

    FIELDS = "changed-fields"
    SNOOZED = "snoozed"
    SUBJECT = "changed-subject"
    TAGS = "changed-tags"
    WOKEN = "woken"


class FolderType(StrEnum):
    """The folders of an inbox (contract 60 §1.1); ``user_id`` is the user of ``mytickets``, the team of ``team``."""

    OPEN = "open"
    MINE = "mytickets"
    NEEDS_ATTENTION = "needs_attn"
    DRAFTS = "drafts"
    ASSIGNED = "assigned"
    CLOSED = "closed"
    SPAM = "spam"
    TEAM = "team"
    SNOOZED = "snoozed"
    SCHEDULED = "scheduled"
    DELETED = "deleted"


class Rating(StrEnum):
    """What a customer thought of a reply (contract 61 §3)."""

    GREAT = "great"
    OKAY = "okay"
    NOT_GOOD = "not_good"


class Via(StrEnum):
    """Which side something came from."""

    CUSTOMER = "customer"
    USER = "user"


class LatestReply(StrEnum):
    """Who wrote last."""

    CUSTOMER = "customer"
    USER = "user"


class Audience(StrEnum):
    """Who has a saved view."""

    EVERYBODY = "everybody"
    PRIVATE = "private"
    TEAM = "team"


class Writing(StrEnum):
    """What somebody is writing: an answer to a conversation, or a ``conversation`` of an inbox that is to begin."""

    CONVERSATION = "conversation"
    FORWARD = "forward"
    NOTE = "note"
    REPLY = "reply"


class Before(Struct, frozen=True, omit_defaults=True):
    """What an entry took the place of in its conversation, so that undoing it gives all of it back; instants are UTC.
    ``fields`` are the values of custom fields, by id, where a move dropped them."""

    status: Status
    waiting_since: datetime
    assignee_id: int | None = None
    closed_at: datetime | None = None
    closed_by: int | None = None
    cc: list[str] = []
    bcc: list[str] = []
    inbox_id: int = 0
    fields: dict[int, str] = {}


CUSTOMER_SPEAKS = frozenset({ThreadType.CHAT, ThreadType.CUSTOMER, ThreadType.PHONE, ThreadType.BEACON_CHAT})
COUNTED = CUSTOMER_SPEAKS | {ThreadType.MESSAGE, ThreadType.FORWARD_PARENT, ThreadType.FORWARD_CHILD}
"""What the ``threads`` counter counts when published: no notes, no line items, nothing hidden (contract 10 §2.2)."""


def may_wait_until(moment: datetime, now: datetime) -> bool:
    """Whether something may be snoozed or scheduled until then: later than now, not after the year 2100."""
    return moment > now and moment.year <= LAST_YEAR


def home_folder(
    *,
    state: ConversationState,
    status: Status,
    assignee_id: int | None,
    assigned_to_team: bool,
    snoozed: bool,
    scheduled: bool,
) -> tuple[FolderType, int]:
    """Where a conversation lies: the folder's type, and whose it is (0 for everybody's)."""
    if state is ConversationState.DELETED:
        return FolderType.DELETED, 0
    if state is ConversationState.DRAFT:
        return FolderType.DRAFTS, 0
    if status is Status.SPAM:
        return FolderType.SPAM, 0
    if snoozed:
        return FolderType.SNOOZED, 0
    if status is Status.CLOSED:
        return FolderType.CLOSED, 0
    if scheduled:
        return FolderType.SCHEDULED, 0
    if assignee_id is None:
        return FolderType.OPEN, 0
    return (FolderType.TEAM if assigned_to_team else FolderType.MINE), assignee_id


def shelf_count(inbox_id: int, shelf: str) -> str:
    """The kept count of what an inbox lists on a shelf: a status, ``draft`` or ``deleted``."""
    return f"shelf:{inbox_id}:{shelf}"


def folder_count(folder_id: int, status: str) -> str:
    """The kept count of a folder's conversations in a status."""
    return f"folder:{folder_id}:{status}"
