"""Who is told by mail of what, where an inbox notifies: as each of them wants it."""

from __future__ import annotations

import pytest

from deskhand.conversations.model import Rating, ThreadType
from deskhand.conversations.operations import changing
from deskhand.mail.model import OutgoingKind
from deskhand.ratings import operations as ratings
from deskhand.users import operations as users
from deskhand.users.model import Occasion
from tests.given import Given
from tests.mail.sending.conftest import Mail


async def worker(given: Given, first: str, *by_mail: Occasion) -> int:
    user_id = await given.user(first)
    await given.grant(given.inbox, user_id)
    async with given.write(user_id) as tx:
        await users.choose_notifications(tx, in_browser=(), by_mail=by_mail)
    return user_id


async def told(mail: Mail) -> list[tuple[str, str]]:
    """First name and first line of each letter."""
    letters = [each.letter for each in await mail.queue() if each.kind is OutgoingKind.NOTIFICATION]
    lines = [[line for line in each.text.splitlines() if line and "above this line" not in line] for each in letters]
    return [(each.to[0].name.split()[0], line[0]) for each, line in zip(letters, lines, strict=True)]


async def test_everybody_hears_what_they_chose_and_nothing_else(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona = await worker(given, "Ona", Occasion.NEW_CONVERSATION, Occasion.CUSTOMER_REPLIED_TO_OTHERS)
    await worker(given, "Ulla", Occasion.ASSIGNED_TO_OTHERS, Occasion.MENTIONED)
    browsing = await worker(given, "Bo")
    async with given.write(browsing) as tx:
        await users.choose_notifications(tx, in_browser=list(Occasion), by_mail=())
    it = await given.conversation()
    async with given.write(ona) as tx:
        await changing.assign(tx, it, to=given.owner)
    await given.thread(it, ThreadType.CUSTOMER, "Well?", by=None)
    await given.thread(it, ThreadType.NOTE, "Ask @ulla.")
    await given.thread(it, ThreadType.MESSAGE, "We look into it.", by=ona)

    assert await told(mail) == [
        ("Ona", "There is a new conversation."),
        ("Ines", "A conversation is yours now."),
        ("Ulla", "A conversation has another owner."),
        ("Ines", "Pavel Lund wrote:"),
        ("Ona", "Pavel Lund wrote:"),
        ("Ulla", "Ines Okafor added a note:"),
        ("Ines", "Ona Bell wrote:"),
    ]


@pytest.mark.parametrize(("notifies", "expected"), [(False, []), (True, [("Ona", "Your reply was rated: not good.")])])
async def test_a_rating_is_told_to_who_wants_that(
    given: Given, mail: Mail, notifies: bool, expected: list[tuple[str, str]]
) -> None:
    await mail.begin(notifies=notifies)
    ona = await worker(given, "Ona", Occasion.RATED)
    it = await given.conversation(by=ona)
    reply = await given.thread(it, ThreadType.MESSAGE, by=ona)
    async with given.write() as tx:
        link = await ratings.rating_link(tx, it, reply, origin="https://desk.test", days=9)
        await ratings.rate(tx, link.rpartition("/")[2], Rating.NOT_GOOD, "Too late.", change_hours=1)

    assert await told(mail) == expected
