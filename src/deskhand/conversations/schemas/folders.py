"""Folders on the wire (contract 60 §1.1)."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct, field

from deskhand.conversations.queries.folders import CountedFolder
from deskhand.kernel.http.hal import Link, PageInfo, SelfLink


class FolderBody(Struct, kw_only=True, rename="camel"):
    """A folder; ``userId`` is the owner of "Mine", the team of a team's, else 0."""

    id: int
    name: str
    type: str
    user_id: int
    total_count: int
    active_count: int
    updated_at: datetime
    links: SelfLink = field(name="_links")


class EmbeddedFolders(Struct):
    """The folders of an inbox."""

    folders: list[FolderBody]


class FolderList(Struct, kw_only=True):
    """Folders in one page whose only link is itself."""

    embedded: EmbeddedFolders = field(name="_embedded")
    links: SelfLink = field(name="_links")
    page: PageInfo


def folder_body(it: CountedFolder, address: str) -> FolderBody:
    """A record as the resource; ``address`` is that of the inbox's folders, without a trailing slash."""
    return FolderBody(
        id=it.folder.id,
        name=it.name,
        type=it.folder.type,
        user_id=it.folder.user_id,
        total_count=it.total,
        active_count=it.active,
        updated_at=it.updated_at,
        links=SelfLink(Link(f"{address}/{it.folder.id}")),
    )
