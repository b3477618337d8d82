"""Coming in for the first time, or again: the first owner, an invitation, a forgotten password (security D2, line 18)."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, Forbidden, Invalid, NotFound, TooMany
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import get, post
from deskhand.kernel.http.sessions import address_of, begun
from deskhand.kernel.permissions import Role, system_actor
from deskhand.ui.door import TEMPLATES, Form, form_of, redirect
from deskhand.ui.words import Words
from deskhand.users import entering
from deskhand.users import operations as users
from deskhand.users.model import LinkKind
from deskhand.users.operations import NewUser
from deskhand.users.queries import User

TITLES = {
    LinkKind.INVITATION: ("Welcome", "Choose a password, and you are in."),
    LinkKind.RESET: ("Choose another password", "Wherever you are signed in, you will be signed out."),
}


@get("/forgot", summary="Forgot the password", public=True, documented=False)
async def forgot(desk: Desk) -> Answer:
    """Which address a link is to go to."""
    return _page(desk, "joining/forgot.html")


@post("/forgot", summary="Mail a link", public=True, documented=False)
async def mail_link(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """The same answer whether there is such a user or not."""
    try:
        email = (await form_of(request)).one("email").strip()
        await entering.forgot(desk, email, address_of(request))
    except (Forbidden, TooMany) as error:
        return _page(desk, "joining/forgot.html", problem=_told(error), status=_status(error))
    return _page(desk, "joining/mailed.html", email=email)


@get("/{kind:str}/{token:str}", summary="Choose a password", public=True, documented=False)
async def choose(kind: str, token: str, desk: Desk) -> Answer:
    """Behind a link that was mailed; looking does not use it up."""
    async with desk.reading(system_actor()) as view:
        try:
            return _choose(desk, LinkKind(kind), await users.link_user(view, LinkKind(kind), token))
        except (NotFound, ValueError):
            return _page(desk, "joining/gone.html", status=404)


@post("/{kind:str}/{token:str}", summary="Choose a password", public=True, documented=False)
async def set_password(kind: str, token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Uses the link up, and signs in."""
    try:
        form = await form_of(request)
        session = await entering.choose_password(desk, LinkKind(kind), token, form.one("password"), address_of(request))
    except (NotFound, ValueError):
        return _page(desk, "joining/gone.html", status=404)
    except (Forbidden, Invalid, TooMany) as error:
        async with desk.reading(system_actor()) as view:
            user = await users.link_user(view, LinkKind(kind), token)
        return _choose(desk, LinkKind(kind), user, problem=_told(error), status=_status(error))
    return redirect("/", [begun(request, session)])


@get("/setup/{token:str}", summary="First run", public=True, documented=False)
async def begin(token: str, desk: Desk) -> Answer:
    """Who is the first owner? Of an account where somebody works nothing is said."""
    async with desk.reading(system_actor()) as view:
        is_open = await users.set_up_token(view, desk.seal) == token
    return _page(desk, "joining/setup.html", form=Form([])) if is_open else _page(desk, "joining/gone.html", status=404)


@post("/setup/{token:str}", summary="Make the first owner", public=True, documented=False)
async def set_up(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Makes the first owner, and signs them in."""
    form = Form([])
    try:
        form = await form_of(request)
        password_hash = await users.hashed(form.one("password"))
        new = NewUser(
            first_name=form.one("first").strip(),
            last_name=form.one("last").strip(),
            email=form.one("email").strip(),
            role=Role.OWNER,
            password_hash=password_hash,
        )
        async with desk.writing(system_actor()) as tx:
            user_id = await users.set_up(tx, token, new)
            session = await users.sign_in(tx, user_id, address_of(request))
    except NotFound:
        return _page(desk, "joining/gone.html", status=404)
    except (Forbidden, Invalid) as error:
        return _page(desk, "joining/setup.html", form=form, problem=_told(error), status=_status(error))
    return redirect("/", [begun(request, session)])


def _choose(desk: Desk, kind: LinkKind, user: User, *, problem: str = "", status: int = 200) -> Answer:
    title, words = TITLES[kind]
    return _page(desk, "joining/choose.html", title=title, words=words, email=user.email, problem=problem, status=status)


def _page(desk: Desk, template: str, *, problem: str = "", status: int = 200, **values: Any) -> Answer:
    words = Words(desk.clock.now())
    return TEMPLATES.page(template, status=status, problem=problem, _=words.text, **values)


def _told(error: DeskError) -> str:
    if isinstance(error, TooMany):
        return f"Too many tries. Please wait {-(-error.retry_seconds // 60)} minutes and try again."
    if isinstance(error, Invalid):
        return "; ".join(f"{each.path}: {each.message}" for each in error.mistakes)
    return error.message


def _status(error: DeskError) -> int:
    return 429 if isinstance(error, TooMany) else 400 if isinstance(error, Invalid) else 403


ROUTERS = [Router("/", route_handlers=[forgot, mail_link, begin, set_up])]
