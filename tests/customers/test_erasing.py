"""The end of a customer, and how many conversations one has."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from deskhand.customers import operations, queries
from deskhand.customers.model import CustomerDeleted
from deskhand.customers.tables import customer_entries, customer_inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import read
from tests.customers.facts import create, found_by, show
from tests.customers.test_creating import WHOLE
from tests.given import Client, Given

ENTRIES = read(select(func.count()).select_from(customer_entries), int)
INBOXES = read(select(func.count()).select_from(customer_inboxes), int)


async def test_nothing_of_a_deleted_customer_is_left(client: Client, given: Given) -> None:
    customer_id = await create(client, **WHOLE)
    async with given.write() as tx:
        await operations.count_conversations(tx, customer_id, 1, inbox_id=given.inbox)

    async with given.write() as tx:
        await operations.delete(tx, customer_id)

    assert tx.recorded == [CustomerDeleted(customer_id=customer_id)]
    assert (await client.get(f"/v2/customers/{customer_id}")).status_code == 404
    assert (await client.get("/v2/customers")).json()["page"]["totalElements"] == 0
    assert await found_by(given, "ada quill") == []
    async with given.read() as view:
        assert await view.counts(["customers"]) == {"customers": 0}
        assert await view.one(ENTRIES) == 0
        assert await view.one(INBOXES) == 0
        with pytest.raises(NotFound):
            await queries.get(view, customer_id)


async def test_an_address_is_free_again_but_the_id_is_not(client: Client, given: Given) -> None:
    customer_id = await create(client, **WHOLE)
    async with given.write() as tx:
        await operations.delete(tx, customer_id)

    assert await create(client, **WHOLE) > customer_id


async def test_an_unknown_customer_cannot_be_deleted(given: Given) -> None:
    with pytest.raises(NotFound):
        async with given.write() as tx:
            await operations.delete(tx, 7)


async def test_counting_conversations_is_no_change_of_the_profile(client: Client, given: Given) -> None:
    customer_id = await create(client)
    before = await show(client, customer_id)

    async with given.write() as tx:
        await operations.count_conversations(tx, customer_id, 1)
        await operations.count_conversations(tx, customer_id, 1)
        await operations.count_conversations(tx, customer_id, -1)

    assert tx.recorded == []
    assert await show(client, customer_id) == {**before, "conversationCount": 1}


async def test_the_vendor_s_delete_erases_customer_and_conversations(client: Client, given: Given) -> None:
    ada = await given.customer("ada@nimbus.test", "Ada", "Quill")
    conversation = await given.conversation(customer=ada)

    assert (await client.delete(f"/v2/customers/{ada.id}")).status_code == 204
    assert (await client.get(f"/v2/customers/{ada.id}")).status_code == 404
    assert (await client.get(f"/v2/conversations/{conversation}")).status_code == 404
