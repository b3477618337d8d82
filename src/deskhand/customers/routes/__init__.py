"""The HTTP door to customers: every router of the room."""

from __future__ import annotations

from litestar import Router

from deskhand.customers.routes import addresses, customers, entries

ROUTERS: list[Router] = [*customers.ROUTERS, *addresses.ROUTERS, *entries.ROUTERS]
