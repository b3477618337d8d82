"""For whom a message is, by its header; through how many servers it came."""

from __future__ import annotations

import pytest

from deskhand.mail.doors.addressing import LONGEST_HEADER, hops, recipients


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (b"", []),
        (b"To: a@x.test", [["a@x.test"]]),
        (b"To: A <a@x.test>, b@x.test\r\nCc: c@x.test, nobody", [["a@x.test", "b@x.test"], ["c@x.test"]]),
        (b"Cc: c@x.test\nTo: a@x.test\nEnvelope-To: e@x.test", [["e@x.test"], ["a@x.test"], ["c@x.test"]]),
        (
            b"X-Original-To: o@x.test\r\nDELIVERED-TO: d@x.test\r\nDelivered-To: D@x.test",
            [["d@x.test", "D@x.test"], ["o@x.test"]],
        ),
        (b"To: undisclosed-recipients:;", []),
        (b"To: =?utf-8?q?x?= <a@x.test>,\r\n b@x.test", [["a@x.test", "b@x.test"]]),
        (b"Subject: x\r\n\r\nTo: body@x.test", []),
        (b"To: \xff\xfe\r\nTo: a@x.test", [["a@x.test"]]),
        (b"X: " + b"y" * LONGEST_HEADER + b"\r\nTo: a@x.test", []),
    ],
)
def test_the_surest_header_comes_first(header: bytes, found: list[list[str]]) -> None:
    assert recipients(header) == found


def test_servers_on_the_way_are_counted_in_the_header_only() -> None:
    assert hops(b"Received: a\r\nreceived : b\r\nX-Received: c\r\n Received: d\r\n\r\nReceived: e\r\n") == 2
    assert hops(b"Received: a\nReceived: b") == 2
