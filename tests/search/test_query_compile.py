"""What queries find, what fields refuse, and that the SQL depends on the shape alone."""

from datetime import UTC, datetime

import apsw
import pytest
from sqlalchemy import select

from deskhand.kernel.storage.statements import read
from deskhand.search import fields as search
from deskhand.search.compile import Condition, compile_query
from deskhand.search.language import parse
from deskhand.search.model import And, Clause, Node, QueryError, Range, Term
from tests.search.notes import FIELDS, NOW, Note, database, found, notes

LAST = 2**63 - 1

ROWS = [
    Note(
        1,
        title="Broken seal on the Wi-Fi box",
        address="Kim@firm.example",
        owner="Ines Ortiz",
        size=5,
        state="sent",
        is_pinned=True,
        opened_at=datetime(2026, 1, 1, 10, 0, 0, 250_000, tzinfo=UTC),
        labels=("Gift order eu", "urgent"),
        votes=(502, 7),
    ),
    Note(
        2,
        title="The seal was not broken, 100% sure",
        address="kim.b@shop.firm.example",
        owner="Maria Ines Ortiz",
        size=-3,
        opened_at=datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
        labels=("gift",),
        votes=(5,),
    ),
    Note(3, title="Crème brûlée 東京", address="a_b@x.test", size=LAST, is_pinned=None, labels=("a_b", "5")),
    Note(4, state="sent", opened_at=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC), owner="田中 太郎"),
]

