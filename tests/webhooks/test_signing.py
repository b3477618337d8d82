"""How bodies are written and signed."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.json import encode

from deskhand.webhooks.model import DELAYS_SECONDS, Effect, delay, effect_of
from deskhand.webhooks.signing import as_php, dated_signature, signature

VENDORS = (
    b'{"ticket":{"id":"1","number":"2"},"customer":{"id":"1","fname":"Jackie","lname":"Chan",'
    b'"email":"jackie.chan@somewhere.com","emails":["jackie.chan@somewhere.com"]}}'
)
OURS = (
    rb'{"id":9001,"subject":"Caf\u00e9 order",'
    rb'"_links":{"self":{"href":"https:\/\/desk.example.org\/v2\/conversations\/9001"}}}'
)


@pytest.mark.parametrize(
    ("secret", "body", "wanted"),
    [
        ("your secret key", VENDORS, "I1KlvGppYqvFTJgJ9jezdQMDiyI="),
        ("tr0ut-lake-88", b'{"id":4217}', "ABtvNy0fwWda54KJVp+sAdLSX70="),
        ("tr0ut-lake-88", OURS, "MLjoI1mrwG+AoS2ZJJ+hmBtCofk="),
    ],
)
def test_the_published_examples(secret: str, body: bytes, wanted: str) -> None:
    assert signature(secret, body) == wanted


def test_a_body_is_written_as_the_recorded_one() -> None:
    body = {"id": 9001, "subject": "Café order", "_links": {"self": {"href": "https://desk.example.org/v2/conversations/9001"}}}

    assert as_php(encode(body)) == OURS
    assert as_php(encode(["\\/", "😀", "\n"])) == rb'["\\\/","\ud83d\ude00","\n"]'


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(), st.lists))
def test_any_body_reads_the_same_and_is_plain_ascii(body: object) -> None:
    written = as_php(encode(body))

    assert json.loads(written) == body
    assert written.isascii()
    assert b"/" not in written.replace(rb"\/", b"")


def test_the_dated_signature_covers_moment_id_and_body() -> None:
    at = datetime(2026, 3, 1, 9, 50, tzinfo=UTC)
    wanted = hmac.new(b"tr0ut-lake-88", b'1772358600.abc.{"id":4217}', hashlib.sha256).hexdigest()

    assert dated_signature("tr0ut-lake-88", b'{"id":4217}', "abc", at) == f"t=1772358600,id=abc,v1={wanted}"


@pytest.mark.parametrize(
    ("status", "attempts", "wanted"),
    [
        (200, 1, Effect.DELIVERED),
        (204, 11, Effect.DELIVERED),
        (299, 1, Effect.DELIVERED),
        (301, 1, Effect.RETRY),
        (404, 1, Effect.RETRY),
        (410, 1, Effect.GONE),
        (500, 10, Effect.RETRY),
        (500, 11, Effect.DISCARDED),
        (None, 1, Effect.RETRY),
        (None, 11, Effect.DISCARDED),
    ],
)
def test_what_follows_from_an_answer(status: int | None, attempts: int, wanted: Effect) -> None:
    assert effect_of(status, attempts) is wanted


def test_ten_retries_span_up_to_seventy_two_hours() -> None:
    assert len(DELAYS_SECONDS) == 10
    assert timedelta(hours=58) < sum((delay(each, 0) for each in range(1, 11)), timedelta())
    assert sum((delay(each, 1) for each in range(1, 11)), timedelta()) < timedelta(hours=72)
    assert delay(1, 0) == timedelta(seconds=9)
    assert delay(1, 1) == timedelta(seconds=11)
