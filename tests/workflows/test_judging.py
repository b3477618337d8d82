"""Conditions judged: each comparison of each kind, groups, and time, without a database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskhand.workflows.model.fields import COMPARISONS, FIELDS, OPPOSITES, FieldName, Kind, comparisons
from deskhand.workflows.model.judging import SINCE, VALUES, holds, matches, matches_at, reasons, sentence
from tests.workflows.scenes import NOW, condition, entries, scene

CASES: list[tuple[tuple[Any, ...], bool]] = [
    (("status", "is", "active"), True),
    (("status", "is", "closed"), False),
    (("status", "is-not", "closed"), True),
    (("status", "is-any-of", ["closed", "active"]), True),
    (("status", "is-none-of", ["closed", "active"]), False),
    (("type", "is", "email"), True),
    (("via", "is-not", "user"), True),
    (("source", "starts-with", "AP"), True),
    (("mailbox", "is", 61), True),
    (("mailbox", "is-none-of", [61]), False),
    (("assignee", "is", 502), True),
    (("assignee", "is-empty"), False),
    (("assignee", "is-not-empty"), True),
    (("tag", "is", 14), True),
    (("tag", "is", 13), False),
    (("tag", "is-not", 14), False),
    (("tag", "is-any-of", [13, 12]), True),
    (("tag", "is-none-of", [13, 15]), True),
    (("tag", "is-empty"), False),
    (("subject", "is", " PARCEL never   left the STRASSE "), True),
    (("subject", "contains", "never left"), True),
    (("subject", "contains", "left never"), False),
    (("subject", "does-not-contain", "parcel"), False),
    (("subject", "contains-any-of", ["invoice", "PARCEL"]), True),
    (("subject", "contains-none-of", ["invoice", "refund"]), True),
    (("subject", "starts-with", "parcel never"), True),
    (("subject", "ends-with", "strasse"), True),
    (("subject", "matches", "parcel*the str?sse"), True),
    (("subject", "matches", "parcel"), False),
    (("subject", "does-not-match", "*invoice*"), True),
    (("preview", "is", "hello"), True),
    (("body", "contains", "my parcel?"), True),
    (("body", "contains", "parcel? It"), False),
    (("body", "does-not-contain", "on its way"), False),
    (("body", "ends-with", "way."), True),
    (("cc", "is", "BOSS@mail.test"), True),
    (("has-attachments", "is", False), True),
    (("has-attachments", "is", True), False),
    (("snoozed", "is", False), True),
    (("threads", "is", 2), True),
    (("threads", "greater-than", 2), False),
    (("threads", "less-than", "2.5"), True),
    (("rating", "is", "okay"), True),
    (("rating", "is-empty"), False),
    (("latest-reply-from", "is", "customer"), True),
    (("created-at", "before", "2026-03-01T12:00:01Z"), True),
    (("created-at", "before", "2026-03-01T12:00:00Z"), False),
    (("created-at", "after", "2026-03-01T11:59:59Z"), True),
    (("custom-field", "is", "3.5", 1), True),
    (("custom-field", "greater-than", 3, 1), True),
    (("custom-field", "less-than", "-1", 1), False),
    (("custom-field", "before", "2026-03-01", 2), True),
    (("custom-field", "after", "2026-02-28", 2), False),
    (("custom-field", "is", 31, 3), True),
    (("custom-field", "is-not", 32, 3), True),
    (("custom-field", "contains", "blue", 4), True),
    (("custom-field", "is-empty", None, 5), True),
    (("custom-field", "contains", "x", 5), False),
    (("custom-field", "does-not-contain", "x", 5), True),
    (("custom-field", "is-not", "x", 5), True),
    (("customer.email", "is", "PL@mail.test"), True),
    (("customer.email", "is-not", "pl@mail.test"), False),
    (("customer.domain", "is", "lund.test"), True),
    (("customer.domain", "is", "test"), False),
    (("customer.name", "matches", "pavel*"), True),
    (("customer.organization", "is-empty"), True),
    (("customer.organization", "is-not", "Lund"), True),
    (("customer.property", "is", "gold", "plan"), True),
    (("customer.property", "greater-than", 11, "seats"), True),
    (("thread.by", "is", "customer"), True),
    (("thread.type", "is-any-of", ["note", "customer"]), True),
    (("thread.body", "is", "any news?"), True),
    (("thread.to", "contains", "desk.test"), True),
    (("thread.cc", "is-empty"), True),
    (("trigger", "is", "customer-replied"), True),
    (("trigger", "is", "created"), False),
    (("trigger", "is-not", "customer-replied"), False),
    (("trigger", "is-none-of", ["created", "moved"]), True),
    (("waiting", "longer-than", "4 hours"), True),
    (("waiting", "shorter-than", "4 hours"), False),
    (("waiting", "longer-than", "241 minutes"), False),
    (("since-created", "longer-than", "1 day"), True),
    (("since-customer-reply", "shorter-than", "1 days"), True),
    (("since-user-reply", "longer-than", "1 minute"), False),
    (("since-user-reply", "shorter-than", "1 minute"), False),
    (("since-status-change", "longer-than", "30 minutes"), True),
]


@pytest.mark.parametrize(("given", "expected"), CASES, ids=lambda it: str(it))
def test_a_condition_holds_or_does_not(given: tuple[Any, ...], expected: bool) -> None:
    assert holds(entries(condition(*given)), scene()) is expected


def test_every_field_and_comparison_has_a_case() -> None:
    asked = {(case[0][0], case[0][1]) for case in CASES}

    assert {name for name, _ in asked} == {each.value for each in FieldName}
    by_kind = {(FIELDS[FieldName(name)].kind, told) for name, told in asked if FieldName(name) in FIELDS}
    by_kind |= {(Kind.NUMBER, "is"), (Kind.DATE, "is"), (Kind.DATE, "is-not"), (Kind.NUMBER, "is-not")}
    by_kind |= {(Kind.DATE, "before"), (Kind.DATE, "after"), (Kind.TEXT, "is-any-of"), (Kind.TEXT, "is-none-of")}
    assert by_kind >= {(kind, each.value) for kind, several in COMPARISONS.items() for each in several}
    assert set(VALUES) | set(SINCE) == set(FieldName)


@pytest.mark.parametrize("name", sorted(set(FIELDS) - set(SINCE)))
def test_a_negative_comparison_is_the_opposite_of_its_positive(name: FieldName) -> None:
    values: dict[Kind, Any] = {
        Kind.WORD: next(iter(FIELDS[name].words or ["?"])),
        Kind.ID: 12,
        Kind.TEXT: "parcel",
        Kind.NUMBER: 2,
    }
    for negative, positive in OPPOSITES.items():
        if negative in comparisons(FIELDS[name]):
            value = values[FIELDS[name].kind]
            told = None if negative.value.startswith("is-empty") else [value] if negative.value.endswith("none-of") else value
            pair = [entries(condition(name.value, each.value, told)) for each in (negative, positive)]
            assert holds(pair[0], scene()) is not holds(pair[1], scene())


def test_without_anything_said_no_condition_on_it_holds() -> None:
    for given in (("thread.by", "is-not", "user"), ("thread.cc", "is-empty"), ("thread.body", "does-not-contain", "x")):
        assert holds(entries(condition(*given)), scene(thread=None)) is False


def test_groups_stand_in_groups() -> None:
    yes, no = condition("status", "is", "active"), condition("status", "is", "spam")

    assert holds((), scene())
    assert holds(entries(yes, {"any": [no, yes]}), scene())
    assert not holds(entries(yes, {"all": [yes, no]}), scene())
    assert holds(entries({"any": [no, {"all": [yes, {"any": [no, yes]}]}]}), scene())
    assert not holds(entries({"any": [no, no]}), scene())


def test_a_trial_without_triggers_takes_them_as_met() -> None:
    for comparison in ("is", "is-not"):
        assert holds(entries(condition("trigger", comparison, "moved")), scene(triggers=None))


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("a*", "abc", True),
        ("*c", "abc", True),
        ("a*c*", "abcd", True),
        ("?b?", "abc", True),
        ("?b?", "ab", False),
        ("a*a", "a", False),
        ("ab*ba", "aba", False),
        ("*b?*d", "abcbcd", True),
        ("a.c", "abc", False),
        ("[a]*", "[a]b", True),
        ("a**c", "abc", True),
        ("*x*", "line\nx\nline", True),
    ],
)
def test_a_pattern_is_for_the_whole_text(pattern: str, text: str, expected: bool) -> None:
    assert matches(text, pattern) is expected


def test_a_hostile_pattern_costs_no_more_than_reading() -> None:
    assert matches("a" * 200_000, "*a" * 200 + "*b") is False


def test_what_was_found_is_told() -> None:
    given = entries(condition("subject", "contains-any-of", ["a", "b"]), {"any": [condition("custom-field", "is", 32, 3)]})

    found = reasons(given, scene())

    assert [(each.path, each.text, each.actual, each.holds) for each in found] == [
        ("conditions[0]", 'subject contains any of "a", "b"', '"Parcel never left the Straße"', True),
        ("conditions[1].any[0]", "custom-field 3 is 32", "31", False),
    ]
    assert sentence(entries(condition("assignee", "is-empty"))[0]) == "assignee is empty"
    empty = reasons(entries(condition("waiting", "longer-than", "1 day")), scene(waiting_since=None))
    assert [each.actual for each in empty] == ["none"]


def test_the_moment_is_the_first_at_which_all_would_hold() -> None:
    def at(*given: dict[str, Any], **changes: Any) -> datetime | None:
        return matches_at(entries(*given), scene(**changes))

    waits = condition("waiting", "longer-than", "5 hours")
    old = condition("since-created", "longer-than", "2 days")
    assert at(waits) == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert at(waits, old) == datetime(2026, 3, 3, 12, tzinfo=UTC)
    assert at({"any": [waits, old]}) == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert at(waits, condition("status", "is", "closed")) is None
    assert at(waits, waiting_since=None) is None
    assert at(old, condition("since-created", "shorter-than", "47 hours")) is None
    assert at(condition("waiting", "longer-than", "4 hours")) is None  # it is so already
    assert at(waits, now=NOW + timedelta(minutes=59, seconds=59)) == datetime(2026, 3, 2, 13, tzinfo=UTC)
