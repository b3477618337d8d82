"""What one was told: the list, reading it, and what one wants to be told of."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from deskhand.conversations.model import ThreadType
from deskhand.kernel.storage.statements import read
from deskhand.notifications import operations
from deskhand.notifications.model import MOST_COUNTED
from deskhand.notifications.tables import notifications
from deskhand.users import operations as users
from deskhand.users.model import TOLD_BY_MAIL, TOLD_IN_BROWSER, NotificationsChosen, Occasion
from tests.conftest import MovableClock
from tests.given import Client, Given
from tests.notifications.conftest import Told

LIST = "/deskhand/v1/notifications"
ROWS = read(select(func.count()).select_from(notifications), int)


async def listed(client: Client, query: str = "") -> Any:
    got = await client.get(LIST + query)
    assert got.status_code == 200, got.text
    return got.json()


async def test_the_list_says_what_where_who_and_when(given: Given, told: Told) -> None:
    ona = await told.worker("Ona")
    it = await given.conversation()
    note = await given.thread(it, ThreadType.NOTE, "@ona?")
    async with given.client(ona) as client:
        assert await listed(client) == {
            "notifications": [
                {
                    "id": 1,
                    "occasion": "mentioned",
                    "conversation": {"id": it, "number": 1, "subject": "Parcel never left the depot", "mailboxId": given.inbox},
                    "threadId": note,
                    "by": {"type": "user", "id": given.owner, "first": "Ines", "last": "Okafor"},
                    "createdAt": (await listed(client))["notifications"][0]["createdAt"],
                }
            ],
            "unread": 1,
        }


async def test_what_a_customer_or_the_desk_did_is_by_the_customer(given: Given, told: Told) -> None:
    await told.wants(given.owner, *Occasion)
    it = await given.conversation(by=await told.worker("Ona"))
    await given.thread(it, ThreadType.CUSTOMER, by=None)
    async with given.client(given.owner) as client:
        found = (await listed(client))["notifications"]
    assert [each["by"]["type"] for each in found] == ["customer", "user"]
    assert found[0]["by"]["first"] == "Pavel"


async def test_it_comes_in_pieces_the_newest_first(given: Given, told: Told) -> None:
    ona = await told.worker("Ona", Occasion.NEW_CONVERSATION)
    for number in range(5):
        await given.conversation(subject=str(number))
    async with given.client(ona) as client:
        subjects, before = [], ""
        for _ in range(3):
            piece = await listed(client, f"?limit=2{before}")
            subjects.append([each["conversation"]["subject"] for each in piece["notifications"]])
            before = f"&before={piece.get('next')}"
        assert subjects == [["4", "3"], ["2", "1"], ["0"]]
        assert "next" not in piece


async def test_reading_one_those_up_to_one_and_those_of_a_conversation(given: Given, told: Told) -> None:
    ona = await told.worker("Ona", *Occasion)
    for _ in range(4):
        it = await given.conversation()
    async with given.client(ona) as client:
        first, second, third, last = [each["id"] for each in reversed((await listed(client))["notifications"])]

        assert (await client.put(f"{LIST}/{third}/read")).status_code == 204
        assert [each["id"] for each in (await listed(client, "?unread=true"))["notifications"]] == [last, second, first]
        assert (await client.put(f"{LIST}/read", json={"upTo": second})).status_code == 204
        assert (await listed(client))["unread"] == 1
        async with given.write(ona) as tx:
            await operations.read_of(tx, it)
        everything = await listed(client)
    assert everything["unread"] == 0
    assert all("readAt" in each for each in everything["notifications"])


async def test_of_somebody_else_nothing_is_read(given: Given, told: Told) -> None:
    ona, ulla = await told.worker("Ona", *Occasion), await told.worker("Ulla")
    await given.conversation()
    async with given.client(ulla) as client:
        assert (await client.put(f"{LIST}/1/read")).status_code == 404
        assert (await client.put(f"{LIST}/read", json={"upTo": 1})).status_code == 204
    async with given.client(ona) as client:
        assert (await listed(client))["unread"] == 1


async def test_unread_ones_are_counted_up_to_a_hundred(given: Given, told: Told) -> None:
    ona = await told.worker("Ona")
    it = await given.conversation()
    async with given.write() as tx:
        row = dict.fromkeys(operations.COLUMNS) | {"user_id": ona, "occasion": Occasion.MENTIONED, "conversation_id": it}
        await tx.write_many(operations.ADD, [row | {"created_at": tx.now}] * (MOST_COUNTED + 1))
    async with given.client(ona) as client:
        assert (await listed(client, "?limit=1"))["unread"] == MOST_COUNTED


async def test_after_ninety_days_they_are_gone(given: Given, told: Told, clock: MovableClock) -> None:
    ona = await told.worker("Ona", Occasion.NEW_CONVERSATION)
    await given.conversation()
    clock.move(timedelta(days=90))
    await given.conversation()

    async with given.read(ona) as view:
        assert await view.one(ROWS) == 1


async def test_what_one_wants_to_be_told_of(client: Client, given: Given) -> None:
    settings = f"{LIST}/settings"
    usual = {"browser": [each.value for each in TOLD_IN_BROWSER], "mail": [each.value for each in TOLD_BY_MAIL]}
    assert (await client.get(settings)).json() == usual

    chosen = {"browser": ["rated", "new-conversation", "rated"], "mail": []}
    assert (await client.put(settings, json=chosen)).status_code == 204

    assert (await client.get(settings)).json() == {"browser": ["new-conversation", "rated"], "mail": []}
    async with given.write(given.owner) as tx:
        await users.choose_notifications(tx, in_browser=[Occasion.RATED, Occasion.NEW_CONVERSATION], by_mail=[])
        await tx.finish_now()
        assert NotificationsChosen(user_id=given.owner) not in tx.recorded


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"browser": ["nonsense"], "mail": []}, "browser[0]"),
        ({"browser": [], "mail": [None]}, "mail[0]"),
        ({"browser": "rated", "mail": []}, "browser"),
        ({"mail": []}, "browser"),
        ({"browser": None, "mail": []}, "browser"),
        ({"browser": ["ra\0ted"], "mail": []}, "browser[0]"),
        ([], ""),
    ],
)
async def test_strange_wishes_are_refused_by_name(client: Client, body: Any, path: str) -> None:
    got = await client.put(f"{LIST}/settings", json=body)

    assert got.status_code == 400
    assert path in [each["path"] for each in got.json()["_embedded"]["errors"]] if path else True


@pytest.mark.parametrize("query", ["?limit=0", "?limit=101", "?before=x", "?before=-1", "?unread=2", "?limit="])
async def test_strange_queries_are_refused(client: Client, query: str) -> None:
    assert (await client.get(LIST + query)).status_code == 400


@pytest.mark.parametrize("up_to", [0, -1, "x", None, 10**30, 1.5])
async def test_strange_places_are_refused(client: Client, up_to: Any) -> None:
    assert (await client.put(f"{LIST}/read", json={"upTo": up_to})).status_code == 400
