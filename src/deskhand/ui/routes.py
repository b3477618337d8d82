"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import acts, answering, conversations, folders, joining, signing_in, writing

PAGES = (signing_in, joining, folders, conversations, acts, answering, writing)
ROUTERS = [router for each in PAGES for router in each.ROUTERS]
