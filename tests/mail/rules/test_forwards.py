"""Who wrote what somebody sent on."""

from __future__ import annotations

import pytest

from deskhand.mail.reading.letter import Address
from deskhand.mail.rules.forwards import forwarded

ANN = "Ann Oak <ann@shop.example>"
BLOCK = "From: Ann Oak <ann@shop.example>\nDate: Monday\nSubject: Tea\nTo: mia@marsh.example\n\nHello Mia\n"


def test_a_forwarded_message_has_sender_subject_date_recipients_and_both_texts() -> None:
    text = (
        "Please help her.\n\n---------- Forwarded message ---------\nFrom: Ann Oak <ann@shop.example>\n"
        "Date: Wed, Oct 27, 2021 at 9:31 AM\nSubject: Tea\nTo: Mia <mia@marsh.example>, <bob@marsh.example>\n"
        "Cc: Cem <cem@marsh.example>\n\nHello Mia\n"
    )
    found = forwarded("Fwd: Tea", text)

    assert found is not None
    assert found.sender == Address("Ann Oak", "ann@shop.example")
    assert (found.subject, found.date) == ("Tea", "Wed, Oct 27, 2021 at 9:31 AM")
    assert [each.address for each in found.to] == ["mia@marsh.example", "bob@marsh.example"]
    assert [each.address for each in found.cc] == ["cem@marsh.example"]
    assert text[: found.words_end].strip() == "Please help her."
    assert text[found.body_start :] == "Hello Mia\n"


@pytest.mark.parametrize(
    "text",
    [
        f"> Begin forwarded message:\n>\n> From: {ANN}\n> Subject: Tea\n> Date: Monday\n> To: <m@m.example>\n>\n> Hello",
        f"> Videresendt melding:\n>\n> Fra: {ANN}\n> Emne: Tea\n> Dato: mandag\n> Til: m@m.example\n>\n> Hello",
        f"> Začátek přeposílané zprávy:\n>\n> Od: {ANN}\n> Předmět: Tea\n> Datum: 1.\n> Komu: m@m.example\n>\n> Hello",
        f"> Továbbított levél kezdete:\n>\n> Feladó: {ANN}\n> Tárgy: Tea\n> Címzett: m@m.example\n>\n> Hello",
        f"-------- Forwarded Message --------\nSubject: \tTea\nDate: \tMonday\nFrom: \t{ANN}\nTo: \tm@m.example\n\n\nHello",
        f"-------- Weitergeleitete Nachricht --------\nBetreff: Tea\nDatum: Montag\nVon: {ANN}\nAn: m@m.example\n\nHello",
        f"-------- Message transféré --------\nSujet : Tea\nDate : lundi\nDe : {ANN}\nPour : m@m.example\n\nHello",
        f"-------- Переслане повідомлення --------\nТема: Tea\nДата: 1\nВід: {ANN}\nКому: m@m.example\n\nHello",
        f"-------- İletilen İleti --------\nKonu: Tea\nTarih: 1\nKimden: {ANN}\nKime: m@m.example\n\nHello",
        f"---------- Mesaj redirecționat ---------\nDe la: {ANN}\nSubiect: Tea\nCătre: m@m.example\n\nHello",
        f"   ----- Videresendt melding ----- Fra: {ANN}Til: m@m.exampleSendt: 1, CETEmne: Tea\nHello",
        f"   ----- Mensagem reencaminhada ----- De: {ANN}Para: m@m.example Enviado: 1, CETAssunto Tea\nHello",
    ],
)
def test_what_says_that_it_was_sent_on_needs_no_subject(text: str) -> None:
    found = forwarded("", text)

    assert found is not None
    assert found.sender == Address("Ann Oak", "ann@shop.example")
    assert found.subject == "Tea"
    assert text[found.body_start :].strip("> \n") == "Hello"


