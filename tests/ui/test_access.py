"""Who may see and do what: every page there is × nobody, an agent without the inbox, an agent, an administrator."""

from __future__ import annotations

from deskhand.conversations.model import Audience
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import folders, one
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
}  # to whoever has signed in; what they show is another matter
STREAMS = {"GET /live/{inboxId}"}  # end when the page is closed, not by themselves: test_live has who may
FORMS = {
    "snooze": {"until": "2090-01-01T09:00"},
    "move": {"inbox": "1"},
    "status": {"status": "pending"},
    "assignee": {"assignee": ""},
    "tags": {"add": "vip"},
    "answer": {"text": "Hello"},
    "views": {"name": "Hoppers", "q": "hopper"},
}
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
    browsers = [await browsing(each) for each in (None, outsider, agent, admin)]
    walked = 0
    for path, handler in handlers(routes.ROUTERS):
        name = f"{handler.endpoint.method} {path}"
        if name in OPEN or name in STREAMS:
            continue
        for browser, who in zip(browsers, ("nobody", "outsider", "agent", "admin"), strict=True):
            conversation_id = await given.conversation()
            view_id = await _view_of(given, team) if "{viewId}" in path else 0
            async with given.read() as view:
                thread_id, number = await _thread_and_number(view, conversation_id)
            ids = {
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
            answer = await browser.request(handler.endpoint.method, address, data=form or None)
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


async def _thread_and_number(view: Snapshot, conversation_id: int) -> tuple[int, int]:
    it = await one.get(view, conversation_id)
    threads = await view.all(one.THREADS, conversation_id=conversation_id)
    return threads[0].id, it.number


async def _view_of(given: Given, team_id: int) -> int:
    async with given.write(given.owner) as tx:
        return await views.create(tx, NewView("Hoppers", "hopper", audience=Audience.TEAM, team_id=team_id))
