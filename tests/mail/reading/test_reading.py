"""A message in, a letter out (email rules 3): its headers, what is shown of it, its files, and what is too much."""

from __future__ import annotations

import hashlib
import random
from email.message import EmailMessage

import pytest

from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Asked, Digest
from deskhand.mail.reading.letter import Limit, Limits
from deskhand.mail.reading.reading import head, read
from tests.mail.corpus import cases

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73")
PDF = b"%PDF-1.4 x"


def said(*headers: str, body: str = "Hello\n") -> bytes:
    """A message with these header lines."""
    return "\n".join(["From: a@b.test", *headers, "", body]).encode("utf-8", "surrogateescape")


def parts(*several: str, kind: str = "mixed") -> bytes:
    """A message of parts, each with headers of its own."""
    inner = "".join(f"--b\n{each}\n" for each in several)
    return said("MIME-Version: 1.0", f'Content-Type: multipart/{kind}; boundary="b"', body=f"{inner}--b--\n")


def taken(raw: bytes) -> tuple[Digest, dict[str, bytes]]:
    """What becomes of a message, and its files by their keys."""
    files: dict[str, bytes] = {}

    def keep(content: bytes) -> str:
        key = hashlib.sha256(content).hexdigest()
        files[key] = content
        return key

    return digest(raw, Asked(blob="b"), keep), files


def named(header: str) -> str:
    """The name of a file whose part has this header."""
    found, _ = taken(parts("Content-Type: text/plain\n\nHi", f"Content-Type: application/zip\n{header}\n\nx"))
    return found.files[0].filename


@pytest.mark.parametrize(
    ("value", "subject"),
    [
        ("=?utf-8?B?4oI=?= =?utf-8?B?rCAx?=", "€ 1"),  # a character in two words
        ("=?iso-2022-jp?B?GyRCRnxLXDhsGyhC?= ok", "日本語 ok"),
        ("=?utf-8?Q?a?= =?iso-8859-1?Q?=E4?=", "aä"),
        ("=?utf-8?Q?a?= b =?utf-8?Q?c?=", "a b c"),
        ('"=?utf-8?Q?=C3=A4?="', '"ä"'),  # inside quotes, where none should be
        ("=?utf-8?Q?two words?=", "two words"),  # with raw spaces
        ("Grüße", "Grüße"),  # raw UTF-8
        ("a\u202eb\u0007c", "abc"),  # what turns writing round, and control characters
        ("=?utf-8?Q?a=0D=0Ab?=", "a b"),
        ("one\n two", "one two"),
    ],
)
def test_subjects(value: str, subject: str) -> None:
    assert " ".join(read(said(f"Subject: {value}")).subject.split()) == subject


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('Content-Disposition: attachment; filename="=?utf-8?Q?=C3=A4.zip?="', "ä.zip"),
        ("Content-Disposition: attachment; filename*=utf-8''%C3%A4.zip", "ä.zip"),
        ("Content-Disposition: attachment; filename*0*=utf-8''%C3%A4; filename*1=bc.zip", "äbc.zip"),
        ("Content-Disposition: attachment; filename=plain.zip; filename*=utf-8''%C3%A4.zip", "ä.zip"),  # both forms at once
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "passwd"),
        ('Content-Disposition: attachment; filename="C:\\\\dir\\\\a.zip"', "a.zip"),
        ('Content-Disposition: attachment; filename="...hidden.zip"', "hidden.zip"),
        ('Content-Disposition: attachment; filename="a\u202efdp.exe"', "afdp.exe"),
        ("Content-Disposition: attachment", "application-1.zip"),
    ],
)
def test_names_of_files(header: str, name: str) -> None:
    assert named(header) == name


def test_a_long_name_keeps_its_ending() -> None:
    name = named(f'Content-Disposition: attachment; filename="{"ä" * 300}.zip"')
    assert name.endswith("ä.zip")
    assert len(name.encode()) <= 200


@pytest.mark.parametrize(
    ("value", "sender"),
    [
        ("Ona <ona@shop.test>", "ona@shop.test"),
        ("ona@SHOP.test (Ona)", "ona@shop.test"),
        ('"a@evil.test" <ona@shop.test>', "ona@shop.test"),
        ("Ona <ona@xn--bcher-kva.test>", "ona@bücher.test"),
        ("a@b.test, c@d.test", None),
        ("a@b.test <c@d.test>, ", None),  # two readings
        ("alice@shop.test)bob@evil.test", None),  # CVE-2023-27043
        ("<>", None),
        ("Nobody", None),
        ("a@b@c.test", None),
        ("undisclosed-recipients:;", None),
    ],
)
def test_who_wrote(value: str, sender: str | None) -> None:
    found, _ = taken(f"From: {value}\n\nHi\n".encode())
    assert (found.sender.address if found.sender else None) == sender


def test_groups_are_opened_and_empty_brackets_are_nobody() -> None:
    letter = read(said("To: Team: ona@shop.test, Ada <ada@shop.test>;, <>, x (a, b@c.test) <y@z.test>"))
    assert [each.address for each in letter.to] == ["ona@shop.test", "ada@shop.test", "y@z.test"]


