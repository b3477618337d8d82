"""What a query says, and what is said about one that cannot be read."""

import sys
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.search.language import parse
from deskhand.search.model import And, Clause, Node, Not, Or, Phrase, QueryError, Range, Term, excerpt
from tests.search.trees import printed, texts, trees, without_places


def read(text: str, *, strict: bool = False) -> Node | None:
    node = parse(text, strict=strict)
    return None if node is None else without_places(node)


def term(text: str, field: str | None = None, *wildcards: int) -> Clause:
    return Clause(field, Term(text, wildcards))


def phrase(text: str, field: str | None = None) -> Clause:
    return Clause(field, Phrase(text))


def dates(field: str, low: str | None, high: str | None) -> Clause:
    return Clause(field, Range(low, high))


# Contract 30, sections 2 and 6; contract 50, section 2: as printed there, with what each says.
DOCUMENTED = {
    '(subject:"exchange" OR subject:"return")': Or((phrase("exchange", "subject"), phrase("return", "subject"))),
    '(tag:"gift" AND status:"active")': And((phrase("gift", "tag"), phrase("active", "status"))),
    '(NOT email:"noreply@firm.example")': Not(phrase("noreply@firm.example", "email")),
    '(subject:"order" AND NOT assigned:"Unassigned")': And((phrase("order", "subject"), Not(phrase("Unassigned", "assigned")))),
    "(email:(alice@x.example OR bob@y.example))": Or((term("alice@x.example", "email"), term("bob@y.example", "email"))),
    "(createdAt:[2026-01-01T00:00:00Z TO 2026-01-31T23:59:59Z])": dates(
        "createdAt", "2026-01-01T00:00:00Z", "2026-01-31T23:59:59Z"
    ),
    "(modifiedAt:[NOW-7DAY TO *])": dates("modifiedAt", "NOW-7DAY", None),
    "(modifiedAt:[2014 TO 2014-12-01])": dates("modifiedAt", "2014", "2014-12-01"),
    "(createdAt:[2013-01-01T00:00:00Z/YEAR TO 2014-01-01T00:00:00Z/YEAR])": dates(
        "createdAt", "2013-01-01T00:00:00Z/YEAR", "2014-01-01T00:00:00Z/YEAR"
    ),
    '(assigned:"ines" AND (customerIds: 123 OR customerIds: 567))': And(
        (phrase("ines", "assigned"), Or((term("123", "customerIds"), term("567", "customerIds"))))
    ),
    "(replyUserIds:(23 OR 45)": Or((term("23", "replyUserIds"), term("45", "replyUserIds"))),
    '(body:"timeout") AND (createdAt:[2026-01-01T00:00:00Z TO *])': And(
        (phrase("timeout", "body"), dates("createdAt", "2026-01-01T00:00:00Z", None))
    ),
    '((body:"a" OR body:"b")) AND (tag:"x")': And((Or((phrase("a", "body"), phrase("b", "body"))), phrase("x", "tag"))),
    "tag:gift": term("gift", "tag"),
    "number:1882": term("1882", "number"),
    '"billing issue"': phrase("billing issue"),
    '(subject:"wrong size")': phrase("wrong size", "subject"),
    '(tag:"gift order eu")': phrase("gift order eu", "tag"),
    '(email:"firm.example")': phrase("firm.example", "email"),
    "(mailboxid:61)": term("61", "mailboxid"),
    "(customerIds:1 OR customerIds:2)": Or((term("1", "customerIds"), term("2", "customerIds"))),
    "(replyUserIds:(502 OR 507))": Or((term("502", "replyUserIds"), term("507", "replyUserIds"))),
    "(attachments:true)": term("true", "attachments"),
    "(createdAt:2026-01)": term("2026-01", "createdAt"),
    "(modifiedAt:[NOW-1HOUR TO *])": dates("modifiedAt", "NOW-1HOUR", None),
    'email:("a@x.test" OR "b@x.test")': Or((phrase("a@x.test", "email"), phrase("b@x.test", "email"))),
    'emailDomain:("x.test")': phrase("x.test", "emailDomain"),
    'modifiedSince:"2023-01-01T00:00:00Z"': phrase("2023-01-01T00:00:00Z", "modifiedSince"),
}


@pytest.mark.parametrize("text", DOCUMENTED)
def test_documented_examples_are_understood(text: str) -> None:
    assert read(text) == DOCUMENTED[text]


