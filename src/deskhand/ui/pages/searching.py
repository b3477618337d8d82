"""Search, and searches that were saved as views."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Router

from deskhand.conversations.model import Audience
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import views as saved
from deskhand.conversations.queries.lists import SortField
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.search.language import MOST_CHARACTERS
from deskhand.ui.completing import hints, suggestions
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.frame import frame
from deskhand.ui.head import choices
from deskhand.ui.hits import hits_pane
from deskhand.ui.lists import hits_address, live_address, view_pane
from deskhand.ui.pages.acts import STATUSES

MOST_INBOXES = 20


@page("/search", title="Search")
async def search(view: Snapshot, visit: Visit) -> Answer:
    """What ``q`` finds: entries with the words marked."""
    query = visit.query.get("q", "")[:MOST_CHARACTERS]
    pane = await hits_pane(view, visit, query)
    seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
    facets = [
        (
            visit.words.text("Status"),
            [(visit.words.text(name), _narrowed(query, "status", each.value)) for each, (name, *_) in STATUSES.items()],
        ),
        (visit.words.text("Inbox"), [(each.name, _narrowed(query, "mailboxid", str(each.id))) for each in seen]),
    ]
    around = await frame(view)
    may = await choices(view, visit, around.inbox.id if around.inbox else None)
    return visit.page(
        "search/search.html",
        frame=around,
        query=query,
        found=pane,
        facets=facets,
        live=hits_address(visit, around.inbox.id, query) if around.inbox and query and not pane.problem else "",
        may_share=visit.actor.may(Permission.EDIT_CONVERSATIONS),
        pane="page",
        **may,
    )


@page("/search/complete", title="How a search may go on")
async def complete(view: Snapshot, visit: Visit) -> Answer:
    """Options behind ``q``: a piece of a page."""
    found = await suggestions(view, visit.query.get("q", "")[:MOST_CHARACTERS], visit.words)
    return visit.page("search/complete.html", suggestions=found)


@page("/search/help", title="What can be searched for")
async def syntax(view: Snapshot, visit: Visit) -> Answer:
    """Every field, and how they are joined."""
    return visit.page("search/help.html", frame=await frame(view), hints=hints(visit.words), pane="page")


@act("/views", title="Save a search as a view")
async def save(tx: Transaction, visit: Visit, form: Form) -> Done:
    """``name`` and ``q``, for oneself or with ``everybody`` for all; ``sort`` is a ``SortField``, newest first without."""
    name = form.one("name").strip()
    if not name:
        raise Invalid("name", visit.words.text("may not be empty"))
    sort = next((each for each in SortField if each == form.one("sort")), SortField.CREATED_AT)
    audience = Audience.EVERYBODY if form.one("everybody") else Audience.PRIVATE
    new = NewView(name, form.one("q"), sort, bool(form.one("ascending")), audience)
    view_id = await views.create(tx, new)
    return Done(f"/views/{view_id}", visit.words.text("Saved as a view"), Undo(f"/views/{view_id}/delete", {}))


@page("/views/{view_id:str}", title="View")
async def show(view: Snapshot, visit: Visit, view_id: PathId) -> Answer:
    """What a saved view finds now."""
    it = await saved.get(view, view_id)
    listed = await view_pane(view, visit, it)
    is_own = it.user_id == visit.user.id or visit.actor.may(Permission.MANAGE_ACCOUNT)
    around = await frame(view)
    live = live_address(visit, around.inbox.id, listed) if around.inbox else ""
    may = await choices(view, visit, around.inbox.id if around.inbox else None)
    return visit.page(
        "folders/folder.html", frame=around, list=listed, live=live, pane="list", saved=it, may_change=is_own, **may
    )


@act("/views/{view_id:str}/delete", title="Delete a view")
async def delete(tx: Transaction, visit: Visit, form: Form, view_id: PathId) -> Done:
    """Leads to its search, from which it can be saved again."""
    it = await saved.get(tx, view_id)
    await views.remove(tx, view_id)
    told = visit.words.text("The view %(name)s was deleted; this is its search", name=it.name)
    fields = {"name": it.name, "q": it.query, "sort": it.sort_field, "ascending": "yes" if it.ascending else ""}
    undo = Undo("/views", fields | ({"everybody": "yes"} if it.audience is Audience.EVERYBODY else {}))
    return Done("/search?" + urlencode({"q": it.query}), told, undo if it.audience is not Audience.TEAM else None)


def _narrowed(query: str, field: str, value: str) -> str:
    """The search, narrowed."""
    return "/search?" + urlencode({"q": f"({query}) AND {field}:{value}"})


ROUTERS = [Router("/", route_handlers=[search, complete, syntax, save, show, delete])]
