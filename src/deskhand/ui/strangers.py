"""Pages for whoever is not known yet."""

from __future__ import annotations

from typing import Any

from litestar import Request

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError, Invalid, TooMany
from deskhand.kernel.http.answers import Answer
from deskhand.ui.door import TEMPLATES, THEME, THEMES, accepted, texts
from deskhand.ui.languages import language_of
from deskhand.ui.words import Words


def before_signing_in(
    request: Request[Any, Any, Any],
    desk: Desk,
    template: str,
    *,
    error: DeskError | None = None,
    status: int = 200,
    **values: Any,
) -> Answer:
    """A page for whoever is not known yet; with what was wrong and its status, where something was."""
    words = Words(desk.clock.now(), language=language_of(None, accepted(request)))
    if isinstance(error, TooMany):
        minutes = -(-error.retry_seconds // 60)
        told = words.plural(
            "Too many tries. Please wait %(count)s minute and try again.",
            "Too many tries. Please wait %(count)s minutes and try again.",
            minutes,
        )
        status, values["problem"] = 429, told
    elif isinstance(error, Invalid):
        status, values["problem"] = 400, "; ".join(f"{each.path}: {words.told(each.message)}" for each in error.mistakes)
    elif error is not None:
        status, values["problem"] = 403, words.told(error.message)
    theme = request.cookies.get(THEME, "")
    values = {"problem": "", "theme": theme if theme in THEMES else ""} | values
    return TEMPLATES.page(template, status=status, **texts(words), **values)
