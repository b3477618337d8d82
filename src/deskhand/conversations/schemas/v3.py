"""What v3 has of its own: a list that goes on at a cursor (contract 00 §14)."""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType, field

from deskhand.conversations.schemas.conversations import EmbeddedConversations
from deskhand.kernel.http.hal import Asked, Link


class CursorLinks(Struct, kw_only=True):
    """The links of such a list; ``next`` only where it goes on."""

    first: Link
    next: Link | UnsetType = UNSET
    self_: Link = field(name="self")


class ConversationRun(Struct, kw_only=True):
    """A piece of a list without numbers: ``_embedded`` is left out when it is empty."""

    embedded: EmbeddedConversations | UnsetType = field(default=UNSET, name="_embedded")
    links: CursorLinks = field(name="_links")


def cursor_links(asked: Asked, cursor: str | None, following: str | None) -> CursorLinks:
    """The links around a piece that began at ``cursor`` (None: the first one); ``asked`` tells no cursor."""

    def link(at: str | None) -> Link:
        query = "&".join(part for part in (asked.parameters, at and f"cursor={at}") if part)
        return Link(f"{asked.address}?{query}" if query else asked.address)

    return CursorLinks(first=link(None), next=link(following) if following else UNSET, self_=link(cursor))
