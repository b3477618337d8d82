"""Reports by the standards, and what is none."""

from __future__ import annotations

import json

import pytest

from deskhand.mail.reading.reading import read
from deskhand.mail.rules.bounces import Action, Kind, Report, report
from tests.mail.rules.letters import raw, status

FAILED = (
    "Final-Recipient: rfc822; ann@shop.example\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 No such user"
)
DELAYED = "Final-Recipient: rfc822; bob@shop.example\r\nAction: delayed\r\nStatus: 4.4.1"
DELIVERED = "Final-Recipient: rfc822; cem@shop.example\r\nAction: relayed\r\nStatus: 2.0.0"


def read_report(message: bytes, envelope_sender: str | None = None) -> Report | None:
    return report(read(message), message, envelope_sender)


def found(message: bytes, envelope_sender: str | None = None) -> Report:
    told = read_report(message, envelope_sender)
    assert told is not None
    return told


def test_a_failed_recipient_has_address_status_and_the_servers_words() -> None:
    told = found(status(FAILED))

    assert told.kind is Kind.BOUNCE
    (one,) = told.outcomes
    assert (one.address, one.action, one.status) == ("ann@shop.example", Action.FAILED, "5.1.1")
    assert one.is_hard
    assert not one.is_temporary
    assert "No such user" in one.diagnostic


def test_a_delay_is_none_and_may_still_arrive() -> None:
    told = found(status(DELAYED))

    assert told.kind is Kind.DELAY
    assert told.outcomes[0].is_temporary
    assert not told.outcomes[0].is_hard


def test_what_was_delivered_or_handed_on_is_no_failure() -> None:
    told = found(status(DELIVERED))

    assert told.kind is Kind.DELIVERED
    assert told.outcomes[0].action is Action.DELIVERED


def test_each_recipient_has_an_outcome_and_the_worst_names_the_kind() -> None:
    told = found(status(DELIVERED, DELAYED, FAILED))

    assert told.kind is Kind.BOUNCE
    assert [each.address.partition("@")[0] for each in told.outcomes] == ["cem", "bob", "ann"]


def test_whom_we_wrote_to_counts_not_where_it_was_sent_on() -> None:
    told = found(status(f"Original-Recipient: rfc822; sales@shop.example\r\n{FAILED}"))

    assert (told.outcomes[0].address, told.outcomes[0].final) == ("sales@shop.example", "ann@shop.example")


def test_an_address_in_utf_8_is_read_with_its_escapes() -> None:
    told = found(status(r"Final-Recipient: utf-8; J\x{F6}rg@shop.example" + "\r\nAction: failed\r\nStatus: 5.1.1"))

    assert told.outcomes[0].address == "Jörg@shop.example"


def test_two_recipients_without_the_empty_line_between_are_two() -> None:
    assert [each.address for each in found(status(f"{FAILED}\r\n{DELAYED}")).outcomes] == [
        "ann@shop.example",
        "bob@shop.example",
    ]


def test_an_action_that_is_missing_follows_from_the_status() -> None:
    told = found(status("Final-Recipient: rfc822; ann@shop.example\r\nStatus: 4.2.2"))

    assert told.kind is Kind.DELAY


def test_a_reason_without_a_code_is_read_from_the_words() -> None:
    message = status(
        "Final-Recipient: rfc822; ann@shop.example\r\nAction: failed\r\nStatus: 5.0.0", text="<ann@shop.example>: unknown user"
    )

    assert found(message).outcomes[0].is_hard


def test_the_message_it_is_about_is_found_in_what_came_back() -> None:
    told = found(status(FAILED, returned="Message-ID: <t.7.abc@desk.example>\r\nSubject: Re: Tea\r\n\r\nHello"))

    assert told.message_ids[0] == "t.7.abc@desk.example"


def test_the_message_it_is_about_is_found_in_the_words() -> None:
    message = status(FAILED, text="About your message\r\nMessage-ID: <t.7.abc@desk.example>\r\nIt could not be delivered.")

    assert "t.7.abc@desk.example" in found(message).message_ids


def test_the_envelope_id_and_where_the_report_went_are_told() -> None:
    message = status("Original-Envelope-Id: d.42.mac\r\n\r\n" + FAILED).replace(
        b"To: help@desk.example", b"Delivered-To: help+b.42.mac@desk.example\r\nTo: help@desk.example"
    )
    told = found(message)

    assert told.envelope_id == "d.42.mac"
    assert told.sent_to == ("help@desk.example", "help+b.42.mac@desk.example")


def test_parts_that_cannot_be_told_apart_are_read_all_the_same() -> None:
    told = found(status(DELIVERED, FAILED).replace(b"boundary=b", b"boundary=other"))

    assert [(each.address, each.action) for each in told.outcomes] == [
        ("cem@shop.example", Action.DELIVERED),
        ("ann@shop.example", Action.FAILED),
    ]


