"""Inviting people and letting them go (contract 60 §2.0)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.jobs import Worker
from deskhand.kernel.permissions import Role
from deskhand.users import operations
from deskhand.users.model import UserCreated, UserDeleted, UserInvited
from deskhand.users.operations import NewUser
from tests.contract.vendor import codes
from tests.given import Client, Given

ONA: dict[str, Any] = {"firstName": "Ona", "lastName": "Bell", "email": "ona@desk.test", "role": "user"}


async def invited(client: Client, **more: Any) -> int:
    got = await client.post("/v2/users", json=ONA | more)
    assert got.status_code == 201, got.text
    return int(got.headers["resource-id"])


async def test_a_new_user_is_there_at_once_and_told_where(client: Client) -> None:
    got = await client.post("/v2/users", json=ONA | {"jobTitle": "Lead", "phone": "555", "timezone": "Europe/Lisbon"})
    made = got.headers["resource-id"]

    assert (got.status_code, got.text) == (201, "")
    assert got.headers["location"] == f"https://desk.test/v2/users/{made}"
    shown = (await client.get(f"/v2/users/{made}")).json()
    assert shown == shown | ONA | {"type": "user", "jobTitle": "Lead", "phone": "555", "timezone": "Europe/Lisbon"}
    assert int(made) in [each["id"] for each in (await client.get("/v2/users")).json()["_embedded"]["users"]]


async def test_without_a_time_zone_they_get_that_of_who_invites_them(given: Given) -> None:
    async with given.write() as tx:
        boss = await operations.create(
            tx,
            NewUser(
                first_name="B",
                last_name="B",
                email="b@desk.test",
                role=Role.ADMINISTRATOR,
                timezone="Asia/Tokyo",
                password_hash="none",
            ),
        )
    async with given.client(boss) as client:
        made = await invited(client, timezone=None)
        assert (await client.get(f"/v2/users/{made}")).json()["timezone"] == "Asia/Tokyo"


async def test_they_work_in_the_inboxes_they_were_given(client: Client, given: Given) -> None:
    silent = await given.new_inbox("Silent")
    made = await invited(client, mailboxes=[{"id": given.inbox}, {"id": silent, "emailAccess": False}])

    def ids(got: Any) -> list[int]:
        return [each["id"] for each in got.json()["_embedded"]["users"]]

    assert made in ids(await client.get(f"/v2/users?mailbox={given.inbox}"))
    assert made not in ids(await client.get(f"/v2/users?mailbox={silent}"))


@pytest.mark.parametrize("role", ["admin", "user", "light user"])
async def test_roles_that_can_be_given(client: Client, role: str) -> None:
    assert (await client.get(f"/v2/users/{await invited(client, role=role)}")).json()["role"] == role


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"firstName": None, "lastName": None}, {"firstName": "NotNull", "lastName": "NotNull"}),
        ({"firstName": "", "lastName": "x" * 41}, {"firstName": "Size", "lastName": "Size"}),
        ({"firstName": " ", "lastName": "\t"}, {"firstName": "NotEmpty", "lastName": "NotEmpty"}),
        ({"email": "nobody"}, {"email": "Email"}),
        ({"email": "x" * 300}, {"email": "Size"}),
        ({"role": "owner"}, {"role": "EnumValue"}),
        ({"role": "boss"}, {"role": "EnumValue"}),
        ({"timezone": "Mars/Base"}, {"timezone": "Invalid"}),
        ({"timezone": "../../etc/passwd"}, {"timezone": "Invalid"}),
        ({"timezone": ""}, {}),
        ({"mailboxes": [{"id": 999}]}, {"mailboxes[0].id": "Invalid"}),
        ({"mailboxes": [{}]}, {"mailboxes[0].id": "NotNull"}),
        ({"sendInvite": "maybe"}, {"sendInvite": "Invalid"}),
        ({"jobTitle": "x" * 61}, {"jobTitle": "Size"}),
    ],
)
async def test_mistakes_are_named_together(client: Client, change: Any, found: dict[str, str]) -> None:
    got = await client.post("/v2/users", json=ONA | change)

    assert got.status_code == (400 if found else 201), got.text
    if found:
        assert codes(got) == found


async def test_an_address_that_is_taken_is_409_in_any_case(client: Client) -> None:
    await invited(client)

    assert (await client.post("/v2/users", json=ONA | {"email": "ONA@desk.test"})).status_code == 409


async def test_only_owners_and_administrators_invite(given: Given) -> None:
    async with given.client(await given.user()) as client:
        assert (await client.post("/v2/users", json=ONA)).status_code == 403
    async with given.client(await given.user("Ada", role=Role.ADMINISTRATOR)) as client:
        assert (await client.post("/v2/users", json=ONA)).status_code == 201


@pytest.mark.parametrize("sends", [True, False])
async def test_the_invitation_is_a_fact_of_its_own(given: Given, sends: bool) -> None:
    new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.USER)
    async with given.write(given.owner) as tx:
        made = await inboxes.invite(tx, new, [], sends_mail=sends)
        await tx.finish_now()

        assert tx.recorded == [UserCreated(user_id=made), *([UserInvited(user_id=made)] if sends else [])]


async def test_who_was_not_accepted_yet_cannot_do_anything(client: Client, given: Given) -> None:
    made = await invited(client)
    async with given.client(made) as theirs:
        assert (await theirs.get("/v2/users/me")).status_code == 401


async def test_user_and_tag_1_are_nobody_and_nothing(client: Client, given: Given) -> None:
    """The vendor keeps user 1 for "anyone" and tag 1 for "no tag" (contract 00 §13, 60 §4)."""
    made = await given.conversation(tags=["gift"])

    assert given.owner == 2
    assert (await client.get(f"/v2/conversations/{made}")).json()["tags"][0]["id"] == 2
    assert (await client.get("/v2/users/1")).status_code == 404
    assert (await client.get("/v2/tags/1")).status_code == 404
    assert await given.team("Night shift", []) == 3


async def test_a_deleted_user_is_gone_and_their_sessions_and_tokens_end(client: Client, given: Given) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    async with given.write() as tx:
        session = await operations.sign_in(tx, ona, "192.0.2.1")
    async with given.client(ona) as theirs:
        assert (await theirs.get("/v2/users/me")).status_code == 200
        assert (await client.delete(f"/v2/users/{ona}")).status_code == 204

        assert (await theirs.get("/v2/users/me")).status_code == 401
    async with given.read() as view:
        assert await operations.session_user(view, session) is None
        rows = await view._session.rows(f"SELECT count(*) FROM grants WHERE user_id = {ona}", ())
    assert rows[0][0] == 0
    for got in (
        await client.get(f"/v2/users/{ona}"),
        await client.delete(f"/v2/users/{ona}"),
        await client.get(f"/v2/users/{ona}/status"),
    ):
        assert got.status_code == 404
    assert ona not in [each["id"] for each in (await client.get("/v2/users")).json()["_embedded"]["users"]]


async def test_their_address_is_free_again_and_their_words_stay_theirs(client: Client, given: Given) -> None:
    ona = await invited(client, mailboxes=[{"id": given.inbox}])
    conversation = await given.conversation()
    await given.thread(conversation, ThreadType.NOTE, "Seen.", user_id=ona)
    await client.delete(f"/v2/users/{ona}")

    again = await invited(client)
    assert again != ona
    threads = (await client.get(f"/v2/conversations/{conversation}/threads")).json()["_embedded"]["threads"]
    assert threads[0]["createdBy"]["first"] == "Ona"


async def test_their_conversations_become_nobodys_a_hundred_at_a_time(
    client: Client, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("deskhand.conversations.operations.owning.AT_ONCE", 2)
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    theirs = [await given.conversation(assign_to=ona, status=each) for each in (*list(Status), Status.ACTIVE)]
    gone = await given.conversation(assign_to=ona)
    await client.delete(f"/v2/conversations/{gone}")
    other = await given.conversation(assign_to=given.owner)
    await client.delete(f"/v2/users/{ona}")
    assert await Worker(given.desk).run_due() == 2  # this, and what they kept for themselves is forgotten

    for each in theirs:
        shown = (await client.get(f"/v2/conversations/{each}?embed=threads")).json()
        assert "assignee" not in shown
        assert shown["_embedded"]["threads"][0]["action"]["text"] == "Deskhand unassigned the conversation"
    assert (await client.get(f"/v2/conversations/{other}")).json()["assignee"]["id"] == given.owner


async def test_who_is_gone_can_own_nothing(client: Client, given: Given) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    conversation = await given.conversation()
    draft = await given.thread(conversation, ThreadType.MESSAGE, draft=True, assign_to=ona)
    await client.delete(f"/v2/users/{ona}")
    patch = {"op": "replace", "path": "/assignTo", "value": ona}
    assert codes(await client.patch(f"/v2/conversations/{conversation}", json=patch)) == {"value": "Invalid"}

    at = {"scheduledFor": "2099-01-01T00:00:00Z", "unscheduleOnCustomerReply": False}
    await client.put(f"/v2/conversations/{conversation}/threads/{draft}/schedule", json=at)
    sent = {"op": "replace", "path": "/state", "value": "published"}
    got = await client.patch(f"/v2/conversations/{conversation}/threads/{draft}/schedule", json=sent)
    assert got.status_code == 204
    assert (await client.get(f"/v2/conversations/{conversation}")).json()["assignee"]["id"] == given.owner


async def test_nobody_deletes_themselves_or_the_owner(client: Client, given: Given) -> None:
    ada = await given.user("Ada", role=Role.ADMINISTRATOR)
    assert (await client.delete(f"/v2/users/{given.owner}")).status_code == 403
    async with given.client(ada) as theirs:
        assert (await theirs.delete(f"/v2/users/{given.owner}")).status_code == 403
        assert (await theirs.delete(f"/v2/users/{ada}")).status_code == 403
        assert (await theirs.delete(f"/v2/users/{await given.team('Night', [])}")).status_code == 404


async def test_deleting_is_a_fact(given: Given) -> None:
    ona = await given.user()
    async with given.write(given.owner) as tx:
        await operations.remove(tx, ona)
        await tx.finish_now()

        assert tx.recorded == [UserDeleted(user_id=ona)]
