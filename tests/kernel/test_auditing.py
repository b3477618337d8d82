"""The audit: each deed that matters to it leaves an entry, with who, when and from where (security D2 29)."""

from __future__ import annotations

import pytest

from deskhand.conversations.operations import changing
from deskhand.inboxes import operations as inboxes
from deskhand.kernel import auditing
from deskhand.kernel.errors import Forbidden
from deskhand.kernel.permissions import Role
from deskhand.reactions import AFTER, AUDITED
from deskhand.users import entering, queries
from deskhand.users import operations as users
from tests.given import Client, Given

HERE = "127.0.0.1"


async def told(given: Given, **asked: object) -> list[tuple[str, int, int | None, str]]:
    """Type, who did it, whose it is, and from where, the newest first."""
    async with given.read(given.owner) as view:
        found = await auditing.page(view, 100, **asked)  # type: ignore[arg-type]
    return [(each.type, each.actor_id, each.user_id, each.address) for each in found]


async def test_a_request_leaves_an_entry_with_the_address_it_came_from(given: Given, client: Client) -> None:
    body = {"firstName": "Ian", "lastName": "Low", "email": "ian@desk.test", "role": "user", "sendInvite": True}
    ian = int((await client.post("/v2/users", json=body)).headers["resource-id"])
    it = await given.conversation()
    await client.delete(f"/v2/conversations/{it}")
    await client.delete(f"/v2/users/{ian}")

    me = given.owner
    assert (await told(given))[:4] == [
        ("UserDeleted", me, me, HERE),
        ("ConversationDeleted", me, me, HERE),
        ("UserInvited", me, me, HERE),
        ("UserCreated", me, me, HERE),
    ]


async def test_signing_in_failing_to_and_passwords_are_of_the_user_they_are_about(given: Given) -> None:
    ona = await given.user("Ona")
    async with given.read() as view:
        email = (await queries.get(view, ona)).email or ""
    await entering.sign_in(given.desk, email, "wrong", HERE)
    await entering.forgot(given.desk, email, HERE)
    await entering.sign_in(given.desk, "nobody@desk.test", "wrong", "192.0.2.9")
    async with given.write() as tx:
        await users.sign_in(tx, ona, HERE)
        await users.set_password(tx, ona, "none")

    assert await told(given, user_id=ona) == [
        ("PasswordChanged", 0, ona, ""),
        ("SignedIn", 0, ona, HERE),
        ("PasswordLinkAsked", 0, ona, HERE),
        ("SignInFailed", 0, ona, HERE),
        ("UserCreated", 0, ona, ""),
    ]
    assert await told(given, type_="SignInFailed") == [
        ("SignInFailed", 0, None, "192.0.2.9"),
        ("SignInFailed", 0, ona, HERE),
    ]


async def test_an_export_and_a_token_leave_one_too(given: Given, client: Client) -> None:
    assert (await client.get("/deskhand/v1/export")).status_code == 200

    assert (await told(given))[0] == ("AccountExported", given.owner, given.owner, HERE)
    assert (await told(given, type_="TokenGranted"))[0][2] == given.owner


async def test_it_comes_in_pieces_for_those_who_manage_the_account(given: Given) -> None:
    ona, boss = await given.user("Ona"), await given.user("Boss", role=Role.ADMINISTRATOR)
    await given.grant(given.inbox, ona)
    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)
    async with given.read(boss) as view:
        first = await auditing.page(view, 2)
        second = await auditing.page(view, 1, before=first[-1].id)
    assert [each.type for each in (*first, *second)] == ["InboxAccessRevoked", "InboxAccessGranted", "UserCreated"]

    with pytest.raises(Forbidden):
        async with given.read(ona) as view:
            await auditing.page(view, 1)


async def test_what_was_refused_leaves_none(given: Given) -> None:
    it, ona = await given.conversation(), await given.user("Ona")
    await given.grant(given.inbox, ona)
    before = await told(given)
    with pytest.raises(Forbidden):
        async with given.write(ona) as tx:
            await changing.delete(tx, it)

    assert await told(given) == before


def test_what_is_audited_is_listed_once_and_is_a_fact() -> None:
    assert len(AUDITED) == len(set(AUDITED))
    assert set(AUDITED) <= set(AFTER)


async def test_the_audit_is_read_over_the_api_a_piece_at_a_time(given: Given, client: Client) -> None:
    ona = await given.user("Ona")
    async with given.write(given.owner) as tx:
        await users.change_role(tx, ona, Role.ADMINISTRATOR)
        await users.change_role(tx, ona, Role.USER)

    got = (await client.get("/deskhand/v1/audit", params={"type": "RoleChanged", "limit": 1})).json()
    (newest,) = got["entries"]
    assert newest["actor"] == {"kind": "user", "id": given.owner}
    assert (newest["type"], newest["userId"], newest["data"]) == (
        "RoleChanged",
        given.owner,
        {"userId": ona, "before": "admin", "after": "user"},
    )
    asked = {"type": "RoleChanged", "before": got["next"], "user": given.owner}
    rest = (await client.get("/deskhand/v1/audit", params=asked)).json()
    assert [each["data"]["after"] for each in rest["entries"]] == ["admin"]
    assert "next" not in rest
    assert (await client.get("/deskhand/v1/audit", params={"limit": 201})).status_code == 400
    async with given.client(ona) as other:
        assert (await other.get("/deskhand/v1/audit")).status_code == 403
