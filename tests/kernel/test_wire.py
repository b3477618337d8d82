"""From the wire to structs: the fast pass and the walk agree, every mistake is named, and nothing else comes out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.kernel.errors import MOST_MISTAKES, Invalid, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.refusals import BrokenJson
from deskhand.kernel.http.wire import Id, Moment, PageNumber


class Word(StrEnum):
    """Some words."""

    BLUE = "blue"
    RED = "red"


class Inner(Struct, frozen=True, rename="camel"):
    """Something nested."""

    first_name: Annotated[str, Meta(min_length=1)]
    size: int | None = None


class Whole(Struct, frozen=True, rename="camel", kw_only=True):
    """One of everything."""

    number: Id
    text: Annotated[str, Meta(max_length=10)] = "x"
    flag: bool = False
    word: Word | None = None
    kind: Literal["a", "b"] = "a"
    at: Moment | None = None
    many: Annotated[list[Inner], Meta(max_length=3)] = []
    owner: Id | None | UnsetType = UNSET


class Asked(Struct, frozen=True, rename="camel"):
    """A query string."""

    page: PageNumber = 1
    ids: list[Id] | None = None
    word: Word | None = None
    is_on: bool = False


def mistakes(body: Any, kind: Any = Whole) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        wire.decode(json.dumps(body).encode(), kind)
    return {each.path: each.code.value for each in refused.value.mistakes}


GOOD = {
    "number": 5, "text": "hello", "flag": True, "word": "red", "kind": "b", "at": "2026-04-02T06:05:04Z",
    "many": [{"firstName": "Ona", "size": None}], "owner": None,
}  # fmt: skip
READ = Whole(
    number=5,
    text="hello",
    flag=True,
    word=Word.RED,
    kind="b",
    at=datetime(2026, 4, 2, 6, 5, 4, tzinfo=UTC),
    many=[Inner("Ona")],
    owner=None,
)


def test_a_good_body_is_read_in_one_pass() -> None:
    assert wire.decode(json.dumps(GOOD).encode(), Whole) == READ


def test_what_clients_are_known_to_send_is_read_as_meant() -> None:
    sent = GOOD | {"number": "5", "flag": "True", "unknown": [1], "many": [{"firstName": 7}]}

    assert wire.decode(json.dumps(sent).encode(), Whole) == msgspec.structs.replace(READ, many=[Inner("7")])


def test_absent_and_null_are_told_apart_where_it_matters() -> None:
    assert wire.decode(b'{"number":1}', Whole).owner is UNSET
    assert wire.decode(b'{"number":1,"owner":null}', Whole).owner is None


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"number": 0}, "Min"), ({"number": 2**63}, "Max"), ({"number": 1.5}, "Invalid"), ({"number": True}, "Invalid"),
        ({"number": None}, "NotNull"), ({"number": "1e3"}, "Invalid"), ({"number": "٣"}, "Invalid"),
        ({"text": "x" * 11}, "Size"), ({"text": "a\0"}, "Invalid"), ({"text": {}}, "Invalid"), ({"text": None}, "NotNull"),
        ({"flag": "yes"}, "Invalid"), ({"flag": 1}, "Invalid"),
        ({"word": "green"}, "EnumValue"), ({"word": 5}, "EnumValue"), ({"kind": "c"}, "EnumValue"),
        ({"at": "2026-04-02T06:05:04.000Z"}, "DateTime"), ({"at": "2026-04-02T06:05:04+00:00"}, "DateTime"),
        ({"at": "2026-02-30T06:05:04Z"}, "DateTime"), ({"at": 1_700_000_000}, "DateTime"), ({"at": ""}, "DateTime"),
        ({"many": {}}, "Invalid"), ({"many": [{"firstName": "a"}] * 4}, "Size"), ({"many": None}, "NotNull"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_place_and_kind(more: dict[str, Any], code: str) -> None:
    assert mistakes(GOOD | more) == {next(iter(more)): code}


def test_every_mistake_is_named_with_its_index() -> None:
    body = {"text": 5 * "long ", "many": [{"firstName": ""}, {"size": "x"}, 7], "word": "green"}

    assert mistakes(body) == {
        "number": "NotNull", "text": "Size", "many[0].firstName": "NotEmpty", "many[1].firstName": "NotEmpty",
        "many[1].size": "Invalid", "many[2]": "Invalid", "word": "EnumValue",
    }  # fmt: skip


@pytest.mark.parametrize("body", ["", "{", '{"number":1} x', "\ufeff{}", '{"number":NaN}', '{"a":"\ud800"}'])
def test_broken_json_is_told_as_such(body: str) -> None:
    with pytest.raises(BrokenJson):
        wire.decode(body.encode("utf-8", "surrogatepass"), Whole)


@pytest.mark.parametrize("body", ["[]", "5", '"x"', "null", "true"])
def test_a_body_that_is_no_object_is_one_mistake(body: str) -> None:
    with pytest.raises(Invalid) as refused:
        wire.decode(body.encode(), Whole)

    assert [each.path for each in refused.value.mistakes] == ["body"]


def test_deep_nesting_ends() -> None:
    with pytest.raises((BrokenJson, Invalid)):
        wire.decode(b"[" * 100_000, Whole)
    assert wire.decode(b'{"number":1,"x":' + b"[" * 500 + b"]" * 500 + b"}", Whole) == Whole(number=1)


def test_the_mistakes_of_a_hostile_body_are_counted_out() -> None:
    assert len(mistakes([{}] * 5000, list[Inner])) == MOST_MISTAKES


def test_a_query_string_splits_lists_joins_repeats_and_ignores_the_rest() -> None:
    assert wire.query(b"page=2&ids=1,2&ids=3&word=blue&isOn=true&size=50&x=%FF", Asked) == Asked(2, [1, 2, 3], Word.BLUE, True)
    assert wire.query(b"", Asked) == Asked()


@pytest.mark.parametrize(
    ("query", "path", "code"), [(b"page=0", "page", "Min"), (b"page=x", "page", "Invalid"), (b"ids=1,x", "ids", "Invalid")]
)
def test_a_mistake_in_a_query_string_is_the_parameters(query: bytes, path: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        wire.query(query, Asked)

    (mistake,) = refused.value.mistakes
    assert (mistake.path, mistake.code, mistake.source) == (path, code, Source.QUERY)


@pytest.mark.parametrize("text", ["0", "-1", "abc", "1.0", "1e1", "٣", "", " 1", str(2**63)])
def test_an_id_of_the_path_is_a_plain_number(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        wire.path_id(text, "tagId")

    assert refused.value.mistakes[0].path == "tagId"
    assert wire.path_id(str(2**63 - 1), "tagId") == 2**63 - 1


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*GOOD, "x"]), inner, max_size=4),
    max_leaves=12,
)
MEMBERS = st.fixed_dictionaries({}, optional={name: JSON | st.just(value) for name, value in GOOD.items()})


@settings(max_examples=400, deadline=None, derandomize=True)
@given(body=MEMBERS | JSON)
def test_whatever_comes_is_read_or_refused_with_names(body: Any) -> None:
    refused: list[Any] = []
    try:
        found = wire.decode(json.dumps(body).encode(), Whole)
    except Invalid as error:
        refused = error.mistakes
    if refused:
        assert all(each.path and each.message for each in refused)
        assert len({each.path for each in refused}) == len(refused)
        return
    # What was read is what the strict decoder would have read of it written out again.
    again = msgspec.json.encode(found, enc_hook=str)
    assert wire.decode(again.replace(b"+00:00", b"Z"), Whole) == found


@settings(max_examples=200, deadline=None, derandomize=True)
@given(raw=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        wire.decode(raw, Whole)
    except (Invalid, BrokenJson):
        pass
    try:
        wire.query(raw, Asked)
    except Invalid:
        pass
