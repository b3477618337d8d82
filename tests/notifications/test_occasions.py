"""Who is told of what, and as what."""

from __future__ import annotations

import pytest

from deskhand.conversations.model import (
    ConversationAssigned,
    ConversationCreated,
    Rating,
    Status,
    ThreadAdded,
    ThreadType,
)
from deskhand.conversations.operations import changing, followers, merging
from deskhand.conversations.queries.audience import Listener, occasions
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.events import Event
from deskhand.ratings import operations as ratings
from deskhand.users.model import TOLD_BY_MAIL, TOLD_IN_BROWSER, Occasion
from tests.given import Given
from tests.notifications.conftest import Told

O = Occasion  # noqa: E741
ME, OTHER, TEAM = 5, 6, 7
BEGAN = ConversationCreated(conversation_id=1)
SAID = ThreadAdded(conversation_id=1, thread_id=1, type=ThreadType.CUSTOMER)
NOTED = ThreadAdded(conversation_id=1, thread_id=1, type=ThreadType.NOTE)
REPLIED = ThreadAdded(conversation_id=1, thread_id=1, type=ThreadType.MESSAGE)


def assigned(to: int) -> ConversationAssigned:
    return ConversationAssigned(conversation_id=1, before=None, after=to)


@pytest.mark.parametrize(
    ("event", "owner", "how", "expected"),
    [
        (BEGAN, None, "", [O.NEW_CONVERSATION]),
        (BEGAN, OTHER, "", [O.NEW_CONVERSATION]),
        (BEGAN, ME, "", [O.ASSIGNED_TO_ME, O.NEW_CONVERSATION]),
        (BEGAN, TEAM, "team", [O.ASSIGNED_TO_MY_TEAM, O.NEW_CONVERSATION]),
        (assigned(ME), ME, "", [O.ASSIGNED_TO_ME]),
        (assigned(TEAM), TEAM, "team", [O.ASSIGNED_TO_MY_TEAM]),
        (assigned(TEAM), TEAM, "", [O.ASSIGNED_TO_OTHERS]),
        (assigned(OTHER), OTHER, "follows", [O.ASSIGNED_TO_OTHERS, O.FOLLOWED]),
        (SAID, ME, "", [O.CUSTOMER_REPLIED_TO_MINE]),
        (SAID, None, "", [O.CUSTOMER_REPLIED_TO_UNASSIGNED]),
        (SAID, OTHER, "", [O.CUSTOMER_REPLIED_TO_OTHERS]),
        (SAID, TEAM, "team follows", [O.CUSTOMER_REPLIED_TO_OTHERS, O.FOLLOWED]),
        (REPLIED, ME, "", [O.COLLEAGUE_WROTE_IN_MINE]),
        (NOTED, None, "", [O.COLLEAGUE_WROTE_IN_UNASSIGNED]),
        (NOTED, OTHER, "called follows", [O.MENTIONED, O.COLLEAGUE_WROTE_IN_OTHERS, O.FOLLOWED]),
    ],
)
def test_a_fact_concerns_somebody_as(event: Event, owner: int | None, how: str, expected: list[Occasion]) -> None:
    it = Listener(ME, "follows" in how, "team" in how, None, None)

    assert occasions(event, owner, it, is_called="called" in how) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("event", [BEGAN, SAID, NOTED, assigned(OTHER)])
@pytest.mark.parametrize("owner", [None, OTHER])
def test_whoever_never_chose_hears_nothing_of_what_does_not_concern_them(event: Event, owner: int | None) -> None:
    stranger = Listener(ME, follows=False, is_of_team=False, in_browser=None, by_mail=None)  # and so is not looked at
    found = occasions(event, owner, stranger, is_called=False)  # type: ignore[arg-type]
    assert not {*TOLD_IN_BROWSER, *TOLD_BY_MAIL}.intersection(found)


async def test_each_is_told_once_as_the_closest_that_they_want(given: Given, told: Told) -> None:
    ona = await told.worker("Ona", O.NEW_CONVERSATION, O.CUSTOMER_REPLIED_TO_UNASSIGNED, O.FOLLOWED)
    usual = await told.worker("Ulla")
    it = await given.conversation()
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
        await followers.follow(tx, it)
        assert len(tx.recorded) == 0
    await given.thread(it, ThreadType.CUSTOMER)
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=usual)
    await given.thread(it, ThreadType.CUSTOMER)
    await given.thread(it, ThreadType.MESSAGE)
    async with given.write(ona) as tx:
        await followers.unfollow(tx, it)
    await given.thread(it, ThreadType.CUSTOMER)

    assert await told.of(ona) == [
        O.NEW_CONVERSATION,
        O.CUSTOMER_REPLIED_TO_UNASSIGNED,
        *[O.FOLLOWED] * 3,
    ]
    assert await told.of(usual) == [
        O.ASSIGNED_TO_ME,
        O.CUSTOMER_REPLIED_TO_MINE,
        O.COLLEAGUE_WROTE_IN_MINE,
        O.CUSTOMER_REPLIED_TO_MINE,
    ]


