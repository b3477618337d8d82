"""What a report says: of whom, what came of it, and which message of ours it is about."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Kind(StrEnum):
    """What a report is about."""

    BOUNCE = "bounce"
    DELAY = "delay"
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"


class Action(StrEnum):
    """What came of it for one recipient (RFC 3464 2.3.3; relayed and expanded count as delivered)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    COMPLAINED = "complained"
    DISPOSED = "disposed"


class Outcome(Struct, frozen=True):
    """One recipient. ``address`` is whom we wrote to, ``final`` where it was sent on to; either may be empty.

    ``status`` is an enhanced code (``5.1.1``, RFC 3463) or empty. ``is_hard``: nobody is there, and nobody will be.
    ``is_temporary``: another try might have done. Both are False for a refusal for other reasons: blocked, full, too big.
    """

    address: str
    action: Action
    status: str = ""
    diagnostic: str = ""
    is_hard: bool = False
    is_temporary: bool = False
    final: str = ""


class Report(Struct, frozen=True, kw_only=True):
    """A report by a machine about a message of ours.

    ``message_ids`` are what it may be about, surest first, without ``<>``; ``sent_to`` are addresses that the report itself
    went to, or that what it is about came from (VERP); ``envelope_id`` is the Original-Envelope-Id as it stands.
    """

    kind: Kind
    outcomes: tuple[Outcome, ...] = ()
    message_ids: tuple[str, ...] = ()
    envelope_id: str = ""
    sent_to: tuple[str, ...] = ()
