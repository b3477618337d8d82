"""What is asked of the processes that read, and what they answer; no more, for who asks need not load what reading takes."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, structs

from deskhand.mail.reading.letter import Address, Limits
from deskhand.mail.rules.automatic import Machine
from deskhand.mail.rules.bounce_model import Report
from deskhand.mail.rules.verdict import Verdict

TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})


class File(Struct, frozen=True, omit_defaults=True):
    """A file that is kept: ``blob`` is its key. Pixels are 0 unless it is a picture; ``content_id`` has no ``<>``."""

    filename: str
    mime_type: str
    size_bytes: int
    blob: str
    width: int = 0
    height: int = 0
    content_id: str | None = None


class Passed(Struct, frozen=True):
    """A message that somebody sent on: ``words`` are theirs, ``body`` is what was sent on, both HTML."""

    sender: Address
    subject: str
    words: str
    body: str


class Digest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message as far as operations care.

    ``sender`` is who wrote it, if that is one address and nobody can read it otherwise. ``recipients`` are all addresses it
    says it was delivered or written to, in that order. ``message_id`` is made of the bytes where the header has none.
    ``body`` is HTML as it came; from ``quoted_at`` on it quotes. ``hidden`` are references of ours in it, ``loops`` our loop
    headers, neither believed yet. ``date`` is the sender's claim (UTC).
    """

    sender: Address | None
    reply_to: Address | None
    to: list[str]
    cc: list[str]
    recipients: list[str]
    subject: str
    message_id: str
    in_reply_to: list[str]
    references: list[str]
    date: datetime | None
    body: str
    quoted_at: int | None
    files: list[File]
    content_hash: str
    machine: Machine
    report: Report | None
    forwarded: Passed | None
    verdict: Verdict | None
    hidden: list[str]
    loops: list[str]
    subject_tag: int | None
    partial: list[str]

    def judged(self, verdict: Verdict) -> Digest:
        """The same, with what was found out about who sent it."""
        return structs.replace(self, verdict=verdict)


class Asked(Struct, frozen=True, kw_only=True):
    """What to do with which message: ``blob`` has its bytes. ``trusted_servers`` are whose Authentication-Results count;
    ``envelope_from`` is None where no envelope was seen, ``recipients`` are those of the envelope."""

    blob: str
    limits: Limits = Limits()
    envelope_from: str | None = None
    recipients: list[str] = []
    trusted_servers: list[str] = []


class Read(Struct, frozen=True, tag="read"):
    """Read a message."""

    asked: Asked


class Unpack(Struct, frozen=True, tag="unpack"):
    """The files of a winmail.dat."""

    blob: str


class Check(Struct, frozen=True, tag="check"):
    """Is a message from whom it says? ``address`` and ``helo`` are of who brought it; without ``nameservers``
    (``address:port``) the system's are asked."""

    blob: str
    address: str
    helo: str
    envelope_from: str
    nameservers: list[str]


class Answer(Struct, frozen=True, omit_defaults=True):
    """What was asked for, or why there is none: only where in our code it went wrong, nothing of the message."""

    digest: Digest | None = None
    files: list[File] | None = None
    verdict: Verdict | None = None
    fault: str | None = None


def unread(blob: str, size_bytes: int, envelope_from: str | None) -> Digest:
    """A message that nothing could read, as a file of one that says so."""
    return Digest(
        sender=Address("", envelope_from) if envelope_from else None,
        reply_to=None,
        to=[],
        cc=[],
        recipients=[],
        subject="",
        message_id=f"{blob[:40]}@no-message-id.invalid",
        in_reply_to=[],
        references=[],
        date=None,
        body="This message could not be read. It is attached as it came.",
        quoted_at=None,
        files=[File("message.eml", "message/rfc822", size_bytes, blob)],
        content_hash=blob,
        machine=Machine(is_automatic=True),
        report=None,
        forwarded=None,
        verdict=None,
        hidden=[],
        loops=[],
        subject_tag=None,
        partial=["unread"],
    )
