"""A room that exists only here: notes with labels and votes, offered to the search language."""

from datetime import UTC, datetime

import apsw
from msgspec import Struct
from sqlalchemy import BigInteger, Boolean, Column, MetaData, Table, Text, exists, func, select

from deskhand.kernel.storage.columns import Instant, to_microseconds
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import matching, param, read
from deskhand.search import fields as search
from deskhand.search.compile import compile_query
from deskhand.search.language import parse
from deskhand.search.model import Node

NOW = datetime(2026, 3, 31, 12, 0, 0, 500_000, tzinfo=UTC)


class Note(Struct, frozen=True):
    id: int
    title: str = ""
    address: str = ""
    owner: str | None = None
    size: int | None = None
    state: str = "draft"
    is_pinned: bool | None = False
    opened_at: datetime | None = None
    labels: tuple[str, ...] = ()
    votes: tuple[int, ...] = ()


metadata = MetaData()
notes = Table(
    "notes",
    metadata,
    Column("id", BigInteger, primary_key=True, nullable=False),
    Column("title_words", Text),
    Column("address", Text),
    Column("owner_words", Text),
    Column("size", BigInteger),
    Column("state", Text),
    Column("is_pinned", Boolean),
    Column("opened_at", Instant),
)
labels = Table("labels", metadata, Column("note_id", BigInteger), Column("label", Text))
votes = Table("votes", metadata, Column("note_id", BigInteger), Column("voter_id", BigInteger))


def of_label(test: search.Test) -> search.Test:
    return exists().where(labels.c.note_id == notes.c.id, test)


def of_vote(test: search.Test) -> search.Test:
    return exists().where(votes.c.note_id == notes.c.id, test)


title = search.Text(
    match=lambda name: matching(notes.c.id, "note_words", name),
    like=lambda name: search.like(search.padded(notes.c.title_words), name),
    anything=lambda: notes.c.title_words != "",
)
label = search.Whole(
    equals=lambda name: of_label(labels.c.label == param(name)),
    like=lambda name: of_label(search.like(labels.c.label, name)),
)


def numbered_vote(suffix: str) -> search.Field | None:
    if not suffix.isdigit() or len(suffix) > 9:
        return None
    return search.Flag(lambda: of_vote(votes.c.voter_id == int(suffix)))


FIELDS = search.table(
    {
        "title": title,
        "heading": search.Text(match=title.match),
        "label": label,
        "kind": search.Whole(equals=lambda name: notes.c.state == param(name)),
        "address": search.Address(
            equals=lambda name: notes.c.address == param(name),
            domain=lambda name: func.substr(notes.c.address, func.instr(notes.c.address, "@") + 1) == param(name),
            like=lambda name: search.like(notes.c.address, name),
        ),
        "addressPart": search.Contains(like=lambda name: search.like(notes.c.address, name)),
        "owner": search.Name(
            like=lambda name: search.like(search.padded(notes.c.owner_words), name),
            reserved="Nobody",
            nobody=lambda: notes.c.owner_words.is_(None),
        ),
        "size": search.Number(notes.c.size),
        "voterId": search.Number(votes.c.voter_id, around=of_vote),
        "pinned": search.Flag(lambda: notes.c.is_pinned.is_(True)),
        "maybePinned": search.Flag(lambda: notes.c.is_pinned),
        "state": search.Word(notes.c.state, {"draft": ("draft",), "sent": ("sent",), "any": ("draft", "sent")}),
        "openedAt": search.Instant(notes.c.opened_at),
        "openedSince": search.Since(notes.c.opened_at),
        "anything": search.AnyOf((title, label)),
        "nothing": search.AnyOf((search.Number(notes.c.size),)),
    },
    aliases={"tag": "label"},
    prefixed={"vote.": numbered_vote},
    free=search.AnyOf((title, label, search.Number(notes.c.size))),
)


def database(rows: list[Note]) -> apsw.Connection:
    """The notes in memory, their titles in a full-text index of folded words."""
    connection = apsw.Connection(":memory:")
    connection.execute("""
        CREATE TABLE notes (id INTEGER PRIMARY KEY, title_words, address, owner_words, size, state, is_pinned, opened_at);
        CREATE TABLE labels (note_id, label);
        CREATE TABLE votes (note_id, voter_id);
        CREATE VIRTUAL TABLE note_words USING fts5(words, tokenize='ascii');
    """)
    for row in rows:
        connection.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                row.id,
                indexable(row.title),
                row.address.lower(),
                None if row.owner is None else indexable(row.owner),
                row.size,
                row.state,
                row.is_pinned,
                None if row.opened_at is None else to_microseconds(row.opened_at),
            ),
        )
        connection.execute("INSERT INTO note_words (rowid, words) VALUES (?, ?)", (row.id, indexable(row.title)))
        connection.executemany("INSERT INTO labels VALUES (?, ?)", [(row.id, text.casefold()) for text in row.labels])
        connection.executemany("INSERT INTO votes VALUES (?, ?)", [(row.id, voter) for voter in row.votes])
    return connection


def found(connection: apsw.Connection, query: str | Node, *, strict_phrases: bool = False) -> list[int]:
    """The ids of the notes a query finds, by way of SQL."""
    node = parse(query) if isinstance(query, str) else query
    assert node is not None
    condition = compile_query(node, FIELDS, NOW, strict_phrases=strict_phrases)
    statement = read(select(notes.c.id).where(condition.build()).order_by(notes.c.id), int).rendered("sqlite")
    return [row[0] for row in connection.execute(statement.sql, statement.bind(condition.values))]
