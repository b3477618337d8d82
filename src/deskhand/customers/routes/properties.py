"""The values of a customer's properties; they are read inside the customer (contract 51 §6)."""

from __future__ import annotations

from litestar import Router
from msgspec import UNSET

from deskhand.customers.model import NewValue
from deskhand.customers.operations import values
from deskhand.customers.routes import examples
from deskhand.customers.schemas.requests import PatchInput, PatchOp
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.kernel.http.patches import JsonPatches, many
from deskhand.kernel.http.routes import PathId, patch
from deskhand.kernel.transaction import Transaction


@patch(summary="Update Customer Properties", errors=(400, 403, 404, 415), example=examples.PATCH_PROPERTIES)
async def change(tx: Transaction, customer_id: PathId, data: JsonPatches) -> None:
    """An array of changes with ``op``, ``path`` (a slash and the slug) and ``value``, applied in order, all or none."""
    await values.change(tx, customer_id, _changes(data))


def _changes(body: JsonPatches) -> list[NewValue]:
    """What to set, and with None to take away. Raises Invalid naming each path that is none."""
    found: list[NewValue] = []
    mistakes: list[Mistake] = []
    for at, each in enumerate(many(body, PatchInput)):
        slash, slug = each.path[:1], each.path[1:]
        if slash != "/":
            mistakes.append(Mistake(f"[{at}].path", "must begin with a slash", rejected=each.path[:300]))
            continue
        gone = each.op is PatchOp.REMOVE
        if not gone and each.value is UNSET:
            mistakes.append(Mistake(f"[{at}].value", "may not be null"))
        found.append(NewValue(slug, None if gone else each.value, f"[{at}].path", f"[{at}].value"))
    if mistakes:
        raise Invalid.all(mistakes)
    return found


ROUTERS = [Router("/v2/customers/{customer_id:str}/properties", route_handlers=[change])]
