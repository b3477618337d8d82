"""What an entry of a conversation shows of itself."""

from __future__ import annotations

from html import unescape

import httpx
import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import attachments, changing
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.core import settle_and_tell
from deskhand.conversations.queries import one
from deskhand.kernel.permissions import workflow_actor
from tests.given import Given
from tests.ui.conftest import Browser, Browsing


@pytest.mark.parametrize(
    ("mime_type", "size", "width", "is_shown"),
    [
        ("image/png", 5, 1, True),
        ("image/webp", 5, 0, True),
        ("image/svg+xml", 5, 1, False),
        ("text/html", 5, 1, False),
        ("image/jpeg", 6 * 1024 * 1024, 1, False),
        ("image/gif", 5, 60_000, False),
    ],
)
async def test_a_file_is_shown_if_it_is_a_picture_and_not_too_large(
    given: Given, ines: Browser, mime_type: str, size: int, width: int, is_shown: bool
) -> None:
    it = await given.conversation()
    blob = await given.desk.blobs.put(b"photo")
    async with given.write() as tx:
        thread_id = (await tx.all(one.THREADS, conversation_id=it))[0].id
        await attachments.attach(tx, it, thread_id, NewFile("photo.png", mime_type, size, width, width, blob))

    page = unescape((await ines.get(f"/conversation/{it}/1")).text)
    assert "/photo.png" in page
    assert ('/photo.png" alt="" loading="lazy"' in page) is is_shown


async def test_each_entry_says_how_it_came(given: Given, ines: Browser, client: httpx.AsyncClient) -> None:
    it = await given.conversation()
    await ines.post(f"/conversation/{it}/answer", data={"kind": "note", "text": "Typed here."})
    await client.post(f"/v2/conversations/{it}/notes", json={"text": "Sent by a program."})
    async with given.write() as tx:
        await tx.act_as(workflow_actor(1))
        await settle_and_tell(tx, await one.locked(tx, it), "automatic-workflow", "ran the Triage workflow")
        await changing.set_status(tx, it, Status.CLOSED)

    page = (await ines.get(f"/conversation/{it}/1")).text
    assert page.count("through the API") == 1
    assert page.index("Typed here.") < page.index("through the API") < page.index("Sent by a program.")
    assert "Deskhand ran the Triage workflow" in page
    assert "The workflow Triage set the status to Closed" in page


async def test_whoever_wants_it_reads_the_newest_first(given: Given, ines: Browser, browsing: Browsing) -> None:
    it = await given.conversation(text="Said first.")
    await given.thread(it, ThreadType.MESSAGE, "Said last.")
    ona = await given.user("Ona")
    await given.grant(given.inbox, ona)

    async def is_on_top(browser: Browser) -> bool:
        page = (await browser.get(f"/conversation/{it}/1")).text
        moments = page[page.index('id="moments"') :]
        return moments.index("Said last.") < moments.index("Said first.")

    for newest, on_top in (("top", True), ("bottom", False)):
        await ines.post("/me/theme", data={"theme": "system", "newest": newest})
        assert await is_on_top(ines) is on_top
        assert await is_on_top(await browsing(ona)) is False
