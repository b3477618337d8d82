"""List Customers: filters, order, pages (contract 50 §2)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.customers import operations
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.customers.facts import create, mistakes, show
from tests.given import Client, Given, later


async def listed(client: Client, **query: Any) -> list[int]:
    """The ids of a page, in order."""
    answer = await client.get("/v2/customers", params=query)
    assert answer.status_code == 200, answer.text
    body = answer.json()
    found = [each["id"] for each in body.get("_embedded", {"customers": []})["customers"]]
    if "page" not in query:
        assert body["page"]["totalElements"] == len(found)
    return found


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Pages of three, so that there are several."""
    made: dict[str, Any] = {name: getattr(settings, name) for name in Settings.__struct_fields__}
    return Settings(**{**made, "page_size": 3})


async def test_newest_come_first_and_look_as_they_do_alone(client: Client, clock: MovableClock) -> None:
    first = await create(client, firstName="Ada", emails=[{"value": "ada@nimbus.test"}], address={"country": "PT"})
    clock.move(timedelta(seconds=5))
    second = await create(client, firstName="Bo", websites=[{"value": "bo.test"}])

    body = (await client.get("/v2/customers")).json()

    assert list(body) == ["_embedded", "_links", "page"]
    assert body["_embedded"]["customers"] == [await show(client, second), await show(client, first)]
    assert body["page"] == {"size": 3, "totalElements": 2, "totalPages": 1, "number": 1}
    here = "https://desk.test/v2/customers"
    assert body["_links"] == {
        "first": {"href": f"{here}?page=1"},
        "last": {"href": f"{here}?page=1"},
        "page": {"href": f"{here}{{?page}}", "templated": True},
        "self": {"href": f"{here}?page=1"},
    }


async def test_an_empty_list_has_no_embedded(client: Client) -> None:
    body = (await client.get("/v2/customers?firstName=Ada&page=2")).json()

    assert "_embedded" not in body
    assert body["page"] == {"size": 3, "totalElements": 0, "totalPages": 0, "number": 2}
    assert body["_links"]["page"]["href"] == "https://desk.test/v2/customers?firstName=Ada{&page}"


@pytest.mark.parametrize("query", [{}, {"lastName": "Quill"}, {"query": "quill"}])
async def test_pages_follow_one_another_to_the_end(client: Client, query: dict[str, str]) -> None:
    made = [await create(client, firstName=f"N{number}", lastName="Quill") for number in range(7)]

    pages = [await listed(client, **query, page=number) for number in (1, 2, 3, 4)]
    second = (await client.get("/v2/customers", params={**query, "page": 2})).json()

    assert pages == [made[:3:-1], made[3:0:-1], made[:1], []]
    assert second["page"] == {"size": 3, "totalElements": 7, "totalPages": 3, "number": 2}
    assert second["_links"]["previous"]["href"].endswith("page=1")
    assert second["_links"]["next"]["href"].endswith("page=3")
    beyond = (await client.get("/v2/customers", params={**query, "page": 9})).json()
    assert beyond["page"] == {"size": 3, "totalElements": 7, "totalPages": 3, "number": 9}


async def test_names_match_by_whole_words_in_any_case(client: Client) -> None:
    ann = await create(client, firstName="Ann", lastName="O'Brien")
    ann_marie = await create(client, firstName="Ann Marie", lastName="Árbol")
    await create(client, firstName="Anna", lastName="Ann", organization="Ann Marie")

    assert await listed(client, firstName="ANN") == [ann_marie, ann]
    assert await listed(client, firstName="marie ann") == [ann_marie]
    assert await listed(client, firstName="Ann", lastName="arbol") == [ann_marie]
    assert await listed(client, lastName="o'brien") == [ann]
    assert await listed(client, firstName="An") == []
    assert await listed(client, firstName="!?") == []
    assert await listed(client, firstName="%") == []
    assert await listed(client, firstName=" ".join(map(str, range(30)))) == []


async def test_an_empty_filter_asks_for_nothing(client: Client) -> None:
    ada = await create(client)

    assert await listed(client, firstName="", lastName=" ", query="") == [ada]


async def test_modified_since_is_strictly_after(client: Client, clock: MovableClock) -> None:
    ada, bo = await create(client, firstName="Ada"), await create(client, firstName="Bo")
    clock.move(timedelta(seconds=60))
    await client.put(f"/v2/customers/{ada}", json={"firstName": "Ada"})
    before, after = (await show(client, bo))["updatedAt"], (await show(client, ada))["updatedAt"]

    assert await listed(client, modifiedSince=before) == [ada]
    assert await listed(client, modifiedSince=after) == []


async def test_modified_since_the_end_of_time_finds_nothing(client: Client, given: Given) -> None:
    await given.customer()

    assert await listed(client, modifiedSince="9999-12-31T23:59:59Z") == []


