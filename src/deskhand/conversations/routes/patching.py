"""A JSON Patch meets a table of what may be changed: path and op -> what to do (contract 10 §6, 20 §5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import UNSET, structs

from deskhand.conversations.schemas.requests import PatchInput
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.http.patches import no_such_change, one_or_many
from deskhand.kernel.transaction import Transaction

Changes = Mapping[tuple[str, str], Callable[..., Awaitable[None]]]


async def apply(tx: Transaction, body: Any, changes: Changes, *ids: int) -> None:
    """Do every change of a body in order; each function gets the transaction, the ids and the value.

    Raises Invalid naming ``op``, ``path`` or ``value``; in an array ``[1].value``.
    """
    for at, each in enumerate(one_or_many(body, PatchInput)):
        prefix = f"[{at}]." if isinstance(body, list) else ""
        act = changes.get((each.path, each.op))
        if act is None:
            raise no_such_change(each.op, each.path, changes, prefix)
        try:
            if each.value is UNSET and each.op != "remove":
                raise Invalid("value", "may not be null", code=Code.NOT_NULL)
            await act(tx, *ids, each.value)
        except Invalid as error:
            raise Invalid.all([structs.replace(one, path=prefix + one.path) for one in error.mistakes]) from None
