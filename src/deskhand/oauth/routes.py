"""The token endpoint and, for the browser, signing in and consenting (contract 00 §2)."""

from __future__ import annotations

import base64
import binascii
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from litestar import Request, Router

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import TooMany
from deskhand.kernel.http import sessions
from deskhand.kernel.http.answers import Answer, Header, encode
from deskhand.kernel.http.refusals import BadClient
from deskhand.kernel.http.routes import BODY_BYTES, get, post, raw_body
from deskhand.kernel.http.wire import parameters
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import system_actor
from deskhand.oauth import operations, queries
from deskhand.oauth.operations import Tokens
from deskhand.oauth.pages import Pages, pages_for
from deskhand.oauth.schemas import TOKEN_OPERATION
from deskhand.users import entering
from deskhand.users import operations as users
from deskhand.users.throttle import PER_HOST, throttle_of

TOKEN_JSON = b"application/json; charset=utf-8"
UNSTORED: list[Header] = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")]
NO_APPLICATION = N_("There is no such application, or it has no redirection URL.")
AUTHORIZE = "/authentication/authorizeClientApplication"


@post("/v2/oauth2/token", summary="Get Access Token", public=True, operation=TOKEN_OPERATION)
async def token(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """An access token for an application's credentials, an authorization code or a refresh token. Fields come as JSON, as
    a form or in the query string, id and secret also in a Basic header."""
    given = _storable(await _fields(request))
    client_id, secret, by_basic = _credentials(request, given)
    seconds = desk.settings.token_seconds
    grant = given.get("grant_type", "")
    if grant not in ("client_credentials", "authorization_code", "refresh_token"):
        raise BadClient(400, "unsupported_grant_type", "Invalid grant_type")
    async with desk.reading(system_actor()) as view:
        application = await operations.authenticated(view, client_id, secret)
    if application is None:
        _brake(request, desk)
        status = 401 if by_basic else 400
        realm = 'Basic realm="OAuth2.0"' if by_basic else None
        raise BadClient(status, "invalid_client", "Invalid client authentication", realm)
    async with desk.writing(system_actor(), address=sessions.address_of(request)) as tx:
        if grant == "client_credentials":
            tokens: Tokens | None = await operations.grant_to_owner(tx, application, seconds)
        elif grant == "authorization_code":
            tokens = await operations.redeem_code(tx, application, given.get("code", ""), seconds)
        else:
            tokens = await operations.refresh(tx, application, given.get("refresh_token", ""), seconds)
    if tokens is None:
        told = "Invalid code" if grant == "authorization_code" else "Invalid refresh_token"
        raise BadClient(400, "invalid_request", told)
    body: dict[str, object] = {"refresh_token": tokens.refresh} if tokens.refresh else {}
    body |= {"token_type": "bearer", "access_token": tokens.access, "expires_in": tokens.seconds}
    return Answer(200, encode(body) + b"\n", TOKEN_JSON, UNSTORED)


def _brake(request: Request[Any, Any, Any], desk: Desk) -> None:
    """Wrong credentials are refused ever the same, until they are too many. Raises TooMany. Right ones are never braked:
    a shop and a broken script may stand behind one address."""
    throttle, now = throttle_of(desk), desk.clock.now()
    limits = {f"tokens for {sessions.address_of(request)}": PER_HOST}
    if wait := throttle.wait_seconds(limits, now):
        raise TooMany(wait)
    throttle.failed(limits, now)


@get(AUTHORIZE, summary="Authorize an application", public=True, documented=False)
async def authorize(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """The consent page, or the sign-in page before it."""
    client_id, state = _asked(request)
    async with desk.reading(system_actor()) as view:
        application = await queries.application(view, client_id)
    if application is None or not application.redirect_url:
        return (await pages_for(request, desk)).refused(NO_APPLICATION)
    user = await entering.signed_in(desk, sessions.session_of(request))
    pages = await pages_for(request, desk, user)
    if user is None:
        return pages.sign_in(client_id, state, "", None)
    return pages.consent(application.name, application.redirect_url, user, client_id, state)


@post(AUTHORIZE, summary="Sign in or consent", public=True, documented=False)
async def decide(request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """What somebody chose: to sign in, to allow, to refuse, or to use another account."""
    pages = await pages_for(request, desk)
    if not sessions.is_same_origin(request):
        return pages.refused(N_("This form came from another site."))
    client_id, state = _asked(request)
    body = (await raw_body(request, BODY_BYTES)).decode(errors="replace")
    form = _storable(dict(parse_qsl(body, keep_blank_values=True)))
    async with desk.reading(system_actor()) as view:
        application = await queries.application(view, client_id)
        user = await users.session_user(view, sessions.session_of(request))
    if application is None or not application.redirect_url:
        return pages.refused(NO_APPLICATION)
    choice = form.get("choice")
    if choice == "sign-in":
        return await _sign_in(request, desk, pages, form, client_id, state)
    if user is None:
        return pages.sign_in(client_id, state, "", pages.words.text("Your session has ended. Please sign in again."))
    if choice == "switch":
        async with desk.writing(system_actor()) as tx:
            await users.sign_out(tx, sessions.session_of(request))
        return _redirect(_here(client_id, state), [sessions.ended(request)])
    if choice != "allow":
        return _redirect(_with(application.redirect_url, {"error": "access_denied"}, state))
    async with desk.writing(system_actor()) as tx:
        code = await operations.issue_code(tx, application, user.id)
    return _redirect(_with(application.redirect_url, {"code": code}, state))


async def _sign_in(
    request: Request[Any, Any, Any], desk: Desk, pages: Pages, form: dict[str, str], client_id: str, state: str | None
) -> Answer:
    email = form.get("email", "").strip()
    try:
        session = await entering.sign_in(desk, email, form.get("password", ""), sessions.address_of(request))
    except TooMany as error:
        return pages.sign_in(client_id, state, email, entering.too_many(pages.words, error), status=429)
    if session is None:
        told = pages.words.text("Email and password do not belong together.")
        return pages.sign_in(client_id, state, email, told, status=403)
    return _redirect(_here(client_id, state), [sessions.begun(request, session)])


async def _fields(request: Request[Any, Any, Any]) -> dict[str, str]:
    """The fields of a token request: from the body, then from the query string."""
    given = dict(parameters(request.scope["query_string"]))
    body = await raw_body(request, BODY_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return given
    if kind == "application/x-www-form-urlencoded":
        given |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        return given
    try:
        decoded = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BadClient(400, "invalid_request", "The request body is neither JSON nor a form") from None
    if isinstance(decoded, dict):
        given |= {name: value for name, value in decoded.items() if isinstance(value, str)}
    return given


def _credentials(request: Request[Any, Any, Any], given: dict[str, str]) -> tuple[str, str, bool]:
    """Id and secret of the application, and whether they came in a Basic header."""
    kind, _, encoded = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic" and "client_secret" not in given:
        try:
            client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
        except (binascii.Error, ValueError):
            return "", "", True
        return client_id.replace("\0", ""), secret, True
    return given.get("client_id", ""), given.get("client_secret", ""), False


def _asked(request: Request[Any, Any, Any]) -> tuple[str, str | None]:
    given = _storable(dict(parameters(request.scope["query_string"])))
    return given.get("client_id", ""), given.get("state")


def _storable(given: dict[str, str]) -> dict[str, str]:
    """The fields without those that hold NUL: nothing of ours does, and PostgreSQL cannot even compare it."""
    return {name: value for name, value in given.items() if "\0" not in value}


def _here(client_id: str, state: str | None) -> str:
    return f"{AUTHORIZE}?{urlencode({'client_id': client_id} | ({} if state is None else {'state': state}))}"


def _with(url: str, added: dict[str, str], state: str | None) -> str:
    """The redirection URL with more in its query string."""
    parts = urlsplit(url)
    query = urlencode(added | ({} if state is None else {"state": state}))
    return parts._replace(query=f"{parts.query}&{query}" if parts.query else query).geturl()


def _redirect(to: str, headers: list[Header] | None = None) -> Answer:
    return Answer(302, headers=[(b"location", to.encode()), (b"cache-control", b"no-store"), *(headers or [])])


ROUTERS = [Router("/", route_handlers=[token, authorize, decide])]
