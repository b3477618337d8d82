"""Reports that follow no standard, and people who write like one."""

from __future__ import annotations

import pytest

from deskhand.mail.reading.reading import read
from deskhand.mail.rules.bounce_model import Action
from deskhand.mail.rules.bounce_reasons import is_hard, is_temporary, outcome
from deskhand.mail.rules.bounces import Kind, Outcome, Report, report
from tests.mail.rules.letters import raw


def read_report(text: str, envelope_sender: str | None = None, **headers: str) -> Report | None:
    message = raw(text, **headers)
    return report(read(message), message, envelope_sender)


def outcomes(text: str, **headers: str) -> list[tuple[str, bool]]:
    told = read_report(text, **({"From": "MAILER-DAEMON@mx.example", "Subject": "failure notice"} | headers))
    assert told is not None
    return [(each.address, each.is_hard) for each in told.outcomes]


QMAIL = """Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<ann@shop.example>:
192.0.2.7 does not like recipient.
Remote host said: 550 5.1.1 User unknown

<bob@shop.example>:
Sorry, the mailbox is full. 552 5.2.2 over quota

--- Below this line is a copy of the message.

Return-Path: <help@desk.example>
Message-ID: <t.7.abc@desk.example>
From: help@desk.example
To: eve@elsewhere.example
Subject: Tea

Hello
"""


def test_each_address_of_a_report_has_the_words_below_it() -> None:
    assert outcomes(QMAIL) == [("ann@shop.example", True), ("bob@shop.example", False)]


def test_the_id_is_found_in_the_message_that_came_back_in_the_text() -> None:
    told = read_report(QMAIL, From="MAILER-DAEMON@mx.example", Subject="failure notice")

    assert told is not None
    assert told.message_ids == ("t.7.abc@desk.example",)


def test_whom_mail_was_for_counts_not_where_exim_sent_it_on() -> None:
    text = """A message that you sent could not be delivered to one or more of its recipients.

  ann@isp.example
    (generated from sales@shop.example)
    SMTP error from remote mail server after RCPT TO:<ann@isp.example>: 550 No such user
"""
    told = read_report(text, From="Mailer-Daemon@mx.example", Subject="Mail delivery failed: returning message to sender")

    assert told is not None
    assert [(each.address, each.final, each.is_hard) for each in told.outcomes] == [
        ("sales@shop.example", "ann@isp.example", True)
    ]


def test_recipients_that_the_header_names_are_failed() -> None:
    assert outcomes("It did not work.", X_Failed_Recipients="ann@shop.example, bob@shop.example") == [
        ("ann@shop.example", False),
        ("bob@shop.example", False),
    ]


def test_a_report_that_names_nobody_is_about_whom_the_message_was_to() -> None:
    text = "Undeliverable message.\n\nOriginal message:\nFrom: help@desk.example\nTo: ann@shop.example\nSubject: Tea\n"

    assert [address for address, _ in outcomes(text)] == ["ann@shop.example"]


def test_a_warning_that_it_takes_long_is_a_delay() -> None:
    text = "Your letter for ann@shop.example is still being tried. Delivery is delayed.\n"
    told = read_report(text, From="Mailer-Daemon@mx.example", Subject="Delivery status")

    assert told is not None
    assert told.kind is Kind.DELAY
    assert told.outcomes[0].action is Action.DELAYED


