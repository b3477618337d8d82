"""What is done to one entry of a conversation: changed, hidden, looked at as it came, sent now or not at all yet."""

from __future__ import annotations

from email import policy
from email.parser import BytesHeaderParser

from litestar import Router

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import drafts, schedule, threads
from deskhand.conversations.queries import one
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.html import PLAIN, as_html, clean, plain_text
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.queries import shown
from deskhand.mail.reading.reading import date_of, head
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import frame
from deskhand.ui.origin import facts
from deskhand.ui.pages.acts import back_to

MOST_SHOWN = 512 * 1024
MOST_HEADERS = 200
DOWNLOADED = [
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]


@page("/conversation/{conversation_id:str}/threads/{thread_id:str}/edit", title="Change an entry")
async def edit(view: Snapshot, visit: Visit, conversation_id: PathId, thread_id: PathId) -> Answer:
    """As text where it is no more than that, else as HTML."""
    it = await one.get(view, conversation_id)
    view.actor.must(Permission.EDIT_THREADS)
    thread = await one.thread(view, it.id, thread_id)
    if thread.type is ThreadType.LINE_ITEM:
        raise NotFound("Not found")
    body = thread.body or ""
    is_html = PLAIN.fullmatch(clean(body)) is None
    return visit.page(
        "conversations/edit.html",
        frame=await frame(view, it.inbox_id),
        it=it,
        thread_id=thread.id,
        text=body if is_html else plain_text(body).strip("\n"),
        is_html=is_html,
        version=version(body),
        pane="page",
    )


@act(
    "/conversation/{conversation_id:str}/threads/{thread_id:str}/edit",
    title="Change an entry",
    shown_by=edit,
)
async def change(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId, thread_id: PathId) -> Done:
    """``text`` becomes its text, or with ``is_html`` its HTML; the first one is kept."""
    await one.get(tx, conversation_id)
    tx.actor.must(Permission.EDIT_THREADS)
    before = (await one.thread(tx, conversation_id, thread_id)).body or ""
    as_shown(form, before)
    text = form.one("text")
    if not text.strip():
        raise Invalid("text", "may not be empty")
    await drafts.edit(tx, conversation_id, thread_id, text if form.one("is_html") else as_html(text))
    after = (await one.thread(tx, conversation_id, thread_id)).body or ""
    fields = {"text": before, "is_html": "yes", "version": version(after)}
    undo = Undo(f"/conversation/{conversation_id}/threads/{thread_id}/edit", fields)
    return Done(f"/conversation/{conversation_id}#thread-{thread_id}", visit.words.text("The entry was changed"), undo)


@act("/conversation/{conversation_id:str}/threads/{thread_id:str}/hide", title="Hide an entry")
async def hide(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId, thread_id: PathId) -> Done:
    """From what customers get; with ``show`` that is over."""
    is_shown = form.has("show")
    await drafts.hide(tx, conversation_id, thread_id, hidden=not is_shown)
    told = visit.words.text("Customers get it again") if is_shown else visit.words.text("Hidden from customers")
    return back_to(form, conversation_id, told, f"threads/{thread_id}/hide", **({} if is_shown else {"show": "yes"}))


@act("/conversation/{conversation_id:str}/threads/{thread_id:str}/send", title="Send what was to go out later")
async def send(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId, thread_id: PathId) -> Done:
    """Now; it can be called back as any reply."""
    await threads.send_now(tx, conversation_id, thread_id)
    return back_to(form, conversation_id, visit.words.text("Sent now"), "unsend", thread=str(thread_id))


@act("/conversation/{conversation_id:str}/threads/{thread_id:str}/unschedule", title="Do not send it later")
async def unschedule(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId, thread_id: PathId) -> Done:
    """It is a draft again."""
    await one.get(tx, conversation_id)
    at = (await one.thread(tx, conversation_id, thread_id)).scheduled_for
    await schedule.unschedule(tx, conversation_id, thread_id)
    assert at is not None
    told = visit.words.text("It does not go out by itself any more")
    return back_to(form, conversation_id, told, f"threads/{thread_id}/schedule", at=visit.words.field(at))


@act("/conversation/{conversation_id:str}/threads/{thread_id:str}/schedule", title="Send a draft later")
async def put_off(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId, thread_id: PathId) -> Done:
    """At the moment ``at``, unless the customer writes before."""
    at = visit.words.moment(form.one("at"))
    if at is None:
        raise Invalid("at", visit.words.text("is no moment"), rejected=form.one("at")[:300])
    await schedule.schedule(tx, conversation_id, thread_id, at=at, unschedules_on_reply=True)
    told = visit.words.text("Goes out %(when)s", when=visit.words.exact(at))
    return back_to(form, conversation_id, told, f"threads/{thread_id}/unschedule")


@page("/conversation/{conversation_id:str}/threads/{thread_id:str}/original", title="A letter as it came")
async def original(view: Snapshot, visit: Visit, conversation_id: PathId, thread_id: PathId) -> Answer:
    """Its headers and its source, or with ``download`` its bytes."""
    it = await one.get(view, conversation_id)
    thread = await one.thread(view, it.id, thread_id)
    content = await visit.desk.blobs.get(thread.source_blob) if thread.source_blob else b""
    if "download" in visit.query:
        if not content:
            raise NotFound("Not found")
        named = f'attachment; filename="{it.number}-{thread.id}.eml"'.encode()
        return Answer(200, content, b"message/rfc822", [(b"content-disposition", named), *DOWNLOADED])
    headers = _headers(content)
    came = await shown.came(view, thread.id, thread.source_blob) if thread.source_blob else None
    written = next((date_of(value) for name, value in headers if name.lower() == "date"), None)
    return visit.page(
        "conversations/original.html",
        frame=await frame(view, it.inbox_id),
        it=it,
        thread_id=thread.id,
        facts=facts(came, written, visit.words) if came else [],
        headers=headers,
        source=content[:MOST_SHOWN].decode(errors="replace").replace("\0", "\N{REPLACEMENT CHARACTER}"),
        size=visit.words.size(len(content)),
        is_cut=len(content) > MOST_SHOWN,
        pane="page",
    )


def _headers(content: bytes) -> list[tuple[str, str]]:
    """The headers of a message, as they stand there: what is broken in them breaks nothing."""
    found = BytesHeaderParser(policy=policy.compat32).parsebytes(head(content))
    return [(name, " ".join(str(value).split())[:2000]) for name, value in found.items()[:MOST_HEADERS]]


ROUTERS = [Router("/", route_handlers=[edit, change, hide, send, unschedule, put_off, original])]
