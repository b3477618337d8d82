"""Mail that waits, mail that goes out, and webhooks: what stands there, and what one can do."""

from __future__ import annotations

import re

from deskhand.conversations.model import ThreadType
from deskhand.mail.model import Door, Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.operations import taking
from deskhand.mail.queries import held, queue
from deskhand.webhooks import queries as webhooks
from deskhand.webhooks.model import HookState
from tests.given import Given
from tests.ui.conftest import Browser
from tests.ui.reading import leads_to, undone

HOSTILE = "<script>alert(1)</script>"
HOOK = {"url": "https://receiver.test/hook", "events": ["convo.created"], "secret": "tr0ut-lake-88", "label": "Sync"}
LETTER = f"From: pavel@mail.test\r\nTo: help@desk.test\r\nSubject: {HOSTILE}\r\n\r\nHello.\r\n".encode()


async def hold(given: Given) -> int:
    """A message that waits for a person."""
    blob = await given.desk.blobs.put(LETTER)
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options())
        about = {"door": Door.SMTP, "blob": blob, "size_bytes": len(LETTER), "envelope_from": "pavel@mail.test"}
        return await taking.take(tx, inbox_id=given.inbox, reason="its From is not one address", **about)  # type: ignore[arg-type]


async def test_held_mail_says_why_and_is_looked_at_again_or_let_go(given: Given, ines: Browser) -> None:
    first, second = await hold(given), await hold(given)
    listed = (await ines.get("/mail/held")).text
    assert "its From is not one address" in listed
    page = (await ines.get(f"/mail/held/{first}")).text
    assert HOSTILE not in page
    assert "pavel@mail.test" in page

    assert (await ines.post(f"/mail/held/{first}/retry", data={"asIs": "yes"})).status_code == 303
    dropped = await ines.post(f"/mail/held/{second}/drop", follow_redirects=True)
    async with given.read() as view:
        assert await held.page(view) == []
    await undone(ines, dropped.text)
    async with given.read() as view:
        assert [(each.id, each.reason) for each in await held.page(view)] == [(second, "its From is not one address")]
    assert (await ines.post(f"/mail/held/{second}/restore")).status_code == 404
    assert (await ines.post(f"/mail/held/{second}/drop")).status_code == 303
    assert (await ines.post(f"/mail/held/{second}/drop")).status_code == 404


async def test_a_message_comes_as_a_file_that_does_nothing(given: Given, ines: Browser) -> None:
    received = await hold(given)
    found = await ines.get(f"/mail/held/{received}/original")
    assert found.content == LETTER
    assert found.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in found.headers["content-security-policy"]


async def test_mail_going_out_is_cancelled_or_tried_now(given: Given, ines: Browser) -> None:
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options())
    it = await given.conversation()
    await given.thread(it, ThreadType.MESSAGE, "Hello.", user_id=given.owner)
    async with given.read() as view:
        (waiting,) = await queue.page(view, "open", 10)
    assert waiting.address in (await ines.get("/mail/queue")).text
    assert (await ines.post(f"/mail/queue/{waiting.outgoing_id}/cancel")).status_code == 303
    assert "Nothing waits" in (await ines.get("/mail/queue")).text


async def test_a_webhook_is_made_changed_switched_and_deleted(given: Given, ines: Browser) -> None:
    wrong = await ines.post("/settings/webhooks/new", data=HOOK | {"url": "ftp://x", "events": []})
    assert wrong.status_code == 400
    assert "field-error" in wrong.text

    made = await ines.post("/settings/webhooks/new", data=HOOK)
    to = leads_to(made)
    hook_id = int(to.rpartition("/")[2])
    assert "Sync" in (await ines.get("/settings/webhooks")).text
    page = (await ines.get(f"/settings/webhooks/{hook_id}")).text
    assert "tr0ut-lake-88" not in page
    version = re.search(r'name="version" value="(\w+)"', page)
    assert version
    changed = HOOK | {"secret": "", "label": "Other", "version": version[1]}
    assert (await ines.post(f"/settings/webhooks/{hook_id}", data=changed)).status_code == 303
    assert (await ines.post(f"/settings/webhooks/{hook_id}", data=changed)).status_code == 409

    await ines.post(f"/settings/webhooks/{hook_id}/disable")
    async with given.read(given.owner) as view:
        assert (await webhooks.get(view, hook_id)).state is HookState.DISABLED
    await ines.post(f"/settings/webhooks/{hook_id}/enable")
    async with given.read(given.owner) as view:
        it = await webhooks.get(view, hook_id)
    assert (it.state, it.label) == (HookState.ENABLED, "Other")
    assert given.desk.seal.open(it.secret, f"webhooks:{hook_id}:secret") == "tr0ut-lake-88"
    await ines.post(f"/settings/webhooks/{hook_id}/delete")
    assert (await ines.get(to)).status_code == 404


async def test_the_ledger_shows_what_a_webhook_was_told(given: Given, ines: Browser) -> None:
    to = leads_to(await ines.post("/settings/webhooks/new", data=HOOK))
    await given.conversation(subject=HOSTILE)
    page = (await ines.get(to)).text
    (told,) = set(re.findall(r"/webhooks/deliveries/\d+", page.replace("&#x2f;", "/")))
    delivery = await ines.get(told)
    assert "It was not tried yet" in delivery.text
    assert HOSTILE not in delivery.text
    assert (await ines.post(f"{told}/replay")).status_code == 303
    assert (await ines.post(f"{to}/replay")).status_code == 303
    assert "Nothing was told yet" in (await ines.get(f"{to}?state=discarded")).text


async def test_a_webhook_is_tried_with_the_newest_conversation(given: Given, ines: Browser) -> None:
    to = leads_to(await ines.post("/settings/webhooks/new", data=HOOK))
    nothing = await ines.post(f"{to}/test")
    assert nothing.status_code == 409
    assert "There is no conversation yet" in nothing.text
    await given.conversation()
    tried = await ines.post(f"{to}/test", follow_redirects=True)
    assert "It is told of conversation #1" in tried.text
    assert tried.text.count("/webhooks/deliveries/") == 2  # that it began, and the try
