"""The pages of the authorization-code flow: sign in, consent, and a refusal that cannot be redirected."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlencode, urlsplit

from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.pages import Templates
from deskhand.users.queries import User

TEMPLATES = Templates(Path(__file__).parent / "templates")


def sign_in(client_id: str, state: str | None, email: str, problem: str | None, *, status: int = 200) -> Answer:
    """Email and password, with what went wrong the last time."""
    return TEMPLATES.page("sign_in.html", status=status, action=_action(client_id, state), email=email, problem=problem)


def consent(application: str, redirect_url: str, user: User, client_id: str, state: str | None) -> Answer:
    """Whether the application may act in the user's name."""
    return TEMPLATES.page(
        "consent.html",
        action=_action(client_id, state),
        application=application,
        host=urlsplit(redirect_url).netloc,
        name=f"{user.first_name} {user.last_name}",
        email=user.email,
    )


def refused(reason: str) -> Answer:
    """A refusal in words."""
    return TEMPLATES.page("refused.html", status=400, reason=reason)


def _action(client_id: str, state: str | None) -> str:
    return "?" + urlencode({"client_id": client_id} | ({} if state is None else {"state": state}))
