"""Sessions over the API: one's own, and nobody else's."""

from __future__ import annotations

from deskhand.users import operations
from tests.given import Given


async def test_one_sees_and_ends_ones_own_sessions(given: Given) -> None:
    ona = await given.user("Ona")
    async with given.write() as tx:
        for user, address in ((ona, "192.0.2.1"), (ona, "192.0.2.2"), (ona, "192.0.2.3"), (given.owner, "192.0.2.4")):
            await operations.sign_in(tx, user, address)
    async with given.client(ona) as client:
        listed = (await client.get("/deskhand/v1/sessions")).json()
        assert sorted(each["address"] for each in listed) == ["192.0.2.1", "192.0.2.2", "192.0.2.3"]
        assert set(listed[0]) == {"name", "createdAt", "usedAt", "address"}

        assert (await client.delete(f"/deskhand/v1/sessions/{listed[0]['name']}")).status_code == 204
        assert (await client.delete(f"/deskhand/v1/sessions/{listed[0]['name']}")).status_code == 404
        assert len((await client.get("/deskhand/v1/sessions")).json()) == 2
        assert (await client.delete("/deskhand/v1/sessions")).status_code == 204
        assert (await client.get("/deskhand/v1/sessions")).json() == []
    async with given.client(given.owner) as client:
        (own,) = (await client.get("/deskhand/v1/sessions")).json()
    async with given.client(ona) as client:
        assert (await client.delete(f"/deskhand/v1/sessions/{own['name']}")).status_code == 404
