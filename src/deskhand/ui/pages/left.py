"""What would be lost sight of: conversations that were deleted, and what one began to write and did not send."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from litestar import Router
from msgspec import Struct

from deskhand.conversations.model import ThreadState, ThreadType, Writing
from deskhand.conversations.queries import lists, one, writings
from deskhand.conversations.queries.piles import Piled
from deskhand.conversations.queries.records import Thread
from deskhand.conversations.queries.writings import Written
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.html import plain_text
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.transaction import Snapshot
from deskhand.ui import lists as panes
from deskhand.ui.door import Visit, page, redirect
from deskhand.ui.frame import MOST_INBOXES, frame
from deskhand.ui.head import choices
from deskhand.ui.lists import ListPane, asked, live_address, pane_of, up_of
from deskhand.ui.people import Face, face
from deskhand.ui.rows import Row, customer_name

DRAFTS = "drafts"
SHOWN = 20  # entries of a deleted conversation, the newest
LONGEST = 2000  # characters of each
LONGEST_PREVIEW = 200
KINDS = {
    Writing.REPLY: N_("Reply: %(text)s"),
    Writing.NOTE: N_("Note: %(text)s"),
    Writing.FORWARD: N_("Forward: %(text)s"),
    Writing.CONVERSATION: N_("New conversation: %(text)s"),
}


class Said(Struct, frozen=True):
    """An entry of a deleted conversation, as plain text."""

    author: Face
    when: str
    text: str
    is_note: bool


@page("/all/drafts", title="My drafts")
async def unsent(view: Snapshot, visit: Visit) -> Answer:
    """What one is writing, the last saved first, in whatever inbox."""
    listed = await unsent_pane(view, visit)
    around = await frame(view)
    live = live_address(visit, around.inbox.id, listed) if around.inbox else ""
    may = await choices(view, visit, around.inbox.id if around.inbox else None)
    return visit.page("folders/folder.html", frame=around, list=listed, live=live, pane="list", **may)


async def unsent_pane(view: Snapshot, visit: Visit) -> ListPane:
    """A page of it as a list: of a conversation what was saved last, and what is to be a new one."""
    _, number = asked(visit)
    found, total = await writings.own(view, number, panes.SIZE)
    up = up_of(visit, visit.words.text("My drafts"), f"/all/{DRAFTS}", {}, {"all": DRAFTS})
    about = {each.id: each for each in await lists.rows(view, [each.conversation_id for each in found if each.conversation_id])}
    listed = await pane_of(view, visit, Piled(list(about.values()), total), up, kind=DRAFTS)
    rows = {each.id: each for each in listed.rows}
    names = {each.id: each.name for each in (await inboxes.page(view, 1, MOST_INBOXES))[0]}
    shown: dict[int, Row] = {}
    for each in found:
        row = rows.get(each.conversation_id or 0) or _beginning(visit, each, names.get(each.inbox_id or 0, ""))
        if row.id not in shown:
            shown[row.id] = msgspec.structs.replace(row, preview=_preview(visit, each), href=_href(each, row))
    skipped = (number - 1) * panes.SIZE
    last, is_last = skipped + len(shown), skipped + len(found) >= total
    return msgspec.structs.replace(
        listed,
        rows=list(shown.values()),
        sorts=[],
        first=skipped + 1 if shown else 0,
        last=last,
        total=last if is_last else total,
        more="" if is_last else up.more,
    )


@page("/conversation/{conversation_id:str}/deleted", title="A deleted conversation")
async def deleted(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """What was said in it, to be read before it is brought back."""
    it = await one.find_deleted(view, conversation_id)
    if it is None:
        return redirect(f"/conversation/{conversation_id}")
    threads = await view.all(one.THREAD_PAGE, conversation_id=it.id, most=SHOWN, skip=0)
    return visit.page(
        "conversations/deleted.html",
        frame=await frame(view, it.inbox_id),
        it=it,
        who=customer_name(it),
        said=[_said(visit, each) for each in threads if _is_said(each)],
        pane="page",
    )


def _is_said(it: Thread) -> bool:
    return it.type is not ThreadType.LINE_ITEM and it.state is not ThreadState.DRAFT


def _said(visit: Visit, it: Thread) -> Said:
    text = " ".join(plain_text(it.body or "").split())
    if it.created_by_user_id is not None:
        author = face(it.created_by_user_id, it.creator_first, it.creator_last, it.creator_email, photo=it.creator_photo)
    else:
        author = face(it.customer_id, it.customer_first, it.customer_last, it.customer_email)
    return Said(author, visit.words.short(it.created_at), text[:LONGEST], it.type is ThreadType.NOTE)


def _preview(visit: Visit, it: Written) -> str:
    text = " ".join(plain_text(it.body).split())[:LONGEST_PREVIEW]
    return visit.words.text(KINDS[it.kind], text=text)


def _href(it: Written, row: Row) -> str:
    if it.conversation_id is None:
        return f"/conversation/new?inbox={it.inbox_id}"
    return f"/conversation/{row.id}/{row.number}?" + urlencode({"all": DRAFTS, "write": it.kind.value})


def _beginning(visit: Visit, it: Written, inbox: str) -> Row:
    """A row of its own: an inbox has one at most, and no conversation has a number below 0."""
    return Row(
        id=-(it.inbox_id or 0),
        number=0,
        who=", ".join(it.to) or visit.words.text("Nobody yet"),
        subject=it.subject or visit.words.text("No subject"),
        preview="",
        threads=0,
        when=visit.words.short(it.saved_at),
        level="",
        waits=False,
        tag=None,
        more_tags=[],
        assignee=None,
        is_draft=True,
        is_snoozed=False,
        customer_id=0,
        here=[],
        newest=0,
        by=0,
        inbox=inbox,
    )


ROUTERS = [Router("/", route_handlers=[unsent, deleted])]
