"""Whom somebody means who began to type."""

from __future__ import annotations

import pytest

from deskhand.customers.queries.completing import beginning_with
from tests.given import Given


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("han", ["hanna@mail.test"]),
        ("HANNA L", ["hanna@mail.test"]),
        ("lind", ["hanna@mail.test"]),
        ("elin", ["elin@norrsken.test"]),
        ("norr", ["elin@norrsken.test", "info@norrsken.test"]),
        ("elin@norrsken.test", ["elin@norrsken.test"]),
        ("éli", ["elin@norrsken.test"]),
        ("h", []),
        ("", []),
        ("@", []),
        ("nobody", []),
        ('"*', []),
    ],
)
async def test_customers_are_found_by_how_words_begin(given: Given, typed: str, found: list[str]) -> None:
    await given.customer("hanna@mail.test", "Hanna", "Lindqvist")
    await given.customer("elin@norrsken.test", "Elin", "Norrsken")
    await given.customer("info@norrsken.test", "", "")
    async with given.read(given.owner) as view:
        assert [each.email for each in await beginning_with(view, typed, 8)] == found
        assert len(await beginning_with(view, typed, 1)) == min(1, len(found))
