"""Which letters a machine wrote, and which may have an automatic answer."""

from __future__ import annotations

import pytest

from deskhand.mail.rules.automatic import is_likely, machine
from tests.mail.rules.letters import letter


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; owner-email=x"},
        {"Auto_Submitted": "Auto-Notified (by a robot)"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "Holiday"},
        {"X_Autoresponder": "1"},
        {"X_Auto_Reply": "true"},
        {"X_Mail_Autoreply": "x"},
        {"Precedence": "auto_reply"},
        {"Precedence": "Auto-Reply"},
        {"Return_Path": "<>"},
        {"From": "MAILER-DAEMON@mx.example"},
        {"From": "Mail Delivery Subsystem <bounce@mx.example>"},
        {"From": "postmaster@mx.example"},
        {"Content_Type": "multipart/report; boundary=b"},
    ],
    ids=str,
)
def test_what_says_that_a_program_wrote_it(headers: dict[str, str]) -> None:
    found = machine(letter(**headers))

    assert found.is_automatic
    assert not found.counts_as_answer
    assert not found.may_be_answered
    assert found.evidence


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "No; a-parameter=auto-replied"},
        {"Auto_Submitted": "no (a person)"},
        {"X_Autoreply": "no"},
        {"Precedence": "first-class"},
        {"Return_Path": "<mia@marsh.example>"},
        {"From": "Postma Ster <sterre@postma.example>"},
        {"Content_Type": "multipart/mixed; boundary=report"},
        {"X_Auto_Response_Suppress": "All"},
    ],
    ids=str,
)
def test_a_person_is_not_taken_for_a_program(headers: dict[str, str]) -> None:
    assert machine(letter(**headers)).counts_as_answer


def test_the_null_path_of_the_envelope_is_as_good_as_that_of_the_header() -> None:
    assert machine(letter(), envelope_sender="").evidence == ("MAIL FROM: <>",)
    assert not machine(letter(), envelope_sender="mia@marsh.example").is_automatic
    assert not machine(letter(), envelope_sender=None).is_automatic


@pytest.mark.parametrize(
    "headers",
    [
        {"List_Id": "Friends of tea <tea.lists.example>"},
        {"List_Unsubscribe": "<https://shop.example/leave>"},
        {"Feedback_ID": "1:2:shop"},
        {"Precedence": "bulk"},
        {"Precedence": "LIST"},
        {"Precedence": "junk"},
    ],
    ids=str,
)
def test_what_goes_to_many_is_bulk_and_gets_no_automatic_answer(headers: dict[str, str]) -> None:
    found = machine(letter(**headers))

    assert found.is_bulk
    assert not found.is_automatic
    assert found.counts_as_answer
    assert not found.may_be_answered


@pytest.mark.parametrize("value", ["All", "OOF", "DR, AutoReply", "autoreply; x"])
def test_who_wants_no_automatic_answer_gets_none(value: str) -> None:
    found = machine(letter(X_Auto_Response_Suppress=value))

    assert found.asks_for_silence
    assert not found.may_be_answered


@pytest.mark.parametrize("value", ["DR", "RN, NRN", "none", ""])
def test_other_receipts_may_be_unwanted_without_that(value: str) -> None:
    assert machine(letter(X_Auto_Response_Suppress=value)).may_be_answered


@pytest.mark.parametrize(
    "address", ["no-reply@shop.example", "NoReply@shop.example", "do_not_reply@x.example", "ne-pas-repondre@x.example"]
)
def test_addresses_that_nobody_reads_are_not_answered(address: str) -> None:
    assert machine(letter(From=address)).is_unanswerable
    assert machine(letter(Reply_To=address)).is_unanswerable


@pytest.mark.parametrize("address", ["reply@shop.example", "nora.replyson@shop.example", "answers@shop.example"])
def test_addresses_that_somebody_reads_are(address: str) -> None:
    assert machine(letter(From=address)).may_be_answered


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Your order",
        "Auto-Reply: hello",
        "Out of office",
        "Out of Office AutoReply: Invoice",
        "Out of the office - back on Monday",
        "Automatische Antwort: Ihre Bestellung",
        "Abwesenheitsnotiz: Rechnung",
        "Abwesend",
        "Réponse automatique : Commande",
        "REPONSE AUTOMATIQUE: Commande",
        "Respuesta automática: Pedido",
        "Resposta automática: Pedido",
        "Risposta automatica: Ordine",
        "Automatisch antwoord: Bestelling",
        "Autosvar: Ordre",
        "Automatisk svar: Ordre",
        "Autosvar",
        "Automaattinen vastaus: Tilaus",
        "Automatyczna odpowiedź: Zamówienie",
        "Automatická odpověď: Objednávka",
        "Automatikus válasz: Rendelés",
        "Otomatik yanıt: Sipariş",
        "Автоматический ответ: Заказ",
        "Автоматична відповідь: Замовлення",
        "Răspuns automat: Comandă",
        "自動応答: 注文",
        "自动答复: 订单",
    ],
)
def test_subjects_of_automatic_replies_are_known(subject: str) -> None:
    assert is_likely(subject)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Automatic reply does not work",
        "Re: Automatic reply: Your order",
        "How do I set an out of office",
        "Out of office chairs?",
        "Your automatic reply",
        "Abwesend am Montag",
        "Problème de réponse automatique",
        "Automatic watch",
    ],
)
def test_subjects_that_speak_of_automatic_replies_are_those_of_people(subject: str) -> None:
    assert not is_likely(subject)
