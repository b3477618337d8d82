"""Saved views: searches with a name, for oneself, a team or everybody."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import SavedViewChanged
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import lists
from deskhand.conversations.queries import views as queries
from deskhand.conversations.routes import views as routes
from deskhand.kernel.permissions import Role
from tests.given import Client, Given

VIEWS = "/deskhand/v1/views"
OPEN: dict[str, Any] = {"name": "Open parcels", "query": "status:open AND subject:parcel"}


async def saved(client: Client, **more: Any) -> int:
    got = await client.post(VIEWS, json=OPEN | more)
    assert got.status_code == 201, got.text
    return int(got.headers["resource-id"])


async def names(client: Client) -> list[str]:
    return [each["name"] for each in (await client.get(VIEWS)).json().get("_embedded", {"views": []})["views"]]


async def test_a_view_is_saved_shown_changed_and_deleted(given: Given, client: Client) -> None:
    made = await client.post(VIEWS, json=OPEN | {"sortField": "waitingSince", "sortOrder": "asc"})
    assert made.headers["location"] == f"https://desk.test{VIEWS}/{made.headers['resource-id']}"
    got = (await client.get(made.headers["location"])).json()
    shown = {name: got[name] for name in ("name", "query", "sortField", "sortOrder", "audience", "userId")}
    assert shown == OPEN | {"sortField": "waitingSince", "sortOrder": "asc", "audience": "private", "userId": given.owner}
    assert "teamId" not in got

    assert (await client.put(made.headers["location"], json=OPEN | {"name": " Parcels "})).status_code == 204
    got = (await client.get(made.headers["location"])).json()
    assert (got["name"], got["sortField"], got["sortOrder"]) == ("Parcels", "createdAt", "desc")
    assert (await client.delete(made.headers["location"])).status_code == 204
    assert (await client.get(made.headers["location"])).status_code == 404


async def test_saving_the_same_again_is_no_fact(given: Given) -> None:
    new = NewView("A", "parcel")
    async with given.write(given.owner) as tx:
        view_id = await views.create(tx, new)
    assert tx.recorded == [SavedViewChanged(view_id)]
    async with given.write(given.owner) as tx:
        await views.replace(tx, view_id, new)
    assert tx.recorded == []


@pytest.mark.parametrize(
    ("more", "path", "message"),
    [
        ({"query": "subject:(a OR"}, "query", 'something to search for is missing after "OR" (at character 12)'),
        ({"query": "colour:red"}, "query", None),
        ({"query": " "}, "query", "may not be empty"),
        ({"query": "x" * 4097}, "query", None),
        ({"name": " "}, "name", "may not be empty"),
        ({"name": "x" * 101}, "name", None),
        ({"name": None}, "name", None),
        ({"name": "a\0b"}, "name", None),
        ({"sortField": "luck"}, "sortField", None),
        ({"audience": "team"}, "teamId", "belongs to the audience team, and to no other"),
        ({"teamId": 2}, "teamId", "belongs to the audience team, and to no other"),
        ({"audience": "team", "teamId": 10**9}, "teamId", "is not a team of yours"),
    ],
)
async def test_what_is_wrong_is_named(client: Client, more: dict[str, Any], path: str, message: str | None) -> None:
    got = await client.post(VIEWS, json=OPEN | more)

    assert got.status_code == 400
    (error,) = got.json()["_embedded"]["errors"]
    assert error["path"] == path
    assert error["source"] == "JSON"
    assert message is None or error["message"] == message


async def test_everything_wrong_is_named_at_once(client: Client) -> None:
    got = await client.post(VIEWS, json={"name": " ", "query": "(", "teamId": 5})

    assert [each["path"] for each in got.json()["_embedded"]["errors"]] == ["name", "query", "teamId"]


async def test_who_has_a_view_is_its_audience(given: Given) -> None:
    ona, per, tim = [await given.user(name) for name in ("Ona", "Per", "Tim")]
    team = await given.team("Night", [ona, per])
    async with given.client(ona) as client:
        await saved(client, name="mine")
        await saved(client, name="ours", audience="team", teamId=team)
        await saved(client, name="all", audience="everybody")
        assert await names(client) == ["mine", "ours", "all"]
    expected = {per: ["ours", "all"], tim: ["all"], given.owner: ["ours", "all"]}
    for user, wanted in expected.items():
        async with given.client(user) as client:
            assert await names(client) == wanted


async def test_whose_it_is_and_who_manages_the_account_may_change_it(given: Given, client: Client) -> None:
    ona, per = await given.user("Ona"), await given.user("Per")
    async with given.client(ona) as other:
        shared, private = await saved(other, audience="everybody"), await saved(other)
    async with given.client(per) as other:
        assert (await other.put(f"{VIEWS}/{shared}", json=OPEN)).status_code == 403
        assert (await other.delete(f"{VIEWS}/{shared}")).status_code == 403
        assert (await other.delete(f"{VIEWS}/{private}")).status_code == 404
    assert (await client.put(f"{VIEWS}/{shared}", json=OPEN | {"audience": "everybody"})).status_code == 204
    assert (await client.delete(f"{VIEWS}/{private}")).status_code == 404, "what is private is nobody else's"
    assert (await client.delete(f"{VIEWS}/{shared}")).status_code == 204


async def test_a_light_user_has_views_and_cannot_share_them(given: Given) -> None:
    lou = await given.user("Lou", role=Role.LIGHT_USER)
    async with given.client(lou) as client:
        await saved(client)
        assert (await client.post(VIEWS, json=OPEN | {"audience": "everybody"})).status_code == 403


async def test_a_team_is_ones_own_or_one_manages_the_account(given: Given, client: Client) -> None:
    team = await given.team("Night", [])
    ona = await given.user("Ona")
    async with given.client(ona) as other:
        assert (await other.post(VIEWS, json=OPEN | {"audience": "team", "teamId": team})).status_code == 400
        assert (await other.post(VIEWS, json=OPEN | {"audience": "team", "teamId": ona})).status_code == 400
    await saved(client, audience="team", teamId=team)


async def test_everybody_orders_for_themselves(given: Given, client: Client) -> None:
    ids = [await saved(client, name=name, audience="everybody") for name in "abc"]
    assert (await client.put(f"{VIEWS}/order", json={"ids": [ids[2], ids[0]]})).status_code == 204
    assert await names(client) == ["c", "a", "b"]
    assert (await client.put(f"{VIEWS}/order", json={"ids": [ids[1]]})).status_code == 204
    assert await names(client) == ["b", "a", "c"]
    async with given.client(await given.user("Ona")) as other:
        private = await saved(other, name="mine")
        assert await names(other) == ["a", "b", "c", "mine"]
    got = await client.put(f"{VIEWS}/order", json={"ids": [ids[0], private, ids[0]]})
    assert [each["path"] for each in got.json()["_embedded"]["errors"]] == ["ids[1]", "ids[2]"]
    assert (await client.delete(f"{VIEWS}/{ids[1]}")).status_code == 204
    assert await names(client) == ["a", "c"]


async def test_one_person_saves_fifty(given: Given, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert views.MOST_VIEWS == 50
    monkeypatch.setattr(views, "MOST_VIEWS", 2)
    for _ in range(2):
        await saved(client)
    assert (await client.post(VIEWS, json=OPEN)).status_code == 412
    async with given.client(await given.user("Ona")) as other:
        await saved(other)


async def test_a_view_lists_what_whoever_looks_may_see(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    elsewhere = await given.new_inbox("Sales", workers=(ona,))
    here = [await given.conversation(subject=subject) for subject in ("Parcel b", "Parcel a", "Invoice")]
    there = await given.conversation(subject="Parcel c", inbox=elsewhere)
    view = await saved(client, audience="everybody", sortField="subject", sortOrder="asc")

    async def seen(client: Client) -> tuple[list[int], int]:
        got = (await client.get(f"{VIEWS}/{view}/conversations")).json()
        counted = (await client.get(f"{VIEWS}/{view}/count")).json()
        assert counted["isMore"] is False
        return [each["id"] for each in got["_embedded"]["conversations"]], counted["count"]

    assert await seen(client) == ([here[1], here[0], there], 3)
    async with given.client(ona) as other:
        assert await seen(other) == ([there], 1)


async def test_counting_stops_where_it_need_not_go_on(given: Given, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert routes.MOST_COUNTED == 1000
    for _ in range(3):
        await given.conversation()
    view = await saved(client)
    for most, wanted in ((3, {"count": 3, "isMore": False}), (2, {"count": 2, "isMore": True})):
        monkeypatch.setattr(routes, "MOST_COUNTED", most)
        assert (await client.get(f"{VIEWS}/{view}/count")).json() == wanted
    async with given.read() as view_:
        wanted_ = lists.Filter(inbox_ids=[given.inbox], statuses=[])
        assert await lists.count_up_to(view_, wanted_, 5) == 0


async def test_a_deleted_users_private_views_go_and_the_shared_stay(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    async with given.client(ona) as other:
        private, shared = await saved(other), await saved(other, name="shared", audience="everybody")
    await client.delete(f"/v2/users/{ona}")
    await given.app.worker.run_due()

    assert await names(client) == ["shared"]
    async with given.read() as view:
        assert await view.one(queries.OWN_COUNT, user_id=ona) == 1
    assert private != shared
    assert (await client.delete(f"{VIEWS}/{shared}")).status_code == 204
