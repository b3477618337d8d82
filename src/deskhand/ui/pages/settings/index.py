"""The start of the settings: all of them at one look."""

from __future__ import annotations

from litestar import Router

from deskhand.kernel.http.answers import Answer
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit, page
from deskhand.ui.pages.settings.nav import show


@page("/settings", title="Settings")
async def index(view: Snapshot, visit: Visit) -> Answer:
    """What may be set, by whoever looks."""
    return show(visit, "settings/index.html", "")


ROUTERS = [Router("/", route_handlers=[index])]
