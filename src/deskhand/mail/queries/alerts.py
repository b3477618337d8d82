"""What those who manage the account were told by mail, and what there is to tell."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text

from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import Alert
from deskhand.mail.queries.held import MOST_COUNTED
from deskhand.mail.tables import HELD, mail_hushed, mail_received

EVERY = timedelta(hours=1)
FLOODS = "more than 20 messages in ten minutes"
"""Why a sender who writes too much is hushed."""

c = mail_received.c
# What reports held is told to nobody by mail: it may be the bounce of an alert.
_held = (text(HELD), c.kind.is_(None), c.inbox_id.is_not_distinct_from(param("inbox_id")))
HELD_LETTERS = read(select(func.count()).select_from(select(c.id).where(*_held).limit(MOST_COUNTED).subquery()), int)
FLOODING = read(
    select(func.count()).select_from(mail_hushed).where(mail_hushed.c.reason == FLOODS, mail_hushed.c.until > param("now")), int
)


def count_name(alert: Alert, inbox_id: int | None) -> str:
    """The kept count of how often something was told, whose moment says when it last was."""
    return f"mail-alerts:{alert}:{inbox_id or 0}"


async def told_lately(view: Snapshot, alert: Alert, inbox_id: int | None) -> datetime | None:
    """When something was told, if that was within the hour."""
    name = count_name(alert, inbox_id)
    at = (await view.counts_with_moments([name]))[1].get(name)
    return at if at is not None and view.instant - at < EVERY else None
