"""Making one conversation of two: which, what will happen, and taking it back."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.conversations.operations import merging
from deskhand.conversations.queries import lists, one
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.conversations.queries.records import Conversation
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.search.language import MOST_CHARACTERS
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.frame import frame
from deskhand.ui.lists import found_by
from deskhand.ui.rows import customer_name

MOST = 8


class Choice(Struct, frozen=True):
    """A conversation that may be merged with."""

    id: int
    number: int
    who: str
    subject: str
    preview: str
    threads: int
    status: Status
    when: str


@page("/conversation/{conversation_id:str}/merge", title="Merge")
async def show(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """Those of the same customer to choose from, or what ``q`` finds (a number, or words); with ``into`` what will happen."""
    view.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await one.get(view, conversation_id)
    query, problem = visit.query.get("q", "").strip()[:MOST_CHARACTERS], ""
    into = None
    if _is_id(visit.query.get("into", "")):
        into = _choice(visit, await one.get(view, int(visit.query["into"])))
        if into.id == it.id:
            raise NotFound("Not found")
    if query:
        asked = f"number:{query.lstrip('#')}" if _is_id(query.lstrip("#")) else query
        found, problem = await found_by(view, visit, asked, Sorting(SortField.CREATED_AT), 1, MOST + 1)
        others = found.conversations
    else:
        others = await _of_customer(view, it)
    return visit.page(
        "conversations/merge.html",
        frame=await frame(view, it.inbox_id),
        it=_choice(visit, it),
        into=into,
        choices=[_choice(visit, each) for each in others if each.id != it.id][:MOST],
        query=query,
        problem=problem,
        pane="page",
    )


@act("/conversation/{conversation_id:str}/merge", title="Merge into another")
async def merge(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """What was said in it goes into the conversation ``into``, which is shown then."""
    it, into = await one.get(tx, conversation_id), form.number("into")
    if into is None:
        return Done(f"/conversation/{it.id}/merge")
    await merging.merge(tx, it.id, into=into)
    told = visit.words.text("#%(number)s was merged into this one", number=it.number)
    return Done(f"/conversation/{into}", told, Undo(f"/conversation/{it.id}/unmerge", {}))


@act("/conversation/{conversation_id:str}/unmerge", title="Take out of another again")
async def unmerge(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """As it was; until one of both has a newer thread."""
    await merging.unmerge(tx, conversation_id)
    return Done(f"/conversation/{conversation_id}", visit.words.text("A conversation of its own again"))


async def _of_customer(view: Snapshot, it: Conversation) -> list[Conversation]:
    wanted = lists.Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), customer_ids=[it.customer_id])
    return (await lists.page(view, wanted, Sorting(SortField.CREATED_AT), 1, MOST + 1)).conversations


def _choice(visit: Visit, it: Conversation) -> Choice:
    subject = it.subject or visit.words.text("No subject")
    when = visit.words.short(it.created_at)
    return Choice(it.id, it.number, customer_name(it), subject, it.preview, it.thread_count, it.status, when)


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


ROUTERS = [Router("/", route_handlers=[show, merge, unmerge])]
