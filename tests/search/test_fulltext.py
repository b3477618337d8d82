"""Folding, and the match expressions, in a real FTS5."""

import unicodedata

import apsw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskhand.kernel.storage import fulltext
from deskhand.kernel.storage.fulltext import Word, Words, fold, indexable, spread, to_fts5, to_tsquery


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("", []),
        ("!!! \t\n --", []),
        ("snake_case x2 3.14", ["snake", "case", "x2", "3", "14"]),
        ("Crème BRÛLÉE", ["creme", "brulee"]),
        ("cre\u0300me", ["creme"]),
        ("Straße Łódź ΣΊΣΥΦΟΣ", ["strasse", "lodz", "σισυφοσ"]),
        ("Smørrebrød, ıŞıK", ["smorrebrod", "isik"]),
        ("İstanbul", ["istanbul"]),
        ("Ёлка Йод", ["елка", "иод"]),
        ("שָׁלוֹם مُحَمَّد", ["שלום", "محمد"]),
        ("हिन्दी कि की", ["हिन्दी", "कि", "की"]),
        ("東京Tower", ["東", "京", "tower"]),
        ("ガがﾊﾞか\u3099", ["ガ", "が", "バ", "が"]),
        ("한국어", ["한", "국", "어"]),
        ("\u1112\u1161\u11ab", ["한"]),
        ("①½Ⅷ²", ["11", "2viii2"]),
        ("ﬁne Ｆｕｌｌ", ["fine", "full"]),
        ("soft\u00adhyphen join\u200der zero\u200bwidth", ["softhyphen", "joiner", "zero", "width"]),
        ("❤️ 👍🏽 5⃣", ["5"]),
        ("a\u034fb", ["ab"]),
        ("x" * 65 + " y", ["x" * 64, "y"]),
        ("é" * 65, ["e" * 64]),
        ("a\0b\ud800c", ["a", "b", "c"]),
    ],
)
def test_folding(text: str, words: list[str]) -> None:
    assert fold(text) == words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("", ""),
        ("-", " "),
        ("Foo", "foo"),
        ("-foo  Bar!", " foo bar "),
        ("foo-", "foo "),
        ("東京", " 東 京 "),
    ],
)
def test_a_piece_keeps_where_its_words_end(text: str, folded: str) -> None:
    assert spread(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    words = fold(text)

    assert fold(" ".join(words)) == words


def test_folding_any_character_twice_changes_nothing() -> None:
    for first in (*range(0, 0x20000, 64), *range(0xE0000, 0xE0200, 64)):  # beyond, only more Han
        words = fold(" ".join(f"a{chr(code)}b {chr(code)}" for code in range(first, first + 64)))
        assert fold(" ".join(words)) == words, hex(first)


@given(st.text(st.sampled_from("éÉçñöÅßŁøがバ한ёЙשά -x7")) | st.text())
def test_the_normal_form_does_not_matter(text: str) -> None:
    forms = [fold(unicodedata.normalize(form, text)) for form in ("NFC", "NFD", "NFKC", "NFKD")]

    assert forms == [fold(text)] * 4


@given(st.text(st.sampled_from("éÉçñöÅßŁøがバ한ёЙשά -x7")))
def test_case_does_not_matter(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower()) == fold(text)


@given(st.text(st.characters(codec="ascii")))
def test_the_quick_way_for_ascii_is_the_long_way(text: str) -> None:
    assert fold(text) == fold(f"{text} é")[:-1]


def test_strange_texts_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    unseen = "\U0001e900"
    fulltext._FOLDED.pop(ord(unseen), None)
    monkeypatch.setattr(fulltext, "REMEMBERED_CHARACTERS", len(fulltext._FOLDED))

    assert fold(unseen) == [unseen.casefold()]
    assert ord(unseen) not in fulltext._FOLDED


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("One, two; three", 100, "one two three"),
        ("one two three", 7, "one two"),
        ("one two three", 8, "one two"),
        ("one two three", 6, "one"),
        ("toolong", 3, ""),
        ("  a" * 5, 3, "a a"),
    ],
)
def test_what_the_index_keeps(text: str, limit: int, kept: str) -> None:
    assert indexable(text, limit) == kept


def test_the_index_keeps_a_bounded_text() -> None:
    assert len(indexable("word " * 100_000)) == 199_999


@pytest.mark.parametrize(
    ("words", "fts5", "tsquery"),
    [
        (Words(()), '""', ""),
        (Words((Word("a"),)), '"a"', "'a'"),
        (Words((Word("a"), Word("b", prefix=True))), '"a" AND "b"*', "'a' & 'b':*"),
        (Words((Word("a"), Word("b", prefix=True)), adjacent=True), '"a" + "b"*', "'a' <-> 'b':*"),
        (Words((Word("wi fi"), Word("c"))), '"wi fi" AND "c"', "'wi' <-> 'fi' & 'c'"),
        (Words((Word("wi fi", prefix=True),)), '"wi fi"*', "'wi' <-> 'fi':*"),
        (Words((Word("a\"'\\"),)), '"a""\'\\"', "'a\"''\\\\'"),
        (Words((Word(""),)), '""', ""),
    ],
)
def test_match_expressions(words: Words, fts5: str, tsquery: str) -> None:
    assert to_fts5(words) == fts5
    assert to_tsquery(words) == tsquery


@pytest.fixture(scope="module")
def index() -> apsw.Connection:
    connection = apsw.Connection(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(words, tokenize='ascii')")
    return connection


def finds(index: apsw.Connection, text: str, words: Words) -> bool:
    index.execute("DELETE FROM texts")
    index.execute("INSERT INTO texts VALUES (?)", (indexable(text),))
    return bool(index.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (to_fts5(words),)).fetchall())


def group(*texts: str, adjacent: bool = False) -> Words:
    return Words(tuple(Word(" ".join(fold(text))) for text in texts), adjacent)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (group("broken", "seal"), True),
        (group("seal", "broken"), True),
        (group("SEAL", "is"), True),
        (group("seal", "absent"), False),
        (group("sea"), False),
        (Words((Word("sea", prefix=True),)), True),
        (group("the", "seal", adjacent=True), True),
        (group("seal", "the", adjacent=True), False),
        (group("the", "is", adjacent=True), False),
        (group("wi-fi"), True),
        (group("fi-wi"), False),
        (Words((Word("the"), Word("sea", prefix=True)), adjacent=True), True),
        (Words((Word("wi f", prefix=True),)), True),
        (group("京都"), True),
        (group("都京"), False),
        (Words(()), False),
    ],
)
def test_finding(index: apsw.Connection, words: Words, found: bool) -> None:
    assert finds(index, "The séal is BROKEN; Wi-Fi in 京都市", words) == found


@given(st.lists(st.tuples(st.text() | st.text("'\"\\*+^:() a\0"), st.booleans()), max_size=6), st.booleans())
def test_any_words_are_a_match_expression(index: apsw.Connection, texts: list[tuple[str, bool]], adjacent: bool) -> None:
    words = Words(tuple(Word(text, prefix) for text, prefix in texts), adjacent)

    index.execute("SELECT 1 FROM texts WHERE texts MATCH ?", (to_fts5(words),)).fetchall()


def test_the_longest_query_is_a_match_expression(index: apsw.Connection) -> None:
    words = group(*(chr(0x4E00 + place) for place in range(4096)))

    assert not finds(index, "a", words)


@given(st.text())
def test_a_text_is_found_by_its_words(index: apsw.Connection, text: str) -> None:
    words = fold(text)
    if words:
        assert finds(index, text, group(*words))
        assert finds(index, text, group(*words, adjacent=True))
