"""Who is at a conversation. Ours: the vendor has it in its web application only."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.operations import presence
from deskhand.conversations.queries import one
from deskhand.conversations.queries import presence as queries
from deskhand.conversations.schemas import presence as shown
from deskhand.conversations.schemas.presence import PresenceInput, ViewersBody
from deskhand.kernel.http.routes import PathId, delete, get, put
from deskhand.kernel.transaction import Snapshot, Transaction


@get("/presence", summary="List Viewers", errors=(400, 403, 404), example=shown.EXAMPLE)
async def index(view: Snapshot, conversation_id: PathId) -> ViewersBody:
    """Who looks at a conversation at this moment, or writes in it; oneself too."""
    await one.get(view, conversation_id)
    return shown.viewers_body(await queries.who(view, conversation_id))


@put("/presence", summary="Be There", errors=(400, 403, 404, 415), example=shown.INPUT_EXAMPLE)
async def be(tx: Transaction, conversation_id: PathId, data: PresenceInput) -> None:
    """Say that one looks at a conversation, or writes in it; to be said again each 15 seconds, over after 45."""
    await presence.here(tx, conversation_id, writing=data.writing)


@delete("/presence", summary="Leave", errors=(400, 403, 404))
async def leave(tx: Transaction, conversation_id: PathId) -> None:
    """Say that one does not look at it any more."""
    await one.get(tx, conversation_id)
    await presence.leave(tx, conversation_id)


ROUTERS = [Router("/deskhand/v1/conversations/{conversation_id:str}", route_handlers=[index, be, leave])]
