"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import (
    acts,
    conversations,
    customers,
    folders,
    joining,
    me,
    organizations,
    reports,
    searching,
    settings,
    signing_in,
)

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *folders.ROUTERS,
    *searching.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *customers.ROUTERS,
    *organizations.ROUTERS,
    *reports.ROUTERS,
    *settings.ROUTERS,
    *me.ROUTERS,
]
