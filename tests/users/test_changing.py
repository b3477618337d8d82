"""What people are called, what they are and may do, changed; and their teams."""

from __future__ import annotations

import pytest

from deskhand.conversations.operations import changing
from deskhand.conversations.queries import folders, one
from deskhand.inboxes import queries as inboxes
from deskhand.kernel import auditing
from deskhand.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.jobs import Worker
from deskhand.kernel.permissions import BY_ROLE, Permission, Role
from deskhand.users import operations, queries
from deskhand.users.model import LinkKind
from deskhand.users.operations import NewUser, Profile
from tests.given import Given
from tests.users.facts import facts

ONA = Profile(first_name="Ona", last_name="Bell", timezone="UTC")


async def role_of(given: Given, user_id: int) -> str:
    async with given.read() as view:
        return (await queries.get(view, user_id)).role


@pytest.mark.parametrize(
    ("by", "of", "becomes", "refusal"),
    [
        (Role.OWNER, Role.USER, Role.ADMINISTRATOR, None),
        (Role.OWNER, Role.USER, Role.OWNER, None),
        (Role.OWNER, Role.OWNER, Role.USER, None),
        (Role.ADMINISTRATOR, Role.USER, Role.LIGHT_USER, None),
        (Role.ADMINISTRATOR, Role.ADMINISTRATOR, Role.USER, None),
        (Role.ADMINISTRATOR, Role.USER, Role.OWNER, Forbidden),
        (Role.ADMINISTRATOR, Role.OWNER, Role.USER, Forbidden),
        (Role.USER, Role.LIGHT_USER, Role.USER, Forbidden),
    ],
)
async def test_who_may_make_whom_what(given: Given, by: Role, of: Role, becomes: Role, refusal: type[Exception] | None) -> None:
    doer, other = await given.user("Dora", role=by), await given.user("Otto", role=of)
    async with given.write(doer) as tx:
        if refusal is None:
            await operations.change_role(tx, other, becomes)
        else:
            with pytest.raises(refusal):
                await operations.change_role(tx, other, becomes)
    assert await role_of(given, other) == (of if refusal else becomes)


async def test_the_last_owner_stays_one(given: Given) -> None:
    async with given.write(given.owner) as tx:
        with pytest.raises(Unmet):
            await operations.change_role(tx, given.owner, Role.ADMINISTRATOR)
    other = await given.user("Otto", role=Role.OWNER)
    async with given.write(other) as tx:
        await operations.change_role(tx, given.owner, Role.ADMINISTRATOR)
    assert await role_of(given, given.owner) == Role.ADMINISTRATOR
    async with given.write(other) as tx:
        with pytest.raises(Unmet):
            await operations.change_role(tx, other, Role.USER)


async def test_an_owner_who_never_came_does_not_count(given: Given) -> None:
    async with given.write() as tx:
        new = NewUser(first_name="Ian", last_name="Low", email="ian@desk.test", role=Role.OWNER)
        await operations.create(tx, new)
    async with given.write(given.owner) as tx:
        with pytest.raises(Unmet):
            await operations.change_role(tx, given.owner, Role.USER)


async def test_a_role_brings_its_inboxes_and_folders_and_an_entry_in_the_audit(given: Given) -> None:
    ona = await given.user("Ona", may=(Permission.DELETE_CONVERSATIONS,))
    async with given.write(given.owner) as tx:
        await operations.change_role(tx, ona, Role.ADMINISTRATOR)
        await operations.change_role(tx, ona, Role.ADMINISTRATOR)

    assert (await given.actor(ona)).inbox_ids == (given.inbox,)
    async with given.read(ona) as view:
        assert "Mine" in [each.name for each in await folders.of_inbox(view, given.inbox)]
        assert (await queries.get(view, ona)).granted == []
        entries = await auditing.page(view, 10, type_="RoleChanged")
    assert len(await facts(given, "RoleChanged")) == 1
    assert [each.body for each in entries] == [f'{{"user_id":{ona},"before":"user","after":"admin"}}'.encode()]


async def test_single_rights_are_given_and_taken(given: Given) -> None:
    ona = await given.user("Ona")
    usual = BY_ROLE[Role.USER]
    wanted = usual - {Permission.USE_API} | {Permission.DELETE_CONVERSATIONS}
    async with given.write(given.owner) as tx:
        await operations.set_rights(tx, ona, wanted | {Permission.MANAGE_ACCOUNT})
    assert (await given.actor(ona)).permissions == wanted
    async with given.write(given.owner) as tx:
        await operations.set_rights(tx, ona, usual)
        await operations.set_rights(tx, given.owner, [])
    assert (await given.actor(ona)).permissions == usual
    assert (await given.actor(given.owner)).may(Permission.MANAGE_ACCOUNT)
    assert len(await facts(given, "UserUpdated")) == 2
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await operations.set_rights(tx, ona, list(Permission))


