"""Following: who is told what happens in conversations that are not theirs."""

from __future__ import annotations

import pytest

from deskhand.conversations.model import FollowersChanged, ThreadType
from deskhand.conversations.operations import changing, followers, merging
from deskhand.conversations.queries.audience import mentions
from deskhand.conversations.queries.followers import OF_CONVERSATION
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import Forbidden, NotFound
from deskhand.kernel.permissions import Role
from tests.given import Client, Given


async def following(given: Given, conversation: int) -> list[int]:
    async with given.client(given.owner) as client:
        got = await client.get(f"/deskhand/v1/conversations/{conversation}/followers")
    assert got.status_code == 200, got.text
    return [each["userId"] for each in got.json()["followers"]]


async def worker(given: Given, first: str = "Ona") -> int:
    user = await given.user(first)
    await given.grant(given.inbox, user)
    return user


async def test_following_by_hand_is_a_fact_once_and_ends(given: Given) -> None:
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await followers.follow(tx, it)
        await followers.follow(tx, it)
    assert [each for each in tx.recorded if isinstance(each, FollowersChanged)] == [FollowersChanged(it, (given.owner,))]
    assert await following(given, it) == [given.owner]

    async with given.write(given.owner) as tx:
        await followers.unfollow(tx, it)
        await followers.unfollow(tx, it)
    assert tx.recorded == [FollowersChanged(it, (), (given.owner,))]
    assert await following(given, it) == []


async def test_whoever_is_mentioned_in_a_note_follows_and_of_a_team_everybody(given: Given) -> None:
    ona, per, tim = [await worker(given, name) for name in ("Ona", "Per", "Tim")]
    await given.user("Eve")
    await given.team("Night shift", [per, tim])
    it = await given.conversation()
    await given.thread(it, ThreadType.MESSAGE, "Dear @ona, this is no note.")
    assert await following(given, it) == []

    await given.thread(it, ThreadType.NOTE, "<p>@Ona, look. And @Eve? Not ona@desk.test, not per@night.</p>")
    assert await following(given, it) == [ona], "who does not work in the inbox cannot follow"
    await given.thread(it, ThreadType.NOTE, "@night please", by=per)
    assert await following(given, it) == [ona, tim], "not who wrote it"
    async with given.read() as view:
        assert [each.user_id for each in await view.all(OF_CONVERSATION, conversation_id=it)] == [ona, tim]


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("no one", []),
        ("<p>@Ona</p><p>(@tim), @ona: @pér.</p>", ["ona", "pér", "tim"]),
        ("ona@desk.test @@x a.@b", []),
        ("@" + "x" * 5000, ["x" * 60]),
    ],
)
def test_a_mention_is_a_name_behind_an_at_sign(html: str, names: list[str]) -> None:
    assert mentions(html) == names


async def test_whoever_loses_the_inbox_follows_no_longer(given: Given) -> None:
    ona = await worker(given)
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)

    assert await following(given, it) == []
    async with given.client(ona) as client:
        got = await client.get("/deskhand/v1/conversations/followed")
        assert got.json()["page"]["totalElements"] == 0
        assert (await client.put(f"/deskhand/v1/conversations/{it}/follow")).status_code == 404


async def test_what_one_follows_is_listed_the_last_modified_first(given: Given, client: Client) -> None:
    first, second, third = [await given.conversation() for _ in range(3)]
    for each in (first, second, third):
        assert (await client.put(f"/deskhand/v1/conversations/{each}/follow")).status_code == 204
    await given.thread(first, ThreadType.NOTE)
    async with given.write(given.owner) as tx:
        await changing.delete(tx, third)

    got = (await client.get("/deskhand/v1/conversations/followed")).json()
    assert [each["id"] for each in got["_embedded"]["conversations"]] == [first, second]
    assert got["page"] == {"size": 25, "totalElements": 2, "totalPages": 1, "number": 1}
    assert (await client.delete(f"/deskhand/v1/conversations/{first}/follow")).status_code == 204
    assert (await client.get("/deskhand/v1/conversations/followed")).json()["page"]["totalElements"] == 1


async def test_a_light_user_may_follow_and_the_desk_itself_cannot(given: Given) -> None:
    lou = await given.user("Lou", role=Role.LIGHT_USER)
    await given.grant(given.inbox, lou)
    it = await given.conversation()
    async with given.write(lou) as tx:
        await followers.follow(tx, it)
    assert await following(given, it) == [lou]

    with pytest.raises(Forbidden):
        async with given.write() as tx:
            await followers.follow(tx, it)
    with pytest.raises(NotFound):
        async with given.write(lou) as tx:
            await followers.follow(tx, it + 99)


async def test_merged_conversations_keep_the_followers_of_both(given: Given) -> None:
    ona = await worker(given)
    one, other = await given.conversation(), await given.conversation()
    for user, each in ((given.owner, one), (given.owner, other), (ona, other)):
        async with given.write(user) as tx:
            await followers.follow(tx, each)
    async with given.write(given.owner) as tx:
        await merging.merge(tx, other, into=one)

    assert await following(given, one) == sorted([given.owner, ona])


async def test_a_deleted_user_leaves_nothing_followed(given: Given) -> None:
    ona = await worker(given)
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    async with given.client(given.owner) as client:
        assert (await client.delete(f"/v2/users/{ona}")).status_code == 204
    await given.app.worker.run_due()

    async with given.read() as view:
        assert await view.all(OF_CONVERSATION, conversation_id=it) == []
