"""The vocabulary of conversations: states, facts, and rules that need no database."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from deskhand.kernel.events import Event

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


CUSTOMER_SPEAKS = frozenset({ThreadType.CHAT, ThreadType.CUSTOMER, ThreadType.PHONE, ThreadType.BEACON_CHAT})
COUNTED = CUSTOMER_SPEAKS | {ThreadType.MESSAGE, ThreadType.FORWARD_PARENT, ThreadType.FORWARD_CHILD}
"""What the ``threads`` counter counts when published: no notes, no line items, nothing hidden (contract 10 §2.2)."""


class ConversationCreated(Event, frozen=True):
    """A conversation began. ``routes``: it waits for its inbox's routing to find an owner; ``says``: something in it was said
    to somebody just now."""

    conversation_id: int
    imported: bool = False
    auto_reply: bool = False
    routes: bool = False
    says: bool = False


class ConversationDeleted(Event, frozen=True):
    """A conversation was moved to Deleted."""

    conversation_id: int


class ConversationErased(Event, frozen=True):
    """A conversation is gone for good, with its customer; ``blobs`` are the keys of its files."""

    conversation_id: int
    blobs: tuple[str, ...]
    at: datetime


class FilesRefused(Event, frozen=True):
    """Files came with a request that was refused, or with words that were never sent; ``blobs`` are their keys."""

    blobs: tuple[str, ...]
    at: datetime


class ConversationStatusChanged(Event, frozen=True):
    """It is somebody else's turn now."""

    conversation_id: int
    before: Status
    after: Status


class PlaceFreed(Event, frozen=True):
    """Somebody has one conversation less in an inbox, while others wait for an owner."""

    user_id: int
    inbox_id: int


class ConversationAssigned(Event, frozen=True):
    """It has another owner, or none."""

    conversation_id: int
    before: int | None
    after: int | None


class ConversationMoved(Event, frozen=True):
    """It is in another inbox."""

    conversation_id: int
    before: int
    after: int


class ConversationMerged(Event, frozen=True):
    """It took in the threads of another."""

    conversation_id: int
    merged_id: int


class ConversationUnmerged(Event, frozen=True):
    """It gave the threads of another back, which is a conversation of its own again."""

    conversation_id: int
    merged_id: int


class SubjectChanged(Event, frozen=True):
    """It has another subject."""

    conversation_id: int


class CustomerChanged(Event, frozen=True):
    """It belongs to another customer."""

    conversation_id: int
    before: int
    after: int


class TagsChanged(Event, frozen=True):
    """It carries other tags."""

    conversation_id: int
    added: tuple[int, ...]
    removed: tuple[int, ...]


class FieldsChanged(Event, frozen=True):
    """Its custom fields have other values."""

    conversation_id: int


class ConversationSnoozed(Event, frozen=True):
    """It was put aside until a moment (UTC)."""

    conversation_id: int
    until: datetime


class ConversationWoken(Event, frozen=True):
    """It is back: its moment came, its customer wrote, or somebody ended the snooze."""

    conversation_id: int


class ThreadAdded(Event, frozen=True):
    """Something was said: published now. Drafts are not said yet, imported threads were said long ago; what a machine
    answered is ``automatic``, and nobody's word."""

    conversation_id: int
    thread_id: int
    type: ThreadType
    automatic: bool = False


class ThreadImported(Event, frozen=True):
    """A piece of history was added."""

    conversation_id: int
    thread_id: int


class DraftSaved(Event, frozen=True):
    """A reply is being written."""

    conversation_id: int
    thread_id: int


class ThreadEdited(Event, frozen=True):
    """The text of an entry was changed."""

    conversation_id: int
    thread_id: int


class ThreadHidden(Event, frozen=True):
    """An entry is kept from the customer, or shown again."""

    conversation_id: int
    thread_id: int
    hidden: bool


class ThreadScheduled(Event, frozen=True):
    """A draft will be sent at a moment (UTC)."""

    conversation_id: int
    thread_id: int
    at: datetime


class ThreadUnscheduled(Event, frozen=True):
    """A draft will not be sent by itself any more."""

    conversation_id: int
    thread_id: int


class AttachmentAdded(Event, frozen=True):
    """A file was added to an entry."""

    conversation_id: int
    attachment_id: int


class AttachmentDeleted(Event, frozen=True):
    """A file was removed."""

    conversation_id: int
    attachment_id: int
    blob: str
    at: datetime


class FollowersChanged(Event, frozen=True):
    """Users follow a conversation, or do no longer."""

    conversation_id: int
    added: tuple[int, ...] = ()
    removed: tuple[int, ...] = ()


class SavedViewChanged(Event, frozen=True):
    """A view was saved, new or anew, or is gone."""

    view_id: int
    deleted: bool = False


class WritingBegan(Event, frozen=True):
    """Somebody began to write, in a conversation or else in an inbox. ``is_only``: nobody else was writing anything."""

    user_id: int
    kind: Writing
    conversation_id: int | None
    inbox_id: int | None
    is_only: bool


class WritingEnded(Event, frozen=True):
    """What somebody was writing was sent, or given up."""

    user_id: int
    kind: Writing
    conversation_id: int | None
    inbox_id: int | None


class WritingsCleared(Event, frozen=True):
    """What was written long ago and never sent is gone; looked at again at ``next_at`` (UTC)."""

    number: int
    next_at: datetime


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
