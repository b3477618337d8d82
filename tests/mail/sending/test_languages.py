"""Mail in its reader's language: a user's, else the account's, which is also that of mail to customers."""

from __future__ import annotations

import re

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.errors import Forbidden, Invalid
from deskhand.kernel.permissions import Role
from deskhand.mail.operations import notices
from deskhand.users import operations as users
from deskhand.users.model import Account
from deskhand.users.operations import NewUser, Profile
from tests.given import Client, Given
from tests.mail.sending.conftest import Mail


async def test_who_chose_no_language_gets_mail_in_that_of_the_account(given: Given, mail: Mail) -> None:
    await mail.through(2525)
    async with given.write(given.owner) as tx:
        await users.name_account(tx, Account(" Lund  Cykler ", "de"))
        new = NewUser(first_name="Ona", last_name="Bell", email="ona@desk.test", role=Role.ADMINISTRATOR)
        await inboxes.invite(tx, new, [], sends_mail=True)
        await users.change_profile(tx, given.owner, Profile(first_name="Ines", last_name="", timezone="UTC", language="en"))

    invited = (await mail.only()).letter
    assert invited.subject == "Einladung zu Help"
    assert "lädt Sie ein, gemeinsam die E-Mails von Lund Cykler zu beantworten, unter https://desk.test." in invited.text
    assert "Dies ist eine automatische Nachricht." in invited.text
    async with given.write() as tx:
        assert await notices.alert(tx, lambda words: (words.text("Another password"), words.text("nothing"))) == 2
    assert [each.letter.subject for each in (await mail.queue())[1:]] == ["Another password", "Neues Passwort"]


async def test_a_notification_is_in_the_language_of_whom_it_tells(given: Given, mail: Mail) -> None:
    await mail.begin(notifies=True)
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    async with given.write(ona) as tx:
        await users.change_profile(tx, ona, Profile(first_name="Ona", last_name="Bell", timezone="UTC", language="de"))
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await changing.assign(tx, it, to=ona)
    await given.thread(it, ThreadType.CUSTOMER, "<p>Any news?</p>")

    yours, wrote = [each.letter for each in await mail.queue()]
    assert "Eine Konversation ist jetzt Ihnen zugewiesen." in yours.text
    assert "Pavel Lund hat geschrieben:" in wrote.text
    assert "Konversation öffnen:" in wrote.text
    async with given.client(None) as client:
        page = (await client.get(wrote.unsubscribe_url.removeprefix("https://desk.test"))).text
    assert "Benachrichtigungen beenden?" in page


async def test_customers_are_written_to_in_the_language_of_the_account(given: Given, mail: Mail) -> None:
    await mail.begin(asks_rating=True)
    async with given.write(given.owner) as tx:
        await users.name_account(tx, Account(language="de"))
    await mail.reply(await given.conversation(text="<p>Where is it?</p>"))

    said = (await mail.only()).letter.text
    assert "Wie war diese Antwort?" in said
    assert re.search(r"Am \d{4}-\d\d-\d\d \d\d:\d\d UTC schrieb Pavel Lund:", said)


async def test_the_account_is_named_by_whoever_manages_it(client: Client, given: Given) -> None:
    path = "/deskhand/v1/account"
    assert (await client.get(path)).json() == {"name": "", "language": ""}
    assert (await client.put(path, json={"name": "Lund Cykler", "language": "de"})).status_code == 204
    assert (await client.get(path)).json() == {"name": "Lund Cykler", "language": "de"}
    ona = await given.user("Ona")
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await users.name_account(tx, Account("Mine"))
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid) as refused:
            await users.name_account(tx, Account("x" * 61, "tlh"))
    assert [each.path for each in refused.value.mistakes] == ["name", "language"]
