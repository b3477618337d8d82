"""Random queries over random notes: what SQL finds is what plain Python finds."""

import re
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from deskhand.kernel.storage.fulltext import fold
from deskhand.search.language import parse
from deskhand.search.model import And, Clause, Node, Not, Or, Phrase, Range, Term, Value
from tests.search.notes import Note, database, found
from tests.search.trees import printed, trees_of, without_places

WORDS = ["ab", "Äb", "abc", "b", "wi-fi", "fi", "京都", "都", "5", "100%", "a_b", "\\", "!!", "it's"]
ADDRESSES = ["kim@x.test", "k_m@x.test", "Kim@y.x.test", "x.test@z"]
OWNERS = ["Ines", "Ines Ortiz", "Ortiz Ines b", "Nobody Else"]
STATES = {"draft": ["draft"], "sent": ["sent"], "any": ["draft", "sent"]}
START = datetime(2026, 1, 1, tzinfo=UTC)

sentences = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
numbers = st.integers(-3, 6) | st.sampled_from([2**63 - 1, -(2**63)])
moments = st.builds(lambda steps: START + steps * timedelta(milliseconds=250), st.integers(-9, 9)) | st.sampled_from(
    [START + timedelta(days=31), START - timedelta(days=365)]
)
rows = st.lists(
    st.builds(
        Note,
        st.just(0),
        sentences,
        st.sampled_from(["", *ADDRESSES]),
        st.none() | st.sampled_from(OWNERS),
        st.none() | numbers,
        st.sampled_from(["draft", "sent"]),
        st.sampled_from([None, True, False]),
        st.none() | moments,
        st.lists(sentences, max_size=2).map(tuple),
        st.lists(numbers, max_size=2).map(tuple),
    ),
    min_size=1,
    max_size=5,
).map(lambda made: [replace_id(note, place + 1) for place, note in enumerate(made)])


def replace_id(note: Note, id_: int) -> Note:
    return Note(id_, *[getattr(note, name) for name in note.__struct_fields__[1:]])


@st.composite
def wild_terms(draw: st.DrawFn, alphabet: str) -> Term:
    """A term of a few letters and wildcards."""
    text = draw(st.text(alphabet + "*?", min_size=1, max_size=5))
    return Term(text, tuple(place for place, character in enumerate(text) if character in "*?"))


def ranges(values: st.SearchStrategy[str]) -> st.SearchStrategy[Range]:
    return st.builds(Range, st.none() | values, st.none() | values, st.booleans(), st.booleans())


def of(field: str | None, *values: st.SearchStrategy[Value]) -> st.SearchStrategy[Clause]:
    return st.builds(Clause, st.just(field), st.one_of(values))


phrases = st.builds(Phrase, sentences)
terms = st.builds(Term, st.sampled_from(WORDS)) | wild_terms("abci")
integers = (numbers | st.sampled_from([2**63, -(2**64)])).map(str)
dates = st.sampled_from(
    [
        "2026",
        "2025",
        "2026-01",
        "2026-02",
        "2026-01-01",
        "2025-12-31T23:59:58Z",
        "2026-01-01T00:00:00Z",
        "2026-01-01T00:00:01Z",
    ]
)
clauses = st.one_of(
    of("title", phrases, terms),
    of("label", phrases, terms),
    of("address", st.builds(Phrase, st.sampled_from([*ADDRESSES, "x.test", "@x.test", "z", ""])), wild_terms("kix.@_")),
    of("addressPart", st.builds(Phrase, st.sampled_from(["x", "_", ".", "KIM", ""])), wild_terms("kix.@_")),
    of("owner", st.builds(Phrase, st.sampled_from([*OWNERS, "ORTIZ", "nobody", "or", ""])), wild_terms("inesb")),
    of("size", st.builds(Term, integers), ranges(integers)),
    of("voterId", st.builds(Term, integers), ranges(integers)),
    of("pinned", st.builds(Term, st.sampled_from(["true", "false"]))),
    of("maybePinned", st.builds(Term, st.sampled_from(["true", "false"]))),
    of("state", st.builds(Phrase, st.sampled_from(sorted(STATES)))),
    of("openedAt", st.builds(Term, dates), ranges(dates)),
    of("openedSince", st.builds(Phrase, dates)),
    of(None, phrases, terms),
)


@settings(max_examples=300, deadline=None)
@given(rows, trees_of(clauses), st.booleans())
def test_sql_finds_what_python_finds(notes: list[Note], tree: Node, strict_phrases: bool) -> None:
    agree(notes, tree, strict_phrases=strict_phrases)


@settings(max_examples=1000, deadline=None)
@given(rows, clauses, st.booleans())
def test_sql_finds_what_python_finds_by_one_clause(notes: list[Note], clause: Clause, strict_phrases: bool) -> None:
    agree(notes, clause, strict_phrases=strict_phrases)


def agree(notes: list[Note], tree: Node, *, strict_phrases: bool) -> None:
    connection = database(notes)

    expected = [note.id for note in notes if matches(note, tree, strict=strict_phrases)]

    assert found(connection, tree, strict_phrases=strict_phrases) == expected
    read = parse(printed(tree))
    assert read is not None
    assert without_places(read) == without_places(tree)
    connection.close()