def test_an_address_that_a_standard_report_does_not_give_is_taken_from_its_words() -> None:
    message = status(
        "Final-Recipient: rfc822;/var/mail/ann\r\nAction: failed\r\nStatus: 5.2.2", text="ann@shop.example\r\nfull"
    )

    assert [(each.address, each.status) for each in found(message).outcomes] == [("ann@shop.example", "5.2.2")]


def test_a_complaint_names_who_complained() -> None:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nAn abuse report\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\n"
        "Feedback-Type: abuse\r\nUser-Agent: x/1\r\nVersion: 1\r\nOriginal-Rcpt-To: <ann@shop.example>\r\n"
        "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <t.7.abc@desk.example>\r\n\r\nHello\r\n--b--\r\n"
    )
    told = found(raw(body, From="fbl@isp.example", Content_Type="multipart/report; report-type=feedback-report; boundary=b"))

    assert told.kind is Kind.COMPLAINT
    assert [(each.address, each.action) for each in told.outcomes] == [("ann@shop.example", Action.COMPLAINED)]
    assert told.message_ids == ("t.7.abc@desk.example",)


def test_unsubscribing_by_a_mail_program_is_a_complaint_of_its_user() -> None:
    told = found(raw("unsubscribe", X_Apple_Unsubscribe="true", Auto_Submitted="auto-replied"))

    assert (told.kind, told.outcomes[0].address) == (Kind.COMPLAINT, "mia@marsh.example")


def test_a_receipt_names_who_read_what() -> None:
    body = (
        "--b\r\nContent-Type: text/plain\r\n\r\nIt was read\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        "Final-Recipient: rfc822;mia@marsh.example\r\nOriginal-Message-ID: <t.7.abc@desk.example>\r\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n"
    )
    told = found(raw(body, Content_Type="multipart/report; report-type=disposition-notification; boundary=b"))

    assert (told.kind, told.outcomes[0].address, told.message_ids[0]) == (
        Kind.RECEIPT,
        "mia@marsh.example",
        "t.7.abc@desk.example",
    )


@pytest.mark.parametrize(
    ("told", "kind", "is_hard"),
    [
        (
            {
                "bounce": {
                    "bounceType": "Permanent",
                    "bouncedRecipients": [{"emailAddress": "ann@shop.example", "status": "5.1.1"}],
                }
            },
            Kind.BOUNCE,
            True,
        ),
        (
            {
                "bounce": {
                    "bounceType": "Transient",
                    "bouncedRecipients": [{"emailAddress": "ann@shop.example", "status": "5.1.1"}],
                }
            },
            Kind.BOUNCE,
            False,
        ),
        ({"complaint": {"complainedRecipients": [{"emailAddress": "ann@shop.example"}]}}, Kind.COMPLAINT, False),
        ({"delivery": {"recipients": ["ann@shop.example"], "smtpResponse": "250 2.0.0 ok"}}, Kind.DELIVERED, False),
    ],
)
def test_notifications_of_amazon_ses_are_reports(told: dict[str, object], kind: Kind, is_hard: bool) -> None:
    inner = json.dumps({**told, "mail": {"messageId": "0100-1", "commonHeaders": {"messageId": "<t.7.abc@desk.example>"}}})
    report = found(raw(json.dumps({"Type": "Notification", "Message": inner}), X_Amz_Sns_Message_Id="1"))

    assert report.kind is kind
    assert [(each.address, each.is_hard) for each in report.outcomes] == [("ann@shop.example", is_hard)]
    assert report.message_ids[:2] == ("t.7.abc@desk.example", "0100-1")


@pytest.mark.parametrize(
    "text",
    ["{", '{"a":' + "[" * 100_000, '{"Message": 7}', '{"bounce": []}', "{}", "nothing", '{"bounce": {"bouncedRecipients": 1}}'],
)
def test_what_only_looks_like_a_notification_is_a_letter(text: str) -> None:
    assert read_report(raw(text, X_Amz_Sns_Message_Id="1")) is None


def test_who_sends_a_report_on_is_heard() -> None:
    message = status(FAILED).replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed")
    message = message.replace(b"Mail Delivery System <mailer-daemon@mx.example>", b"Mia <mia@marsh.example>")

    assert read_report(message.replace(b"Subject: Undelivered", b"Subject: Fwd: Undelivered")) is None
    assert read_report(message) is not None


def test_a_report_that_hangs_on_a_letter_is_no_report() -> None:
    body = (
        "--c\r\nContent-Type: text/plain\r\n\r\nWhat is this?\r\n"
        f"--c\r\nContent-Type: message/rfc822\r\n\r\n{status(FAILED).decode()}\r\n--c--\r\n"
    )

    assert read_report(raw(body, Content_Type="multipart/mixed; boundary=c")) is None
