"""Saved replies, by inbox: for whoever may change them, in the inboxes they see."""

from __future__ import annotations

from typing import Any

from litestar import Router

from deskhand.inboxes import operations, queries
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.composing.templates import VARIABLES
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import MOST_INBOXES
from deskhand.ui.markup import as_kept, as_typed
from deskhand.ui.pages.settings.nav import show

NEEDED = Permission.EDIT_SAVED_REPLIES


@page("/settings/saved-replies", title="Saved replies", needs=NEEDED)
async def inboxes(view: Snapshot, visit: Visit) -> Answer:
    """The inboxes, each with how many it has."""
    found, _ = await queries.page(view, 1, MOST_INBOXES)
    rows = [(each, await view.one(queries.SAVED_REPLY_COUNT, inbox_id=each.id)) for each in found]
    return show(visit, "settings/saved_replies_inboxes.html", "saved-replies", rows=rows)


@page("/settings/inboxes/{inbox_id:str}/saved-replies", title="Saved replies of an inbox", needs=NEEDED)
async def saved_replies(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """By name."""
    it = await queries.get(view, inbox_id)
    found = await queries.saved_replies_of(view, inbox_id, chat_only_too=True)
    return _page(visit, "saved_replies", it, (visit.words.text("Saved replies"), "/settings/saved-replies"), rows=found)


@page("/settings/inboxes/{inbox_id:str}/saved-replies/new", title="Another saved reply", needs=NEEDED)
async def new(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """An empty one."""
    it = await queries.get(view, inbox_id)
    return _page(visit, "saved_reply", it, _crumb(it), reply=None, text="", version="", variables=VARIABLES)


@act("/settings/inboxes/{inbox_id:str}/saved-replies/new", title="Save a reply", needs=NEEDED, shown_by=new)
async def create(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """For mail, chats or both."""
    await operations.create_saved_reply(tx, inbox_id, form.one("name"), **_said(form))
    return Done(f"/settings/inboxes/{inbox_id}/saved-replies", visit.words.text("Saved reply added"))


@page("/settings/inboxes/{inbox_id:str}/saved-replies/{reply_id:str}", title="Saved reply", needs=NEEDED)
async def saved_reply(view: Snapshot, visit: Visit, inbox_id: PathId, reply_id: PathId) -> Answer:
    """What it says."""
    it = await queries.get(view, inbox_id)
    reply = await queries.saved_reply(view, inbox_id, reply_id)
    text = as_typed(reply.text or "")
    values: dict[str, Any] = {"reply": reply, "text": text, "version": version(reply), "variables": VARIABLES}
    return _page(visit, "saved_reply", it, _crumb(it), **values)


@act(
    "/settings/inboxes/{inbox_id:str}/saved-replies/{reply_id:str}",
    title="Change a saved reply",
    needs=NEEDED,
    shown_by=saved_reply,
)
async def change(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, reply_id: PathId) -> Done:
    """Replace what it says."""
    as_shown(form, await queries.saved_reply(tx, inbox_id, reply_id))
    await operations.update_saved_reply(tx, inbox_id, reply_id, form.one("name"), **_said(form))
    return Done(f"/settings/inboxes/{inbox_id}/saved-replies", visit.words.text("Saved reply changed"))


@act("/settings/inboxes/{inbox_id:str}/saved-replies/{reply_id:str}/delete", title="Delete a saved reply", needs=NEEDED)
async def delete(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, reply_id: PathId) -> Done:
    """Offer it no more; reports keep its name."""
    it = await queries.saved_reply(tx, inbox_id, reply_id)
    await operations.delete_saved_reply(tx, inbox_id, reply_id)
    told = visit.words.text("%(name)s was deleted", name=it.name)
    undo = Undo(f"/settings/inboxes/{inbox_id}/saved-replies/{reply_id}/restore", {})
    return Done(f"/settings/inboxes/{inbox_id}/saved-replies", told, undo)


@act("/settings/inboxes/{inbox_id:str}/saved-replies/{reply_id:str}/restore", title="Bring a saved reply back", needs=NEEDED)
async def restore(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId, reply_id: PathId) -> Done:
    """Offer it again."""
    await operations.restore_saved_reply(tx, inbox_id, reply_id)
    return Done(f"/settings/inboxes/{inbox_id}/saved-replies", visit.words.text("It is back"))


def _said(form: Form) -> dict[str, str | None]:
    return {"text": as_kept(form.one("text")) or None, "chat_text": form.one("chatText").strip() or None}


def _crumb(it: Inbox) -> tuple[str, str]:
    return it.name, f"/settings/inboxes/{it.id}/saved-replies"


def _page(visit: Visit, template: str, inbox: Inbox, crumb: tuple[str, str], **values: Any) -> Answer:
    here = f"/settings/inboxes/{inbox.id}/saved-replies"
    return show(visit, f"settings/{template}.html", "saved-replies", crumb=crumb, inbox=inbox, here=here, **values)


ROUTERS = [
    Router("/", route_handlers=[inboxes, saved_replies, new, create, saved_reply, change, delete, restore]),
]
