"""Pages for whoever is not known yet."""

from __future__ import annotations

from typing import Any

from litestar import Request

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, Invalid, TooMany
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.pages import spoken
from deskhand.kernel.http.sessions import accepted, theme_of
from deskhand.kernel.languages import language_of
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.words import Words
from deskhand.ui.door import TEMPLATES
from deskhand.users import queries as users
from deskhand.users.entering import too_many


async def before_signing_in(
    request: Request[Any, Any, Any],
    desk: Desk,
    template: str,
    *,
    error: DeskError | None = None,
    status: int = 200,
    **values: Any,
) -> Answer:
    """A page for whoever is not known yet; with what was wrong and its status, where something was."""
    async with desk.reading(system_actor()) as view:
        account = await users.account(view)
    words = Words(desk.clock.now(), language=language_of(None, accepted(request), account.language))
    if isinstance(error, TooMany):
        status, values["problem"] = 429, too_many(words, error)
    elif isinstance(error, Invalid):
        status, values["problem"] = 400, "; ".join(f"{each.path}: {words.told(each.message)}" for each in error.mistakes)
    elif error is not None:
        status, values["problem"] = 403, words.told(error.message)
    values = {"problem": ""} | values
    return TEMPLATES.page(template, status=status, **spoken(words, account.name, theme_of(request)), **values)
