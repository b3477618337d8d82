"""Saved views: searches with a name, each as a list; saved, changed, ordered, shared with a team or everybody, deleted."""

from __future__ import annotations

from urllib.parse import urlencode

from litestar import Router

from deskhand.conversations.model import Audience
from deskhand.conversations.operations import views
from deskhand.conversations.operations.views import NewView
from deskhand.conversations.queries import views as saved
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.conversations.queries.views import SavedView
from deskhand.kernel.errors import Forbidden, Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import frame
from deskhand.ui.head import choices
from deskhand.ui.lists import NAMES, SORTS, live_address, view_pane
from deskhand.users import queries as users

MOST_LISTED = 200
MOST_TEAMS = 200
OWN = "own"
AUDIENCES = {
    Audience.PRIVATE: "Only you",
    Audience.TEAM: "A team",
    Audience.EVERYBODY: "Everybody",
}


@page("/views", title="Views")
async def index(view: Snapshot, visit: Visit) -> Answer:
    """In the order that one gave them."""
    found, _ = await saved.page(view, 1, MOST_LISTED)
    teams = dict(await _teams(view, every=True))
    rows = [(each, _may_change(visit, each), teams.get(each.team_id or 0, "")) for each in found]
    return visit.page("views/list.html", frame=await frame(view), views=rows, audiences=AUDIENCES, pane="page")


@act("/views/order", title="Put a view elsewhere")
async def order(tx: Transaction, visit: Visit, form: Form) -> Done:
    """One step ``up`` or ``down``, for oneself alone."""
    found, _ = await saved.page(tx, 1, MOST_LISTED)
    ids = [each.id for each in found]
    view_id, step = form.number("view") or 0, form.one("step")
    if view_id not in ids or step not in ("up", "down"):
        raise Invalid("view", visit.words.text("is none of yours"))
    at = ids.index(view_id)
    other = min(max(at + (-1 if step == "up" else 1), 0), len(ids) - 1)
    ids[at], ids[other] = ids[other], ids[at]
    await views.order(tx, ids)
    undo = Undo("/views/order", {"view": str(view_id), "step": "down" if step == "up" else "up"}) if at != other else None
    return Done("/views", visit.words.text("The order was changed"), undo)


@page("/views/{view_id:str}/change", title="Change a view")
async def edit(view: Snapshot, visit: Visit, view_id: PathId) -> Answer:
    """Its name, search, order, and who has it. Raises Forbidden for who may not change it."""
    it = await saved.get(view, view_id)
    if not _may_change(visit, it):
        raise Forbidden("Only who saved the view, or manages the account, may change it")
    own = next((key for key, each in SORTS.items() if each == _order(it)), OWN)
    may_share = visit.actor.may(Permission.EDIT_CONVERSATIONS)
    teams = await _teams(view, every=visit.actor.may(Permission.MANAGE_ACCOUNT)) if may_share else []
    names = [*NAMES.items(), *([(OWN, "As it is")] if own == OWN else [])]
    return visit.page(
        "views/change.html",
        frame=await frame(view),
        it=it,
        sort=own,
        sorts=[(key, visit.words.text(name)) for key, name in names],
        teams=[("", ""), *teams],
        audiences=[
            (each.value, visit.words.text(name), "") for each, name in AUDIENCES.items() if each is not Audience.TEAM or teams
        ]
        if may_share
        else [],
        version=version(*_fields(it).values()),
        pane="page",
    )


@act("/views/{view_id:str}/change", title="Change a view", shown_by=edit)
async def change(tx: Transaction, visit: Visit, form: Form, view_id: PathId) -> Done:
    """What is not sent stays; ``sort`` is one of those of lists."""
    it = await saved.get(tx, view_id)
    if form.sent("version"):
        as_shown(form, *_fields(it).values())
    audience = next((each for each in Audience if each.value == form.one("audience")), it.audience)
    sorting = SORTS.get(form.one("sort"), _order(it))
    new = NewView(
        form.one("name").strip() if form.sent("name") else it.name,
        form.one("query") if form.sent("query") else it.query,
        sorting.field or SortField.CREATED_AT,
        sorting.ascending,
        audience,
        (form.number("teamId") if form.sent("teamId") else it.team_id) if audience is Audience.TEAM else None,
    )
    await views.replace(tx, view_id, new)
    return Done(f"/views/{view_id}", visit.words.text("The view was changed"), Undo(f"/views/{view_id}/change", _fields(it)))


