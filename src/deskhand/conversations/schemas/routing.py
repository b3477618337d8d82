"""Routing on the wire (contract 60 §1.3)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from deskhand.inboxes.model import PassedOver, Place, RoutingMethod
from deskhand.inboxes.queries import Routing
from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.kernel.http.wire import Id

HERE = "https://desk.example.org/v2/mailboxes/61/routing"
ROUTING_INPUT = {"state": "enabled", "assignmentLimit": 25, "assignmentMethod": "balanced", "userIds": [14, 15]}
ROUTING_EXAMPLE = {
    **ROUTING_INPUT,
    "rotation": [
        {"userId": 14, "conversationsCount": 25, "eligible": False, "reason": "at_capacity"},
        {"userId": 15, "conversationsCount": 0, "eligible": True},
        {"userId": 16, "conversationsCount": 1, "eligible": False, "reason": "not_in_rotation"},
    ],
    "_links": {"self": {"href": HERE}},
}


class RoutingState(StrEnum):
    """Whether new conversations are shared out."""

    ENABLED = "enabled"
    DISABLED = "disabled"


class PlaceBody(Struct, kw_only=True, rename="camel"):
    """Somebody who works in the inbox; ``reason`` is why they would get no conversation now."""

    user_id: int
    conversations_count: int
    eligible: bool
    reason: PassedOver | UnsetType = UNSET


class RoutingBody(Struct, kw_only=True, rename="camel"):
    """How an inbox shares out new conversations; limit and method are absent until they are set."""

    state: RoutingState
    assignment_limit: int | UnsetType = UNSET
    assignment_method: RoutingMethod | UnsetType = UNSET
    user_ids: list[int]
    rotation: list[PlaceBody]
    links: SelfLink = field(name="_links")


class RoutingInput(Struct, frozen=True, kw_only=True, rename="camel"):
    """How to share out new conversations: to whom, in turn, and how many each may have."""

    state: RoutingState
    assignment_limit: Annotated[int, Meta(ge=1, le=100)]
    assignment_method: RoutingMethod
    user_ids: Annotated[list[Id], Meta(max_length=1000)]


def routing_body(inbox_id: int, it: Routing | None, places: list[Place], origins: Origins) -> RoutingBody:
    """A record, or None for none, as the resource; ``userIds`` are those who still work in the inbox."""
    return RoutingBody(
        state=RoutingState.ENABLED if it and it.enabled else RoutingState.DISABLED,
        assignment_limit=it.assignment_limit if it else UNSET,
        assignment_method=it.method if it else UNSET,
        user_ids=[each.user_id for each in places if each.reason is not PassedOver.NOT_IN_ROTATION],
        rotation=[
            PlaceBody(
                user_id=each.user_id,
                conversations_count=each.conversations,
                eligible=each.reason is None,
                reason=each.reason or UNSET,
            )
            for each in places
        ],
        links=SelfLink(Link(f"{origins.api}/v2/mailboxes/{inbox_id}/routing")),
    )
