"""The rest of the first run, after the first owner: an inbox, sample letters or none, mail now or later."""

from __future__ import annotations

from importlib import import_module

from litestar import Router

from deskhand.inboxes import queries
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Visit, act, page
from deskhand.ui.pages.settings.inboxes import make_inbox
from deskhand.ui.pages.settings.nav import MANAGE


@page("/start", title="First inbox", needs=MANAGE)
async def inbox(view: Snapshot, visit: Visit) -> Answer:
    """What it is called, and its address."""
    return visit.page("starting/inbox.html")


@act("/start", title="Make the first inbox", needs=MANAGE, shown_by=inbox)
async def make(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads on to the letters."""
    return Done(f"/start/{await make_inbox(tx, form)}")


@page("/start/{inbox_id:str}", title="Sample letters or none", needs=MANAGE)
async def letters(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Whether to begin with something to look at."""
    return visit.page("starting/letters.html", inbox=await queries.get(view, inbox_id))


@act("/start/{inbox_id:str}", title="Put sample letters in", needs=MANAGE, shown_by=letters)
async def put_in(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """A dozen, or none."""
    await queries.get(tx, inbox_id)
    if form.has("sample"):
        # Only now: a server that has begun needs no letters of ours ever again.
        await import_module("deskhand.demo.sampling").sample(tx, inbox_id)
    return Done(f"/start/{inbox_id}/mail")


@page("/start/{inbox_id:str}/mail", title="Mail now or later", needs=MANAGE)
async def mail(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Where to go on."""
    listens = visit.desk.settings.smtp_listen
    return visit.page("starting/mail.html", inbox=await queries.get(view, inbox_id), listens=listens)


ROUTERS = [Router("/", route_handlers=[inbox, make, letters, put_in, mail])]
