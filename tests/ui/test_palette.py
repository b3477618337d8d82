"""The palette: what is offered for what is typed."""

from __future__ import annotations

import re
from html import unescape

from deskhand.conversations.queries import one
from deskhand.kernel.permissions import Role
from tests.given import Given
from tests.ui.conftest import Browser, Browsing


async def offered(browser: Browser, q: str = "", **more: object) -> list[str]:
    found = await browser.get("/palette", params={"q": q, "piece": "yes", **{name: str(value) for name, value in more.items()}})
    assert found.status_code == 200
    return re.findall(r'data-(?:do|href)="([^"]*)"', unescape(found.text))


async def test_places_are_found_by_how_their_words_begin(given: Given, ines: Browser) -> None:
    await given.new_inbox("Wholesale")
    assert "/reports" in await offered(ines, "rep")
    assert "/settings" in await offered(ines, "SETT")
    assert len([each for each in await offered(ines, "whole") if each.startswith("/inboxes/")]) >= 5
    assert await offered(ines, "eports") == []


async def test_acts_are_offered_with_the_open_or_the_selected_conversations(given: Given, ines: Browser) -> None:
    await given.user("Ona")
    it = await given.conversation()
    assert await offered(ines, ">close") == []
    assert await offered(ines, ">closed", conversation=it) == ["status:closed"]
    assert f"assign:{given.owner}" in await offered(ines, "assign", conversation=it)
    assert f"/conversation/{it}/merge" in await offered(ines, "merge", conversation=it)
    assert await offered(ines, "merge", selected=2) == ["merge:"]
    page = (await ines.get("/palette", params={"q": "note", "piece": "yes", "conversation": str(it)})).text
    assert "key:n" in page
    assert "With “Parcel never left the depot”" in unescape(page)


async def test_customers_and_conversations_are_found(given: Given, ines: Browser) -> None:
    customer = await given.customer("astrid@fjord.test", "Astrid")
    it = await given.conversation(subject="Hopper", customer=customer)
    async with given.read() as view:
        number = (await one.get(view, it)).number
    assert f"/customers/{customer.id}" in await offered(ines, "astr")
    for query in ("hopper", f"#{number}"):
        assert f"/conversation/{it}/{number}" in await offered(ines, query)
    for query in ("#x", "((", 'tag:"', "\x00", "a" * 5000):
        await offered(ines, query)


async def test_nothing_is_offered_that_one_may_not(given: Given, browsing: Browsing) -> None:
    agent = await given.user("In", role=Role.USER)
    await given.grant(given.inbox, agent)
    browser = await browsing(agent)
    it, hidden = await given.conversation(), await given.conversation(inbox=await given.new_inbox("Secret"), subject="Hushed")
    assert "delete:" not in await offered(browser, "delete", conversation=it)
    assert await offered(browser, "secret") == []
    assert await offered(browser, "hushed") == []
    answer = await browser.get("/palette", params={"conversation": str(hidden)})
    assert answer.status_code == 404


async def test_it_works_as_a_page(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    page = (await ines.get("/palette", params={"q": "closed", "conversation": str(it)})).text
    assert 'value="status:closed"' in unescape(page)
