"""The palette: go to, do, find, by a few letters."""

from __future__ import annotations

from litestar import Router

from deskhand.kernel.http.answers import Answer
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit, page
from deskhand.ui.frame import frame
from deskhand.ui.palette import offered


@page("/palette", title="Find or do")
async def show(view: Snapshot, visit: Visit) -> Answer:
    """What ``q`` offers, with the ``conversation`` that is open or with how many are ``selected``; with ``piece`` the list
    alone, which a script shows in place."""
    conversation_id, selected = _number(visit, "conversation"), _number(visit, "selected")
    groups = await offered(view, visit, visit.query.get("q", ""), conversation_id=conversation_id, selected=selected)
    if "piece" in visit.query:
        return visit.page("palette/list.html", groups=groups)
    query = visit.query.get("q", "")
    return visit.page(
        "palette/page.html", frame=await frame(view), groups=groups, query=query, about=conversation_id, pane="page"
    )


def _number(visit: Visit, name: str) -> int:
    text = visit.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


ROUTERS = [Router("/", route_handlers=[show])]