def test_the_null_path_of_the_envelope_helps_to_know_a_report() -> None:
    text = "Your mail to <ann@shop.example> could not be delivered: 550 5.1.1"

    assert read_report(text, Subject="Mail") is None
    assert read_report(text, "", Subject="Mail") is not None


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("Delivery failed", "My parcel was not delivered. It could not be delivered on Monday either.", {}),
        ("Delivery problem", "Order 550 units: not delivered. I wrote to info@courier.example as well.", {}),
        ("Undeliverable: your newsletter", "It says it could not be delivered to you. Why?", {}),
        ("Re: Undelivered Mail Returned to Sender", "I got this:\n> 550 5.1.1 <ann@shop.example> user unknown", {}),
        (
            "Fwd: failure notice",
            "It was not delivered:\n\nReceived: from x\nMessage-ID: <a@b>\nFrom: a@b\nSubject: not delivered\n",
            {},
        ),
        ("Mail error", "Since Monday I get: message could not be delivered 5.7.1. What is wrong?", {}),
        ("Warning: message", "The invoice was returned to you, user unknown to me.", {}),
        ("Order 550", "We need 550 units.", {"From": "Pat Postmaster <postmaster@small.example>"}),
        ("Returned", "I returned the shoes", {"Return_Path": "<>"}),
        ("Holiday", "I am away, my answer will be delayed", {"Return_Path": "<>", "Auto_Submitted": "auto-replied"}),
        ("Automatic reply: Tea", "Mail to me could not be delivered 5.1.1", {"Return_Path": "<>"}),
        ("Out of office", "I left. Mail is undeliverable: 550 5.1.1", {"From": "mailer-daemon@x.example"}),
    ],
)
def test_what_people_and_their_programs_write_is_no_report(subject: str, text: str, headers: dict[str, str]) -> None:
    assert read_report(text, Subject=subject, **headers) is None


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.1.1", ""),
        ("5.1.2", "host unknown"),
        ("5.1.10", "RESOLVER.ADR.RecipientNotFound"),
        ("5.0.0", "550 No such user here"),
        ("5.0.0", "User not listed in public Name & Address Book: not listed in directory"),
        ("", "550 <ann@shop.example>: Recipient address rejected: User unknown in local recipient table"),
        ("", "The email account that you tried to reach does not exist"),
        ("", "Host or domain name not found. Name service error: Host not found"),
        ("", "No MX record found for domain=shop.example"),
        ("5.2.1", "550 5.2.1 User Unknown"),
        ("4.4.4", "no such host"),
        ("", "550 <ann@shop.example> does not exist"),
        ("", "User ann@shop.example unknown"),
        ("", "550 We do not have a user by that name"),
        ("", "all relevant MX records point to non-existent hosts"),
        ("5.0.0", "this address is no longer valid, she has moved"),
    ],
)
def test_nobody_is_there(status: str, words: str) -> None:
    assert is_hard(status, words)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("5.2.2", "mailbox full"),
        ("5.7.1", "550 5.7.1 rejected for policy reasons, user unknown"),
        ("5.1.1", "552 mailbox is full"),
        ("", "550 blocked by spamhaus: no such user"),
        ("", "Host not found, try again"),
        ("", "550 Sender address rejected: Domain not found"),
        ("5.1.8", "sender domain does not exist"),
        ("5.0.0", "550 Unknown user (in reply to end of DATA command)"),
        ("", "452 4.2.2 over quota"),
        ("5.3.4", "message too large"),
        ("4.4.7", "delivery time expired"),
        ("", "421 try again later"),
        ("", ""),
    ],
)
def test_somebody_may_be_there(status: str, words: str) -> None:
    assert not is_hard(status, words)


def test_what_words_say_first_counts() -> None:
    assert is_hard("", "550 user unknown; later: connection timed out")
    assert not is_hard("", "connection timed out; later: user unknown")


@pytest.mark.parametrize(
    ("status", "words", "is_so"),
    [("4.2.2", "", True), ("5.1.1", "450 x", False), ("", "450 wait", True), ("", "550 no", False)],
)
def test_temporary_is_what_begins_with_four(status: str, words: str, is_so: bool) -> None:
    assert is_temporary(status, words) is is_so


def test_a_status_of_the_words_takes_the_place_of_one_that_says_nothing() -> None:
    assert outcome("a@b", Action.FAILED, "5.0.0", "smtp; 550 5.7.26 not authenticated").status == "5.7.26"
    assert outcome("a@b", Action.FAILED, "5.1.1", "smtp; 550 5.7.26 not authenticated").status == "5.1.1"
    assert outcome("a@b", Action.FAILED, "", "smtp; 550 no").status == ""


def test_the_guess_that_a_gateway_puts_first_is_not_the_servers_word() -> None:
    found = outcome("a@b", Action.FAILED, "5.0.0", "smtp; 5.1.0 - Unknown address error 550-'5.2.2 Mailbox Full'")

    assert (found.status, found.is_hard) == ("5.2.2", False)


def test_words_of_a_server_are_kept_within_bounds() -> None:
    assert len(outcome("a@b", Action.FAILED, "", "x" * 100_000).diagnostic) == 2000
    assert outcome("a@b", Action.DELIVERED, "2.0.0", "user unknown") == Outcome(
        "a@b", Action.DELIVERED, "2.0.0", "user unknown"
    )