FINDS = {
    # text
    'title:"broken seal"': [1, 2],
    'title:"seal broken"': [1, 2],
    "title:seal title:box": [1],
    "title:CREME": [3],
    "title:broke": [],
    "title:broke*": [1, 2],
    "title:wi-fi": [1],
    "title:fi-wi": [],
    'title:"fi wi"': [1],
    'title:"fi-wi"': [],
    "title:wi-f*": [1],
    "title:*roken": [1, 2],
    "title:br?ken": [1, 2],
    "title:br?en": [],
    "title:*rok*": [1, 2],
    "title:s*l": [1, 2],
    "title:?ure": [2],
    "title:京": [3],
    "title:東京": [3],
    "title:京東": [],
    "title:東*": [3],
    "title:?京": [3],
    "title:?東": [],
    "title:*": [1, 2, 3],
    "title:[* TO *]": [1, 2, 3],
    "NOT title:*": [4],
    'title:"broke*"': [],
    "title:100%*": [2],
    "title:*0%*": [2],
    'title:"!!!"': [],
    "NOT title:!!!": [1, 2, 3, 4],
    "title:*!*": [],
    "title:!*": [],
    "title:?*": [1, 2, 3],
    "heading:seal": [1, 2],
    "heading:*": [1, 2, 3, 4],
    # whole values
    'label:"gift order EU"': [1],
    "label:gift": [2],
    "LABEL:GIFT": [2],
    "tag:gift": [2],
    "label:gift*": [1, 2],
    "label:*t": [1, 2],
    "label:a_b": [3],
    "label:a_?": [3],
    "label:?_b": [3],
    "label:g_*": [],
    "label:*": [1, 2, 3],
    'label:""': [],
    'label:" gift "': [2],
    "NOT label:gift": [1, 3, 4],
    "kind:sent": [1, 4],
    # addresses
    'address:"KIM@firm.example"': [1],
    "address:firm.example": [1],
    "address:@firm.example": [1],
    "address:*@firm.example": [1],
    "address:*firm.example": [1, 2],
    "address:kim*": [1, 2],
    "address:kim*@firm.example": [1],
    "address:kim?b@*": [2],
    "address:*": [1, 2, 3],
    'address:""': [],
    'address:"@"': [],
    "address:a_b@x.test": [3],
    "address:a?b@x.test": [3],
    "address:(a_b@x.test OR x.test)": [3],
    "addressPart:firm": [1, 2],
    "addressPart:_": [3],
    "addressPart:k?m.b": [2],
    "addressPart:*": [1, 2, 3],
    'addressPart:" "': [],
    # names
    "owner:ines": [1, 2],
    'owner:"Ines Ortiz"': [1],
    'owner:"maria ines"': [],
    "owner:ort*": [1, 2],
    "owner:*tiz": [1, 2],
    "owner:ine": [],
    "owner:田中": [4],
    "owner:*": [1, 2, 4],
    "owner:nobody": [3],
    "NOT owner:Nobody": [1, 2, 4],
    "NOT owner:ines": [3, 4],
    'owner:"?"': [],
    "owner:-*": [],
    # numbers
    "size:5": [1],
    'size:"-3"': [2],
    "size:+5": [1],
    "NOT size:5": [2, 3, 4],
    "size:[-3 TO 5]": [1, 2],
    "size:{-3 TO 5]": [1],
    "size:[-3 TO 5}": [2],
    "size:{4 TO 5}": [],
    "size:[5 TO 4]": [],
    "size:[5 TO *]": [1, 3],
    "size:{5 TO *}": [3],
    "size:[* TO 5]": [1, 2],
    "size:[* TO *]": [1, 2, 3],
    "size:*": [1, 2, 3],
    f"size:{LAST}": [3],
    f"size:{LAST + 1}": [],
    f"size:{-LAST - 2}": [],
    f"NOT size:{LAST + 1}": [1, 2, 3, 4],
    f"size:[1 TO {LAST + 9}]": [1, 3],
    f"size:[{-LAST - 9} TO 5]": [1, 2],
    f"size:[{-LAST - 9} TO {LAST + 9}]": [1, 2, 3],
    f"size:[{LAST + 1} TO *]": [],
    f"size:{{{LAST} TO *]": [],
    f"size:[* TO {-LAST - 2}]": [],
    f"size:{'9' * 4000}": [],
    "voterId:502": [1],
    "voterId:(502 OR 5)": [1, 2],
    "voterId:[8 TO 500]": [],
    "voterId:*": [1, 2],
    "NOT voterId:502": [2, 3, 4],
    # true or false
    "pinned:true": [1],
    'pinned:"FALSE"': [2, 3, 4],
    "maybePinned:false": [2, 3, 4],
    "NOT maybePinned:true": [2, 3, 4],
    "vote.7:true": [1],
    "VOTE.7:false": [2, 3, 4],
    # words
    "state:Sent": [1, 4],
    "state:any": [1, 2, 3, 4],
    "state:*": [1, 2, 3, 4],
    "NOT state:sent": [2, 3],
    # moments
    "openedAt:2026": [1],
    "openedAt:2026-01-01T10:00:00Z": [1],
    "openedAt:2025-12-31": [2],
    "openedAt:[2025-12-31T23:59:59Z TO 2026-01-01T10:00:00Z]": [1, 2],
    "openedAt:{2025-12-31T23:59:59Z TO 2026-01-01T10:00:00Z]": [1],
    "openedAt:[2025-12-31T23:59:59Z TO 2026-01-01T10:00:00Z}": [2],
    "openedAt:{2026-01-01T10:00:00Z TO *]": [4],
    "openedAt:[2025 TO 2026]": [2],
    'openedAt:["2026-01-01" TO *]': [1, 4],
    "openedAt:[NOW-3MONTH/DAY TO NOW]": [1, 2],
    "openedAt:[2026 TO 9999-12-31T23:59:59Z]": [1, 4],
    "openedAt:{9999-12-31T23:59:59Z TO *]": [],
    "openedAt:*": [1, 2, 4],
    "NOT openedAt:2026": [2, 3, 4],
    "openedSince:2026-01-01T10:00:00Z": [1, 4],
    'openedSince:"2026-02"': [4],
    # without a field
    "seal": [1, 2],
    "gift": [2],
    "5": [1, 3],
    '"seal gift"': [],
    "seal gift": [2],
    "*": [1, 2, 3, 4],
    '"!!!"': [],
    "-gift": [1, 3, 4],
    "anything:urgent": [1],
    # together
    "(title:seal AND NOT (owner:maria OR size:7))": [1],
    "NOT (title:seal AND size:5)": [2, 3, 4],
    "NOT (NOT size:5)": [1],
    "NOT NOTHING": [1, 2, 3, 4],
    "NOT (size:5 OR NOT size:[* TO *])": [2, 3],
}


