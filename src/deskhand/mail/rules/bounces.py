"""Reports of machines about messages of ours: bounces, delays, complaints, receipts (email rules 7.3, 7.4)."""

from __future__ import annotations

import re
from email import message_from_bytes

from flufl.bounce import all_failures
from msgspec import structs

from deskhand.mail.reading.letter import Letter
from deskhand.mail.reading.reading import ids
from deskhand.mail.rules import automatic, bounce_reports, bounce_texts
from deskhand.mail.rules.bounce_model import Action, Kind, Outcome, Report

__all__ = ["Action", "Kind", "Outcome", "Report", "report"]

_LONGEST = 2**20  # bytes that the readers of no standard are given
_ANSWER = re.compile(r"\s*(?:re|aw|sv|fw|fwd|wg|tr|rv)\s*:", re.IGNORECASE)
_ID_FIELDS = re.compile(
    r"^[ \t>*]*(?:original[- ])?message[- ]?id(?:entifier)?(?:[ ]is)?[ \t]*:?[ \t]*(<[^<>\s]{3,300}>)",
    re.IGNORECASE | re.MULTILINE,
)


def report(letter: Letter, raw: bytes, envelope_sender: str | None = None) -> Report | None:
    """What a letter reports, or None where it is no report but mail, automatic replies among it.

    ``raw`` is the letter as it came; ``envelope_sender`` is empty for the null path, None where it is not known. First the standards,
    then what flufl.bounce knows, then the words; the latter two only for what looks like a report.
    """
    found = bounce_reports.complaint(letter) or bounce_reports.receipt(letter) or bounce_reports.delivery(letter)
    returned = _returned(letter, raw)
    if found is None and _looks_like_one(letter, envelope_sender):
        outcomes = _known_to_flufl(letter, raw) or bounce_texts.outcomes(letter, returned)
        found = Report(kind=bounce_reports.kind_of(outcomes) if outcomes else Kind.BOUNCE, outcomes=tuple(outcomes))
    if found is None:
        return None
    about = dict.fromkeys((*found.message_ids, *_about(letter, returned)))
    return structs.replace(found, message_ids=tuple(about)[:50], sent_to=_sent_to(letter))


def _looks_like_one(letter: Letter, envelope_sender: str | None) -> bool:
    """Whether a mail server speaks, of something that was not delivered. An answer to such a letter is none."""
    if letter.first("X-Failed-Recipients"):
        return True
    is_report = letter.first("Content-Type").lower().startswith("multipart/report")
    is_daemon = automatic.is_daemon(letter)
    is_null = envelope_sender == "" or letter.first("Return-Path").replace(" ", "").lower() in ("<>", "<mailer-daemon>")
    phrases = list(bounce_texts.failed_phrases(letter))
    if _ANSWER.match(letter.subject) or automatic.is_likely(letter.subject):
        return False
    return len(phrases) + is_report + is_daemon + is_null >= 2 and bool(phrases)


def _known_to_flufl(letter: Letter, raw: bytes) -> list[Outcome]:
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:_LONGEST]))
    except Exception:  # noqa: BLE001 - it reads what strangers send, with many readers
        return []
    words = bounce_texts.notice(letter)
    return [
        bounce_texts.described(address.decode("utf-8", "replace"), words, is_temporary=several is temporary)
        for several in (permanent, temporary)
        for address in sorted(several)
    ]


def _returned(letter: Letter, raw: bytes) -> list[dict[str, str]]:
    """The headers of the message that came back, from a part of its own or from the text."""
    found = [blocks[0] for each in bounce_reports.returned_blocks(letter.leaves) if (blocks := bounce_reports.blocks(each))]
    for leaf in letter.leaves:
        if leaf.text is not None:
            found += [
                each
                for each in bounce_reports.blocks(leaf.text[: bounce_texts.LONGEST])
                if "from" in each and "subject" in each
            ]
    return found


def _about(letter: Letter, returned: list[dict[str, str]]) -> list[str]:
    found = [each for block in returned for each in ids(block.get("message-id", ""))]
    for leaf in letter.leaves:
        if leaf.text is not None:
            found += [each for value in _ID_FIELDS.findall(leaf.text[: bounce_texts.LONGEST]) for each in ids(value)]
    return [*found, *letter.in_reply_to, *reversed(letter.references)]


def _sent_to(letter: Letter) -> tuple[str, ...]:
    named = [each.address for each in letter.to]
    for name in ("Delivered-To", "X-Original-To", "Envelope-To"):
        named += bounce_texts.ADDRESS.findall(" ".join(letter.every(name))[:5000])
    return tuple(dict.fromkeys(named))