@pytest.mark.parametrize(
    ("more", "body", "shown"),
    [
        ("", "one \ntwo\n", "one <br>two"),
        ("; format=flowed", "one \ntwo\nthree\n", "one two<br>three"),
        ("; format=flowed; delsp=yes", "ein \nwort\n", "einwort"),
        ("; format=flowed", "> a \n> b\nc\n", "&gt; a b<br>c"),
        ("; format=flowed", "-- \nOna\n", "-- <br>Ona"),
    ],
)
def test_lines_of_plain_text(more: str, body: str, shown: str) -> None:
    found, _ = taken(said(f"Content-Type: text/plain{more}", body=body))
    assert found.body.replace("\n", "").removesuffix("<br>") == shown


def test_html_is_for_show_and_text_beside_it_is_no_file() -> None:
    found, _ = taken(
        parts("Content-Type: text/plain\n\nplain", "Content-Type: text/html\n\n<b>html</b>", kind="alternative"),
    )
    assert (found.body.strip(), found.files) == ("<b>html</b>", [])


def test_mixed_texts_are_joined_in_their_order() -> None:
    found, _ = taken(parts("Content-Type: text/plain\n\nfirst", "Content-Type: text/html\n\n<b>second</b>"))
    assert found.body.index("first") < found.body.index("<b>second</b>")


@pytest.mark.parametrize(
    ("encoding", "body", "content"),
    [
        ("base64", "UERG*!\nMQ", b"PDF1"),  # foreign characters, no padding
        ("base64", "UERGM", b"PDF"),  # an odd tail
        ("quoted-printable", "a=\nb=3D=Z", b"ab==Z"),
        ("x-unheard-of", "as it is", b"as it is"),
        ("x-uuencode", "begin 644 a\n#4$1&\n`\nend\n", b"PDF"),
    ],
)
def test_encodings_of_files(encoding: str, body: str, content: bytes) -> None:
    _, files = taken(parts("\nHi", f"Content-Type: application/zip\nContent-Transfer-Encoding: {encoding}\n\n{body}"))
    assert [each.strip() for each in files.values()] == [content]


def test_what_is_uuencoded_in_a_text_becomes_a_file() -> None:
    found, files = taken(said(body="Look:\n\nbegin 644 a.pdf\n*)5!$1BTQ+C0@>`\n`\nend\n\nBye\n"))
    assert [each.filename for each in found.files] == ["a.pdf"]
    assert next(iter(files.values())).startswith(b"%PDF-1.4")
    assert "begin 644" not in found.body
    assert "Bye" in found.body


@pytest.mark.parametrize(
    ("declared", "content", "type_"),
    [
        ("image/png", PNG, "image/png"),
        ("image/jpeg", PNG, "image/png"),
        ("image/png", b"<script>alert(1)</script>", "application/octet-stream"),
        ("application/pdf", b"<html>", "application/octet-stream"),
        ("application/octet-stream", PDF, "application/octet-stream"),  # only as a download
        ("image/svg+xml", b"<svg/>", "image/svg+xml"),  # never shown
        ("application/octet-stream", b"\x78\x9f\x3e\x22 tnef", "application/ms-tnef"),
    ],
)
def test_what_a_file_is_says_its_content(declared: str, content: bytes, type_: str) -> None:
    message = EmailMessage()
    message["From"] = "a@b.test"
    message.set_content("Hi")
    main, _, sub = declared.partition("/")
    message.add_attachment(content, main, sub, filename="a")
    assert taken(message.as_bytes())[0].files[0].mime_type == type_


@pytest.mark.parametrize(
    ("src", "header"),
    [
        ("cid:a@b.test", "Content-ID: <a@b.test>"),
        ("cid:a%40b.test", "Content-ID: <a@b.test>"),
        ("cid:a@b.test", "Content-ID: a@b.test\nContent-Disposition: attachment"),
        ("https://shop.test/logo.png", "Content-Location: https://shop.test/logo.png"),
        ("logo.png", "Content-Location: logo.png"),
    ],
)
def test_pictures_of_the_text_are_named_by_it(src: str, header: str) -> None:
    raw = parts(f'Content-Type: text/html\n\n<img src="{src}">', f"Content-Type: image/png\n{header}\n\nx", kind="related")
    found, _ = taken(raw)
    (picture,) = found.files
    assert f"cid:{picture.content_id}" in found.body.replace("%40", "@")


def test_pictures_that_stand_in_the_text_become_files() -> None:
    html = '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91Jpz">'
    found, files = taken(said("Content-Type: text/html", body=html))
    assert (found.body.strip(), found.files[0].mime_type) == ('<img src="cid:embedded-1">', "image/png")
    assert list(files.values()) == [PNG]


