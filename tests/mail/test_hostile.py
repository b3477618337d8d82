"""What is made to break a mail program: a short form of ``script/drill hostile``, and whatever hypothesis thinks of."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Asked
from tests.mail.hostile.bombs import bombs, heaps
from tests.mail.hostile.drill import FAULTS, hostile
from tests.mail.hostile.mutants import CORPUS

EXAMPLES = int(os.environ.get("DESKHAND_HOSTILE_EXAMPLES", "150"))
NAMES = ["From", "To", "Subject", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "References", "Date", "X"]
WORD = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        [
            "=?utf-8?q?",
            "?=",
            "multipart/mixed; boundary=b",
            "text/html; charset=",
            "<a@b.test>",
            "base64",
            "a@b.test",
            "message/rfc822",
        ]
    ),
)
HEADER = st.builds(lambda name, words: f"{name}: {' '.join(words)}", st.sampled_from(NAMES), st.lists(WORD, max_size=5))
MESSAGE = st.builds(
    lambda headers, end, body: end.join([*headers, "", ""]).encode("utf-8", "surrogatepass") + body,
    st.lists(HEADER, max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.one_of(
        st.binary(max_size=300),
        st.lists(st.sampled_from([b"--b\n", b"\n", b"> a\n", b"--b--", b"<p>", b"On x wrote:\n"])).map(b"".join),
    ),
)


def kept(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(("name", "raw"), [*bombs(), *heaps()], ids=[name for name, _ in (*bombs(), *heaps())])
def test_a_bomb_is_read_as_far_as_it_goes(name: str, raw: bytes) -> None:
    found = digest(raw, Asked(blob="", trusted_servers=["mx.desk.test"]), kept)
    found.body.encode()
    found.subject.encode()


@given(MESSAGE)
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_comes_is_read(raw: bytes) -> None:
    found = digest(raw, Asked(blob="", trusted_servers=["mx"]), kept)
    assert found.quoted_at is None or 0 <= found.quoted_at < len(found.body)
    for text in (found.body, found.subject, *found.recipients, *(each.filename for each in found.files)):
        text.encode()
        assert "\0" not in text


@pytest.mark.skipif(not CORPUS.exists(), reason="ONLY HALF TESTED: the mail corpus is not here")
async def test_mutants_of_the_corpus_go_through_everything(address: str, tmp_path: Path) -> None:
    found = await hostile(str(tmp_path), 120, 7, None, address, bombs_too=False)
    assert found.faults == []


@pytest.mark.skipif(not CORPUS.exists(), reason="ONLY HALF TESTED: the mail corpus is not here")
async def test_a_reader_that_trips_is_noticed(tmp_path: Path) -> None:
    found = await hostile(str(tmp_path), 30, 7, next(iter(FAULTS)), bombs_too=False)
    assert found.faults
