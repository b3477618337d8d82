"""Facts about conversations."""

from __future__ import annotations

from datetime import datetime

from deskhand.conversations.model.states import Status, ThreadType, Writing
from deskhand.kernel.events import Event


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


class ConversationRestored(Event, frozen=True):
    """A conversation was brought back from Deleted."""

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


class ThreadRecalled(Event, frozen=True):
    """What was said a moment ago was called back before anybody got it; its writer has it before them again."""

    conversation_id: int
    thread_id: int


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
