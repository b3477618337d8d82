"""What rooms owe one another: routes that explain themselves, events that are answered, tables with one writer."""

from __future__ import annotations

import ast
import types
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest
from msgspec import Struct
from sqlalchemy import Boolean, Integer, LargeBinary, Text
from sqlalchemy.types import TypeEngine

from deskhand import reactions, schema
from deskhand.kernel.events import REGISTER
from deskhand.kernel.storage.columns import Instant, Json, Word
from deskhand.kernel.storage.statements import DIALECTS, Read, Statement, Write
from tests.architecture.sources import modules, room, trees
from tests.contract.test_access import NAMES
from tests.contract.whole import ROUTES

MAY_WRITE_ALL = {"demo"}
WRITES = {"insert", "update", "delete", "upsert"}
TABLES_BY_ROOM = {
    table.name: room(module.__name__)
    for module in schema.ROOMS
    for table in vars(module).values()
    if hasattr(table, "columns") and hasattr(table, "metadata")
}


@pytest.mark.parametrize(("name", "endpoint"), [(name, endpoint) for name, _, endpoint in ROUTES], ids=NAMES)
def test_a_route_says_what_it_is(name: str, endpoint: Any) -> None:
    assert endpoint.summary
    assert endpoint.summary[0].isupper()
    assert endpoint.description.endswith("."), "its docstring is a sentence"
    if endpoint.body is not None:
        assert endpoint.example is not None
    if endpoint.writes and not endpoint.public:
        assert {403} <= set(endpoint.errors)
    if endpoint.path_ids and endpoint.documented:
        assert 400 in endpoint.errors
    if endpoint.body is not None:
        assert {400, 415} <= set(endpoint.errors)
    assert name in NAMES, "tests/contract/test_access.py walks it"


def test_every_event_is_answered_if_only_with_nothing() -> None:
    modules()

    ours = {name: kind for name, kind in REGISTER.items() if kind.__module__.startswith("deskhand.")}
    assert {kind.__name__ for kind in reactions.AFTER} == set(ours)
    assert set(reactions.WITHIN) <= set(ours.values())


def test_reactions_have_names_of_their_own() -> None:
    kinds = [each.kind for row in reactions.AFTER.values() for each in row]

    assert len({(each.kind, each.run) for row in reactions.AFTER.values() for each in row}) == len(set(kinds))


def test_every_table_has_a_room() -> None:
    assert set(schema.metadata.tables) == set(TABLES_BY_ROOM)


def test_foreign_keys_point_down() -> None:
    below = [
        {"mail", "notifications", "reports"},
        {"workflows"},
        {"webhooks"},
        {"chats", "ratings"},
        {"conversations"},
        {"customers", "inboxes", "tags"},
        {"organizations", "oauth"},
        {"properties"},
        {"users"},
        {"kernel"},
    ]
    level = {name: depth for depth, names in enumerate(below) for name in names}
    up = [
        f"{table.name} -> {key.column.table.name}"
        for table in schema.metadata.tables.values()
        for key in table.foreign_keys
        if (there := TABLES_BY_ROOM[key.column.table.name]) != (here := TABLES_BY_ROOM[table.name])
        and level[there] <= level[here]
    ]

    assert up == []


def test_a_table_is_written_by_its_room_only() -> None:
    strangers = [
        f"{name}:{line} writes a table of {origin}"
        for name, line, origin in _writes()
        if room(origin) != room(name) and room(name) not in MAY_WRITE_ALL
    ]

    assert strangers == []


def test_the_look_for_writers_finds_them() -> None:
    """Each room's operations write something: if this finds none, the test above looks past them."""
    writers = {room(name) for name, _, _ in _writes()}

    assert {
        "conversations",
        "customers",
        "inboxes",
        "kernel",
        "oauth",
        "organizations",
        "properties",
        "tags",
        "users",
    } <= writers


def _writes() -> Iterator[tuple[str, int, str]]:
    """Every ``insert``, ``update``, ``delete`` and ``upsert`` of a table: module, line and the module of the table."""
    for name, _, tree in trees():
        imported = _imported(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in WRITES and node.args:
                origin = _origin(node.args[0], imported)
                if origin:
                    yield name, node.lineno, origin


def _imported(tree: ast.Module) -> dict[str, str]:
    """Local name -> module that a table comes from."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("deskhand"):
            for each in node.names:
                if node.module.endswith(".tables"):
                    found[each.asname or each.name] = node.module
                elif each.name == "tables":
                    found[each.asname or each.name] = f"{node.module}.tables"
    return found


def _origin(node: ast.expr, imported: dict[str, str]) -> str | None:
    if isinstance(node, ast.Attribute):
        node = node.value
    return imported.get(node.id) if isinstance(node, ast.Name) else None


def _statements() -> Iterator[tuple[str, Statement[Any]]]:
    """Every statement that is a constant of a module, also in tuples and dicts."""
    for module in modules():
        for name, value in vars(module).items():
            values = value.values() if isinstance(value, dict) else value if isinstance(value, (list, tuple)) else [value]
            yield from ((f"{module.__name__}.{name}", each) for each in values if isinstance(each, Statement))


STATEMENTS = list(dict.fromkeys(_statements()))


@pytest.mark.parametrize("dialect", list(DIALECTS))
@pytest.mark.parametrize(("name", "statement"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_a_record_is_what_its_statement_gives(name: str, statement: Statement[Any], dialect: str) -> None:
    compiled: Any = statement.expression.compile(dialect=DIALECTS[dialect])  # type: ignore[attr-defined]
    columns = [(entry[0], entry[2], entry[3]) for entry in compiled._result_columns or ()]
    record = statement._record
    if not columns or record is None:
        assert isinstance(statement, Write)
        return
    if not issubclass(record, Struct):
        assert len(columns) == 1
        return
    hints = get_type_hints(record)
    fields = list(record.__struct_fields__)
    assert len(columns) == len(fields), (columns, fields)
    for field, (_, sources, type_) in zip(fields, columns, strict=True):
        wanted, optional = _plain(hints[field])
        assert _fits(type_, wanted), f"{field}: {wanted} of {type_!r}"
        column = next((each for each in sources if hasattr(each, "nullable")), None)
        filtered = column is not None and f"{column.name} IS NOT NULL" in str(compiled)
        if isinstance(statement, Read) and column is not None and column.nullable and not filtered:
            assert optional, f"{field} may be NULL"


def _plain(hint: Any) -> tuple[Any, bool]:
    """A type without None, and whether that was allowed."""
    if get_origin(hint) in (Union, types.UnionType):
        rest = [each for each in get_args(hint) if each is not type(None)]
        return rest[0], len(rest) < len(get_args(hint))
    return hint, False


def _fits(type_: TypeEngine[Any], wanted: Any) -> bool:
    match type_:
        case Instant():
            return bool(wanted is datetime)
        case Json():
            return bool(wanted == type_.shape)
        case Word():
            return bool(wanted is type_.words)
        case Boolean():
            return bool(wanted is bool)
        case Integer():
            return bool(wanted is int)
        case LargeBinary():
            return bool(wanted is bytes)
        case Text():
            return bool(wanted is str) or (isinstance(wanted, type) and issubclass(wanted, StrEnum))
    return True
