"""Who may see and do what: every page there is × nobody, an agent without the inbox, an agent, an administrator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskhand.conversations.model import Audience, ThreadType, Writing
from deskhand.conversations.operations import views, writings
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import folders, one
from deskhand.conversations.queries.writings import Place
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.http.routes import handlers
from deskhand.kernel.permissions import Role
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import Door, Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.operations import taking
from deskhand.oauth import operations as oauth
from deskhand.oauth import queries as oauth_queries
from deskhand.tags import operations as tags
from deskhand.ui import routes
from deskhand.webhooks import queries as webhooks
from deskhand.webhooks.model import EventName, PayloadVersion
from deskhand.webhooks.operations import hooks
from deskhand.webhooks.operations.hooks import NewWebhook
from deskhand.workflows.operations import defining
from deskhand.workflows.queries import definitions as workflows
from tests.conftest import DATABASES, empty
from tests.given import ORIGIN, Given
from tests.ui.conftest import Browsing
from tests.workflows.making import Workflows

OPEN = {
    f"{method} {path}"
    for method in ("GET", "POST")
    for path in ("/signin", "/signout", "/forgot", "/invitation/{token}", "/reset/{token}", "/setup/{token}")
}  # to whoever comes
ANYBODYS = {
    "GET /",
    "GET /keys",
    "GET /menu",
    "GET /palette",
    "POST /conversations/bulk",
    "POST /conversations/bulk/undo",
    "GET /search",
    "GET /search/complete",
    "GET /search/help",
    "GET /settings",
    "GET /settings/saved-replies",
    "GET /views",
    "POST /views",
    "POST /views/order",
    "GET /conversation/new",
}
ANYBODYS_PLACES = (" /all/", " /customers", " /me", " /notifications", " /organizations", " /reports")
"""To whoever has signed in, by name and by how they begin; what they show is another matter."""
MANAGERS_PLACES = (" /all/deleted", " /customers/{customerId}/erase", " /mail/", " /settings/", " /start", " /webhooks/")
NAME = "<script>alert(1)</script>"
STREAMS = {"GET /live/{inboxId}"}  # end when the page is closed, not by themselves: test_live has who may
FORMS = {
    "snooze": {"until": "2090-01-01T09:00"},
    "move": {"inbox": "1"},
    "status": {"status": "pending"},
    "assignee": {"assignee": ""},
    "tags": {"add": "vip"},
    "answer": {"text": "Hello"},
    "begin": {"text": "Hello", "to": "a@x.test", "subject": "Hello"},
    "writing": {"kind": "note", "html": "Hello"},
    "customer": {"email": "a@x.test"},
    "edit": {"text": "Hello"},
    "schedule": {"at": "2090-01-01T09:00"},
    "views": {"name": "Hoppers", "q": "hopper"},
    "draft": {"inbox": "1"},
    "new": {"inbox": "1"},
    "revert": {"to": "1"},
}
UNFIT = ("/read", "/restore", "/schedule", "/send", "/unmerge", "/unschedule")  # what may not go with this one
BEGUN = ("/writing/files", "/writing/files/{fileId}", "/writing/detach", "/writing/drop")  # of somebody who is writing
FORMLESS = 400  # what an act says to somebody who may, but sent nothing that it could do
REMOVES = (
    "/delete",
    "/remove",
    "/merge",
    "/disconnect",
    "/end",
    "/drop",
    "/retry",
    "/cancel",
    "/restore",
)  # what is gone is not found by who comes next
MAY_NOT = {
    "POST /conversation/{conversationId}/delete",
    "GET /conversation/{conversationId}/deleted",
    "POST /conversation/{conversationId}/restore",
    *(f"{each} /conversation/{{conversationId}}/threads/{{threadId}}/edit" for each in ("GET", "POST")),
    "POST /conversation/{conversationId}/threads/{threadId}/hide",
    "GET /views/{viewId}/change",
    "POST /views/{viewId}/change",
    "POST /views/{viewId}/delete",
}  # an agent without that right, or whose view it is not


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    yield from empty(request, tmp_path)


async def test_every_page_is_closed_to_whom_it_is_not_for(given: Given, browsing: Browsing) -> None:
    outsider, agent, admin = await given.user("Out"), await given.user("In"), await given.user("Ada", role=Role.ADMINISTRATOR)
    await given.grant(given.inbox, agent)
    await given.grant(await given.new_inbox("Other"), outsider)
    team = await given.team("Returns", [agent])
    browsers = [await browsing(each) for each in (None, outsider, agent, admin)]
    async with given.write() as tx:
        await mail.want(tx, given.inbox, Options())
    bad: dict[tuple[str, str], tuple[int, str]] = {}
    ids: dict[str, int] = {}
    gone = True
    users_by_name = {"agent": agent, "admin": admin}
    walked = 0
    for path, handler in handlers(routes.ROUTERS):
        name = f"{handler.endpoint.method} {path}"
        if name in OPEN or name in STREAMS:
            continue
        removes = name.endswith(REMOVES) and "/{conversationId}/" not in path  # of those there are new ones each time
        if gone or removes or handler.endpoint.method == "POST":
            ids |= await things(given, team, all_of_them=gone or removes)
        gone = removes
        for browser, who in zip(browsers, ("nobody", "outsider", "agent", "admin"), strict=True):
            conversation_id, user_id, file_id = ids["conversationId"], users_by_name.get(who), 1
            if user_id and path.endswith(BEGUN):
                file_id = ids["fileId"] = await _begun(given, user_id, path, conversation_id)
            address = path
            for key, value in ids.items():
                address = address.replace("{" + key + "}", str(value))
            assert "{" not in address, f"the test does not know what stands in {path}"
            form = FORMS.get(address.rpartition("/")[2], {})
            if path.endswith(("/send-now", "/unsend")):
                said = await given.thread(conversation_id, ThreadType.MESSAGE, by=users_by_name.get(who) or given.owner)
                form = {"thread": str(said)}
            form = {"workflow": str(ids["manualId"])} if path.endswith("}/workflows") else form
            form = form | {"file": str(file_id)} if path.endswith("/detach") else form
            files = {"file": ("a.txt", b"a")} if path.endswith("/files") else None
            answer = await browser.request(handler.endpoint.method, address, data=form or None, files=files)
            to = answer.headers.get("location", "")
            if not _is_right(name, who, answer.status_code, to):
                bad[name, who] = answer.status_code, to
            walked += 1
    assert bad == {}
    assert walked >= 4 * 60


def _is_right(name: str, who: str, status: int, to: str) -> bool:
    if who == "nobody":
        return status == 303 and to.startswith("/signin")
    is_own = name in ANYBODYS or any(each in name for each in ANYBODYS_PLACES)
    manages = any(each in name for each in MANAGERS_PLACES) and "saved-replies" not in name
    if who != "admin" and (manages or (who == "agent" and name in MAY_NOT)):
        return status == 403
    if who == "outsider" and not is_own:
        return status == 404
    fine = {200, 303} | ({FORMLESS, 409} if is_own or manages or "saved-replies" in name else set())
    return status in fine or (status == 404 and name.endswith(REMOVES)) or (status in {404, 409} and name.endswith(UNFIT))


async def things(given: Given, readers: int, *, all_of_them: bool) -> dict[str, int]:
    """One of everything that stands in an address; new ones where a route may have removed them, always a conversation."""
    conversation_id = await given.conversation()
    async with given.read() as view:
        thread_id, number = await _thread_and_number(view, conversation_id)
    ids = {"fileId": 1, "notificationId": 1, "conversationId": conversation_id, "threadId": thread_id, "number": number}
    if not all_of_them:
        return ids
    field_id = await given.field("Order", "singleline")
    user_id, team_id = await given.user("Una"), await given.team("Night", [])
    async with given.write(given.owner) as tx:
        (tag_id,) = await tags.ensure(tx, [f"tag {conversation_id}"], "tags")
        reply_id = await inboxes.create_saved_reply(tx, given.inbox, "Hours", text="At nine.", chat_text=None)
        view_id = await views.create(tx, NewView("Hoppers", "hopper", audience=Audience.TEAM, team_id=readers))
        client_id, _ = await oauth.register(tx, "Sync", given.owner)
    async with given.read() as view:
        folder_id = (await folders.of_inbox(view, given.inbox))[0].folder.id
        application = await oauth_queries.application(view, client_id)
    assert application is not None
    return ids | {
        "inboxId": given.inbox,
        "folderId": folder_id,
        "fieldId": field_id,
        "userId": user_id,
        "teamId": team_id,
        "tagId": tag_id,
        "customerId": (await given.customer(f"c{conversation_id}@mail.test")).id,
        "organizationId": await given.organization(f"Firm {conversation_id}"),
        "replyId": reply_id,
        "viewId": view_id,
        **await machines(given),
        "applicationId": application.id,
    }


async def _begun(given: Given, user_id: int, path: str, conversation_id: int) -> int:
    """They are writing in the place that a path is about; the id of a file of that."""
    place = Place(Writing.REPLY, conversation_id=conversation_id)
    if path.startswith("/inboxes/"):
        place = Place(Writing.CONVERSATION, inbox_id=given.inbox)
    async with given.write(user_id) as tx:
        await writings.drop(tx, place)
        await writings.keep(tx, place, Typed(body="Hello"), version=None)
        blob = await given.desk.blobs.put(b"a")
        return await writings.attach(tx, place, NewFile("a.txt", "text/plain", 1, 0, 0, blob))


async def _thread_and_number(view: Snapshot, conversation_id: int) -> tuple[int, int]:
    it = await one.get(view, conversation_id)
    threads = await view.all(one.THREADS, conversation_id=conversation_id)
    return threads[0].id, it.number


async def machines(given: Given) -> dict[str, int]:
    """A message that is held, a webhook with something to tell, and a workflow."""
    blob = await given.desk.blobs.put(b"From: pavel@mail.test\r\n\r\nHello.\r\n")
    new = NewWebhook(
        url="https://receiver.test/hook",
        events=[EventName.CREATED],
        secret="tr0ut-lake-88",
        notification=False,
        payload_version=PayloadVersion.V2,
        label=None,
        inbox_ids=[],
        api_origin=ORIGIN,
        web_origin=ORIGIN,
    )
    async with given.write(given.owner) as tx:
        message_id = await taking.take(tx, inbox_id=given.inbox, door=Door.SMTP, blob=blob, size_bytes=40, reason="held")
        webhook_id = await hooks.create(tx, new, given.desk.seal, given.desk.outbound.rules)
    await given.conversation()
    async with given.read(given.owner) as view:
        (told, *_) = await webhooks.ledger(view, webhooks.Wanted(webhook_id=webhook_id), 1)
    async with given.write(given.owner) as tx:
        for each in await workflows.of_inbox(tx, given.inbox):  # an inbox has a hundred at most
            await defining.delete(tx, each.id)
    made = {"workflowId": await Workflows(given).make(name=NAME), "manualId": await Workflows(given).manual(name=NAME)}
    return {"messageId": message_id, "webhookId": webhook_id, "deliveryId": told.id, **made}
