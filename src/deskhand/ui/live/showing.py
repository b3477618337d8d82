"""What an open page of an inbox shows, as things to be looked at: its list, what a search found, and a conversation."""

from __future__ import annotations

from collections.abc import Hashable

from deskhand.conversations.model import FolderType
from deskhand.conversations.queries import finding, one, piles
from deskhand.conversations.queries.views import SavedView
from deskhand.kernel.errors import Moved, NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.search.language import parse
from deskhand.search.model import QueryError
from deskhand.ui.about import beside
from deskhand.ui.door import Visit
from deskhand.ui.frame import MOST_INBOXES, OF_ALL
from deskhand.ui.head import head
from deskhand.ui.hits import hits_pane
from deskhand.ui.lists import ListPane, Up, search_pane, search_up, view_pane, view_up
from deskhand.ui.live.watching import Pieces, Want
from deskhand.ui.piles import Pile, is_ones_own, narrows, pile_pane, pile_up
from deskhand.ui.timeline import timeline

MOST_COUNTED = 999
LIE_ELSEWHERE = frozenset({FolderType.ASSIGNED, FolderType.DRAFTS, FolderType.DELETED})


def piled_list(visit: Visit, it: Pile) -> Want:
    """A page of a folder, the same for all who may see it: that is asked of each who looks. Of all inboxes it is the same for
    those who see the same ones, "Mine" and what is unread are one's own."""
    is_own = it.type is FolderType.MINE or is_ones_own(visit.query)

    async def make(view: Snapshot) -> Pieces:
        now = visit.now()
        return _list(now, await pile_pane(view, now, it))

    return Want(
        (
            "list",
            it.href,
            pile_up(visit, it).place,
            visit.words.key,
            visit.user.id * is_own,
            () if it.folder else _rights(visit),
        ),
        visit.actor if is_own or not it.folder else system_actor(),
        make,
        inbox_ids=frozenset([it.folder.inbox_id] if it.folder else visit.actor.inbox_ids),
        folder_id=it.folder.id if it.folder else 0,
        is_walked=it.folder is not None and it.type not in LIE_ELSEWHERE and not narrows(visit.query),
    )


def found_list(visit: Visit, it: SavedView | str) -> Want:
    """A page of what a saved view or a query finds, the same for all who see the same inboxes."""
    place = view_up(visit, it).place if isinstance(it, SavedView) else search_up(visit, it).place

    async def make(view: Snapshot) -> Pieces:
        now = visit.now()
        listed = await (view_pane(view, now, it) if isinstance(it, SavedView) else search_pane(view, now, it))
        return _list(now, listed)

    return Want(("found", place, *_rights(visit)), visit.actor, make, is_found=True)


def found_hits(visit: Visit, query: str) -> Want:
    """The page of a search: entries with the words marked."""

    async def make(view: Snapshot) -> Pieces:
        now = visit.now()
        pane = await hits_pane(view, now, query)
        parts = {f"hit-{each.id}": now.piece("search/hit.html", each=each, place=pane.place) for each in pane.hits}
        order = list(parts)
        parts["hits-total"] = now.piece("search/total.html", found=pane)
        parts["hits-foot"] = now.piece("search/foot.html", found=pane)
        conversation_ids = frozenset(each.id for each in pane.found.conversations)
        customer_ids = frozenset(each.customer_id for each in pane.found.conversations)
        return Pieces(parts, {"hits": order}, conversation_ids=conversation_ids, customer_ids=customer_ids)

    return Want(("hits", search_up(visit, query).place, *_rights(visit)), visit.actor, make, is_found=True)


def conversation(visit: Visit, conversation_id: int, up: Up) -> Want:
    """A conversation beside a list, and what stands beside that, the same for all with the same rights who read it from the
    same end."""
    newest_first = bool(visit.user.newest_first)

    async def make(view: Snapshot) -> Pieces:
        now = visit.now()
        try:
            it = await one.get_or_moved(view, conversation_id, visit.desk.settings.merge_redirect_days)
        except Moved as moved:
            try:
                other = await one.get(view, moved.to)
            except NotFound:
                return _gone(now, up)
            return Pieces({"conv-gone": now.piece("conversations/gone.html", gone="merged", other=other, list=up)})
        except NotFound:
            return _gone(now, up)
        moments = await timeline(view, it, now.words, now.origins, newest_first=newest_first)
        parts = {each.id: now.piece("conversations/moment.html", moment=each, it=it, list=up) for each in moments}
        order = list(parts)
        values = await head(view, now, it)
        parts["conv-head"] = now.piece("conversations/head.html", it=it, list=up, **values)
        parts["conv-gone"] = now.piece("conversations/gone.html", gone="")
        around = await beside(view, it)
        parts["beside"] = now.piece("conversations/beside.html", it=it, list=up, beside=around, may_edit=values["may_edit"])
        organization_id = around.customer.organization_id
        return Pieces(
            parts,
            {"moments": order},
            conversation_ids=frozenset(each.id for each in around.past),
            customer_ids=frozenset({it.customer_id}),
            organization_ids=frozenset([organization_id] if organization_id else []),
        )

    key = ("conversation", conversation_id, up.place, newest_first, *_rights(visit))
    return Want(key, visit.actor, make, conversation_id=conversation_id)


def view_count(visit: Visit, it: SavedView) -> Want:
    """How many a saved view finds, beside its name; nothing where it cannot be searched for any more."""

    async def make(view: Snapshot) -> Pieces:
        node = parse(it.query)
        try:
            strict = visit.desk.settings.strict_phrases
            found = await finding.count(view, node, MOST_COUNTED, strict_phrases=strict) if node else 0
        except QueryError:
            return Pieces({}, counts={f"count-view-{it.id}": ""})
        text = visit.words.number(min(found, MOST_COUNTED)) + ("+" if found > MOST_COUNTED else "")
        return Pieces({}, counts={f"count-view-{it.id}": text})

    return Want(("view", it.id, it.query, *_rights(visit)), visit.actor, make, is_found=True, is_owed=True)


def kind_counts(visit: Visit) -> Want:
    """The numbers beside the lists of all inboxes."""

    async def make(view: Snapshot) -> Pieces:
        found = await piles.active(view, list(OF_ALL.values()), list(view.actor.inbox_ids[:MOST_INBOXES]))
        return Pieces({}, counts={f"count-all-{each}": visit.words.number(found[kind]) for each, kind in OF_ALL.items()})

    return Want(("all", visit.user.id, *_rights(visit)), visit.actor, make, is_found=True)


def _list(visit: Visit, listed: ListPane) -> Pieces:
    parts = {f"row-{row.id}": visit.piece("folders/row.html", row=row, list=listed) for row in listed.rows}
    order = list(parts)
    parts["list-total"] = visit.piece("folders/total.html", list=listed)
    parts["list-foot"] = visit.piece("folders/foot.html", list=listed)
    return Pieces(
        parts,
        {"rows": order},
        title=f"{listed.title} ({listed.total}) – Deskhand",
        conversation_ids=frozenset(row.id for row in listed.rows),
        customer_ids=frozenset(row.customer_id for row in listed.rows),
        total=listed.total,
    )


def _rights(visit: Visit) -> tuple[Hashable, ...]:
    """Who has the same is shown the same in the same words."""
    actor = visit.actor
    return visit.words.key, actor.permissions, actor.inbox_ids, actor.has_every_inbox


def _gone(visit: Visit, up: Up) -> Pieces:
    return Pieces({"conv-gone": visit.piece("conversations/gone.html", gone="deleted", list=up)})