@pytest.mark.parametrize(
    "subject",
    ["FW: Tea", "Fwd: Tea", "WG: Tea", "TR: Tea", "RV: Tea", "VS: Tea", "PD: Tea", "ENC: Tea", "I: Tea", "Redir.: Tea"],
)
@pytest.mark.parametrize(
    "heading",
    [
        "________________________________\nFrom: Ann Oak <ann@shop.example>\nSent: Monday\nTo: m@m.example\nSubject: Tea",
        "From: Ann Oak <ann@shop.example>\nDate: Monday\nTo: m@m.example\nSubject: Tea",
        '\ufeffOn 28/10/2021 12:46, "Ann Oak" <ann@shop.example> wrote:',
        "Ann Oak <ann@shop.example> kirjoitti 28/10/2021 12.46:",
        "28/10/2021 12:46 időpontban Ann Oak (ann@shop.example) ezt írta:",
        "Le 28/10/2021 12:46, « Ann Oak » <ann@shop.example> a écrit :",
    ],
)
def test_a_block_or_a_heading_is_enough_where_the_subject_says_so(subject: str, heading: str) -> None:
    text = f"Please help.\n\n{heading}\n\nHello Mia\n"
    found = forwarded(subject, text)

    assert found is not None
    assert found.sender == Address("Ann Oak", "ann@shop.example")
    assert found.subject == "Tea"
    assert text[: found.words_end].strip() == "Please help."
    assert text[found.body_start :].strip() == "Hello Mia"


def test_a_block_at_the_very_top_is_enough_too() -> None:
    assert forwarded("Tea", BLOCK) is not None
    assert forwarded("Re: Tea", BLOCK) is None
    assert forwarded("Tea", "On 3 May 2021 Ann <ann@shop.example> wrote:\n> Hello") is None
    assert forwarded("Tea", f"Words\n\n{BLOCK}") is None


@pytest.mark.parametrize(
    "text",
    [
        "Just words",
        "On 3 May 2021 at 10:00 Ann <ann@shop.example> wrote:\n> Hello",
        "New\n\nOn 3 May 2021 Ann <ann@shop.example> wrote:\n> Begin forwarded message:\n>\n> From: B <b@b.b>\n> To: c@c.c",
        f"New\n\n-----Original Message-----\n{BLOCK}",
        "Trip\nFrom: Berlin\nTo: Paris\nDate: 5 May",
        "",
    ],
)
def test_an_answer_is_not_taken_for_what_was_sent_on(text: str) -> None:
    assert forwarded("Re: Tea", text) is None


def test_a_subject_alone_makes_nothing_that_was_sent_on() -> None:
    assert forwarded("FW: Tea", "No block in here") is None


def test_recipients_are_read_as_programs_write_them() -> None:
    to = "Mia <m@m.example<mailto:m@m.example>>; 'Bob, Oak' <b@b.example<mailto:b@b.example>>; m@m.example"
    found = forwarded("FW: Tea", f"From: Ann <ann@shop.example>\nSent: Monday\nTo: {to}\nSubject: Tea\n\nHello")

    assert found is not None
    assert [each.address for each in found.to] == ["m@m.example", "b@b.example"]


def test_the_first_of_several_is_taken() -> None:
    found = forwarded("FW: Tea", f"{BLOCK}\nFrom: Bob <bob@b.example>\nDate: Sunday\nSubject: Milk\nTo: c@c.example\n\nOld\n")

    assert found is not None
    assert found.sender is not None
    assert found.sender.address == "ann@shop.example"


def test_a_sender_without_an_address_has_a_name_only() -> None:
    found = forwarded("FW: Tea", "-----Original Message-----\nFrom: Ann Oak\nSent: Monday\nTo: Mia\nSubject: Tea\n\nHello")

    assert found is not None
    assert (found.sender, found.sender_name) == (None, "Ann Oak")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("Oak, Ann <ann@shop.example>", "Oak, Ann"),
        ('"Ann Oak" <ann@shop.example>', "Ann Oak"),
        ("ann@shop.example", ""),
        ("<ann@shop.example>", ""),
        ("ann@shop.example <ann@shop.example>", ""),
        ("Ann Oak <ann@shop.example<mailto:ann@shop.example>>", "Ann Oak"),
        ("Ann Oak [mailto:ann@shop.example]", "Ann Oak"),
        ("Ann Oak<mailto:ann@shop.example> <ann@shop.example> on behalf of team@shop.example", "Ann Oak"),
    ],
)
def test_a_sender_is_read_as_programs_write_it(value: str, name: str) -> None:
    found = forwarded("FW: Tea", f"From: {value}\nSent: Monday\nTo: m@m.example\nSubject: Tea\n\nHello")

    assert found is not None
    assert found.sender == Address(name, "ann@shop.example")
