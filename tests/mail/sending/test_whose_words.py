"""A letter to a customer shows and answers only what that customer wrote, and goes only to them."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing, drafts, merging, threads
from deskhand.mail.model import IdKind
from deskhand.mail.operations import queueing
from tests.given import Given
from tests.mail.sending.conftest import Mail


async def begun(given: Given, mail: Mail) -> int:
    """A conversation that Pavel began, in an inbox that has mail."""
    await mail.begin()
    return await given.conversation(customer=await given.customer("pavel@mail.test"), text="<p>Where is it?</p>")


@pytest.mark.parametrize("kind", [ThreadType.CUSTOMER, ThreadType.PHONE, ThreadType.CHAT])
async def test_a_quote_is_of_the_conversations_own_customer(given: Given, mail: Mail, kind: ThreadType) -> None:
    it = await begun(given, mail)
    stranger: dict[str, Any] = {"customer": await given.customer("else@mail.test")} if kind is ThreadType.CUSTOMER else {}
    await given.thread(it, kind, "<p>Do not tell Pavel.</p>", **stranger)
    await mail.reply(it)

    text = (await mail.only()).letter.text
    assert "Do not tell" not in text
    assert text.endswith("> Where is it?")


async def test_what_is_hidden_is_not_quoted(given: Given, mail: Mail) -> None:
    it = await begun(given, mail)
    hidden = await given.thread(it, ThreadType.CUSTOMER, "<p>Forget that.</p>")
    async with given.write(given.owner) as tx:
        await drafts.hide(tx, it, hidden, hidden=True)
    await mail.reply(it)

    assert (await mail.only()).letter.text.endswith("> Where is it?")


async def test_a_reply_answers_the_last_message_of_the_customer_and_nobody_elses(given: Given, mail: Mail) -> None:
    it = await begun(given, mail)
    stranger = await given.customer("else@mail.test")
    async with given.write() as tx:
        await queueing.keep_id(tx, "nobody@x.test", given.inbox, it, None, IdKind.LETTER)
    await mail.reply(it)
    said = await given.thread(it, ThreadType.CUSTOMER)
    by_stranger = await given.thread(it, ThreadType.CUSTOMER, customer=stranger)
    by_agent = await given.thread(it, ThreadType.NOTE)
    async with given.write() as tx:
        for thread, message_id in ((said, "pavels@x.test"), (by_stranger, "strangers@x.test"), (by_agent, "agents@x.test")):
            await queueing.keep_id(tx, message_id, given.inbox, it, thread, IdKind.LETTER)
    await mail.reply(it)

    assert [each.letter.in_reply_to for each in await mail.queue()] == ["", "pavels@x.test"]


@pytest.mark.parametrize("how", ["another customer", "merged"])
async def test_a_draft_goes_to_the_customer_of_now(given: Given, mail: Mail, how: str) -> None:
    it = await begun(given, mail)
    draft = await mail.reply(it, draft=True)
    elsewhere = await given.thread(it, ThreadType.MESSAGE, draft=True, customer=await given.customer("else@mail.test"))
    new = await given.customer("new@mail.test")
    into = it if how == "another customer" else await given.conversation(customer=new)
    async with given.write(given.owner) as tx:
        if into == it:
            await changing.set_customer(tx, it, new.id)
        else:
            await merging.merge(tx, it, into=into)
    async with given.write(given.owner) as tx:
        await threads.publish(tx, into, draft)
        await threads.publish(tx, into, elsewhere)

    sent = [each.letter.to[0].address for each in await mail.queue()]
    assert sent == ["new@mail.test", "else@mail.test"], "whom an agent named stays"
