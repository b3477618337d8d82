"""Lines that nobody else hears, tokens, and the copy of what was sent."""

from __future__ import annotations

import shutil
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from deskhand.mail.model import Authentication, Direction, OAuth, Secrets, Security
from deskhand.mail.sending.sender import MailSender
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import Mail
from tests.mail.sending.peers import Peer, peer
from tests.mail.servers import PASSWORD, USER, certify, dovecot
from tests.mail.tokens import giving_tokens


@pytest.fixture
def address(tmp_path: Path, sqlite_template: Path) -> str:
    """On SQLite only: what is tested here is no matter of the database."""
    shutil.copy(sqlite_template, tmp_path / "deskhand.db")
    return f"sqlite:///{tmp_path / 'deskhand.db'}"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    certify(tmp_path / "cert.pem", tmp_path / "key.pem")
    return tmp_path / "cert.pem"


def served(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    return context


async def test_a_password_goes_over_a_line_that_nobody_else_hears(
    mail: Mail, clock: MovableClock, sender: MailSender, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with peer(context=served(certificate)) as server:
        server.password = "right"
        await mail.begin()
        await mail.connect(server.port, password="right", host="localhost", security=Security.STARTTLS)
        await mail.leaves()
        await sender.run_due()
        paused = await mail.connection()
        assert paused.paused_reason is not None, "nobody vouches for its certificate"
        assert "certificate" in paused.paused_reason
        assert server.got == []

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        clock.move(timedelta(minutes=16))
        await sender.run_due()
        assert len(server.got) == 1


async def test_a_server_that_offers_no_starttls_is_not_spoken_to(mail: Mail, server: Peer, sender: MailSender) -> None:
    await mail.begin()
    await mail.connect(server.port, password="right", security=Security.STARTTLS)
    await mail.leaves()
    await sender.run_due()
    assert "STARTTLS" in ((await mail.connection()).paused_reason or "")
    assert await mail.states() == ["waiting"]


@pytest.mark.parametrize("how", [Authentication.XOAUTH2, Authentication.OAUTHBEARER])
async def test_a_token_that_is_refused_is_renewed_once(
    mail: Mail, server: Peer, sender: MailSender, how: Authentication
) -> None:
    with giving_tokens() as tokens:
        server.tokens = {"token-2"}
        oauth = OAuth("google", "client", tokens.url, "https://mail.google.com/")
        secrets = Secrets(client_secret="s", refresh_token="r")
        await mail.begin()
        await mail.connect(server.port, authentication=how, username="help", oauth=oauth, secrets=secrets)
        await mail.leaves()
        await sender.run_due()
        assert server.signed_in == [how.value.upper()]
        assert len(server.got) == 1

        tokens.error = "invalid_grant"
        server.tokens = {"none"}
        await mail.leaves()
        await sender.run_due()
        assert (await mail.connection()).paused_reason is not None
        assert len(server.got) == 1


async def test_a_copy_of_what_was_sent_lies_in_the_sent_folder_once(
    given: Given, mail: Mail, server: Peer, sender: MailSender
) -> None:
    with dovecot() as imap:
        await mail.through(server.port, sent_folder="Sent")
        signs_in: dict[str, Any] = {
            "authentication": Authentication.PASSWORD,
            "username": USER,
            "secrets": Secrets(password=PASSWORD),
        }
        await mail.connect(imap.port, direction=Direction.IN, **signs_in)
        await mail.leaves()
        await sender.run_due()
        await given.app.worker.run_due()

        (name,) = imap.names(".Sent")
        assert name.endswith("S"), "it is read"
        (kept,) = (imap.inbox / ".Sent" / "cur").glob("*")
        assert server.got[0].id.encode() in kept.read_bytes()


async def test_a_copy_that_cannot_be_kept_disturbs_nobody(given: Given, mail: Mail, server: Peer, sender: MailSender) -> None:
    await mail.through(server.port, sent_folder="Sent")
    await mail.connect(server.port, direction=Direction.IN)
    await mail.leaves()
    await sender.run_due()
    assert await given.app.worker.run_due() >= 1
    assert await mail.states() == ["sent"]
