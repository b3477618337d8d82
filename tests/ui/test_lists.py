"""Lists across inboxes, what narrows them, what was deleted, and what one has begun to write; without scripts."""

from __future__ import annotations

import re

import pytest

from deskhand.conversations.model import Status, ThreadType, Writing
from deskhand.conversations.operations import changing, seeing, tagging, writings
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import one
from deskhand.conversations.queries.writings import Place
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import undone
from tests.ui.test_bulk import bulk, now
from tests.ui.test_pages import subjects


def row_links(page: str) -> list[str]:
    return [each.replace("&#x2f;", "/").replace("&amp;", "&") for each in re.findall(r'row-link" href="([^"]*)"', page)]


async def test_lists_of_all_inboxes_and_the_conversations_opened_from_them(given: Given, ines: Browser) -> None:
    assert "All inboxes" not in (await ines.get("/menu")).text
    other = await given.new_inbox("Wholesale")
    await given.conversation(subject="Here")
    await given.conversation(subject="There", inbox=other)
    await given.conversation(subject="Over", inbox=other, status=Status.CLOSED)

    page = (await ines.get("/all/unassigned")).text
    assert subjects(page) == ["There", "Here"]
    assert "Wholesale</span>" in page
    assert re.search(r'id="count-all-unassigned">2<', page)
    assert subjects((await ines.get("/all/closed")).text) == ["Over"]
    beside = (await ines.get(row_links(page)[0])).text
    assert subjects(beside) == ["There", "Here"]
    assert 'href="/all/unassigned" aria-current="page"' in beside.replace("&#x2f;", "/")
    assert "2 conversations set to Pending." in await bulk(ines, "status:pending", all="yes", place="all=unassigned")
    assert (await ines.get("/all/nothing")).status_code == 404


async def test_a_list_of_all_inboxes_has_those_open_to_who_looks(given: Given, browsing: Browsing) -> None:
    agent = await given.user("In")
    await given.grant(given.inbox, agent)
    await given.conversation(subject="Mine")
    await given.conversation(subject="Not mine", inbox=await given.new_inbox("Other"))
    assert subjects((await (await browsing(agent)).get("/all/unassigned")).text) == ["Mine"]


async def test_a_folder_is_narrowed_by_links_that_keep_its_order(
    given: Given, ines: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    answered, tagged, read = [await given.conversation(subject=each) for each in ("Answered", "Tagged", "Read")]
    await given.thread(answered, ThreadType.MESSAGE)
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, answered, Status.ACTIVE)
        await tagging.change_tags(tx, tagged, add=["vip"], remove=[])
        await seeing.see(tx, read)
    folder = (await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)).url.path
    assert subjects((await ines.get(f"{folder}?only=waiting&sort=oldest")).text) == ["Tagged", "Read"]
    assert subjects((await ines.get(f"{folder}?only=unread")).text) == ["Tagged"]
    page = (await ines.get(f"{folder}?tag=vip&sort=oldest")).text.replace("&#x2f;", "/").replace("&amp;", "&")
    assert subjects(page) == ["Tagged"]
    assert f'href="{folder}?only=waiting&tag=vip&sort=oldest"' in page
    assert "tag=vip&sort=oldest" in row_links(page)[0]
    assert subjects((await ines.get(row_links(page)[0])).text) == ["Tagged"]
    assert subjects((await ines.get(f"{folder}?tag=nothing")).text) == []
    with monkeypatch.context() as small:
        small.setattr("deskhand.conversations.queries.piles.LOOKED_THROUGH", 1)
        assert "Of the first 1 of this list." in (await ines.get(f"{folder}?only=waiting")).text
    place = f"folder={folder.rpartition('/')[2]}&only=waiting"
    assert "2 conversations set to Pending." in await bulk(ines, "status:pending", all="yes", place=place)


