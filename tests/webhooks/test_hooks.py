"""W1 to W5: subscribing, replacing, removing; who may, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import delete, select

from deskhand.access import actor_of
from deskhand.kernel.permissions import Role, system_actor
from deskhand.kernel.storage.statements import read, write
from deskhand.kernel.tables import events
from deskhand.oauth.tables import applications
from deskhand.settings import Settings
from deskhand.webhooks import queries
from deskhand.webhooks.model import (
    MOST_WEBHOOKS,
    HookState,
    WebhookCreated,
    WebhookDeleted,
    WebhookDisabled,
    WebhookUpdated,
    secret_name,
)
from deskhand.webhooks.operations import hooks as operations
from deskhand.webhooks.tables import webhooks
from tests.given import Client, Given
from tests.webhooks.conftest import Hooks
from tests.webhooks.receiver import SECRET

URL = "https://hooks.shop.example/desk"
BODY = {"url": URL, "events": ["convo.assigned", "convo.created"], "secret": SECRET}


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    """As they come: nothing private may be reached."""
    return Settings(data=str(tmp_path / "data"), database=address, origin="https://desk.test")


async def test_a_webhook_is_made_and_read(given: Given, client: Client) -> None:
    body = BODY | {"label": "Order sync", "mailboxIds": [given.inbox], "payloadVersion": "v3", "notification": True}
    made = await client.post("/v2/webhooks", json=body)
    id_ = int(made.headers["resource-id"])
    wanted = {
        "id": id_,
        "url": URL,
        "state": "enabled",
        "events": ["convo.assigned", "convo.created"],
        "notification": True,
        "payloadVersion": "V3",
        "label": "Order sync",
        "mailboxIds": [given.inbox],
        "_links": {"self": {"href": f"https://desk.test/v2/webhooks/{id_}"}},
    }

    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["location"] == f"https://desk.test/v2/webhooks/{id_}"
    assert (await client.get(f"/v2/webhooks/{id_}")).json() == wanted
    listed = (await client.get("/v2/webhooks")).json()
    assert listed["_embedded"]["webhooks"] == [wanted]
    assert listed["page"] == {"size": 50, "totalElements": 1, "totalPages": 1, "number": 1}


async def test_what_clients_send_for_not_given(client: Client) -> None:
    """The PHP SDK sends null for what is unset (contract 40 §3)."""
    nothing = dict.fromkeys(("label", "notification", "payloadVersion", "mailboxIds", "state"))
    made = await client.post("/v2/webhooks", json=BODY | nothing)
    got = (await client.get(made.headers["location"])).json()

    assert (got["state"], got["notification"], got["payloadVersion"], got["mailboxIds"]) == ("enabled", False, "V2", [])
    assert "label" not in got
    assert "secret" not in got


async def test_a_webhook_may_begin_disabled_and_is_revived_by_replacing_it(given: Given, client: Client) -> None:
    id_ = int((await client.post("/v2/webhooks", json=BODY | {"state": "disabled", "label": "x"})).headers["resource-id"])
    assert (await client.get(f"/v2/webhooks/{id_}")).json()["state"] == "disabled"

    done = await client.put(f"/v2/webhooks/{id_}", json=BODY | {"events": ["tag.created"]})
    got = (await client.get(f"/v2/webhooks/{id_}")).json()
    assert done.status_code == 204
    assert (got["state"], got["events"], "label" in got) == ("enabled", ["tag.created"], False)


async def test_the_secret_is_required_again_on_update(client: Client) -> None:
    id_ = (await client.post("/v2/webhooks", json=BODY)).headers["resource-id"]
    got = await client.put(f"/v2/webhooks/{id_}", json={"url": URL, "events": ["tag.created"]})

    assert got.status_code == 400
    assert paths(got.json()) == {"secret": "NotEmpty"}


def paths(refused: Any) -> dict[str, str]:
    """Path and kind of each mistake."""
    errors = refused["_embedded"]["errors"]
    return {each["path"]: each["_links"]["about"]["href"].rpartition("#")[2] for each in errors}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"url": ""}, {"url": "NotEmpty"}),
        ({"url": "hooks.shop.example"}, {"url": "Invalid"}),
        ({"url": "ftp://hooks.shop.example/"}, {"url": "Invalid"}),
        ({"url": "https://"}, {"url": "Invalid"}),
        ({"url": "https://a b/"}, {"url": "Invalid"}),
        ({"url": "https://user:word@hooks.shop.example/"}, {"url": "Invalid"}),
        ({"url": "https://hooks.shop.example:8443/"}, {"url": "Invalid"}),
        ({"url": "https://hooks.shop.example/" + "x" * 2048}, {"url": "Invalid"}),
        ({"url": "https://hooks.shop.example:99999/"}, {"url": "Invalid"}),
        ({"url": "http://127.0.0.1/"}, {"url": "Invalid"}),
        ({"url": "http://2130706433/"}, {"url": "Invalid"}),
        ({"url": "http://[::ffff:169.254.169.254]/latest"}, {"url": "Invalid"}),
        ({"url": "https://ex\\ample/"}, {"url": "Invalid"}),
        ({"url": None}, {"url": "NotNull"}),
        ({"events": []}, {"events": "NotEmpty"}),
        (
            {"events": ["convo.created", "convo.unassigned", "helpscout.test"]},
            {"events[1]": "EnumValue", "events[2]": "EnumValue"},
        ),
        ({"events": "convo.created"}, {"events": "Invalid"}),
        ({"secret": "x" * 41}, {"secret": "Size"}),
        ({"secret": ""}, {"secret": "Size"}),
        ({"secret": "a\0b"}, {"secret": "Invalid"}),
        ({"payloadVersion": "V1"}, {"payloadVersion": "EnumValue"}),
        ({"mailboxIds": [1, 999]}, {"mailboxIds[1]": "Invalid"}),
        ({"mailboxIds": ["x"]}, {"mailboxIds[0]": "Invalid"}),
        ({"state": "paused"}, {"state": "EnumValue"}),
        ({"label": "x" * 256}, {"label": "Size"}),
        ({"url": "nowhere", "events": ["x"], "secret": None}, {"events[0]": "EnumValue", "secret": "NotNull"}),
    ],
)
async def test_what_is_wrong_is_named(client: Client, wrong: dict[str, Any], told: dict[str, str]) -> None:
    id_ = (await client.post("/v2/webhooks", json=BODY)).headers["resource-id"]
    for got in (
        await client.post("/v2/webhooks", json=BODY | wrong),
        await client.put(f"/v2/webhooks/{id_}", json=BODY | wrong),
    ):
        assert got.status_code == 400
        assert paths(got.json()) == told


async def test_http_can_be_forbidden_and_networks_allowed(given: Given, client: Client) -> None:
    given.desk.settings = structs.replace(given.desk.settings, outbound_http=False, outbound_networks=("10.1.0.0/16",))

    assert (await client.post("/v2/webhooks", json=BODY | {"url": "http://hooks.shop.example/"})).status_code == 400
    assert (await client.post("/v2/webhooks", json=BODY | {"url": "https://10.2.0.1/"})).status_code == 400
    assert (await client.post("/v2/webhooks", json=BODY | {"url": "https://10.1.0.1:8443/"})).status_code == 201


async def test_there_are_fifty_at_most(client: Client) -> None:
    for _ in range(MOST_WEBHOOKS):
        assert (await client.post("/v2/webhooks", json=BODY)).status_code == 201
    got = await client.post("/v2/webhooks", json=BODY)

    assert (got.status_code, paths(got.json())) == (400, {"url": "Invalid"})


async def test_unknown_is_404_and_patch_is_405(client: Client) -> None:
    assert (await client.get("/v2/webhooks/99")).status_code == 404
    assert (await client.put("/v2/webhooks/99", json=BODY)).status_code == 404
    assert (await client.delete("/v2/webhooks/99")).status_code == 404
    got = await client.patch("/v2/webhooks/99", json=[])
    assert got.status_code == 405
    assert {"DELETE", "GET", "PUT"} <= set(got.headers["allow"].split(", "))


async def test_deleting_takes_the_ledger_along(given: Given, client: Client, hooks: Hooks) -> None:
    id_ = await hooks.add(URL, "convo.created")
    await given.conversation()
    assert len(await hooks.deliveries()) == 1

    assert (await client.delete(f"/v2/webhooks/{id_}")).status_code == 204
    assert await hooks.deliveries() == []
    assert (await client.get(f"/v2/webhooks/{id_}")).status_code == 404


async def test_owners_administrators_and_its_own_application_may(given: Given, client: Client, hooks: Hooks) -> None:
    id_ = await hooks.add(URL, "convo.created")
    administrator = await given.user("Ada", role=Role.ADMINISTRATOR)
    user = await given.user("Uma")
    async with given.client(administrator) as theirs:
        assert (await theirs.get(f"/v2/webhooks/{id_}")).status_code == 200
        assert (await theirs.put(f"/v2/webhooks/{id_}", json=BODY)).status_code == 204
    async with given.client(user) as theirs:
        for got in (
            await theirs.get("/v2/webhooks"),
            await theirs.post("/v2/webhooks", json=BODY),
            await theirs.get(f"/v2/webhooks/{id_}"),
            await theirs.get("/v2/webhooks/99"),
            await theirs.put(f"/v2/webhooks/{id_}", json=BODY),
            await theirs.delete(f"/v2/webhooks/{id_}"),
            await theirs.get("/deskhand/v1/webhook-deliveries"),
        ):
            assert got.status_code == 403, got.text

    async with given.read() as view:
        made_by = (await queries.get(view, id_)).application_id
        plain = await actor_of(view, user, made_by)
    assert plain is not None
    async with given.desk.writing(plain) as tx:
        assert [each.id for each in (await queries.page(tx, 1, 50))[0]] == [id_]
        assert await queries.ledger(tx, queries.Wanted(), 10) == []
        await operations.delete(tx, id_)


async def test_a_webhook_ends_with_its_application(given: Given, hooks: Hooks) -> None:
    id_ = await hooks.add(URL, "convo.created")
    async with given.write() as tx:
        await tx.write(write(delete(applications)))

    async with given.read() as view:
        assert await view.first(queries.ONE, webhook_id=id_) is None


async def test_the_secret_is_sealed_for_its_row(given: Given, hooks: Hooks) -> None:
    one, other = await hooks.add(URL, "convo.created"), await hooks.add(URL, "convo.created")
    async with given.read() as view:
        first, second = await queries.get(view, one), await queries.get(view, other)
        raw = await view.all(read(select(webhooks.c.secret), bytes))

    assert all(SECRET.encode() not in each for each in raw)
    assert first.secret != second.secret
    assert given.desk.seal.open(first.secret, secret_name(one)) == SECRET


async def test_facts_are_recorded_and_disabling_happens_once(given: Given, hooks: Hooks) -> None:
    id_ = await hooks.add(URL, "convo.created")
    await given.conversation()
    async with given.write() as tx:
        await operations.disable(tx, id_, "a reason")
        await operations.disable(tx, id_, "another")
    assert [each for each in tx.recorded if isinstance(each, WebhookDisabled)] == [
        WebhookDisabled(webhook_id=id_, reason="a reason", dropped=1)
    ]
    assert [each["state"] for each in await hooks.deliveries()] == ["dropped"]
    await given.conversation()
    assert len(await hooks.deliveries()) == 1, "a disabled one is told nothing"

    assert (await hooks.client.put(f"/v2/webhooks/{id_}", json=BODY)).status_code == 204
    await given.conversation()
    assert [each["state"] for each in await hooks.deliveries()] == ["dropped", "waiting"]
    async with given.desk.reading(system_actor()) as view:
        assert (await queries.get(view, id_)).state is HookState.ENABLED
        names = await view.all(read(select(events.c.type), str))
    assert [each for each in names if each.startswith("Webhook")] == [
        WebhookCreated.__name__,
        WebhookDisabled.__name__,
        WebhookUpdated.__name__,
    ]
    await hooks.client.delete(f"/v2/webhooks/{id_}")
    async with given.desk.reading(system_actor()) as view:
        assert WebhookDeleted.__name__ in await view.all(read(select(events.c.type), str))
