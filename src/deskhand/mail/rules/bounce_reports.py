"""Reports as the standards have them: delivery (RFC 3464, 6533), complaints (RFC 5965), receipts (RFC 8098)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from deskhand.mail.reading.letter import Leaf, Letter
from deskhand.mail.reading.words import base64, text
from deskhand.mail.rules.bounce_model import Action, Kind, Outcome, Report
from deskhand.mail.rules.bounce_reasons import outcome

_STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
_RECEIPT_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{0,60})[ \t]*:[ \t]*(.*)")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:]{1,64}@[A-Za-z0-9\u0080-\U0010ffff.-]{1,253}")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_ACTIONS = {
    "failed": Action.FAILED,
    "failure": Action.FAILED,
    "delayed": Action.DELAYED,
    "delivered": Action.DELIVERED,
    "relayed": Action.DELIVERED,
    "expanded": Action.DELIVERED,
}


_NO_COMPLAINTS = frozenset({"auth-failure", "not-spam"})


def delivery(letter: Letter) -> Report | None:
    """What ``message/delivery-status`` says, one outcome for each recipient; None where it says nothing."""
    found: list[Outcome] = []
    envelope_id = ""
    for leaf in letter.leaves:
        if leaf.type not in _STATUS_TYPES and leaf.type != "multipart/report":  # a leaf if its parts cannot be told apart
            continue
        for block in blocks(_content(leaf)):
            envelope_id = envelope_id or block.get("original-envelope-id", "")
            if (one := _outcome(block)) is not None:
                found.append(one)
    if not found:
        return None
    return Report(kind=kind_of(found), outcomes=tuple(dict.fromkeys(found)), envelope_id=envelope_id)


def complaint(letter: Letter) -> Report | None:
    """An abuse report: the addresses that complained. Where it names none it is whoever got the mail; a report that something
    is no spam (RFC 6430), or was not authenticated (RFC 6591), is nobody's complaint."""
    leaf = next((each for each in letter.leaves if each.type == "message/feedback-report"), None)
    if leaf is None:
        return _informal(letter)
    several = blocks(_content(leaf))
    named = [value for block in several for name, value in block.items() if name in ("original-rcpt-to", "removal-recipient")]
    envelope_id = next((block["original-envelope-id"] for block in several if "original-envelope-id" in block), "")
    senders = " ".join(block.get("original-mail-from", "") for block in several)
    kinds = {block["feedback-type"].strip().lower() for block in several if "feedback-type" in block}
    found = _complaint([] if kinds & _NO_COMPLAINTS else named or [""], envelope_id)
    return structs.replace(found, sent_to=tuple(_ADDRESS.findall(senders)))


def _informal(letter: Letter) -> Report | None:
    """Complaints in forms of their own: Outlook.com's (JMRP), and the unsubscribing that Apple's Mail sends for its user."""
    if letter.first("X-Apple-Unsubscribe").lower() == "true":
        return _complaint([each.address for each in letter.from_])
    if "complaint" in letter.subject.lower():
        for block in (first for each in returned_blocks(letter.leaves) for first in blocks(each)[:1]):
            if "x-hmxmroriginalrecipient" in block:
                return _complaint([block["x-hmxmroriginalrecipient"]])
    return None


def _complaint(named: list[str], envelope_id: str = "") -> Report:
    people = dict.fromkeys(address for each in named for address in _ADDRESS.findall(each) or [""])
    return Report(
        kind=Kind.COMPLAINT, outcomes=tuple(Outcome(each, Action.COMPLAINED) for each in people), envelope_id=envelope_id
    )


def receipt(letter: Letter) -> Report | None:
    """A disposition notification: who was shown the message, or deleted it."""
    leaf = next((each for each in letter.leaves if each.type in _RECEIPT_TYPES), None)
    if leaf is None:
        return None
    block = {name: value for each in blocks(_content(leaf)) for name, value in each.items()}
    who = _recipient(block.get("original-recipient", "")) or _recipient(block.get("final-recipient", ""))
    outcomes = (Outcome(who, Action.DISPOSED, diagnostic=block.get("disposition", "")[:1000]),) if who else ()
    ids = tuple(re.findall(r"<([^<>\s@]{1,900}@[^<>\s@]{1,255})>", block.get("original-message-id", "")))
    return Report(kind=Kind.RECEIPT, outcomes=outcomes, message_ids=ids)


def kind_of(outcomes: list[Outcome]) -> Kind:
    """What a report of these is about: the worst of them."""
    actions = {each.action for each in outcomes}
    if Action.FAILED in actions:
        return Kind.BOUNCE
    return Kind.DELAY if Action.DELAYED in actions else Kind.DELIVERED


def blocks(content: str) -> list[dict[str, str]]:
    """Blocks of fields between empty lines: names in lower case, values unfolded, the first of a name counts."""
    found: list[dict[str, str]] = [{}]
    name = ""
    for line in content.splitlines():
        if not line.strip():
            name = ""
            if found[-1]:
                found.append({})
        elif line[0] in " \t" and name:
            if len(found[-1][name]) < 4000:
                found[-1][name] += " " + line.strip()
        elif (field := _FIELD.match(line.strip())) is not None:
            name = field[1].lower()
            if name in found[-1] and name in ("final-recipient", "original-recipient") and "action" in found[-1]:
                found.append({})  # some forget the empty line between two recipients
            found[-1].setdefault(name, field[2].strip())
    return [each for each in found if each]


def _outcome(block: dict[str, str]) -> Outcome | None:
    if not {"action", "status", "final-recipient", "original-recipient"} & block.keys():
        return None
    final = _recipient(block.get("final-recipient", "")) or _recipient(block.get("x-actual-recipient", ""))
    original = _recipient(block.get("original-recipient", ""))
    if not final and not original and "action" not in block:
        return None
    status = _STATUS.search(block.get("status", ""))
    diagnostic = text(block.get("diagnostic-code", "") or block.get("x-notes", ""))
    action = _ACTIONS.get(re.split(r"[^a-z]", block.get("action", "").lower().strip(), maxsplit=1)[0])
    if action is None:
        digit = status[1][0] if status else "5"
        action = {"2": Action.DELIVERED, "4": Action.DELAYED}.get(digit, Action.FAILED)
    return outcome(original or final, action, status[1] if status else "", diagnostic, final=final)


def _recipient(value: str) -> str:
    """The address of ``rfc822; a@b``; a ``utf-8`` one may have its own escapes (RFC 6533 3)."""
    kind, _, rest = value.rpartition(";")
    if kind.strip().lower() == "utf-8":
        rest = re.sub(r"\\x\{([0-9A-Fa-f]{2,6})\}", lambda each: _character(each[1]), rest)
    found = _ADDRESS.search(rest)
    return found.group().strip(".") if found else ""


def _character(code: str) -> str:
    value = int(code, 16)
    return chr(value) if 0x20 < value < 0xD800 or 0xDFFF < value < 0x110000 else ""


def _content(leaf: Leaf) -> str:
    content = leaf.content
    if b":" not in content:
        content = base64(content)  # the parser does not decode what it takes for a message
    return content[: 2**18].decode("utf-8", "replace").replace("\x00", "")


def returned_blocks(leaves: tuple[Leaf, ...]) -> Iterator[str]:
    """The header blocks of what came back as a part of its own."""
    for leaf in leaves:
        if leaf.type in (
            "message/rfc822",
            "text/rfc822-headers",
            "message/global",
            "message/global-headers",
            "message/partial",
        ):
            yield _content(leaf)
