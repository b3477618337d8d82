"""What came through our own SMTP door is checked by us: SPF, DKIM and DMARC, asked of real name servers (email rules 5.1)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from socketserver import BaseRequestHandler, ThreadingUDPServer
from threading import Event, Thread
from typing import Any

import dns.message
import dns.rrset
import pytest
from msgspec import structs
from sqlalchemy import select

from deskhand.conversations.model import Status
from deskhand.kernel.storage.statements import param, read
from deskhand.mail.analysing import names
from deskhand.mail.model import Door, Kind, ReceivedState
from deskhand.mail.processing import Processor
from deskhand.mail.queries import shown
from deskhand.mail.rules.verdict import Policy, Result
from deskhand.mail.tables import mail_received
from deskhand.settings import Settings
from tests.mail.post import Post, letter

ZONE = {
    "shop.test.": "v=spf1 ip4:192.0.2.1 -all",
    "_dmarc.shop.test.": "v=DMARC1; p=reject",
    "soft.test.": "v=spf1 ip4:192.0.2.1 -all",
    "_dmarc.soft.test.": "v=DMARC1; p=none",
}
"""Texts by their names; there is nothing else."""
SERVERS, STRANGERS = "192.0.2.1", "198.51.100.7"
BLOB = read(select(mail_received.c.blob).where(mail_received.c.id == param("received_id")), str)


class Answering(BaseRequestHandler):
    def handle(self) -> None:
        content, line = self.request
        asked = dns.message.from_wire(content)
        question = asked.question[0]
        answer = dns.message.make_response(asked)
        told = ZONE.get(str(question.name).lower())
        if told is not None and question.rdtype == dns.rdatatype.TXT:
            answer.answer.append(dns.rrset.from_text(question.name, 60, "IN", "TXT", f'"{told}"'))
        line.sendto(answer.to_wire(), self.client_address)


class Silent(BaseRequestHandler):
    was_asked = Event()

    def handle(self) -> None:
        self.was_asked.set()


def serving(handler: type[BaseRequestHandler]) -> Iterator[str]:
    with ThreadingUDPServer(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture
def nameserver(request: pytest.FixtureRequest) -> Iterator[str]:
    yield from serving(getattr(request, "param", Answering))


@pytest.fixture
def settings(settings: Settings, nameserver: str) -> Settings:
    return structs.replace(settings, nameservers=(nameserver,))


async def bring(post: Post, *, of: str, by: str) -> tuple[Any, Any]:
    """A letter that a server brought; what became of it, and what was found out."""
    envelope = {"door": Door.SMTP, "peer": f"{by} mx.{of}", "envelope_from": f"pavel@{of}"}
    seen = await post.bring(sender=f"Pavel <pavel@{of}>", envelope=envelope)
    async with post.given.read() as view:
        came = await shown.came(view, seen.thread_id or 0, await view.one(BLOB, received_id=seen.id))
    assert came is not None
    return seen, came.verdict


async def test_who_may_send_for_a_domain_is_proved(post: Post) -> None:
    seen, verdict = await bring(post, of="shop.test", by=SERVERS)
    assert (verdict.spf, verdict.dmarc, verdict.is_proved) == (Result.PASS, Result.PASS, True)
    assert (await post.conversation(seen)).status is Status.ACTIVE


async def test_what_a_domain_wants_refused_is_spam(post: Post) -> None:
    seen, verdict = await bring(post, of="shop.test", by=STRANGERS)
    assert (verdict.spf, verdict.dmarc, verdict.policy) == (Result.FAIL, Result.FAIL, Policy.REJECT)
    assert (await post.conversation(seen)).status is Status.SPAM


async def test_what_a_domain_only_wants_to_know_of_is_shown_with_a_banner(post: Post) -> None:
    seen, verdict = await bring(post, of="soft.test", by=STRANGERS)
    assert verdict.is_suspect
    assert (await post.conversation(seen)).status is Status.ACTIVE


async def test_a_domain_that_says_nothing_is_not_suspect(post: Post) -> None:
    seen, verdict = await bring(post, of="quiet.test", by=STRANGERS)
    assert (verdict.spf, verdict.is_proved, verdict.is_suspect) == (Result.NONE, False, False)
    assert (await post.conversation(seen)).status is Status.ACTIVE


@pytest.mark.parametrize("nameserver", [Silent], indirect=True)
async def test_name_servers_that_do_not_answer_lose_no_letter(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "SECONDS", 0.2)
    seen, verdict = await asyncio.wait_for(bring(post, of="shop.test", by=STRANGERS), 60)
    assert (seen.state, seen.kind, verdict.is_proved) == (ReceivedState.DONE, Kind.LETTER, False)
    assert (await post.conversation(seen)).status is Status.ACTIVE


@pytest.mark.parametrize("address", ["sqlite"], indirect=True)
@pytest.mark.parametrize("nameserver", [Silent], indirect=True)
async def test_or_keep_the_mail_of_others_waiting(post: Post) -> None:
    other = await post.given.new_inbox("Sales")
    await post.connect(other, "sales@desk.test")
    envelope: dict[str, Any] = {"door": Door.SMTP, "peer": f"{STRANGERS} mx.shop.test", "envelope_from": "pavel@shop.test"}
    stuck = [await post.take(letter(sender="pavel@shop.test", subject=f"{number}"), **envelope) for number in range(2)]
    Silent.was_asked.clear()
    processor = Processor(post.desk)  # with processes of its own, as a server has
    task = asyncio.create_task(processor.run())
    assert await asyncio.to_thread(Silent.was_asked.wait, 60)
    quick = await post.take(letter(to="sales@desk.test"), inbox=other)
    async with asyncio.timeout(60):
        while (await post.seen(quick)).state is ReceivedState.WAITING:
            await asyncio.sleep(0.05)
    assert {(await post.seen(each)).state for each in stuck} == {ReceivedState.WAITING}
    processor.stop()
    await task
    assert {(await post.seen(each)).state for each in stuck} == {ReceivedState.DONE}
