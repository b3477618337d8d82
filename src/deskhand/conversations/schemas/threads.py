"""The thread resource and its files (contract 20 §2, §8.2)."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.conversations.model import Rating, ThreadType
from deskhand.conversations.queries.records import Attachment, Thread
from deskhand.conversations.schemas.people import Person, person
from deskhand.kernel.html import clean, with_pictures
from deskhand.kernel.http.hal import Link, Origins

SAYS_SAVED_REPLY = frozenset({ThreadType.MESSAGE, ThreadType.CUSTOMER})
DEPRECATED = "/docs/#conversations-attachments-data"


class ActionBody(Struct, kw_only=True, rename="camel"):
    """What an entry did; plain ones are ``default``."""

    type: str
    text: str | UnsetType = UNSET
    associated_entities: dict[str, int]


class ThreadSource(Struct):
    """Where an entry came from."""

    type: str
    via: str


class RatingBody(Struct, kw_only=True, rename="camel"):
    """What the customer thought of a reply."""

    customer_id: int
    rating: Rating
    comments: str | UnsetType = UNSET


class ScheduledBody(Struct, kw_only=True, rename="camel"):
    """When a draft will be sent (UTC); ``sendAsId`` when it goes out in its author's name."""

    scheduled_by: int
    send_as_id: int | UnsetType = UNSET
    created_at: datetime
    scheduled_for: datetime
    unschedule_on_customer_reply: bool


class DeprecatedLink(Struct):
    """A link that clients should leave."""

    href: str
    deprecation: str


class AttachmentLinks(Struct):
    """The links of a file."""

    data: Link
    self_: Link = field(name="self")
    web: DeprecatedLink


class AttachmentBody(Struct, kw_only=True, rename="camel"):
    """A file: ``size`` in bytes, ``width`` and ``height`` in pixels (0 when it is no picture)."""

    id: int
    filename: str
    mime_type: str
    width: int
    height: int
    size: int
    state: str
    links: AttachmentLinks = field(name="_links")


class EmbeddedAttachments(Struct):
    """The files of an entry; ``[]`` when there are none."""

    attachments: list[AttachmentBody]


class ThreadLinks(Struct, kw_only=True, rename="camel"):
    """The links of an entry; there is no ``self``."""

    assigned_to: Link | UnsetType = UNSET
    created_by_customer: Link | UnsetType = UNSET
    created_by_user: Link | UnsetType = UNSET
    customer: Link


class ThreadBody(Struct, kw_only=True, rename="camel"):
    """An entry, as the API gives it."""

    id: int
    type: str
    status: str
    state: str
    action: ActionBody
    body: str | UnsetType = UNSET
    source: ThreadSource
    customer: Person
    created_by: Person
    assigned_to: Person | UnsetType = UNSET
    saved_reply_id: int | UnsetType = UNSET
    to: list[str]
    cc: list[str]
    bcc: list[str]
    created_at: datetime
    opened_at: datetime | UnsetType = UNSET
    linked_conversation_id: str | UnsetType = UNSET
    rating: RatingBody | UnsetType = UNSET
    scheduled: ScheduledBody | UnsetType = UNSET
    embedded: EmbeddedAttachments = field(name="_embedded")
    links: ThreadLinks = field(name="_links")


class EmbeddedThreadList(Struct):
    """The entries of a page."""

    threads: list[ThreadBody]


class AttachmentData(Struct):
    """A file's content in base64."""

    data: str
    links: dict[str, Link] = field(name="_links")


class OriginalSource(Struct):
    """A mail as it arrived; bytes that are no UTF-8 are replaced."""

    original: str


