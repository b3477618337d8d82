"""Settings, by noun; each page stands in ``nav.GROUPS``."""

from __future__ import annotations

from deskhand.ui.pages.settings import index

ROUTERS = [*index.ROUTERS]
