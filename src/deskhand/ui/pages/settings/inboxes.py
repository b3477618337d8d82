"""Inboxes: the list, another one, what each is called, its addresses, and who works in it."""

from __future__ import annotations

from typing import Any

from litestar import Router
from msgspec import Struct

from deskhand.conversations.queries import folders as folder_queries
from deskhand.inboxes import operations, queries
from deskhand.inboxes.operations import Wanted
from deskhand.inboxes.queries import Inbox
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import SEE_EVERY_INBOX
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.queries import connecting, health
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.mail.queries.inboxes import Connection
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.frame import ICONS, MOST_INBOXES
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.people import face_of
from deskhand.users import queries as users

MOST_PEOPLE = 1000
TABS = (
    ("General", ""),
    ("Mail", "/mail"),
    ("Behaviour", "/behaviour"),
    ("Signature", "/signature"),
    ("Auto reply", "/auto-reply"),
    ("Hours", "/hours"),
    ("Folders", "/folders"),
    ("Custom fields", "/fields"),
    ("Ratings", "/ratings"),
    ("Routing", "/routing"),
    ("Access", "/access"),
)


class Listed(Struct, frozen=True):
    """An inbox in the list, with how its mail goes."""

    inbox: Inbox
    has_mail: bool
    connections: list[Connection]
    failing: list[Connection]


def inbox_page(visit: Visit, template: str, inbox: Inbox, tab: str, **values: Any) -> Answer:
    """A page of an inbox's settings; ``tab`` is the end of its address."""
    at = f"/settings/inboxes/{inbox.id}"
    return show(
        visit,
        f"settings/inbox/{template}.html",
        "inboxes",
        crumb=(visit.words.text("Inboxes"), "/settings/inboxes"),
        subnav=[(name, at + end, end == tab) for name, end in TABS],
        inbox=inbox,
        here=at + tab,
        **values,
    )


@page("/settings/inboxes", title="Inboxes", needs=MANAGE)
async def index(view: Snapshot, visit: Visit) -> Answer:
    """Every inbox, and whether its mail flows."""
    found, _ = await queries.page(view, 1, MOST_INBOXES)
    with_mail = {each.id for each in await view.all(mail_queries.ALL)}
    every = await view.all(connecting.EVERY)
    listed = []
    for it in found:
        own = [each for each in every if each.inbox_id == it.id]
        bad = [each for each in own if each.state in health.FAILING or each.paused_reason]
        listed.append(Listed(it, it.id in with_mail, own, bad))
    return show(visit, "settings/inboxes.html", "inboxes", listed=listed)


@page("/settings/inboxes/new", title="Another inbox", needs=MANAGE)
async def new(view: Snapshot, visit: Visit) -> Answer:
    """What it is called, and its address."""
    crumb = (visit.words.text("Inboxes"), "/settings/inboxes")
    return show(visit, "settings/inbox_new.html", "inboxes", crumb=crumb)


