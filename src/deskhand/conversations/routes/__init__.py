"""The HTTP door to conversations: every router of the room."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.routes import (
    attachments,
    bulk,
    conversations,
    customers,
    folders,
    merging,
    organizations,
    presence,
    restoring,
    routing,
    threads,
    v3,
    views,
    writings,
)

ROUTERS: list[Router] = [
    *conversations.ROUTERS,
    *threads.ROUTERS,
    *attachments.ROUTERS,
    *folders.ROUTERS,
    *routing.ROUTERS,
    *customers.ROUTERS,
    *bulk.ROUTERS,
    *merging.ROUTERS,
    *organizations.ROUTERS,
    *presence.ROUTERS,
    *restoring.ROUTERS,
    *v3.ROUTERS,
    *views.ROUTERS,
    *writings.ROUTERS,
]
