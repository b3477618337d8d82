"""Whatever comes in: nothing raises, offsets lie within, and time grows with the length only."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.mail.reading.reading import read
from deskhand.mail.rules import automatic, bounces
from deskhand.mail.rules.authentication import check, told
from deskhand.mail.rules.forwards import forwarded
from deskhand.mail.rules.replies import MARKER, split, split_html

MEGABYTE = 2**20
LONGEST_SECONDS = 5  # a tenth of it is what these take; ten times that is what quadratic ones would

PIECES = (
    "From: a\n", "To: a@b,\n", "Subject: x\n", "a:\n", "On 1 Jan 2020 x\n", "On 1 Jan 2020, a@b.c wrote:\n", "> x\n",
    "wrote:\n", "--\n", "____\n", "Sent from my iPhone\n", "-----Original Message-----\n", f"{MARKER}\n", "words\n", "\n", " ",
    "\t", "\r", "a@b.c ", "<a@b.c>:\n", "user unknown ", "550 5.1.1 ", "(generated from ", "Final-Recipient: rfc822; a@b.c\n",
    "Message-ID: <a@b>\n", "\u2028", "<p>", "<blockquote>", "</blockquote>", "<div class='gmail_attr'>", "<pre>", "<!--", "<",
    ">", "&amp;", '"', "(", "\\", "\0", "é",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=40).map("".join)


@settings(max_examples=80, deadline=None)
@given(TEXTS)
def test_offsets_lie_within_whatever_the_text_is(text: str) -> None:
    assert 0 <= split(text) <= len(text)
    assert 0 <= split_html(text) <= len(text)
    found = forwarded("FW: x", text)
    assert found is None or 0 <= found.words_end <= found.body_start <= len(text)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(("From", "Subject", "Content-Type", "Return-Path", "Auto-Submitted", "List-Id")), TEXTS)
    ),
    TEXTS,
)
def test_no_letter_is_too_odd_to_be_classified(headers: list[tuple[str, str]], text: str) -> None:
    raw = ("".join(f"{name}: {value[:200].strip()}\n" for name, value in headers) + "\n" + text).encode("utf-8", "replace")
    letter = read(raw)

    assert all(len(each) <= 200 for each in automatic.machine(letter).evidence)
    report = bounces.report(letter, raw)
    assert report is None or all(len(each.diagnostic) <= 2000 for each in report.outcomes)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(("DKIM-Signature", "ARC-Seal", "Authentication-Results", "From")), TEXTS, TEXTS)
def test_no_signature_is_too_odd_to_be_checked(name: str, value: str, record: str) -> None:
    raw = f"From: Ann <ann@shop.example>\r\n{name}: {' '.join(value.split())}\r\n\r\nHello".encode("utf-8", "replace")

    check(raw, "192.0.2.1", "mx.example", "ann@shop.example", lambda *_: [record])
    told(raw, {"mx.example", ""})


@pytest.mark.parametrize(
    "piece",
    [
        "\n",
        "From: a\n",
        "To: a@b,\n",
        "a:\n",
        "On 1 Jan 2020, a@b.c wrote:\n",
        "--\n",
        "<p>a",
        "(generated from ",
        "a@b.c",
        '"',
    ],
    ids=repr,
)
def test_a_megabyte_of_anything_takes_no_longer_than_its_length(piece: str) -> None:
    text = "own words\n" + piece * (MEGABYTE // len(piece)) + "\nend"
    raw = f"From: mailer-daemon@x.example\nSubject: failure notice\n\nundelivered\n{text}".encode()
    letter = read(raw)
    began = time.process_time()

    split(text)
    split_html(text)
    forwarded("FW: x", text)
    bounces.report(letter, raw)

    assert time.process_time() - began < LONGEST_SECONDS
