"""Lists of conversations: a folder of an inbox, and those of a kind of all inboxes."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.queries import folders
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId, RouteHandler
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit, page, redirect
from deskhand.ui.frame import KINDS, first_folder, frame
from deskhand.ui.head import choices
from deskhand.ui.lists import live_address
from deskhand.ui.piles import folder_pile, kind_pile, pile_pane

KEYS = [
    ("Everywhere", [("/", "Search"), ("Ctrl K", "Find or do"), ("?", "All keys")]),
    (
        "In a list",
        [
            ("j", "The next conversation, at the end the next page"),
            ("k", "The one before"),
            ("o, ↵", "Open it"),
            ("x", "Select it"),
            ("⇧ x", "Select all up to it"),
            ("Esc", "Select none"),
            ("r n f", "Open this one and reply, note or forward"),
            ("c a t s …", "Each key of a conversation, for the selected ones or this one"),
        ],
    ),
    (
        "In a conversation",
        [
            ("j", "Open the next one"),
            ("k", "Open the one before"),
            ("u", "Back to the list"),
            ("r", "Reply"),
            ("n", "Note"),
            ("f", "Forward"),
            ("c", "Close"),
            ("p", "Set pending"),
            ("!", "Spam"),
            ("a", "Assign"),
            ("t", "Tag"),
            ("s", "Snooze"),
            ("m", "Move"),
            ("g", "Merge"),
            ("⇧ u", "Mark as unread"),
            ("z", "Undo what was just done"),
            ("#", "Delete"),
        ],
    ),
    (
        "While you write",
        [
            ("Ctrl ↵", "Send, as the button says"),
            ("Ctrl ⇧ ↵", "Send and close"),
            ("#", "A saved reply"),
            ("@", "Mention somebody, in a note"),
            ("Esc", "Leave the text; the draft is kept"),
        ],
    ),
]


@page("/", title="Start")
async def start(view: Snapshot, visit: Visit) -> Answer:
    """The first inbox, or the first in which there is something to do; who sees none is told so, or makes the first."""
    if not visit.actor.inbox_ids and visit.actor.may(Permission.MANAGE_ACCOUNT):
        return redirect("/start")
    if not visit.actor.inbox_ids:
        return visit.page("folders/none.html", frame=await frame(view), pane="page")
    busy = await folders.with_work(view, list(visit.actor.inbox_ids))
    return redirect(f"/inboxes/{busy.inbox_id}/folders/{busy.folder_id}" if busy else f"/inboxes/{visit.actor.inbox_ids[0]}")


@page("/inboxes/{inbox_id:str}", title="Inbox")
async def inbox(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Its first folder."""
    return redirect(f"/inboxes/{inbox_id}/folders/{(await first_folder(view, inbox_id)).folder.id}")


@page("/inboxes/{inbox_id:str}/folders/{folder_id:str}", title="Folder")
async def show(view: Snapshot, visit: Visit, inbox_id: PathId, folder_id: PathId) -> Answer:
    """A folder, with nothing chosen yet."""
    it = await folders.one_of_inbox(view, inbox_id, folder_id)
    listed = await pile_pane(view, visit, folder_pile(visit, inbox_id, it))
    live = live_address(visit, inbox_id, listed)
    may = await choices(view, visit, inbox_id)
    return visit.page("folders/folder.html", frame=await frame(view, inbox_id), list=listed, live=live, pane="list", **may)


def _page_of(kind: str) -> RouteHandler:
    async def show(view: Snapshot, visit: Visit) -> Answer:
        listed = await pile_pane(view, visit, kind_pile(visit, kind))
        around = await frame(view)
        inbox_id = around.inbox.id if around.inbox else None
        live = live_address(visit, inbox_id, listed) if inbox_id else ""
        may = await choices(view, visit, inbox_id)
        return visit.page("folders/folder.html", frame=around, list=listed, live=live, pane="list", **may)

    show.__qualname__, show.__doc__ = f"all_{kind}", "A kind of folder, of all inboxes together."
    return page(f"/all/{kind}", title="All inboxes")(show)


@page("/menu", title="Menu")
async def menu(view: Snapshot, visit: Visit) -> Answer:
    """Inboxes, folders and whatever else there is: what stands at the side where there is room for it."""
    return visit.page("menu.html", frame=await frame(view), pane="folders")


@page("/keys", title="All keys")
async def keys(view: Snapshot, visit: Visit) -> Answer:
    """What each key does."""
    return visit.page("keys.html", frame=await frame(view), keys=KEYS, pane="page")


OF_ALL = [_page_of(kind) for kind in KINDS]
ROUTERS = [Router("/", route_handlers=[start, inbox, show, *OF_ALL, menu, keys])]
