"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import (
    acts,
    conversations,
    folders,
    joining,
    me,
    reports,
    searching,
    settings,
    signing_in,
    starting,
)

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *starting.ROUTERS,
    *folders.ROUTERS,
    *searching.ROUTERS,
    *reports.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *settings.ROUTERS,
    *me.ROUTERS,
]
