"""On a PostgreSQL database that sorts as people do, lists come in the same order as on any other."""

from __future__ import annotations

import asyncio

import asyncpg
import pytest

from deskhand.inboxes import operations as inboxes
from deskhand.migrations.run import upgrade
from deskhand.tags import operations as tags
from tests.conftest import DATABASES
from tests.given import Client, Given
from tests.postgres import PostgresServer

NAMES = ["zander", "əhməd"]  # of bytes; people look for ə behind e
LISTS = [
    ("/v2/conversations?sortField=subject&sortOrder=asc", "conversations", "subject"),
    ("/v2/conversations?sortField=customerName&sortOrder=asc", "conversations", "subject"),
    ("/v2/conversations?sortField=customerEmail&sortOrder=asc", "conversations", "subject"),
    ("/v2/customers?sortField=firstName&sortOrder=asc", "customers", "firstName"),
    ("/v2/customers?sortField=lastName&sortOrder=asc", "customers", "firstName"),
    ("/v2/organizations?sort=name,asc", "organizations", "name"),
    ("/v2/mailboxes", "mailboxes", "name"),
    ("/v2/tags", "tags", "name"),
]


@pytest.fixture
def address(request: pytest.FixtureRequest) -> str:
    if "postgresql" not in DATABASES:
        pytest.skip("about PostgreSQL")
    server: PostgresServer = request.getfixturevalue("postgres")
    try:
        url = server.new_database(options="LOCALE_PROVIDER icu ICU_LOCALE 'en-US'")
    except asyncpg.FeatureNotSupportedError:
        pytest.skip("this PostgreSQL was built without ICU")
    asyncio.run(upgrade(url))
    return url


async def test_lists_are_sorted_by_bytes(client: Client, given: Given) -> None:
    for name in NAMES:
        customer = await given.customer(f"{name}@mail.test", name, name)
        await given.conversation(subject=name, customer=customer)
        await given.organization(name)
        await given.new_inbox(name)
        async with given.write() as tx:
            await tags.create(tx, name)
            await inboxes.create_saved_reply(tx, given.inbox, name, text="Hello", chat_text=None)

    for path, named, field in LISTS:
        listed = [each[field] for each in (await client.get(path)).json()["_embedded"][named]]
        assert [each for each in listed if each in NAMES] == NAMES, path
    replies = (await client.get(f"/v2/mailboxes/{given.inbox}/saved-replies")).json()
    assert [each["name"] for each in replies] == NAMES
