"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import (
    about,
    acts,
    answering,
    bulk,
    conversations,
    customers,
    folders,
    joining,
    live,
    mail,
    me,
    merging,
    organizations,
    reports,
    searching,
    settings,
    signing_in,
    starting,
    webhooks,
    writing,
)

ROUTERS = [
    *signing_in.ROUTERS,
    *joining.ROUTERS,
    *starting.ROUTERS,
    *folders.ROUTERS,
    *searching.ROUTERS,
    *conversations.ROUTERS,
    *acts.ROUTERS,
    *about.ROUTERS,
    *merging.ROUTERS,
    *bulk.ROUTERS,
    *answering.ROUTERS,
    *writing.ROUTERS,
    *live.ROUTERS,
    *customers.ROUTERS,
    *organizations.ROUTERS,
    *reports.ROUTERS,
    *settings.ROUTERS,
    *mail.ROUTERS,
    *webhooks.ROUTERS,
    *me.ROUTERS,
]
