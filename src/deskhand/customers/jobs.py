"""What happens to customers later, by itself: those of a changed organization who did not follow at once."""

from __future__ import annotations

from deskhand.customers.operations.belonging import AT_ONCE, misnamed, newcomers, rename, welcome
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.organizations.model import OrganizationCreated, OrganizationUpdated


async def follow(desk: Desk, event: OrganizationCreated | OrganizationUpdated) -> None:
    """The rest of those whom a domain or another name of an organization concerns, a hundred in each transaction."""
    steps = [(newcomers, welcome)] if event.domains else []
    if isinstance(event, OrganizationUpdated) and event.renamed:
        steps.append((misnamed, rename))
    for find, change in steps:
        async with desk.reading(system_actor()) as view:
            ids = await find(view, event.organization_id)
        for start in range(0, len(ids), AT_ONCE):
            async with desk.writing(system_actor()) as tx:
                await change(tx, event.organization_id, ids[start : start + AT_ONCE])
