"""When an account and its inboxes are at work, through HTTP."""

from __future__ import annotations

from typing import Any

from deskhand.inboxes.model import OfficeHoursChanged
from deskhand.inboxes.schemas import OFFICE_HOURS_EXAMPLE
from tests.contract.vendor import codes
from tests.given import Client, Given

HERE = "/deskhand/v1/office-hours"


async def test_what_was_set_is_shown(given: Given, client: Client) -> None:
    inbox = f"/deskhand/v1/mailboxes/{given.inbox}/office-hours"
    for path in (HERE, inbox):
        assert (await client.get(path)).status_code == 404
        assert (await client.put(path, json=OFFICE_HOURS_EXAMPLE)).status_code == 204
        assert (await client.get(path)).json() == OFFICE_HOURS_EXAMPLE
        assert (await client.put(path, json={"timezone": "UTC"})).status_code == 204
        assert (await client.get(path)).json()["monday"] == []

    assert (await client.delete(inbox)).status_code == 204
    assert (await client.get(inbox)).status_code == 404
    assert (await client.get(HERE)).status_code == 200


async def test_every_mistake_is_named(given: Given, client: Client) -> None:
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {"timezone"}),
        ({"timezone": "Europe/Nowhere"}, {"timezone"}),
        ({"timezone": "../etc/passwd"}, {"timezone"}),
        ({"timezone": "UTC", "monday": [{"from": "9:00", "to": "25:00"}]}, {"monday[0].from", "monday[0].to"}),
        ({"timezone": "UTC", "monday": [{"from": "09:00", "to": "24:01"}]}, {"monday[0].to"}),
        ({"timezone": "UTC", "friday": [{"from": "10:00", "to": "10:00"}]}, {"friday[0].to"}),
        (
            {"timezone": "UTC", "sunday": [{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}]},
            {"sunday[1].from"},
        ),
        ({"timezone": "UTC", "monday": [{"from": "09:00"}]}, {"monday[0].to"}),
        ({"timezone": None, "monday": "always"}, {"timezone", "monday"}),
    ]
    for body, wrong in cases:
        got = await client.put(HERE, json=body)
        assert got.status_code == 400, body
        assert set(codes(got)) == wrong, body
    assert (await client.put("/deskhand/v1/mailboxes/999/office-hours", json={"timezone": "UTC"})).status_code == 404


async def test_removing_nothing_is_no_fact(given: Given, client: Client) -> None:
    from_none = await client.delete(HERE)

    async with given.write(given.owner) as tx:
        await tx.finish_now()
        assert not [each for each in tx.recorded if isinstance(each, OfficeHoursChanged)]
    assert from_none.status_code == 204
