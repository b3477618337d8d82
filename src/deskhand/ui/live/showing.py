"""What an open page of an inbox shows, as things to be looked at: its list, and a conversation."""

from __future__ import annotations

from deskhand.conversations.model import FolderType
from deskhand.conversations.queries import one
from deskhand.conversations.queries.folders import CountedFolder
from deskhand.kernel.errors import Moved, NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit
from deskhand.ui.head import head
from deskhand.ui.lists import Up, folder_pane, folder_up
from deskhand.ui.live.watching import Pieces, Want
from deskhand.ui.timeline import timeline

LIE_ELSEWHERE = frozenset({FolderType.ASSIGNED, FolderType.DRAFTS, FolderType.DELETED})


def folder_list(visit: Visit, inbox_id: int, it: CountedFolder) -> Want:
    """A page of a folder, the same for all who may see it: that is asked of each who looks."""
    up = folder_up(visit, inbox_id, it)

    async def make(view: Snapshot) -> Pieces:
        now = visit.now()
        listed = await folder_pane(view, now, inbox_id, it)
        parts = {f"row-{row.id}": now.piece("folders/row.html", row=row, list=listed) for row in listed.rows}
        order = list(parts)
        parts["list-total"] = now.piece("folders/total.html", list=listed)
        parts["list-foot"] = now.piece("folders/foot.html", list=listed)
        return Pieces(
            parts,
            {"rows": order},
            title=f"{listed.title} ({listed.total}) – Deskhand",
            conversation_ids=frozenset(row.id for row in listed.rows),
            customer_ids=frozenset(row.customer_id for row in listed.rows),
            total=listed.total,
        )

    return Want(
        ("list", inbox_id, up.place, visit.words.key),
        system_actor(),
        make,
        inbox_id=inbox_id,
        folder_id=it.folder.id,
        is_walked=it.folder.type not in LIE_ELSEWHERE,
    )


def conversation(visit: Visit, conversation_id: int, up: Up) -> Want:
    """A conversation beside a list, the same for all with the same rights."""
    actor = visit.actor

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
        moments = await timeline(view, it, now.words, now.origins)
        parts = {each.id: now.piece("conversations/moment.html", moment=each, it=it) for each in moments}
        order = list(parts)
        values = await head(view, now, it)
        parts["conv-head"] = now.piece("conversations/head.html", it=it, list=up, **values)
        parts["conv-gone"] = now.piece("conversations/gone.html", gone="")
        return Pieces(parts, {"moments": order}, customer_ids=frozenset({it.customer_id}))

    rights = (actor.permissions, actor.inbox_ids, actor.has_every_inbox)
    return Want(
        ("conversation", conversation_id, up.place, visit.words.key, *rights), actor, make, conversation_id=conversation_id
    )


def _gone(visit: Visit, up: Up) -> Pieces:
    return Pieces({"conv-gone": visit.piece("conversations/gone.html", gone="deleted", list=up)})
