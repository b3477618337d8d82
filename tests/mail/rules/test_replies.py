"""Where a reply ends: what is told apart in plain text."""

from __future__ import annotations

import pytest

from deskhand.mail.rules.replies import MARKER, split


def visible(text: str) -> str:
    return text[: split(text)].strip()


@pytest.mark.parametrize(
    "heading",
    [
        "On Tue, 16 Nov 2021, 12:34 pm John - Acme <john@acme.example> wrote:",
        "On Tue, 16 Nov 2021, 12:34 pm John - Acme <john@acme.example>\nwrote:",
        "On Mon, Aug 26, 2019 at 4:37 PM The Hiring Engine <\na-long-address+1234@humanresources.example> wrote:",
        "On Nov 21, 2014,\nat 10:18,\nJohn Doe <john@doe.example> wrote:",
        "On Wed, 14 Nov 2018 08:14:43 -0200 John Doe <john@doe.example> wrote",
        "On 03/11/2021 15:51, John Doe wrote:",
        "On Thu, 31 Mar 2016 at 11:16 Some One\n\n<\nmailto:Some One <one@foo.example>\n> wrote:",
        "Am 03.02.2016 3:35 nachm. schrieb Max Mustermann <max@muster.example>:",
        "Max Mustermann <max@muster.example> schrieb am Fr., 28.\nApr. 2017 um 11:53 Uhr:",
        "Le lun. 15 nov. 2021 à 19:42, Jean <jean@acme.example>\na écrit :",
        "El jueves, 21 de noviembre de 2013, Ana escribió:",
        "El 28/10/2021, 12:46, Ana <ana@acme.example> escribió:",
        "Il giorno lun 3 gen 2022 alle ore 10:35 Anna <anna@acme.example> ha scritto:",
        "Em 2 de fevereiro de 2015 10:58, Rui <\nrui@acme.example> escreveu:",
        'Op 16 aug. 2014 05:13 schreef "Jan" <jan@acme.example> het\nvolgende geschreven:',
        "Den 24. nov. 2025 kl. 10.00 skrev Peter Petersen <peter@acme.example>:",
        "Den 15. jun. 2016 kl. 20.42 skrev Kari <kari@acme.example<mailto:kari@acme.example>>:",
        "pe 20. lokakuuta 2017 klo 17.50 Juha\n<juha@acme.example> kirjoitti:",
        "Dnia 27 grudnia 2016 12:08 Jan <jan@acme.example> napisał(a):",
        '23 mar 2017 21:25 "Neil" <neil@acme.example> napisał(a):',
        "Dne 3. 2. 2016 v 10:35 Jan <jan@acme.example> napsal(a):",
        "2016-02-03 10:35 GMT+01:00 Ján <jan@acme.example>:",
        "2016-03-03 17:21 GMT+01:00 Some One",
        "Kovács János <janos@acme.example> ezt írta (időpont: 2016. febr. 3., Sze, 4:58):",
        "3 Şubat 2016 10:35 tarihinde Can <can@acme.example> yazdı:",
        "ср, 3 февр. 2016 г. в 10:35, Иван <ivan@acme.example> написал(а):",
        "Thu, 26 Jun 2014 14:00:51 +0400 от Иван <ivan@acme.example>:",
        "ср, 3 лют. 2016 р. о 10:35 Іван <ivan@acme.example> пише:",
        "在 2016年12月12日，下午8:45，王 <wang@acme.example> 写道：",
    ],
)
@pytest.mark.parametrize("quotation", ["> Old words", "Old words"])
def test_the_heading_of_a_quotation_ends_the_reply(heading: str, quotation: str) -> None:
    assert visible(f"New words.\n\n{heading}\n\n{quotation}\n") == "New words."