@pytest.fixture(scope="module")
def connection() -> apsw.Connection:
    return database(ROWS)


@pytest.mark.parametrize("query", FINDS)
def test_query_finds(connection: apsw.Connection, query: str) -> None:
    assert found(connection, query) == FINDS[query]


def test_strict_phrases_stand_together(connection: apsw.Connection) -> None:
    assert found(connection, 'title:"broken seal"', strict_phrases=True) == [1]
    assert found(connection, 'title:"seal broken"', strict_phrases=True) == []
    assert found(connection, 'title:"the wi-fi box"', strict_phrases=True) == [1]
    assert found(connection, "title:(broken AND seal)", strict_phrases=True) == [1, 2]


RUNS = "at most 8 times * and 256 characters are possible"

REFUSALS = {
    "tittle:a": 'there is no field "tittle"; did you mean title? (at character 1)',
    "a openedat:2026 opened:1": 'there is no field "opened"; did you mean openedAt or openedSince or pinned? (at character 17)',
    "xyzzy:1": 'there is no field "xyzzy" (at character 1)',
    f"{'title' * 9}:1": f'there is no field "{"title" * 9}" (at character 1)',
    "vote.x:true": 'there is no field "vote.x"; did you mean voterId? (at character 1)',
    "size:abc": 'size is a whole number, not "abc" (at character 1)',
    "size:(1 OR 2.5)": 'size is a whole number, not "2.5" (at character 12)',
    "size:1*": 'size is a whole number, not "1*" (at character 1)',
    "size:[1 TO b]": 'size is a whole number, not "b" (at character 1)',
    "size:٣": 'size is a whole number, not "٣" (at character 1)',
    "pinned:yes": 'pinned is true or false, not "yes" (at character 1)',
    "pinned:*": 'pinned is true or false, not "*" (at character 1)',
    "state:lost": 'state is one of draft, sent, any, not "lost" (at character 1)',
    "state:s*": 'state is one of draft, sent, any, not "s*" (at character 1)',
    "a AND openedAt:2026-13": '"2026-13" is not in the calendar (at character 7)',
    "openedAt:[2026 TO 1.5]": (
        '"1.5" is not a date; write 2026-01-31T00:00:00Z, 2026-01-31, 2026-01, 2026 or NOW-7DAY (at character 1)'
    ),
    "openedAt:2026-01-01T00:00:00.000Z": (
        '"2026-01-01T00:00:00.000Z" has fractions of a second; leave them out (at character 1)'
    ),
    "openedSince:[2026 TO *]": "openedSince takes no range (at character 1)",
    "title:[a TO b]": "title takes no range (at character 1)",
    "heading:b?x": "heading takes no wildcards, except * at the end of a word (at character 1)",
    "kind:s*": "kind takes no wildcards (at character 1)",
    "kind:*": "kind takes no wildcards (at character 1)",
    "title:*a*b*c*d*e*f*g*h*": f'"*a*b*c*d*e*f*g*h*" asks too much of wildcards: {RUNS} (at character 1)',
    "label:a*b*c*d*e*f*g*h*i*j": f'"a*b*c*d*e*f*g*h*i*j" asks too much of wildcards: {RUNS} (at character 1)',
    f"label:{'?' * 257}": f'"{"?" * 60}…" asks too much of wildcards: {RUNS} (at character 1)',
    "nothing:a": "nothing cannot be asked this (at character 1)",
    "anything:[a TO b]": "anything cannot be asked this (at character 1)",
}


@pytest.mark.parametrize("query", REFUSALS)
def test_refusal_is_explained(query: str) -> None:
    with pytest.raises(QueryError) as caught:
        compile_query(parsed(query), FIELDS, NOW)

    assert caught.value.message == REFUSALS[query]


def parsed(query: str) -> Node:
    node = parse(query)
    assert node is not None
    return node


def test_a_table_without_free_text_asks_for_a_field() -> None:
    table = search.table({"size": search.Number(notes.c.size)})

    with pytest.raises(QueryError, match=r"a value needs a field before it here \(at character 9\)"):
        compile_query(parsed("size:12 abc"), table, NOW)