READINGS = {
    "NOT binds before AND, AND before OR": (
        "a OR NOT b AND c",
        Or((term("a"), And((Not(term("b")), term("c"))))),
    ),
    "words side by side are joined with AND": ("a b OR c", Or((And((term("a"), term("b"))), term("c")))),
    "signs of other languages": ("a && b || !c", Or((And((term("a"), term("b"))), Not(term("c"))))),
    "minus excludes, plus changes nothing": ('-a +"b c" +(d)', And((Not(term("a")), phrase("b c"), term("d")))),
    "minus excludes a field and a group": (
        "-tag:x -(y z)",
        And((Not(term("x", "tag")), Not(And((term("y"), term("z")))))),
    ),
    "a sign alone is a word": ("a - + !", And((term("a"), term("-"), term("+"), term("!")))),
    "a sign before a closing parenthesis is a word": ("(a -)", And((term("a"), term("-")))),
    "a sign after a sign or NOT is part of the word": ("--a NOT -b", And((Not(term("-a")), Not(term("-b"))))),
    "a sign in a value is part of it": (
        "id:-5 id:(-6 +7)",
        And((term("-5", "id"), term("-6", "id"), term("+7", "id"))),
    ),
    "operators in lower case are words": ("a and or not to", And(tuple(map(term, ["a", "and", "or", "not", "to"])))),
    "TO outside a range is a word": ("SHIP TO", And((term("SHIP"), term("TO")))),
    "redundant parentheses leave no trace": ("((a) AND ((b AND c)))", And((term("a"), term("b"), term("c")))),
    "alternatives are flattened too": ("(a OR b) OR c", Or((term("a"), term("b"), term("c")))),
    "a group of values with everything": (
        'tag:(a OR (b "c d") AND NOT e)',
        Or((term("a", "tag"), And((term("b", "tag"), phrase("c d", "tag"), Not(term("e", "tag")))))),
    ),
    "ranges among values": ("id:([1 TO 2] OR 5)", Or((Clause("id", Range("1", "2")), term("5", "id")))),
    "space after the colon": ("tag: \t gift", term("gift", "tag")),
    "space in a range": ("id:[  1   TO  2  ]", Clause("id", Range("1", "2"))),
    "bounds left out": ("id:{1 TO 2}", Clause("id", Range("1", "2", includes_low=False, includes_high=False))),
    "bounds left out on one side": ("id:[1 TO 2}", Clause("id", Range("1", "2", includes_high=False))),
    "a quoted star is no open end": ('id:["*" TO *]', Clause("id", Range("*", None))),
    "an escaped star neither": ("id:[\\* TO **]", Clause("id", Range("*", "**"))),
    "math after quotes": ('at:["NOW"-1DAY/DAY TO "NOW"]', Clause("at", Range("NOW-1DAY/DAY", "NOW"))),
    "typographic quotes": ("subject:“wrong size”", phrase("wrong size", "subject")),
    "escapes in quotes": (r'"a \"b\" \\ \c"', phrase('a "b" \\ c')),
    "escapes in a word": (r"a\ b\:c\(\\", term("a b:c(\\")),
    "an escaped colon makes no field": (r"tag\:a", term("tag:a")),
    "an escaped operator is a word": (r"\OR", term("OR")),
    "wildcards": ("a*b?", term("a*b?", None, 1, 3)),
    "wildcards are literal in quotes and escaped": (r'"a*" b\*c*', And((phrase("a*"), term("b*c*", None, 3)))),
    "fuzzy and boost are dropped": (
        'a~ b~0.8 c^2 d~1^2 "e f"~3 (g)^4',
        And((*map(term, "abcd"), phrase("e f"), term("g"))),
    ),
    "fuzzy after a range": ("id:[1 TO 2]^2", Clause("id", Range("1", "2"))),
    "a lone fuzzy sign is a word": ("~ ^2 ~~", And((term("~"), term("^2"), term("~")))),
    "signs inside a word stay": (r"a~b c^d 5\~2", And((term("a~b"), term("c^d"), term("5~2")))),
    "a time": ("12:30 at:2026-01-01T00:00:00Z", And((term("12:30"), term("2026-01-01T00:00:00Z", "at")))),
    "an address of the web": ("http://a.test:80/b:c", term("http://a.test:80/b:c")),
    "an address of the web as a value": ("body:https://a.test/b", term("https://a.test/b", "body")),
    "a mail address": ("mailto:kim@a.test kim@a.test:x", And((term("mailto:kim@a.test"), term("kim@a.test:x")))),
    "a field with a number": ("customField.12:x", term("x", "customField.12")),
    "quotes end a word": ('a"b"', And((term("a"), phrase("b")))),
    "no space needed around parentheses": ("(a)AND(b)", And((term("a"), term("b")))),
    "several parentheses left open": ("((a OR (b", Or((term("a"), term("b")))),
    "NOT before a parenthesis": ("NOT(a)", Not(term("a"))),
    "a value in an open parenthesis, fuzzily": ("(tag:(a", term("a", "tag")),
    "no letter of no text: NUL": ("a\0b", And((term("a"), term("b")))),
    "other spaces": ("a\u00a0b\u3000c\nd", And(tuple(map(term, "abcd")))),
}


