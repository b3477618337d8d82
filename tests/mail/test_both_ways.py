"""A letter by a real SMTP client to a running server, its answer in a real IMAP box, and back again: no fakes.

The server is ``deskhand serve``; Exim takes what it sends and puts it into the customer's Maildir, which Dovecot serves.
"""

from __future__ import annotations

import email
import imaplib
import json
import os
import smtplib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage, Message
from email.utils import make_msgid
from pathlib import Path
from typing import Any, TypeVar

import httpx

from tests.mail.servers import PASSWORD, USER, Dovecot, Exim, dovecot, exim, free_port, wait_for

DESKHAND = Path(sys.executable).parent / "deskhand"
SUPPORT = "support@shop.test"
PATIENCE_SECONDS = 30
# What a delivery agent does: a file of its own beside the folder, then moved into it. Nobody is called "gone"; what is for
# the inbox goes into the pipe.
INTO_MAILDIR = """#!/bin/sh
case $RECIPIENT in
    gone@*) echo "550 5.1.1 nobody of that name" >&2; exit 67 ;;
    support*) exec "$2" mail deliver ;;
esac
name=$(date +%s%N).$$
cat > "$1/tmp/$name" && mv "$1/tmp/$name" "$1/new/$name"
"""

T = TypeVar("T")


class Shop:
    """A running Deskhand with one inbox; ``smtp`` is where it takes mail."""

    def __init__(self, folder: Path, sends_by: int) -> None:
        self.port, self.smtp = free_port(), free_port()
        plain = {name: value for name, value in os.environ.items() if not name.startswith("DESKHAND_")}
        self._environment = {
            **plain,
            "DESKHAND_DATA": str(folder / "data"),
            "DESKHAND_SMTP_LISTEN": f"127.0.0.1:{self.smtp}",
            "DESKHAND_SMTP_URL": f"smtp://127.0.0.1:{sends_by}",
            "DESKHAND_MAIL_NETWORKS": "127.0.0.0/8",
        }
        self._log = folder / "server.log"

    def set_up(self) -> None:
        """As an operator does, by the command line."""
        self.run("migrate")
        self.run("inbox", "create", "Support", "--email", SUPPORT, "--no-dns")
        self.run("inbox", "set", "Support", "undo_seconds=0", "uses_plus=yes", "--no-dns")
        user = json.loads(self.run("user", "create", "--email", "ona@shop.test", "--first-name", "Ona", "--role", "owner"))
        self.application = json.loads(self.run("app", "create", "--name", "Test", "--user", user["email"]))

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [DESKHAND, *words], env=self._environment, capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def serving(self) -> Iterator[httpx.Client]:
        """A client of its API, with a token."""
        with self._log.open("w") as log:
            command = [str(DESKHAND), "serve", "--port", str(self.port)]
            process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_for(self.port)
            wait_for(self.smtp)
            with httpx.Client(base_url=f"http://127.0.0.1:{self.port}") as client:
                asked = {"grant_type": "client_credentials", "client_id": self.application["id"]}
                token = client.post("/v2/oauth2/token", data={**asked, "client_secret": self.application["secret"]}).json()
                client.headers["Authorization"] = f"Bearer {token['access_token']}"
                yield client
        except BaseException:
            print(self._log.read_text())
            raise
        finally:
            process.terminate()
            process.wait(timeout=60)


@contextmanager
def playing(folder: Path) -> Iterator[tuple[Shop, httpx.Client, Dovecot, Exim]]:
    """Everything at work: the customer's box, the mail server between, and a Deskhand."""
    with dovecot() as box:
        agent = box.folder / "agent"
        agent.write_text(INTO_MAILDIR)
        agent.chmod(0o755)
        for part in ("new", "tmp"):
            (box.inbox / part).chmod(0o777)  # Exim is another user
        with exim(f"{agent} {box.inbox} {DESKHAND}", {"DESKHAND_DATA": str(folder / "data")}) as server:
            shop = Shop(folder, server.port)
            shop.set_up()
            with shop.serving() as api:
                yield shop, api, box, server