def test_a_free_range_can_be_no_tree_of_ours() -> None:
    with pytest.raises(QueryError, match="a search without a field cannot be asked this"):
        compile_query(Clause(None, Range("a", "b")), search.table({}, free=search.AnyOf(())), NOW)


def test_an_unknown_field_can_find_nothing_instead(connection: apsw.Connection) -> None:
    condition = compile_query(parsed("NOT xyzzy:1"), FIELDS, NOW, unknown_matches_nothing=True)

    statement = read(select(notes.c.id).where(condition.build()), int).rendered("sqlite")
    assert len(connection.execute(statement.sql, statement.bind(condition.values)).fetchall()) == 4
    with pytest.raises(QueryError):
        compile_query(parsed("size:x"), FIELDS, NOW, unknown_matches_nothing=True)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("title:a AND size:1", "title:b AND size:2", True),
        ("TITLE:a", "title:a", True),
        ("tag:a", "label:b", True),
        ('title:"a b"', "title:c*", True),
        ("title:a*b", "title:?b", True),
        ("title:a", "title:?a", False),
        ("title:*", "title:?a", False),
        ("title:a", "heading:a", False),
        ("title:a AND size:1", "title:a OR size:1", False),
        ("NOT title:a", "title:a", False),
        ("((title:a))", "title:a", True),
        ("state:draft", "state:sent", True),
        ("state:any", "state:sent", False),
        ("pinned:true", "pinned:false", False),
        ("size:[1 TO 2]", "size:{3 TO 5}", True),
        ("size:[1 TO *]", "size:[* TO 1]", False),
        ("openedAt:2026", "openedAt:[NOW TO NOW]", True),
        ("openedAt:[NOW TO *]", "openedAt:[* TO NOW]", False),
        ("title:a label:b size:1", "title:a label:b (size:2)", True),
        ("(title:a OR title:b) title:c", "title:a OR (title:b title:c)", False),
        ("seal", "box", True),
        ("seal", "5", False),
        ("owner:nobody", "owner:ines", False),
        ('title:"!!!"', "title:a", False),
        ("vote.1:true", "vote.2:true", False),
    ],
)
def test_shape_is_what_the_sql_depends_on(one: str, other: str, is_same: bool) -> None:
    first, second = (compile_query(parsed(query), FIELDS, NOW) for query in (one, other))

    assert (first.shape == second.shape) is is_same
    assert (hash(first.shape) == hash(second.shape)) is is_same
    if is_same:
        assert sql(first) == sql(second)


def sql(condition: Condition) -> str:
    return read(select(notes.c.id).where(condition.build()), int).rendered("sqlite").sql


def test_values_are_named_in_order_of_appearance() -> None:
    condition = compile_query(parsed('size:[1 TO 2] (label:"A" OR NOT state:any) addressPart:"50%"'), FIELDS, NOW)

    assert condition.values == {"q0": 1, "q1": 2, "q2": "a", "q3": "draft", "q4": "sent", "q5": "%50\\%%"}
    text = str(condition.build())
    assert [text.index(f":q{number}") for number in range(6)] == sorted(text.index(f":q{number}") for number in range(6))


def test_nothing_is_built_until_it_is_asked_for() -> None:
    def never(name: str) -> search.Test:
        raise AssertionError(name)

    table = search.table({"title": search.Text(never, never)})

    assert compile_query(parsed("title:a"), table, NOW).values.keys() == {"q0"}


def test_not_over_exists_stays_bare() -> None:
    assert str(compile_query(parsed("NOT label:a"), FIELDS, NOW).build()).startswith("NOT (EXISTS")
    assert "coalesce" in str(compile_query(parsed("NOT size:1"), FIELDS, NOW).build())


def test_many_clauses_are_one_statement(connection: apsw.Connection) -> None:
    assert found(connection, " OR ".join(f"size:{number}" for number in range(256))) == [1]
    assert found(connection, " ".join(["seal"] * 256)) == [1, 2]
    assert found(connection, And(tuple(Clause("title", Term("*ea*", (0, 3))) for _ in range(256)))) == [1, 2]
