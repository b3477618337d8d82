"""Lines become an account: one transaction, so there is the whole of it or nothing."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from msgspec import Struct, structs
from sqlalchemy import literal, select

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Conflict, Invalid, NotFound, Rejected
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage.numbers import remembers
from deskhand.kernel.storage.statements import Read, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.migrations.version import NEWEST
from deskhand.moving import belonging
from deskhand.moving.leaving import next_file
from deskhand.moving.lines import FORMAT, LONGEST_BYTES, End, Header, Kind, Number, Piece, decode, kinds
from deskhand.moving.words import make_findable
from deskhand.schema import metadata

AT_ONCE = 500  # rows, or
AT_ONCE_BYTES = 1024 * 1024
LARGEST_FILE_BYTES = 64 * 1024 * 1024
EVER = datetime.max.replace(tzinfo=UTC)

SOME: Mapping[str, Read[int]] = {
    table.name: read(select(literal(1)).select_from(table).limit(1), int)
    for table in metadata.sorted_tables
    if not table.name.startswith(belonging.REBUILT)
}


async def arrive(desk: Desk, file: BinaryIO) -> Mapping[str, int]:
    """Fill an empty account from a file; how many lines of each kind it had.

    Raises Conflict when the account is not empty or the file is of another version, and Invalid with the number of the
    line and the reason when it is cut, changed or wrong. Then nothing of it is kept.
    """
    made: list[str] = []
    try:
        async with desk.writing(system_actor()) as tx:
            await _refuse_unless_empty(tx)
            arriving = _Arriving(desk, tx, file, made)
            await arriving.read()
            await _number(tx, arriving.last)
            await make_findable(tx)
            tx.access_changed = True
    except BaseException:
        for key in made:
            await desk.blobs.delete(key, older_than=EVER)
        raise
    for rebuild in belonging.REBUILD:
        await rebuild(desk)
    return arriving.counts


async def _refuse_unless_empty(view: Snapshot) -> None:
    full = [name for name, statement in SOME.items() if await view.first(statement) is not None]
    if full:
        raise Conflict(f"the account is not empty (it has {full[0]}): an import goes into a new one, e.g. --data NEW")


async def _number(tx: Transaction, last: Mapping[str, int]) -> None:
    """New rows are numbered behind those that came, and behind those that were erased before they left."""
    await tx.synchronise_numbers([each.table for each in kinds().values() if each.counts_up])
    for kind in kinds().values():
        if remembers(kind.table):
            await tx.go_on_behind(kind.table, last.get(kind.name, 0))


class _Arriving:
    """A file on its way in, checked line by line."""

    def __init__(self, desk: Desk, tx: Transaction, file: BinaryIO, made: list[str]) -> None:
        self.counts: Counter[str] = Counter()
        self.last: dict[str, int] = {}
        self._desk = desk
        self._tx = tx
        self._file = file
        self._made = made
        self._checksum = hashlib.sha256()
        self._line = b""
        self._number = 0
        self._kind: Kind | None = None
        self._rows: list[tuple[int, dict[str, Any]]] = []
        self._bytes = 0
        self._key = ""
        self._content = bytearray()

    async def read(self) -> None:
        """Read and store everything. Raises Conflict, Invalid."""
        _check(self._next())
        while True:
            it = self._next()
            kind = kinds().get(type(it))
            if kind is not None:
                await self._add(kind, it)
                self.counts[kind.name] += 1
                continue
            await self._store()
            match it:
                case Number():
                    self.last[it.table] = it.last
                    self.counts["number"] += 1
                case Piece():
                    await self._put(it)
                    self.counts["piece"] += 1
                case End():
                    await self._end(it)
                    return
                case _:
                    raise self._wrong("a second header")

    def _next(self) -> Any:
        """The next line, decoded; the checksum is of those before it. Raises Invalid when there is none."""
        self._checksum.update(self._line)
        self._number += 1
        self._line = self._file.readline(LONGEST_BYTES + 1)
        if not self._line.endswith(b"\n") and len(self._line) <= LONGEST_BYTES:
            raise self._wrong("the file is cut: its end is missing")
        return decode(self._line, self._number)

    async def _add(self, kind: Kind, it: Struct) -> None:
        if kind is not self._kind or len(self._rows) >= AT_ONCE or self._bytes >= AT_ONCE_BYTES:
            await self._store()
        values = structs.asdict(it)
        for name, about in kind.sealed:
            values[name] = self._desk.seal.seal(values[name], about(values["id"]))
        self._kind = kind
        self._rows.append((self._number, values))
        self._bytes += len(self._line)

    async def _store(self) -> None:
        """Write the rows that were added. Raises Invalid with the line of the first that the database does not take."""
        rows, self._rows, self._bytes = self._rows, [], 0
        if self._kind is None or not rows:
            return
        try:
            await self._load(self._kind, rows)
        except Rejected:
            for number, values in rows:
                try:
                    await self._load(self._kind, [(number, values)])
                except Rejected as error:
                    raise self._wrong(error.message, number) from None
            raise

    async def _load(self, kind: Kind, rows: list[tuple[int, dict[str, Any]]]) -> None:
        async with self._tx.attempt():
            await self._tx.load(kind.insert, [values for _, values in rows])

    async def _put(self, it: Piece) -> None:
        """Keep a piece, and with the last one the file. Files come in the order of their keys, each that rows name once."""
        if not self._content and it.key != await next_file(self._tx, self._key):
            raise self._wrong(f"the file {it.key} is not the next that rows name")
        self._content += it.content
        if it.offset + len(it.content) != len(self._content) or not len(self._content) <= it.size <= LARGEST_FILE_BYTES:
            raise self._wrong(f"the file {it.key} has another piece here, or is larger than {LARGEST_FILE_BYTES} bytes")
        if len(self._content) < it.size:
            return
        content, self._key, self._content = bytes(self._content), it.key, bytearray()
        if hashlib.sha256(content).hexdigest() != it.key:
            raise self._wrong(f"the file {it.key} has other bytes than its key says")
        try:
            await self._desk.blobs.get(it.key)
        except NotFound:
            self._made.append(it.key)
        await self._desk.blobs.put(content)

    async def _end(self, it: End) -> None:
        """Whether the file is whole. Raises Invalid if it is not."""
        if it.sha256 != self._checksum.hexdigest():
            raise self._wrong("the file was changed: its checksum is another")
        if it.counts != self.counts:
            raise self._wrong(f"the file has other lines than its end tells: {dict(self.counts)}, told {it.counts}")
        missing = await next_file(self._tx, self._key)
        if self._content or missing is not None:
            raise self._wrong(f"the bytes of the file {missing} are missing")
        if self._file.read(1):
            raise self._wrong("something follows the end")

    def _wrong(self, told: str, number: int | None = None) -> Invalid:
        return Invalid(f"line {number or self._number}", told)


def _check(it: Any) -> None:
    """Raises Invalid or Conflict unless it is a header of this version."""
    if not isinstance(it, Header):
        raise Invalid("line 1", "expected a header: this is no export of Deskhand")
    if it.format != FORMAT:
        raise Conflict(
            f"the file has format {it.format}, this Deskhand reads {FORMAT}: import it with the Deskhand that made it"
        )
    if it.schema != NEWEST:
        raise Conflict(
            f"the file is of schema {it.schema}, this Deskhand is of {NEWEST}: bring the older of the two up to date "
            "(install the newer Deskhand there, run 'deskhand migrate'), and export again"
        )
