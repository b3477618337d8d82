"""Searching as people do: the newest that has a word first, and all of it where that is not enough."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import merging
from deskhand.conversations.queries import fields, finding, recent
from deskhand.conversations.queries.finding import Found
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.search.language import parse
from tests.given import Given

NEWEST_FIRST = Sorting(SortField.CREATED_AT)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three entries are many."""
    monkeypatch.setattr(finding, "NEWEST", 3)
    monkeypatch.setattr(finding, "NEWEST_FIELDS", fields.table_of(fields.Among(newest=3)))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three conversations of a shelf are the recent ones."""
    monkeypatch.setattr(recent, "MOST", 3)
    monkeypatch.setattr(recent, "LARGE", 3)


def brought_in(year: int, day: int) -> dict[str, Any]:
    """When a conversation began."""
    return {"created_at": datetime(year, 1, 1 + day, tzinfo=UTC), "imported": True}


async def found(given: Given, query: str, *, page: int = 1, size: int = 2, sorting: Sorting = NEWEST_FIRST) -> Found:
    node = parse(query)
    assert node is not None
    async with given.read(given.owner) as view:
        return await finding.find(view, node, sorting, page, size, strict_phrases=False)


def subjects(it: Found) -> list[str]:
    return [each.subject for each in it.conversations]


@pytest.mark.usefixtures("few")
async def test_of_a_common_word_the_newest_are_shown_and_that_there_are_more(given: Given) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.")

    first = await found(given, "parcel")
    assert (subjects(first), first.total, first.is_all) == (["Parcel 5", "Parcel 4"], 3, False)


@pytest.mark.usefixtures("few")
async def test_a_page_behind_the_newest_is_of_all_there_is(given: Given) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.")

    second = await found(given, "parcel", page=2)
    assert (subjects(second), second.total, second.is_all) == (["Parcel 3", "Parcel 2"], 6, True)


@pytest.mark.usefixtures("few")
async def test_what_only_older_entries_have_is_found_beside_a_common_word(given: Given) -> None:
    old = await given.conversation(subject="Parcel and hopper")
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.")

    one = await found(given, "parcel hopper")
    assert [each.id for each in one.conversations] == [old]
    assert one.is_all


@pytest.mark.usefixtures("few")
async def test_of_two_common_words_entries_with_both_are_enough_for_a_page(given: Given) -> None:
    for number in range(4):
        await given.conversation(subject=f"Both {number}", text="A late parcel.")
    for word in ("late", "parcel"):
        for _ in range(4):
            await given.conversation(subject="One", text=f"Something {word}.")

    both = await found(given, "late parcel")
    assert (subjects(both), both.is_all) == (["Both 3", "Both 2"], False)


@pytest.mark.usefixtures("few")
async def test_what_must_not_be_there_is_known_of_all(given: Given) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.")

    assert (await found(given, "NOT parcel")).total == 0


@pytest.mark.usefixtures("few")
async def test_in_another_order_all_are_looked_at(given: Given) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.")

    oldest = await found(given, "parcel", sorting=Sorting(SortField.CREATED_AT, ascending=True))
    assert (subjects(oldest), oldest.total) == (["Parcel 0", "Parcel 1"], 6)


@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("query", ["status:active", "parcel", "NOT hopper", "createdAt:[2025-12-31T00:00:00Z TO *]", "par*"])
async def test_of_what_most_have_the_recent_ones_are_shown_and_that_there_are_more(given: Given, query: str) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", text="A parcel.", **brought_in(2026, number))

    first = await found(given, query)
    assert (subjects(first), first.total, first.is_all) == (["Parcel 5", "Parcel 4"], 4, False)
    assert subjects(await found(given, query, page=2)) == ["Parcel 3", "Parcel 2"]
    third = await found(given, query, page=3)
    assert (subjects(third), third.total, third.is_all) == (["Parcel 1", "Parcel 0"], 6, True)


@pytest.mark.usefixtures("short")
async def test_what_was_brought_in_from_long_ago_is_not_recent(given: Given) -> None:
    for number in range(6):
        await given.conversation(subject=f"Parcel {number}", **brought_in(2026, number))
    for number in range(4):
        await given.conversation(subject=f"Old {number}", **brought_in(2020, number))

    assert subjects(await found(given, "status:active")) == ["Parcel 5", "Parcel 4"]


@pytest.mark.usefixtures("short")
async def test_of_a_recent_conversation_what_was_merged_into_it_is_found(given: Given) -> None:
    old = await given.conversation(subject="Old", text="A hopper.", **brought_in(2025, 0))
    for number in range(4):
        await given.conversation(subject=f"Parcel {number}", text="A hopper.", **brought_in(2025, 1 + number))
    newest = await given.conversation(subject="Newest", text="Nothing.", **brought_in(2026, 0))
    async with given.write() as tx:
        await merging.merge(tx, old, into=newest)

    first = await found(given, "body:hopper")
    assert (subjects(first), first.total, first.is_all) == (["Newest", "Parcel 3"], 4, False)


async def test_entries_come_the_newest_first_and_no_more_than_asked(given: Given) -> None:
    it = await given.conversation()
    for text in ("One", "Two", "Three"):
        await given.thread(it, ThreadType.NOTE, text)

    async with given.read(given.owner) as view:
        said = await finding.newest_said(view, [it], 2)
    assert [each.body for each in said[it]] == ["Three", "Two"]
