"""``read``: a raw message in, a letter out. It never raises, whatever it is given; what is too much is left out and named."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import policy
from email.message import Message
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from deskhand.mail.reading.addresses import addresses
from deskhand.mail.reading.letter import Address, Leaf, Letter, Limit, Limits
from deskhand.mail.reading.splitting import split
from deskhand.mail.reading.tree import Body, Node, Reading, body_of
from deskhand.mail.reading.words import text

_PARSER = BytesParser(policy=policy.compat32)
_ENDS_OF_HEADERS = (b"\n\n", b"\n\r\n", b"\r\r")
_LINE = re.compile(rb"(?:^[^\r\n]*(?:\r?\n|\r)?(?:[ \t][^\r\n]*(?:\r?\n|\r)?)*)", re.MULTILINE)
_BRACKETED = re.compile(r"<([^<>]{3,1300})>")
_ID = re.compile(r"[^<>\s@]{1,900}@[^<>\s@]{1,255}")
DEFAULT = Limits()
LONGEST_ID = 500  # bytes; longer ones are nobody's, and no index takes them


def read(raw: bytes, limits: Limits = DEFAULT) -> Letter:
    """Read a message. Email rules 3; time grows with its length only."""
    met: set[Limit] = set()
    content = _within(raw.lstrip(b"\r\n"), limits, met)
    reading = Reading(limits)
    try:
        quickly = split(content)
        message: Message = _PARSER.parsebytes(content) if quickly is None else quickly
        root = reading.node(message)
    except RecursionError:
        # The stdlib's parser calls itself for each level: what lies so deep is given as a file.
        met.add(Limit.DEPTH)
        message = _PARSER.parsebytes(content, headersonly=True)
        root = Node("message/rfc822", leaf=_file(content))
    return _letter(message, root, limits, met | reading.met)


def head(raw: bytes, limits: Limits = DEFAULT) -> bytes:
    """The header of a message, for whoever needs no more: there are no parts to walk."""
    raw = raw.lstrip(b"\r\n")[: limits.header_block]
    ends = [at for each in _ENDS_OF_HEADERS if (at := raw.find(each)) >= 0]
    return raw[: min(ends)] + b"\n\n" if ends else raw


def _letter(message: Message, root: Node, limits: Limits, met: set[Limit]) -> Letter:
    body = body_of(root)
    raw: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        raw.setdefault(name.lower(), []).append(value)
    first = {name: several[0] for name, several in raw.items()}
    lists = {name: _people(raw.get(name, []), limits, met) for name in ("from", "sender", "reply-to", "to", "cc")}
    return Letter(
        raw=raw,
        from_=lists["from"],
        sender=lists["sender"],
        reply_to=lists["reply-to"],
        to=lists["to"],
        cc=lists["cc"],
        subject=text(first.get("subject", "")),
        message_id=next(iter(ids(first.get("message-id", ""))), ""),
        in_reply_to=ids(first.get("in-reply-to", "")),
        references=ids(first.get("references", "")),
        date=date_of(first.get("date", "")),
        leaves=tuple(_leaves(root)),
        texts=tuple(body.texts),
        htmls=tuple(body.htmls),
        attachments=_once(body),
        partial=tuple(sorted(met)),
    )


def _once(body: Body) -> tuple[Leaf, ...]:
    return tuple({each.place: each for each in body.attachments}.values())


def _people(values: list[str], limits: Limits, met: set[Limit]) -> tuple[Address, ...]:
    found: list[Address] = []
    for value in values:
        found += addresses(value, limits.addresses + 1 - len(found))
    if len(found) > limits.addresses:
        met.add(Limit.ADDRESSES)
    return tuple(found[: limits.addresses])


def ids(value: str) -> tuple[str, ...]:
    """The well-formed ids of a header, without ``<>``, each once, in order."""
    folded = ("".join(each.split()) for each in _BRACKETED.findall(text(value)))
    return tuple(dict.fromkeys(each for each in folded if _ID.fullmatch(each) and len(each.encode()) <= LONGEST_ID))


def date_of(value: str) -> datetime | None:
    """The instant in a Date header (UTC)."""
    try:
        found = parsedate_to_datetime(text(value))
        return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _leaves(node: Node) -> list[Leaf]:
    return [node.leaf] if node.leaf is not None else [leaf for each in node.parts for leaf in _leaves(each)]


def _within(raw: bytes, limits: Limits, met: set[Limit]) -> bytes:
    """The message with a header block that can be read: whole headers only, none too long, not too many."""
    if len(raw) > limits.size:
        met.add(Limit.SIZE)
        raw = raw[: limits.size]
    end = len(raw)
    for each in _ENDS_OF_HEADERS:
        at = raw.find(each, 0, end + len(each) - 1)
        end = end if at < 0 else at
    block, rest = raw[:end], raw[end:]
    if len(block) <= min(limits.header, limits.header_block) and block.count(b"\n") < limits.headers:
        return raw
    longest = max((len(each) for each in _LINE.findall(block)), default=0)
    if len(block) <= limits.header_block and longest <= limits.header and block.count(b"\n") < limits.headers:
        return raw
    kept, size = [], 0
    for number, line in enumerate(each for each in _LINE.findall(block) if each):
        if number >= limits.headers:
            met.add(Limit.HEADERS)
            break
        if size + len(line) > limits.header_block:
            met.add(Limit.HEADER_BLOCK)
            break
        if len(line) > limits.header:
            met.add(Limit.HEADER)
            continue
        size += len(line)
        kept.append(line)
    return b"".join(kept).rstrip(b"\r\n") + rest


def _file(content: bytes) -> Leaf:
    return Leaf("1", "message/rfc822", "attachment", "message.eml", "", "", content)
