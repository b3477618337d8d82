"""Invitations: a line sums them up, and the file stays."""

from __future__ import annotations

import hashlib

import pytest

from deskhand.mail.analysing.calendars import LONGEST, summary
from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Asked

BERLIN = "DTSTART;TZID=Europe/Berlin:20261201T100000\nDTEND;TZID=Europe/Berlin:20261201T113000\n"
PLANNING = "SUMMARY:Planning\\, again\nLOCATION:Room 3\nORGANIZER;CN=Ona Lind:mailto:ona@x.test\n"


def calendar(event: str, method: str = "REQUEST") -> str:
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:{method}\nBEGIN:VEVENT\n{event}END:VEVENT\nEND:VCALENDAR\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            calendar(BERLIN + PLANNING),
            "Invitation: Planning, again, 2026-12-01 10:00–11:30 (Europe/Berlin), at Room 3, by Ona Lind <ona@x.test>",
        ),
        (
            calendar("SUMMARY:Call\nDTSTART:20261201T230000Z\nDURATION:PT2H\n"),
            "Invitation: Call, 2026-12-01 23:00–2026-12-02 01:00 (UTC)",
        ),
        (calendar("SUMMARY:Call\nDTSTART:20261201T230000\n", "CANCEL"), "Cancelled: Call, 2026-12-01 23:00"),
        (
            calendar("SUMMARY:Fair\nDTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20261204\n"),
            "Invitation: Fair, 2026-12-01–2026-12-03",
        ),
        (
            calendar("DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=DAILY\n", "PUBLISH"),
            "Event: without a title, 2026-12-01, repeated",
        ),
        (
            calendar(BERLIN.split("\n")[0] + "\nSUMMARY:Planning\nATTENDEE;PARTSTAT=DECLINED:mailto:p@x.test\n", "REPLY"),
            "Answer: Planning, declined, 2026-12-01 10:00 (Europe/Berlin)",
        ),
        (
            calendar("SUMMARY:Pl\n anning\nDTSTART;TZID=W. Europe Standard Time:20261201T100000\n"),
            "Invitation: Planning, 2026-12-01 10:00 (W. Europe Standard Time)",
        ),
        (
            calendar("SUMMARY:One\nSUMMARY:Two\nDTSTART:20261201T100000Z\nDTEND;VALUE=DATE:20261204\n"),
            "Invitation: One, 2026-12-01 10:00 (UTC)",
        ),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR\n", ""),
        ("BEGIN:VEVENT", ""),
        (calendar("DTSTART:never\n"), ""),
        (calendar("SUMMARY:" + "x" * LONGEST + "\n"), ""),
    ],
)
def test_a_calendar_in_a_line(text: str, line: str) -> None:
    assert summary(text.replace("\n", "\r\n")) == line


def test_of_many_calendars_three_are_looked_at() -> None:
    part = "--b\nContent-Type: text/calendar\n\n"
    parts = [f"{part}BEGIN:VCALENDAR\nBEGIN:VEVENT\nnone\n"] * 3 + [part + calendar(PLANNING)]
    raw = f'From: ona@x.test\nContent-Type: multipart/mixed; boundary="b"\n\n{chr(10).join(parts)}\n--b--\n'.encode()
    assert "Planning" not in digest(raw, Asked(blob=""), lambda content: hashlib.sha256(content).hexdigest()).body
    assert len(digest(raw, Asked(blob=""), lambda content: hashlib.sha256(content).hexdigest()).files) == 4


def test_the_line_stands_above_the_letter_and_the_file_stays() -> None:
    text = calendar(BERLIN + PLANNING.replace("Planning", "<img src=x onerror=alert(1)>\u202e"))
    raw = (
        'From: ona@x.test\nSubject: Planning\nContent-Type: multipart/alternative; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nPlease come.\n\n> quoted\n"
        f"--b\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n--b--\n"
    ).encode()
    found = digest(raw, Asked(blob=""), lambda content: hashlib.sha256(content).hexdigest())

    assert found.body.startswith(
        "<p>Invitation: &lt;img src=x onerror=alert(1)&gt;, again, 2026-12-01 10:00–11:30 (Europe/Berlin)"
    )
    assert found.quoted_at is not None
    assert found.body[: found.quoted_at].rstrip("<br>\n").endswith("Please come.")
    assert [each.mime_type for each in found.files] == ["text/calendar"]
