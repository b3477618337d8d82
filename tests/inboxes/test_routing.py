"""Routing: what is set, who would be next, and that it acts (contract 60 §1.3)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskhand.conversations import jobs
from deskhand.conversations.model import ConversationCreated, ConversationType, Status, ThreadType
from deskhand.conversations.operations import creating
from deskhand.conversations.operations.entries import NewThread
from deskhand.inboxes.model import PassedOver, Place, RoutingMethod, next_owner, passed_over
from deskhand.kernel import tables
from deskhand.kernel.jobs import Worker
from deskhand.kernel.permissions import Role
from deskhand.users import operations as users
from deskhand.users.model import Presence, StatusSource
from tests.contract.vendor import codes
from tests.given import Client, Given

FULL, AWAY, OUT = PassedOver.AT_CAPACITY, PassedOver.AWAY, PassedOver.NOT_IN_ROTATION


def routing(*user_ids: int, **more: Any) -> dict[str, Any]:
    return {"state": "enabled", "assignmentLimit": 2, "assignmentMethod": "round_robin", "userIds": list(user_ids)} | more


async def owners(given: Given, *conversations: int) -> list[int | None]:
    """Who has each, after the jobs ran."""
    await Worker(given.desk).run_due()
    async with given.client(given.owner) as client:
        shown = [(await client.get(f"/v2/conversations/{each}")).json() for each in conversations]
    return [each["assignee"]["id"] if "assignee" in each else None for each in shown]


@pytest.mark.parametrize(
    ("count", "in_rotation", "present", "reason"),
    [
        (0, True, True, None),
        (2, True, True, None),
        (3, True, True, FULL),
        (9, True, False, AWAY),
        (0, True, False, AWAY),
        (9, False, False, OUT),
        (0, False, True, OUT),
    ],
)
def test_why_somebody_is_passed_over(count: int, in_rotation: bool, present: bool, reason: PassedOver | None) -> None:
    assert passed_over(count, 3, in_rotation=in_rotation, present=present) is reason


@pytest.mark.parametrize(
    ("places", "method", "last", "found"),
    [
        ([], RoutingMethod.ROUND_ROBIN, None, None),
        ([Place(4, 0), Place(3, 0)], RoutingMethod.ROUND_ROBIN, None, 4),
        ([Place(4, 9), Place(3, 0)], RoutingMethod.ROUND_ROBIN, 3, 4),
        ([Place(4, 0), Place(3, 9)], RoutingMethod.ROUND_ROBIN, 4, 3),
        ([Place(4, 0), Place(3, 0, AWAY), Place(5, 0)], RoutingMethod.ROUND_ROBIN, 4, 5),
        ([Place(4, 0), Place(3, 0)], RoutingMethod.ROUND_ROBIN, 77, 4),
        ([Place(4, 0, FULL), Place(3, 0, OUT)], RoutingMethod.ROUND_ROBIN, None, None),
        ([Place(4, 2), Place(3, 1), Place(5, 1)], RoutingMethod.BALANCED, None, 3),
        ([Place(4, 2), Place(3, 1), Place(5, 1)], RoutingMethod.BALANCED, 3, 5),
        ([Place(4, 1, AWAY), Place(3, 2)], RoutingMethod.BALANCED, None, 3),
    ],
)
def test_who_is_next(places: list[Place], method: RoutingMethod, last: int | None, found: int | None) -> None:
    assert next_owner(places, method, last) == found


async def test_before_it_was_set_it_is_disabled(client: Client, given: Given) -> None:
    assert (await client.get(f"/v2/mailboxes/{given.inbox}/routing")).json() == {
        "state": "disabled",
        "userIds": [],
        "rotation": [{"userId": given.owner, "conversationsCount": 0, "eligible": False, "reason": "not_in_rotation"}],
        "_links": {"self": {"href": f"https://desk.test/v2/mailboxes/{given.inbox}/routing"}},
    }


async def test_it_is_shown_with_who_would_get_a_conversation(client: Client, given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou")
    inbox = await given.new_inbox("Returns", workers=(ona, lou))
    for status in (Status.ACTIVE, Status.ACTIVE, Status.PENDING, Status.CLOSED):
        await given.conversation(inbox=inbox, assign_to=ona, status=status)
    await given.conversation(inbox=inbox, assign_to=given.owner)
    got = await client.put(f"/v2/mailboxes/{inbox}/routing", json=routing(lou, ona, lou, assignmentMethod="balanced"))
    await client.put(f"/v2/users/{lou}/status", json={"status": "away"})

    assert (got.status_code, got.text) == (204, "")
    shown = (await client.get(f"/v2/mailboxes/{inbox}/routing")).json()
    assert shown == shown | routing(lou, ona, assignmentMethod="balanced")
    assert shown["rotation"] == [
        {"userId": lou, "conversationsCount": 0, "eligible": False, "reason": "away"},
        {"userId": ona, "conversationsCount": 2, "eligible": False, "reason": "at_capacity"},
        {"userId": given.owner, "conversationsCount": 1, "eligible": False, "reason": "not_in_rotation"},
    ]


async def test_setting_it_again_replaces_it(client: Client, given: Given) -> None:
    here = f"/v2/mailboxes/{given.inbox}/routing"
    await client.put(here, json=routing(given.owner))
    off = routing(state="disabled", assignmentLimit=9)
    assert (await client.put(here, json=off)).status_code == 204

    shown = (await client.get(here)).json()
    assert shown == shown | off


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"state": "on"}, {"state": "EnumValue"}),
        ({"assignmentLimit": 0}, {"assignmentLimit": "Min"}),
        ({"assignmentLimit": 101}, {"assignmentLimit": "Max"}),
        ({"assignmentMethod": "random"}, {"assignmentMethod": "EnumValue"}),
        ({"userIds": []}, {"userIds": "NotEmpty"}),
        ({"userIds": None}, {"userIds": "NotNull"}),
        ({"userIds": [999, 2, 888]}, {"userIds[0]": "Invalid", "userIds[2]": "Invalid"}),
        ({"state": "disabled", "userIds": [999]}, {"userIds[0]": "Invalid"}),
        ({"userIds": ["x"], "assignmentLimit": "y"}, {"userIds[0]": "Invalid", "assignmentLimit": "Invalid"}),
    ],
)
async def test_mistakes_are_named(client: Client, given: Given, change: Any, found: dict[str, str]) -> None:
    got = await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner) | change)

    assert got.status_code == 400
    assert codes(got) == found


async def test_all_four_are_needed(client: Client, given: Given) -> None:
    got = await client.put(f"/v2/mailboxes/{given.inbox}/routing", json={})

    assert set(codes(got)) == {"state", "assignmentLimit", "assignmentMethod", "userIds"}


async def test_who_does_not_work_there_cannot_be_in_it(client: Client, given: Given) -> None:
    stranger, team = await given.user(), await given.team("Night", [])
    await given.grant(given.inbox, team)
    gone = await given.user("Gus", role=Role.ADMINISTRATOR)
    await client.delete(f"/v2/users/{gone}")
    got = await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(stranger, team, gone))

    assert set(codes(got)) == {"userIds[0]", "userIds[1]", "userIds[2]"}


async def test_who_leaves_the_inbox_leaves_the_rotation(client: Client, given: Given) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(ona, given.owner))
    await client.delete(f"/v2/users/{ona}")

    shown = (await client.get(f"/v2/mailboxes/{given.inbox}/routing")).json()
    assert shown["userIds"] == [given.owner] == [each["userId"] for each in shown["rotation"]]
    assert await owners(given, await given.conversation()) == [given.owner]


async def test_only_administrators_set_it_and_workers_see_it(given: Given) -> None:
    ona = await given.user()
    inbox = await given.new_inbox("Returns", workers=(ona,))
    async with given.client(ona) as client:
        assert (await client.get(f"/v2/mailboxes/{inbox}/routing")).status_code == 200
        assert (await client.put(f"/v2/mailboxes/{inbox}/routing", json=routing(ona))).status_code == 403
        assert (await client.get(f"/v2/mailboxes/{given.inbox}/routing")).status_code == 404
        assert (await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(ona))).status_code == 404


async def test_customers_conversations_go_round_until_all_are_full(client: Client, given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou")
    inbox = await given.new_inbox("Returns", workers=(ona, lou))
    await client.put(f"/v2/mailboxes/{inbox}/routing", json=routing(lou, ona))
    made = [await given.conversation(inbox=inbox) for _ in range(5)]

    assert await owners(given, *made) == [lou, ona, lou, ona, None]
    threads = (await client.get(f"/v2/conversations/{made[0]}/threads")).json()["_embedded"]["threads"]
    assert threads[0]["action"] == {
        "type": "changed-ticket-assignee",
        "text": "Deskhand assigned the conversation to Lou Bell",
        "associatedEntities": {},
    }
    counts = (await client.get(f"/v2/mailboxes/{inbox}/routing")).json()["rotation"]
    assert [(each["userId"], each["conversationsCount"]) for each in counts[:2]] == [(lou, 2), (ona, 2)]


async def test_balanced_gives_to_who_has_the_fewest(client: Client, given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou")
    inbox = await given.new_inbox("Returns", workers=(ona, lou))
    for _ in range(2):
        await given.conversation(inbox=inbox, assign_to=lou)
    balanced = routing(lou, ona, assignmentMethod="balanced", assignmentLimit=3)
    await client.put(f"/v2/mailboxes/{inbox}/routing", json=balanced)
    made = [await given.conversation(inbox=inbox) for _ in range(5)]

    assert await owners(given, *made) == [ona, ona, lou, ona, None]


async def test_who_is_away_or_still_invited_gets_none(client: Client, given: Given) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    body = {"firstName": "Lou", "lastName": "B", "email": "lou@desk.test", "role": "admin"}
    invited = int((await client.post("/v2/users", json=body)).headers["resource-id"])
    async with given.write(ona) as tx:
        await users.set_status(tx, ona, Presence.AWAY, source=StatusSource.UI)
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(ona, invited))

    assert await owners(given, await given.conversation()) == [None]


async def test_only_what_a_customer_begins_now_is_shared_out(client: Client, given: Given) -> None:
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner, assignmentLimit=99))
    note = [NewThread(type=ThreadType.NOTE, text="Call them.")]
    left_alone = [
        await given.conversation(imported=True),
        await given.conversation(assign_to=None),
        await given.conversation(status=Status.SPAM),
        await given.conversation(status=Status.CLOSED),
        await given.conversation(status=Status.PENDING),
        await given.conversation(said=note),
        await given.conversation(inbox=await given.new_inbox("Other")),
    ]

    assert await owners(given, *left_alone) == [None] * len(left_alone)
    assert await owners(given, await given.conversation(), await given.conversation(assign_to=given.owner)) == [given.owner] * 2


async def test_where_it_is_off_there_is_not_even_a_job(client: Client, given: Given) -> None:
    await given.conversation()
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner))
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner, state="disabled"))
    await Worker(given.desk).run_due()
    made = await given.conversation()
    async with given.read() as view:
        assert await view._session.rows(f"SELECT id FROM {tables.jobs.name}", ()) == []

    assert await owners(given, made) == [None]


async def test_it_may_run_twice_and_takes_nothing_from_anybody(client: Client, given: Given) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(ona))
    taken, routed, closed, gone = [await given.conversation() for _ in range(4)]
    await client.patch(f"/v2/conversations/{taken}", json={"op": "replace", "path": "/assignTo", "value": given.owner})
    await client.patch(f"/v2/conversations/{closed}", json={"op": "replace", "path": "/status", "value": "closed"})
    await client.delete(f"/v2/conversations/{gone}")
    for each in (taken, routed, routed, closed, gone):
        await jobs.route(given.desk, ConversationCreated(conversation_id=each))

    assert await owners(given, taken, routed, closed) == [given.owner, ona, None]
    threads = (await client.get(f"/v2/conversations/{routed}/threads")).json()["_embedded"]["threads"]
    assert [each["type"] for each in threads] == ["lineitem", "customer"]


async def test_two_at_once_do_not_take_one_place(client: Client, given: Given) -> None:
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner, assignmentLimit=1))
    made = [await given.conversation() for _ in range(6)]
    await asyncio.gather(*(jobs.route(given.desk, ConversationCreated(conversation_id=each)) for each in made))

    found = await owners(given, *made)
    assert sorted(each is None for each in found) == [False, True, True, True, True, True]


async def test_the_fact_says_that_it_waits_for_an_owner(client: Client, given: Given) -> None:
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner))
    customer = await given.customer()
    async with given.write(given.owner) as tx:
        said = [NewThread(type=ThreadType.CUSTOMER, text="Hello", customer=customer)]
        new = creating.NewConversation(
            inbox_id=given.inbox,
            type=ConversationType.EMAIL,
            status=Status.ACTIVE,
            subject="Parcel",
            customer=customer,
            threads=said,
        )
        began = await creating.create(tx, new)
        await tx.finish_now()

        assert tx.recorded == [ConversationCreated(conversation_id=began.id, routes=True)]


async def waiting(given: Given) -> int:
    async with given.read() as view:
        return len(await view._session.rows("SELECT conversation_id FROM routing_queue", ()))


async def test_what_waits_gets_an_owner_when_a_conversation_of_somebody_closes(client: Client, given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou")
    inbox = await given.new_inbox("Returns", workers=(ona, lou))
    await client.put(f"/v2/mailboxes/{inbox}/routing", json=routing(ona, lou, assignmentLimit=1))
    first, second, third, fourth = [await given.conversation(inbox=inbox) for _ in range(4)]
    assert await owners(given, first, second, third, fourth) == [ona, lou, None, None]
    assert await waiting(given) == 2

    await client.patch(f"/v2/conversations/{second}", json={"op": "replace", "path": "/status", "value": "closed"})
    assert await owners(given, third, fourth) == [lou, None]
    until = {"snoozedUntil": "2099-01-01T00:00:00Z", "unsnoozeOnCustomerReply": True}
    assert (await client.put(f"/v2/conversations/{first}/snooze", json=until)).status_code == 204
    assert await owners(given, third, fourth) == [lou, ona]
    assert await waiting(given) == 0


async def test_what_waits_gets_an_owner_when_somebody_is_back(client: Client, given: Given) -> None:
    await client.put(f"/v2/users/{given.owner}/status", json={"status": "away"})
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner))
    made = [await given.conversation() for _ in range(4)]
    gone = await given.conversation()
    await client.patch(f"/v2/conversations/{made[0]}", json={"op": "replace", "path": "/status", "value": "closed"})
    assert await owners(given, *made) == [None] * 4
    await client.delete(f"/v2/conversations/{gone}")

    await client.put(f"/v2/users/{given.owner}/status", json={"status": "active"})
    assert await owners(given, *made) == [None, given.owner, given.owner, None]
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner, assignmentLimit=9))
    assert await owners(given, *made) == [None, given.owner, given.owner, given.owner]
    assert await waiting(given) == 0


async def test_what_waits_and_is_not_for_routing_any_more_waits_no_longer(client: Client, given: Given) -> None:
    await client.put(f"/v2/users/{given.owner}/status", json={"status": "away"})
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner))
    made = [await given.conversation() for _ in range(2)]
    assert await owners(given, *made) == [None, None]

    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=routing(given.owner, state="disabled"))
    assert await owners(given, *made) == [None, None]
    assert await waiting(given) == 0


async def test_a_place_that_nobody_waits_for_is_no_fact(client: Client, given: Given) -> None:
    conversation = await given.conversation(assign_to=given.owner)
    await client.patch(f"/v2/conversations/{conversation}", json={"op": "replace", "path": "/status", "value": "closed"})

    async with given.read() as view:
        assert await view._session.rows("SELECT id FROM events WHERE type = 'PlaceFreed'", ()) == []
        assert await view._session.rows("SELECT id FROM jobs", ()) == []
