"""Bringing back what was deleted. An addition of ours: the vendor does it by hand only."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.operations import changing
from deskhand.kernel.http.routes import PathId, post
from deskhand.kernel.transaction import Transaction


@post("/restore", summary="Restore Conversation", status=204, errors=(400, 403, 404, 412))
async def restore(tx: Transaction, conversation_id: PathId) -> None:
    """Bring a conversation back from Deleted, as it was. Mail that was withheld for its deletion stays withheld."""
    await changing.restore(tx, conversation_id)


ROUTERS = [Router("/deskhand/v1/conversations/{conversation_id:str}", route_handlers=[restore])]
