"""Settings, by noun; each page stands in ``nav.GROUPS``."""

from __future__ import annotations

from deskhand.ui.pages.settings import (
    account,
    applications,
    audit,
    inbox_mail,
    inbox_oauth,
    inbox_words,
    inbox_work,
    inboxes,
    index,
    people,
    saved_replies,
    tags,
)

ROUTERS = [
    *index.ROUTERS,
    *account.ROUTERS,
    *inboxes.ROUTERS,
    *inbox_mail.ROUTERS,
    *inbox_oauth.ROUTERS,
    *inbox_words.ROUTERS,
    *inbox_work.ROUTERS,
    *people.ROUTERS,
    *tags.ROUTERS,
    *saved_replies.ROUTERS,
    *applications.ROUTERS,
    *audit.ROUTERS,
]
