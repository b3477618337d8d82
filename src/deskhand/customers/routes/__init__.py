"""The HTTP door to customers: every router of the room."""

from __future__ import annotations

from litestar import Router

from deskhand.customers.routes import addresses, cursors, customers, entries, organizations, pictures, properties

ROUTERS: list[Router] = [
    *customers.ROUTERS,
    *cursors.ROUTERS,
    *addresses.ROUTERS,
    *entries.ROUTERS,
    *pictures.ROUTERS,
    *properties.ROUTERS,
    *organizations.ROUTERS,
]
