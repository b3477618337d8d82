"""What one does to a conversation: each act a form, with the one that takes it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Router

from deskhand.conversations.model import Status
from deskhand.conversations.operations import changing, snoozing, tagging
from deskhand.conversations.queries import folders, one
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.transaction import Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act
from deskhand.ui.frame import KINDS
from deskhand.ui.people import face
from deskhand.users import queries as users

STATUSES = {
    Status.ACTIVE: ("Active", "circle-dot", ""),
    Status.PENDING: ("Pending", "hourglass", "p"),
    Status.CLOSED: ("Closed", "circle-check", "c"),
    Status.SPAM: ("Spam", "ban", "!"),
}
"""What a status is called, its icon, and its key."""
MORNING = 9  # o'clock
LATER = timedelta(hours=3)


@act("/conversation/{conversation_id:str}/status", title="Set the status")
async def set_status(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Whose turn it is; with ``takes_back`` a change that was made is taken back."""
    status = next((each for each in Status if each.value == form.one("status")), None)
    if status is None:
        raise Invalid("status", "is none", rejected=form.one("status")[:300])
    before = (await one.get(tx, conversation_id)).status
    change = changing.take_back_status if form.one("takes_back") else changing.set_status
    await change(tx, conversation_id, status)
    told = visit.words.text("Set to %(status)s", status=visit.words.text(STATUSES[status][0]))
    return back_to(form, conversation_id, told, "status", status=before.value, takes_back="yes")


@act("/conversation/{conversation_id:str}/assignee", title="Assign")
async def assign(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """To somebody, or with an empty field to nobody."""
    owner_id = form.number("assignee")
    before = (await one.get(tx, conversation_id)).assignee_id
    await changing.assign(tx, conversation_id, to=owner_id)
    owner = await users.assignee(tx, owner_id) if owner_id else None
    told = visit.words.text("Unassigned")
    if owner is not None:
        told = visit.words.text("Assigned to %(name)s", name=face(owner.id, owner.first_name, owner.last_name).name)
    return back_to(form, conversation_id, told, "assignee", assignee=str(before or ""))


@act("/conversation/{conversation_id:str}/tags", title="Tag")
async def tag(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Add the tags in ``add`` and take away those in ``remove``, each between commas."""
    add, remove = _names(form.every("add")), _names(form.every("remove"))
    had = {each.name for each in await tx.all(one.TAGS, ids=[conversation_id])}
    await tagging.change_tags(tx, conversation_id, add=add, remove=remove)
    has = {each.name for each in await tx.all(one.TAGS, ids=[conversation_id])}
    undo = {"add": ",".join(sorted(had - has)), "remove": ",".join(sorted(has - had))}
    return back_to(form, conversation_id, visit.words.text("Tags changed"), "tags", **undo)


@act("/conversation/{conversation_id:str}/snooze", title="Snooze")
async def snooze(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Until ``until``, a moment where they are (``2026-11-30T09:00``), or the customer's next word."""
    until = visit.words.moment(form.one("until"))
    if until is None:
        raise Invalid("until", visit.words.text("is no moment"), rejected=form.one("until")[:300])
    await snoozing.snooze(tx, conversation_id, until=until, wakes_on_reply=True)
    told = visit.words.text("Snoozed until %(when)s", when=visit.words.exact(until))
    return back_to(form, conversation_id, told, "wake", takes_back="yes")


@act("/conversation/{conversation_id:str}/wake", title="Wake")
async def wake(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Bring it back now; with ``takes_back`` only the snooze is taken back."""
    before = (await one.get(tx, conversation_id)).snoozed_until
    await snoozing.wake(tx, conversation_id, keeps_status=bool(form.one("takes_back")))
    told = visit.words.text("Back from its snooze")
    if before is None or before <= tx.now:
        return back_to(form, conversation_id, told)
    return back_to(form, conversation_id, told, "snooze", until=visit.words.field(before))


@act("/conversation/{conversation_id:str}/move", title="Move")
async def move(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """To another inbox; leads to the conversation there. With ``takes_back`` back to where it was."""
    inbox_id, before = form.number("inbox"), (await one.get(tx, conversation_id)).inbox_id
    if inbox_id is None:
        raise Invalid("inbox", visit.words.text("is missing"))
    change = changing.take_back_move if form.one("takes_back") else changing.move
    await change(tx, conversation_id, inbox_id)
    told = visit.words.text("Moved to %(inbox)s", inbox=(await inboxes.get(tx, inbox_id)).name)
    undo = Undo(f"/conversation/{conversation_id}/move", {"inbox": str(before), "takes_back": "yes"})
    return Done(f"/conversation/{conversation_id}", told, undo)


@act("/conversation/{conversation_id:str}/delete", title="Delete")
async def delete(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """To Deleted; leads to the list it stood in."""
    it = await one.get(tx, conversation_id)
    await changing.delete(tx, conversation_id)
    told = visit.words.text("Conversation #%(number)s was deleted", number=it.number)
    open_ids = [str(each.folder.id) for each in await folders.of_inbox(tx, it.inbox_id)]
    return Done(_list_of(form, it.inbox_id, open_ids), told, Undo(f"/conversation/{it.id}/restore", {}))


def _list_of(form: Form, inbox_id: int, open_ids: list[str]) -> str:
    """The list that a conversation was opened from, if it is open to who looks; else the first of its inbox."""
    kept = dict(parse_qsl(urlsplit(form.one("back")).query))
    if "q" in kept:
        return f"/search?{urlencode({'q': kept['q']})}"
    if kept.get("view", "").isdecimal():
        return f"/views/{kept['view'][:18]}"
    if kept.get("all") in [*KINDS, "drafts"]:
        return f"/all/{kept['all']}"
    return f"/inboxes/{inbox_id}/folders/{kept['folder'] if kept.get('folder') in open_ids else open_ids[0]}"


def snoozes(visit: Visit) -> list[tuple[str, str, str]]:
    """Moments to choose from: what each is called, its value in a form, and as it is read."""
    now = visit.words.here
    morning = now.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=7 - now.weekday())
    choices: list[tuple[str, datetime]] = [
        (N_("In three hours"), (now + LATER).replace(minute=0, second=0, microsecond=0)),
        (N_("Tomorrow morning"), morning + timedelta(days=1)),
        (N_("Next Monday"), monday),
        (N_("In a month"), morning + timedelta(days=30)),
    ]
    return [
        (
            name,
            visit.words.field(at),
            visit.words.text("%(day)s, %(time)s", day=visit.words.day(at), time=visit.words.time(at)),
        )
        for name, at in choices
    ]


def _names(several: list[str]) -> list[str]:
    return [name.strip() for each in several for name in each.split(",") if name.strip()]


def back_to(form: Form, conversation_id: int, told: str, undo: str = "", **fields: str) -> Done:
    """The page a form came from: the conversation, beside the same list; with the act that undoes this one."""
    kept = form.one("back")
    is_own = kept.startswith(f"/conversation/{conversation_id}/") and kept.isprintable() and kept.isascii()
    takes_back = Undo(f"/conversation/{conversation_id}/{undo}", fields) if undo else None
    return Done(kept if is_own else f"/conversation/{conversation_id}", told, takes_back)


ROUTERS = [Router("/", route_handlers=[set_status, assign, tag, snooze, wake, move, delete])]
