"""What an answer is asked about before it goes: cases in words."""

from __future__ import annotations

import pytest

from deskhand.conversations.model.concerns import (
    ConcernKind,
    changed_recipients,
    missing_file,
    open_placeholders,
    own_words,
    strange_greeting,
)

HANNA = ("Hanna", "Lindqvist")


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<p>The label is attached.</p>", "attached"),
        ("Please find the attachment", "attachment"),
        ("<p>Die Rechnung finden Sie im Anhang.</p>", "anhang"),
        ("Anbei das Etikett", "anbei"),
        ("Ich habe es <b>beigefügt</b>.", "beigefügt"),
        ("Vous trouverez la facture ci-jointe", "ci-jointe"),
        ("La factura va adjunta", "adjunta"),
        ("<p>It left today.</p>", None),
        ("We are very attachés-friendly", None),
        ("<p>It left today.</p><blockquote>See the attached photo</blockquote>", None),
        ("<p>Yes.</p><blockquote>a<blockquote>attached</blockquote>attached</blockquote>", None),
        ("Yes.<br>> I attached it", None),
    ],
)
def test_a_file_is_named_and_there_is_none(html: str, word: str | None) -> None:
    assert [each.about for each in missing_file(own_words(html), has_files=False)] == ([word] if word else [])
    assert missing_file(own_words(html), has_files=True) == []


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Use it before {%return.deadline%}.", ["{%return.deadline%}"]),
        ("{{customer.firstName}}, {%a%} and {%a%}", ["{{customer.firstName}}", "{%a%}"]),
        ("100 % sure, {so} it is", []),
        ("", []),
    ],
)
def test_a_variable_has_no_value(words: str, found: list[str]) -> None:
    assert [each.about for each in open_placeholders(words)] == found


@pytest.mark.parametrize(
    ("words", "names", "greeted"),
    [
        ("Hello Marek,\nthe label", HANNA, "Marek"),
        ("Hello Hanna,\nMarek has it", HANNA, None),
        ("hi hanna", HANNA, None),
        ("Dear Ms. Lindqvist,", HANNA, None),
        ("Sehr geehrte Frau Lindqvist,", HANNA, None),
        ("Sehr geehrter Herr Novák,", HANNA, "Novák"),
        ("Liebe Hana,", HANNA, "Hana"),
        ("Hi Kate,", ("Katefina", "Novak"), None),
        ("Hello José,", ("Jose", ""), None),
        ("\n\nGood morning Marek!", HANNA, "Marek"),
        ("Hello there,", HANNA, None),
        ("Hello Everyone,", HANNA, None),
        ("Dear customer,", HANNA, None),
        ("Dear Customer,", HANNA, None),
        ("The parcel left. Hello Marek", HANNA, None),
        ("Hello Marek,", ("", ""), None),
        ("Hi,\nthanks", HANNA, None),
        ("", HANNA, None),
    ],
)
def test_somebody_else_is_greeted(words: str, names: tuple[str, ...], greeted: str | None) -> None:
    assert [each.about for each in strange_greeting(words, names)] == ([greeted] if greeted else [])


@pytest.mark.parametrize(
    ("given", "then", "now", "asked"),
    [
        (["h@x.test", "e@x.test"], ["h@x.test", "e@x.test"], ["h@x.test", "e@x.test"], []),
        (["H@x.test"], ["h@x.test"], ["h@x.test", "E@x.test"], [("left-out", "E@x.test")]),
        (["h@x.test", "e@x.test"], ["h@x.test", "e@x.test"], ["h@x.test"], [("no-longer", "e@x.test")]),
        (["new@x.test"], ["h@x.test"], ["h@x.test"], [("left-out", "h@x.test")]),
        (["h@x.test", "added@x.test"], ["h@x.test"], ["h@x.test"], []),
    ],
)
def test_recipients_changed_since_it_was_begun(
    given: list[str], then: list[str], now: list[str], asked: list[tuple[str, str]]
) -> None:
    found = changed_recipients(given, then=then, now=now)
    assert [(each.kind.value, each.about) for each in found] == asked
    assert all(each.key.startswith(each.kind) for each in found)


def test_something_else_of_the_same_kind_is_asked_again() -> None:
    one, other = open_placeholders("{%a%} {%b%}")
    assert one.key != other.key
    assert one.kind is other.kind is ConcernKind.PLACEHOLDER
