"""Coming in for the first time, or again: the first owner, an invitation, a forgotten password (security D2, line 18)."""

from __future__ import annotations

import hmac
from typing import Any

from litestar import Request, Router

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, Forbidden, Invalid, NotFound, TooMany
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import get, post
from deskhand.kernel.http.sessions import address_of, begun
from deskhand.kernel.permissions import Role, system_actor
from deskhand.ui.door import Form, before_signing_in, form_of, redirect
from deskhand.users import entering
from deskhand.users import operations as users
from deskhand.users.model import LinkKind
from deskhand.users.operations import NewUser

TITLES = {
    LinkKind.INVITATION: ("Welcome", "Choose a password, and you are in."),
    LinkKind.RESET: ("Choose another password", "Wherever you are signed in, you will be signed out."),
}


@get("/forgot", summary="Forgot the password", public=True, documented=False)
async def forgot(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Which address a link is to go to."""
    return await before_signing_in(request, desk, "joining/forgot.html")


@post("/forgot", summary="Mail a link", public=True, documented=False)
async def mail_link(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """The same answer whether there is such a user or not."""
    try:
        email = (await form_of(request)).one("email").strip()
        await entering.forgot(desk, email, address_of(request))
    except (Forbidden, TooMany) as error:
        return await before_signing_in(request, desk, "joining/forgot.html", error=error)
    return await before_signing_in(request, desk, "joining/mailed.html", email=email)


@get("/invitation/{token:str}", summary="Accept an invitation", public=True, documented=False)
async def invited(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """A password to choose; looking does not use the link up."""
    return await _look(request, desk, LinkKind.INVITATION, token)


@post("/invitation/{token:str}", summary="Join", public=True, documented=False)
async def join(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Uses the link up, and signs in."""
    return await _use(request, desk, LinkKind.INVITATION, token)


@get("/reset/{token:str}", summary="Choose another password", public=True, documented=False)
async def look(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """As ``invited``."""
    return await _look(request, desk, LinkKind.RESET, token)


@post("/reset/{token:str}", summary="Change the password", public=True, documented=False)
async def reset(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """As ``join``."""
    return await _use(request, desk, LinkKind.RESET, token)


@get("/setup/{token:str}", summary="First run", public=True, documented=False)
async def begin(token: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Who is the first owner? Of an account where somebody works nothing is said."""
    async with desk.reading(system_actor()) as view:
        expected = await users.set_up_token(view, desk.seal)
    is_open = expected is not None and hmac.compare_digest(expected.encode(), token.encode())
    if not is_open:
        return await _gone(request, desk)
    return await before_signing_in(request, desk, "joining/setup.html", form=Form([]))


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
        return await _gone(request, desk)
    except (Forbidden, Invalid) as error:
        return await before_signing_in(request, desk, "joining/setup.html", form=form, error=error)
    return redirect("/start", [begun(request, session)])


async def _look(
    request: Request[Any, Any, Any], desk: Desk, kind: LinkKind, token: str, *, error: DeskError | None = None
) -> Answer:
    async with desk.reading(system_actor()) as view:
        try:
            user = await users.link_user(view, kind, token)
        except NotFound:
            return await _gone(request, desk)
    title, about = TITLES[kind]
    return await before_signing_in(
        request, desk, "joining/choose.html", title=title, about=about, email=user.email, error=error
    )


async def _use(request: Request[Any, Any, Any], desk: Desk, kind: LinkKind, token: str) -> Answer:
    try:
        password = (await form_of(request)).one("password")
        session = await entering.choose_password(desk, kind, token, password, address_of(request))
    except NotFound:
        return await _gone(request, desk)
    except (Forbidden, Invalid, TooMany) as error:
        return await _look(request, desk, kind, token, error=error)
    return redirect("/", [begun(request, session)])


async def _gone(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    return await before_signing_in(request, desk, "joining/gone.html", status=404)


ROUTERS = [Router("/", route_handlers=[forgot, mail_link, invited, join, look, reset, begin, set_up])]
