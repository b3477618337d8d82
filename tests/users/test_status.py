"""Whether somebody works now (contract 60 §2.1)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.kernel.permissions import Role
from deskhand.users import operations
from deskhand.users.model import Presence, StatusSource, UserStatusChanged
from tests.conftest import MovableClock
from tests.contract.vendor import codes
from tests.given import Client, Given, later

LUNCH = {"text": "Lunch", "emoji": "🍜", "emojiName": ":ramen:"}


async def test_who_never_said_anything_is_active_since_they_came(client: Client, given: Given) -> None:
    got = await client.get(f"/v2/users/{given.owner}/status")
    came = (await client.get("/v2/users/me")).json()["createdAt"]

    assert got.status_code == 200
    assert got.json() == {
        "userId": given.owner,
        "email": {"status": "active", "updatedAt": came, "performedBy": given.owner, "source": "ui"},
        "chat": {"status": "unavailable", "mailboxStatuses": {}},
        "_links": {"self": {"href": f"https://desk.test/v2/users/{given.owner}/status"}},
    }


async def test_going_away_is_shown_with_its_words(client: Client, given: Given, clock: MovableClock) -> None:
    ona = await given.user()
    got = await client.put(f"/v2/users/{ona}/status", json={"status": "away", "customStatus": LUNCH})

    assert (got.status_code, got.text) == (204, "")
    shown = (await client.get(f"/v2/users/{ona}/status")).json()["email"]
    assert shown == {
        "status": "away",
        "updatedAt": shown["updatedAt"],
        "performedBy": given.owner,
        "source": "api",
        "customStatus": LUNCH,
    }
    assert abs(int(shown["updatedAt"][17:19]) - int(later(clock.now())[17:19])) in (0, 1, 58, 59)


async def test_coming_back_takes_the_words_along(client: Client, given: Given) -> None:
    here = f"/v2/users/{given.owner}/status"
    await client.put(here, json={"status": "away", "customStatus": LUNCH})
    await client.put(here, json={"status": "active", "customStatus": None})

    assert "customStatus" not in (await client.get(here)).json()["email"]


async def test_the_list_has_everybody_without_links(client: Client, given: Given) -> None:
    ona = await given.user()
    await client.put(f"/v2/users/{ona}/status", json={"status": "away", "customStatus": {"text": "Ill"}})
    got = (await client.get("/v2/users/status")).json()

    listed = got["_embedded"]["userStatuses"]
    assert [(each["userId"], each["email"]["status"]) for each in listed] == [(given.owner, "active"), (ona, "away")]
    assert listed[1]["email"]["customStatus"] == {"text": "Ill"}
    assert all("_links" not in each for each in listed)
    assert got["page"] == {"size": 50, "totalElements": 2, "totalPages": 1, "number": 1}
    assert got["_links"]["self"]["href"] == "https://desk.test/v2/users/status?page=1"
    assert "_embedded" not in (await client.get("/v2/users/status?page=2")).json()


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, {"status": "NotNull"}),
        ({"status": "gone"}, {"status": "EnumValue"}),
        ({"status": "away", "customStatus": {}}, {"customStatus.text": "NotEmpty"}),
        ({"status": "away", "customStatus": {"text": ""}}, {"customStatus.text": "Size"}),
        ({"status": "away", "customStatus": "Lunch"}, {"customStatus": "Invalid"}),
        (
            {"status": "away", "customStatus": {"text": "x" * 101, "emoji": "x" * 41}},
            dict.fromkeys(("customStatus.text", "customStatus.emoji"), "Size"),
        ),
        ({"email": {"status": "away"}}, {"status": "NotNull"}),
    ],
)
async def test_mistakes_are_named(client: Client, given: Given, body: Any, found: dict[str, str]) -> None:
    got = await client.put(f"/v2/users/{given.owner}/status", json=body)

    assert got.status_code == 400
    assert codes(got) == found


async def test_everybody_says_it_of_themselves_and_only_administrators_of_others(given: Given) -> None:
    ona, lou = await given.user("Ona"), await given.user("Lou", role=Role.LIGHT_USER)
    away = {"status": "away"}
    for user in (ona, lou):
        async with given.client(user) as client:
            assert (await client.put(f"/v2/users/{user}/status", json=away)).status_code == 204
            assert (await client.put(f"/v2/users/{given.owner}/status", json=away)).status_code == 403
            assert (await client.put("/v2/users/999/status", json=away)).status_code == 404


async def test_it_is_a_fact_once(given: Given) -> None:
    async with given.write(given.owner) as tx:
        for words in ("Lunch", "Lunch", "Ill"):
            await operations.set_status(tx, given.owner, Presence.AWAY, source=StatusSource.UI, text=words)
        await operations.set_status(tx, given.owner, Presence.ACTIVE, source=StatusSource.UI)
        await tx.finish_now()

        said = [UserStatusChanged(user_id=given.owner, status=each) for each in (Presence.AWAY, Presence.AWAY, Presence.ACTIVE)]
        assert tx.recorded == said


async def test_a_team_has_none(client: Client, given: Given) -> None:
    team = await given.team("Night", [])

    assert (await client.get(f"/v2/users/{team}/status")).status_code == 404
    assert (await client.put(f"/v2/users/{team}/status", json={"status": "away"})).status_code == 404
