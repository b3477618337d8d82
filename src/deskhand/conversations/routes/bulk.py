"""Many changes in one request, each refused or done by itself. An addition of ours: the vendor has none."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from litestar import Request, Router
from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.conversations.operations import changing, snoozing, tagging
from deskhand.conversations.operations.several import in_turn
from deskhand.conversations.routes import patching
from deskhand.conversations.routes.conversations import CHANGES
from deskhand.conversations.schemas.requests import SnoozeInput, TagNames
from deskhand.kernel.errors import Code, DeskError, Invalid, Source
from deskhand.kernel.http import wire
from deskhand.kernel.http.door import Call
from deskhand.kernel.http.errors import answer_to
from deskhand.kernel.http.routes import post
from deskhand.kernel.http.wire import Id
from deskhand.kernel.transaction import Transaction

MOST = 100


class BulkChange(Struct, frozen=True, rename="camel", kw_only=True):
    """A change of one conversation: as "Update Conversation" takes it, and `/tags`, `/snooze` and `/state` beside."""

    conversation_id: Id
    op: str
    path: str
    value: Any = UNSET


class BulkInput(Struct, frozen=True):
    """Up to 100 changes. Those of one conversation are made in the order given."""

    changes: Annotated[list[BulkChange], Meta(min_length=1, max_length=MOST)]


class BulkResult(Struct, rename="camel"):
    """What became of one change: 204, or the status and body that it would have got alone."""

    conversation_id: int
    status: int
    error: msgspec.Raw | UnsetType = UNSET


class BulkBody(Struct):
    """A result for each change, in the order they came in."""

    results: list[BulkResult]


def _names(value: object) -> list[str]:
    found: list[str] = wire.convert(value, TagNames, Source.JSON, "value")
    return found


async def _add_tags(tx: Transaction, conversation_id: int, value: object) -> None:
    await tagging.change_tags(tx, conversation_id, add=_names(value), remove=[])


async def _remove_tags(tx: Transaction, conversation_id: int, value: object) -> None:
    await tagging.change_tags(tx, conversation_id, add=[], remove=_names(value))


async def _set_tags(tx: Transaction, conversation_id: int, value: object) -> None:
    await tagging.set_tags(tx, conversation_id, _names(value))


async def _snooze(tx: Transaction, conversation_id: int, value: object) -> None:
    wanted: SnoozeInput = wire.convert(value, SnoozeInput, Source.JSON, "value")
    await snoozing.snooze(tx, conversation_id, until=wanted.snoozed_until, wakes_on_reply=wanted.unsnooze_on_customer_reply)


async def _wake(tx: Transaction, conversation_id: int, value: object) -> None:
    await snoozing.wake(tx, conversation_id)


async def _delete(tx: Transaction, conversation_id: int, value: object) -> None:
    if value != "deleted":
        raise Invalid("value", "Expected one of these: 'deleted'", code=Code.ENUM_VALUE, rejected=value)
    await changing.delete(tx, conversation_id)


ALL_CHANGES = CHANGES | {
    ("/snooze", "replace"): _snooze,
    ("/snooze", "remove"): _wake,
    ("/state", "replace"): _delete,
    ("/tags", "add"): _add_tags,
    ("/tags", "remove"): _remove_tags,
    ("/tags", "replace"): _set_tags,
}
EXAMPLE = {
    "changes": [
        {"conversationId": 41007, "op": "replace", "path": "/status", "value": "closed"},
        {"conversationId": 41007, "op": "add", "path": "/tags", "value": ["vip"]},
        {"conversationId": 41008, "op": "replace", "path": "/assignTo", "value": 502},
    ]
}


@post("/bulk", summary="Change Conversations", status=200, errors=(400, 403, 415), example=EXAMPLE)
async def bulk(tx: Transaction, data: BulkInput, request: Request[Any, Any, Any]) -> BulkBody:
    """Up to 100 changes of conversations in one transaction: each is made, or refused as it would be alone, without the
    others. The answer is 200 with a result for each."""
    call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
    refusals = await in_turn(tx, [(each.conversation_id, partial(_change, tx, each)) for each in data.changes])
    return BulkBody([_result(each, refused, call) for each, refused in zip(data.changes, refusals, strict=True)])


async def _change(tx: Transaction, it: BulkChange) -> None:
    change = {"op": it.op, "path": it.path} | ({} if it.value is UNSET else {"value": it.value})
    await patching.apply(tx, change, ALL_CHANGES, it.conversation_id)


def _result(it: BulkChange, refused: DeskError | None, call: Call) -> BulkResult:
    if refused is None:
        return BulkResult(it.conversation_id, 204)
    alone = answer_to(refused, call.log_ref, call.door.error_docs, "")
    return BulkResult(it.conversation_id, alone.status, msgspec.Raw(alone.body))


ROUTERS = [Router("/deskhand/v1/conversations", route_handlers=[bulk])]
