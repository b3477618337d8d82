"""The account: how it is called, when it is at work, and what runs here."""

from __future__ import annotations

from importlib.metadata import version as version_of

from litestar import Router

from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.hours import days_of, fields_of, hours_in
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.zones import zones
from deskhand.users import queries as users
from deskhand.users.model import Account
from deskhand.users.operations import name_account


@page("/settings/account", title="Account", needs=MANAGE)
async def account(view: Snapshot, visit: Visit) -> Answer:
    """Its name, and office hours where an inbox says nothing, whose zone is also that of the reports' days."""
    found = (await queries.office_hours_of(view)).get(0)
    named = await users.account(view)
    typed = visit.typed if visit.typed and not visit.typed.form.one("form") else None
    settings = visit.desk.settings
    return show(
        visit,
        "settings/account.html",
        "account",
        named=named,
        named_version=version(named),
        hours=found,
        zones=zones(),
        days=days_of(found, typed),
        version=version(found),
        origin=visit.origins.web,
        database="PostgreSQL" if settings.database.startswith("postgres") else "SQLite",
        release=version_of("deskhand"),
    )


@act("/settings/account/name", title="Name the account", needs=MANAGE, shown_by=account)
async def set_name(tx: Transaction, visit: Visit, form: Form) -> Done:
    """What stands above every page and in mail, and the language of mail to whoever chose none."""
    as_shown(form, await users.account(tx))
    await name_account(tx, Account(form.one("name"), form.one("language")))
    return Done("/settings/account", visit.words.text("Name and language saved"))


@act("/settings/account", title="Set office hours", needs=MANAGE, shown_by=account)
async def set_hours(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Say when the account is at work; reports are computed anew behind it."""
    as_shown(form, (await queries.office_hours_of(tx)).get(0))
    await inboxes.set_office_hours(tx, None, hours_in(form))
    return Done("/settings/account", visit.words.text("Office hours saved"))


@act("/settings/account/hours/remove", title="Remove office hours", needs=MANAGE)
async def remove_hours(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Let every hour count."""
    before = (await queries.office_hours_of(tx)).get(0)
    await inboxes.remove_office_hours(tx, None)
    undo = Undo("/settings/account", fields_of(before)) if before else None
    return Done("/settings/account", visit.words.text("Every hour counts now"), undo)


ROUTERS = [Router("/", route_handlers=[account, set_name, set_hours, remove_hours])]