@act("/settings/inboxes/new", title="Make an inbox", needs=MANAGE, shown_by=new)
async def create(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads to where its mail is connected."""
    inbox_id = await make_inbox(tx, form)
    return Done(f"/settings/inboxes/{inbox_id}/mail", visit.words.text("The inbox is there. Now connect its mail."))


async def make_inbox(tx: Transaction, form: Form) -> int:
    """The inbox of a form, with mail; its id. Raises Invalid, Conflict."""
    email = form.one("email").strip()
    if not is_email(email):
        raise Invalid("email", "not a well-formed email address", code=Code.EMAIL, rejected=email[:300])
    inbox_id = await operations.create(tx, form.one("name"), email)
    await mail.want(tx, inbox_id, Options())
    return inbox_id


@page("/settings/inboxes/{inbox_id:str}", title="Inbox, general", needs=MANAGE)
async def general(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Name, addresses, what becomes of conversations that are answered."""
    it = await queries.get(view, inbox_id)
    addresses = await view.all(mail_queries.ADDRESSES, inbox_id=inbox_id)
    aliases = [each for each in addresses if each != it.email.lower()]
    has_mail = await mail_queries.find(view, inbox_id) is not None
    return inbox_page(visit, "general", it, "", version=version(_of(it)), aliases=aliases, has_mail=has_mail)


@act("/settings/inboxes/{inbox_id:str}", title="Change an inbox", needs=MANAGE, shown_by=general)
async def change(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Name, address, and what becomes of conversations that are answered."""
    as_shown(form, _of(await queries.get(tx, inbox_id)))
    wanted = Wanted(
        name=form.one("name"),
        email=form.one("email"),
        after_reply_status=form.one("afterReplyStatus"),
        assigns_replier=form.has("assignsReplier"),
    )
    await operations.change(tx, inbox_id, wanted)
    return Done(f"/settings/inboxes/{inbox_id}", visit.words.text("Inbox saved"))


@act("/settings/inboxes/{inbox_id:str}/aliases", title="Add an address", needs=MANAGE, shown_by=general)
async def add_alias(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Take mail for another address too."""
    address = form.one("alias").strip()
    await mail.add_alias(tx, inbox_id, address)
    return Done(f"/settings/inboxes/{inbox_id}", visit.words.text("%(address)s is an address of it now", address=address))


@act("/settings/inboxes/{inbox_id:str}/aliases/remove", title="Remove an address", needs=MANAGE)
async def remove_alias(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Take no more mail for an address."""
    await mail.remove_alias(tx, inbox_id, form.one("alias"))
    undo = Undo(f"/settings/inboxes/{inbox_id}/aliases", {"form": "alias", "alias": form.one("alias")})
    told = visit.words.text("Mail for %(address)s is not taken", address=form.one("alias"))
    return Done(f"/settings/inboxes/{inbox_id}", told, undo)


@page("/settings/inboxes/{inbox_id:str}/folders", title="Folders of an inbox", needs=MANAGE)
async def folders(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """What folders there are; they come by themselves, teams' with the teams."""
    it = await queries.get(view, inbox_id)
    found = await folder_queries.of_inbox(view, inbox_id)
    rows = [(ICONS[each.folder.type], each, f"/inboxes/{inbox_id}/folders/{each.folder.id}") for each in found]
    return inbox_page(visit, "folders", it, "/folders", rows=rows)


@page("/settings/inboxes/{inbox_id:str}/access", title="Who works in an inbox", needs=MANAGE)
async def access(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Users and teams, each with whether the inbox is open to them."""
    it = await queries.get(view, inbox_id)
    people, _ = await users.page(view, "user", 1, MOST_PEOPLE)
    teams, _ = await users.page(view, "team", 1, MOST_PEOPLE)
    granted = await queries.granted(view, inbox_id)
    workers = set(await queries.workers(view, inbox_id))
    rows = [
        (
            face_of(each),
            each.email,
            each.id in granted,
            each.role in SEE_EVERY_INBOX,
            each.id in workers and each.id not in granted,
        )
        for each in sorted(people, key=lambda each: (each.first_name.lower(), each.last_name.lower()))
    ]
    team_rows = [(face_of(each), each.id in granted) for each in teams]
    return inbox_page(visit, "access", it, "/access", people=rows, teams=team_rows, version=version(sorted(granted)))


@act("/settings/inboxes/{inbox_id:str}/access", title="Say who works in an inbox", needs=MANAGE, shown_by=access)
async def set_access(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Those whose boxes are ticked, and nobody else but owners and administrators."""
    await queries.get(tx, inbox_id)
    granted, wanted = await queries.granted(tx, inbox_id), set(form.numbers("owner"))
    as_shown(form, sorted(granted))
    shown = set(form.numbers("shown"))
    for owner_id in sorted(wanted - granted):
        await operations.grant(tx, inbox_id, owner_id)
    for owner_id in sorted(granted & shown - wanted):
        await operations.revoke(tx, inbox_id, owner_id)
    return Done(f"/settings/inboxes/{inbox_id}/access", visit.words.text("Access saved"))


def _of(it: Inbox) -> tuple[str, str, str, bool]:
    """What the form of an inbox is about."""
    return it.name, it.email, it.after_reply_status, it.assigns_replier


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            index,
            new,
            create,
            general,
            change,
            add_alias,
            remove_alias,
            folders,
            access,
            set_access,
        ],
    )
]
