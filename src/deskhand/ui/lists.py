"""The list that stands beside a conversation, or alone: a page of a folder, or of what a search found.

Its place is in the query string (``folder`` or ``q``, ``sort``, ``page``), so that a conversation opened from it keeps it.
"""

from __future__ import annotations

from urllib.parse import urlencode

from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.conversations.queries import finding, lists
from deskhand.conversations.queries.finding import Found
from deskhand.conversations.queries.folders import CountedFolder
from deskhand.conversations.queries.lists import Filter, Listing, SortField, Sorting
from deskhand.conversations.queries.views import SavedView
from deskhand.kernel.errors import NotFound
from deskhand.kernel.transaction import Snapshot
from deskhand.search.language import parse
from deskhand.search.model import QueryError
from deskhand.ui.door import Visit
from deskhand.ui.rows import Row, rows

SIZE = 50
MOST_PAGES = 10_000
NEWEST, OLDEST, WAITING = "newest", "oldest", "waiting"
SORTS = {
    NEWEST: Sorting(SortField.CREATED_AT),
    OLDEST: Sorting(SortField.CREATED_AT, ascending=True),
    WAITING: Sorting(SortField.WAITING_SINCE, ascending=True),
}
NAMES = {NEWEST: "Newest first", OLDEST: "Oldest first", WAITING: "Waiting longest"}


class ListPane(Struct, frozen=True):
    """A page of a list. ``href`` is where it stands alone; ``place`` is what a link to a conversation keeps of it. If not
    ``is_all`` there are more than ``total``."""

    title: str
    href: str
    place: str
    sort: str
    sorts: list[tuple[str, str, str]]
    rows: list[Row]
    first: int
    last: int
    total: int
    back: str
    more: str
    folder_id: int | None = None
    query: str | None = None
    problem: str = ""
    is_all: bool = True
    view_id: int | None = None


async def folder_pane(view: Snapshot, visit: Visit, inbox_id: int, it: CountedFolder) -> ListPane:
    """The page of a folder that the query string names. Raises NotFound."""
    folder = await view.first(lists.FOLDER, folder_id=it.folder.id)
    if folder is None:
        raise NotFound("Not found")
    sort, number = asked(visit)
    wanted = Filter(inbox_ids=[inbox_id], statuses=list(Status), folder=folder)
    found = await lists.page(view, wanted, SORTS[sort], number, SIZE)
    alone = f"/inboxes/{inbox_id}/folders/{it.folder.id}"
    return await _pane(view, visit, found, it.name, alone, {}, {"folder": str(it.folder.id)}, folder_id=it.folder.id)


async def search_pane(view: Snapshot, visit: Visit, query: str) -> ListPane:
    """What a search finds in every inbox and status that the actor sees; what is wrong with it is told in ``problem``."""
    sort, number = asked(visit)
    found, problem = await found_by(view, visit, query, SORTS[sort], number, SIZE)
    title = visit.words.text("Search")
    return await _pane(view, visit, found, title, "/search", {"q": query}, {"q": query}, query=query, problem=problem)


async def view_pane(view: Snapshot, visit: Visit, it: SavedView) -> ListPane:
    """What a saved view finds, in its own order unless another is wanted."""
    sort, number = asked(visit)
    own = Sorting(SortField(it.sort_field), it.ascending)
    found, problem = await found_by(view, visit, it.query, SORTS[sort] if "sort" in visit.query else own, number, SIZE)
    kept = {"view": str(it.id)}
    return await _pane(view, visit, found, it.name, f"/views/{it.id}", {}, kept, view_id=it.id, problem=problem)


async def found_by(view: Snapshot, visit: Visit, query: str, sorting: Sorting, number: int, size: int) -> tuple[Found, str]:
    """A page of what a query finds, or what is wrong with it, in words."""
    try:
        node = parse(query)
        if node is None:
            return Found([], 0, []), ""
        strict = visit.desk.settings.strict_phrases
        return await finding.find(view, node, sorting, number, size, strict_phrases=strict), ""
    except QueryError as error:
        return Found([], 0, []), str(error)


async def _pane(
    view: Snapshot,
    visit: Visit,
    found: Listing | Found,
    title: str,
    href: str,
    own: dict[str, str],
    kept: dict[str, str],
    *,
    folder_id: int | None = None,
    view_id: int | None = None,
    query: str | None = None,
    problem: str = "",
) -> ListPane:
    sort, number = asked(visit)
    first = (number - 1) * SIZE
    last = first + len(found.conversations)
    order = {} if sort == NEWEST else {"sort": sort}
    page = {} if number == 1 else {"page": str(number)}

    def address(**more: str) -> str:
        asked = urlencode(own | more)
        return f"{href}?{asked}" if asked else href

    return ListPane(
        title=title,
        href=address(**order, **page),
        place=urlencode(kept | order | page),
        sort=sort,
        sorts=[(key, name, address(sort=key)) for key, name in NAMES.items()],
        rows=await rows(view, found.conversations, visit.words),
        first=first + 1 if found.conversations else 0,
        last=last,
        total=found.total,
        back=address(**order, page=str(number - 1)) if number > 1 else "",
        more=address(**order, page=str(number + 1)) if last < found.total and found.conversations else "",
        folder_id=folder_id,
        query=query,
        problem=problem,
        is_all=not isinstance(found, Found) or found.is_all,
        view_id=view_id,
    )


def asked(visit: Visit) -> tuple[str, int]:
    """Order and page; what is not known counts as not said."""
    sort, text = visit.query.get("sort", ""), visit.query.get("page", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 1
    return sort if sort in SORTS else NEWEST, min(max(number, 1), MOST_PAGES)
