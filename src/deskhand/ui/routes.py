"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import acts, conversations, folders, joining, me, settings, signing_in, starting

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *folders.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *settings.ROUTERS,
    *me.ROUTERS,
    *starting.ROUTERS,
]
