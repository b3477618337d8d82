"""What is done to one conversation beside status and owner: merging, subject, customer, fields, following, bringing back."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.queries import folders, followers, one
from tests.conftest import MovableClock
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import undone


async def now(given: Given, it: int) -> Any:
    async with given.read() as view:
        return await one.get(view, it)


async def act(browser: Browser, it: int, name: str, **fields: str) -> str:
    found = await browser.post(f"/conversation/{it}/{name}", data=fields, follow_redirects=True)
    assert found.status_code == 200, found.text
    return found.text


async def test_two_are_merged_after_it_was_shown_what_happens_and_taken_apart_again(given: Given, ines: Browser) -> None:
    customer = await given.customer()
    loser = await given.conversation(subject="Hopper, again", customer=customer)
    survivor = await given.conversation(subject="Hopper", customer=customer)
    page = (await ines.get(f"/conversation/{loser}/merge")).text
    assert f"/conversation/{loser}/merge?into={survivor}" in unescape(page)
    number = (await now(given, survivor)).number
    for query in (f"#{number}", "hopper", str(number)):
        assert f"into={survivor}" in unescape((await ines.get(f"/conversation/{loser}/merge", params={"q": query})).text)
    asked = (await ines.get(f"/conversation/{loser}/merge", params={"into": str(survivor)})).text
    assert "until somebody writes in it" in asked

    page = await act(ines, loser, "merge", into=str(survivor))
    assert "was merged into this one" in page
    assert (await ines.get(f"/conversation/{loser}")).headers["location"] == f"/conversation/{survivor}"
    assert "A conversation of its own again" in await undone(ines, page)
    assert (await now(given, loser)).subject == "Hopper, again"


async def test_two_chosen_in_a_list_are_shown_first_the_newer_going_into_the_older(given: Given, ines: Browser) -> None:
    first, second = await given.conversation(), await given.conversation()
    answer = await ines.post("/conversations/bulk", data={"do": "merge:", "id": [str(second), str(first)]})
    assert answer.headers["location"] == f"/conversation/{second}/merge?into={first}"


async def test_a_subject_is_changed_and_undone(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Hoper")
    page = await act(ines, it, "subject", subject=" Hopper\n ")
    assert (await now(given, it)).subject == "Hopper"
    await undone(ines, page)
    assert (await now(given, it)).subject == "Hoper"


async def test_a_conversation_gets_the_customer_it_is_of(given: Given, ines: Browser) -> None:
    other = await given.customer("astrid@mail.test", "Astrid")
    it = await given.conversation()
    before = (await now(given, it)).customer_id
    page = await act(ines, it, "customer", email="Astrid@mail.test")
    assert (await now(given, it)).customer_id == other.id
    await undone(ines, page)
    assert (await now(given, it)).customer_id == before

    await act(ines, it, "customer", email="new@mail.test")
    assert (await now(given, it)).customer_email == "new@mail.test"
    for bad in ("", "nonsense"):
        assert (await ines.post(f"/conversation/{it}/customer", data={"email": bad})).status_code == 400


async def test_fields_are_filled_in_beside_it_and_undone(given: Given, ines: Browser) -> None:
    order, units = await given.field("Order", "singleline"), await given.field("Units", "number")
    it = await given.conversation()
    await act(ines, it, "fields", **{f"field-{order}": "K-1", f"field-{units}": "3"})
    page = await act(ines, it, "fields", **{f"field-{order}": "K-2"})
    assert 'value="K-2"' in page
    assert 'value="3"' in page
    assert 'value="K-1"' in await undone(ines, page)
    refused = await ines.post(f"/conversation/{it}/fields", data={f"field-{units}": "many"})
    assert refused.status_code == 400
    assert "Units" in refused.text


async def test_two_who_fill_in_fields_overwrite_nothing(given: Given, ines: Browser) -> None:
    order, units = await given.field("Order", "singleline"), await given.field("Units", "singleline")
    it = await given.conversation()
    shown = {f"field-{order}": "", f"was-{order}": "", f"field-{units}": "", f"was-{units}": ""}
    await act(ines, it, "fields", **shown | {f"field-{order}": "K-1"})
    page = await act(ines, it, "fields", **shown | {f"field-{units}": "3"})
    assert 'value="K-1"' in page
    assert 'value="3"' in page
    late = await ines.post(f"/conversation/{it}/fields", data=shown | {f"field-{order}": "K-2"})
    assert late.status_code == 409
    await act(ines, it, "fields", **{f"field-{order}": "K-3"})
    back = await ines.post(f"/conversation/{it}/fields", data={f"field-{order}": "", f"was-{order}": "K-1"})
    assert back.status_code == 409
    async with given.read() as view:
        assert {each.value for each in await view.all(one.FIELDS, ids=[it])} == {"K-3", "3"}


async def test_whoever_follows_is_shown_and_may_stop(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    page = await act(ines, it, "follow")
    assert "Follow no longer" in page
    async with given.read(given.owner) as view:
        assert [each.user_id for each in await followers.of_conversation(view, it, given.inbox)] == [given.owner]
    assert "Nobody follows it" in await undone(ines, page)


async def test_what_was_deleted_is_brought_back(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Hopper")
    page = await act(ines, it, "delete")
    assert "was deleted" in page
    assert "The conversation is back" in await undone(ines, page)
    assert (await now(given, it)).subject == "Hopper"


async def test_what_somebody_said_since_one_looked_is_unread(given: Given, ines: Browser, browsing: Browsing) -> None:
    it = await given.conversation(subject="Hopper")

    async def unread(browser: Browser) -> bool:
        return "is-unread" in (await browser.get(f"/inboxes/{given.inbox}", follow_redirects=True)).text

    assert await unread(ines)
    await ines.post(f"/conversation/{it}/here", data={"writing": "no"})
    assert not await unread(ines)
    await given.thread(it, ThreadType.NOTE, "Mine.", user_id=given.owner)
    assert not await unread(ines)
    await given.thread(it, ThreadType.CUSTOMER, "Anybody there?")
    assert await unread(ines)
    await act(ines, it, "seen")
    assert not await unread(ines)
    page = await act(ines, it, "unread")
    assert "is-unread" in page
    await undone(ines, page)
    assert not await unread(ines)

    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    assert await unread(await browsing(ona))


async def test_what_is_old_or_closed_is_not_unread(given: Given, ines: Browser, clock: MovableClock) -> None:
    await given.conversation(subject="Old")
    clock.move(timedelta(days=15))
    await given.conversation(status=Status.CLOSED)
    async with given.read() as view:
        listed = [each.folder.id for each in await folders.of_inbox(view, given.inbox)]
    for each in listed:
        assert "is-unread" not in (await ines.get(f"/inboxes/{given.inbox}/folders/{each}")).text


async def test_what_was_too_long_to_be_kept_for_undo_is_said_to_be(given: Given, ines: Browser) -> None:
    it = await given.conversation(text="A long letter. " * 400)
    async with given.read() as view:
        thread = (await view.all(one.THREADS, conversation_id=it))[0].id
    page = await act(ines, it, f"threads/{thread}/edit", text="Short.")
    assert "The entry was changed. What it was before is too long for Undo." in page
    assert 'aria-keyshortcuts="z"' not in page


async def test_what_is_told_is_left_for_the_page_that_a_browser_shows(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    back = f"/conversation/{it}/1?q=hopper"
    for act_name, keeps in (("delete", True), ("restore", False)):
        done = await ines.post(f"/conversation/{it}/{act_name}", data={"back": back})
        fetched = await ines.get(done.headers["location"], headers={"Desk-Visit": "yes"}, follow_redirects=True)
        again = await ines.get(done.headers["location"], follow_redirects=True)
        assert [fetched.status_code, again.status_code] == [200, 200]
        assert ('class="toast told"' in fetched.text, 'class="toast told"' in again.text) == (True, keeps)
