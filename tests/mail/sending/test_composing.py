"""Letters as bytes: what must stand in them, and what can never get into a header (security checklist 10)."""

from __future__ import annotations

import base64
import email
import email.policy
import hashlib
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec import structs

from deskhand.kernel.words import Words
from deskhand.mail.composing import bodies, headers
from deskhand.mail.composing.headers import NAMES, Unwritable, one_line
from deskhand.mail.composing.letter import compose
from deskhand.mail.composing.signing import NoKey, record, signed
from deskhand.mail.composing.templates import VARIABLES, in_html, in_text, mistakes, template_of
from deskhand.mail.model import Options, OutFile, Outgoing, OutgoingKind, Party, Template
from deskhand.mail.reading.addresses import addresses

AT = datetime(2026, 4, 2, 6, 5, 4, tzinfo=UTC)
PLAIN = Outgoing(
    sender=Party("Ines (Help)", "help@desk.test"),
    to=[Party("Pavel Lund", "pavel@mail.test")],
    subject="Re: Parcel",
    html="<p>In Lund.</p>",
    text="In Lund.",
    message_id="t.2.804d08bcafe01234@desk.test",
)
FILE = OutFile("map.png", "image/png", 3, "k", "")
LONG_ID = "x" * 180 + "@a-long-provider.example"


