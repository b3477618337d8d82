"""What is refused on the way in, by line and reason, and that nothing of it is kept."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from deskhand.kernel.errors import Conflict, Invalid, Unavailable
from deskhand.moving.lines import LONGEST_BYTES
from tests.contract.whole import Whole
from tests.given import Given
from tests.moving.accounts import Places, exported, imported

Lines = list[bytes]


def changed(lines: Lines, kind: str, **values: Any) -> Lines:
    """The lines with another first row of a kind; None takes a member away."""
    at = place(lines, kind)
    row = {**json.loads(lines[at]), **values}
    return [*lines[:at], told({name: value for name, value in row.items() if value is not None}), *lines[at + 1 :]]


def place(lines: Lines, kind: str) -> int:
    return next(at for at, line in enumerate(lines) if json.loads(line)["line"] == kind)


def told(row: dict[str, Any]) -> bytes:
    return json.dumps(row).encode() + b"\n"


def ended(lines: Lines) -> Lines:
    """The lines with an end that fits them: whoever changes a file may well do that too."""
    counts: dict[str, int] = {}
    for line in lines[1:-1]:
        kind = json.loads(line)["line"]
        counts[kind] = counts.get(kind, 0) + 1
    checksum = hashlib.sha256(b"".join(lines[:-1])).hexdigest()
    return [*lines[:-1], told({"line": "end", "counts": counts, "sha256": checksum})]


def without(lines: Lines, kind: str) -> Lines:
    at = place(lines, kind)
    return [*lines[:at], *lines[at + 1 :]]


WRONG: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "nothing": (lambda lines: [], "line 1: the file is cut: its end is missing"),
    "no header": (lambda lines: lines[1:], "line 1: expected a header: this is no export of Deskhand"),
    "a second header": (lambda lines: [lines[0], *lines], "line 2: a second header"),
    "cut between lines": (lambda lines: lines[:-1], "the file is cut: its end is missing"),
    "cut within a line": (lambda lines: [*lines[:40], lines[40][:-9]], "line 41: the file is cut"),
    "more behind the end": (lambda lines: [*lines, b"\n"], "something follows the end"),
    "a byte changed": (lambda lines: changed(lines, "tags", slug="other"), "the file was changed: its checksum is another"),
    "a line lost": (
        lambda lines: [
            *ended(without(lines, "conversation_tags"))[:-1],
            told({**json.loads(ended(without(lines, "conversation_tags"))[-1]), "counts": json.loads(lines[-1])["counts"]}),
        ],
        "the file has other lines than its end tells",
    ),
    "no JSON": (lambda lines: [*lines[:7], b"{]\n", *lines[7:]], "line 8: JSON is malformed"),
    "no UTF-8": (lambda lines: [*lines[:7], b'{"line":"\xff"}\n', *lines[7:]], "line 8: "),
    "an unknown kind": (lambda lines: [*lines[:7], told({"line": "spells"}), *lines[7:]], "line 8: Invalid value 'spells'"),
    "an unknown member": (lambda lines: changed(lines, "tags", spell="x"), "unknown field `spell`"),
    "a member missing": (lambda lines: changed(lines, "tags", name=None), "missing required field `name`"),
    "a wrong type": (lambda lines: changed(lines, "tags", name=7), "Expected `str`, got `int`"),
    "a word that is none": (lambda lines: changed(lines, "conversations", status="gone"), "Invalid enum value 'gone'"),
    "a time without a zone": (lambda lines: changed(lines, "tags", created_at="2026-01-01T00:00:00"), "created_at"),
    "a number too large": (lambda lines: changed(lines, "tags", id=2**63), "id"),
    "U+0000": (lambda lines: changed(lines, "tags", name="a\0b"), "holds the character U+0000"),
    "a row twice": (lambda lines: [*lines[: (at := place(lines, "tags"))], lines[at], *lines[at:]], "line"),
    "a row that refers to none": (lambda lines: changed(lines, "threads", conversation_id=999), "line"),
    "a value that no constraint allows": (lambda lines: changed(lines, "users", state="asleep"), "line"),
    "a file with other bytes": (lambda lines: changed(lines, "piece", content="AAAA"), "line"),
    "a file that no row names": (lambda lines: changed(lines, "piece", key="0" * 64), "is not the next that rows name"),
    "a file missing": (lambda lines: ended([*lines[:-2], lines[-1]]), "the bytes of the file"),
}
SAYS_WHERE = {"a row twice": "tags", "a row that refers to none": "threads", "a value that no constraint allows": "users"}


async def test_what_is_wrong_is_refused_and_nothing_kept(given: Given, vault: Whole, places: Places) -> None:
    whole = (await exported(given.desk)).splitlines(keepends=True)

    async with places.empty(given.desk.database.dialect) as there:
        nothing = await exported(there.desk)
        for name, (spoil, reason) in WRONG.items():
            spoilt = spoil(whole)
            with pytest.raises(Invalid) as refused:
                await imported(there.desk, b"".join(spoilt))
            (mistake,) = refused.value.mistakes
            assert reason in f"{mistake.path}: {mistake.message}", name
            if name in SAYS_WHERE:
                assert mistake.path == f"line {place(whole, SAYS_WHERE[name]) + 1 + (name == 'a row twice')}", name
            assert await exported(there.desk) == nothing, name
            assert not [each for each in there.desk.settings.blob_folder.rglob("*") if each.is_file()], name
        assert await imported(there.desk, b"".join(whole))


async def test_a_line_without_end_is_not_read(places: Places) -> None:
    async with places.empty("sqlite") as there:
        with pytest.raises(Invalid, match=f"has more than {LONGEST_BYTES} bytes"):
            await imported(there.desk, b'{"line":"header","format":1,"schema":"' + b"0" * LONGEST_BYTES)


async def test_another_schema_is_refused_with_what_to_do(given: Given, places: Places) -> None:
    async with places.empty("sqlite") as there:
        with pytest.raises(Conflict, match=r"of schema 0001, this Deskhand is of .*: bring the older of the two up to date"):
            await imported(there.desk, told({"line": "header", "format": 1, "schema": "0001"}))
        with pytest.raises(Conflict, match="the file has format 2, this Deskhand reads 1"):
            await imported(there.desk, told({"line": "header", "format": 2, "schema": "0001"}))


async def test_an_account_that_is_not_empty_is_left_alone(given: Given) -> None:
    file = await exported(given.desk)

    with pytest.raises(Conflict, match="the account is not empty"):
        await imported(given.desk, file)
    assert await exported(given.desk) == file


async def test_a_refused_file_leaves_alone_what_another_account_keeps_in_the_same_folder(
    given: Given, vault: Whole, places: Places
) -> None:
    """From SQLite to PostgreSQL one may well keep the data folder."""
    file = await exported(given.desk)

    async with places.empty(given.desk.database.dialect) as there:
        there.desk.blobs = given.desk.blobs
        with pytest.raises(Invalid):
            await imported(there.desk, file + b"\n")
    assert await exported(given.desk) == file


async def test_when_files_cannot_be_kept_nothing_is(given: Given, vault: Whole, places: Places) -> None:
    file = await exported(given.desk)

    async with places.empty(given.desk.database.dialect) as there:
        there.desk.settings.blob_folder.parent.mkdir()
        there.desk.settings.blob_folder.write_text("in the way")
        with pytest.raises(Unavailable, match="cannot keep files"):
            await imported(there.desk, file)
        there.desk.settings.blob_folder.unlink()
        assert await imported(there.desk, file)
