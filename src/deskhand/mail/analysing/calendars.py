"""Invitations (RFC 5545, 5546): a line above what a message says sums them up; the calendar itself is a file like others."""

from __future__ import annotations

import warnings
from datetime import date, datetime, timedelta
from html import escape
from itertools import islice
from typing import Any

from icalendar import Calendar
from msgspec import structs

from deskhand.mail.analysing.bodies import Body
from deskhand.mail.reading.letter import Letter
from deskhand.mail.reading.words import harmless

LONGEST = 32 * 2**10  # takes a fifth of a second at worst
MOST = 3  # that are looked at
LONGEST_WORDS = 200
METHODS = {"REQUEST": "Invitation", "CANCEL": "Cancelled", "REPLY": "Answer", "COUNTER": "Another time proposed"}
TYPES = frozenset({"text/calendar", "application/ics"})


def summed_up(letter: Letter, body: Body) -> Body:
    """What a message says, below a line for the first calendar in it that can be read."""
    leaves = {each.place: each for each in (*letter.texts, *letter.htmls, *letter.attachments) if each.type in TYPES}
    for leaf in islice(leaves.values(), MOST):
        line = summary(leaf.text if leaf.text is not None else leaf.content[:LONGEST].decode("utf-8", "replace"))
        if line:
            above = f"<p>{escape(line, quote=False)}</p>\n"
            quoted_at = None if body.quoted_at is None else body.quoted_at + len(above)
            return structs.replace(body, html=above + body.html, quoted_at=quoted_at)
    return body


def summary(text: str) -> str:
    """What, when, where and by whom, on one line; empty for what is too long, broken, or has no event."""
    if len(text) > LONGEST or "BEGIN:VEVENT" not in text.upper():
        return ""
    try:
        return _summary(text)
    except Exception:  # noqa: BLE001 - it reads what strangers send, and nobody misses the line
        return ""


def _summary(text: str) -> str:
    with warnings.catch_warnings(action="ignore"):
        calendar: Any = Calendar.from_ical(text)
        event = next(iter(calendar.walk("VEVENT")), None)
        if event is None:
            return ""
        method = METHODS.get(_words(calendar.get("METHOD")).upper(), "Event")
        status = _first(event.get("ATTENDEE")).params.get("PARTSTAT", "") if method == "Answer" else ""
        place, organizer = _words(event.get("LOCATION")), _who(event.get("ORGANIZER"))
        parts = [
            f"{method}: {_words(event.get('SUMMARY')) or 'without a title'}",
            harmless(status).lower()[:LONGEST_WORDS],
            _when(event),
            "repeated" if event.get("RRULE") else "",
            place and f"at {place}",
            organizer and f"by {organizer}",
        ]
    return ", ".join(each for each in parts if each)


def _when(event: Any) -> str:
    """In the time of whoever made it, with its zone: 2026-12-01 10:00–11:30 (Europe/Berlin)."""
    start = event.get("DTSTART")
    if start is None:
        return ""
    begins, ends = start.dt, _end(event, start.dt)
    if not isinstance(begins, datetime):
        last = ends - timedelta(days=1) if ends else begins
        return f"{begins}–{last}" if last > begins else f"{begins}"
    zone = harmless(str(start.params.get("TZID", "")))[:LONGEST_WORDS] or ("UTC" if begins.tzinfo else "")
    span = f"{begins:%Y-%m-%d %H:%M}"
    if ends:
        span += f"–{ends:%H:%M}" if ends.date() == begins.date() else f"–{ends:%Y-%m-%d %H:%M}"
    return f"{span} ({zone})" if zone else span


def _end(event: Any, begins: date) -> Any:
    """When it ends; of whole days the day after the last. None where it does not say so in the same way as it begins."""
    end, lasts = event.get("DTEND"), event.get("DURATION")
    found = end.dt if end is not None else begins + lasts.dt if lasts is not None else None
    is_alike = type(found) is type(begins) and getattr(found, "tzinfo", None) == getattr(begins, "tzinfo", None)
    return found if is_alike else None


def _who(value: Any) -> str:
    if value is None:
        return ""
    one = _first(value)
    name, address = harmless(str(one.params.get("CN", ""))), harmless(str(one))
    address = address[7:] if address.lower().startswith("mailto:") else address
    return (f"{name} <{address}>" if name and name != address else address)[:LONGEST_WORDS]


def _words(value: Any) -> str:
    return "" if value is None else " ".join(harmless(str(_first(value))).split())[:LONGEST_WORDS]


def _first(value: Any) -> Any:
    """A property that stands there several times is a list."""
    return value[0] if isinstance(value, list) else value