@pytest.mark.parametrize("case", READINGS)
def test_reading(case: str) -> None:
    text, expected = READINGS[case]

    assert read(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\t\r\n\u00a0", "\0", " " * 10_000])
def test_an_empty_query_is_no_query(text: str) -> None:
    assert parse(text) is None


def test_a_clause_knows_its_place() -> None:
    node = parse("(tag:a) AND id:(1 OR 2) b")

    assert isinstance(node, And)
    places = [
        [clause.at for clause in part.nodes if isinstance(clause, Clause)] if isinstance(part, Or) else part.at
        for part in node.nodes
        if isinstance(part, (Or, Clause))
    ]
    assert places == [2, [17, 22], 25]


RANGE = "a range is written [low TO high], with TO in capitals and * for an open end"
SIGNS = "the signs + - ! ~ ^ are not part of this search; write NOT, or put the text in quotes"
COLON = 'a ":" inside a value needs quotes around the value'
FIELD = 'name the field to search, as in subject:"invoice"'

MISTAKES = {
    '"abc': "the quote that begins here is not closed (at character 1)",
    'a:"b" c "d': "the quote that begins here is not closed (at character 9)",
    "abc\\": "the backslash at the end escapes nothing (at character 4)",
    '"abc\\': "the backslash at the end escapes nothing (at character 5)",
    "id:[1 TO \\": "the backslash at the end escapes nothing (at character 10)",
    'id:["1': "the quote that begins here is not closed (at character 5)",
    "a ]": '"]" closes nothing; put it in quotes if it is meant as text (at character 3)',
    "}": '"}" closes nothing; put it in quotes if it is meant as text (at character 1)',
    ")": 'something to search for is missing before ")" (at character 1)',
    "a) b": "this parenthesis closes nothing (at character 2)",
    "()": "there is nothing in this parenthesis (at character 1)",
    "a (": "there is nothing in this parenthesis (at character 3)",
    "tag:()": "there is nothing in this parenthesis (at character 5)",
    "(OR a)": 'something to search for is missing before "OR" (at character 2)',
    "AND a": 'something to search for is missing before "AND" (at character 1)',
    "a AND": 'something to search for is missing after "AND" (at character 3)',
    "a || || b": 'something to search for is missing after "||" (at character 3)',
    "NOT NOT a": 'something to search for is missing after "NOT" (at character 1)',
    "-AND": 'something to search for is missing after "-" (at character 1)',
    "tag:(a NOT)": 'something to search for is missing after "NOT" (at character 8)',
    "tag:": 'a value is missing after "tag:" (at character 1)',
    "a tag: OR b": 'a value is missing after "tag:" (at character 3)',
    "(tag:)": 'a value is missing after "tag:" (at character 2)',
    ":a": f"{COLON} (at character 1)",
    "a:b:c": f"{COLON} (at character 4)",
    "tag:(a b:c)": f"{COLON} (at character 9)",
    "a-b:c": f"{COLON} (at character 4)",
    "a1:2:": f"{COLON} (at character 5)",
    "[1 TO 2]": "a range needs a field before it, as in number:[1 TO 9] (at character 1)",
    "id:[1 to 2]": f"{RANGE} (at character 4)",
    "id:[1 2]": f"{RANGE} (at character 4)",
    "id:[1 TO 2": f"{RANGE} (at character 4)",
    "id:[1 TO 2)": f"{RANGE} (at character 4)",
    "id:[1 TO ]": f"{RANGE} (at character 4)",
    "id:[ TO 2]": f"{RANGE} (at character 4)",
    "id:[]": f"{RANGE} (at character 4)",
    "id:[": f"{RANGE} (at character 4)",
    "id:[* * 2]": f"{RANGE} (at character 4)",
    "(" * 21 + "a": "parentheses are nested deeper than 20 levels (at character 21)",
    "a\ud800": "this is not a character (at character 2)",
    "a" * 4097: "the query has 4097 characters, more than 4096",
    "a " * 257: "the query has more than 256 clauses (at character 513)",
}


@pytest.mark.parametrize("text", MISTAKES)
def test_mistake_is_explained(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(text)

    assert caught.value.message == str(caught.value) == MISTAKES[text]


@pytest.mark.parametrize("text", ["(" * 20 + "a" + ")" * 20, "tag:" + "(" * 20 + "a", "a" * 4096, "a " * 256])
def test_at_the_limits_a_query_is_read(text: str) -> None:
    assert parse(text) is not None


STRICT_MISTAKES = {
    "invoice": f"{FIELD} (at character 1)",
    'tag:a AND "b"': f"{FIELD} (at character 11)",
    "tag:a tag:b": "write AND or OR before this (at character 7)",
    "tag:(a b)": "write AND or OR before this (at character 8)",
    "tag:a AND -tag:b": f"{SIGNS} (at character 11)",
    "+tag:b": f"{SIGNS} (at character 1)",
    "!tag:b": f"{SIGNS} (at character 1)",
    "tag:-b": f"{SIGNS} (at character 5)",
    "tag:b~2": f"{SIGNS} (at character 5)",
    'tag:"b"^2': f"{SIGNS} (at character 8)",
    "(tag:b)~": f"{SIGNS} (at character 8)",
}


@pytest.mark.parametrize("text", STRICT_MISTAKES)
def test_strict_search_refuses_what_version_3_does_not_document(text: str) -> None:
    assert parse(text) is not None

    with pytest.raises(QueryError) as caught:
        parse(text, strict=True)

    assert caught.value.message == STRICT_MISTAKES[text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('status:closed AND tag:"gift"', And((term("closed", "status"), phrase("gift", "tag")))),
        ("subject:invoice AND NOT tag:done", And((term("invoice", "subject"), Not(term("done", "tag"))))),
        ("(tag:a OR tag:(b OR c))", Or((term("a", "tag"), term("b", "tag"), term("c", "tag")))),
        (r"tag:\-a\~2", term("-a~2", "tag")),
        ("tag:wi-fi", term("wi-fi", "tag")),
    ],
)
def test_strict_search_reads(text: str, expected: object) -> None:
    assert read(text, strict=True) == expected


def test_an_excerpt_of_something_long_is_cut() -> None:
    assert excerpt("a" * 60) == f'"{"a" * 60}"'
    assert excerpt("a" * 61) == f'"{"a" * 60}…"'


SNIPPETS = st.sampled_from(
    [
        *'()[]{}":\\+-!~^*? ',
        "AND",
        " OR ",
        "NOT ",
        " TO ",
        "tag:",
        "id:[1 TO ",
        "NOW/DAY",
        "&&",
        "||",
        "://",
        "@",
        "a",
        "7",
    ]
)


@given(st.text() | st.lists(SNIPPETS, max_size=60).map("".join), st.booleans())
def test_any_text_is_read_or_explained(text: str, strict: bool) -> None:
    with suppress(QueryError):
        parse(text, strict=strict)


@given(trees)
def test_a_printed_tree_reads_as_itself(tree: Node) -> None:
    assert read(printed(tree)) == without_places(tree)


@given(texts | st.lists(SNIPPETS, max_size=9).map("".join))
def test_a_wrapped_query_means_the_same(text: str) -> None:
    try:
        alone = read(text)
    except QueryError:
        return
    if alone is not None:
        assert read(f"(({text}))") == alone


def steps(text: str) -> int:
    """How many functions are called and left to read a query."""
    count = 0

    def step(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(step)
    try:
        with suppress(QueryError):
            parse(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", ["(", ")", "a:", "1:", "~1", "^", "\\a", '"', "[", "*", "-", "@:", "a://", " OR", "NOT "])
def test_twice_as_much_takes_at_most_twice_the_work_whatever_is_repeated(piece: str) -> None:
    text = (piece * 4096)[:4096]

    assert steps(text) <= 2.1 * steps(text[:2048])
