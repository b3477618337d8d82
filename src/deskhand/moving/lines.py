"""The format: a header, the rows of each table by primary key, last numbers, files in pieces, and an end with a checksum.

Each line is a JSON object whose first member, ``line``, says what it is. What is null is left out. Everything has one
spelling, so that two accounts are alike exactly if their files are: instants in UTC to the microsecond, bytes in base64,
members in the order of the columns, those that are never null first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Union

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table, Text, insert, select

from deskhand.kernel.errors import Invalid
from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.statements import Read, Write, bytewise, param, read, write
from deskhand.moving import belonging

FORMAT = 1
PIECE_BYTES = 192 * 1024
LONGEST_BYTES = 64 * 1024 * 1024
NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

Count = Annotated[int, Meta(ge=0)]


class Line(Struct, tag_field="line", forbid_unknown_fields=True):
    """What every line is."""


class Header(Line, tag="header"):
    """The first line. ``format`` is of this file, ``schema`` of the account's tables."""

    format: int
    schema: str


class Number(Line, tag="number"):
    """The last id that a table gave which gives none twice; the row may be gone."""

    table: str
    last: Count


class Piece(Line, tag="piece"):
    """Bytes of a file: ``key`` is its SHA-256 in hex, ``size`` that of the whole file in bytes."""

    key: str
    size: Count
    offset: Count
    content: bytes


class End(Line, tag="end"):
    """The last line: how many lines of each kind there are, and the SHA-256 in hex of all bytes before it."""

    counts: dict[str, int]
    sha256: str


class Kind:
    """A table that belongs: the struct of its lines, and the statements that read and write all of it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.name = str(table.name)
        columns = [each for each in table.columns if each.computed is None and each.name not in belonging.LEASE]
        columns.sort(key=lambda each: bool(each.nullable))  # a struct's fields with a default stand last
        self.row = _struct(self.name, columns)
        keys = [bytewise(each) if isinstance(each.type, Text) else each for each in table.primary_key.columns]
        self.all: Read[Any] = read(select(*columns).order_by(*keys), self.row)
        self.insert: Write[int] = write(insert(table).values({each.name: param(each.name) for each in columns}))
        self.counts_up = any(each.identity is not None for each in columns)
        self.sealed = [(name, about) for (of, name), about in belonging.SEALED.items() if of == table.name]


def _struct(name: str, columns: list[Column[Any]]) -> type[Struct]:
    types = [(str(each.name), _type(name, each), each.nullable) for each in columns]
    fields: list[Any] = [(name, type_ | None, None) if nullable else (name, type_) for name, type_, nullable in types]
    return msgspec.defstruct(name, fields, bases=(Line,), tag=name, omit_defaults=True, gc=False)


def _type(table: str, column: Column[Any]) -> Any:
    """What a column's values are in a file. Raises TypeError for a type that nobody has thought of."""
    if (table, column.name) in belonging.SEALED:
        return str
    match column.type:
        case Instant():
            return Annotated[datetime, Meta(tz=True)]
        case Json(shape=shape):
            return shape
        case Word(words=words):
            return words
        case BigInteger():
            return Annotated[int, Meta(ge=-(2**63), le=2**63 - 1)]
        case Integer():
            return Annotated[int, Meta(ge=-(2**31), le=2**31 - 1)]
        case Boolean():
            return bool
        case LargeBinary():
            return bytes
        case Text():
            return str
    raise TypeError(f"{table}.{column.name}: how does {column.type!r} stand in a file?")


@cache
def kinds() -> Mapping[type[Struct], Kind]:
    """Every kind of row by its struct, in the order in which they leave; made at the first call, since few starts need it."""
    return {kind.row: kind for kind in map(Kind, belonging.tables())}


@cache
def _decoder() -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(Union[(Header, Number, Piece, End, *kinds())])


encode = msgspec.json.Encoder().encode
encode_all = msgspec.json.Encoder().encode_lines


def decode(line: bytes, number: int) -> Any:
    """A line. Raises Invalid with its number and what is wrong."""
    if len(line) > LONGEST_BYTES:
        raise Invalid(f"line {number}", f"has more than {LONGEST_BYTES} bytes")
    if NUL.search(line):
        raise Invalid(f"line {number}", "holds the character U+0000, which no text may")
    try:
        return _decoder().decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"line {number}", str(error)) from None
