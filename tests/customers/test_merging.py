"""Two customers who are one person become one: what is known of them, what they wrote, and everything that is counted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from deskhand.chats import operations as chats
from deskhand.chats.tables import chats as chat_table
from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import erasing
from deskhand.conversations.operations.joining import merge_customers
from deskhand.conversations.queries import one as conversation_queries
from deskhand.conversations.tables import conversations, threads
from deskhand.customers import queries
from deskhand.customers.model import CustomersMerged, CustomerUpdated
from deskhand.kernel.errors import Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.storage.statements import read
from deskhand.properties.model import Owner, PropertyType
from deskhand.reports import keeping
from deskhand.reports.tables import report_facts
from tests.conversations.test_counts import compare
from tests.customers.facts import create, found_by, show
from tests.given import Client, Given

OURS = "/deskhand/v1/customers"
OF_WHOM = [
    read(select(column).distinct().where(column.is_not(None)).order_by(column), int)
    for column in (
        conversations.c.customer_id,
        conversations.c.created_by_customer_id,
        threads.c.customer_id,
        threads.c.created_by_customer_id,
        chat_table.c.customer_id,
        report_facts.c.customer_id,
    )
]
ADA: dict[str, Any] = {
    "firstName": "Ada",
    "background": "Rides at night.",
    "emails": [{"type": "work", "value": "ada@nimbus.test"}],
    "phones": [{"type": "work", "value": "+45 5550 0100"}],
}
PAVEL: dict[str, Any] = {
    "firstName": "Pavel",
    "lastName": "Lund",
    "jobTitle": "Mechanic",
    "background": "Never calls back.",
    "gender": "male",
    "photoUrl": "https://photos.test/pavel.png",
    "photoType": "gravatar",
    "emails": [{"type": "home", "value": "pavel@mail.test"}],
    "phones": [{"type": "home", "value": "+45 5550 0100"}, {"type": "home", "value": "+45 5550 0199"}],
    "websites": [{"value": "https://lund.test"}],
    "address": {"city": "Aarhus", "lines": ["Havnegade 12"], "country": "DK", "state": "Midt", "postalCode": "8000"},
}


async def merge(given: Given, customer_id: int, into: int) -> list[Any]:
    async with given.write(given.owner) as tx:
        await merge_customers(tx, customer_id, into=into)
    return list(tx.recorded)


def values(customer: dict[str, Any], kind: str) -> list[str]:
    return [each["value"] for each in customer["_embedded"].get(kind, [])]


async def test_the_survivor_has_what_it_lacked_and_keeps_what_it_had(client: Client, given: Given) -> None:
    old = await create(client, **PAVEL)  # older, so that its address would come first
    kept = await create(client, **ADA)

    assert (await client.post(f"{OURS}/{old}/merge", json={"into": kept})).status_code == 204

    it = await show(client, kept)
    assert (it["firstName"], it.get("lastName", ""), it["jobTitle"], it["gender"]) == ("Ada", "", "Mechanic", "Male")
    assert (it["photoUrl"], it["photoType"]) == (PAVEL["photoUrl"], "gravatar")
    assert it["background"] == "Rides at night.\n\nNever calls back."
    assert values(it, "emails") == ["ada@nimbus.test", "pavel@mail.test"]
    assert values(it, "phones") == ["+45 5550 0100", "+45 5550 0199"]
    assert values(it, "websites") == ["https://lund.test"]
    assert it["_embedded"]["address"]["city"] == "Aarhus"
    assert (await client.get(f"/v2/customers/{old}")).status_code == 404
    assert await found_by(given, "pavel mail") == [kept] == await found_by(given, "ada")
    async with given.read() as view:
        found = await queries.by_email(view, "Pavel@mail.test")
    assert found is not None
    assert (found.id, found.email) == (kept, "ada@nimbus.test")
    await compare(given)


async def test_its_fact_tells_what_came_along(client: Client, given: Given) -> None:
    await given.property(Owner.CUSTOMER, "club", PropertyType.TEXT)
    await given.property(Owner.CUSTOMER, "size", PropertyType.TEXT)
    old, kept = await create(client, **PAVEL), await create(client, **ADA)
    for customer, known in ((old, {"club": "Ride", "size": "M"}), (kept, {"size": "S"})):
        body = [{"op": "replace", "path": f"/{name}", "value": value} for name, value in known.items()]
        assert (await client.patch(f"/v2/customers/{customer}/properties", json=body)).status_code == 204

    told = await merge(given, old, kept)

    it = await show(client, kept)
    assert {each["slug"]: each["value"] for each in it["_embedded"]["properties"]} == {"club": "Ride", "size": "S"}
    (merged,) = [each for each in told if isinstance(each, CustomersMerged)]
    assert (merged.customer_id, merged.gone_id, merged.properties) == (kept, old, (1,))
    assert merged.entries == tuple(it["_embedded"][kind][-1]["id"] for kind in ("emails", "phones", "websites"))
    assert merged.filled == ("address", "background", "gender", "job_title", "photo_type", "photo_url")
    assert [type(each) for each in told] == [CustomerUpdated, CustomersMerged]


async def test_everything_they_took_part_in_is_the_others(client: Client, given: Given) -> None:
    old, kept = await given.customer("pavel@mail.test"), await given.customer("ada@mail.test")
    third = await given.customer("una@mail.test")
    its, other = await given.conversation(customer=old), await given.conversation(customer=third)
    await given.thread(other, ThreadType.CUSTOMER, customer=old)
    draft = await given.thread(its, ThreadType.MESSAGE, draft=True)
    async with given.write(given.owner) as tx:
        await chats.start(tx, given.inbox, old)
    await keeping.catch_up(given.desk, office=True)

    await merge(given, old.id, kept.id)

    async with given.read() as view:
        found = [set(await view.all(statement)) - {third.id} for statement in OF_WHOM]
    assert found == [{kept.id}] * len(OF_WHOM)
    it = (await client.get(f"/v2/conversations/{its}?embed=threads")).json()
    assert (it["primaryCustomer"]["id"], it["primaryCustomer"]["email"]) == (kept.id, "ada@mail.test")
    assert {each["customer"]["id"] for each in it["_embedded"]["threads"]} == {kept.id}
    listed = (await client.get("/v2/conversations", params={"query": "(customerEmail:ada@mail.test)", "status": "all"})).json()
    assert [each["id"] for each in listed["_embedded"]["conversations"]] == [its]
    async with given.write(given.owner) as tx:
        assert (await conversation_queries.thread(tx, its, draft)).to == ["pavel@mail.test"], "it is theirs still"
    await compare(given)


async def test_reports_count_one_customer_where_there_were_two(given: Given) -> None:
    old, kept = await given.customer(), await given.customer()
    for customer in (old, kept):
        await given.thread(await given.conversation(customer=customer), ThreadType.MESSAGE)
    await keeping.catch_up(given.desk, office=True)

    await merge(given, old.id, kept.id)

    async with given.read() as view:
        assert await view.all(OF_WHOM[-1]) == [kept.id]
    await keeping.rebuild(given.desk)
    async with given.read() as view:
        assert await view.all(OF_WHOM[-1]) == [kept.id]


@pytest.mark.parametrize("who", ["loser", "survivor", "both"])
async def test_an_organization_counts_its_members_and_their_conversations(client: Client, given: Given, who: str) -> None:
    sides = {"loser": await given.customer("p@one.test"), "survivor": await given.customer("a@two.test")}
    organization = await given.organization("Nimbus")
    for side, customer in sides.items():
        await given.conversation(customer=customer)
        if who in (side, "both"):
            body = [{"op": "replace", "path": "/organizationId", "value": organization}]
            assert (await client.patch(f"/v2/customers/{customer.id}", json=body)).status_code == 204

    await merge(given, sides["loser"].id, sides["survivor"].id)

    it = (await client.get(f"/v2/organizations/{organization}?includeCounts=true")).json()
    assert (it["customerCount"], it["conversationCount"]) == (1, 2)
    assert (await show(client, sides["survivor"].id))["organizationId"] == organization


async def test_who_is_being_erased_does_not_live_on_in_another(client: Client, given: Given) -> None:
    old, kept = await given.customer(), await given.customer()
    assert (await client.delete(f"/v2/customers/{old.id}?async=true")).status_code == 202

    for one, other in ((old, kept), (kept, old)):
        with pytest.raises(Unmet, match="being erased"):
            await merge(given, one.id, other.id)
    await given.app.worker.run_due()
    for one, other in ((old, kept), (kept, old)):
        with pytest.raises(NotFound):
            await merge(given, one.id, other.id)


async def test_erasing_the_survivor_erases_what_both_wrote(given: Given) -> None:
    old, kept = await given.customer("pavel@mail.test"), await given.customer()
    await given.conversation(customer=old)
    await merge(given, old.id, kept.id)

    with pytest.raises(NotFound):
        async with given.write(given.owner) as tx:
            await erasing.erase_customer(tx, old.id)
    async with given.write(given.owner) as tx:
        await erasing.erase_customer(tx, kept.id)

    async with given.read() as view:
        assert await view.all(OF_WHOM[2]) == []
        assert await queries.by_email(view, "pavel@mail.test") is None


async def test_nobody_merges_away_what_they_do_not_see(given: Given) -> None:
    old, kept = await given.customer(), await given.customer()
    await given.conversation(customer=old, inbox=await given.new_inbox("Sales"))
    ona = await given.user()

    with pytest.raises(Forbidden, match="do not see"):
        async with given.write(ona) as tx:
            await merge_customers(tx, old.id, into=kept.id)
    async with given.write(ona) as tx:
        await merge_customers(tx, kept.id, into=old.id)


async def test_not_with_itself_nor_with_nobody(client: Client, given: Given) -> None:
    old = await given.customer()

    with pytest.raises(Invalid, match="same customer"):
        await merge(given, old.id, old.id)
    statuses = {999: 404, "x": 400, None: 400, 2**63: 400}
    asked = [await client.post(f"{OURS}/{old.id}/merge", json={"into": each}) for each in statuses]
    assert [each.status_code for each in asked] == list(statuses.values())
