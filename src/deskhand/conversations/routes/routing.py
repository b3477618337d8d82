"""Routing: its address is an inbox's, but it counts conversations (contract 60 §1.3)."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.queries.routing import rotation
from deskhand.conversations.schemas.routing import (
    ROUTING_EXAMPLE,
    ROUTING_INPUT,
    RoutingBody,
    RoutingInput,
    RoutingState,
    routing_body,
)
from deskhand.inboxes import operations
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.routes import PathId, get, put
from deskhand.kernel.transaction import Snapshot, Transaction


@get("/routing", summary="Get Routing", errors=(400, 403, 404), example=ROUTING_EXAMPLE)
async def show(view: Snapshot, mailbox_id: PathId, origins: Origins) -> RoutingBody:
    """How an inbox shares out new conversations, and who would get the next one."""
    await inboxes.get(view, mailbox_id)
    routing = await inboxes.routing(view, mailbox_id)
    return routing_body(mailbox_id, routing, await rotation(view, mailbox_id, routing), origins)


@put("/routing", summary="Update Routing", errors=(400, 403, 404, 415), example=ROUTING_INPUT)
async def change(tx: Transaction, mailbox_id: PathId, data: RoutingInput) -> None:
    """Say how an inbox shares out new conversations; replaces what was said before."""
    await operations.set_routing(
        tx,
        mailbox_id,
        enabled=data.state is RoutingState.ENABLED,
        assignment_limit=data.assignment_limit,
        method=data.assignment_method,
        user_ids=data.user_ids,
    )


ROUTERS = [Router("/v2/mailboxes/{mailbox_id:str}", route_handlers=[show, change])]
