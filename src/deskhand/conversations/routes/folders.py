"""Folders: their address is an inbox's, but they count conversations (contract 60 §1.1)."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.queries import folders
from deskhand.conversations.schemas.folders import EmbeddedFolders, FolderBody, FolderList, folder_body
from deskhand.kernel.desk import Desk
from deskhand.kernel.http.hal import Link, Origins, PageInfo, SelfLink
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.transaction import Snapshot


@get("/folders", summary="List Folders", errors=(400, 403, 404))
async def index(view: Snapshot, mailbox_id: PathId, desk: Desk, origins: Origins) -> FolderList:
    """The folders of an inbox with their counts: the shared ones, the teams', and the caller's own "Mine"."""
    found = await folders.of_inbox(view, mailbox_id)
    here = f"{origins.api}/v2/mailboxes/{mailbox_id}/folders"
    return FolderList(
        embedded=EmbeddedFolders([folder_body(each, here) for each in found]),
        links=SelfLink(Link(f"{here}/")),
        page=PageInfo(desk.settings.page_size, len(found), 1, 1),
    )


@get("/folders/{folder_id:str}", summary="Get Folder", errors=(400, 403, 404))
async def show(view: Snapshot, mailbox_id: PathId, folder_id: PathId, origins: Origins) -> FolderBody:
    """One folder of an inbox."""
    found = await folders.one_of_inbox(view, mailbox_id, folder_id)
    return folder_body(found, f"{origins.api}/v2/mailboxes/{mailbox_id}/folders")


ROUTERS = [Router("/v2/mailboxes/{mailbox_id:str}", route_handlers=[index, show])]
