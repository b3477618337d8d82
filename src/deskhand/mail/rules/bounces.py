"""Reports of machines about messages of ours: bounces, delays, complaints, receipts (email rules 7.3, 7.4)."""

from __future__ import annotations

import logging
import re
from email import message_from_bytes

from flufl.bounce import all_failures
from msgspec import structs

from deskhand.mail.reading.letter import Letter
from deskhand.mail.reading.reading import ids
from deskhand.mail.rules import automatic, bounce_amazon, bounce_reports, bounce_texts
from deskhand.mail.rules.bounce_model import Action, Kind, Outcome, Report
from deskhand.mail.rules.bounce_reasons import refined

__all__ = ["Action", "Kind", "Outcome", "Report", "report"]

_LONGEST = 2**16  # bytes that the readers of no standard are given
logging.getLogger("flufl.bounce").disabled = True  # it logs letters that it cannot read, which we are told anyhow
_ANSWER = re.compile(r"\s*(?:re|aw|sv|fw|fwd|wg|tr|rv)\s*:", re.IGNORECASE)
_ID_FIELDS = re.compile(
    r"^[ \t>*]*(?:original[- ])?message[- ]?id(?:entifier)?(?:[ ]is)?[ \t]*:?[ \t]*(<[^<>\s]{3,300}>)",
    re.IGNORECASE | re.MULTILINE,
)


def report(letter: Letter, raw: bytes, envelope_sender: str | None = None) -> Report | None:
    """What a letter reports, or None where it is no report but mail, automatic replies among it.

    ``raw`` is the letter as it came; ``envelope_sender`` is empty for the null path, None where it is not known. First the
    standards, then what flufl.bounce knows, then the words; the latter two only for what looks like a report.
    """
    returned = _returned(letter)
    found = _standard(letter) if _is_by_machine(letter, envelope_sender) else None
    if found is not None:
        found = structs.replace(found, outcomes=_completed(found.outcomes, letter, returned))
    elif _looks_like_one(letter, envelope_sender, returned):
        outcomes = _known_to_flufl(letter, raw) or bounce_texts.outcomes(letter, returned)
        found = Report(kind=bounce_reports.kind_of(outcomes) if outcomes else Kind.BOUNCE, outcomes=tuple(outcomes))
    if found is None:
        return None
    about = dict.fromkeys((*found.message_ids, *_about(letter, returned)))
    return structs.replace(found, message_ids=tuple(about)[:50], sent_to=(*found.sent_to, *_sent_to(letter, returned)))


def _completed(known: tuple[Outcome, ...], letter: Letter, returned: list[dict[str, str]]) -> tuple[Outcome, ...]:
    """Outcomes of a standard report with what only its words tell: an address it does not give, a reason that has no code."""
    words = bounce_texts.notice(letter)
    people = [each.final or each.address for each in known]
    if people == [""] and known[0].action is not Action.COMPLAINED:  # nobody is taken for one who complained
        known = (
            tuple(structs.replace(known[0], address=each.address) for each in bounce_texts.outcomes(letter, returned)[:1])
            or known
        )
    return tuple(refined(each, bounce_texts.near(each.final or each.address, people, words)) for each in known)


def _standard(letter: Letter) -> Report | None:
    return (
        bounce_reports.complaint(letter)
        or bounce_reports.receipt(letter)
        or bounce_reports.delivery(letter)
        or bounce_amazon.report(letter)
    )


def _looks_like_one(letter: Letter, envelope_sender: str | None, returned: list[dict[str, str]]) -> bool:
    """Whether a mail server speaks, of something that was not delivered.

    What people answer to such a letter is none, nor is what they write of a parcel that did not come.
    """
    if letter.first("X-Failed-Recipients"):
        return True
    if automatic.is_likely(letter.subject):
        return False
    says_subject, says_words, gives_code = bounce_texts.says_failed(letter)
    evidence = says_subject + says_words + gives_code + bool(returned)
    is_postmaster = automatic.is_postmaster(letter)
    if _is_report(letter) or (automatic.is_daemon(letter) and not is_postmaster):
        return evidence >= 1
    is_answer = _ANSWER.match(letter.subject) is not None
    if is_postmaster and says_subject and not is_answer:
        return True  # else there may be a person behind the name
    if is_postmaster or _is_null(letter, envelope_sender):
        return evidence >= 2  # an automatic reply comes on the null path, too
    if is_answer or not says_subject or not says_words:
        return False
    return any("message-id" in each or "received" in each for each in returned) or (
        automatic.is_administrator(letter) and bool(bounce_texts.named(letter, bounce_texts.notice(letter)))
    )


def _is_by_machine(letter: Letter, envelope_sender: str | None) -> bool:
    """Whether a report may be believed. Who sends one on, sends its parts on."""
    speaks = _is_report(letter) or automatic.is_daemon(letter) or _is_null(letter, envelope_sender)
    return speaks or _ANSWER.match(letter.subject) is None


def _is_report(letter: Letter) -> bool:
    return letter.first("Content-Type").lower().startswith("multipart/report")


def _is_null(letter: Letter, envelope_sender: str | None) -> bool:
    return envelope_sender == "" or automatic.is_returned(letter)


def _known_to_flufl(letter: Letter, raw: bytes) -> list[Outcome]:
    try:
        temporary, permanent = all_failures(message_from_bytes(raw[:_LONGEST]))
    except Exception:  # noqa: BLE001 - it reads what strangers send, with many readers
        return []
    words = bounce_texts.notice(letter)
    likely = set(bounce_texts.named(letter, words))
    found: list[Outcome] = []
    for several in (permanent, temporary):
        people = sorted(each.decode("utf-8", "replace") for each in several)
        people = ([each for each in people if each in likely] or people)[: bounce_texts.MOST]
        found += bounce_texts.described(people, words, is_temporary=several is temporary)
    return found


def _returned(letter: Letter) -> list[dict[str, str]]:
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


def _sent_to(letter: Letter, returned: list[dict[str, str]]) -> tuple[str, ...]:
    """Complaints go where the provider was told; what came back in them has the return address all the same."""
    named = [each.address for each in letter.to]
    for name in ("Delivered-To", "X-Original-To", "Envelope-To"):
        named += bounce_texts.ADDRESS.findall(" ".join(letter.every(name))[:5000])
    for block in returned:
        named += bounce_texts.ADDRESS.findall(block.get("return-path", ""))
    return tuple(dict.fromkeys(named))
