"""Headers and bodies made to hold a parser up: twenty kinds, each about as large as our limits let through."""

from __future__ import annotations

from collections.abc import Iterator

SIZE = 60_000  # a header below the limit of 64 KB, so that it is read


def bombs() -> Iterator[tuple[str, bytes]]:
    """Kind and message."""
    plain = {"From": "a@b.test", "To": "help@desk.test", "Subject": "Hello", "Content-Type": "text/plain"}
    kinds = {
        "recipients": {"To": "a@b.test," * (SIZE // 9)},
        "recipients without end": {"To": "<" * SIZE},
        "comments in comments": {"To": "(" * (SIZE // 2) + ")" * (SIZE // 2) + " a@b.test"},
        "comments that stay open": {"From": "(" * SIZE + " a@b.test"},
        "quotes that stay open": {"From": '"' + "\\" * SIZE + " <a@b.test>"},
        "groups in groups": {"To": "g:" * (SIZE // 2) + "a@b.test" + ";" * 100},
        "routes": {"To": "<" + "@r," * (SIZE // 3) + ":a@b.test>"},
        "encoded words": {"Subject": "=?utf-8?q?=41?= " * (SIZE // 16)},
        "an encoded word without end": {"Subject": "=?utf-8?q?" + "=41" * (SIZE // 3)},
        "marks of encoded words": {"Subject": "=?" * (SIZE // 2)},
        "charsets in encoded words": {"Subject": "=?" + "u" * SIZE + "?q?a?="},
        "parameters": {"Content-Type": "text/plain" + "; a=b" * (SIZE // 5)},
        "continued parameters": {"Content-Type": "text/plain" + "".join(f"; name*{n}*=a" for n in range(SIZE // 14))},
        "a parameter that is continued for ever": {"Content-Disposition": "attachment; filename*0*=" + "''" * (SIZE // 2)},
        "quoted parameters": {"Content-Type": 'text/plain; name="' + '\\"' * (SIZE // 2)},
        "ids": {"References": "<a@b>" * (SIZE // 5)},
        "ids with holes": {"References": "<" + " a" * (SIZE // 2)},
        "broken ids": {"References": "<a@" * (SIZE // 3), "In-Reply-To": "<" * SIZE},
        "dates": {"Date": "Tue, " * (SIZE // 5) + "24 Nov 2026 10:00:00 +0000"},
        "authentication": {"Authentication-Results": "mx.desk.test; " + "dkim=(" * (SIZE // 6)},
    }
    for name, headers in kinds.items():
        yield name, "".join(f"{key}: {value}\n" for key, value in (plain | headers).items()).encode() + b"\nHello\n"


def heaps() -> Iterator[tuple[str, bytes]]:
    """What is too much by its number: headers, parts, depth, lines."""
    head = b"From: a@b.test\nTo: help@desk.test\nSubject: Hello\n"
    yield "headers", head + b"".join(b"X-%d: y\n" % number for number in range(20_000)) + b"\nHello\n"
    yield "one header", head + b"X: " + b"y" * 1_000_000 + b"\n\nHello\n"
    yield "parts", head + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nHello\n" * 20_000 + b"--b--\n"
    levels = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (each, each) for each in range(2_000))
    yield "levels", head + levels + b"\nHello\n"
    letters = b"Content-Type: message/rfc822\n\n" * 2_000
    yield "letters in letters", head + letters + b"From: a@b.test\n\nHello\n"
    yield "tags", head + b"Content-Type: text/html\n\n" + b"<div>" * 100_000 + b"Hello"
    yield "open tags", head + b"Content-Type: text/html\n\n" + b"<a href=" * 100_000 + b"Hello"
    yield "quotes", head + b"\n" + b">" * 500_000 + b"\nHello\n"
    yield "heads of quotes", head + b"\n" + b"On Mon, Tue, wrote Wed: \n" * 20_000
    yield "lines", head + b"\n" + b"\n" * 1_000_000 + b"Hello\n"
    yield "uuencoded", head + b"\n" + b"begin 644 a\n" * 50_000
    yield "base64", head + b"Content-Transfer-Encoding: base64\n\n" + b"=" * 1_000_000
    yield "nothing", b""
    yield "no header", b"\n\nHello"
    yield "nul", head + b"\n" + b"\0" * 100_000