@act("/views", title="Save a search as a view")
async def save(tx: Transaction, visit: Visit, form: Form) -> Done:
    """``name`` and ``q``, for oneself, with ``everybody`` for all or for a ``team``; ``order`` is one of those of lists,
    ``sort`` a ``SortField``, newest first without."""
    name = form.one("name").strip()
    if not name:
        raise Invalid("name", visit.words.text("may not be empty"))
    sort = next((each for each in SortField if each == form.one("sort")), SortField.CREATED_AT)
    order = SORTS.get(form.one("order"), Sorting(sort, ascending=bool(form.one("ascending"))))
    team_id = form.number("team")
    audience = Audience.TEAM if team_id else Audience.EVERYBODY if form.one("everybody") else Audience.PRIVATE
    new = NewView(name, form.one("q"), order.field or sort, order.ascending, audience, team_id)
    view_id = await views.create(tx, new)
    return Done(f"/views/{view_id}", visit.words.text("Saved as a view"), Undo(f"/views/{view_id}/delete", {}))


@page("/views/{view_id:str}", title="View")
async def show(view: Snapshot, visit: Visit, view_id: PathId) -> Answer:
    """What a saved view finds now."""
    it = await saved.get(view, view_id)
    listed = await view_pane(view, visit, it)
    around = await frame(view)
    live = live_address(visit, around.inbox.id, listed) if around.inbox else ""
    may = await choices(view, visit, around.inbox.id if around.inbox else None)
    return visit.page(
        "folders/folder.html",
        frame=around,
        list=listed,
        live=live,
        pane="list",
        saved=it,
        may_change=_may_change(visit, it),
        **may,
    )


@act("/views/{view_id:str}/delete", title="Delete a view")
async def delete(tx: Transaction, visit: Visit, form: Form, view_id: PathId) -> Done:
    """Leads to its search, from which it can be saved again."""
    it = await saved.get(tx, view_id)
    await views.remove(tx, view_id)
    told = visit.words.text("The view %(name)s was deleted; this is its search", name=it.name)
    fields = {"name": it.name, "q": it.query, "sort": it.sort_field, "ascending": "yes" if it.ascending else ""}
    fields |= {"everybody": "yes"} if it.audience is Audience.EVERYBODY else {"team": str(it.team_id or "")}
    return Done("/search?" + urlencode({"q": it.query}), told, Undo("/views", fields))


def _may_change(visit: Visit, it: SavedView) -> bool:
    return it.user_id == visit.user.id or visit.actor.may(Permission.MANAGE_ACCOUNT)


def _order(it: SavedView) -> Sorting:
    return Sorting(SortField(it.sort_field), ascending=it.ascending)


def _fields(it: SavedView) -> dict[str, str]:
    """The form that would make it what it is."""
    sort = next((key for key, each in SORTS.items() if each == _order(it)), OWN)
    shown = {"name": it.name, "query": it.query, "sort": sort, "audience": it.audience.value}
    return shown | {"teamId": str(it.team_id or "")}


async def _teams(view: Snapshot, *, every: bool) -> list[tuple[int, str]]:
    """Those that one is in, or every one, with their names."""
    found, _ = await users.page(view, "team", 1, MOST_TEAMS)
    own = set() if every else set(await users.team_ids(view, view.actor.user_id))
    return [(each.id, f"{each.first_name} {each.last_name}".strip()) for each in found if every or each.id in own]


ROUTERS = [Router("/", route_handlers=[index, save, order, show, edit, change, delete])]