def test_a_letter_its_answer_and_the_answer_to_that(tmp_path: Path) -> None:
    with playing(tmp_path) as (shop, api, box, server):
        first_id = send(shop, to=SUPPORT, subject="Parcel never left the depot", text="Where is it?")
        conversation = eventually(lambda: first(api))
        assert conversation["subject"] == "Parcel never left the depot"
        assert conversation["primaryCustomer"]["email"] == USER

        answer = {"text": "<p>It left today, <b>really</b>.</p>", "customer": {"email": USER}}
        path = f"/v2/conversations/{conversation['id']}"
        assert api.post(f"{path}/reply", json=answer).status_code == 201
        received = eventually(lambda: newest(box), server.log)

        assert received["In-Reply-To"] == first_id
        assert received["References"].split() == [first_id]
        assert received["Subject"] == "Re: Parcel never left the depot"
        assert SUPPORT in received["From"]
        assert received["To"] == f"Pavel Lund <{USER}>"
        assert "It left today, really." in text_of(received)

        send(
            shop,
            to=received["Reply-To"] or received["From"],
            subject=received["Subject"],
            text="Thank you!\n\nOn Tue, 24 Nov 2026 at 10:00, Support wrote:\n> It left today, really.\n",
            headers={"In-Reply-To": received["Message-ID"], "References": f"{first_id} {received['Message-ID']}"},
        )
        threads = eventually(lambda: said(api, path, 3))

        assert [each["type"] for each in threads] == ["customer", "message", "customer"]
        assert api.get(path).json()["preview"] == "Thank you!"
        assert len(api.get("/v2/conversations?status=all").json()["_embedded"]["conversations"]) == 1


def test_what_a_mail_server_sends_back_is_told_in_the_conversation(tmp_path: Path) -> None:
    with playing(tmp_path) as (shop, api, _, server):
        send(shop, to=SUPPORT, subject="Where is it?", text="Hello", sender="gone@desk.test")
        path = f"/v2/conversations/{eventually(lambda: first(api))['id']}"
        answer = {"text": "It left today.", "customer": {"email": "gone@desk.test"}, "status": "closed"}
        assert api.post(f"{path}/reply", json=answer).status_code == 201

        told = eventually(lambda: failure(api, path), server.log)

        assert "gone@desk.test" in told
        assert api.get(path).json()["status"] == "active"
        assert "gone@desk.test" in shop.run("mail", "queue", "--state", "failed")


def failure(api: httpx.Client, path: str) -> str | None:
    """What the conversation says of mail that came back."""
    threads = api.get(f"{path}/threads").json()["_embedded"]["threads"]
    return next((each["action"]["text"] for each in threads if each["action"]["type"] == "mail-failed"), None)


def send(shop: Shop, *, to: str, subject: str, text: str, headers: dict[str, str] | None = None, sender: str = USER) -> str:
    """A letter of the customer's, by SMTP; its Message-ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Pavel Lund <{sender}>", to, subject
    message["Message-ID"] = make_msgid(domain="mail.test")
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text)
    with smtplib.SMTP("127.0.0.1", shop.smtp, timeout=20) as client:
        client.send_message(message)
    return str(message["Message-ID"])


def first(api: httpx.Client) -> Any:
    found = api.get("/v2/conversations?status=all").json().get("_embedded", {}).get("conversations", [])
    return found[0] if found else None


def said(api: httpx.Client, path: str, number: int) -> Any:
    found = api.get(f"{path}/threads").json()["_embedded"]["threads"]
    return found if len(found) == number else None


def newest(box: Dovecot) -> Message | None:
    """The newest message of the customer's box, by IMAP."""
    with imaplib.IMAP4("127.0.0.1", box.port, timeout=20) as client:
        client.login(USER, PASSWORD)
        _, (count,) = client.select("INBOX")
        if not count or count == b"0":
            return None
        _, found = client.fetch(count.decode(), "(RFC822)")
        assert isinstance(found[0], tuple)
        return email.message_from_bytes(found[0][1])


def text_of(message: Message) -> str:
    (plain,) = [each for each in message.walk() if each.get_content_type() == "text/plain"]
    content = plain.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()


def eventually(look: Callable[[], T | None], why: Callable[[], str] = str) -> T:
    """What is found at last; ``why`` says what a server has to say when nothing is."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (found := look()) is None:
        assert time.monotonic() < deadline, f"it never came: {why()}"
        time.sleep(0.1)
    return found
