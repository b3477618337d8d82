"""What the editor asks and says while somebody types: drafts, files, people and saved replies. All for scripts of ours; whoever
has none writes by the plain form."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.model import Writing
from deskhand.conversations.operations import writings
from deskhand.conversations.operations.writings import Overtaken
from deskhand.conversations.queries import one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.queries.writings import Place
from deskhand.customers.queries import completing
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.html import clean
from deskhand.kernel.http.answers import Answer, File, file
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import fold
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.composer import (
    ANSWERS,
    Composer,
    file_shown,
    filled,
    for_conversation,
    for_inbox,
    to_script,
    typed,
    values_of,
)
from deskhand.ui.door import Form, Visit, act, page
from deskhand.ui.door import to_script as answered
from deskhand.ui.people import face_of
from deskhand.users import queries as users
from deskhand.users.queries import User

MOST_CHOICES = 8
MOST_PEOPLE = 200


@page("/conversation/{conversation_id:str}/writing", title="What one is writing")
async def drafts(view: Snapshot, visit: Visit, conversation_id: PathId) -> Answer:
    """Reply, note and forward, begun or not."""
    view.actor.must(Permission.EDIT_CONVERSATIONS)
    it = await one.get(view, conversation_id)
    return _drafts(visit, await for_conversation(view, visit, it, []))


@act("/conversation/{conversation_id:str}/writing", title="Keep what one is writing")
async def keep(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Answer:
    """As far as it is typed; its version. Where another device or tab saved meanwhile: what that left, and nothing is kept."""
    it = await one.get(tx, conversation_id)
    return await _keep(tx, visit, form, _answer(it, form), it, await inboxes.get(tx, it.inbox_id))


@act("/conversation/{conversation_id:str}/writing/drop", title="Give up what one is writing")
async def drop(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Answer:
    """The draft and its files, if it is the one of ``version``; else nothing is given up, and what is there told."""
    it = await one.get(tx, conversation_id)
    return await _drop(tx, visit, form, _answer(it, form), it, await inboxes.get(tx, it.inbox_id))


@act("/conversation/{conversation_id:str}/writing/files", title="Add a file to what one is writing", files=True)
async def attach(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Answer:
    """Each of the form's; what is written has been kept before."""
    return await _attach(tx, visit, form, _answer(await one.get(tx, conversation_id), form), f"/conversation/{conversation_id}")


