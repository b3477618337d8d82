"""What a browser brings along: the cookie of a session, its theme and languages, and whether a form came from a page of ours
(D2 16, 17). Sessions themselves are the users'."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from litestar import Request

from deskhand.kernel.http.answers import Header
from deskhand.kernel.http.door import Call

COOKIE = "deskhand_session"
SAFE_COOKIE = f"__Host-{COOKIE}"  # over https: no other host or path of the domain can plant one
THEME = "deskhand_theme"
THEMES = ("light", "dark")
LIFE_SECONDS = 30 * 24 * 3600


def session_of(request: Request[Any, Any, Any]) -> str:
    """The token that the browser sent, or nothing."""
    return request.cookies.get(SAFE_COOKIE if _is_secure(request) else COOKIE, "")


def begun(request: Request[Any, Any, Any], token: str) -> Header:
    """The header that leaves a session with the browser."""
    return _cookie(request, token, LIFE_SECONDS)


def ended(request: Request[Any, Any, Any]) -> Header:
    """The header that takes it back."""
    return _cookie(request, "", 0)


def address_of(request: Request[Any, Any, Any]) -> str:
    """The network address of whoever asks; behind a proxy that is trusted, as that says."""
    return _call(request).door.address(request.scope)


def accepted(request: Request[Any, Any, Any]) -> str:
    """The languages it asks for."""
    return request.headers.get("accept-language", "")


def theme_of(request: Request[Any, Any, Any]) -> str:
    """``light``, ``dark``, or nothing: as the system has it."""
    theme = request.cookies.get(THEME, "")
    return theme if theme in THEMES else ""


def is_same_origin(request: Request[Any, Any, Any]) -> bool:
    """Whether a form was sent by a page of ours: browsers say so in ``Origin``, other clients send none."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin == _call(request).door.origins(request.scope).web or (
        urlsplit(origin).netloc == request.headers.get("host", "") and urlsplit(origin).scheme in ("http", "https")
    )


def _is_secure(request: Request[Any, Any, Any]) -> bool:
    """Whether the browser came over https, to us or to the proxy before us."""
    return _call(request).door.origins(request.scope).web.startswith("https:")


def _cookie(request: Request[Any, Any, Any], value: str, seconds: int) -> Header:
    name, secure = (SAFE_COOKIE, "; Secure") if _is_secure(request) else (COOKIE, "")
    return (b"set-cookie", f"{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}".encode())


def _call(request: Request[Any, Any, Any]) -> Call:
    return request.scope["deskhand"]  # type: ignore[typeddict-item,no-any-return]
