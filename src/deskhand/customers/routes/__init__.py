"""The HTTP door to customers: every router of the room."""

from __future__ import annotations

from litestar import Router

ROUTERS: list[Router] = []
