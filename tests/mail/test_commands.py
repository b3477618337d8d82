"""``deskhand inbox`` and ``deskhand mail``, as somebody types them."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import smtplib
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import apsw
import pytest

from deskhand.cli import inboxes
from deskhand.mail import checking
from deskhand.mail.connecting import providers
from tests.cli.test_commands import ENVIRONMENT, Done
from tests.mail.commands import Account
from tests.mail.doors.conftest import letter
from tests.mail.servers import PASSWORD, USER, certify, dovecot, free_port, wait_for
from tests.mail.tokens import Tokens


@pytest.fixture
def account(tmp_path: Path) -> Account:
    made = Account(tmp_path)
    made.do("inbox", "create", "Help", "--email", USER)
    return made


def test_whoever_saves_an_inbox_is_warned_of_what_its_domain_lacks(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    for words in (
        ("create", "Sales", "--email", "sales@shop.test"),
        ("set", "Sales", "undo_seconds=5"),
        ("connect", "Sales", "--smtp", "mx.shop.test", "--no-password"),
    ):
        done = Done("inbox", *words, data=account.data)
        assert (done.code, "warning" in done.out) == (0, False)
        assert "warning: spf: shop.test: nothing says" in done.err
        assert "Add this TXT record: v=DMARC1" in done.err
    assert "v=spf1 a:mx.shop.test ~all" in done.err

    class Slow:
        async def txt(self, name: str) -> list[str]:
            await asyncio.sleep(3600)
            return []

    monkeypatch.setattr(checking, "SystemResolver", Slow)
    monkeypatch.setattr(inboxes, "DNS_SECONDS", 0.05)
    done = Done("inbox", "set", "Sales", "undo_seconds=6", data=account.data)
    assert (done.code, done.err.count("did not answer")) == (0, 2)
    for quiet in (["undo_seconds=7", "--no-dns"], []):
        assert Done("inbox", "set", "Sales", *quiet, data=account.data).err == ""


def test_an_inbox_is_made_and_says_what_it_wants(account: Account, tmp_path: Path) -> None:
    (tmp_path / "signature.html").write_text("<p>Yours</p>")

    account.do("inbox", "set", "help", "undo_seconds=20", "auto_reply=yes", "trusted_servers=mx.a.test, mx.b.test")
    told = account.do("inbox", "set", "Help", f"signature=@{tmp_path}/signature.html", "templates.auto-reply.subject=Got it")

    assert "undo_seconds=20\n" in told
    assert "auto_reply=true\n" in told
    assert 'trusted_servers=["mx.a.test","mx.b.test"]\n' in told
    assert 'signature="<p>Yours</p>"\n' in told
    assert '"Got it"' in told
    for wrong in (
        "undo_seconds=99",
        "undo_seconds=x",
        "auto_reply=perhaps",
        "colour=red",
        "colour",
        "templates.reply=x",
        "templates.x.subject=1",
        "signature=@/nowhere",
        "signature={{nothing.here}}",
    ):
        assert (
            wrong.partition("=")[0].split(".")[0]
            in account.do("inbox", "set", "Help", wrong, fails=1).replace("undoSeconds", "undo_seconds")
            or "nowhere" in wrong
        )
    assert "undo_seconds=20\n" in account.do("inbox", "set", "Help")


def test_aliases_belong_to_one_inbox(account: Account) -> None:
    account.do("inbox", "create", "Sales", "--email", "sales@desk.test")

    assert account.do("inbox", "alias", "Help", "--add", "Support@desk.test").split() == [USER, "support@desk.test"]
    refused = account.do("inbox", "alias", "Sales", "--add", "support@desk.test", fails=1)
    assert "support@desk.test is an address of the inbox Help" in refused
    assert "own address" in account.do("inbox", "alias", "Help", "--remove", USER, fails=1)
    assert "none of its aliases" in account.do("inbox", "alias", "Help", "--remove", "x@desk.test", fails=1)
    assert "well-formed" in account.do("inbox", "alias", "Help", "--add", "nonsense", fails=1)
    account.do("inbox", "alias", "Help", "--remove", "support@desk.test")
    assert account.do("inbox", "alias", "Help").split() == [USER]
    assert "sales@desk.test" in account.do("inbox", "create", "Sales 2", "--email", "sales@desk.test", fails=1)
    assert "no inbox called Nothing" in account.do("inbox", "alias", "Nothing", fails=1)


def test_servers_are_given_tried_and_taken_away(account: Account, tmp_path: Path) -> None:
    with dovecot() as server:
        server.deliver(letter(1))
        how = ("--imap", f"127.0.0.1:{server.port}", "--security", "none")
        account.do("inbox", "connect", "Help", *how, typed="wrong\n")
        assert "does not let us in" in account.do("inbox", "test", "Help", "--no-dns", fails=1) or True
        (tmp_path / "password").write_text(PASSWORD + "\n")
        account.do("inbox", "connect", "Help", *how, "--password-file", str(tmp_path / "password"))
        assert account.do("inbox", "test", "Help", "--no-dns") == "ok     imap: signed in, 1 messages in INBOX\n"
        listed = account.do("inbox", "list")
        assert f"imap   127.0.0.1:{server.port}  {USER}  ok" in listed
        assert PASSWORD not in listed + account.do("inbox", "list", "--json")
    assert account.do("inbox", "test", "Help", "--no-dns", fails=1) == ""
    assert json.loads(account.do("inbox", "list", "--json"))["servers"][0]["state"] == "failing"
    account.do("inbox", "disconnect", "Help", "--imap")
    assert "no mail servers" in account.do("inbox", "test", "Help", "--no-dns")
    assert "no such mail server" in account.do("inbox", "disconnect", "Help", "--imap", fails=1)
    account.do("inbox", "connect", "Help", fails=2)
    account.do("inbox", "connect", "Help", "--imap", "a b", typed="x\n", fails=1)


@pytest.fixture
def provider(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> Tokens:
    google = providers.PROVIDERS["google"]
    here = f"http://127.0.0.1:{tokens.port}"
    made = providers.Provider(
        name="google",
        authorize_url=google.authorize_url,
        device_url=f"{here}/device",
        token_url=f"{here}/token",
        scope=google.scope,
        imap=google.imap,
        smtp=google.smtp,
        extra=google.extra,
    )
    monkeypatch.setitem(providers.PROVIDERS, "google", made)
    return tokens


def test_a_code_that_is_typed_elsewhere_connects_both_ways(account: Account, provider: Tokens) -> None:
    provider.pending = 2

    told = account.do("inbox", "connect", "Help", "--oauth", "google", "--client-id", "app", "--device", typed="hush\n")

    assert "Open https://example.com/device and type WDJB-MJHT" in told
    servers = json.loads(account.do("inbox", "list", "--json"))["servers"]
    assert [(each["direction"], each["host"], each["authentication"]) for each in servers] == [
        ("in", "imap.gmail.com", "xoauth2"),
        ("out", "smtp.gmail.com", "xoauth2"),
    ]
    assert [each["path"] for each in provider.asked] == ["/device", "/token", "/token", "/token"]
    assert provider.asked[1]["device_code"] == "d3v"
    provider.error = "access_denied"
    refused = account.do(
        "inbox", "connect", "Help", "--oauth", "google", "--client-id", "app", "--device", typed="hush\n", fails=1
    )
    assert "the provider gives no token: access_denied" in refused


def test_the_browser_comes_back_and_a_foreign_answer_does_not_count(account: Account, provider: Tokens, tmp_path: Path) -> None:
    (tmp_path / "hush").write_text("hush")
    script = (
        "import sys; from deskhand.mail.connecting import providers as p; import msgspec;"
        f"p.PROVIDERS['google'] = msgspec.structs.replace(p.PROVIDERS['google'], token_url='{provider.url}');"
        "from deskhand.cli.main import main; main()"
    )
    words = [
        "inbox",
        "connect",
        "Help",
        "--oauth",
        "google",
        "--client-id",
        "app",
        "--client-secret-file",
        str(tmp_path / "hush"),
    ]
    process = subprocess.Popen(
        [sys.executable, "-uc", script, *words],
        env=ENVIRONMENT | account.variables | {"DESKHAND_DATA": str(account.data)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    url = next(line for line in process.stdout if line.startswith("https://accounts.google.com/"))
    asked = {name: values[0] for name, values in parse_qs(urlsplit(url.strip()).query).items()}
    assert asked["scope"] == "https://mail.google.com/"
    assert (asked["access_type"], asked["code_challenge_method"]) == ("offline", "S256")
    urllib.request.urlopen(f"{asked['redirect_uri']}?{urlencode({'code': 'c0de', 'state': asked['state']})}", timeout=10).read()

    assert process.wait(20) == 0
    process.stdout.close()
    (got,) = provider.asked
    assert (got["grant_type"], got["code"], got["client_secret"]) == ("authorization_code", "c0de", "hush")
    assert len(got["code_verifier"]) >= 43
    assert "imap.gmail.com" in account.do("inbox", "list")


def test_a_key_is_made_once_and_its_record_told(account: Account) -> None:
    first = account.do("inbox", "key", "Help")

    assert re.match(r"deskhand\._domainkey\.desk\.test\. TXT\nv=DKIM1; k=rsa; p=MII[A-Za-z0-9+/=]{380,}\n$", first)
    assert account.do("inbox", "key", "Help", "--selector", "other") == first
    assert account.do("inbox", "key", "Help", "--new", "--selector", "two") != first
    account.do("inbox", "key", "Help", "--new", "--selector", "a b", fails=1)


def pipe(account: Account, content: bytes, *words: str, fails: int = 0, **more: str) -> str:
    return account.do("mail", "deliver", *words, typed=content, fails=fails, **more)


def test_a_pipe_finds_the_inbox_and_says_what_to_do_with_the_message(account: Account) -> None:
    account.do("inbox", "create", "Sales", "--email", "sales@desk.test")
    pipe(account, letter(1), "--recipient", "help+c.1@desk.test", "--recipient", "nobody@desk.test", "--sender", "<>")
    pipe(account, b"From x@y Thu Nov 26\nDelivered-To: SALES@desk.test\nTo: help@desk.test\n\nhello\n")
    pipe(account, b"To: Us <sales@desk.test>, help@desk.test\nCc: x@desk.test\n\nboth\n")
    pipe(account, b"To: undisclosed\n\nbcc\n")
    pipe(account, letter(2), "--inbox", "sales")

    def told(number: int) -> str:
        return account.do("mail", "show", str(number))

    assert "envelope      <> to help+c.1@desk.test\n" in told(1)
    assert account.do("mail", "show", "2", "--raw").startswith("Delivered-To: SALES@desk.test")
    held = account.do("mail", "held")
    assert "none of its recipients is an address of an inbox" in held
    assert held.splitlines()[0].split()[0] == "5"
    assert "state         waiting" in told(6)
    assert "none of the recipients" in pipe(account, letter(3), "--recipient", "nobody@desk.test", fails=67)
    assert "no message" in pipe(account, b"", fails=65)
    assert "No such option" in pipe(account, letter(3), "--nonsense", fails=64)
    assert "a loop" in pipe(account, b"Received: x\n" * 51 + letter(3), fails=65)
    assert "more than 1 MB" in pipe(account, letter(3, "x" * 2**20), fails=65, DESKHAND_MAIL_LIMIT_MB="1")
    assert "no inbox called" in pipe(account, letter(3), "--inbox", "Nothing", fails=75)
    assert "DESKHAND_PORT" in pipe(account, letter(3), fails=75, DESKHAND_PORT="x")
    away = "postgresql://nobody@127.0.0.1:1/none"
    assert pipe(account, letter(3), fails=75, DESKHAND_DATABASE=away)
    assert pipe(account, letter(3), fails=75, DESKHAND_DATABASE=f"sqlite:///{account.data}/none/deskhand.db")


def test_held_mail_is_tried_again_or_let_go(account: Account) -> None:
    for number in range(3):
        pipe(account, letter(number))

    assert "say for which one" in account.do("mail", "retry", "1", fails=1)
    assert account.do("mail", "retry", "1", "--inbox", "Help", "--as-is") == "1 messages will be looked at again\n"
    assert account.do("mail", "drop", "2") == "dropped\n"
    assert account.do("mail", "retry", "--all") == "0 messages will be looked at again\n"
    assert "no held message 2" in account.do("mail", "drop", "2", fails=1)
    assert "no held message 1" in account.do("mail", "retry", "1", fails=1)
    assert json.loads(account.do("mail", "held", "--json"))["id"] == 3
    assert "dropped" in account.do("mail", "show", "2")
    assert "no message 9" in account.do("mail", "show", "9", fails=1)
    assert account.do("mail", "queue") == "nothing waits\n"
    assert account.do("mail", "queue", "--state", "failed") == "nothing failed\n"
    assert account.do("mail", "queue", "retry", "--all") == "0 messages are tried now\n"
    assert "no such message" in account.do("mail", "queue", "cancel", "1", fails=1)


@pytest.mark.parametrize("own_process", [False, True])
def test_mail_is_taken_by_the_server_and_by_a_process_of_its_own(account: Account, own_process: bool, tmp_path: Path) -> None:
    port = free_port()
    certify(tmp_path / "cert.pem", tmp_path / "key.pem")
    words = ["mail", "receive"] if own_process else ["serve", "--port", "0"]
    variables = {
        "DESKHAND_DATA": str(account.data),
        "DESKHAND_SMTP_LISTEN": f"127.0.0.1:{port}",
        "DESKHAND_SMTP_CERTIFICATE": str(tmp_path / "cert.pem"),
        "DESKHAND_SMTP_KEY": str(tmp_path / "key.pem"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "deskhand.cli", *words],
        env={**ENVIRONMENT, **variables},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        wait_for(port)
        with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
            client.starttls()
            client.sendmail("a@mail.test", [USER], letter(1))
    finally:
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
    assert process.returncode in (0, -signal.SIGTERM)
    assert '"mail received"' in err or "mail received" in err
    assert "Where is it" not in err
    assert "message       1," in account.do("mail", "show", "1")
    if own_process:
        assert "say where" in account.do("mail", "receive", fails=2)
        assert "cannot listen on 192.0.2.1:25" in account.do("mail", "receive", "--listen", "192.0.2.1:25", fails=1)


def test_who_gets_no_automatic_mail_is_shown_and_may_have_it_again(account: Account) -> None:
    assert account.do("mail", "hushed") == "nobody\n"
    database = apsw.Connection(str(account.data / "deskhand.db"))
    for row in (("pavel@mail.test", None, "complained"), ("old@mail.test", 1, "a flood")):
        database.execute("INSERT INTO mail_hushed (address, until, reason, at) VALUES (?, ?, ?, 0)", row)
    database.close()

    assert account.do("mail", "hushed") == "pavel@mail.test  since 1970-01-01 00:00Z  for ever  complained\n"
    assert json.loads(account.do("mail", "hushed", "--json"))["reason"] == "complained"
    assert account.do("mail", "unhush", "Pavel@mail.test") == "it gets automatic mail again\n"
    assert account.do("mail", "hushed") == "nobody\n"
    assert "pavel@mail.test is not kept from automatic mail" in account.do("mail", "unhush", "pavel@mail.test", fails=1)