async def test_one_is_called_as_one_says(given: Given) -> None:
    ona = await given.user("Ona", "Bell")
    new = Profile(first_name=" Onatah ", last_name="", timezone="Europe/Lisbon", job_title="Lead", phone="555")
    async with given.write(ona) as tx:
        await operations.change_profile(tx, ona, new)
        await operations.change_profile(tx, ona, new)
    async with given.read() as view:
        it = await queries.get(view, ona)
    assert (it.first_name, it.last_name, it.initials, it.mention, it.timezone) == ("Onatah", "", "O", "onatah", "Europe/Lisbon")
    assert (it.job_title, it.phone) == ("Lead", "555")
    assert len(await facts(given, "UserUpdated")) == 1

    async with given.write(ona) as tx:
        await operations.change_profile(tx, ona, Profile(first_name="O", last_name="B", timezone="UTC", mention="Bell 7"))
    async with given.write(ona) as tx:  # a word of their own stays whatever they are called
        await operations.change_profile(tx, ona, ONA)
    async with given.read() as view:
        assert (await queries.get(view, ona)).mention == "bell7"
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await operations.change_profile(tx, given.owner, ONA)


async def test_all_that_is_wrong_with_a_profile_is_told(given: Given) -> None:
    wrong = Profile(first_name=" ", last_name="x" * 41, timezone="Nowhere", phone="5" * 61, job_title="j" * 61, mention="é")
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid) as refused:
            await operations.change_profile(tx, given.owner, wrong)
    assert [each.path for each in refused.value.mistakes] == [
        "firstName",
        "lastName",
        "jobTitle",
        "phone",
        "mention",
        "timezone",
    ]


async def test_an_address_to_sign_in_with_is_for_administrators_to_change(given: Given) -> None:
    ona, admin = await given.user("Ona"), await given.user("Ada", role=Role.ADMINISTRATOR)
    async with given.write(admin) as tx:
        await operations.change_email(tx, ona, " New@Desk.test ")
        with pytest.raises(Invalid):
            await operations.change_email(tx, ona, "nonsense")
        with pytest.raises(Conflict):
            await operations.change_email(tx, admin, "NEW@desk.test")
        with pytest.raises(Forbidden):
            await operations.change_email(tx, given.owner, "mine@desk.test")
    async with given.read() as view:
        found = await queries.by_email(view, "new@desk.test")
    assert found is not None
    assert (found.id, found.email) == (ona, "New@Desk.test")
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await operations.change_email(tx, ona, "other@desk.test")


async def test_who_was_invited_is_invited_again_until_they_come(given: Given) -> None:
    async with given.write(given.owner) as tx:
        new = NewUser(first_name="Ian", last_name="Low", email="ian@desk.test", role=Role.USER)
        ian = await operations.create(tx, new)
        await operations.invite_again(tx, ian)
        token = await operations.invitation_link(tx, ian)
        assert (await operations.link_user(tx, LinkKind.INVITATION, token)).id == ian
        with pytest.raises(Unmet):
            await operations.invite_again(tx, given.owner)
        with pytest.raises(Unmet):
            await operations.invitation_link(tx, given.owner)
    assert len(await facts(given, "UserInvited")) == 1
    async with given.read(given.owner) as view:
        assert [each.type for each in await auditing.page(view, 2)] == ["InvitationHandedOver", "UserInvited"]


async def test_a_team_is_renamed_and_removed(given: Given) -> None:
    ona = await given.user("Ona")
    team = await given.team("Night shift", [ona])
    await given.grant(given.inbox, team)
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await operations.rename_team(tx, team, "Early birds")
        await changing.assign(tx, it, to=team)
        with pytest.raises(Invalid):
            await operations.rename_team(tx, team, " ")
    async with given.read(given.owner) as view:
        found = await queries.get_team(view, team)
        assert (found.first_name, found.last_name, found.mention) == ("Early", "birds", "early")
        assert "Early birds" in [each.name for each in await folders.of_inbox(view, given.inbox)]

    async with given.write(given.owner) as tx:
        await operations.remove_team(tx, team)
    await Worker(given.desk).run_due()

    assert (await given.actor(ona)).inbox_ids == ()
    async with given.read(given.owner) as view:
        assert (await one.get(view, it)).assignee_id is None
        assert await inboxes.teams(view, given.inbox) == []
        assert "Early birds" not in [each.name for each in await folders.of_inbox(view, given.inbox)]
        with pytest.raises(NotFound):
            await queries.get_team(view, team)
