"""What open pages are told: everything that changes in what they show, once rendered; and nothing to whom it is not for."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest
from sqlalchemy import update

from deskhand.app import App
from deskhand.conversations.model import Audience, Status, ThreadType
from deskhand.conversations.operations import changing, followers, merging, presence, views
from deskhand.conversations.queries import folders
from deskhand.conversations.queries.lists import SortField
from deskhand.conversations.tables import conversations
from deskhand.customers.model import Profile
from deskhand.customers.operations import changing as customers
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import Role
from deskhand.kernel.storage.statements import param, write
from deskhand.ui.live import hub, reader, unread
from deskhand.ui.live.hub import live_of
from deskhand.ui.live.watching import Pieces, Watch
from deskhand.users import operations as users
from tests.given import Given
from tests.ui.conftest import Browsing

SECRET = "Zinnoberrot"
PREVIEW = write(update(conversations).where(conversations.c.id == param("it")).values(preview=param("preview")))


class Open:
    """A page that is open: who looks, and what it was told."""

    def __init__(self, app: App, session: str, address: str, **headers: str) -> None:
        self.status = 0
        self.text = ""
        self.ended = False
        self.slow = asyncio.Event()
        self.slow.set()
        self._leave = asyncio.Event()
        path, _, query = address.partition("?")
        pairs = [(b"host", b"desk.test"), (b"cookie", f"__Host-deskhand_session={session}".encode())]
        pairs += [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
            "headers": pairs, "scheme": "https", "server": ("desk.test", 443), "client": ("127.0.0.1", 1),
            "http_version": "1.1", "root_path": "",
        }  # fmt: skip
        self.task = asyncio.create_task(app.door(scope, self._receive, self._send))  # type: ignore[arg-type]

    async def _receive(self) -> Any:
        await self._leave.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        await self.slow.wait()
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode(errors="replace")
        self.ended = message["type"] == "http.response.body" and not message.get("more_body")

    async def until(self, wanted: str) -> None:
        async with asyncio.timeout(10):
            while wanted not in self.text:
                await asyncio.sleep(0.02)

    async def until_told(self, wanted: str) -> None:
        async with asyncio.timeout(10):
            while not re.search(wanted, self.text):
                await asyncio.sleep(0.02)

    def counted(self, name: str, text: str) -> list[str]:
        """The counts of that name with that text, last told."""
        return [id_ for id_, said in self.told("counts")[-1].items() if id_.startswith(f"{name}-") and said == text]

    async def until_ended(self) -> None:
        async with asyncio.timeout(10):
            while not self.ended:
                await asyncio.sleep(0.02)

    async def leave(self) -> None:
        self._leave.set()
        async with asyncio.timeout(10):
            await self.task

    def told(self, event: str) -> list[Any]:
        return [json.loads(each) for each in re.findall(rf"event: {event}\ndata: (.*)\n", self.text)]

    @property
    def place(self) -> str:
        return str(re.findall(r"^id: (\d+)$", self.text, re.MULTILINE)[-1])


async def session(given: Given, user_id: int) -> str:
    async with given.write() as tx:
        return await users.sign_in(tx, user_id, "192.0.2.7")


async def place(given: Given, user_id: int, inbox_id: int, **more: object) -> str:
    """Where the page of the inbox's first folder is told what changes."""
    async with given.read(user_id) as view:
        first = (await folders.of_inbox(view, inbox_id))[0].folder.id
    now = await live_of(given.desk).now()
    return f"/live/{inbox_id}?folder={first}&after={now}" + "".join(f"&{name}={value}" for name, value in more.items())


async def opened(app: App, given: Given, user_id: int, inbox_id: int, **more: object) -> Open:
    page = Open(app, await session(given, user_id), await place(given, user_id, inbox_id, **more))
    await page.until("event: at")
    return page


async def test_a_list_is_told_what_enters_changes_and_leaves_and_the_counts(app: App, given: Given) -> None:
    first = await given.conversation(subject="First")
    page = await opened(app, given, given.owner, given.inbox)

    second = await given.conversation(subject="Second")
    await page.until("Second")
    (told,) = page.told("change")
    assert told["orders"] == {"rows": [f"row-{second}", f"row-{first}"]}
    assert f"row-{first}" not in told["parts"]
    assert max(page.told("counts")[-1].values()) == "2"

    async with given.write(given.owner) as tx:
        await changing.set_status(tx, second, Status.CLOSED)
    await page.until(f'"rows":["row-{first}"]')
    await page.leave()