@act("/conversation/{conversation_id:str}/writing/detach", title="Take a file away again")
async def detach(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Answer:
    """The one of ``file``."""
    return await _detach(tx, form, _answer(await one.get(tx, conversation_id), form))


@page("/conversation/{conversation_id:str}/writing/files/{file_id:str}", title="A file of what one is writing")
async def show_file(view: Snapshot, visit: Visit, conversation_id: PathId, file_id: PathId) -> Answer:
    """For whoever writes it alone."""
    await one.get(view, conversation_id)
    ids = [each.id for each in await queries.mine(view, conversation_id)]
    return await _file(view, visit, ids, file_id)


@page("/inboxes/{inbox_id:str}/writing", title="The new conversation one is writing")
async def draft(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Begun or not."""
    view.actor.must(Permission.EDIT_CONVERSATIONS)
    return _drafts(visit, await for_inbox(view, visit, await inboxes.get(view, inbox_id)))


@act("/inboxes/{inbox_id:str}/writing", title="Keep the new conversation one is writing")
async def keep_new(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """As for an answer."""
    return await _keep(tx, visit, form, _beginning(inbox_id), None, await inboxes.get(tx, inbox_id))


@act("/inboxes/{inbox_id:str}/writing/drop", title="Give up the new conversation one is writing")
async def drop_new(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """As for an answer."""
    return await _drop(tx, visit, form, _beginning(inbox_id), None, await inboxes.get(tx, inbox_id))


@act("/inboxes/{inbox_id:str}/writing/files", title="Add a file to a new conversation", files=True)
async def attach_new(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """As for an answer."""
    return await _attach(tx, visit, form, _beginning(inbox_id), f"/inboxes/{inbox_id}")


@act("/inboxes/{inbox_id:str}/writing/detach", title="Take a file away from a new conversation")
async def detach_new(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """The one of ``file``."""
    return await _detach(tx, form, _beginning(inbox_id))


@page("/inboxes/{inbox_id:str}/writing/files/{file_id:str}", title="A file of a new conversation one is writing")
async def show_file_new(view: Snapshot, visit: Visit, inbox_id: PathId, file_id: PathId) -> Answer:
    """For whoever writes it alone."""
    await inboxes.get(view, inbox_id)
    found = await queries.find(view, _beginning(inbox_id))
    return await _file(view, visit, [found.id] if found else [], file_id)


@page("/inboxes/{inbox_id:str}/writing/recipients", title="Complete a recipient")
async def recipients(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Customers, then users of the inbox, whose name or address begins so."""
    await _writes_in(view, inbox_id)
    asked = visit.query.get("q", "")[:100]
    known = await completing.beginning_with(view, asked, MOST_CHOICES)
    found = [{"value": each.email, "name": each.name} for each in known]
    words = fold(asked)
    users_too = await _people(view, inbox_id, words) if words else []
    found += [{"value": each.email, "name": _name(each)} for each in users_too if each.email]
    return answered(found[:MOST_CHOICES])


@page("/inboxes/{inbox_id:str}/writing/people", title="Complete a mention")
async def people(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Users and teams of the inbox, whose name begins so; ``value`` is how they are called in a note."""
    await _writes_in(view, inbox_id)
    words = fold(visit.query.get("q", "")[:100])
    found = [*await _people(view, inbox_id, words), *await _teams(view, inbox_id, words)]
    faces = [(each, face_of(each)) for each in found if each.mention]
    return answered(
        [
            {"value": each.mention, "name": it.name, "initials": it.initials, "hue": it.hue, "photo": it.photo}
            for each, it in faces[:MOST_CHOICES]
        ]
    )


@page("/inboxes/{inbox_id:str}/writing/replies", title="Find a saved reply")
async def replies(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Those whose name or beginning has words that begin so; a match in the name comes first."""
    await _writes_in(view, inbox_id)
    words = fold(visit.query.get("q", "")[:100])
    offered = await inboxes.saved_replies_of(view, inbox_id, chat_only_too=False)
    named = [each for each in offered if _begins(words, each.name)]
    others = [each for each in offered if each not in named and _begins(words, f"{each.name} {each.preview or ''}")]
    shown = [{"value": str(each.id), "name": each.name, "preview": (each.preview or "")[:100]} for each in (*named, *others)]
    return answered(shown[:MOST_CHOICES])


@page("/inboxes/{inbox_id:str}/writing/replies/{reply_id:str}", title="A saved reply")
async def reply(view: Snapshot, visit: Visit, inbox_id: PathId, reply_id: PathId) -> Answer:
    """Its HTML with the variables filled in for the ``conversation`` of the query."""
    await _writes_in(view, inbox_id)
    found = await inboxes.saved_reply(view, inbox_id, reply_id)
    text = visit.query.get("conversation", "")
    it = await one.get(view, int(text)) if text.isascii() and text.isdigit() and len(text) < 19 else None
    values = await values_of(view, visit, it, await inboxes.get(view, inbox_id))
    return answered({"html": filled(clean(found.text or ""), values, marked=True)})


def _answer(it: Conversation, form: Form) -> Place:
    kind = next((each for each in ANSWERS if each.value == form.one("kind")), Writing.REPLY)
    return Place(kind, conversation_id=it.id)


def _beginning(inbox_id: int) -> Place:
    return Place(Writing.CONVERSATION, inbox_id=inbox_id)


def _drafts(visit: Visit, it: Composer) -> Answer:
    return answered([to_script(each, visit.words) for each in it.drafts.values()])


async def _keep(tx: Transaction, visit: Visit, form: Form, place: Place, it: Conversation | None, inbox: Inbox) -> Answer:
    wanted = await typed(tx, visit, form, place.kind, it, inbox, fills=False)
    try:
        saved = await writings.keep(tx, place, wanted, version=form.number("version"))
    except Overtaken:
        return await _current(tx, visit, place, it, inbox)
    return answered({"version": saved.version})


async def _drop(tx: Transaction, visit: Visit, form: Form, place: Place, it: Conversation | None, inbox: Inbox) -> Answer:
    found = await queries.find(tx, place)
    if found is not None and found.version != form.number("version"):
        return await _current(tx, visit, place, it, inbox)
    await writings.drop(tx, place)
    return answered({"version": None})


async def _current(view: Snapshot, visit: Visit, place: Place, it: Conversation | None, inbox: Inbox) -> Answer:
    shown = await (for_inbox(view, visit, inbox) if it is None else for_conversation(view, visit, it, []))
    return answered({"current": to_script(shown.drafts[place.kind.value], visit.words)})


async def _attach(tx: Transaction, visit: Visit, form: Form, place: Place, above: str) -> Answer:
    if not form.files:
        raise Invalid("file", visit.words.text("is missing"))
    ids = {await writings.attach(tx, place, each) for each in form.files}
    found = await queries.files(tx, [(await queries.get(tx, place)).id])
    return answered([file_shown(visit.words, each, f"{above}/writing") for each in found if each.id in ids])


async def _detach(tx: Transaction, form: Form, place: Place) -> Answer:
    await writings.detach(tx, place, form.number("file") or 0)
    return answered({})


async def _file(view: Snapshot, visit: Visit, ids: list[int], file_id: int) -> Answer:
    for each in await queries.files(view, ids):
        if each.id == file_id:
            return file(File(await visit.desk.blobs.get(each.blob), each.mime_type, each.filename))
    raise NotFound("Not found")


async def _writes_in(view: Snapshot, inbox_id: int) -> None:
    """Raises NotFound, Forbidden."""
    await inboxes.get(view, inbox_id)
    view.actor.must(Permission.EDIT_CONVERSATIONS)


async def _people(view: Snapshot, inbox_id: int, words: list[str]) -> list[User]:
    found, _ = await users.page(view, "user", 1, MOST_PEOPLE, ids=await inboxes.workers(view, inbox_id))
    return [each for each in found if _begins(words, f"{_name(each)} {each.email or ''}")]


async def _teams(view: Snapshot, inbox_id: int, words: list[str]) -> list[User]:
    found, _ = await users.page(view, "team", 1, MOST_PEOPLE, ids=await inboxes.teams(view, inbox_id))
    return [each for each in found if _begins(words, _name(each))]


def _name(it: User) -> str:
    return f"{it.first_name} {it.last_name}".strip()


def _begins(words: list[str], text: str) -> bool:
    known = fold(text)
    return all(any(each.startswith(word) for each in known) for word in words)


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            drafts,
            keep,
            drop,
            attach,
            detach,
            show_file,
            draft,
            keep_new,
            drop_new,
            attach_new,
            detach_new,
            show_file_new,
            recipients,
            people,
            replies,
            reply,
        ],
    )
]
