"""What stands on the pages, and what their forms do; each without scripts."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, merging
from deskhand.conversations.queries import folders, one
from deskhand.conversations.tables import threads
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import write
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to

QUOTE = write(update(threads).values(body="Own words.<br>Quoted words.", quoted_at=14))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def subjects(page: str) -> list[str]:
    return re.findall(r'row-subject"[^>]*>(.*?)<', page)


async def open_page(browser: Browser, conversation_id: int, **query: str) -> str:
    found = await browser.get(f"/conversation/{conversation_id}", follow_redirects=True)
    if query:
        found = await browser.get(str(found.url), params=query)
    assert found.status_code == 200
    return found.text


async def now(given: Given, conversation_id: int) -> Any:
    async with given.read() as view:
        return await one.get(view, conversation_id)


async def test_a_folder_shows_what_lies_in_it_newest_first_or_as_wanted(given: Given, ines: Browser) -> None:
    for subject in ("One", "Two", "Three"):
        await given.conversation(subject=subject)
    await given.conversation(subject="Closed", status=Status.CLOSED)

    page = (await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text
    assert subjects(page) == ["Three", "Two", "One"]
    assert "1–3 of 3" in page
    oldest = re.search(r'href="(/inboxes/[^"]*sort=oldest[^"]*)"', page.replace("&#x2f;", "/"))
    assert oldest
    assert subjects((await ines.get(oldest[1])).text) == ["One", "Two", "Three"]
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, 2, Status.PENDING)
    assert subjects((await ines.get(oldest[1].replace("oldest", "changed"))).text)[0] == "Two"


async def test_a_long_folder_has_pages(given: Given, ines: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deskhand.ui.lists.SIZE", 2)
    for subject in ("One", "Two", "Three"):
        await given.conversation(subject=subject)

    first = await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)
    second = await ines.get(str(first.url), params={"page": "2"})
    assert (subjects(first.text), subjects(second.text)) == (["Three", "Two"], ["One"])
    assert 'rel="next"' in first.text
    assert 'rel="next"' not in second.text
    assert 'rel="prev"' in second.text


async def test_a_conversation_shows_what_was_said_and_done_in_order(given: Given, ines: Browser) -> None:
    it = await given.conversation(text="The first word.")
    await given.thread(it, ThreadType.MESSAGE, "Our <b>answer</b>.", user_id=given.owner)
    await given.thread(it, ThreadType.NOTE, "Only for us.", user_id=given.owner)
    await ines.post(f"/conversation/{it}/status", data={"status": "closed"}, follow_redirects=True)

    page = await open_page(ines, it)
    places = [
        page.index(each) for each in ("The first word.", "Our <b>answer</b>.", "Only for us.", "set the status to Closed")
    ]
    assert places == sorted(places)
    assert page.count("set the status to Closed") == 1  # alone it needs no summary
    assert "only we see this" in page
    assert 'aria-current="true"' in page


@pytest.mark.parametrize(
    ("kind", "status", "type_", "after"),
    [
        ("reply", "pending", ThreadType.MESSAGE, Status.PENDING),
        ("reply", "closed", ThreadType.MESSAGE, Status.CLOSED),
        ("note", "active", ThreadType.NOTE, Status.ACTIVE),
        ("note", "nonsense", ThreadType.NOTE, Status.ACTIVE),
    ],
)
async def test_an_answer_is_what_was_typed(
    given: Given, ines: Browser, kind: str, status: str, type_: ThreadType, after: Status
) -> None:
    it = await given.conversation()
    form = {"kind": kind, "status": status, "text": "Two < three.\r\nYes.", "back": f"/conversation/{it}/1?folder=1"}

    answer = await ines.post(f"/conversation/{it}/answer", data=form)

    assert (answer.status_code, leads_to(answer)) == (303, f"/conversation/{it}/1?folder=1")
    async with given.read() as view:
        newest = (await view.all(one.THREADS, conversation_id=it))[0]
    assert (newest.type, newest.body, newest.created_by_user_id) == (type_, "Two &lt; three.<br>\nYes.", given.owner)
    assert (await now(given, it)).status is after


async def test_whom_a_note_calls_stands_out_and_more_for_themselves(given: Given, ines: Browser, browsing: Browsing) -> None:
    ona, it = await given.user("Ona", "Bell"), await given.conversation()
    await given.grant(given.inbox, ona)
    team = await given.team("Returns", [ona])
    await given.thread(it, ThreadType.NOTE, "<p>@Ona, ask @returns &lt;a@ona.test&gt; or @nobody</p>")
    await given.thread(it, ThreadType.MESSAGE, "Write to @ona")
    mark, of_team = f'data-of="{ona}">@Ona</mark>', f'data-of="{ona} {team}">@returns</mark>'
    page = await open_page(ines, it)
    assert page.count("<mark") == 2
    assert f'<mark class="mention" {mark}' in page
    assert f'<mark class="mention" {of_team}' in page
    assert f'<mark class="mention mention-me" {mark}' in await open_page(await browsing(ona), it)


async def test_what_was_done_is_told_once(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    told = "Assigned to Ines Okafor"
    done = [await ines.post(f"/conversation/{it}/assignee", data={"assignee": each}) for each in ("", str(given.owner))]

    assert told not in await open_page(ines, it)  # another tab
    first, second = [(await ines.get(each.headers["location"], follow_redirects=True)) for each in done]
    assert "Unassigned" in first.text
    assert told not in first.text
    assert told in second.text
    assert told not in (await ines.get(str(second.url))).text  # loaded again
    assert (await now(given, it)).assignee_id == given.owner


@pytest.mark.parametrize(
    ("act", "form"),
    [
        ("status", {"status": "closed"}),
        ("assignee", {"assignee": "owner"}),
        ("tags", {"add": "vip, refund", "remove": "old"}),
        ("snooze", {"until": "2090-01-01T09:00"}),
        ("move", {"inbox": "other"}),
    ],
)
async def test_what_was_done_can_be_undone(given: Given, ines: Browser, act: str, form: dict[str, str]) -> None:
    names = {"owner": str(given.owner), "other": str(await given.new_inbox("Other"))}
    it = await given.conversation()
    await ines.post(f"/conversation/{it}/tags", data={"add": "old"})
    await open_page(ines, it)

    async def state() -> tuple[Any, ...]:
        found = await now(given, it)
        async with given.read() as view:
            tags = {each.name for each in await view.all(one.TAGS, ids=[it])}
        return found.status, found.assignee_id, found.inbox_id, found.snoozed_until, tags

    before = await state()
    data = {name: names.get(value, value) for name, value in form.items()}
    done = await ines.post(f"/conversation/{it}/{act}", data=data, follow_redirects=True)
    assert await state() != before

    page = done.text.replace("&#x2f;", "/")
    undo = re.search(r'class="toast told".*?<form class="push" method="post" action="([^"]+)">(.*?)</form>', page, re.DOTALL)
    assert undo
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', undo[2]))
    await ines.post(undo[1], data=fields)
    assert await state() == before


@pytest.mark.parametrize(
    "told",
    [
        "nonsense",
        base64.urlsafe_b64encode(b'{"words": "x", "undo": {"action": "https://evil.test/", "fields": {}}}').decode(),
        base64.urlsafe_b64encode(b'{"words": "x", "undo": {"action": "/conversation/1/delete", "fields": {}}}').decode(),
    ],
)
async def test_a_planted_undo_is_not_offered(ines: Browser, told: str) -> None:
    ines.cookies.set("deskhand_told_AAAAAAAA", told)
    answer = await ines.get("/search?told=AAAAAAAA")
    assert answer.status_code == 200
    assert "<desk-toast" not in answer.text


@pytest.mark.parametrize("back", ["https://evil.test/", "//evil.test", "/conversation/9999/1", "/\nX: y", ""])
async def test_a_form_leads_back_to_its_own_conversation_only(given: Given, ines: Browser, back: str) -> None:
    it = await given.conversation()
    answer = await ines.post(f"/conversation/{it}/status", data={"status": "pending", "back": back})
    assert leads_to(answer) == f"/conversation/{it}"


async def test_tags_are_added_and_taken_away(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    await ines.post(f"/conversation/{it}/tags", data={"add": "refund, vip , "})
    await ines.post(f"/conversation/{it}/tags", data={"add": "", "remove": ["vip"]})
    async with given.read() as view:
        assert [each.name for each in await view.all(one.TAGS, ids=[it])] == ["refund"]


@pytest.mark.parametrize(
    ("act", "form", "words"),
    [
        ("status", {"status": "open"}, "status"),
        ("assignee", {"assignee": "x"}, "must be a number"),
        ("assignee", {"assignee": "999999"}, "is not a user or team"),
        ("answer", {"text": " \n "}, "may not be empty"),
        ("snooze", {"until": "soon"}, "is no moment"),
        ("snooze", {"until": "2001-01-01T09:00"}, "must be in the future"),
        ("move", {}, "is missing"),
        ("move", {"inbox": "99999"}, "is not an inbox"),
    ],
)
async def test_what_is_wrong_with_a_form_is_said(
    given: Given, ines: Browser, act: str, form: dict[str, str], words: str
) -> None:
    it = await given.conversation()
    answer = await ines.post(f"/conversation/{it}/{act}", data=form)
    assert answer.status_code == 400
    assert words in answer.text


async def test_a_deleted_one_leads_to_its_folder_and_is_gone(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    answer = await ines.post(f"/conversation/{it}/delete")
    page = await ines.get(answer.headers["location"])
    assert "was deleted" in page.text
    assert (await ines.get(f"/conversation/{it}")).status_code == 404


async def test_the_address_of_a_merged_one_leads_to_where_it_lives(given: Given, ines: Browser) -> None:
    loser, survivor = await given.conversation(), await given.conversation(subject="Survivor")
    async with given.write() as tx:
        await merging.merge(tx, loser, into=survivor)
    assert "Survivor" in await open_page(ines, loser)


async def test_a_conversation_opened_from_a_search_stands_beside_it(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Cracked hopper")
    await given.conversation(subject="Another")
    assert subjects(await open_page(ines, it, q="hopper")) == ["Cracked hopper"]


async def test_agents_find_nothing_of_inboxes_that_are_closed_to_them(given: Given, browsing: Browsing) -> None:
    await given.conversation(subject="Cracked hopper")
    outsider = await given.user()
    await given.grant(await given.new_inbox("Other"), outsider)
    browser = await browsing(outsider)

    assert subjects((await browser.get("/search", params={"q": "hopper"})).text) == []
    start = (await browser.get("/", follow_redirects=True)).text
    assert "Other" in start
    assert "Help" not in start


async def test_hostile_text_stays_text_everywhere(given: Given, ines: Browser) -> None:
    customer = await given.customer("eve@mail.test", first=HOSTILE[:40], last=HOSTILE[:40])
    it = await given.conversation(subject=HOSTILE, text=HOSTILE, customer=customer)
    await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": HOSTILE})
    await ines.post(f"/conversation/{it}/tags", data={"add": "<b onclick=x>"})

    for page in (await open_page(ines, it), (await ines.get("/search", params={"q": HOSTILE})).text):
        assert "<script>" not in page
        assert "onerror=alert" not in page.replace("onerror=alert(2)&gt;", "")
        assert "<b onclick" not in page


async def test_a_letter_with_mark_up_of_its_own_stands_in_a_frame_where_nothing_acts(given: Given, ines: Browser) -> None:
    html = (
        '<p style="color:red">Hi</p><script>alert(1)</script><img src="https://spy.test/a.gif"><a href="https://x.test">x</a>'
    )
    it = await given.conversation(text=html)

    page = await open_page(ines, it)
    frame = re.search(r'<iframe class="letter letter-\d+" sandbox="([^"]*)" loading="lazy" src="([^"]*)"', page)
    assert frame
    assert "allow-scripts" not in frame[1]
    assert "allow-same-origin" not in frame[1]
    letter = await ines.get(frame[2].replace("&#x2f;", "/"))
    assert "color:red" in letter.text.replace(" ", "")
    assert "script" not in letter.text
    assert "spy.test" not in letter.text
    policy = letter.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy


async def test_quoted_text_is_folded_and_whole(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    async with given.write() as tx:
        await tx.write(QUOTE)
    page = await open_page(ines, it)
    own, _, quoted = page.partition("quote-fold")
    assert "Own words." in own
    assert "Quoted words." in quoted
    assert "Quoted words." not in own.replace("preview", "").partition('class="timeline"')[2]


async def test_who_may_not_edit_sees_no_forms(given: Given, browsing: Browsing) -> None:
    light = await given.user(role=Role.LIGHT_USER)
    await given.grant(given.inbox, light)
    it = await given.conversation()
    browser = await browsing(light)

    page = await open_page(browser, it)
    assert 'class="composer"' not in page
    answer = await browser.post(f"/conversation/{it}/answer", data={"text": "Hello"})
    assert answer.status_code == 403


async def test_who_has_no_inbox_is_told_so(given: Given, browsing: Browsing) -> None:
    browser = await browsing(await given.user())
    assert "No inbox is open to you" in (await browser.get("/")).text


async def test_one_begins_where_there_is_something_to_do(given: Given, browsing: Browsing) -> None:
    ona, other = await given.user("Ona"), await given.new_inbox("Other")
    for inbox in (given.inbox, other):
        await given.grant(inbox, ona)
    browser = await browsing(ona)
    async with given.read(ona) as view:
        (nobodys, *_), (others, mine, *_) = [await folders.of_inbox(view, each) for each in (given.inbox, other)]
    assert (await browser.get("/")).headers["location"] == f"/inboxes/{given.inbox}"

    it = await given.conversation(inbox=other)
    assert (await browser.get("/")).headers["location"] == f"/inboxes/{other}/folders/{others.folder.id}"
    async with given.write() as tx:
        await changing.assign(tx, it, to=ona)
    assert (await browser.get("/")).headers["location"] == f"/inboxes/{other}/folders/{mine.folder.id}"
    await given.conversation()
    assert (await browser.get("/")).headers["location"] == f"/inboxes/{given.inbox}/folders/{nobodys.folder.id}"


async def test_a_first_page_with_all_it_loads_is_small(given: Given, ines: Browser) -> None:
    for _ in range(50):
        await given.conversation(text="A letter of some length, as people write them. " * 20)
    page = await ines.get(f"/inboxes/{given.inbox}", follow_redirects=True)
    loaded = [str(page.url), *sorted(set(re.findall(r"/static/[a-z0-9./-]+", page.text.replace("&#x2f;", "/"))))]
    total = 0
    for each in loaded:
        async with ines.stream("GET", each) as answer:
            assert answer.status_code == 200, each
            total += sum([len(piece) async for piece in answer.aiter_raw()])
        if each.endswith(".js"):
            imported = re.findall(r'^import .* from "(?:/static|\.)(/[a-z-]+\.js)";', (await ines.get(each)).text, re.MULTILINE)
            loaded += [f"/static{name}" for name in imported if f"/static{name}" not in loaded]
    assert len(loaded) > 10
    assert total <= 120_000


async def test_deleting_what_another_owns_leads_back_to_the_list_it_was_opened_from(given: Given, browsing: Browsing) -> None:
    ona, ada = await given.user("Ona"), await given.user("Ada", role=Role.ADMINISTRATOR)
    await given.grant(given.inbox, ona)
    it = await given.conversation()
    async with given.write() as tx:
        await changing.assign(tx, it, to=ona)
    async with given.read(ada) as view:
        first, second, *_ = [each.folder.id for each in await folders.of_inbox(view, given.inbox)]
    browser, inbox = await browsing(ada), f"/inboxes/{given.inbox}/folders"
    asked = {"q=hopper": "/search?q=hopper", f"folder={second}": f"{inbox}/{second}", "folder=99999": f"{inbox}/{first}"}
    for back, to in asked.items():
        deleted = await browser.post(f"/conversation/{it}/delete", data={"back": f"/conversation/{it}/1?{back}"})
        assert leads_to(deleted) == to
        assert "was deleted" in (await browser.get(deleted.headers["location"])).text
        await browser.post(f"/conversation/{it}/restore")
