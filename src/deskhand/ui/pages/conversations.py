"""A conversation: what was said, whose turn it is, what to do about it."""

from __future__ import annotations

from functools import partial

from litestar import Router

from deskhand.conversations.queries import folders, one, views
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.schemas.threads import web_link
from deskhand.kernel.errors import NotFound
from deskhand.kernel.html import clean, with_pictures, with_remote_pictures
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.operations.links import remote
from deskhand.mail.rules.links import with_notices
from deskhand.ui.about import beside
from deskhand.ui.composer import for_conversation
from deskhand.ui.door import Visit, page, redirect
from deskhand.ui.frame import KINDS, frame
from deskhand.ui.head import head
from deskhand.ui.lists import ListPane, live_address, search_pane, view_pane
from deskhand.ui.pages.left import DRAFTS, unsent_pane
from deskhand.ui.piles import folder_pile, kind_pile, pile_pane
from deskhand.ui.timeline import timeline

FRAME_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LETTER = """<!doctype html><html lang=""><head><meta charset="utf-8"><base target="_blank">
<style>html{{scrollbar-width:none}}
body{{margin:0;font:15px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff;overflow-wrap:anywhere}}
img{{max-width:100%;height:auto}}table{{max-width:100%}}
blockquote{{margin:0 0 0 .8em;padding-left:.8em;border-left:2px solid #ccc}}
@keyframes more{{from,99%{{opacity:1}}}}
@supports(animation-timeline:scroll()){{body::after{{content:"";position:fixed;inset:auto 0 0;height:1.5em;opacity:0;
pointer-events:none;background:linear-gradient(#0000,#0002);animation:more linear;animation-timeline:scroll(root)}}}}
</style></head><body>{html}</body></html>"""


@page("/conversation/{conversation_id:str}", title="Conversation by its id")
async def find(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """The address that it has."""
    it = await one.get_or_moved(view, conversation_id, visit.desk.settings.merge_redirect_days)
    return redirect(f"/conversation/{it.id}/{it.number}")


@page("/conversation/{conversation_id:str}/{number:str}", title="Conversation")
async def show(view: Snapshot, visit: Visit, conversation_id: PathId, number: PathId) -> Answer:
    """Beside the folder it was found in, or the one it lies in."""
    try:
        it = await one.get_or_moved(view, conversation_id, visit.desk.settings.merge_redirect_days)
    except NotFound:
        if visit.actor.may(Permission.DELETE_CONVERSATIONS) and await one.find_deleted(view, conversation_id):
            return redirect(f"/conversation/{conversation_id}/deleted")
        raise
    if it.number != number:
        return redirect(f"/conversation/{it.id}/{it.number}")
    listed = await _list(view, visit, it)
    above = await head(view, visit, it)
    newest_first = bool(visit.user.newest_first)
    may_edit = visit.actor.may(Permission.EDIT_CONVERSATIONS)
    return visit.page(
        "conversations/conversation.html",
        frame=await frame(view, it.inbox_id),
        list=listed,
        it=it,
        **above,
        moments=await timeline(view, it, visit.words, visit.origins, me=visit.user.id, newest_first=newest_first),
        newest_first=newest_first,
        beside=await beside(view, it),
        gone="",
        live=live_address(visit, it.inbox_id, listed, it.id),
        composer=await for_conversation(view, visit, it, above["owners"]) if may_edit else None,
        pane="conversation",
    )


@page("/conversation/{conversation_id:str}/threads/{thread_id:str}/body", title="A letter in a frame")
async def letter(view: Snapshot, visit: Visit, conversation_id: PathId, thread_id: PathId) -> Answer:
    """A letter's own HTML, cleaned, where nothing in it can act or reach the page around it; ``quoted`` shows what it quotes.
    Pictures of other hosts come with ``pictures`` alone, and then from us (email rules 6.2, 6.4)."""
    await one.get(view, conversation_id)
    it = await one.thread(view, conversation_id, thread_id)
    files = (await one.attachments_of(view, [it])).get(it.id, [])
    body = it.body or ""
    cut = len(body) if it.quoted_at is None else it.quoted_at
    part = body[cut:] if "quoted" in visit.query else body[:cut]
    pictures = {each.content_id: web_link(each, visit.origins) for each in files if each.content_id}
    wanted = partial(remote, visit.desk.settings) if "pictures" in visit.query else None
    html, _ = with_remote_pictures(with_pictures(clean(part), pictures), wanted)
    html = with_notices(html, lambda host: visit.words.text("⚠ leads to %(host)s", host=host))
    headers = [
        (b"content-security-policy", FRAME_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
    ]
    return Answer(200, LETTER.format(html=html).encode(), b"text/html; charset=utf-8", headers)


async def _list(view: Snapshot, visit: Visit, it: Conversation) -> ListPane:
    """The list it was opened from: a search, a view, a kind of folder, a folder of its inbox, else the folder it lies in."""
    if "q" in visit.query:
        return await search_pane(view, visit, visit.query["q"])
    if (view_id := visit.query.get("view", "")).isdecimal():
        return await view_pane(view, visit, await views.get(view, int(view_id[:18])))
    if (kind := visit.query.get("all", "")) in KINDS:
        return await pile_pane(view, visit, kind_pile(visit, kind))
    if kind == DRAFTS:
        return await unsent_pane(view, visit)
    found = await folders.of_inbox(view, it.inbox_id)
    by_id = {str(each.folder.id): each for each in found}
    folder = by_id.get(visit.query.get("folder", "")) or by_id.get(str(it.folder_id)) or found[0]
    return await pile_pane(view, visit, folder_pile(visit, it.inbox_id, folder))


ROUTERS = [Router("/", route_handlers=[find, show, letter])]
