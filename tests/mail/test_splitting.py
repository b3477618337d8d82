"""Well-formed multiparts are taken apart by ourselves: into exactly what the standard library's parser makes of them."""

from __future__ import annotations

from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from typing import Any

import pytest

from deskhand.mail.reading.splitting import split
from tests.mail.hostile.mutants import mutants
from tests.mail.post import letter

PARSER = BytesParser(policy=compat32)
HEAD = 'From: a@b.test\nContent-Type: multipart/mixed; boundary="b"\n\n'


def tree(part: Message) -> Any:
    """All that is read of a part: its headers, its type, and what stands below."""
    payload = part.__dict__["_payload"]  # as it stands: get_payload would decode
    below = [tree(each) for each in payload if isinstance(each, Message)] if isinstance(payload, list) else payload
    return list(part.raw_items()), part.get_content_type(), part.get_default_type(), part.is_multipart(), below


def agrees(raw: bytes) -> bool:
    """Whether it was split; into what the parser makes of it."""
    found = split(raw)
    if found is not None:
        assert tree(found) == tree(PARSER.parsebytes(raw)), raw
    return found is not None


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "preamble\n--b\nContent-Type: text/plain\n\nHello\n\n--b\nX: y\n\n\n--b--\nepilogue\n",
        HEAD + "--b  \nX: y\n\nHello\n--b-- \t\n",
        HEAD + "--b\nX: y\n\nHello\n--b--",
        (HEAD + "--b\nX: y\n\nHello\n--b--\n").replace("\n", "\r\n"),
        HEAD + "--b\nContent-Type: multipart/related; boundary=c\n\n--c\nX: y\n\n1\n--c--\n\n--b\nX: y\n\n3\n--b--\n",
        "Subject: one part\n\nHello\n",
        "Subject:\n folded at once\nX:\n\tand\n  again\n \t\nY: \n\nHello\n",
        "Subject: gr\xfc\xdfe \u2028 \x0b\nx!#$-^_`{|}~:\n\nHello\n",
        "Subject: no text\n\n",
        letter(files={"a.bin": b"123"}, html="<p>Hello</p>").decode(),
    ],
)
def test_what_is_well_formed_is_split(text: str) -> None:
    assert agrees(text.encode())


@pytest.mark.parametrize(
    "text",
    [
        HEAD + "--b\nX: y\n\nnever closed\n",
        HEAD + "--b\nX: y\n\nHello --b\n--b--\n",
        HEAD + "--b\nX: y\n\nHello\n--bc\n--b--\n",
        HEAD + "--b\n\nno header\n--b--\n",
        HEAD + "--b\n\nno header\n\nbut two pieces\n--b--\n",
        HEAD + "--b\nX: y\nFrom here it is text\n\nHello\n--b--\n",
        HEAD + "--b\nno header at all\n\nHello\n--b--\n",
        HEAD + "--b--\n",
        HEAD + "--b\nX: y\n\nHello\n--b--\n--b\nX: y\n\nbehind the end\n--b--\n",
        HEAD + "--b\nX: y\n\nHello\r--b--\n",
        HEAD + "--b\nContent-Type: message/rfc822\n\nFrom: c@d.test\n\nHello\n--b--\n",
        HEAD.replace("mixed", "digest") + "--b\nX: y\n\nFrom: c@d.test\n\nHello\n--b--\n",
        HEAD.replace('boundary="b"', "") + "--b\nX: y\n\nHello\n--b--\n",
        "\nno header\n",
        "\n\nno header\n",
        " goes on at once\nX: y\n\nHello\n",
        "From a@b.test Thu Nov 26 2026\nX: y\n\nHello\n",
        ": without a name\nX: y\n\nHello\n",
        "With space : X\n\nHello\n",
        "\xdcber: us\n\nHello\n",
        "X: y\nno text\n",
    ],
)
def test_what_is_not_is_left_to_the_parser(text: str) -> None:
    assert not agrees(text.encode())


def test_nothing_is_split_otherwise_than_the_parser_does() -> None:
    assert sum(map(agrees, mutants(1, 3000))) > 100
