"""The small lists: whole, within each other, coherent."""

from deskhand.demo import world
from deskhand.demo.model import FieldType, Role

DESK = world(1)
COLORS = {"none", "grey", "blue", "green", "orange", "yellow", "red", "purple", "brown", "black"}


def test_the_desk_has_the_size_that_was_asked_for() -> None:
    assert 3 <= len(DESK.inboxes) <= 4
    assert 9 <= len(DESK.users) <= 12
    assert len(DESK.teams) == 3
    assert 28 <= len(DESK.tags) <= 34
    assert 5 <= len(DESK.fields) <= 9


def test_there_is_one_owner_and_two_time_zones() -> None:
    assert [user.role for user in DESK.users].count(Role.OWNER) == 1
    assert len({user.timezone for user in DESK.users}) == 2


def test_names_and_addresses_are_unique() -> None:
    for values in (
        [user.email for user in DESK.users],
        [user.mention for user in DESK.users],
        [tag.name for tag in DESK.tags],
        [inbox.email for inbox in DESK.inboxes],
    ):
        assert len(values) == len(set(values))


def test_members_and_inboxes_exist() -> None:
    users, inboxes = range(len(DESK.users)), range(len(DESK.inboxes))

    assert all(set(inbox.users) <= set(users) for inbox in DESK.inboxes)
    for team in DESK.teams:
        assert set(team.inboxes) <= set(inboxes)
        assert all(set(team.members) <= set(DESK.inboxes[inbox].users) or inbox for inbox in team.inboxes)
    assert all(field.inbox in inboxes for field in DESK.fields)


def test_colours_are_words_of_the_vendor() -> None:
    assert {tag.color for tag in DESK.tags} <= COLORS


def test_only_dropdowns_have_options() -> None:
    assert all(bool(field.options) == (field.type is FieldType.DROPDOWN) for field in DESK.fields)


def test_the_world_does_not_depend_on_the_seed() -> None:
    assert world(1).users == world(2).users
    assert world(2).seed == 2