def read(letter: Outgoing, **more: Any) -> EmailMessage:
    """A letter as the strictest reader of the stdlib sees it."""
    message = email.message_from_bytes(compose(letter, {"k": b"abc"}, AT, **more), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    assert [each.defects for each in message.walk()] == [[]] * len(list(message.walk()))
    return message


def test_each_try_has_the_same_bytes() -> None:
    letter = structs.replace(PLAIN, files=[FILE, structs.replace(FILE, content_id="a@x")], html='<img src="cid:a@x">')
    assert compose(letter, {"k": b"abc"}, AT) == compose(letter, {"k": b"abc"}, AT)


def test_pictures_of_the_body_lie_beside_it_and_files_around_both() -> None:
    letter = structs.replace(PLAIN, files=[FILE, structs.replace(FILE, content_id="a@x")], html='<img src="cid:a@x">')
    assert [each.get_content_type() for each in read(letter).walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "image/png",
    ]
    assert [each["Content-Disposition"].content_disposition for each in read(letter).walk() if each["Content-ID"]] == ["inline"]
    assert [each.get_content_type() for each in read(PLAIN).walk()] == ["multipart/alternative", "text/plain", "text/html"]


def test_ids_longer_than_a_line_are_never_encoded() -> None:
    letter = structs.replace(PLAIN, message_id=LONG_ID, in_reply_to=LONG_ID, references=[LONG_ID] * 21)
    content = compose(letter, {}, AT)
    assert content.count(f"<{LONG_ID}>".encode()) == 23
    assert b"=?" not in content.partition(b"\r\n\r\n")[0]
    assert all(len(line) <= 998 for line in content.split(b"\r\n"))


def test_bcc_stands_nowhere_and_the_date_is_utc() -> None:
    letter = structs.replace(PLAIN, bcc=[Party("", "secret@x.test")])
    assert b"secret" not in compose(letter, {}, AT)
    assert read(letter)["Date"] == "Thu, 02 Apr 2026 06:05:04 +0000"


def test_automatic_mail_says_so_and_offers_one_click() -> None:
    letter = structs.replace(
        PLAIN, is_automatic=True, loop_mark="1.abc", unsubscribe_url="https://d.test/u/1", in_reply_to="a@b"
    )
    message = read(letter)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message["X-Deskhand-Loop"] == "1.abc"
    assert message["List-Unsubscribe"] == "<https://d.test/u/1>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


WORDS = [
    "Grüße",
    "日本語テキスト" * 20,
    "x" * 300,
    "a " * 200 + "b",
    "two  spaces",
    " =?utf-8?q?x?= ",
    'quote " and \\ and , ;',
    "🎉" * 50,
]


@pytest.mark.parametrize("words", WORDS)
def test_subjects_names_and_file_names_arrive_as_they_were(words: str) -> None:
    words = words.strip()
    letter = structs.replace(PLAIN, subject=words, files=[structs.replace(FILE, filename=words[:60].strip())])
    message = read(structs.replace(letter, to=[Party(words, "p@x.test")]))
    assert message["Subject"] == words
    assert [each.get_filename() for each in message.walk() if each.get_filename()] == [words[:60].strip()]
    wanted = " ".join(each for each in words.replace('"', " ").replace("\\", " ").split(" ") if each)[:200]
    raw = email.message_from_bytes(compose(structs.replace(letter, to=[Party(words, "p@x.test")]), {"k": b""}, AT))
    assert [each.name for each in addresses(str(raw["To"]))] == [wanted.strip()], "the stdlib puts spaces into long names"


def test_a_display_name_looks_like_no_address() -> None:
    message = read(structs.replace(PLAIN, sender=Party('ceo@bank.test" <x@y.test>', "help@desk.test")))
    (address,) = message["From"].addresses
    assert address.addr_spec == "help@desk.test"
    assert "@" not in address.display_name


EVIL = {
    "CR": "a\rBcc: evil@x.test",
    "LF": "a\nBcc: evil@x.test",
    "CRLF": "a\r\nBcc: evil@x.test",
    "NUL": "a\0b",
    "U+2028": "a\u2028Bcc: evil@x.test",
    "U+0085": "a\x85Bcc: evil@x.test",
    "VT": "a\x0bBcc: evil@x.test",
    "encoded Q": "=?utf-8?q?a=0D=0ABcc:evil@x.test?=",
    "encoded B": "=?utf-8?b?YQ0KQmNjOiBldmlsQHgudGVzdA==?=",
    "encoded LF": "=?us-ascii?q?a=0ABcc:evil@x.test?=",
    "encoded NUL": "=?utf-8?q?a=00?=",
    "surrogate": "a\udc0d\udc0aBcc: evil@x.test",
}
SOURCES: dict[str, Any] = {
    "subject": lambda evil: structs.replace(PLAIN, subject=evil),
    "sender name": lambda evil: structs.replace(PLAIN, sender=Party(evil, "help@desk.test")),
    "sender": lambda evil: structs.replace(PLAIN, sender=Party("", f"{evil}@desk.test")),
    "to name": lambda evil: structs.replace(PLAIN, to=[Party(evil, "p@x.test")]),
    "to": lambda evil: structs.replace(PLAIN, to=[Party("", f"{evil}@x.test")]),
    "to domain": lambda evil: structs.replace(PLAIN, to=[Party("", f"p@x.{evil}")]),
    "cc": lambda evil: structs.replace(PLAIN, cc=[Party(evil, f"{evil}@x.test")]),
    "reply to": lambda evil: structs.replace(PLAIN, reply_to=Party(evil, "p@x.test")),
    "message id": lambda evil: structs.replace(PLAIN, message_id=f"{evil}@x.test"),
    "in reply to": lambda evil: structs.replace(PLAIN, in_reply_to=f"{evil}@x.test"),
    "references": lambda evil: structs.replace(PLAIN, references=["a@b", f"{evil}@x.test"]),
    "file name": lambda evil: structs.replace(PLAIN, files=[structs.replace(FILE, filename=evil)]),
    "file type": lambda evil: structs.replace(PLAIN, files=[structs.replace(FILE, mime_type=f"text/plain{evil}")]),
    "content id": lambda evil: structs.replace(PLAIN, html=f"cid:{evil}", files=[structs.replace(FILE, content_id=evil)]),
    "loop mark": lambda evil: structs.replace(PLAIN, loop_mark=evil),
    "unsubscribe": lambda evil: structs.replace(PLAIN, unsubscribe_url=f"https://d.test/{evil}"),
}


@pytest.mark.parametrize("evil", EVIL)
@pytest.mark.parametrize("source", SOURCES)
def test_nothing_breaks_out_of_a_header(source: str, evil: str) -> None:
    letter = SOURCES[source](EVIL[evil])
    try:
        content = compose(letter, {"k": b"abc"}, AT, utf8=True)
    except Unwritable:
        return
    assert source == "file type", "what cannot be written is refused; only an unknown type becomes another"
    for part in email.message_from_bytes(content).walk():
        assert set(part) <= NAMES
    assert b"evil" not in content


@pytest.mark.parametrize("evil", EVIL.values())
def test_what_people_write_is_made_one_line_before_and_can_then_be_sent(evil: str) -> None:
    plain = one_line(evil)
    message = read(structs.replace(PLAIN, subject=plain, to=[Party(plain, "p@x.test")]))
    assert set(message) <= NAMES
    assert message["Bcc"] is None


def test_only_headers_of_ours_can_be_written() -> None:
    letter = EmailMessage(headers.POLICY)
    with pytest.raises(Unwritable):
        letter["Bcc"] = "x@y.test"


def test_domains_are_written_as_a_labels_and_other_scripts_only_where_the_server_takes_them() -> None:
    letter = structs.replace(PLAIN, to=[Party("", "pavel@müller.test")], cc=[Party("", "пётр@x.test")])
    assert b"<pavel@xn--mller-kva.test>" in compose(letter, {}, AT)
    assert "пётр".encode() not in compose(letter, {}, AT)
    assert "Cc: <пётр@x.test>".encode() in compose(letter, {}, AT, utf8=True)


def test_a_file_that_claims_to_be_a_message_is_plain_bytes() -> None:
    for claimed in ("message/rfc822", "multipart/mixed", "nonsense", "text/html; x=y"):
        message = read(structs.replace(PLAIN, files=[structs.replace(FILE, mime_type=claimed)]))
        assert list(message.iter_attachments())[-1].get_content_type() == "application/octet-stream"


@pytest.mark.parametrize("changes", ["", "body", "subject", "second from"])
def test_an_rsa_signature_is_good_until_something_is_changed(changes: str) -> None:
    pem = _pem(generate_private_key(65537, 2048))
    letter = structs.replace(PLAIN, subject="Grüße " * 30, references=["a@b"] * 21)
    content = signed(compose(letter, {}, AT), pem, "desk.test", "d1", AT)
    match changes:
        case "body":
            content = content.replace(b"Lund", b"Kiev")
        case "subject":
            content = content.replace(b"Subject: ", b"Subject: x")
        case "second from":
            content = content.replace(b"MIME-Version", b"From: <x@y.test>\r\nMIME-Version")
    assert dkim.verify(content, dnsfunc=lambda *_, **__: record(pem).encode()) is (changes == "")


def test_an_ed25519_signature_covers_what_the_rsa_one_does() -> None:
    key = Ed25519PrivateKey.generate()
    content = compose(PLAIN, {}, AT)
    by_ed = signed(content, _pem(key), "desk.test", "d1", AT)
    assert by_ed == signed(content, _pem(key), "desk.test", "d1", AT)
    assert by_ed.endswith(content)
    # RFC 8463: the signature is made over the hash of what RFC 6376 signs; dkimpy tells us what that is.
    verifier = dkim.DKIM(by_ed)
    sig, include, _ = verifier.verify_headerprep()
    policy = dkim.CanonicalizationPolicy.from_c_value(sig[b"c"])
    hasher = dkim.HashThrough(hashlib.sha256())
    fields = policy.canonicalize_headers(verifier.headers)
    dkim.hash_headers(hasher, policy, fields, include, verifier.headers[0], sig)
    mark = base64.b64decode("".join(sig[b"b"].decode().split()))
    key.public_key().verify(mark, hasher.digest())
    with pytest.raises(NoKey):
        signed(content, "nonsense", "desk.test", "d1", AT)


PAYLOADS = [
    "{{7*7}}",
    "${7*7}",
    "<%= 7*7 %>",
    "#{7*7}",
    "{{''.__class__.__mro__}}",
    "{%import os%}",
    "{{customer.email}}",
    "{{message}}",
    "{php}echo 7*7;{/php}",
    "[[${7*7}]]",
]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_value_is_never_read_as_a_template(payload: str) -> None:
    values = dict.fromkeys(VARIABLES, payload)
    assert in_text("Hi {{customer.firstName}}!", values) == f"Hi {payload}!"
    assert "49" not in in_html("Hi {{customer.firstName}}!", values)
    body = bodies.written(Template("", "<p>{{customer.firstName}}</p>{{message}}"), values, {"message": bodies.part(payload)})
    assert "49" not in body.html + body.text
    assert payload in body.text


def test_unknown_variables_are_refused_by_name() -> None:
    options = Options(
        signature="{{user.password}}",
        templates={
            "reply": Template("{{message}}", "{{7*7}}", "{{ customer.firstName, fallback=you }}"),
            "nonsense": Template(),
        },
    )
    found = mistakes(options)
    assert [path for path, _ in found] == ["signature", "templates.reply.subject", "templates.reply.html", "templates.nonsense"]
    assert "{{user.password}} is not a variable" in found[0][1]
    assert mistakes(Options()) == []
    assert all(not mistakes(Options(templates={kind.value: template_of(Options(), kind, Words(AT))})) for kind in OutgoingKind)


def test_a_value_in_an_address_cannot_make_it_another_kind() -> None:
    values = dict.fromkeys(VARIABLES, "javascript:alert(1)")
    body = bodies.written(Template("", '<a href="{{conversation.subject}}">x</a>'), values, {})
    assert "javascript" not in body.html


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("Parcel", "Re: Parcel"),
        ("RE: Parcel", "Re: Parcel"),
        ("Re: AW: Sv: Parcel", "Re: Parcel"),
        ("Re[4]: Parcel", "Re: Parcel"),
        ("回复：Parcel", "Re: Parcel"),
        ("Report", "Re: Report"),
        ("Regarding: you", "Re: Regarding: you"),
        ("Parcel [#12]", "Re: Parcel"),
        ("Re:\r\nBcc: x@y.test", "Re: Bcc: x@y.test"),
        ("", "Re:"),
        ("x" * 2000, "Re: " + "x" * 500),
    ],
)
def test_re_stands_once(given: str, made: str) -> None:
    assert bodies.subject(given) == made


def _pem(key: Any) -> str:
    return str(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