def thread_body(it: Thread, files: list[Attachment], viewer_id: int, origins: Origins, *, system: str = "user") -> ThreadBody:
    """A record and its files as the resource of contract 20 §2; ``viewer_id`` is the user who reads line items as "You",
    ``system`` the type of who acts when nobody does (v3 tells, contract 00 §14)."""
    api = origins.api + "/v2"
    by_customer = it.created_by_customer_id
    if by_customer is not None:
        author = person(by_customer, "customer", it.author_first, it.author_last, it.author_email, it.author_photo)
    elif it.created_by_user_id is None:
        author = person(0, system, "Deskhand", None, None, None)
    else:
        author = person(
            it.created_by_user_id, "user", it.creator_first, it.creator_last, it.creator_email, origins.photo(it.creator_photo)
        )
    assigned_to: Person | UnsetType = UNSET
    assigned_link: Link | UnsetType = UNSET
    if it.assignee_id is not None:
        is_team = it.assignee_type == "team"
        assigned_to = person(
            it.assignee_id,
            "team" if is_team else UNSET,
            it.assignee_first,
            it.assignee_last,
            it.assignee_email,
            origins.photo(it.assignee_photo),
        )
        assigned_link = Link(f"{api}/{'teams' if is_team else 'users'}/{it.assignee_id}")
    pictures = {each.content_id: web_link(each, origins) for each in files if each.content_id}
    return ThreadBody(
        id=it.id,
        type=it.type,
        status=it.status,
        state=it.state,
        action=ActionBody(
            type=it.action_type,
            text=_told(it, viewer_id) if it.action_text else UNSET,
            associated_entities=it.action_entities or {},
        ),
        body=UNSET if it.body is None else with_pictures(clean(it.body), pictures),
        source=ThreadSource(it.source_type, it.source_via),
        customer=person(it.customer_id, UNSET, it.customer_first, it.customer_last, it.customer_email, it.customer_photo),
        created_by=author,
        assigned_to=assigned_to,
        saved_reply_id=(it.saved_reply_id or 0) if it.type in SAYS_SAVED_REPLY else UNSET,
        to=it.to,
        cc=it.cc,
        bcc=it.bcc,
        created_at=it.created_at,
        opened_at=it.opened_at or UNSET,
        linked_conversation_id=UNSET if it.linked_conversation_id is None else str(it.linked_conversation_id),
        rating=_rating(it),
        scheduled=_scheduled(it),
        embedded=EmbeddedAttachments([attachment_body(each, origins) for each in files]),
        links=ThreadLinks(
            assigned_to=assigned_link,
            created_by_customer=UNSET if by_customer is None else Link(f"{api}/customers/{by_customer}"),
            created_by_user=UNSET if by_customer is not None else Link(f"{api}/users/{it.created_by_user_id or 0}"),
            customer=Link(f"{api}/customers/{it.customer_id}"),
        ),
    )


def attachment_body(it: Attachment, origins: Origins) -> AttachmentBody:
    """A file as the resource of contract 20 §8.2."""
    here = f"{origins.api}/v2/conversations/{it.conversation_id}/attachments/{it.id}"
    # The name is for people; one that would be read as a path is not taken along.
    web = web_link(it, origins)
    return AttachmentBody(
        id=it.id,
        filename=it.filename,
        mime_type=it.mime_type,
        width=it.width,
        height=it.height,
        size=it.size_bytes,
        state=it.state,
        links=AttachmentLinks(Link(f"{here}/data"), Link(here), DeprecatedLink(web, origins.api + DEPRECATED)),
    )


def web_link(it: Attachment, origins: Origins) -> str:
    """Where whoever has the link finds a file."""
    # The name is for people; one that would be read as a path is not taken along.
    name = "file" if it.filename.strip(".") == "" else it.filename.replace("/", "_").replace("\\", "_")
    return f"{origins.web}/file/{it.id}/{it.web_key.hex()}/{quote(name, safe='')}"


def _told(it: Thread, viewer_id: int) -> str:
    """A line item's sentence from the reader's side: "You set the status to Active" (contract 20 §2)."""
    who = "You" if it.created_by_user_id == viewer_id else it.creator_first or it.author_first or "Deskhand"
    return f"{who} {it.action_text}"


def _rating(it: Thread) -> RatingBody | UnsetType:
    if it.rating is None:
        return UNSET
    return RatingBody(customer_id=it.customer_id, rating=it.rating, comments=it.rating_comments or UNSET)


def _scheduled(it: Thread) -> ScheduledBody | UnsetType:
    if it.scheduled_for is None or it.scheduled_at is None:
        return UNSET
    return ScheduledBody(
        scheduled_by=it.scheduled_by or 0,
        send_as_id=it.send_as_id or UNSET,
        created_at=it.scheduled_at,
        scheduled_for=it.scheduled_for,
        unschedule_on_customer_reply=it.unschedules_on_reply,
    )
