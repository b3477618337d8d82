"""What people want to be told of."""

from __future__ import annotations

from collections.abc import Collection

from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import NotificationsChosen, Occasion
from deskhand.users.tables import notification_settings

_wishes = upsert(notification_settings).values({name: param(name) for name in ("user_id", "in_browser", "by_mail")})
SET_WISHES = write(
    _wishes.on_conflict_do_update(
        index_elements=["user_id"], set_={name: _wishes.excluded[name] for name in ("in_browser", "by_mail")}
    )
)


async def choose_notifications(tx: Transaction, *, in_browser: Collection[Occasion], by_mail: Collection[Occasion]) -> None:
    """Say what the actor wants to be told of from now on. What is wanted already changes nothing. Raises NotFound."""
    user_id = (await queries.get(tx, tx.actor.user_id)).id
    wanted = queries.Wishes(*([each for each in Occasion if each in given] for given in (in_browser, by_mail)))
    before = await queries.wishes(tx, user_id)
    if set(before.in_browser) == set(wanted.in_browser) and set(before.by_mail) == set(wanted.by_mail):
        return
    await tx.write(SET_WISHES, user_id=user_id, in_browser=wanted.in_browser, by_mail=wanted.by_mail)
    tx.record(NotificationsChosen(user_id=user_id))
