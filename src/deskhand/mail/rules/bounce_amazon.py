"""Reports of Amazon SES, which its notification service mails as JSON."""

from __future__ import annotations

from json import JSONDecodeError, JSONDecoder

import msgspec
from msgspec import Struct

from deskhand.mail.reading.letter import Letter
from deskhand.mail.rules.bounce_model import Action, Kind, Outcome, Report
from deskhand.mail.rules.bounce_reasons import outcome

LONGEST = 2**18  # characters that are looked at

_DECODER = JSONDecoder(strict=False)


class _Recipient(Struct, rename="camel"):
    email_address: str
    status: str = ""
    diagnostic_code: str = ""


class _Bounce(Struct, rename="camel"):
    bounce_type: str = ""
    bounced_recipients: list[_Recipient] = []


class _Complaint(Struct, rename="camel"):
    complained_recipients: list[_Recipient] = []


class _Delivery(Struct, rename="camel"):
    recipients: list[str] = []
    smtp_response: str = ""


class _Headers(Struct, rename="camel"):
    message_id: str = ""


class _Mail(Struct, rename="camel"):
    message_id: str = ""
    common_headers: _Headers = msgspec.field(default_factory=_Headers)


class _Notification(Struct, rename="camel"):
    bounce: _Bounce | None = None
    complaint: _Complaint | None = None
    delivery: _Delivery | None = None
    mail: _Mail = msgspec.field(default_factory=_Mail)


def report(letter: Letter) -> Report | None:
    """What a notification of SES says, or None for any other letter."""
    if not letter.first("X-Amz-Sns-Message-Id") or not letter.texts:
        return None
    told = _told(letter.texts[0].text or "")
    if told is None:
        return None
    ids = tuple(each.strip("<>") for each in (told.mail.common_headers.message_id, told.mail.message_id) if each)
    if told.bounce is not None:
        delays = told.bounce.bounce_type.lower() == "transient"
        found = [
            outcome(each.email_address, Action.FAILED, each.status, each.diagnostic_code)
            for each in told.bounce.bounced_recipients
        ]
        if delays:
            found = [msgspec.structs.replace(each, is_hard=False) for each in found]
        return Report(kind=Kind.BOUNCE, outcomes=tuple(found), message_ids=ids)
    if told.complaint is not None:
        people = [Outcome(each.email_address, Action.COMPLAINED) for each in told.complaint.complained_recipients]
        return Report(kind=Kind.COMPLAINT, outcomes=tuple(people), message_ids=ids)
    if told.delivery is not None:
        there = [outcome(each, Action.DELIVERED, "", told.delivery.smtp_response) for each in told.delivery.recipients]
        return Report(kind=Kind.DELIVERED, outcomes=tuple(there), message_ids=ids)
    return None


def _told(text: str) -> _Notification | None:
    """The notification, bare or in the envelope of the notification service."""
    # Some server on the way broke the line, which is too long for mail.
    found = _object(text[:LONGEST].replace("!\n ", ""))
    if isinstance(found, dict) and isinstance(found.get("Message"), str):
        found = _object(found["Message"])
    if not isinstance(found, dict):
        return None
    try:
        return msgspec.convert(found, _Notification)
    except msgspec.ValidationError:
        return None


def _object(text: str) -> object:
    place = text.find("{")
    try:
        return _DECODER.raw_decode(text, place)[0] if place >= 0 else None
    except (JSONDecodeError, RecursionError):
        return None
