"""Who is at a conversation now."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deskhand.conversations.operations import changing, presence
from deskhand.conversations.queries.presence import who
from deskhand.conversations.tables import conversation_viewers
from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import read
from tests.conftest import MovableClock
from tests.given import Client, Given

ROWS = read(select(func.count()).select_from(conversation_viewers), int)


async def here(given: Given, user_id: int, conversation_id: int, *, writing: bool = False) -> None:
    async with given.write(user_id) as tx:
        await presence.here(tx, conversation_id, writing=writing)
        assert tx.recorded == []


async def seen(given: Given, user_id: int, conversation_id: int) -> list[tuple[int, str, bool]]:
    async with given.read(user_id) as view:
        return [(each.user_id, each.first_name, each.writes) for each in await who(view, conversation_id)]


async def test_colleagues_see_who_looks_and_who_writes_until_they_leave(given: Given) -> None:
    it, ona = await given.conversation(), await given.user("Ona")
    await given.grant(given.inbox, ona)
    await here(given, given.owner, it)
    await here(given, ona, it)
    await here(given, ona, it, writing=True)

    assert await seen(given, given.owner, it) == [(given.owner, "Ines", False), (ona, "Ona", True)]

    async with given.write(ona) as tx:
        await presence.leave(tx, it)
    assert await seen(given, given.owner, it) == [(given.owner, "Ines", False)]


async def test_it_is_over_by_itself_and_cleared_away_when_somebody_leaves(given: Given, clock: MovableClock) -> None:
    it, other = await given.conversation(), await given.conversation()
    await here(given, given.owner, it)
    clock.move(timedelta(seconds=44))
    assert len(await seen(given, given.owner, it)) == 1
    clock.move(timedelta(seconds=1))
    assert await seen(given, given.owner, it) == []

    async with given.write(given.owner) as tx:
        await presence.leave(tx, other)
        assert await tx.one(ROWS) == 0


async def test_where_one_may_not_look_one_is_not_and_sees_nobody(given: Given) -> None:
    it, ona = await given.conversation(), await given.user("Ona")
    await here(given, given.owner, it)

    for each in (it, 999):
        with pytest.raises(NotFound):
            await here(given, ona, each)
    assert await seen(given, ona, it) == []

    async with given.write(given.owner) as tx:
        await changing.delete(tx, it)
    assert await seen(given, given.owner, it) == []


async def test_other_clients_say_and_hear_it_too(given: Given, client: Client) -> None:
    it = await given.conversation()
    address = f"/deskhand/v1/conversations/{it}/presence"
    said = await client.put(address, json={"writing": True})
    assert said.status_code == 204
    got = (await client.get(address)).json()
    assert got == {"viewers": [{"userId": given.owner, "firstName": "Ines", "lastName": "Okafor", "writing": True}]}
    assert (await client.delete(address)).status_code == 204
    assert (await client.get(address)).json() == {"viewers": []}
