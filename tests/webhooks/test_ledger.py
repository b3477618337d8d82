"""The ledger: what was told, what came back, telling it once more, and forgetting it in time."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from deskhand.conversations.model import ThreadType
from deskhand.kernel.storage.statements import read
from deskhand.webhooks import queries
from deskhand.webhooks.model import DeliveriesCleared, DeliveriesReplayed
from deskhand.webhooks.operations import deliveries
from deskhand.webhooks.sending import Sender
from deskhand.webhooks.tables import attempts
from tests.conftest import MovableClock
from tests.given import Client, Given, later
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import Receiver, plain

LEDGER = "/deskhand/v1/webhook-deliveries"
ATTEMPTS = read(select(func.count()).select_from(attempts), int)


async def test_a_delivery_tells_request_and_every_answer(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.answer = lambda handler, got: plain(handler, 503, b"caf\xe9", **{"X-Reason": "rest"})
    it = await given.conversation()
    (waiting,) = await hooks.deliveries()
    whole = (await client.get(waiting["_links"]["self"]["href"])).json()
    assert whole["answers"] == []
    assert (whole["request"]["url"], whole["request"]["headers"]) == (receiver.url, {})
    await sender.run_due()
    receiver.statuses(204)
    clock.move(timedelta(seconds=12))
    await sender.run_due()

    whole = (await client.get(f"{LEDGER}/{waiting['id']}")).json()
    sent = receiver.got[-1]
    assert whole | {"request": {}, "answers": [], "createdAt": "", "settledAt": ""} == {
        "id": waiting["id"],
        "deliveryId": sent.id,
        "webhookId": hook,
        "event": "convo.created",
        "state": "delivered",
        "conversationId": it,
        "attempts": 2,
        "createdAt": "",
        "settledAt": "",
        "_links": {"self": {"href": f"https://desk.test{LEDGER}/{waiting['id']}"}},
        "request": {},
        "answers": [],
    }
    assert whole["request"]["body"].encode() == sent.body
    assert {name.lower(): value for name, value in whole["request"]["headers"].items()}.items() <= sent.headers.items()
    bad, good = whole["answers"]
    assert (bad["status"], bad["body"], bad["headers"]["x-reason"], bad["isCut"]) == (503, "caf\ufffd", "rest", False)
    assert (good["status"], good["body"]) == (204, "")
    assert bad["milliseconds"] >= 0


async def test_the_ledger_is_filtered_and_paged(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    one = await hooks.add(receiver.url, "convo.created", "convo.note.created")
    other = await hooks.add(receiver.url, "convo.created")
    it = await given.conversation()
    await sender.run_due()
    clock.move(timedelta(hours=2))
    since = later(clock.now())
    clock.move(timedelta(seconds=1))
    for _ in range(60):
        await given.thread(it, ThreadType.NOTE)

    async def ids(**query: object) -> list[int]:
        return [each["id"] for each in await hooks.deliveries(**query)]

    everything = await ids(webhook=one, event="convo.created")
    assert len(everything) == 1
    assert await ids(webhook=other) == await ids(webhook=other, event="convo.created", state="delivered", conversation=it)
    assert await ids(webhook=other, event="convo.note.created") == []
    assert await ids(until=since) == sorted(await ids(state="delivered"))
    assert await ids(conversation=99) == []

    first = (await client.get(f"{LEDGER}?since={since}")).json()
    second = (await client.get(first["_links"]["next"]["href"])).json()
    listed = [each["id"] for page in (first, second) for each in page["_embedded"]["deliveries"]]
    assert (len(listed), listed) == (60, sorted(listed, reverse=True))
    assert "next" not in second["_links"]
    assert first["_links"]["self"]["href"] == f"https://desk.test{LEDGER}?since={since.replace(':', '%3A')}"
    assert (await client.get(second["_links"]["self"]["href"])).json() == second


async def test_what_is_wrong_with_a_question_is_told(client: Client, hooks: Hooks) -> None:
    for query in ("cursor=x", "cursor=1-", "cursor=99999999999999999999999-1", "cursor=1-99999999999999999999", "webhook=x",
                  "event=x", "state=x", "since=yesterday", "conversation=0"):  # fmt: skip
        got = await client.get(f"{LEDGER}?{query}")
        assert got.status_code == 400, query
        assert got.json()["_embedded"]["errors"][0]["path"] == query.split("=")[0]
    assert (await client.get(f"{LEDGER}?webhook=99")).status_code == 404
    assert (await client.get(f"{LEDGER}/99")).status_code == 404
    assert (await client.post(f"{LEDGER}/99/replay")).status_code == 404
    assert (await client.post(f"{LEDGER}/replay", json={"webhookId": 99})).status_code == 404
    assert (await client.post(f"{LEDGER}/replay", json={})).status_code == 400


async def test_one_delivery_is_told_once_more_with_its_id_and_bytes(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    await hooks.add(receiver.url, "convo.created")
    it = await given.conversation()
    await sender.run_due()
    await client.patch(f"/v2/conversations/{it}", json={"op": "replace", "path": "/subject", "value": "Another"})
    (told,) = await hooks.deliveries()
    got = await client.post(f"{LEDGER}/{told['id']}/replay")
    assert (got.status_code, got.content) == (202, b"")
    assert [each["state"] for each in await hooks.deliveries()] == ["waiting"]
    await sender.run_due()

    first, again = receiver.got
    assert (first.body, first.id) == (again.body, again.id)
    assert receiver.unsigned == []
    assert len((await client.get(f"{LEDGER}/{told['id']}")).json()["answers"]) == 2


async def test_a_range_or_everything_since_a_moment_is_told_once_more(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    other = await hooks.add(receiver.url, "convo.created")
    moments = []
    for _ in range(4):
        moments.append(later(clock.now()))
        clock.move(timedelta(seconds=1))
        await given.conversation()
        clock.move(timedelta(seconds=10))
    await sender.run_due()
    ids = [each["id"] for each in await hooks.deliveries(webhook=hook)]

    async def replayed(**body: object) -> list[int]:
        receiver.got.clear()
        got = await client.post(f"{LEDGER}/replay", json={"webhookId": hook, **body})
        assert got.status_code == 200, got.text
        await sender.run_due()
        assert got.json() == {"replayed": len(receiver.got)}
        return [each.json["id"] for each in receiver.got]

    assert await replayed() == [1, 2, 3, 4]
    assert await replayed(since=moments[2]) == [3, 4]
    assert await replayed(since=moments[1], until=moments[3]) == [2, 3]
    assert await replayed(fromId=ids[1], toId=ids[2]) == [2, 3]
    assert await replayed(state="discarded") == []
    assert len(await hooks.deliveries(webhook=other, state="delivered")) == 4, "another's are left alone"


async def test_a_long_replay_says_where_to_go_on(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    for _ in range(3):
        await given.conversation()
    await sender.run_due()
    most, deliveries.MOST_REPLAYED = deliveries.MOST_REPLAYED, 2
    try:
        got = (await client.post(f"{LEDGER}/replay", json={"webhookId": hook})).json()
        rest = (await client.post(f"{LEDGER}/replay", json={"webhookId": hook, "fromId": got["nextId"]})).json()
    finally:
        deliveries.MOST_REPLAYED = most

    assert (got["replayed"], rest) == (2, {"replayed": 1})
    async with given.write() as tx:
        assert await deliveries.replay(tx, hook) == []
    assert not [each for each in tx.recorded if isinstance(each, DeliveriesReplayed)]


async def test_a_disabled_webhook_is_not_replayed_to(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender
) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.statuses(410)
    await given.conversation()
    await sender.run_due()
    (told,) = await hooks.deliveries()

    assert (await client.post(f"{LEDGER}/{told['id']}/replay")).status_code == 412
    assert (await client.post(f"{LEDGER}/replay", json={"webhookId": hook})).status_code == 412


async def test_old_deliveries_are_forgotten_by_themselves(
    given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender, clock: MovableClock
) -> None:
    await hooks.add(receiver.url, "convo.created")
    await given.conversation()
    await sender.run_due()
    worker = given.app.worker
    await worker.run_due()
    clock.move(timedelta(days=13, hours=20))
    await worker.run_due()
    assert len(await hooks.deliveries()) == 1
    receiver.statuses(500)
    await given.conversation()
    await sender.run_due()
    clock.move(timedelta(hours=6))
    await worker.run_due()
    assert [each["state"] for each in await hooks.deliveries()] == ["waiting"]
    async with given.read() as view:
        assert await view.one(ATTEMPTS) == 1, "its answers went with it"

    clock.move(timedelta(days=30))
    await worker.run_due()
    assert len(await hooks.deliveries()) == 1, "what waits is kept"
    assert DeliveriesCleared.__name__


async def test_what_can_be_counted(given: Given, client: Client, hooks: Hooks, receiver: Receiver, sender: Sender) -> None:
    hook = await hooks.add(receiver.url, "convo.created")
    receiver.statuses(500, 200)
    for _ in range(3):
        await given.conversation()
    await sender.run_due()
    async with given.read() as view:
        assert await queries.totals(view) == {"delivered": 2, "discarded": 0, "dropped": 0, "failed": 1, "waiting": 1}
        assert await queries.troubles(view) == []
    metrics = (await client.get("/metrics")).text
    ready = (await client.get("/ready")).json()

    assert "deskhand_webhook_deliveries_waiting 1.0" in metrics
    assert 'deskhand_webhook_deliveries_total{state="delivered"} 2.0' in metrics
    assert "deskhand_webhook_attempts_failed_total 1.0" in metrics
    assert ready["webhooks"] == "ok"
    receiver.statuses(500)
    await given.conversation()
    await sender.run_due()
    assert f"webhook {hook} has not got through since" in (await client.get("/ready")).json()["webhooks"]
