"""Un-merging: what was merged away is a conversation of its own again, as if it had never been merged."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from deskhand.app import App
from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, drafts, erasing, merging, snoozing, threads
from deskhand.conversations.operations.entries import Mailed, NewThread
from deskhand.conversations.operations.merging import FORGET
from deskhand.conversations.tables import conversations
from deskhand.kernel.errors import Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import param, read
from deskhand.schema import metadata
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, ids, mistakes, show, watch
from tests.conversations.looking import threads as shown
from tests.conversations.test_counts import Act, compare, rows
from tests.conversations.test_counts import Desk as AnyDesk
from tests.given import Client, Given

OURS = "/deskhand/v1/conversations"
CUSTOMER = read(select(conversations.c.customer_id).where(conversations.c.id == param("conversation_id")), int)
VARYING = {"modified_at", "user_updated_at", "thread_total"}
TABLES = (
    "conversation_merges",
    "counts",
    "conversations",
    "threads",
    "attachments",
    "conversation_tags",
    "conversation_fields",
    "thread_addresses",
    "conversation_merges",
    "counts",
)


class Desk(AnyDesk):
    """One without history: an imported thread is in no preview until the preview is read anew."""

    def _deeds(self) -> dict[str, Act]:
        return {name: deed for name, deed in super()._deeds().items() if name != "import"}


async def merge(given: Given, loser: int, into: int) -> None:
    async with given.write(given.owner) as tx:
        await merging.merge(tx, loser, into=into)


async def unmerge(given: Given, loser: int) -> None:
    async with given.write(given.owner) as tx:
        await merging.unmerge(tx, loser)


async def everything(given: Given) -> dict[str, list[Any]]:
    """Every row but line items, without moments and what counts line items; kept counts summed."""
    found: dict[str, list[Any]] = {}
    async with given.read() as view:
        for table in TABLES:
            names = [f'"{column.name}"' for column in metadata.tables[table].columns if column.name not in VARYING]
            where = " WHERE type <> 'lineitem'" if table == "threads" else ""
            what = ", ".join(names)
            if table == "counts":
                what, where = "name, SUM(total)", " GROUP BY name HAVING SUM(total) <> 0"
            found[table] = sorted(map(repr, await rows(view, f"SELECT {what} FROM {table}{where}")))
    return found


async def refused(given: Given, loser: int, words: str) -> None:
    with pytest.raises((Unmet, Forbidden), match=words):
        await unmerge(given, loser)


@pytest.fixture
async def pair(given: Given) -> tuple[int, int]:
    """Two conversations of two customers, the first merged into the second."""
    loser = await given.conversation(customer=await given.customer("pavel@mail.test"), text="Lost words")
    survivor = await given.conversation(customer=await given.customer("ada@mail.test"), text="Other words")
    await merge(given, loser, survivor)
    return loser, survivor


@pytest.mark.parametrize("seed", range(3))
async def test_a_merge_that_was_undone_leaves_every_row_as_it_was(given: Given, clock: MovableClock, seed: int) -> None:
    desk = Desk(given, clock, random.Random(seed))
    await desk.begin()
    undone = 0
    for _ in range(40):
        await desk.act()
        loser, survivor = (desk.luck.choice(desk.conversations or [0]) for _ in range(2))
        before = await everything(given)
        try:
            await merge(given, loser, survivor)
        except (Invalid, NotFound, Unmet):
            continue
        await unmerge(given, loser)
        undone += 1
        assert await everything(given) == before
    assert undone > 2
    await compare(given)


async def test_both_sides_are_told_and_the_id_leads_nowhere_else(client: Client, given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    facts = await watch(given)

    assert (await client.post(f"{OURS}/{loser}/unmerge")).status_code == 204

    assert await facts.all() == [("ConversationUnmerged", {"conversation_id": survivor, "merged_id": loser})]
    lines = [(await shown(client, each))[0]["action"] for each in pair]
    assert [each["associatedEntities"] for each in lines] == [{"conversation": survivor}, {"conversation": loser}]
    assert [each["text"].split()[-3:] for each in lines] == [["of", "#2", "again"], ["this", "one", "again"]]
    first, second = await show(client, loser), await show(client, survivor)
    assert (first["preview"], first["threads"]) == ("Lost words", 1)
    assert (second["preview"], second["threads"]) == ("Other words", 1)
    assert await ids(client, query="body:lost") == [loser]


async def test_recipients_are_found_where_their_threads_are(client: Client, given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    await unmerge(given, loser)
    body = {"text": "x", "customer": {"email": "pavel@mail.test"}, "cc": ["copy@firm.test"]}
    assert (await client.post(f"{V2}/{loser}/reply", json=body)).status_code == 201

    await merge(given, loser, survivor)
    assert await ids(client, query="cc:firm.test") == [survivor]
    await unmerge(given, loser)
    assert await ids(client, query="cc:firm.test") == [loser]


async def test_over_the_api_one_is_merged_into_another(client: Client, given: Given) -> None:
    loser, survivor = await given.conversation(), await given.conversation()

    assert codes(await client.post(f"{OURS}/{loser}/merge", json={"into": 0})) == {"into": "Min"}
    assert mistakes(await client.post(f"{OURS}/{loser}/merge", json={"into": loser})) == {"into": "is the same conversation"}
    assert (await client.post(f"{OURS}/{loser}/merge", json={"into": 999})).status_code == 404
    assert (await client.post(f"{OURS}/{survivor}/unmerge")).status_code == 412
    assert (await client.post(f"{OURS}/999/unmerge")).status_code == 404
    assert (await client.post(f"{OURS}/{loser}/merge", json={"into": survivor})).status_code == 204
    assert (await client.get(f"{V2}/{loser}")).status_code == 301
    assert (await client.post(f"{OURS}/{loser}/merge", json={"into": survivor})).status_code == 404


@pytest.mark.parametrize("kind", [ThreadType.NOTE, ThreadType.CUSTOMER, ThreadType.MESSAGE])
async def test_a_newer_thread_ends_it(given: Given, pair: tuple[int, int], kind: ThreadType) -> None:
    loser, survivor = pair
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, survivor, Status.CLOSED)
    await unmerge(given, loser)  # a line item is no thread
    await merge(given, loser, survivor)
    await given.thread(survivor, kind)

    await refused(given, loser, "newer thread")


async def test_a_draft_that_was_sent_since_is_a_newer_thread(given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    await unmerge(given, loser)
    draft = await given.thread(loser, ThreadType.MESSAGE, draft=True)
    await merge(given, loser, survivor)
    async with given.write(given.owner) as tx:
        await threads.publish(tx, survivor, draft)

    await refused(given, loser, "newer thread")


async def test_what_a_chain_took_along_comes_out_of_its_end(client: Client, given: Given, pair: tuple[int, int]) -> None:
    first, second = pair
    await unmerge(given, first)
    third = await given.conversation(text="Third words")
    before = await everything(given)
    await merge(given, first, second)
    await merge(given, second, third)

    await unmerge(given, first)
    assert [(await show(client, each))["threads"] for each in (first, third)] == [1, 2]
    assert (await client.get(f"{V2}/{second}")).headers["location"].endswith(f"/{third}")
    await unmerge(given, second)

    assert await everything(given) == before


async def test_a_chain_can_be_undone_from_its_end_too(given: Given, pair: tuple[int, int]) -> None:
    first, second = pair
    await unmerge(given, first)
    third = await given.conversation()
    before = await everything(given)
    await merge(given, first, second)
    await merge(given, second, third)

    await unmerge(given, second)
    await unmerge(given, first)

    assert await everything(given) == before


async def test_a_snooze_that_would_have_ended_meanwhile_ends_then(
    client: Client, given: Given, clock: MovableClock, app: App, pair: tuple[int, int]
) -> None:
    loser, survivor = pair
    await unmerge(given, loser)
    async with given.write(given.owner) as tx:
        await snoozing.snooze(tx, loser, until=tx.now + timedelta(hours=1), wakes_on_reply=False)
    await merge(given, loser, survivor)
    clock.move(timedelta(hours=2))
    await app.worker.run_due()

    await unmerge(given, loser)

    assert "snooze" not in await show(client, loser)


async def test_an_owner_who_went_meanwhile_owns_it_no_more(client: Client, given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    await unmerge(given, loser)
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    async with given.write(given.owner) as tx:
        await changing.assign(tx, loser, to=ona)
    await merge(given, loser, survivor)
    await client.delete(f"/v2/users/{ona}")
    await given.app.worker.run_due()

    await unmerge(given, loser)

    assert "assignee" not in await show(client, loser)


async def test_what_was_hidden_meanwhile_stays_hidden(client: Client, given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    (line, *said) = await shown(client, survivor)
    async with given.write(given.owner) as tx:
        await drafts.hide(tx, survivor, said[-1]["id"], hidden=True)

    await unmerge(given, loser)

    it = await show(client, loser)
    assert (line["action"]["type"], it["threads"], it.get("preview", "")) == ("merged", 0, "")
    await compare(given)


async def test_no_preview_quotes_what_a_letter_does(client: Client, given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    await unmerge(given, loser)
    mailed = Mailed("00" * 32, quoted_at=len("Thanks."))
    async with given.write() as tx:
        await threads.add(tx, loser, NewThread(type=ThreadType.CUSTOMER, text="Thanks.> Quoted", mailed=mailed))

    previews = [(await show(client, loser))["preview"]]
    await merge(given, loser, survivor)
    previews.append((await show(client, survivor))["preview"])
    await unmerge(given, loser)
    previews.append((await show(client, loser))["preview"])

    assert previews == ["Thanks."] * 3


async def test_it_is_refused_without_the_other_or_what_was_kept(given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    async with given.write(given.owner) as tx:
        await changing.delete(tx, survivor)
    await refused(given, loser, "is gone")

    old, other = await given.conversation(), await given.conversation()
    await merge(given, old, other)
    async with given.write() as tx:
        await tx.write(FORGET, conversation_id=old)
    await refused(given, old, "before merges could be undone")


async def test_an_erased_one_does_not_come_back(given: Given, pair: tuple[int, int]) -> None:
    loser, _ = pair
    async with given.write(given.owner) as tx:
        customer = await tx.one(CUSTOMER, conversation_id=loser)
        await erasing.erase_customer(tx, customer)
    with pytest.raises(NotFound):
        await unmerge(given, loser)

    async with given.read() as view:
        assert await rows(view, "SELECT * FROM conversation_merges") == []


async def test_who_does_not_see_both_inboxes_may_not(given: Given, pair: tuple[int, int]) -> None:
    loser, survivor = pair
    sales = await given.new_inbox("Sales")
    ona = await given.user()
    await given.grant(given.inbox, ona)
    async with given.write(given.owner) as tx:
        await changing.move(tx, survivor, sales)

    with pytest.raises(Forbidden, match="do not see"):
        async with given.write(ona) as tx:
            await merging.unmerge(tx, loser)
