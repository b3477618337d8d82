"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import acts, answering, conversations, folders, joining, reports, searching, signing_in, writing

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *folders.ROUTERS,
    *searching.ROUTERS,
    *reports.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *answering.ROUTERS,
    *writing.ROUTERS,
]
