"""Pages instead of a page: for addresses that are none, and for what broke. They are in the words of whoever asks, as far as
these can be found out when something is broken."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from litestar import Request
from litestar.exceptions import HTTPException
from litestar.types import Receive, Scope, Send

from deskhand.kernel.errors import (
    Collision,
    Conflict,
    DeskError,
    Forbidden,
    Invalid,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
    Unmet,
)
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.door import Call
from deskhand.kernel.http.pages import PLACES, POLICY, Templates, spoken
from deskhand.kernel.http.sessions import accepted, session_of, theme_of
from deskhand.kernel.languages import language_of
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import Actor
from deskhand.kernel.words import Words
from deskhand.users.model import Account
from deskhand.users.queries import User

TEMPLATES = Templates(Path(__file__).parent / "templates", policy=POLICY + PLACES)
PROGRAMS = ("/v2/", "/v3/", "/chat/", "/deskhand/", "/static/")
MOST_STATUS = 499  # of what Litestar refuses itself

log = Log(__name__)
REFUSALS: dict[type[DeskError], tuple[int, str]] = {
    NotFound: (404, "missing"),
    Forbidden: (403, "forbidden"),
    Invalid: (400, "invalid"),
    Unmet: (409, "unmet"),
    Conflict: (409, "unmet"),
    TooMany: (429, "unmet"),
    TooLarge: (413, "large"),
    Collision: (503, "busy"),
    Unavailable: (503, "away"),
}


class Visitor(Protocol):
    """Who has signed in, and as whom they act."""

    @property
    def user(self) -> User: ...

    @property
    def actor(self) -> Actor: ...

    @property
    def account(self) -> Account: ...

    @property
    def is_away(self) -> bool: ...


def shows_pages(request: Request[Any, Any, Any]) -> bool:
    """Whether a browser asks for a page, and not a program or a script."""
    return "text/html" in request.headers.get("accept", "") and not f"/{request.scope['path'].lstrip('/')}/".startswith(
        PROGRAMS
    )


class RefusedPage(Answer):
    """Why there is no page; with the correlation id, where it is our mistake."""

    __slots__ = ("_kind", "_message", "_request")

    def __init__(self, request: Request[Any, Any, Any], error: Exception) -> None:
        status, self._kind = 500, "broken"
        if isinstance(error, DeskError):
            status, self._kind = next((REFUSALS[each] for each in REFUSALS if isinstance(error, each)), (400, "invalid"))
        elif isinstance(error, HTTPException) and error.status_code <= MOST_STATUS:
            status, self._kind = error.status_code, "large" if error.status_code == 413 else "nowhere"
        super().__init__(status)
        self._message = error.message if isinstance(error, DeskError) else ""
        self._request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        call: Call = scope["deskhand"]  # type: ignore[typeddict-item]
        words, name = await self._words(call)
        page = TEMPLATES.page(
            "refused.html",
            status=self.status,
            kind=self._kind,
            message=self._message,
            mistakes=[],
            log_ref=call.log_ref,
            **spoken(words, name, theme_of(self._request)),
        )
        await page(scope, receive, send)

    async def _words(self, call: Call) -> tuple[Words, str]:
        """Theirs and the account's name, or as the browser asks."""
        visitor: Visitor | None = None
        try:
            visitor = await call.door.visitor(session_of(self._request))
        except Exception as error:  # noqa: BLE001 - it may be what is broken
            log.warning("who asked could not be found out", error=error, correlation_id=call.log_ref)
        now, asked = call.door.desk.clock.now(), accepted(self._request)
        if visitor is None:
            return Words(now, language=language_of(None, asked)), ""
        return Words(now, visitor.user.timezone, language_of(visitor.user.language, asked)), visitor.account.name
