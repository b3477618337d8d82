"""Who may see and do what: every page there is × nobody, an agent without the inbox, an agent, an administrator."""

from __future__ import annotations

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
from deskhand.ui import routes
from tests.given import Given
from tests.ui.conftest import Browsing

OPEN = {
    f"{method} {path}"
    for method in ("GET", "POST")
    for path in ("/signin", "/signout", "/forgot", "/invitation/{token}", "/reset/{token}", "/setup/{token}")
}  # to whoever comes
ANYBODYS = {
    "GET /",
    "GET /search",
    "GET /search/complete",
    "GET /search/help",
    "GET /keys",
    "GET /menu",
    "GET /reports",
    "GET /reports/behind",
    "GET /reports/chat",
    "GET /reports/company",
    "GET /reports/conversations",
    "GET /reports/email",
    "GET /reports/happiness",
    "GET /reports/phone",
    "GET /reports/productivity",
    "GET /reports/users",
    "GET /reports/users/{userId}",
    "POST /views",
    "GET /conversation/new",
}  # to whoever has signed in; what they show is another matter
FORMS = {
    "snooze": {"until": "2090-01-01T09:00"},
    "move": {"inbox": "1"},
    "status": {"status": "pending"},
    "assignee": {"assignee": ""},
    "tags": {"add": "vip"},
    "answer": {"text": "Hello"},
    "begin": {"text": "Hello", "to": "a@x.test", "subject": "Hello"},
    "writing": {"kind": "note", "html": "Hello"},
    "views": {"name": "Hoppers", "q": "hopper"},
}
BEGUN = ("/writing/files", "/writing/files/{fileId}", "/writing/detach", "/writing/drop")  # of somebody who is writing
MAY_NOT = {
    "POST /conversation/{conversationId}/delete",
    "POST /views/{viewId}/delete",
}  # an agent without that right, or whose view it is not


async def test_every_page_is_closed_to_whom_it_is_not_for(given: Given, browsing: Browsing) -> None:
    outsider, agent, admin = await given.user("Out"), await given.user("In"), await given.user("Ada", role=Role.ADMINISTRATOR)
    await given.grant(given.inbox, agent)
    await given.grant(await given.new_inbox("Other"), outsider)
    team = await given.team("Returns", [agent])
    async with given.read() as view:
        folder_id = (await folders.of_inbox(view, given.inbox))[0].folder.id
    async with given.write() as tx:
        reply_id = await inboxes.create_saved_reply(tx, given.inbox, "Thanks", text="Thank you", chat_text=None)
    browsers = [await browsing(each) for each in (None, outsider, agent, admin)]
    users_by_name = {"agent": agent, "admin": admin}
    walked = 0
    for path, handler in handlers(routes.ROUTERS):
        name = f"{handler.endpoint.method} {path}"
        if name in OPEN:
            continue
        for browser, who in zip(browsers, ("nobody", "outsider", "agent", "admin"), strict=True):
            conversation_id = await given.conversation()
            view_id = await _view_of(given, team) if "{viewId}" in path else 0
            async with given.read() as view:
                thread_id, number = await _thread_and_number(view, conversation_id)
            user_id = users_by_name.get(who)
            file_id = await _begun(given, user_id, path, conversation_id) if user_id and path.endswith(BEGUN) else 1
            ids = {
                "fileId": file_id,
                "replyId": reply_id,
                "inboxId": given.inbox,
                "folderId": folder_id,
                "conversationId": conversation_id,
                "threadId": thread_id,
                "number": number,
                "viewId": view_id,
                "userId": agent,
            }
            address = path
            for key, value in ids.items():
                address = address.replace("{" + key + "}", str(value))
            assert "{" not in address, f"the test does not know what stands in {path}"
            form = FORMS.get(address.rpartition("/")[2], {})
            if path.endswith("/unsend"):
                said = await given.thread(conversation_id, ThreadType.MESSAGE, by=users_by_name.get(who) or given.owner)
                form = {"thread": str(said)}
            form = form | {"file": str(file_id)} if path.endswith("/detach") else form
            files = {"file": ("a.txt", b"a")} if path.endswith("/files") else None
            answer = await browser.request(handler.endpoint.method, address, data=form or None, files=files)
            to = answer.headers.get("location", "")
            if who == "nobody":
                assert (answer.status_code, to.startswith("/signin")) == (303, True), name
            elif who == "outsider" and name not in ANYBODYS:
                assert answer.status_code == 404, name
            elif who == "agent" and name in MAY_NOT:
                assert answer.status_code == 403, name
            else:
                assert answer.status_code in (200, 303), (name, who, answer.text)
                assert not to.startswith("/signin"), (name, who)
            walked += 1
    assert walked >= 4 * 8


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


async def _view_of(given: Given, team_id: int) -> int:
    async with given.write(given.owner) as tx:
        return await views.create(tx, NewView("Hoppers", "hopper", audience=Audience.TEAM, team_id=team_id))
