"""A conversation: what was said, whose turn it is, what to do about it."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import changing, tagging, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import folders, lists, one
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.schemas.threads import web_link
from deskhand.customers.model import EntryKind
from deskhand.customers.queries import one as customers
from deskhand.customers.queries.one import Customer, Entry
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid
from deskhand.kernel.html import as_html, clean, plain_text, with_pictures, with_remote_pictures
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, page, redirect
from deskhand.ui.frame import frame
from deskhand.ui.lists import ListPane, folder_pane, search_pane
from deskhand.ui.people import Face, face
from deskhand.ui.rows import customer_name
from deskhand.ui.timeline import timeline
from deskhand.users import queries as users

STATUSES = {
    Status.ACTIVE: ("Active", "circle-dot", ""),
    Status.PENDING: ("Pending", "hourglass", "p"),
    Status.CLOSED: ("Closed", "circle-check", "c"),
    Status.SPAM: ("Spam", "ban", "!"),
}
"""What a status is called, its icon, and its key."""
AFTER = ("active", "pending", "closed")
PAST = 5
MOST_OWNERS = 200
FRAME_POLICY = (
    b"default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    b"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
LETTER = """<!doctype html><html lang=""><head><meta charset="utf-8"><base target="_blank">
<style>body{{margin:0;font:15px/1.5 system-ui,sans-serif;color:#1f2328;background:#fff;overflow-wrap:anywhere}}
img{{max-width:100%;height:auto}}table{{max-width:100%}}
blockquote{{margin:0 0 0 .8em;padding-left:.8em;border-left:2px solid #ccc}}
</style></head><body>{html}</body></html>"""


class Beside(Struct, frozen=True):
    """The customer next to a conversation."""

    face: Face
    customer: Customer
    emails: list[Entry]
    phones: list[Entry]
    past: list[Conversation]


@page("/conversation/{conversation_id:str}", title="Conversation by its id")
async def find(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """The address that it has."""
    it = await one.get_or_moved(view, conversation_id, visit.desk.settings.merge_redirect_days)
    return redirect(f"/conversation/{it.id}/{it.number}")


@page("/conversation/{conversation_id:str}/{number:str}", title="Conversation")
async def show(view: Snapshot, visit: Visit, conversation_id: PathId, number: PathId) -> Answer:
    """Beside the folder it was found in, or the one it lies in."""
    it = await one.get_or_moved(view, conversation_id, visit.desk.settings.merge_redirect_days)
    if it.number != number:
        return redirect(f"/conversation/{it.id}/{it.number}")
    status_name, icon, _ = STATUSES[it.status]
    return visit.page(
        "conversations/conversation.html",
        frame=await frame(view, it.inbox_id),
        list=await _list(view, visit, it),
        it=it,
        who=customer_name(it),
        status_name=status_name,
        status_icon=icon,
        statuses=[(each.value, *STATUSES[each]) for each in STATUSES],
        tags=await view.all(one.TAGS, ids=[it.id]),
        fields=await view.all(one.FIELDS, ids=[it.id]),
        moments=await timeline(view, it, visit.words, visit.origins),
        assignee=face(it.assignee_id, it.assignee_first, it.assignee_last) if it.assignee_id else None,
        owners=await _owners(view, it.inbox_id),
        beside=await _beside(view, it),
        may_edit=visit.actor.may(Permission.EDIT_CONVERSATIONS),
        may_assign=visit.actor.may(Permission.ASSIGN_CONVERSATIONS),
        may_delete=visit.actor.may(Permission.DELETE_CONVERSATIONS),
        after=AFTER,
        pane="conversation",
    )


@page("/conversation/{conversation_id:str}/threads/{thread_id:str}/body", title="A letter in a frame")
async def letter(view: Snapshot, visit: Visit, conversation_id: PathId, thread_id: PathId) -> Answer:
    """A letter's own HTML, cleaned, where nothing in it can act or reach the page around it; ``quoted`` shows what it quotes.
    Pictures of other hosts are not fetched (email rules 6.2, 6.4)."""
    await one.get(view, conversation_id)
    it = await one.thread(view, conversation_id, thread_id)
    files = (await one.attachments_of(view, [it])).get(it.id, [])
    body = it.body or ""
    cut = len(body) if it.quoted_at is None else it.quoted_at
    part = body[cut:] if "quoted" in visit.query else body[:cut]
    pictures = {each.content_id: web_link(each, visit.origins) for each in files if each.content_id}
    html, _ = with_remote_pictures(with_pictures(clean(part), pictures), None)
    headers = [
        (b"content-security-policy", FRAME_POLICY),
        (b"referrer-policy", b"no-referrer"),
        (b"cache-control", b"no-store"),
    ]
    return Answer(200, LETTER.format(html=html).encode(), b"text/html; charset=utf-8", headers)


@act("/conversation/{conversation_id:str}/status", title="Set the status")
async def set_status(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Whose turn it is."""
    status = next((each for each in Status if each.value == form.one("status")), None)
    if status is None:
        raise Invalid("status", "is none", rejected=form.one("status")[:300])
    await changing.set_status(tx, conversation_id, status)
    return _back(form, conversation_id, visit.words.text("Set to %(status)s", status=STATUSES[status][0]))


@act("/conversation/{conversation_id:str}/assignee", title="Assign")
async def assign(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """To somebody, or with an empty field to nobody."""
    owner_id = form.number("assignee")
    await changing.assign(tx, conversation_id, to=owner_id)
    owner = await users.assignee(tx, owner_id) if owner_id else None
    if owner is None:
        return _back(form, conversation_id, visit.words.text("Unassigned"))
    name = face(owner.id, owner.first_name, owner.last_name).name
    return _back(form, conversation_id, visit.words.text("Assigned to %(name)s", name=name))


@act("/conversation/{conversation_id:str}/tags", title="Tag")
async def tag(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Add the tags in ``add``, between commas, and take away those in ``remove``."""
    add = [each.strip() for each in form.one("add").split(",") if each.strip()]
    await tagging.change_tags(tx, conversation_id, add=add, remove=form.every("remove"))
    return _back(form, conversation_id, visit.words.text("Tags changed"))


@act("/conversation/{conversation_id:str}/delete", title="Delete")
async def delete(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """To Deleted; leads to the list it stood in."""
    it = await one.get(tx, conversation_id)
    await changing.delete(tx, conversation_id)
    told = visit.words.text("Conversation #%(number)s was deleted", number=it.number)
    return Done(f"/inboxes/{it.inbox_id}/folders/{it.folder_id}", told)


@act("/conversation/{conversation_id:str}/answer", title="Reply or note")
async def answer(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Text as it was typed; ``kind`` is reply or note, ``status`` what the conversation is afterwards."""
    text = form.one("text").strip()
    if not plain_text(text).strip():
        raise Invalid("text", visit.words.text("may not be empty"))
    is_note = form.one("kind") == "note"
    status = form.one("status")
    new = NewThread(
        type=ThreadType.NOTE if is_note else ThreadType.MESSAGE,
        text=as_html(text),
        user_id=visit.user.id,
        status=status if status in AFTER else None,
    )
    await threads.add(tx, conversation_id, new)
    return _back(form, conversation_id, visit.words.text("Noted" if is_note else "Sent"))


async def _list(view: Snapshot, visit: Visit, it: Conversation) -> ListPane:
    """The list it was opened from: a search, a folder of its inbox, else the folder it lies in."""
    if "q" in visit.query:
        return await search_pane(view, visit, visit.query["q"])
    found = await folders.of_inbox(view, it.inbox_id)
    by_id = {str(each.folder.id): each for each in found}
    folder = by_id.get(visit.query.get("folder", "")) or by_id.get(str(it.folder_id)) or found[0]
    return await folder_pane(view, visit, it.inbox_id, folder)


async def _owners(view: Snapshot, inbox_id: int) -> list[Face]:
    """Who may own conversations of the inbox."""
    people, _ = await users.page(view, "user", 1, MOST_OWNERS, ids=await inboxes.workers(view, inbox_id))
    teams, _ = await users.page(view, "team", 1, MOST_OWNERS, ids=await inboxes.teams(view, inbox_id))
    by_name = sorted(people, key=lambda each: f"{each.first_name} {each.last_name}".lower())
    return [face(each.id, each.first_name, each.last_name) for each in (*by_name, *teams)]


async def _beside(view: Snapshot, it: Conversation) -> Beside:
    customer = await customers.get(view, it.customer_id)
    entries = (await customers.entries_of(view, [customer.id])).get(customer.id, [])
    past = await lists.page(
        view,
        lists.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), customer_ids=[customer.id]),
        lists.Sorting(),
        1,
        PAST + 1,
    )
    return Beside(
        face(customer.id, customer.first_name, customer.last_name, customer.email),
        customer,
        [each for each in entries if each.kind is EntryKind.EMAIL],
        [each for each in entries if each.kind is EntryKind.PHONE],
        [each for each in past.conversations if each.id != it.id][:PAST],
    )


def _back(form: Form, conversation_id: int, told: str) -> Done:
    """The page a form came from: the conversation, beside the same list."""
    kept = form.one("back")
    is_own = kept.startswith(f"/conversation/{conversation_id}/")
    return Done(kept if is_own and kept.isprintable() and kept.isascii() else f"/conversation/{conversation_id}", told)


ROUTERS = [Router("/", route_handlers=[find, show, letter, set_status, assign, tag, delete, answer])]