def matches(note: Note, node: Node, *, strict: bool) -> bool:
    match node:
        case And():
            return all(matches(note, part, strict=strict) for part in node.nodes)
        case Or():
            return any(matches(note, part, strict=strict) for part in node.nodes)
        case Not():
            return not matches(note, node.node, strict=strict)
        case Clause():
            return holds(note, node.field, node.value, strict=strict)


def holds(note: Note, field: str | None, value: Value, *, strict: bool) -> bool:
    match field:
        case "title":
            return has_words(note.title, value, strict=strict)
        case "label":
            return any(is_whole(text, value) for text in note.labels)
        case "address":
            return is_address(note.address.lower(), value)
        case "addressPart":
            return contains(note.address.lower(), value)
        case "owner":
            return is_named(note.owner, value)
        case "size":
            return note.size is not None and is_number(note.size, value)
        case "voterId":
            return any(is_number(voter, value) for voter in note.votes)
        case "pinned" | "maybePinned":
            return (note.is_pinned is True) == (text_of(value) == "true")
        case "state":
            return note.state in STATES[text_of(value)]
        case "openedAt":
            return note.opened_at is not None and is_moment(note.opened_at, value)
        case "openedSince":
            return note.opened_at is not None and note.opened_at >= moment(text_of(value))
        case _:
            number = text_of(value).strip()
            return (
                is_all_stars(value)
                or has_words(note.title, value, strict=strict)
                or any(is_whole(text, value) for text in note.labels)
                or (number.isdigit() and note.size == int(number))
            )


def text_of(value: Value) -> str:
    assert not isinstance(value, Range)
    return value.text


def is_wild(value: Value) -> bool:
    return isinstance(value, Term) and bool(value.wildcards)


def is_all_stars(value: Value) -> bool:
    return is_wild(value) and set(text_of(value)) == {"*"}


def regex(text: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(character) or re.escape(character) for character in text)


def has_words(text: str, value: Value, *, strict: bool) -> bool:
    tokens = fold(text)
    if is_all_stars(value):
        return bool(tokens)
    if is_wild(value):
        return has_wild(tokens, text_of(value))
    pieces = text_of(value).split() if isinstance(value, Phrase) else [text_of(value)]
    runs = [run for piece in pieces if (run := fold(piece))]
    if strict and isinstance(value, Phrase):
        runs = [[token for run in runs for token in run]] if runs else []
    return bool(runs) and all(any(tokens[place : place + len(run)] == run for place in range(len(tokens))) for run in runs)


def has_wild(tokens: list[str], text: str) -> bool:
    """A plain beginning is one of a word; any other pattern may run over words, but begins and ends at one."""
    if text.endswith("*") and not {"*", "?"} & set(text[:-1]):
        return any(token.startswith(text[:-1]) for token in tokens)
    return re.search(f" {regex(text)} ", f" {' '.join(tokens)} ") is not None


def is_whole(text: str, value: Value) -> bool:
    if is_wild(value):
        return bool(text) and re.fullmatch(regex(text_of(value).casefold()), text.casefold(), re.DOTALL) is not None
    return text.casefold() == text_of(value).strip().casefold() != ""


def is_address(address: str, value: Value) -> bool:
    text = text_of(value).lower()
    if is_wild(value) and not re.fullmatch(r"\*@[^*?]*", text):
        return address != "" and re.fullmatch(regex(text), address) is not None
    text = text.removeprefix("*")
    if "@" in text[1:]:
        return address == text
    return text not in ("", "@") and address.endswith("@" + text.removeprefix("@"))


def contains(address: str, value: Value) -> bool:
    text = text_of(value).lower()
    if is_wild(value):
        return address != "" and re.search(regex(text), address) is not None
    return text != "" and text in address


def is_named(owner: str | None, value: Value) -> bool:
    text = text_of(value).casefold()
    if text == "nobody":
        return owner is None
    if owner is None:
        return False
    if is_all_stars(value):
        return True
    if is_wild(value):
        return has_wild(fold(owner), text)
    return bool(text) and (text in owner.casefold().split() or text == owner.casefold())


def is_number(number: int, value: Value) -> bool:
    if not isinstance(value, Range):
        return number == int(value.text)
    if value.low is not None and (number < int(value.low) or (number == int(value.low) and not value.includes_low)):
        return False
    return value.high is None or number < int(value.high) or (number == int(value.high) and value.includes_high)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text + "0001-01-01T00:00:00Z"[len(text) :])


def is_moment(instant: datetime, value: Value) -> bool:
    instant = instant.replace(microsecond=0)
    if not isinstance(value, Range):
        return instant.strftime("%Y-%m-%dT%H:%M:%SZ").startswith(value.text)
    if value.low is not None and (instant < moment(value.low) or (instant == moment(value.low) and not value.includes_low)):
        return False
    high = value.high
    return high is None or instant < moment(high) or (instant == moment(high) and value.includes_high)
