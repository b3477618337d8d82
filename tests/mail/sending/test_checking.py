"""What the world finds about an inbox's domain, and what to add."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deskhand.mail import checking
from deskhand.mail.checking import Finding, Grade, Unanswered, check_domain
from deskhand.mail.composing.signing import record
from deskhand.mail.operations import inboxes
from deskhand.mail.queries.inboxes import find
from tests.given import Given
from tests.mail.sending.conftest import Mail

PEM = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
OTHER = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
GOOD = {
    "desk.test": ["google-site-verification=x", "v=spf1 a:127.0.0.1 -all"],
    "d1._domainkey.desk.test": [record(PEM)],
    "_dmarc.desk.test": ["v=DMARC1; p=reject"],
}


@pytest.fixture
def address(tmp_path: Path, sqlite_template: Path) -> str:
    """On SQLite only: what is tested here is no matter of the database."""
    shutil.copy(sqlite_template, tmp_path / "deskhand.db")
    return f"sqlite:///{tmp_path / 'deskhand.db'}"


class Zone:
    """Name servers that know what a test says."""

    def __init__(self, texts: dict[str, list[str]]) -> None:
        self.texts = texts

    async def txt(self, name: str) -> list[str]:
        return self.texts.get(name, [])


class Broken:
    async def txt(self, name: str) -> list[str]:
        raise Unanswered("SERVFAIL")


class Slow:
    async def txt(self, name: str) -> list[str]:
        await asyncio.sleep(3600)
        return []


@pytest.fixture
async def signed(given: Given, mail: Mail) -> Given:
    """An inbox with a server and a key."""
    await mail.begin()
    await mail.connect(2525)
    async with given.write(given.owner) as tx:
        await inboxes.keep_key(tx, given.inbox, selector="d1", secret=PEM)
    return given


async def findings(given: Given, resolver: checking.Resolver) -> dict[str, Finding]:
    async with given.read() as view:
        inbox = await find(view, given.inbox)
    assert inbox is not None
    return {each.check: each for each in await check_domain(given.desk, inbox, resolver)}


async def test_a_domain_that_says_all_is_good(signed: Given) -> None:
    assert {each.grade for each in (await findings(signed, Zone(GOOD))).values()} == {Grade.GOOD}


async def test_a_domain_that_says_nothing_is_told_what_to_say(signed: Given) -> None:
    found = await findings(signed, Zone({}))
    assert {each.grade for each in found.values()} == {Grade.MISSING}
    assert found["spf"].add == "v=spf1 a:127.0.0.1 ~all"
    assert (found["dkim"].name, found["dkim"].add) == ("d1._domainkey.desk.test", record(PEM))
    assert found["dmarc"].name == "_dmarc.desk.test"
    assert found["dmarc"].add.startswith("v=DMARC1; p=none")


WRONG = [
    ("spf", "desk.test", ["v=spf1 -all", "v=spf1 mx -all"]),
    ("spf", "desk.test", ["v=spf1 mx +all"]),
    ("dkim", "d1._domainkey.desk.test", [record(OTHER)]),
    ("dmarc", "_dmarc.desk.test", ["v=DMARC1; rua=mailto:x@desk.test"]),
    ("dmarc", "_dmarc.desk.test", ["v=DMARC1; p=none", "v=DMARC1; p=reject"]),
]


async def test_what_is_wrong_is_said(signed: Given) -> None:
    for check, name, texts in WRONG:
        found = await findings(signed, Zone(GOOD | {name: texts}))
        assert [each.check for each in found.values() if each.grade is Grade.WRONG] == [check]


async def test_a_subdomain_follows_the_dmarc_record_above(given: Given, mail: Mail) -> None:
    await mail.begin()
    assert (await findings(given, Zone({"_dmarc.test": ["v=DMARC1; p=none"]})))["dmarc"].grade is Grade.MISSING
    assert (await findings(given, Zone({"_dmarc.desk.test": ["v=DMARC1; p=none"]})))["dmarc"].grade is Grade.GOOD


async def test_name_servers_that_do_not_answer_are_waited_for_no_longer_than_the_limit(
    signed: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "SECONDS", 0.05)
    for resolver in (Broken(), Slow()):
        assert {each.grade for each in (await findings(signed, resolver)).values()} == {Grade.UNKNOWN}
