"""One act on several conversations of a list, and its undo; without scripts."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from deskhand.conversations.model import Status
from deskhand.conversations.queries import one
from deskhand.kernel.errors import Invalid
from deskhand.kernel.words import Words
from deskhand.ui.several import MOST, packed, unpacked
from tests.conftest import MovableClock
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to, undone


async def now(given: Given, *ids: int) -> list[Any]:
    async with given.read() as view:
        return [await one.get(view, each) for each in ids]


async def bulk(browser: Browser, do: str, *ids: int, **more: str) -> str:
    fields = {"do": do, "id": [str(each) for each in ids], "back": "/", "list": "/inboxes/1"} | more
    found = await browser.post("/conversations/bulk", data=fields, follow_redirects=True)
    assert found.status_code == 200, found.text
    return unescape(found.text)


async def test_the_chosen_are_closed_and_all_of_it_is_undone(given: Given, ines: Browser, clock: MovableClock) -> None:
    ids = [await given.conversation(), await given.conversation(status=Status.PENDING), await given.conversation()]
    waiting = [each.waiting_since for each in await now(given, *ids)]
    clock.move(timedelta(minutes=1))
    page = await bulk(ines, "status:closed", *ids[:2])
    assert "2 conversations set to Closed." in page
    assert [each.status for each in await now(given, *ids)] == [Status.CLOSED, Status.CLOSED, Status.ACTIVE]

    await undone(ines, page)
    assert [each.status for each in await now(given, *ids)] == [Status.ACTIVE, Status.PENDING, Status.ACTIVE]
    assert [each.waiting_since for each in await now(given, *ids)] == waiting


async def test_each_act_there_is_can_be_undone(given: Given, ines: Browser) -> None:
    other = await given.new_inbox("Other")
    ids = [await given.conversation() for _ in range(2)]
    acts = [f"assign:{given.owner}", "tag:vip,late", "snooze:2090-01-01T09:00", f"move:{other}", "status:spam", "delete:"]
    before = await now(given, *ids)
    for act in acts:
        page = await bulk(ines, act, *ids)
        assert "2 conversations" in page
        assert "z" in await undone(ines, page)
        after = await now(given, *ids)
        shown = [(each.status, each.assignee_id, each.snoozed_until, each.inbox_id) for each in after]
        assert shown == [(each.status, each.assignee_id, each.snoozed_until, each.inbox_id) for each in before], act
        async with given.read() as view:
            assert await view.all(one.TAGS, ids=ids) == []


async def test_only_what_was_changed_is_undone(given: Given, ines: Browser) -> None:
    had, had_not = await given.conversation(), await given.conversation()
    await bulk(ines, "tag:vip", had)
    await undone(ines, await bulk(ines, "tag:vip", had, had_not))
    async with given.read() as view:
        assert [each.conversation_id for each in await view.all(one.TAGS, ids=[had, had_not])] == [had]


async def test_what_could_not_be_done_is_told_by_number(given: Given, browsing: Browsing) -> None:
    agent = await given.user("In")
    await given.grant(given.inbox, agent)
    mine, others = await given.conversation(), await given.conversation(inbox=await given.new_inbox("Other"))
    page = await bulk(await browsing(agent), "status:closed", mine, others)
    assert "1 conversation set to Closed. Not #?: Not found." in page
    assert [each.status for each in await now(given, mine, others)] == [Status.CLOSED, Status.ACTIVE]


async def test_all_of_a_folder_a_search_or_a_view(given: Given, ines: Browser) -> None:
    ids = [await given.conversation(subject=subject) for subject in ("Hopper", "Hopper", "Grinder")]
    (first, *_) = await now(given, *ids)
    page = await bulk(ines, "status:pending", all="yes", place="q=subject:hopper")
    assert "2 conversations set to Pending." in page
    assert "3 conversations set to Active." in await bulk(ines, "status:active", all="yes", place=f"folder={first.folder_id}")
    saved = await ines.post("/views", data={"name": "Grinders", "q": "subject:grinder"})
    view_id = leads_to(saved).rpartition("/")[2]
    assert "1 conversation set to Pending." in await bulk(ines, "status:pending", all="yes", place=f"view={view_id}")


async def test_what_is_no_act_is_refused(given: Given, ines: Browser) -> None:
    it = str(await given.conversation())
    for do in ("", "status:open", "assign:x", "move:", "snooze:soon", "tag:", "erase:", "delete:all"):
        found = await ines.post("/conversations/bulk", data={"do": do, "id": it})
        assert found.status_code == 400, do
    for more in ({"id": "x"}, {"all": "yes", "place": "folder=999999"}, {"all": "yes", "place": "q=(("}):
        found = await ines.post("/conversations/bulk", data={"do": "status:closed", **more})
        assert found.status_code in (400, 404), more
    for deeds in ("erase:=1", "status:closed=-", "status:closed=1.2.", "status:closed=" + "1." * MOST + "1"):
        assert (await ines.post("/conversations/bulk/undo", data={"deeds": deeds})).status_code == 400


async def test_afterwards_one_is_where_one_was_or_at_the_list_if_that_is_gone(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    fields = {"id": str(it), "back": f"/conversation/{it}/1?folder=2", "list": "/views/3"}
    for do, to in (("status:closed", fields["back"]), ("delete:", "/views/3")):
        assert leads_to(await ines.post("/conversations/bulk", data=fields | {"do": do})) == to
    for hostile in ("https://elsewhere.test/", "//elsewhere.test", "/signout"):
        answer = await ines.post("/conversations/bulk", data=fields | {"do": "status:spam", "back": hostile, "list": hostile})
        assert answer.status_code == 303
        assert "elsewhere" not in answer.headers["location"]


def test_an_undo_takes_little_room(given: Given) -> None:
    words = Words(given.desk.clock.now())
    deeds = [(10_000_000 + each * 4_999, f"assign:{each % 20}") for each in range(MOST)]
    assert sorted(unpacked(packed(deeds), words)) == deeds
    assert len(packed(deeds)) < 2600
    with pytest.raises(Invalid):
        unpacked("status:none=1", words)
