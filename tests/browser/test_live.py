"""Pages that are open while others work: they show what is so, and stay as they are under the hand."""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from playwright.async_api import Page, expect

from deskhand.conversations.model import Audience, Status, ThreadType
from deskhand.conversations.operations import changing, fields, followers, merging, presence, snoozing, tagging, views
from deskhand.conversations.operations.several import in_turn
from deskhand.conversations.queries import one
from deskhand.conversations.queries.lists import SortField
from deskhand.customers.model import Profile
from deskhand.customers.operations import changing as customers
from deskhand.kernel.errors import DeskError
from tests.browser.conftest import Opening, Seen, Serving, hold, watch
from tests.given import Given

SEED, ACTS = 20261127, 30
SEEN = """() => {
    const text = (selector) => [...document.querySelectorAll(selector)].map((each) => {
        const copy = each.cloneNode(true);
        for (const when of copy.querySelectorAll('.row-when, time, [hidden]')) when.remove();
        for (const one of [copy, ...copy.querySelectorAll('*')])
            for (const name of ['open', 'data-htmx-powered', 'title', 'aria-label', 'aria-current']) one.removeAttribute(name);
        if (!location.pathname.startsWith('/conversation/')) // what was read elsewhere is not told of all rows
            for (const row of copy.querySelectorAll('.row')) row.classList.remove('is-unread');
        for (const nobody of copy.querySelectorAll('.conv-meta > .push:not(:has(*))')) nobody.remove();
        copy.normalize();
        return copy.outerHTML.replace(/>\\s+/g, '>').replace(/\\s+</g, '<').replace(/\\s+/g, ' ');
    });
    // what a view finds is told a moment after a page is there
    const counts = '.nav .count:not([id^=count-view])';
    const places = ['#rows', '#list-total', '#list-foot', counts, '.nav .unread', '#conv-head', '#moments', '#beside'];
    return [...places, '#hits', '#hits-total', '#hits-foot'].map(text);
}"""
KINDS = (
    "assign", "begin", "customer", "delete", "fields", "follow", "merge", "move", "name", "note", "restore", "several",
    "snooze", "status", "subject", "tag", "unmerge", "wake", "whose",
)  # fmt: skip


async def at_conversation(given: Given, opening: Opening, conversation_id: int) -> Page:
    """A page of it beside the inbox's first folder."""
    page = await opening("/")
    folder = re.search(r"folders/(\d+)", page.url)
    assert folder
    async with given.read() as view:
        number = (await one.get(view, conversation_id)).number
    await page.goto(f"/conversation/{conversation_id}/{number}?folder={folder[1]}")
    await listening(page)
    return page


async def listening(page: Page) -> None:
    await expect(page.locator("body[data-at]")).to_be_attached()
    await page.wait_for_timeout(300)


async def test_an_open_page_after_any_acts_is_as_a_fresh_one(given: Given, opening: Opening, served: str, seen: Seen) -> None:
    chance = random.Random(SEED)
    other = await given.new_inbox("Other", workers=(given.owner,))
    await given.field("Colour", "singleline")
    ids = [await given.conversation(subject=f"Number {each}") for each in range(6)]
    pages = [await at_conversation(given, opening, ids[0])]
    async with given.write(given.owner) as tx:
        wanted = views.NewView("Numbers", "number", SortField.CREATED_AT, ascending=True, audience=Audience.EVERYBODY)
        view_id = await views.create(tx, wanted)
    for path in (f"/views/{view_id}", "/search?q=number+status:active"):
        pages.append(await pages[0].context.new_page())
        watch(pages[-1], served, seen)
        await pages[-1].goto(path)
        await listening(pages[-1])
    fresh = await pages[0].context.new_page()

    for number in range(ACTS):
        with suppress(DeskError):  # what cannot be done is not
            await act(given, chance, ids, other, number)
        if number % 10 == 9:
            for page in pages:
                await is_as_fresh(page, fresh, f"after act {number}, seed {SEED}")


async def is_as_fresh(page: Page, fresh: Page, when: str) -> None:
    """Sooner or later; what searches find is told last."""
    for _ in range(12):
        await fresh.goto(page.url)
        wanted, shown = await fresh.evaluate(SEEN), await page.evaluate(SEEN)
        if shown == wanted:
            return
        await page.wait_for_timeout(500)
    for stale, now in zip(shown, wanted, strict=True):
        assert "".join(stale).split("<") == "".join(now).split("<"), f"{page.url} {when}"


