"""Ratings on the wire (contract 61 §3)."""

from __future__ import annotations

from datetime import datetime

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.kernel.http.hal import Link, Origins
from deskhand.ratings.queries import Rated

API = "https://desk.example.org/v2"
EXAMPLE = {
    "id": 9001,
    "customer": {"id": 90311, "email": "pavel.lund@mail.example", "firstName": "Pavel", "lastName": "Lund"},
    "threadId": 880133,
    "conversationId": 41007,
    "conversationNumber": 1882,
    "mailboxId": 61,
    "rating": "great",
    "user": {"id": 14, "email": "ona@desk.example", "firstName": "Ona", "lastName": "Bell"},
    "comments": "Quick answer",
    "createdAt": "2026-02-12T12:12:13Z",
    "modifiedAt": "2026-02-12T12:14:00Z",
    "_links": {
        "conversation": {"href": f"{API}/conversations/41007"},
        "customer": {"href": f"{API}/customers/90311"},
        "mailbox": {"href": f"{API}/mailboxes/61"},
        "self": {"href": f"{API}/ratings/9001"},
        "user": {"href": f"{API}/users/14"},
    },
}


class RaterBody(Struct, kw_only=True, rename="camel"):
    """The customer or the user of a rating; only a customer has a picture here."""

    id: int
    email: str | UnsetType = UNSET
    first_name: str
    last_name: str
    photo_url: str | UnsetType = UNSET


class RatingLinks(Struct, kw_only=True):
    """The links of a rating."""

    conversation: Link
    customer: Link
    mailbox: Link
    self_: Link = field(name="self")
    user: Link | UnsetType = UNSET


class RatingBody(Struct, kw_only=True, rename="camel"):
    """What a customer thought of a reply; ``modifiedAt`` once they changed it, ``user`` is who wrote the reply."""

    id: int
    customer: RaterBody
    thread_id: int
    conversation_id: int
    conversation_number: int
    inbox_id: int = field(name="mailboxId")
    rating: str
    user: RaterBody | UnsetType = UNSET
    comments: str | UnsetType = UNSET
    created_at: datetime
    modified_at: datetime | UnsetType = UNSET
    links: RatingLinks = field(name="_links")


def rating_body(it: Rated, origins: Origins) -> RatingBody:
    """A record as the resource of contract 61 §3."""
    api = origins.api + "/v2"
    user: RaterBody | UnsetType = UNSET
    if it.user_id is not None:
        user = RaterBody(
            id=it.user_id, email=it.user_email or UNSET, first_name=it.user_first or "", last_name=it.user_last or ""
        )
    return RatingBody(
        id=it.id,
        customer=RaterBody(
            id=it.customer_id,
            email=it.customer_email or UNSET,
            first_name=it.customer_first or "",
            last_name=it.customer_last or "",
            photo_url=it.customer_photo or UNSET,
        ),
        thread_id=it.thread_id,
        conversation_id=it.conversation_id,
        conversation_number=it.conversation_number,
        inbox_id=it.inbox_id,
        rating=it.rating or "unknown",
        user=user,
        comments=it.comments or UNSET,
        created_at=it.created_at,
        modified_at=it.modified_at or UNSET,
        links=RatingLinks(
            conversation=Link(f"{api}/conversations/{it.conversation_id}"),
            customer=Link(f"{api}/customers/{it.customer_id}"),
            mailbox=Link(f"{api}/mailboxes/{it.inbox_id}"),
            self_=Link(f"{api}/ratings/{it.id}"),
            user=UNSET if it.user_id is None else Link(f"{api}/users/{it.user_id}"),
        ),
    )
