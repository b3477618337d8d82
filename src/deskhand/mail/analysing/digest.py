"""``digest``: all that is to be known of a message before anybody asks the database. Pure, but for the files it keeps."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

from deskhand.kernel.html import as_html
from deskhand.mail.analysing import bodies, calendars, files
from deskhand.mail.analysing.model import Asked, Digest, Passed
from deskhand.mail.marks import HIDDEN, LOOP_HEADER
from deskhand.mail.reading.addresses import addresses, sole
from deskhand.mail.reading.letter import Address, Letter
from deskhand.mail.reading.reading import read
from deskhand.mail.rules import authentication, automatic, bounces, forwards
from deskhand.mail.rules.automatic import Machine

DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To")
COMPLAINS = b"X-HmXmrOriginalRecipient"  # Outlook.com, which says so nowhere else
MOST_HIDDEN = 10
LONGEST_SUBJECT = 1000
_RETURNED = re.compile(r"\+b\.\d", re.IGNORECASE)
_SUBJECT_TAG = re.compile(r"\[#(\d{1,18})\]")

Keep = Callable[[bytes], str]


def digest(raw: bytes, asked: Asked, keep: Keep) -> Digest:
    """Read a message and everything in it; each file is kept and known by its key."""
    letter = read(raw, asked.limits)
    body = calendars.summed_up(letter, bodies.body_of(letter))
    kept = files.kept(letter, body, keep)
    machine = automatic.machine(letter, asked.envelope_from)
    recipients = _recipients(letter)
    return Digest(
        sender=_sender(letter),
        reply_to=letter.reply_to[0] if letter.reply_to else None,
        to=_addresses(letter.to),
        cc=_addresses(letter.cc),
        recipients=recipients,
        subject=letter.subject[:LONGEST_SUBJECT],
        message_id=letter.message_id or f"{hashlib.sha256(raw).hexdigest()[:40]}@no-message-id.invalid",
        in_reply_to=list(letter.in_reply_to),
        references=list(letter.references),
        date=letter.date,
        body=body.html,
        quoted_at=body.quoted_at,
        files=kept,
        content_hash=_content_hash(letter),
        machine=machine,
        report=bounces.report(letter, raw, asked.envelope_from)
        if _may_report(machine, raw, [*recipients, *asked.recipients])
        else None,
        forwarded=_passed(letter, body.text),
        verdict=authentication.told(raw, asked.trusted_servers) if asked.trusted_servers else None,
        hidden=list(dict.fromkeys(each.group() for each in HIDDEN.finditer(body.html)))[:MOST_HIDDEN],
        loops=letter.every(LOOP_HEADER)[:MOST_HIDDEN],
        subject_tag=int(found[1]) if (found := _SUBJECT_TAG.search(letter.subject)) else None,
        partial=sorted({*(each.value for each in letter.partial), *body.partial}),
    )


def _sender(letter: Letter) -> Address | None:
    """The only address of the only From header."""
    claims = letter.raw.get("from", [])
    return sole(claims[0]) if len(claims) == 1 else None


def _may_report(machine: Machine, raw: bytes, recipients: list[str]) -> bool:
    """Whether it is by a machine, bears the mark of one that complains, or came to an address that only machines are told.
    What people write of mail that came back is no report."""
    return machine.is_automatic or COMPLAINS in raw or any(_RETURNED.search(each) for each in recipients)


def _passed(letter: Letter, text: str) -> Passed | None:
    found = forwards.forwarded(letter.subject, text)
    if found is None or found.sender is None:
        return None
    words, body = text[: found.words_end].strip(), text[found.body_start :].strip()
    sender = found.sender if found.sender.name else Address(found.sender_name, found.sender.address)
    return Passed(sender, found.subject, as_html(words), as_html(body))


def _recipients(letter: Letter) -> list[str]:
    named = [each.address for name in DELIVERED_TO for value in letter.every(name) for each in addresses(value)]
    return list(dict.fromkeys([*named, *_addresses(letter.to), *_addresses(letter.cc)]))


def _addresses(several: Iterable[Address]) -> list[str]:
    return list(dict.fromkeys(each.address for each in several))


def _content_hash(letter: Letter) -> str:
    """What makes two messages the same: who, when, what; not how they travelled."""
    told = hashlib.sha256()
    for name in ("From", "Date", "Subject"):
        told.update(letter.first(name).encode() + b"\0")
    for leaf in letter.leaves:
        told.update(hashlib.sha256(leaf.content.replace(b"\r\n", b"\n").rstrip()).digest())
    return told.hexdigest()
