"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import acts, conversations, folders, joining, live, reports, searching, signing_in

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *folders.ROUTERS,
    *searching.ROUTERS,
    *reports.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *live.ROUTERS,
]