@pytest.mark.parametrize(
    "block",
    [
        "From: Ann <ann@shop.example>\nSent: Monday, 5 December 2016 17:00\nTo: help@desk.example\nSubject: Tea",
        "*From:* Ann [mailto:ann@shop.example]\n*Sent:* Monday\n*To:* help@desk.example\n*Subject:* Tea",
        "________________________________\nFrom: Ann <ann@shop.example>\nSent: Monday\nTo: Bob\nSubject: Tea",
        "-----Original Message-----\nFrom: Ann\nSent: Monday",
        "----- Original Message -----\n\nHi Bob,",
        "-----Ursprüngliche Nachricht-----\nVon: Ann <ann@shop.example>\nGesendet: Montag",
        "-------- Message d'origine --------\nDe : Ann <ann@shop.example>\nÀ : b@c.example Objet : Thé",
        "-------- Oprindelig besked --------\nFra: Ann",
        "De : Ann <ann@shop.example>\nÀ : b@c.example Objet : Thé",
        "------------------------------\nFrom: Ann\nSent: Monday",
        "Van: Ann [mailto:ann@shop.example]\nVerzonden: maandag\nAan: bob@shop.example\nOnderwerp: Thee",
        "Da: Anna\nRisposta: Bob\nData: giovedì 8 ottobre 2015 15:26\nA: Bob\nOggetto: Tè",
        "      De : Ann <ann@shop.example>\n À : Bob <bob@shop.example>\n Envoyé le : Mercredi\n Objet : Thé",
        "Fra: Hanne <hanne@shop.example>\nSendt: 24. november 2025 09:30\nTil: Søren\nEmne: Te",
        "Från: Anna <anna@shop.example>\nSkickat: den 3 maj\nTill: Bo\nÄmne: Te",
        "Od: Jan <jan@shop.example>\nWysłano: środa\nDo: Anna\nTemat: Herbata",
        "От: Иван <ivan@shop.example>\nДата: среда\nКому: Анна\nТема: Чай",
        "差出人: 田中 <tanaka@shop.example>\n送信日時: 2016年2月3日\n宛先: 鈴木\n件名: お茶",
        "---------- Forwarded message ---------\nFrom: Ann <ann@shop.example>",
        "Reply-To: Ann <ann@shop.example>\nFrom: Ann <ann@shop.example>\nDate: Monday\nSubject: Tea",
    ],
)
def test_a_block_of_fields_ends_the_reply(block: str) -> None:
    assert visible(f"New words.\n\n{block}\n\nOld words\n") == "New words."


@pytest.mark.parametrize(
    "signature",
    [
        "--\nMia Marsh\nTea and more",
        "-- \nMia",
        "—\nMia",
        "_____________________________\nMia\nTea and more",
        "—————\nMia",
        "Sent from my iPhone",
        "Sent from my Galaxy, please excuse typos.",
        "Sent from Yahoo Mail on Android",
        "Sent from [Mail](https://go.example/?id=1) for Windows 10",
        "Sent with Airmail\n\nGet Outlook for iOS<https://aka.example/o>",
        "(sent from a phone)",
        "Envoyé de mon iPhone",
        "Envoyé à partir de Outlook pour iOS<https://aka.example/o>",
        "Von meinem Mobilgerät gesendet",
        "Gesendet von meinem iPad",
        "Diese Nachricht wurde von meinem Android-Mobiltelefon mit K-9 Mail gesendet.",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPad",
        "Sendt fra min iPad",
        "Skickat från min iPhone",
        "Lähetetty iPhonesta",
        "Wysłane z iPhone'a",
        "Отправлено с iPhone",
        "從我的 iPhone 傳送",
        "iPhoneから送信",
    ],
)
def test_a_signature_is_not_part_of_the_reply(signature: str) -> None:
    assert visible(f"New words.\n\n{signature}\n") == "New words."
    assert visible(f"New words.\n\n{signature}\n\nOn 3 May 2021 at 10:00 Ann <a@b.example> wrote:\n> Old\n") == "New words."


