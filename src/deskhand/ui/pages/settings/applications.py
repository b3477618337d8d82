"""Programs that may ask the API."""

from __future__ import annotations

from litestar import Router

from deskhand.kernel.errors import Forbidden, Invalid, NotFound
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.permissions import Permission, Role
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.oauth import operations, queries
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.people import face
from deskhand.users import queries as users
from deskhand.users.model import UserState, permissions_of

MOST_PEOPLE = 1000


@page("/settings/applications", title="API applications", needs=MANAGE)
async def applications(view: Snapshot, visit: Visit) -> Answer:
    """Each with whom its tokens act as."""
    return await _shown(view, visit)


async def _shown(view: Snapshot, visit: Visit, made: tuple[str, str, str] | None = None) -> Answer:
    found = await queries.registered(view)
    people, _ = await users.page(view, "user", 1, MOST_PEOPLE)
    able = [
        each
        for each in people
        if each.state == UserState.ACTIVE and Permission.USE_API in permissions_of(Role(each.role), each.granted)
    ]
    return show(
        visit,
        "settings/applications.html",
        "applications",
        rows=[(each, face(each.user_id, each.first_name, each.last_name)) for each in found],
        people=[(each.id, face(each.id, each.first_name, each.last_name, each.email).name) for each in able],
        made=made,
        origin=visit.origins.api,
    )


@errand("/settings/applications", title="Make an application", needs=MANAGE, shown_by=applications)
async def create(visit: Visit, form: Form) -> Answer:
    """Its secret is shown once: it is kept nowhere."""
    name, redirect_url = form.one("name").strip(), form.one("redirectUrl").strip() or None
    user_id = form.number("user") or visit.user.id
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        try:
            client_id, secret = await operations.register(tx, name, user_id, redirect_url=redirect_url)
        except NotFound:
            raise Invalid("user", "must be one of these") from None
        except Forbidden as error:
            raise Invalid("user", error.message) from None
        except Invalid as error:
            path = error.mistakes[0].path
            raise Invalid("redirectUrl" if path == "redirect_url" else path, error.message) from None
    async with visit.desk.reading(visit.actor) as view:
        return await _shown(view, visit, (name, client_id, secret))


@act("/settings/applications/{application_id:str}/delete", title="Delete an application", needs=MANAGE)
async def delete(tx: Transaction, visit: Visit, form: Form, application_id: PathId) -> Done:
    """Its tokens end with it."""
    await operations.remove(tx, application_id)
    return Done("/settings/applications", visit.words.text("It can no longer use the API, and its tokens have ended"))


ROUTERS = [Router("/", route_handlers=[applications, create, delete])]
