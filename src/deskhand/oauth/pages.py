"""The pages of the authorization-code flow: sign in, consent, and a refusal that cannot be redirected."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import Request
from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.pages import Templates, spoken
from deskhand.kernel.http.sessions import accepted, theme_of
from deskhand.kernel.languages import language_of
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.words import Words
from deskhand.users import queries as users
from deskhand.users.queries import User

TEMPLATES = Templates(Path(__file__).parent / "templates")


class Pages(Struct, frozen=True):
    """The pages in the language of whoever looks."""

    words: Words
    account: str
    theme: str

    def sign_in(self, client_id: str, state: str | None, email: str, problem: str | None, *, status: int = 200) -> Answer:
        """Email and password, with what went wrong the last time."""
        return self._page("sign_in.html", status, action=_action(client_id, state), email=email, problem=problem)

    def consent(self, application: str, redirect_url: str, user: User, client_id: str, state: str | None) -> Answer:
        """Whether the application may act in the user's name."""
        return self._page(
            "consent.html",
            action=_action(client_id, state),
            application=application,
            host=urlsplit(redirect_url).netloc,
            name=f"{user.first_name} {user.last_name}",
            email=user.email,
        )

    def refused(self, reason: str) -> Answer:
        """A refusal, in words of the catalogs."""
        return self._page("refused.html", 400, reason=reason)

    def _page(self, template: str, status: int = 200, **values: Any) -> Answer:
        return TEMPLATES.page(template, status=status, **spoken(self.words, self.account, self.theme), **values)


async def pages_for(request: Request[Any, Any, Any], desk: Desk, user: User | None = None) -> Pages:
    """As the user reads pages; a stranger as the browser does, else as the account."""
    async with desk.reading(system_actor()) as view:
        account = await users.account(view)
    language = language_of(user.language if user else None, accepted(request), account.language)
    return Pages(Words(desk.clock.now(), language=language), account.name, theme_of(request))


def _action(client_id: str, state: str | None) -> str:
    return "?" + urlencode({"client_id": client_id} | ({} if state is None else {"state": state}))