async def act(given: Given, chance: random.Random, ids: list[int], other: int, number: int) -> None:
    """Anything that may happen. The first conversation, which is looked at, stays where it is."""
    it, away = chance.choice(ids), chance.choice(ids[1:])
    kind = chance.choice(KINDS)
    if kind == "begin":
        ids.append(await given.conversation(subject=f"Number {number}", inbox=chance.choice([given.inbox, other])))
        return
    if kind in ("customer", "note"):
        customer = await given.customer() if kind == "customer" else None
        by = None if customer else given.owner
        await given.thread(it, ThreadType(kind), f"<b>Word</b> {number}", customer=customer, user_id=by)
        return
    async with given.write(given.owner) as tx:
        whose = await one.get(tx, it)
        several = partial(changing.set_status, tx, status=chance.choice(list(Status)))
        acts: dict[str, Callable[[], Awaitable[object]]] = {
            "status": lambda: changing.set_status(tx, it, chance.choice(list(Status))),
            "assign": lambda: changing.assign(tx, it, to=chance.choice([given.owner, None])),
            "tag": lambda: tagging.change_tags(tx, it, add=[f"tag{number % 4}"], remove=[f"tag{(number + 1) % 4}"]),
            "subject": lambda: changing.set_subject(tx, it, f"Now {number}"),
            "snooze": lambda: snoozing.snooze(tx, it, until=tx.now + timedelta(days=1), wakes_on_reply=True),
            "wake": lambda: snoozing.wake(tx, it),
            "follow": lambda: followers.follow(tx, it),
            "fields": lambda: fields.set_fields(tx, it, [(1, f"Red {number}")]),
            "move": lambda: changing.move(tx, away, chance.choice([given.inbox, other])),
            "delete": lambda: changing.delete(tx, away),
            "restore": lambda: changing.restore(tx, away),
            "merge": lambda: merging.merge(tx, away, into=it),
            "unmerge": lambda: merging.unmerge(tx, away),
            "whose": lambda: changing.set_customer(tx, away, whose.customer_id),
            "name": lambda: customers.overwrite(tx, whose.customer_id, Profile(first_name=f"Name {number}")),
            "several": lambda: in_turn(tx, [(each, partial(several, each)) for each in chance.sample(ids, 3)]),
        }
        await acts[kind]()


async def write(page: Page, text: str) -> None:
    """Something is being written."""
    await page.locator("body").press("r")
    await expect(page.locator(".composer-edit")).to_be_focused()
    await page.keyboard.type(text)


async def test_two_agents_at_one_conversation(given: Given, opening: Opening) -> None:
    it, ona = await given.conversation(subject="Cracked hopper"), await given.user("Ona")
    await given.grant(given.inbox, ona)
    page = await at_conversation(given, opening, it)
    await write(page, "I am in the middle of")
    await page.get_by_role("group", name="Conversation").get_by_label("Snooze", exact=True).click()

    async with given.write(ona) as tx:
        await presence.here(tx, it, writing=True)
    await expect(page.get_by_text("Ona is writing")).to_be_visible()
    await expect(page.locator("#rows .is-here:visible")).to_have_text("OB")
    await given.thread(it, ThreadType.NOTE, "I have called them.", user_id=ona, by=ona)
    async with given.write(ona) as tx:
        await changing.set_status(tx, it, Status.PENDING)
        await presence.leave(tx, it)

    await expect(page.get_by_role("article").last).to_contain_text("I have called them.")
    await expect(page.locator("summary.status")).to_contain_text("Pending")
    await expect(page.get_by_text("Ona is writing")).to_have_count(0)
    await expect(page.locator(".composer-edit")).to_have_text("I am in the middle of")
    await expect(page.locator("#conv-head").get_by_text("Snooze until")).to_be_visible()