def test_a_message_within_is_a_file_that_can_be_opened() -> None:
    found, files = taken(parts("\nHi", "Content-Type: message/rfc822\n\nFrom: c@d.test\nSubject: Within\n\nInner"))
    assert [each.mime_type for each in found.files] == ["message/rfc822"]
    assert b"Subject: Within" in files[found.files[0].blob]


def nested(depth: int) -> bytes:
    """A message whose text lies so deep."""
    opened = "".join(f'Content-Type: multipart/mixed; boundary="b{each}"\n\n--b{each}\n' for each in range(depth))
    return f"From: a@b.test\nMIME-Version: 1.0\n{opened}Content-Type: text/plain\n\nDeep down\n".encode()


SMALL = Limits(size=20_000, header_block=4000, header=1000, headers=20, depth=5, parts=10, addresses=5)


@pytest.mark.parametrize(
    ("raw", "limit"),
    [
        (said(body="x" * 30_000), Limit.SIZE),
        (said(*[f"X-{number}: {'y' * 300}" for number in range(18)]), Limit.HEADER_BLOCK),
        (said(f"X-Long: {'y' * 2000}"), Limit.HEADER),
        (said(*[f"X-{number}: y" for number in range(40)]), Limit.HEADERS),
        (nested(8), Limit.DEPTH),
        (parts(*["\nx"] * 20), Limit.PARTS),
        (said("To: " + ", ".join(f"a{number}@b.test" for number in range(9))), Limit.ADDRESSES),
    ],
)
def test_what_is_too_much_is_left_out_and_named(raw: bytes, limit: Limit) -> None:
    letter = read(raw, SMALL)
    assert letter.partial == (limit,)
    assert letter.from_[0].address == "a@b.test"


@pytest.mark.parametrize(("depth", "limits"), [(29, Limits()), (2000, Limits(depth=5000))])
def test_what_lies_deep_is_shown_or_kept(depth: int, limits: Limits) -> None:
    """Two thousand levels are more than the standard library's parser can take."""
    letter = read(nested(depth), limits)
    assert any(b"Deep down" in each.content for each in letter.leaves)
    assert (Limit.DEPTH in letter.partial) is (depth > 29)


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_header_alone_says_what_it_says_in_the_whole(end: str) -> None:
    raw = parts("\nHi", "Content-Type: application/zip\n\nx").replace(b"\n", end.encode())
    alone, whole = read(head(raw)), read(raw)
    assert (alone.from_, alone.raw, len(alone.leaves)) == (whole.from_, whole.raw, 1)
    assert len(head(b"X: " + b"y" * 10**6)) == Limits().header_block


def test_the_limits_are_those_of_the_rules() -> None:
    assert Limits() == Limits(
        size=50 * 2**20, header_block=256 * 2**10, header=64 * 2**10, headers=1000, depth=30, parts=1000, addresses=500
    )


def uncounted(raw: bytes) -> list[str]:
    """Leaves of a message that are neither shown nor kept."""
    letter = read(raw)
    found, files = taken(raw)
    shown = {each.place for each in (*letter.texts, *letter.htmls) if each.type.startswith("text/")}
    kept = {hashlib.sha256(each).hexdigest() for each in files.values()}
    keys = {each.blob for each in found.files}
    missing = [
        each.place for each in letter.leaves if each.place not in shown and hashlib.sha256(each.content).hexdigest() not in kept
    ]
    return missing + [key for key in kept if key not in keys]


def tree(chance: random.Random, depth: int, words: list[str]) -> EmailMessage:
    """Some message; the contents of its leaves go to ``words``."""
    message = EmailMessage()
    kind = chance.choice(["mixed", "alternative", "related", "report"])
    if depth == 0 or chance.random() < 0.3:
        words.append(f"leaf {len(words)} {chance.random()}")
        message["Content-Type"] = chance.choice(["text/plain", "text/html", "image/png", "text/calendar", "application/x"])
        if chance.random() < 0.5:
            message["Content-Disposition"] = chance.choice(["attachment; filename=a.bin", "inline", "inline; filename=b.txt"])
        message.set_payload(words[-1])
        return message
    message["Content-Type"] = f'multipart/{kind}; boundary="b{depth}-{chance.random()}"'
    for _ in range(chance.randint(1, 4)):
        message.attach(tree(chance, depth - 1, words))
    return message


def lost(seed: int) -> list[str]:
    """What of some message is neither shown nor kept."""
    words: list[str] = []
    message = tree(random.Random(seed), 4, words)
    message["From"] = "a@b.test"
    raw = message.as_bytes()
    found, files = taken(raw)
    texts = [found.body, *(each.text or "" for each in read(raw).texts)]  # of an alternative one is shown, one searched
    gone = [each for each in words if not any(each in one for one in texts) and each.encode() not in files.values()]
    return [*uncounted(raw), *gone]


def test_every_leaf_is_shown_or_kept() -> None:
    assert {seed: gone for seed in range(300) if (gone := lost(seed))} == {}


def test_every_leaf_of_the_corpus_is_shown_or_kept() -> None:
    assert {each.id: gone for each in cases() if each.group == "mime" and (gone := uncounted(each.raw))} == {}
