"""Where a quoted message begins: "On … wrote:" in one line or several, blocks of fields, dividing lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from deskhand.mail.rules.labels import BEGINS, ENDS_WROTE, FORWARDED, JOINED, KIND_OF, LEADS, ORIGINAL, WROTE

LONGEST_LINE = 1000  # characters; a longer line is no heading
MOST_LINES = 6  # that a heading is broken over
MOST_CANDIDATES = 2000  # lines that are looked at closely; no letter has so many headings
_MOST_FIELD_LINES = 40

ADDRESS = re.compile(r"[^\s<>()\[\]\"'@,;:]{1,64}@[^\s<>()\[\]\"'@,;:]{1,200}")
_TIME = re.compile(r"\d{1,2}[:.h]\d{2}|\d{4}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
_DATE_LED = re.compile(r"(?:\S{1,14} ){0,2}\d{1,4}(?:[-./ ]|年|\D{0,2} )")
_BARE_DATE = re.compile(r"\d{4}-\d\d-\d\d \d{1,2}:\d\d (?:GMT|UTC)[+-]\d{1,2}:?\d{0,2} \S")
_RULE = re.compile(r"[-_=*\u2500\u2014\u2013 ]{3,}")
_DIVIDER = re.compile(rf"[-_=* ]{{2,40}}\s*(?:{ORIGINAL}|{FORWARDED})(?:[ /|.\w-]{{0,30}})?\s*[-_=* ]{{2,40}}", re.IGNORECASE)
_FORWARD = re.compile(rf"(?:[-_=* ]{{2,40}}\s*(?:{FORWARDED})|[-_=* ]{{0,4}}(?:{BEGINS})\s?[:：])", re.IGNORECASE)
_PREFIX = re.compile(r"^[>\s\ufeff\u200b\u200e]*")


class Block(Struct, frozen=True):
    """Fields of a message that was quoted or sent on: ``start`` and ``end`` number its lines, the latter is behind the last."""

    start: int
    end: int
    fields: dict[str, str]


def bare(line: str) -> str:
    """A line without marks of quotation and spaces around it; of one that is too long to be a heading only its beginning."""
    line = _PREFIX.sub("", line[: LONGEST_LINE + 100], count=1).strip().replace("\xa0", " ")
    return line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "\u2026"


def is_rule(line: str) -> bool:
    """A line of dashes, underscores and the like."""
    return _RULE.fullmatch(line) is not None


def divides(line: str) -> bool:
    """Whether a line says that what follows is another message."""
    return _DIVIDER.match(line) is not None or forwards(line)


def forwards(line: str) -> bool:
    """Whether a line says that what follows was sent on."""
    return _FORWARD.match(line) is not None


def is_candidate(line: str) -> bool:
    """Whether a line may begin a block of fields or end a heading: a look that costs nothing."""
    return (
        ":" in line
        or "：" in line
        or line[-20:].lower().rstrip("*_ ").endswith(ENDS_WROTE)
        or _BARE_DATE.match(line) is not None
    )


def heading(lines: Sequence[str], last: int) -> int | None:
    """Where the heading "On … wrote:" begins that ends with the line ``last``, or None. Lines are ``bare``."""
    line = lines[last]
    if not line:
        return None
    if _BARE_DATE.match(line):
        return last
    ends_in_colon = line[-1] in ":："
    if not ends_in_colon and not line[-20:].lower().rstrip("*_ ").endswith(ENDS_WROTE):
        return None
    joined, count, fallback = "", 0, None
    for number in range(last, max(-1, last - 2 * MOST_LINES), -1):
        if not lines[number]:
            if joined.lower().startswith(("<", ":", "wrote", "mailto")):
                continue
            break
        count += 1
        joined = f"{lines[number]} {joined}" if joined else lines[number]
        if count > MOST_LINES or len(joined) > LONGEST_LINE:
            break
        verdict = _is_heading(joined, ends_in_colon=ends_in_colon)
        if verdict == "led":
            return number
        if verdict == "named" and fallback is None:
            fallback = number
    return fallback


def _is_heading(text: str, *, ends_in_colon: bool) -> str:
    """``led`` for what begins as such a heading does, ``named`` for one that begins with a name, else empty."""
    has_address = "@" in text and ADDRESS.search(text) is not None
    has_time = _TIME.search(text) is not None
    if not has_address and not has_time:
        return ""
    has_verb = WROTE.search(text) is not None
    is_led = (LEADS.match(text) is not None and re.search(r"\d", text[:60]) is not None) or _DATE_LED.match(text) is not None
    if is_led and has_time and has_verb and (ends_in_colon or has_address):
        return "led"
    if is_led and has_time and has_address and _DATE_LED.match(text) is not None and text[-2:] in (">:", "):"):
        return "led"
    if has_verb and has_address and ends_in_colon and text[0] not in "<(" and len(text) < 300:
        return "named"
    return ""


def field(line: str) -> tuple[str, str] | None:
    """The kind and the value of a line like "Subject: Hello", in the languages we know; None for any other line."""
    name, colon, value = line.partition(":")
    if not colon or "：" in name:
        name, colon, value = line.partition("：")
    kind = KIND_OF.get(name.strip("*_ ").lower()) if colon and len(name) < 40 else None
    return None if kind is None else (kind, value.strip("*_ \t"))


def block(lines: Sequence[str], first: int, *, is_announced: bool = False) -> Block | None:
    """The block of fields that begins with the line ``first``, or None. Lines are ``bare``.

    Three fields, of which one is From, with an address or both date and subject; behind a line that announces it two do.
    """
    fields: dict[str, str] = {}
    last, latest = first, ""
    for number in range(first, min(len(lines), first + _MOST_FIELD_LINES)):
        line = lines[number]
        found = field(line)
        if found is not None and found[0] not in fields:
            latest, fields[latest] = found[0], found[1]
            _split_two(fields, latest)
        elif not line and fields and any(field(each) for each in lines[number + 1 : number + 3]):
            continue
        elif line and latest in ("to", "cc", "from") and _continues(fields[latest], line):
            fields[latest] += " " + line
        else:
            break
        last = number + 1
    if "from" not in fields or len(fields) < (2 if is_announced else 3):
        return None
    has_address = any("@" in fields.get(each, "") for each in ("from", "to", "reply-to", "cc"))
    if not is_announced and not has_address and not {"date", "subject"} <= fields.keys():
        return None
    return Block(first, last, fields)


def _split_two(fields: dict[str, str], kind: str) -> None:
    """A line that holds two fields: "À : a@b Objet : …"."""
    inner = JOINED.search(fields[kind]) if kind == "to" else None
    if inner is not None and (other := KIND_OF[(inner[1] or inner[2]).lower()]) not in fields:
        fields[kind], fields[other] = fields[kind][: inner.start()].strip(), fields[kind][inner.end() :].strip()


def _continues(value: str, line: str) -> bool:
    """Whether a line goes on with a list of addresses."""
    is_open = value.endswith((",", ";", "<", "=")) or value.count("<") > value.count(">")
    return len(value) < 5000 and (
        is_open or (line.endswith((">", ">;", ">,")) and "@" in line and " " in value and value[-1:] != ">")
    )