async def test_a_conversation_is_told_what_is_said_done_and_who_is_there(app: App, given: Given) -> None:
    it, ona = await given.conversation(), await given.user("Ona")
    await given.grant(given.inbox, ona)
    page = await opened(app, given, given.owner, given.inbox, conversation=it)

    await given.thread(it, ThreadType.NOTE, "Only for us.", user_id=ona)
    await page.until("Only for us.")
    async with given.write(ona) as tx:
        await presence.here(tx, it, writing=True)
    await page.until("Ona is writing")
    async with given.write(ona) as tx:
        await changing.set_status(tx, it, Status.PENDING)
    await page.until("set the status to Pending")
    assert "status status-pending" in page.told("change")[-1]["parts"]["conv-head"]
    await page.leave()


@pytest.mark.parametrize("becomes", ["deleted", "merged"])
async def test_a_conversation_that_is_gone_is_told_as_gone(app: App, given: Given, becomes: str) -> None:
    it, other = await given.conversation(), await given.conversation()
    page = await opened(app, given, given.owner, given.inbox, conversation=it)

    async with given.write(given.owner) as tx:
        await (changing.delete(tx, it) if becomes == "deleted" else merging.merge(tx, it, into=other))

    await page.until("is not here any more" if becomes == "deleted" else "lives in #")
    await page.leave()


async def test_a_view_and_a_search_are_told_what_enters_and_leaves(
    app: App, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "SEARCH_SECONDS", 0.1)
    first, who = await given.conversation(subject="A cracked hopper"), await session(given, given.owner)
    async with given.write(given.owner) as tx:
        new = views.NewView("Hoppers", "hopper status:active", SortField.CREATED_AT, ascending=False, audience=Audience.PRIVATE)
        view_id = await views.create(tx, new)
    now = await live_of(given.desk).now()
    addresses = (f"view={view_id}", "q=hopper+status:active", "q=hopper+status:active&hits=yes")
    pages = [Open(app, who, f"/live/{given.inbox}?{each}&after={now}") for each in addresses]
    for each in pages:
        await each.until("event: at")

    second = await given.conversation(subject="Another hopper")
    await given.conversation(subject="A grinder")
    for each in pages:
        await each.until("Another ")
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, second, Status.CLOSED)
    for each in pages:
        name = "hits" if each is pages[2] else "rows"
        row = rf"(?:row-{first}|hit-{first}-0)"
        await each.until_told(rf'"{name}":\["{row}"\]')
        assert "A grinder" not in each.text
        await each.leave()


