"""Saved views: called otherwise, changed, shared and put in order on their pages; without scripts."""

from __future__ import annotations

import re
from html import unescape

import pytest

from deskhand.app import App
from deskhand.conversations.model import Audience
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import views as queries
from deskhand.conversations.queries.lists import SortField
from deskhand.conversations.queries.views import SavedView
from deskhand.ui.live import hub
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to, told_next_to, undone, version_in
from tests.ui.test_live import opened


async def save(given: Given, user_id: int, *names: str) -> list[int]:
    async with given.write(user_id) as tx:
        return [await views.create(tx, NewView(each, "subject:hopper")) for each in names]


async def listed(given: Given, user_id: int) -> list[SavedView]:
    async with given.read(user_id) as view:
        return (await queries.page(view, 1, 50))[0]


async def test_a_view_is_changed_and_shared_with_a_team(given: Given, ines: Browser) -> None:
    team = await given.team("Returns", [given.owner])
    (view_id,) = await save(given, given.owner, "Hoppers")
    page = (await ines.get(f"/views/{view_id}/change")).text
    sent = {"version": version_in(page), "name": "Late hoppers", "query": "hopper late", "sort": "waiting"}
    saved = await ines.post(f"/views/{view_id}/change", data=sent | {"audience": "team", "teamId": str(team)})
    assert leads_to(saved) == f"/views/{view_id}"
    (it,) = await listed(given, given.owner)
    assert (it.name, it.query, it.sort_field, it.ascending) == ("Late hoppers", "hopper late", SortField.WAITING_SINCE, True)
    assert (it.audience, it.team_id) == (Audience.TEAM, team)
    assert "Returns" in (await ines.get("/views")).text

    assert (await ines.post(f"/views/{view_id}/change", data=sent)).status_code == 409  # it was changed meanwhile
    await undone(ines, (await ines.get(saved.headers["location"])).text)
    (it,) = await listed(given, given.owner)
    assert (it.name, it.audience, it.team_id) == ("Hoppers", Audience.PRIVATE, None)


async def test_what_is_wrong_with_a_view_is_told_at_its_field(given: Given, ines: Browser) -> None:
    (view_id,) = await save(given, given.owner, "Hoppers")
    found = await ines.post(f"/views/{view_id}/change", data={"name": " ", "query": 'subject:"late', "audience": "everybody"})
    assert found.status_code == 400
    assert told_next_to(found.text, "name")
    assert told_next_to(found.text, "query")
    assert 'subject:"late' in unescape(found.text)


async def test_views_are_put_in_an_order_of_ones_own(given: Given, ines: Browser, browsing: Browsing) -> None:
    one, two, three = await save(given, given.owner, "One", "Two", "Three")
    page = await ines.post("/views/order", data={"view": str(three), "step": "up"}, follow_redirects=True)
    assert [each.id for each in await listed(given, given.owner)] == [one, three, two]
    assert [int(each) for each in re.findall(r'href="/views/(\d+)"><strong', page.text.replace("&#x2f;", "/"))] == [
        one,
        three,
        two,
    ]
    await undone(ines, page.text)
    assert [each.id for each in await listed(given, given.owner)] == [one, two, three]
    assert (await ines.post("/views/order", data={"view": "99", "step": "up"})).status_code == 400


async def test_a_search_is_saved_with_its_order(given: Given, ines: Browser) -> None:
    assert 'name="order" value="oldest"' in (await ines.get("/search?q=hopper&sort=oldest")).text
    await ines.post("/views", data={"name": "Hoppers", "q": "hopper", "order": "oldest"})
    (it,) = await listed(given, given.owner)
    assert (it.sort_field, it.ascending) == (SortField.CREATED_AT, True)


async def test_numbers_beside_views_and_lists_of_all_inboxes_are_told(
    app: App, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SEARCH_SECONDS", 0.1)
    other = await given.new_inbox("Wholesale")
    (view_id,) = await save(given, given.owner, "Hoppers")
    await given.conversation(subject="Hopper")
    page = await opened(app, given, given.owner, given.inbox)
    await page.until_told(rf'"count-view-{view_id}":"1"')
    await given.conversation(subject="Hopper", inbox=other)
    await page.until_told(rf'"count-view-{view_id}":"2"')
    await page.until_told(r'"count-all-unassigned":"2"')
    await page.leave()


async def test_a_list_of_all_inboxes_is_told_what_enters_it(app: App, given: Given) -> None:
    other = await given.new_inbox("Wholesale")
    page = await opened(app, given, given.owner, given.inbox, folder=0, all="unassigned")
    it = await given.conversation(subject="Hopper", inbox=other)
    await page.until_told(rf'"orders":\{{"rows":\["row-{it}"\]')
    await page.leave()