async def test_nobody_is_told_what_they_did_themselves(given: Given, told: Told) -> None:
    ona = await told.worker("Ona", *Occasion)
    it = await given.conversation(by=ona)
    async with given.write(ona) as tx:
        await changing.assign(tx, it, to=ona)
    await given.thread(it, ThreadType.NOTE, "I am @ona.", by=ona)
    await given.thread(it, ThreadType.NOTE, "Mine, by mail.", by=None, user_id=ona)

    assert await told.of(ona) == []


async def test_whoever_the_inbox_is_not_open_to_hears_and_later_sees_nothing(given: Given, told: Told) -> None:
    ona, otto = await told.worker("Ona", *Occasion), await given.user("Otto")
    await told.wants(otto, *Occasion)
    it = await given.conversation()
    await given.thread(it, ThreadType.NOTE, "@otto, look!")
    assert await told.of(ona) == [O.NEW_CONVERSATION, O.COLLEAGUE_WROTE_IN_UNASSIGNED]

    async with given.write() as tx:
        await inboxes.revoke(tx, given.inbox, ona)
    await given.thread(it, ThreadType.CUSTOMER)
    assert await told.of(ona) == []
    await given.grant(given.inbox, otto)
    assert await told.of(otto) == []


async def test_of_spam_drafts_imports_and_machines_nobody_hears(given: Given, told: Told) -> None:
    ona = await told.worker("Ona", *Occasion)
    await given.conversation(status=Status.SPAM)
    await given.conversation(imported=True)
    it = await given.conversation(by=ona)
    await given.thread(it, ThreadType.MESSAGE, draft=True)
    await given.thread(it, ThreadType.CUSTOMER, imported=True)

    assert await told.of(ona) == []


@pytest.mark.parametrize(
    ("text", "is_called"),
    [
        ("@ona, look", True),
        ("<p>Ask <b>@Ona</b>.</p>", True),
        ("@onat", False),
        ("a@ona.test", False),
        ("@nights", True),
    ],
)
async def test_a_note_calls_people_and_teams_by_name(given: Given, told: Told, text: str, is_called: bool) -> None:
    ona = await told.worker("Ona", O.MENTIONED)
    await given.team("Nights", [ona])
    it = await given.conversation()
    await given.thread(it, ThreadType.NOTE, text)
    await given.thread(it, ThreadType.MESSAGE, text)

    assert await told.of(ona) == [O.MENTIONED] * is_called


async def test_a_team_is_told_of_what_is_theirs(given: Given, told: Told) -> None:
    ona, ulla = await told.worker("Ona"), await told.worker("Ulla", O.ASSIGNED_TO_OTHERS)
    team = await given.team("Nights", [ona])
    await given.grant(given.inbox, team)
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=team)
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=None)

    assert (await told.of(ona), await told.of(ulla)) == ([O.ASSIGNED_TO_MY_TEAM], [O.ASSIGNED_TO_OTHERS])


async def test_whoever_wrote_a_reply_is_told_how_it_was_rated(given: Given, told: Told) -> None:
    ona, ulla = await told.worker("Ona"), await told.worker("Ulla", *Occasion)
    it = await given.conversation(by=ulla)
    reply = await given.thread(it, ThreadType.MESSAGE, by=ona)
    before = await told.of(ulla)
    async with given.write() as tx:
        link = await ratings.rating_link(tx, it, reply, origin="https://desk.test", days=9)
        await ratings.rate(tx, link.rpartition("/")[2], Rating.GREAT, "", change_hours=1)

    assert await told.of(ona) == [O.RATED]
    assert await told.of(ulla) == before


async def test_whoever_followed_a_conversation_follows_what_took_it_in(given: Given, told: Told) -> None:
    ona, ulla = await told.worker("Ona", O.FOLLOWED), await told.worker("Ulla", O.FOLLOWED)
    into, it = await given.conversation(), await given.conversation()
    for user_id, followed in ((ona, it), (ulla, it), (ulla, into)):
        async with given.write(user_id) as tx:
            await followers.follow(tx, followed)
    async with given.write(given.owner) as tx:
        await merging.merge(tx, it, into=into)
    await given.thread(into, ThreadType.CUSTOMER)

    assert (await told.of(ona), await told.of(ulla)) == ([O.FOLLOWED], [O.FOLLOWED])