@pytest.mark.parametrize(
    "text",
    [
        "On this day\n\nI wrote something\n\nwhich was long.",
        "On Thursday:\n\nWe met.\n\nOn Friday:\n\nWe did not.",
        "One outstanding question I had:\n\nwhen I run this",
        "He wrote: hello.\nI answered.",
        "The customer wrote:\n\nnothing at all",
        "I'm writing because of:\n-- first point\n-- second point\n\nThanks!",
        "Key points\n----\n\n1. One\n\n----\n\nThese dashes are mine.\n\n====\n\nAnd these.",
        "The notification was sent from my iPhone app to all users.\n\nAll are sent from the main server.",
        "Here it is\n\nSent from my desk, is much easier then my mobile phone.",
        "Die Uhr ist da.\n\nGesendet mit DHL am 3. Mai.",
        "Le colis est parti.\n\nEnvoyé de Paris hier soir",
        "Times:\n2024-01-15 14:30:25\n15.01.2024 14:30\nJan 15, 2024 at 14:30",
        "Trip\nFrom: Berlin\nTo: Paris\nDate: 5 May",
        "Name: Mia\nEmail: mia@marsh.example\nSubject: Tea\nMessage: Hello",
        "Regards,\n\nMia\nCEO of Tea",
        "- one\n- two",
        "this is an email with a correct -- signature.",
        "> only a quotation",
        "On 3 May 2021 at 10:00 Ann <a@b.example> wrote:\n> Old",
        "From: Ann <ann@shop.example>\nSent: Monday\nTo: Bob\nSubject: Tea\n\nHello",
        f"New\n\n{'long ' * 400}",
        f"{'long ' * 400}\n\nNew",
        "---------- Forwarded message ---------\nFrom: Ann <ann@shop.example>\nSubject: Tea\n\nHello",
        "--\nMia",
        "Sent from my iPhone",
        "",
        "\n\n",
    ],
)
def test_own_words_are_kept_whole(text: str) -> None:
    assert visible(text) == text.strip()


def test_answers_between_quotations_are_kept_with_them() -> None:
    text = "On 3 May 2021 at 10:00 Ann <a@b.example> wrote:\n> One?\n\nYes.\n\n> Two?\n\nNo.\n\n> Three?\n> Bye\n\n--\nMia\n"

    assert visible(text).endswith("> Two?\n\nNo.")
    assert visible(text).startswith("On 3 May")


def test_answers_between_quotations_are_kept_below_own_words_too() -> None:
    text = "Hello Ann,\n\nOn 3 May 2021 at 10:00 Ann <a@b.example> wrote:\n> One?\n\nYes.\n\n> Two?\n"

    assert visible(text).endswith("> One?\n\nYes.")


def test_an_answer_below_the_quotation_is_kept() -> None:
    text = "On 3 May 2021 at 10:00 Ann <a@b.example> wrote:\n> One?\n\nYes.\n"

    assert visible(text) == text.strip()


def test_the_first_of_several_headings_ends_the_reply() -> None:
    text = "New\n\nOn 3 May 2021 Ann <a@b.example> wrote:\n\nOld\n\nOn 2 May 2021 Bob <b@b.example> wrote:\n\nOlder\n"

    assert visible(text) == "New"


def test_what_stands_below_our_marker_is_ours() -> None:
    assert visible(f"New\n\n> {MARKER}\n> Old\n\nOlder") == "New"
    assert visible(f"New\n{MARKER}\nOld") == "New"


def test_a_text_of_windows_is_split_as_any_other() -> None:
    text = "New\r\n\r\nOn 3 May 2021 at 10:00 Ann <a@b.example> wrote:\r\n> Old\r\n"

    assert text[: split(text)] == "New\r\n"


def test_nothing_is_cut_of_a_reply_that_is_too_long_to_be_looked_at() -> None:
    text = "words " * 60_000

    assert split(text) == len(text)