async def test_what_was_deleted_can_be_found_read_and_brought_back(given: Given, ines: Browser, browsing: Browsing) -> None:
    agent, gone = await given.user("In"), await given.conversation(subject="Hopper", text="It broke.")
    await given.grant(given.inbox, agent)
    number = (await now(given, gone))[0].number
    async with given.write(given.owner) as tx:
        await changing.delete(tx, gone)
    menu = (await ines.get("/menu")).text.replace("&#x2f;", "/")
    found = re.search(r'href="(/inboxes/[^"]*)"[^>]*><svg[^>]*><use href="[^"]*trash-2"', menu)
    assert found
    page = (await ines.get(found[1])).text
    assert subjects(page) == ["Hopper"]
    assert "Bring back" in page
    assert "status:closed" not in page
    link = row_links(page)[0]
    assert "It broke." in (await ines.get(link)).text
    assert (await ines.get(f"/conversation/{gone}/{number}")).headers["location"] == link

    browser = await browsing(agent)
    assert "trash-2" not in (await browser.get("/menu")).text
    assert (await browser.get(found[1])).status_code == 403
    assert (await browser.get(f"/conversation/{gone}/{number}")).status_code == 404

    page = await bulk(ines, "restore:", gone)
    assert "1 conversation brought back." in page
    assert [each.id for each in await now(given, gone)] == [gone]
    await undone(ines, page)
    assert (await ines.post(f"/conversation/{gone}/restore")).status_code == 303
    assert [each.id for each in await now(given, gone)] == [gone]


async def test_what_one_began_to_write_is_marked_and_listed(given: Given, ines: Browser, browsing: Browsing) -> None:
    agent, begun = await given.user("In"), await given.conversation(subject="Begun")
    await given.grant(given.inbox, agent)
    await given.conversation(subject="Not begun")
    async with given.write(given.owner) as tx:
        await writings.keep(tx, Place(Writing.NOTE, conversation_id=begun), Typed(body="<p>Ask the depot</p>"), version=None)
        new = Typed(body="Hello", subject="Invoice", to=["hanna@mail.test"])
        await writings.keep(tx, Place(Writing.CONVERSATION, inbox_id=given.inbox), new, version=None)
    page = (await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text
    assert re.findall(r'id="row-(\d+)" class="row[^"]* is-writing', page) == [str(begun)]
    assert 'href="/all/drafts"' in page.replace("&#x2f;", "/")

    page = (await ines.get("/all/drafts")).text
    assert set(subjects(page)) == {"Begun", "Invoice"}
    assert "Note: Ask the depot" in page
    assert "1–2 of 2" in page
    link = next(each for each in row_links(page) if "write=note" in each)
    beside = (await ines.get(link)).text
    assert set(subjects(beside)) == {"Begun", "Invoice"}
    assert f"/conversation/new?inbox={given.inbox}" in row_links(page)

    browser = await browsing(agent)
    assert "is-writing" not in (await browser.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text
    assert subjects((await browser.get("/all/drafts")).text) == []


async def test_one_conversation_that_shall_be_merged_leads_to_its_page(given: Given, ines: Browser) -> None:
    async with given.read() as view:
        it = await one.get(view, await given.conversation())
    found = await ines.post("/conversations/bulk", data={"do": "merge:", "id": str(it.id)})
    assert found.headers["location"] == f"/conversation/{it.id}/merge"


async def test_several_stand_as_unread_again(given: Given, ines: Browser) -> None:
    ids = [await given.conversation() for _ in range(2)]
    async with given.write(given.owner) as tx:
        for each in ids:
            await seeing.see(tx, each)
    page = await bulk(ines, "unread:", *ids)
    assert "2 conversations marked as unread." in page
    assert (await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text.count("is-unread") == 2
    await undone(ines, page)
    assert "is-unread" not in (await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text


async def test_what_a_search_found_can_be_chosen_and_sorted(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Hopper", text="A hopper.")
    await given.thread(it, ThreadType.NOTE, "The hopper, again.")
    page = (await ines.get("/search?q=hopper")).text
    assert page.count('name="id"') == 1
    assert 'value="status:closed"' in page
    assert 'href="/search?q=hopper&sort=oldest"' in page.replace("&#x2f;", "/").replace("&amp;", "&")
