"""Merging and un-merging. An addition of ours: the vendor does both by hand only."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct

from deskhand.conversations.operations import merging
from deskhand.kernel.http.routes import PathId, post
from deskhand.kernel.http.wire import Id
from deskhand.kernel.transaction import Transaction


class MergeInput(Struct, frozen=True):
    """The conversation that takes the other in."""

    into: Id


@post("/merge", summary="Merge Conversation", status=204, errors=(400, 403, 404, 412, 415), example={"into": 41008})
async def merge(tx: Transaction, conversation_id: PathId, data: MergeInput) -> None:
    """Put the threads and files of a conversation into another. From then on the first only redirects."""
    await merging.merge(tx, conversation_id, into=data.into)


@post("/unmerge", summary="Unmerge Conversation", status=204, errors=(400, 403, 404, 412))
async def unmerge(tx: Transaction, conversation_id: PathId) -> None:
    """Take a conversation that was merged away out of the other again, as it was. Only until either has a newer thread."""
    await merging.unmerge(tx, conversation_id)


ROUTERS = [Router("/deskhand/v1/conversations/{conversation_id:str}", route_handlers=[merge, unmerge])]
