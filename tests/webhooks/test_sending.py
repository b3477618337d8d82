"""Sending: retries, order, fairness, and receivers that behave badly."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.app import make_app
from deskhand.kernel.outbound import door
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import database_now, write
from deskhand.webhooks import queries, tables
from deskhand.webhooks.model import DELAYS_SECONDS, MOST_DISCARDED
from deskhand.webhooks.operations import deliveries
from deskhand.webhooks.sending import Sender
from tests.conftest import MovableClock
from tests.given import Given
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Got, Receiver, plain, receiving

NOTED = "convo.note.created"
EXPIRE = write(update(tables.deliveries).values(leased_until=database_now(-1)))


async def note(hooks: Hooks, conversation_id: int, text: str = "x") -> None:
    assert (await hooks.client.post(f"/v2/conversations/{conversation_id}/notes", json={"text": text})).status_code == 201


async def until(done: Any, seconds: float = 15) -> None:
    async with asyncio.timeout(seconds):
        while not done():
            await asyncio.sleep(0.01)


def hangs(receiver: Receiver) -> Any:
    """Takes a request and says nothing until the test is over."""
    return lambda handler, got: receiver.stopped.wait(20)


async def test_a_retry_repeats_bytes_and_id(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500, 302, 200)
    await given.conversation()
    for _ in range(3):
        await sender.run_due()
        clock.move(timedelta(seconds=40))

    first, second, third = receiver.got
    assert first.body == second.body == third.body
    assert first.id == second.id == third.id
    assert first.headers["x-helpscout-signature"] == third.headers["x-helpscout-signature"]
    assert first.headers["deskhand-signature"] != third.headers["deskhand-signature"], "that one has the moment in it"
    assert receiver.unsigned == []


async def test_ten_retries_at_their_moments_then_it_is_discarded(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500)
    await given.conversation()
    assert await sender.run_due() == 1
    for seconds in DELAYS_SECONDS:
        clock.move(timedelta(seconds=seconds * 0.89))
        assert await sender.run_due() == 0
        clock.move(timedelta(seconds=seconds * 0.22))
        assert await sender.run_due() == 1
    clock.move(timedelta(days=30))
    assert await sender.run_due() == 0

    assert len(receiver.got) == 11
    (it,) = await hooks.deliveries()
    assert (it["state"], it["attempts"]) == ("discarded", 11)


async def test_ten_discarded_events_switch_it_off_and_replacing_revives_it(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500)
    for _ in range(MOST_DISCARDED + 1):
        await given.conversation()
    for _ in range(len(DELAYS_SECONDS) + 2):
        await sender.run_due()
        clock.move(timedelta(hours=41))

    assert (await hooks.get(hook))["state"] == "disabled"
    states = [each["state"] for each in await hooks.deliveries()]
    assert (states.count("discarded"), states.count("dropped")) == (MOST_DISCARDED, 1)
    async with given.read() as view:
        assert await queries.troubles(view) == [
            f"webhook {hook} was switched off: {MOST_DISCARDED} events in a row could not be delivered"
        ]
    body = {"url": receiver.url, "events": ["convo.created"], "secret": "new"}
    assert (await hooks.client.put(f"/v2/webhooks/{hook}", json=body)).status_code == 204
    receiver.statuses(200)
    receiver.got.clear()
    await given.conversation()
    await sender.run_due()
    assert len(receiver.got) == 1, "what was dropped stays dropped"


async def test_a_success_between_resets_what_counts_against_it(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    for _ in range(2):
        receiver.statuses(500)
        for _ in range(MOST_DISCARDED - 1):
            await given.conversation()
        for _ in range(len(DELAYS_SECONDS) + 1):
            await sender.run_due()
            clock.move(timedelta(hours=41))
        receiver.statuses(200)
        await given.conversation()
        await sender.run_due()

    assert (await hooks.get(hook))["state"] == "enabled"


async def test_gone_switches_it_off_at_once(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.statuses(410)
    await given.conversation()
    await given.conversation()
    await sender.run_due()

    assert len(receiver.got) == 1
    assert (await hooks.get(hook))["state"] == "disabled"
    assert [each["state"] for each in await hooks.deliveries()] == ["discarded", "dropped"]


async def test_a_delivery_waits_for_the_earlier_one_of_its_conversation_only(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    await hooks.add(receiver.url, NOTED)
    one, other = await given.conversation(), await given.conversation()
    failing = {one}
    receiver.answer = lambda handler, got: plain(handler, 500 if got.json["id"] in failing else 200)
    await note(hooks, one, "first")
    await sender.run_due()
    await note(hooks, one, "second")
    await note(hooks, other, "third")
    await sender.run_due()
    assert [each.json["id"] for each in receiver.got] == [one, other]

    failing.clear()
    clock.move(timedelta(seconds=12))
    await sender.run_due()
    told = [each.json["_embedded"]["threads"][0]["body"] for each in receiver.got if each.json["id"] == one]
    assert told == ["first", "first", "second"]


async def test_after_a_long_time_the_first_success_brings_the_rest(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500)
    for _ in range(5):
        await given.conversation()
    for hours in (0, 0.02, 0.05, 0.2, 1, 2, 3):
        clock.move(timedelta(hours=hours))
        await sender.run_due()
    receiver.statuses(200)
    receiver.got.clear()
    await given.conversation()
    await sender.run_due()

    assert len(receiver.got) == 6


async def test_an_order_is_kept_by_a_worker_that_sends_many_at_once(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, NOTED)
    conversations = [await given.conversation() for _ in range(4)]
    running = asyncio.create_task(sender.run())
    for number in range(10):
        for each in conversations:
            await note(hooks, each, str(number))
    await until(lambda: len(receiver.got) >= 40)
    sender.stop()
    await running

    for each in conversations:
        told = [got.json["_embedded"]["threads"][0]["body"] for got in receiver.got if got.json["id"] == each]
        assert told == [str(number) for number in range(10)]
    assert receiver.unsigned == []


async def test_two_senders_tell_everything_once(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    await hooks.add(receiver.url, NOTED)
    conversations = [await given.conversation() for _ in range(3)]
    for number in range(10):
        for each in conversations:
            await note(hooks, each, str(number))
    other = make_app(given.desk.settings, given.desk.clock, works=False)
    await other.desk.database.open()
    try:
        running = [asyncio.create_task(each.run()) for each in (sender, other.sender)]
        await until(lambda: len(receiver.got) >= 30)
        for one in (sender, other.sender):
            one.stop()
        await asyncio.gather(*running)
    finally:
        await other.desk.database.close()

    assert len({each.id for each in receiver.got}) == len(receiver.got) == 30
    for each in conversations:
        told = [got.json["_embedded"]["threads"][0]["body"] for got in receiver.got if got.json["id"] == each]
        assert told == [str(number) for number in range(10)]


async def test_hanging_receivers_do_not_delay_another(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    with receiving() as bad:
        bad.answer = hangs(bad)
        for _ in range(12):
            await hooks.add(bad.url, "convo.created")
        await hooks.add(receiver.url, "convo.created")
        running = asyncio.create_task(sender.run())
        for _ in range(5):
            for _ in range(5):
                await given.conversation()
            await asyncio.sleep(0.1)
        await until(lambda: len(receiver.got) >= 25, 5)  # those that hang do so for longer
        assert len(bad.got) >= 12
        bad.stopped.set()
        sender.stop()
        await asyncio.wait_for(running, 30)


async def test_a_receiver_that_hangs_is_given_ten_seconds(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert door.SECONDS == 10
    monkeypatch.setattr(door.Outbound.send, "__kwdefaults__", {**(door.Outbound.send.__kwdefaults__ or {}), "seconds": 0.3})
    receiver.answer = hangs(receiver)
    await hooks.add(receiver.url, "convo.created")
    await given.conversation()
    await sender.run_due()
    (it,) = await hooks.deliveries()
    (answer,) = (await hooks.client.get(it["_links"]["self"]["href"])).json()["answers"]

    assert (it["state"], answer["error"], "status" in answer) == ("waiting", "no answer in time", False)
    assert 250 < answer["milliseconds"] < 3000


async def test_of_a_huge_answer_64_kb_are_kept(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    written = [0]

    def endless(handler: Any, got: Got) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(2**30))
        handler.end_headers()
        while written[0] < 2**30:
            handler.wfile.write(b"x" * 2**16)
            written[0] += 2**16

    receiver.answer = endless
    await hooks.add(receiver.url, "convo.created")
    await given.conversation()
    await sender.run_due()
    (it,) = await hooks.deliveries()
    (answer,) = (await hooks.client.get(it["_links"]["self"]["href"])).json()["answers"]

    assert it["state"] == "delivered"
    assert (len(answer["body"]), answer["isCut"]) == (64 * 1024, True)
    assert written[0] < 2**26


async def test_no_redirect_is_followed(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    receiver.answer = lambda handler, got: plain(handler, 307, Location=receiver.url)
    await hooks.add(receiver.url, "convo.created")
    await given.conversation()
    await sender.run_due()

    assert len(receiver.got) == 1
    assert [each["state"] for each in await hooks.deliveries()] == ["waiting"]


async def test_what_nobody_noted_as_sent_is_sent_again_when_the_lease_ends(
    given: Given, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, NOTED)
    it = await given.conversation()
    await note(hooks, it)
    await note(hooks, it)
    killed = Sender(given.desk)
    async with given.write() as tx:
        (hook,) = await tx.all(queries.ALL)
    (claimed,) = await killed._claim(hook, 8)
    assert claimed.attempts == 0
    assert await sender.run_due() == 0, "the second waits for the first, the first for its lease"

    async with given.write() as tx:
        await tx.write(EXPIRE)
    assert await sender.run_due() == 2
    assert await killed._settle(hook, claimed, deliveries.Tried(given.desk.clock.now(), 1, "", {}, 200)) is None
    assert len({each.id for each in receiver.got}) == 2


async def test_a_wrong_key_is_told_in_the_ledger(given: Given, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    await hooks.add(receiver.url, "convo.created")
    await given.conversation()
    seal_of.cache_clear()
    del given.desk.seal
    given.desk.settings.key_file.unlink()
    await sender.run_due()
    (it,) = await hooks.deliveries()
    (answer,) = (await hooks.client.get(it["_links"]["self"]["href"])).json()["answers"]

    assert answer["error"].startswith("the key that sealed it is not here")
    assert receiver.got == []