async def test_nothing_moves_under_the_pointer(given: Given, opening: Opening) -> None:
    for subject in ("Third", "Second", "First"):
        last = await given.conversation(subject=subject)
    page = await opening("/")
    await listening(page)
    row = page.get_by_role("link", name="Second")
    await row.hover()
    was = await row.bounding_box()

    await given.conversation(subject="Came in")
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, last, Status.CLOSED)
    await expect(page.get_by_role("button", name="1 new")).to_be_visible()
    assert await row.bounding_box() == was
    await expect(page.get_by_role("link", name="Came in")).to_have_count(0)

    await page.get_by_role("button", name="1 new").click()
    await expect(page.get_by_role("link", name="Came in")).to_be_visible()
    await expect(page.get_by_role("link", name="First")).to_have_count(0)


async def test_what_happened_while_the_server_was_away_is_caught_up_with(
    given: Given, opening: Opening, serving: Serving, seen: Seen
) -> None:
    it = await given.conversation(subject="Cracked hopper")
    page = await at_conversation(given, opening, it)
    await serving.stop()
    await expect(page.get_by_text("No connection.")).to_be_visible()
    await given.thread(it, ThreadType.NOTE, "Said meanwhile.", user_id=given.owner)
    await given.conversation(subject="Came meanwhile")
    await serving.start()

    await expect(page.get_by_role("article").last).to_contain_text("Said meanwhile.", timeout=15_000)
    await expect(page.get_by_role("link", name="Came meanwhile")).to_be_visible()
    await expect(page.get_by_text("No connection.")).to_be_hidden()
    seen.wrong = [each for each in seen.wrong if "ERR_CONNECTION" not in each]


async def test_a_conversation_deleted_under_the_hands_says_so_in_place(given: Given, opening: Opening) -> None:
    it = await given.conversation(subject="Cracked hopper")
    page = await at_conversation(given, opening, it)
    await write(page, "I am in the middle of")
    async with given.write(given.owner) as tx:
        await changing.delete(tx, it)
    await expect(page.get_by_role("alert")).to_contain_text("This conversation is not here any more.")
    await expect(page.locator(".composer-edit")).to_have_text("I am in the middle of")


async def test_acts_and_the_way_back_need_no_new_page(given: Given, opening: Opening) -> None:
    for subject in ("Third", "Second", "First"):
        await given.conversation(subject=subject)
    page = await opening("/")
    await page.evaluate("window.sameOne = true")
    await page.get_by_role("link", name="First").click()
    await write(page, "Half a")
    await page.keyboard.press("Escape")
    await page.locator("#timeline").focus()
    await page.keyboard.press("p")
    await expect(page.locator(".told")).to_contain_text("Set to Pending")
    await expect(page.locator(".composer-edit")).to_have_text("Half a")
    await page.keyboard.press("j")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Second")
    await expect(page.locator(".composer-edit")).to_have_count(0)
    await page.go_back()
    await expect(page.get_by_role("heading", level=1)).to_have_text("First")
    await page.reload()
    await expect(page.get_by_role("heading", level=1)).to_have_text("First")


async def test_keys_wait_for_the_conversation_that_is_on_its_way(given: Given, opening: Opening) -> None:
    for subject in ("Third", "Second", "First"):
        await given.conversation(subject=subject)
    page = await opening("/")
    may_go = await hold(page, re.compile(r"/conversation/\d+/\d+\?"))
    await page.get_by_role("link", name="First").click()
    for key in "jr":
        await page.keyboard.press(key)
    await page.keyboard.type("Just a moment, ")
    await expect(page.locator("#conversation")).to_have_count(0)
    may_go.set()

    await expect(page.get_by_role("heading", level=1)).to_have_text("Second")
    await expect(page.locator(".composer-edit")).to_be_focused()
    await page.keyboard.type("please.")
    await expect(page.locator(".composer-edit")).to_have_text("Just a moment, please.")


async def test_the_next_conversation_has_been_fetched_before_it_is_asked_for(given: Given, opening: Opening) -> None:
    ids = [await given.conversation(subject=f"Number {each}", text="A word. " * 200) for each in range(4)]
    page = await at_conversation(given, opening, ids[-1])
    third = re.compile(rf"/conversation/{ids[1]}/\d+\?")
    async with page.expect_response(third):
        await page.locator("body").press("j")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Number 2")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    await page.locator("body").press("j")
    await expect(page.get_by_role("heading", level=1)).to_have_text("Number 1")
    assert not [url for url in asked if third.search(url)]
