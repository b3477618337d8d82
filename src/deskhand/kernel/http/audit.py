"""``/deskhand/v1/audit``: who did what, for who manages the account. An addition of ours."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from litestar import Router
from msgspec import UNSET, Meta, Struct, UnsetType

from deskhand.kernel import auditing
from deskhand.kernel.auditing import Entry
from deskhand.kernel.http.feed import ActorBody
from deskhand.kernel.http.routes import camel, get
from deskhand.kernel.http.wire import Id
from deskhand.kernel.transaction import Snapshot

MOST = 200
EXAMPLE = {
    "entries": [
        {
            "id": 5012,
            "type": "RoleChanged",
            "at": "2026-03-02T12:01:00.204Z",
            "actor": {"kind": "user", "id": 14},
            "userId": 14,
            "address": "192.0.2.7",
            "data": {"userId": 15, "before": "user", "after": "admin"},
        }
    ],
    "next": 5012,
}


class AuditQuery(Struct, frozen=True, kw_only=True):
    """Which: of one user, of one type of fact, behind (older than) ``before``, and how many."""

    user: Id | None = None
    type: Annotated[str, Meta(max_length=100)] | None = None
    before: Id | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = 50


class EntryBody(Struct, kw_only=True, rename="camel"):
    """An act; ``userId`` is who did it, or whose session or password it was; ``address`` is the network address, if any."""

    id: int
    type: str
    at: datetime
    actor: ActorBody
    user_id: int | UnsetType = UNSET
    address: str | UnsetType = UNSET
    data: dict[str, Any]


class AuditBody(Struct, kw_only=True):
    """Some entries, the newest first; ``next`` is the ``before`` of what follows."""

    entries: list[EntryBody]
    next: int | UnsetType = UNSET


@get("/audit", summary="List Audit Entries", errors=(400, 403), example=EXAMPLE)
async def audit(view: Snapshot, query: AuditQuery) -> AuditBody:
    """Sign-ins, changes of access and settings, exports and deletions, for owners and administrators."""
    found = await auditing.page(view, query.limit + 1, user_id=query.user, type_=query.type, before=query.before)
    shown = found[: query.limit]
    return AuditBody(
        entries=[_body(each) for each in shown],
        next=shown[-1].id if len(found) > query.limit else UNSET,
    )


def _body(it: Entry) -> EntryBody:
    data = msgspec.json.decode(it.body, type=dict[str, Any])
    return EntryBody(
        id=it.id,
        type=it.type,
        at=it.at,
        actor=ActorBody(it.actor_kind, it.actor_id),
        user_id=it.user_id or UNSET,
        address=it.address or UNSET,
        data={camel(name): value for name, value in data.items()},
    )


ROUTERS = [Router("/deskhand/v1", route_handlers=[audit])]
"""The audit's."""