async def test_searches_are_asked_seldom_however_much_happens(app: App, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    once = hub.Live._made

    async def counted(self: hub.Live, watch: Watch) -> Pieces:
        made.append(watch.want.key)
        return await once(self, watch)

    monkeypatch.setattr(hub.Live, "_made", counted)
    monkeypatch.setattr(hub, "SEARCH_SECONDS", 60.0)
    who, now = await session(given, given.owner), await live_of(given.desk).now()
    pages = [Open(app, who, f"/live/{given.inbox}?q={each}&after={now}") for each in ("hopper", "hopper", "grinder")]
    for each in pages:
        await each.until("event: at")
    assert made == []
    for number in range(8):
        await given.conversation(subject=f"hopper {number}")
        await asyncio.sleep(0.1)
    for each in pages[:2]:
        await each.until("hopper 0")
    await asyncio.sleep(0.2)
    assert len(made) == 2
    for each in pages:
        await each.leave()


async def test_what_stands_beside_a_conversation_is_told(app: App, given: Given) -> None:
    pavel, ona = await given.customer("pavel@mail.test"), await given.user("Ona")
    await given.grant(given.inbox, ona)
    it = await given.conversation(customer=pavel)
    page = await opened(app, given, given.owner, given.inbox, conversation=it)
    await given.conversation(subject="Theirs too", customer=pavel)
    await page.until_told('"beside":[^\n]*Theirs too')
    async with given.write(given.owner) as tx:
        await customers.overwrite(tx, pavel.id, Profile(first_name="Pavel", job_title="Roaster"))
    await page.until_told('"beside":[^\n]*Roaster')
    async with given.write(ona) as tx:
        await followers.follow(tx, it)
    await page.until_told('"beside":[^\n]*Ona Bell')
    await page.leave()


async def test_counts_of_other_inboxes_and_of_what_is_unread_are_told(
    app: App, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unread, "SECONDS", 0.0)
    other = await given.new_inbox("Other", workers=(given.owner,))
    it = await given.conversation()
    page = await opened(app, given, given.owner, given.inbox)
    (mine,) = page.counted("unread", "1")
    await given.conversation(subject="Elsewhere", inbox=other)
    await page.until(f'"count-inbox-{other}":"1"')
    second = await given.conversation()
    await page.until(f'"{mine}":"2"')
    await given.thread(it, ThreadType.NOTE, "Mine.", user_id=given.owner)
    await page.until(f'"{mine}":"1"')
    async with given.write(given.owner) as tx:
        await presence.here(tx, second, writing=False)
    await page.until(f'"{mine}":""')
    assert list(page.told("read")[-1]) == [str(second)]
    await page.leave()


async def test_nothing_is_missed_between_the_page_and_its_stream_or_while_away(app: App, given: Given) -> None:
    it, who = await given.conversation(subject="First"), await session(given, given.owner)
    address = await place(given, given.owner, given.inbox, conversation=it)
    await given.conversation(subject="Before it listened")

    page = Open(app, who, address)
    await page.until("Before it listened")
    await page.until("event: at")
    await page.leave()
    await given.conversation(subject="While it was away")
    await given.thread(it, ThreadType.NOTE, "Said meanwhile.", user_id=given.owner)

    again = Open(app, who, address, last_event_id=page.place)
    await again.until("While it was away")
    await again.until("Said meanwhile.")
    await again.leave()


async def test_who_has_missed_nothing_is_told_nothing(app: App, given: Given) -> None:
    await given.conversation(subject="First")
    page = await opened(app, given, given.owner, given.inbox)
    other = await given.new_inbox("Other")
    await given.conversation(subject="Elsewhere", inbox=other)
    await asyncio.sleep(0.3)
    assert page.told("change") == []
    await page.leave()


async def test_what_is_in_an_inbox_is_told_to_nobody_else(app: App, given: Given) -> None:
    other, outsider = await given.new_inbox("Other"), await given.user("Out")
    await given.grant(other, outsider)
    hidden = await given.conversation(subject="First")
    who = await session(given, outsider)

    refused = Open(app, who, await place(given, given.owner, given.inbox))
    await refused.until_ended()
    assert refused.status == 404
    stranger = Open(app, "", await place(given, given.owner, given.inbox))
    await stranger.until_ended()
    assert stranger.status == 303

    page = await opened(app, given, outsider, other, conversation=hidden)
    await given.conversation(subject=SECRET)
    await given.thread(hidden, ThreadType.NOTE, SECRET, user_id=given.owner)
    await given.conversation(subject="Theirs", inbox=other)
    await page.until("Theirs")
    assert SECRET not in page.text
    assert {text for each in page.told("counts") for text in each.values()} == {"", "0", "1"}
    await page.leave()


@pytest.mark.parametrize("ends", ["rights", "session", "user"])
async def test_who_may_not_look_any_more_is_told_nothing_more(app: App, given: Given, ends: str) -> None:
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)
    token = await session(given, ona)
    page = Open(app, token, await place(given, ona, given.inbox))
    await page.until("event: at")

    async with given.write() as tx:
        if ends == "rights":
            await inboxes.revoke(tx, given.inbox, ona)
        elif ends == "session":
            await users.sign_out(tx, token)
        else:
            await users.remove(tx, ona)
    await given.conversation(subject=SECRET)

    await page.until_ended()
    assert SECRET not in page.text
    assert "event: ended" in page.text


async def test_a_page_that_does_not_keep_up_is_told_to_load_anew(
    app: App, given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "MOST_BYTES", 4000)
    page = await opened(app, given, given.owner, given.inbox)
    page.slow.clear()
    for number in range(8):
        await given.conversation(subject=f"Number {number}")
        await asyncio.sleep(0.1)
    page.slow.set()
    await page.until("event: reload")
    await page.leave()


async def test_streams_end_with_the_server(app: App, given: Given) -> None:
    page = await opened(app, given, given.owner, given.inbox)
    app.desk.closing = True
    await page.until_ended()


async def test_what_everybody_sees_is_rendered_once(app: App, given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    ona = await given.user("Ona", role=Role.ADMINISTRATOR)
    pages = [await opened(app, given, each, given.inbox) for each in (given.owner, ona, given.owner, ona)]
    live, made = live_of(app.desk), []
    once = live._made

    async def counted(watch: Watch) -> Pieces:
        made.append(watch.want.key)
        return await once(watch)

    monkeypatch.setattr(live, "_made", counted)

    await given.conversation(subject="For all")

    for page in pages:
        await page.until("For all")
        await page.leave()
    assert len(made) == 1


async def test_presence_is_said_by_pages(given: Given, browsing: Browsing) -> None:
    it, browser = await given.conversation(), await browsing(given.owner)
    await browser.post(f"/conversation/{it}/here", data={"writing": "yes"})
    page = (await browser.get(f"/conversation/{it}", follow_redirects=True)).text
    assert "Ines is writing" in page
    await browser.post(f"/conversation/{it}/leave")
    assert "Ines is" not in (await browser.get(f"/conversation/{it}", follow_redirects=True)).text
