"""Statements rendered once and run raw: what goes in comes out, for every column type, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text, delete, insert, select, update

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.columns import Instant, Json, Word, one_term
from deskhand.kernel.storage.statements import any_of, param, read, shaped, upsert, write

ACTOR = system_actor()
MOMENT = datetime(2026, 4, 2, 6, 5, 4, 123456, tzinfo=UTC)


class Colour(StrEnum):
    """Some words."""

    BLUE = "blue"
    RED = "red"


class Inside(msgspec.Struct, frozen=True):
    """Something kept as JSON."""

    a: int
    b: list[str] = []


class Row(msgspec.Struct, frozen=True):
    """One of every type."""

    id: int
    text: str | None
    flag: bool | None
    at: datetime | None
    inside: Inside | None
    word: Colour | None


things = Table(
    "things",
    MetaData(),
    Column("id", BigInteger, primary_key=True),
    Column("text", Text),
    Column("flag", Boolean),
    Column("at", Instant),
    Column("inside", Json(Inside)),
    Column("word", Word(Colour)),
)
NAMES = Row.__struct_fields__
MAKE = {
    "sqlite": "CREATE TABLE things (id INTEGER PRIMARY KEY, text TEXT, flag BOOLEAN, at BIGINT, inside TEXT, word TEXT)",
    "postgresql": "CREATE TABLE things "
    "(id BIGINT PRIMARY KEY, text TEXT, flag BOOLEAN, at TIMESTAMPTZ, inside TEXT, word TEXT)",
}
ADD = write(insert(things).values({name: param(name) for name in NAMES}))
ALL = read(select(things).order_by(things.c.id), Row)
FULL = Row(1, "Größe 'x' \\ \u2028", True, MOMENT, Inside(1, ["é", '"']), Colour.RED)


@pytest.fixture
async def table(desk: Desk) -> Desk:
    async with desk.writing(ACTOR) as tx:
        await tx._session.script(MAKE[desk.database.dialect])
    return desk


async def stored(desk: Desk, *rows: Row) -> list[Row]:
    async with desk.writing(ACTOR) as tx:
        await tx.write(write(delete(things)))
        for row in rows:
            await tx.write(ADD, **msgspec.structs.asdict(row))
    async with desk.reading(ACTOR) as view:
        return await view.all(ALL)


async def test_every_type_comes_back_as_it_went_in(table: Desk) -> None:
    (full,) = await stored(table, FULL)

    assert full == FULL
    assert [type(each) for each in msgspec.structs.astuple(full)] == [int, str, bool, datetime, Inside, Colour]


async def test_nothing_comes_back_as_nothing(table: Desk) -> None:
    empty = Row(2, None, None, None, None, None)

    assert await stored(table, empty) == [empty]


async def test_an_instant_without_a_zone_is_refused_and_another_zone_is_the_same_moment(table: Desk) -> None:
    elsewhere = MOMENT.astimezone(timezone(timedelta(hours=5, minutes=45)))

    assert (await stored(table, msgspec.structs.replace(FULL, at=elsewhere)))[0].at == MOMENT
    with pytest.raises(ValueError, match="time zone"):
        await stored(table, msgspec.structs.replace(FULL, at=MOMENT.replace(tzinfo=None)))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(
    row=st.builds(
        Row,
        id=st.integers(-(2**63), 2**63 - 1),
        text=st.none() | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        flag=st.none() | st.booleans(),
        at=st.none() | st.datetimes(timezones=st.just(UTC)),
        inside=st.none()
        | st.builds(Inside, a=st.integers(-(2**53), 2**53), b=st.lists(st.text(st.characters(exclude_categories=["Cs"])))),
        word=st.none() | st.sampled_from(Colour),
    )
)
async def test_whatever_is_stored_is_read_back(table: Desk, row: Row) -> None:
    assert await stored(table, row) == [row]


async def test_a_value_that_was_not_given_is_an_error_not_a_null(table: Desk) -> None:
    async with table.writing(ACTOR) as tx:
        with pytest.raises(KeyError, match="text"):
            await tx.write(write(update(things).values(text=param("text"))))


@pytest.mark.parametrize("wanted", [[], [1], [1, 3, 99], list(range(5000))])
async def test_a_list_is_one_parameter_however_long(table: Desk, wanted: list[int]) -> None:
    await stored(table, *(msgspec.structs.replace(FULL, id=number, text=f"t{number}") for number in (1, 2, 3)))
    by_id = read(select(things.c.id).where(any_of(things.c.id, "ids")).order_by(things.c.id), int)
    by_text = read(select(things.c.id).where(any_of(things.c.text, "texts")).order_by(things.c.id), int)

    async with table.reading(ACTOR) as view:
        assert await view.all(by_id, ids=wanted) == [each for each in (1, 2, 3) if each in wanted]
        assert await view.all(by_text, texts=[f"t{each}" for each in wanted]) == [each for each in (1, 2, 3) if each in wanted]


async def test_an_upsert_adds_or_changes(table: Desk) -> None:
    new = upsert(things).values(id=param("id"), text=param("text"))
    put = write(new.on_conflict_do_update(index_elements=["id"], set_={"text": new.excluded.text}))

    async with table.writing(ACTOR) as tx:
        for text in ("first", "second"):
            assert await tx.write(put, id=7, text=text) == 1
    async with table.reading(ACTOR) as view:
        assert [each.text for each in await view.all(ALL)] == ["second"]


async def test_constants_need_no_parameter_and_returning_gives_records(table: Desk) -> None:
    await stored(table, FULL)
    paint = write(update(things).values(word=Colour.BLUE, at=MOMENT).returning(things.c.id, things.c.word), Painted)

    async with table.writing(ACTOR) as tx:
        assert await tx.returning(paint) == [Painted(1, Colour.BLUE)]


class Painted(msgspec.Struct, frozen=True):
    """What a RETURNING gives."""

    id: int
    word: Colour


def test_a_shape_is_built_once() -> None:
    built: list[Any] = []

    @shaped
    def statement(name: str, *, quick: bool) -> int:
        built.append((name, quick))
        return len(built)

    assert [statement("a", quick=True), statement("a", quick=True), statement("a", quick=False)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("pattern", "word"), [("% inv%ce %", "inv%ce"), ("% a%b hello %", "a%b"), ("% plain longer %", "longer"), ("% %", "%")]
)
def test_of_several_words_in_a_pattern_the_longest_wild_one_is_looked_up(pattern: str, word: str) -> None:
    assert one_term(pattern) == word
