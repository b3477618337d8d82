"""Search: hits, completion, and what can be searched for."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Router

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot
from deskhand.search.language import MOST_CHARACTERS
from deskhand.ui.completing import hints, suggestions
from deskhand.ui.door import Visit, page
from deskhand.ui.frame import frame
from deskhand.ui.head import choices
from deskhand.ui.hits import hits_pane
from deskhand.ui.lists import hits_address
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


def _narrowed(query: str, field: str, value: str) -> str:
    """The search, narrowed."""
    return "/search?" + urlencode({"q": f"({query}) AND {field}:{value}"})


ROUTERS = [Router("/", route_handlers=[search, complete, syntax])]
