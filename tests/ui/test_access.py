"""Who may see and do what: every page there is × nobody, an agent without the inbox, an agent, an administrator."""

from __future__ import annotations

from deskhand.conversations.model import Audience
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import folders, one
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.http.routes import handlers
from deskhand.kernel.permissions import Role
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes as mail
from deskhand.oauth import operations as oauth
from deskhand.oauth import queries as oauth_queries
from deskhand.tags import operations as tags
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
    "GET /settings",
    "GET /settings/saved-replies",
    "POST /views",
}  # to whoever has signed in; what they show is another matter. So is all of ``/me``
FORMS = {
    "snooze": {"until": "2090-01-01T09:00"},
    "move": {"inbox": "1"},
    "status": {"status": "pending"},
    "assignee": {"assignee": ""},
    "tags": {"add": "vip"},
    "answer": {"text": "Hello"},
    "views": {"name": "Hoppers", "q": "hopper"},
}
FORMLESS = 400  # what an act says to somebody who may, but sent nothing that it could do
REMOVES = ("/delete", "/remove", "/merge", "/disconnect", "/end", "/restore")  # what is gone is not found by who comes next
MAY_NOT = {
    "POST /conversation/{conversationId}/delete",
    "POST /views/{viewId}/delete",
}  # an agent without that right, or whose view it is not


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
    walked = 0
    for path, handler in handlers(routes.ROUTERS):
        name = f"{handler.endpoint.method} {path}"
        if name in OPEN:
            continue
        if not ids or handler.endpoint.method == "POST":
            ids |= await _things(given, all_of_them=not ids or name.endswith(REMOVES))
        for browser, who in zip(browsers, ("nobody", "outsider", "agent", "admin"), strict=True):
            if "{viewId}" in path:
                ids["viewId"] = await _view_of(given, team)
            here = ids | ({"userId": agent} if path.startswith("/reports") else {})
            address = path
            for key, value in here.items():
                address = address.replace("{" + key + "}", str(value))
            assert "{" not in address, f"the test does not know what stands in {path}"
            form = FORMS.get(address.rpartition("/")[2], {})
            answer = await browser.request(handler.endpoint.method, address, data=form or None)
            to = answer.headers.get("location", "")
            if not _is_right(name, who, answer.status_code, to):
                bad[name, who] = answer.status_code, to
            walked += 1
    assert bad == {}
    assert walked >= 4 * 60


def _is_right(name: str, who: str, status: int, to: str) -> bool:
    if who == "nobody":
        return status == 303 and to.startswith("/signin")
    is_own = name in ANYBODYS or " /me" in name
    manages = (" /settings/" in name or " /start" in name) and "saved-replies" not in name
    if who != "admin" and (manages or (who == "agent" and name in MAY_NOT)):
        return status == 403
    if who == "outsider" and not is_own:
        return status == 404
    fine = {200, 303} | ({FORMLESS, 409} if is_own or manages or "saved-replies" in name else set())
    return status in fine or (status == 404 and name.endswith(REMOVES))


async def _things(given: Given, *, all_of_them: bool) -> dict[str, int]:
    """One of everything that stands in an address; new ones where a route may have removed them, always a conversation."""
    conversation_id = await given.conversation()
    async with given.read() as view:
        thread_id, number = await _thread_and_number(view, conversation_id)
    ids = {"conversationId": conversation_id, "threadId": thread_id, "number": number}
    if not all_of_them:
        return ids
    field_id = await given.field("Order", "singleline")
    user_id, team_id = await given.user("Una"), await given.team("Night", [])
    async with given.write() as tx:
        (tag_id,) = await tags.ensure(tx, [f"tag {conversation_id}"], "tags")
        reply_id = await inboxes.create_saved_reply(tx, given.inbox, "Hours", text="At nine.", chat_text=None)
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
        "replyId": reply_id,
        "applicationId": application.id,
    }


async def _thread_and_number(view: Snapshot, conversation_id: int) -> tuple[int, int]:
    it = await one.get(view, conversation_id)
    threads = await view.all(one.THREADS, conversation_id=conversation_id)
    return threads[0].id, it.number


async def _view_of(given: Given, team_id: int) -> int:
    async with given.write(given.owner) as tx:
        return await views.create(tx, NewView("Hoppers", "hopper", audience=Audience.TEAM, team_id=team_id))
