"""List Conversations: what each filter holds (contract 10 §3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations.entries import NewThread
from deskhand.kernel.permissions import Role
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, create, ids, mistakes, patch, show
from tests.given import Client, Given, later


async def test_active_ones_are_listed_newest_first_unless_asked_otherwise(client: Client, given: Given) -> None:
    first, second = await given.conversation(), await given.conversation()
    await given.conversation(status=Status.CLOSED)

    assert await ids(client) == [second, first]


async def test_a_status_word_lists_what_it_stands_for(client: Client, given: Given) -> None:
    made = {status: await given.conversation(status=status) for status in Status}

    assert await ids(client, status="active") == [made[Status.ACTIVE]]
    assert await ids(client, status="closed") == [made[Status.CLOSED]]
    assert await ids(client, status="pending") == [made[Status.PENDING]]
    assert await ids(client, status="spam") == [made[Status.SPAM]]
    assert set(await ids(client, status="open")) == {made[Status.ACTIVE], made[Status.PENDING]}
    assert set(await ids(client, status="all")) == set(made.values())


async def test_inboxes_are_given_with_commas_or_repeated(client: Client, given: Given) -> None:
    second, third = await given.new_inbox("Returns"), await given.new_inbox("Sales")
    here, there = await given.conversation(), await given.conversation(inbox=second)
    await given.conversation(inbox=third)

    assert await ids(client, mailbox=second) == [there]
    assert await ids(client, mailbox=f"{given.inbox},{second}") == [there, here]
    assert await ids(client, mailbox=[given.inbox, second]) == [there, here]
    assert await ids(client, mailbox=999) == []
    assert len(await ids(client, mailbox="")) == 3


async def test_only_conversations_in_inboxes_one_sees_are_listed_and_counted(given: Given) -> None:
    returns = await given.new_inbox("Returns")
    ona = await given.user()
    await given.grant(returns, ona)
    await given.conversation()
    seen = await given.conversation(inbox=returns)

    async with given.client(ona) as client:
        assert await ids(client) == [seen]
        assert await ids(client, mailbox=given.inbox) == []
        assert await ids(client, query=f"mailboxid:{given.inbox}") == []
        assert await ids(client, mailbox=f"{given.inbox},{returns}", status="all") == [seen]


async def test_a_folder_of_every_kind_lists_what_lies_in_it(client: Client, given: Given) -> None:
    ona = await given.user(role=Role.ADMINISTRATOR)
    team = await given.team("Tier Two", [ona])
    await given.grant(given.inbox, team)
    customer = await given.customer()
    draft = NewThread(type=ThreadType.MESSAGE, text="Hello", customer=customer, draft=True)
    made = {
        "open": await given.conversation(),
        "mytickets": await given.conversation(assign_to=given.owner),
        "team": await given.conversation(assign_to=team),
        "closed": await given.conversation(status=Status.CLOSED),
        "spam": await given.conversation(status=Status.SPAM),
        "drafts": await given.conversation(said=[draft], customer=customer),
    }
    theirs = await given.conversation(assign_to=ona)
    snoozed, deleted = await given.conversation(), await given.conversation()
    body = {"snoozedUntil": "2090-01-01T00:00:00Z", "unsnoozeOnCustomerReply": True}
    assert (await client.put(f"{V2}/{snoozed}/snooze", json=body)).status_code == 204
    assert (await client.delete(f"{V2}/{deleted}")).status_code == 204

    listed = (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()["_embedded"]["folders"]
    found = {each["type"]: await ids(client, status="all", folder=each["id"]) for each in listed}

    assert found == {
        **{type_: [each] for type_, each in made.items()},
        "assigned": [theirs, made["team"], made["mytickets"]],
        "snoozed": [snoozed],
        "needs_attn": [],
        "scheduled": [],
        "deleted": [],
    }
    assert await ids(client, status="all", folder=999) == []
    assert await ids(client, folder=next(each["id"] for each in listed if each["type"] == "closed")) == []


async def test_drafts_and_deleted_ones_are_never_listed(client: Client, given: Given) -> None:
    customer = await given.customer()
    draft = NewThread(type=ThreadType.MESSAGE, text="Hello", customer=customer, draft=True)
    await given.conversation(said=[draft], customer=customer, tags=["gift"])
    gone = await given.conversation(tags=["gift"])
    await client.delete(f"{V2}/{gone}")

    assert await ids(client, status="all") == []
    assert await ids(client, status="all", tag="gift") == []
    assert await ids(client, status="all", query="(body:Hello)") == []
    assert await ids(client, status="all", number=1) == []


async def test_any_of_the_tags_is_enough_in_any_case(client: Client, given: Given) -> None:
    gift = await given.conversation(tags=["gift order"])
    both = await given.conversation(tags=["Gift Order", "eu", "straße"])
    await given.conversation(tags=["us"])

    assert await ids(client, tag="GIFT ORDER") == [both, gift]
    assert await ids(client, tag="eu, gift order") == [both, gift]
    assert await ids(client, tag="STRASSE") == []
    assert await ids(client, tag="Straße") == [both]
    assert await ids(client, tag="unknown") == []
    assert len(await ids(client, tag="")) == 3


async def test_conversations_of_a_user_or_of_a_team(client: Client, given: Given) -> None:
    team = await given.team("Tier Two", [given.owner])
    await given.grant(given.inbox, team)
    mine, theirs = await given.conversation(assign_to=given.owner), await given.conversation(assign_to=team)

    assert await ids(client, assigned_to=given.owner) == [mine]
    assert await ids(client, assigned_to=team) == [theirs]


async def test_modified_since_means_strictly_later_by_anyone(client: Client, given: Given, clock: MovableClock) -> None:
    old = await given.conversation()
    clock.move(timedelta(hours=1))
    await given.thread(old, ThreadType.CUSTOMER)
    moment = clock.now()

    assert await ids(client, modifiedSince=later(moment - timedelta(minutes=1))) == [old]
    assert await ids(client, modifiedSince=later(moment + timedelta(seconds=1))) == []


async def test_a_number_is_found_under_the_status_that_holds_by_default(client: Client, given: Given) -> None:
    closed = await given.conversation(status=Status.CLOSED)
    number = (await show(client, closed))["number"]

    assert await ids(client, number=number) == []
    assert await ids(client, number=number, status="all") == [closed]


async def test_filters_hold_together(client: Client, given: Given) -> None:
    wanted = await given.conversation(subject="Exchange", tags=["gift"], assign_to=given.owner)
    await given.conversation(subject="Exchange", tags=["gift"])
    await given.conversation(subject="Exchange", assign_to=given.owner)

    assert await ids(client, tag="gift", assigned_to=given.owner, query="subject:exchange") == [wanted]


async def test_a_search_keeps_to_the_status_that_holds_by_default(client: Client, given: Given) -> None:
    closed = await given.conversation(subject="Exchange", status=Status.CLOSED)

    assert await ids(client, query="(subject:exchange)") == []
    assert await ids(client, query="(subject:exchange)", status="all") == [closed]
    assert await ids(client, query="  ", status="all") == [closed]


async def test_threads_are_embedded_newest_first_where_asked(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    await given.thread(conversation, ThreadType.NOTE, "Lost two pallets.")

    (found,) = (await client.get(f"{V2}?embed=threads")).json()["_embedded"]["conversations"]

    assert [each["type"] for each in found["_embedded"]["threads"]] == ["note", "customer"]


@pytest.mark.parametrize(
    ("parameter", "value", "words"),
    [
        ("status", "done", "'active', 'all', 'closed', 'open', 'pending', 'spam'"),
        ("sortField", "modified", "'createdAt', 'customerEmail', 'customerName', 'mailboxid', 'modifiedAt', 'number', "),
        ("sortOrder", "up", "'asc', 'desc'"),
        ("embed", "tags", "'threads'"),
    ],
)
async def test_an_unknown_word_is_refused_by_name(client: Client, parameter: str, value: str, words: str) -> None:
    refused = await client.get(V2, params={parameter: value})

    assert mistakes(refused)[parameter].startswith("Expected one of these: " + words)
    assert codes(refused) == {parameter: "EnumValue"}
    (error,) = refused.json()["_embedded"]["errors"]
    assert (error["source"], error["rejectedValue"]) == ("QUERY", value)


@pytest.mark.parametrize(
    "parameters",
    [{"page": "0"}, {"page": "-1"}, {"page": "x"}, {"page": ""}, {"number": "x"}, {"folder": "0"}, {"mailbox": "1,x"},
     {"assigned_to": "me"}, {"modifiedSince": "2026-01-01"}, {"modifiedSince": "2026-01-01T00:00:00.000Z"}],
)  # fmt: skip
async def test_what_is_no_number_or_moment_is_refused(client: Client, parameters: dict[str, str]) -> None:
    refused = await client.get(V2, params=parameters)

    assert list(mistakes(refused)) == list(parameters)
    assert refused.json()["_embedded"]["errors"][0]["source"] == "QUERY"


async def test_unknown_parameters_are_ignored(client: Client, given: Given) -> None:
    made = await create(client, given)

    assert await ids(client, size=1, pageSize=2, unknown="x") == [made]


async def test_a_changed_conversation_leaves_the_list_it_was_in(client: Client, given: Given) -> None:
    made = await given.conversation()

    assert await patch(client, made, "/status", "pending") == 204

    assert await ids(client) == []
    assert await ids(client, status="pending") == [made]
