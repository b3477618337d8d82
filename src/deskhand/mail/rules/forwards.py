"""Who wrote what somebody sent on (email rules 4.6): the block of fields above it, of many programs, in many languages."""

from __future__ import annotations

import re
from itertools import accumulate

from msgspec import Struct

from deskhand.mail.reading.addresses import addresses
from deskhand.mail.reading.letter import Address
from deskhand.mail.rules import quoting
from deskhand.mail.rules.labels import JOINED, KIND_OF

LONGEST = 2**18  # characters that are looked at

_SUBJECT = re.compile(
    r"\s*(?:fwd?|wg|tr|rv|vb|vs|vl|doorst|pd|enc|redir|i|fs|ang|továbbítás|ilt|ynt|továbbítva|转发|轉寄|転送|전달|пересл"
    r"|пер)\s?\.?\s?[:：]",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw|odp|ynt|res|rif|vá|отв)\s?\.?\s?[:：]", re.IGNORECASE)


class Forwarded(Struct, frozen=True, kw_only=True):
    """A message that was sent on. ``sender`` is who wrote it; None where the block has no address but only ``sender_name``.

    ``date`` is its text as it stands. ``words_end`` and ``body_start`` are offsets into the text: the words of who sent it on
    end there, and the message begins there.
    """

    sender: Address | None
    sender_name: str
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    date: str = ""
    words_end: int = 0
    body_start: int = 0


def forwarded(subject: str, text: str) -> Forwarded | None:
    """The message that a letter sends on, or None. ``text`` is its plain text; the first of several is taken.

    A line that says so is enough. Without one the subject must ("FW:"), or the block must stand at the very top.
    """
    looked = text[:LONGEST].splitlines(keepends=True)
    starts = [0, *accumulate(len(each) for each in looked)]
    lines = [quoting.bare(each) for each in looked]
    says_so = _SUBJECT.match(subject) is not None
    is_answer = _ANSWER.match(subject) is not None
    is_top, left = True, quoting.MOST_CANDIDATES  # at the top: nothing but dividing lines so far
    for number, line in enumerate(lines):
        if not line:
            continue
        if quoting.forwards(line) or (says_so and quoting.divides(line)):
            if (found := _announced(lines, number)) is not None:
                return _made(found, starts, lines, subject)
        elif quoting.is_candidate(line) and (found := _unannounced(lines, number)) is not None:
            is_heading = "subject" not in found.fields and "to" not in found.fields
            # Without a word of it this is how an answer quotes.
            return _made(found, starts, lines, subject) if says_so or (is_top and not is_answer and not is_heading) else None
        is_top = is_top and (quoting.is_rule(line) or quoting.divides(line))
        left -= quoting.is_candidate(line)
        if left == 0:
            break
    return None


def _announced(lines: list[str], number: int) -> quoting.Block | None:
    """The block below a line that says "forwarded message", or in it."""
    if fields := _in_one_line(lines[number]):
        return quoting.Block(number, number + 1, fields)
    below = next((each for each in range(number + 1, min(number + 6, len(lines))) if lines[each]), None)
    if below is None:
        return None
    if (found := quoting.block(lines, below, is_announced=True)) is not None:
        return quoting.Block(number, found.end, found.fields)
    return None


def _unannounced(lines: list[str], number: int) -> quoting.Block | None:
    """The block that begins with a line, or the heading that ends with it."""
    before = lines[number - 1] if number else ""
    if (
        quoting.field(before) is None
        and (found := quoting.block(lines, number, is_announced=quoting.is_rule(before))) is not None
    ):
        return found
    start = quoting.heading(lines, number)
    if start is None:
        return None
    return quoting.Block(start, number + 1, {"from": _named(" ".join(each for each in lines[start : number + 1] if each))})


def _in_one_line(line: str) -> dict[str, str]:
    """Fields that stand in one line, as one program joins them: "From: a@b To: c@d Subject: …"."""
    fields: dict[str, str] = {}
    places = [(each.start(), each.end(), KIND_OF[(each[1] or each[2]).lower()]) for each in JOINED.finditer(line)]
    for place, (_, end, kind) in enumerate(places):
        until = places[place + 1][0] if place + 1 < len(places) else len(line)
        fields.setdefault(kind, line[end:until].strip())
    return fields if "from" in fields and len(fields) > 1 else {}


def _named(heading: str) -> str:
    """The name and address of "On … X <a@b> wrote:", as a From would have them."""
    found = quoting.ADDRESS.search(heading)
    if found is None:
        return ""
    before = re.sub(r"[<(\s]+$", "", heading[: found.start()])
    quoted = re.search(r"[\"\u201c\u201e\xab]\s?([^\"\u201c\u201d\u201e\xab\xbb]{1,100}?)\s?[\"\u201d\u201c\xbb]?$", before)
    words = (quoted[1] if quoted else re.split(r"[,\d]\s+|\d", before)[-1]).split()
    while len(words) > 1 and words[0][0].islower():
        words.pop(0)  # "at", "um", "klo" and the like
    name = " ".join(words)
    return f'"{name}" <{found.group()}>'


def _made(block: quoting.Block, starts: list[int], lines: list[str], subject: str) -> Forwarded:
    fields = block.fields
    sender = _sender(fields["from"])
    end = block.end
    while end < len(lines) and not lines[end]:
        end += 1
    begin = block.start
    while begin > 0 and (not lines[begin - 1] or quoting.is_rule(lines[begin - 1]) or quoting.divides(lines[begin - 1])):
        begin -= 1
    return Forwarded(
        sender=sender,
        sender_name=sender.name if sender else fields["from"].strip("\"' <>")[:200],
        to=_people(fields.get("to", "")),
        cc=_people(fields.get("cc", "")),
        subject=(fields.get("subject") or _SUBJECT.sub("", subject, count=1)).strip()[:998],
        date=fields.get("date", "")[:200],
        words_end=starts[begin],
        body_start=starts[min(end, len(starts) - 1)],
    )


def _sender(value: str) -> Address | None:
    """The first address with all that stands before it as its name: "Doe, John <a@b>"."""
    found = quoting.ADDRESS.search(value)
    if found is None:
        return None
    made = addresses(found.group())
    if not made:
        return None
    name = value[: found.start()].strip().removesuffix("mailto:").rstrip("<([ ").strip("\"'\u201c\u201d\u201e *")
    return Address("" if "@" in name else name[:200], made[0].address)


def _people(value: str) -> tuple[Address, ...]:
    return tuple({each.address.lower(): each for each in addresses(value.replace(";", ","), 100)}.values())