async def test_lists_are_sorted_as_asked(client: Client, clock: MovableClock) -> None:
    made = []
    for first, last in (("bo", "Zed"), ("Ada", "Young"), ("Élan", "Xu")):
        made.append(await create(client, firstName=first, lastName=last))
        clock.move(timedelta(seconds=5))
    bo, ada, elan = made
    await client.put(f"/v2/customers/{bo}", json={"firstName": "bo", "lastName": "Zed"})

    assert await listed(client, sortField="firstName", sortOrder="asc") == [ada, bo, elan]
    assert await listed(client, sortField="firstName") == [elan, bo, ada]
    assert await listed(client, sortField="lastName", sortOrder="ASC") == [elan, ada, bo]
    assert await listed(client, sortField="modifiedAt") == [bo, elan, ada]
    assert await listed(client, sortField="createdAt", sortOrder="asc") == [bo, ada, elan]
    assert await listed(client, sortField="score") == [elan, ada, bo]
    assert await listed(client, sortOrder="asc") == [bo, ada, elan]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("sortField", "email"),
        ("sortOrder", "up"),
        ("modifiedSince", "2026-02-30T00:00:00Z"),
        ("modifiedSince", "2026-02-03T00:00:00.000Z"),
        ("mailbox", "help"),
        ("page", "0"),
        ("query", 'nickname:"Ada"'),
        ("query", "id:ada"),
        ("query", "("),
    ],
)
async def test_a_wrong_parameter_is_named(client: Client, name: str, value: str) -> None:
    refused = await client.get("/v2/customers", params={name: value})

    assert list(mistakes(refused)) == [name]
    assert refused.json()["_embedded"]["errors"][0]["source"] == "QUERY"


async def test_unknown_parameters_change_nothing(client: Client) -> None:
    ada = await create(client)

    assert await listed(client, email="bo@nimbus.test", size=1) == [ada]


async def test_an_inbox_lists_who_has_a_conversation_there(client: Client, given: Given) -> None:
    help_, sales = given.inbox, await given.new_inbox("Sales")
    ada, bo = await given.customer(first="Ada"), await given.customer(first="Bo")
    async with given.write() as tx:
        await operations.count_conversations(tx, ada.id, 2, inbox_id=help_)
        await operations.count_conversations(tx, bo.id, 1, inbox_id=help_)
        await operations.count_conversations(tx, bo.id, 1, inbox_id=sales)

    assert await listed(client, mailbox=help_) == [bo.id, ada.id]
    assert await listed(client, mailbox=sales) == [bo.id]
    assert await listed(client, mailbox=help_, firstName="ada") == [ada.id]
    assert await listed(client, mailbox=sales + 100) == []

    async with given.write() as tx:
        await operations.count_conversations(tx, bo.id, -1, inbox_id=help_)
        await operations.count_conversations(tx, ada.id, -1, inbox_id=help_)
    assert await listed(client, mailbox=help_) == [ada.id]
    assert (await show(client, ada.id))["conversationCount"] == 1
    assert (await show(client, bo.id))["conversationCount"] == 1


async def test_a_quiet_inbox_lists_its_few_customers(client: Client, given: Given) -> None:
    people = [await given.customer(first=f"N{number}") for number in range(9)]
    async with given.write() as tx:
        for each in people[2:4]:
            await operations.count_conversations(tx, each.id, 1, inbox_id=given.inbox)

    assert await listed(client, mailbox=given.inbox) == [people[3].id, people[2].id]
    assert await listed(client, mailbox=given.inbox, firstName="n2") == [people[2].id]
    beyond = (await client.get("/v2/customers", params={"mailbox": given.inbox, "page": 2})).json()
    assert beyond["page"] == {"size": 3, "totalElements": 2, "totalPages": 1, "number": 2}


async def test_an_inbox_that_cannot_be_seen_lists_nobody(client: Client, given: Given) -> None:
    ada = await given.customer(first="Ada")
    await given.conversation(customer=ada)
    outsider = await given.user("Lou", "Outside")

    async with given.client(outsider) as limited:
        assert await listed(limited, mailbox=given.inbox) == []
        assert await listed(limited) == [ada.id]
    assert await listed(client, mailbox=given.inbox) == [ada.id]


async def test_a_conversation_brings_its_customer_to_its_inbox(client: Client, given: Given) -> None:
    ada = await given.customer(first="Ada")
    conversation = await given.conversation(customer=ada)
    assert await listed(client, mailbox=given.inbox) == [ada.id]

    await client.delete(f"/v2/conversations/{conversation}")

    assert await listed(client, mailbox=given.inbox) == []


async def test_moments_of_the_wire_have_whole_seconds(client: Client, clock: MovableClock) -> None:
    body = await show(client, await create(client))

    assert body["createdAt"] in {later(clock.now() - timedelta(seconds=ago)) for ago in range(10)}
