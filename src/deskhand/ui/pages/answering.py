"""Answering a conversation and beginning one: what is typed is kept, looked at before it goes, sent, and called back."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Router

from deskhand.conversations.model import FilesRefused, Writing
from deskhand.conversations.operations import sending, snoozing, writings
from deskhand.conversations.operations.mending import mend
from deskhand.conversations.operations.writings import Overtaken, Typed
from deskhand.conversations.queries import one
from deskhand.conversations.queries.concerns import concerns
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.queries.writings import Place, Written
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.html import plain_text
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.operations import outgoing
from deskhand.mail.queries.outgoing import OF_CONVERSATION
from deskhand.ui.composer import ANSWERS, for_inbox, typed
from deskhand.ui.door import Done, Form, Undo, Visit, act, page, redirect
from deskhand.ui.frame import frame
from deskhand.ui.pages.acts import snoozes
from deskhand.ui.rows import customer_name

MOST_INBOXES = 200
UNMAILED_SECONDS = 10
KEEPS = "keep"


@act("/conversation/{conversation_id:str}/answer", title="Reply, note or forward", files=True, leaves_out=True)
async def answer(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done | Answer:
    """What was typed, as ``kind`` says; ``status`` and ``assign`` are what the conversation is afterwards, ``later`` and
    ``snooze`` moments, ``sure`` what was asked about it and is meant so."""
    it = await one.get(tx, conversation_id)
    kind = next((each for each in ANSWERS if each.value == form.one("kind")), Writing.REPLY)
    inbox = await inboxes.get(tx, it.inbox_id)
    wanted = await typed(tx, visit, form, kind, it, inbox)
    place = Place(kind, conversation_id=it.id)
    try:
        saved = await _kept(tx, visit, form, place, wanted)
    except Overtaken as error:
        return await _overtaken(tx, visit, form, error.newer, wanted, place)
    here = _here(form, it)
    if form.too_large:
        return _left_out(visit, form, _with(here, ask="", write=kind.value))
    if form.one("do") == KEEPS:
        return Done(here, visit.words.text("Kept as a draft"))
    if await _is_mended(tx, form, place, saved) or await _is_asked(tx, form, saved):
        return Done(_asking(here, form, kind))
    later = _later(visit, form) if kind is Writing.REPLY else None
    sent = await sending.send(
        tx,
        place,
        version=saved.version,
        answers_newest=False,
        later=later,
        with_files=form.one("with_files") == "yes",
        only=form.number("only") if kind is Writing.FORWARD else None,
    )
    if until := visit.words.moment(form.one("snooze")):
        await snoozing.snooze(tx, it.id, until=until, wakes_on_reply=True)
    undo = {"thread": str(sent.entry_id), **({"wake": "yes"} if until and it.snoozed_until is None else {})}
    who = customer_name(it) if kind is Writing.REPLY and len(wanted.to) < 2 else ", ".join(wanted.to)
    return await _told(tx, visit, it.id, kind, who, undo, here, later)


@act("/conversation/{conversation_id:str}/unsend", title="Call back what was said")
async def unsend(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """The reply, note or forward of ``thread`` is in the composer again, or the conversation that it began; what it changed is
    as before. With ``wake`` the snooze that was asked for with it is taken back too."""
    it = await one.get(tx, conversation_id)
    saved = await outgoing.recall(tx, it.id, _thread(visit, form))
    told = visit.words.text("Taken back") if saved.kind is Writing.NOTE else visit.words.text("Called back: nobody got it")
    if saved.conversation_id is None:
        return Done(f"/conversation/new?inbox={it.inbox_id}", told)
    if form.one("wake"):
        await snoozing.wake(tx, it.id, keeps_status=True)
    return Done(_here(form, it), told)


@act("/conversation/{conversation_id:str}/send-now", title="Send what could still be called back")
async def send_now(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """The mail of ``thread`` leaves at once."""
    it = await one.get(tx, conversation_id)
    await outgoing.hurry(tx, it.id, _thread(visit, form))
    return Done(_here(form, it), visit.words.text("It is on its way"))


@page("/conversation/new", title="New conversation")
async def new(view: Snapshot, visit: Visit) -> Answer:
    """In the inbox of the query, or the first."""
    seen = (await inboxes.page(view, 1, MOST_INBOXES))[0]
    inbox = next((each for each in seen if str(each.id) == visit.query.get("inbox")), seen[0] if seen else None)
    if inbox is None:
        return redirect("/")
    view.actor.must(Permission.EDIT_CONVERSATIONS)
    return visit.page(
        "conversations/new.html",
        frame=await frame(view, inbox.id),
        inbox=inbox,
        inboxes=seen,
        composer=await for_inbox(view, visit, inbox),
        who="",
        here=f"/conversation/new?inbox={inbox.id}",
        snoozes=snoozes(visit),
        pane="page",
    )


@act("/inboxes/{inbox_id:str}/begin", title="Begin a conversation", files=True, leaves_out=True)
async def begin(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done | Answer:
    """With the first recipient as its customer; the fields are those of an answer, and ``subject``."""
    inbox = await inboxes.get(tx, inbox_id)
    wanted = await typed(tx, visit, form, Writing.CONVERSATION, None, inbox)
    place = Place(Writing.CONVERSATION, inbox_id=inbox.id)
    try:
        saved = await _kept(tx, visit, form, place, wanted)
    except Overtaken as error:
        return await _overtaken(tx, visit, form, error.newer, wanted, place)
    here = f"/conversation/new?inbox={inbox.id}"
    if form.too_large:
        return _left_out(visit, form, here)
    if form.one("do") == KEEPS:
        return Done(here, visit.words.text("Kept as a draft"))
    if await _is_mended(tx, form, place, saved) or await _is_asked(tx, form, saved):
        return Done(_asking(here, form, Writing.CONVERSATION))
    later = _later(visit, form)
    sent = await sending.send(tx, place, version=saved.version, answers_newest=False, later=later)
    undo, to = {"thread": str(sent.entry_id)}, f"/conversation/{sent.conversation_id}"
    return await _told(tx, visit, sent.conversation_id, Writing.CONVERSATION, ", ".join(wanted.to), undo, to, later)


async def _kept(tx: Transaction, visit: Visit, form: Form, place: Place, wanted: Typed) -> Written:
    """What the form says as what is being written, with its files. Raises Overtaken, Invalid for no words at all."""
    if not wanted.body:
        raise Invalid("text", visit.words.text("may not be empty"), code=Code.NOT_EMPTY)
    saved = await writings.keep(tx, place, wanted, version=form.number(f"version_{place.kind}"))
    for each in form.files:
        await writings.attach(tx, place, each)
    for text in form.every("drop"):
        if text.isascii() and text.isdigit():
            await writings.detach(tx, place, int(text[:18]))
    return saved


async def _is_asked(tx: Transaction, form: Form, it: Written) -> bool:
    """Whether something looks wrong that its writer has not said yes to, or cannot be sent at all."""
    sure = set(form.every("sure"))
    return bool(sending.mistakes(it).found) or any(each.key not in sure for each in await concerns(tx, it))


async def _is_mended(tx: Transaction, form: Form, place: Place, it: Written) -> bool:
    """Whether what looks wrong was to be put right, and is; the rest is asked again."""
    how, _, about = form.one("mend").partition(":")
    if how:
        await mend(tx, place, it, how, about=about, value=form.one(f"fill:{about}").strip())
    return bool(how)


def _asking(here: str, form: Form, kind: Writing) -> str:
    """The page with what looks wrong; moments that were chosen are not forgotten."""
    later = form.one("later_own") if form.one("later") == "own" else form.one("later")
    return _with(here, ask=kind.value, later=later, snooze=form.one("snooze"), only=form.one("only"))


def _with(here: str, **asked: str) -> str:
    """An address with these in its query, in place of what it had by those names."""
    kept = [pair for pair in parse_qsl(urlsplit(here).query, keep_blank_values=True) if pair[0] not in asked]
    return f"{urlsplit(here).path}?{urlencode([*kept, *((name, value) for name, value in asked.items() if value)])}"


def _left_out(visit: Visit, form: Form, to: str) -> Done:
    """What was typed is the draft now, with the files that were not too large."""
    told = visit.words.text(
        "Not sent: %(names)s may have 10 MB at most. What you typed is kept as your draft.",
        names=", ".join(form.too_large)[:150],
    )
    return Done(to, told, is_trouble=True)


async def _told(
    tx: Transaction,
    visit: Visit,
    conversation_id: int,
    kind: Writing,
    who: str,
    fields: dict[str, str],
    here: str,
    later: datetime | None,
) -> Done:
    """Whom it goes to, and for how long it can be called back; what is mailed can also be hurried."""
    undo = Undo(f"/conversation/{conversation_id}/unsend", fields)
    if later is not None:
        return Done(here, visit.words.text("Goes out %(when)s", when=visit.words.exact(later)), undo)
    mail = await tx.first(OF_CONVERSATION, conversation_id=conversation_id)
    goes = mail is not None and kind is not Writing.NOTE
    seconds = mail.options.undo_seconds if mail and goes else UNMAILED_SECONDS
    told = visit.words.text("Sent to %(who)s", who=who)
    if kind is Writing.NOTE:
        told = visit.words.text("Noted")
    elif kind is Writing.FORWARD:
        told = visit.words.text("Forwarded to %(who)s", who=who)
    if seconds <= 0:
        return Done(here, told)
    now = Undo(f"/conversation/{conversation_id}/send-now", {"thread": fields["thread"]}) if goes else None
    return Done(here, told, undo, seconds=seconds, now=now)


def _thread(visit: Visit, form: Form) -> int:
    thread_id = form.number("thread")
    if thread_id is None:
        raise Invalid("thread", visit.words.text("is missing"))
    return thread_id


async def _overtaken(tx: Transaction, visit: Visit, form: Form, newer: Written | None, wanted: Typed, place: Place) -> Answer:
    """Both texts, so that nothing is lost: the one that was saved elsewhere, and this."""
    if form.files:
        tx.record(FilesRefused(blobs=tuple(each.blob for each in form.files), at=tx.now))
    changed = ("text", "html", "do", "drop")
    kept = [(name, value) for name, value in form.fields if name not in changed and not name.startswith("version_")]
    inbox_id = place.inbox_id
    if place.conversation_id is not None:
        inbox_id = (await one.get(tx, place.conversation_id)).inbox_id
    return visit.page(
        "conversations/overtaken.html",
        status=409,
        frame=await frame(tx, inbox_id),
        action=visit.path,
        kept=[*kept, (f"version_{place.kind}", "" if newer is None else str(newer.version))],
        mine=plain_text(wanted.body),
        theirs="" if newer is None else plain_text(newer.body),
        saved_at=newer.saved_at if newer else None,
        back=f"/conversation/{place.conversation_id}" if place.conversation_id else f"/conversation/new?inbox={inbox_id}",
        pane="page",
    )


def _later(visit: Visit, form: Form) -> datetime | None:
    """When it is to go; None for now. Raises Invalid for what is no moment."""
    text = form.one("later")
    if text == "own":
        text = form.one("later_own")
        if not text:
            raise Invalid("later", visit.words.text("is no moment"))
    at = visit.words.moment(text)
    if text and at is None:
        raise Invalid("later", visit.words.text("is no moment"), rejected=text[:300])
    return at


def _here(form: Form, it: Conversation) -> str:
    """The page a form came from, if it shows the conversation."""
    kept = form.one("back")
    is_own = kept.startswith(f"/conversation/{it.id}/") and kept.isprintable() and kept.isascii()
    return kept if is_own else f"/conversation/{it.id}/{it.number}"


ROUTERS = [Router("/", route_handlers=[answer, unsend, send_now, new, begin])]
