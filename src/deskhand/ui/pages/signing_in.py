"""Signing in and out."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Forbidden, TooMany
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import get, post
from deskhand.kernel.http.sessions import address_of, begun, ended, session_of
from deskhand.kernel.http.wire import parameters
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import system_actor
from deskhand.ui.door import before_signing_in, enter, form_of, local, redirect
from deskhand.users import entering
from deskhand.users import operations as users


@get("/signin", summary="Sign in", public=True, documented=False)
async def ask(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Email and password; who has signed in goes on."""
    to = local(dict(parameters(request.scope["query_string"])).get("next", ""))
    return redirect(to) if await enter(request, desk) else await _page(request, desk, to)


@post("/signin", summary="Sign in", public=True, documented=False)
async def sign_in(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Leads to ``next``, a page of ours."""
    try:
        form = await form_of(request)
    except Forbidden as error:
        return await _page(request, desk, "/", error=error)
    to, email = local(form.one("next")), form.one("email").strip()
    try:
        token = await entering.sign_in(desk, email, form.one("password"), address_of(request))
    except TooMany as error:
        return await _page(request, desk, to, email=email, error=error)
    if token is None:
        return await _page(request, desk, to, email=email, problem=N_("Email and password do not belong together."), status=403)
    return redirect(to, [begun(request, token)])


@post("/signout", summary="Sign out", public=True, documented=False)
async def sign_out(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Ends the session."""
    try:
        await form_of(request)
    except Forbidden as error:
        return await _page(request, desk, "/", error=error)
    async with desk.writing(system_actor()) as tx:
        await users.sign_out(tx, session_of(request))
    return redirect("/signin", [ended(request)])


async def _page(request: Request[Any, Any, Any], desk: Desk, to: str, **values: Any) -> Answer:
    return await before_signing_in(request, desk, "signin.html", **({"to": to, "email": ""} | values))


ROUTERS = [Router("/", route_handlers=[ask, sign_in, sign_out])]
