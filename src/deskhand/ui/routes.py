"""Every page."""

from __future__ import annotations

from deskhand.ui.pages import (
    acts,
    answering,
    conversations,
    customers,
    folders,
    joining,
    live,
    mail,
    me,
    organizations,
    reports,
    searching,
    settings,
    signing_in,
    starting,
    webhooks,
    workflow_runs,
    workflows,
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
    *answering.ROUTERS,
    *writing.ROUTERS,
    *live.ROUTERS,
    *customers.ROUTERS,
    *organizations.ROUTERS,
    *reports.ROUTERS,
    *settings.ROUTERS,
    *mail.ROUTERS,
    *webhooks.ROUTERS,
    *workflows.ROUTERS,
    *workflow_runs.ROUTERS,
    *me.ROUTERS,
]
