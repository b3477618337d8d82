"""What happens to the ledger by itself: old deliveries go."""

from __future__ import annotations

from datetime import timedelta

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.webhooks.model import DeliveriesCleared, WebhookCreated
from deskhand.webhooks.operations import deliveries

EVERY = timedelta(hours=6)


async def clear(desk: Desk, event: WebhookCreated | DeliveriesCleared) -> None:
    """Remove deliveries that ended and are older than the setting's days; then again in six hours."""
    number, cleared = 0, -1
    while cleared:
        async with desk.writing(system_actor()) as tx:
            cleared = await deliveries.clear(tx, tx.instant - timedelta(days=desk.settings.webhook_delivery_days))
            number += cleared
    async with desk.writing(system_actor()) as tx:
        tx.record(DeliveriesCleared(number=number, next_at=tx.instant + EVERY))
