"""The customer's page: how was our answer? It knows no session, and no search engine shall know it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from deskhand.conversations.model import Rating
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.pages import Templates, spoken
from deskhand.kernel.languages import N_, language_of
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.ratings.model import MOST_CHARACTERS, changes_until
from deskhand.ratings.queries import Question
from deskhand.users import queries as users

TEMPLATES = Templates(Path(__file__).parent / "templates")
CHOICES = (
    {"value": Rating.GREAT.value, "label": N_("Good"), "icon": "smile"},
    {"value": Rating.OKAY.value, "label": N_("Okay"), "icon": "meh"},
    {"value": Rating.NOT_GOOD.value, "label": N_("Not good"), "icon": "frown"},
)
PRIVATE = [(b"x-robots-tag", b"noindex, nofollow, noarchive")]


async def words_for(view: Snapshot, accepted: str) -> Words:
    """As the customer's browser asks for, else as the account writes."""
    return Words(view.now, language=language_of(None, accepted, (await users.account(view)).language))


def question(
    words: Words,
    it: Question,
    now: datetime,
    change_hours: int,
    *,
    chosen: str | None = None,
    comments: str | None = None,
    problem: str | None = None,
    status: int = 200,
) -> Answer:
    """The question about a reply, with what was said so far, or was about to be; and until when that can be changed."""
    until = changes_until(it.rated_at, change_hours) if it.rated_at else None
    return _private(
        TEMPLATES.page(
            "rate.html",
            status=status,
            inbox=it.inbox_name,
            author=it.author,
            subject=it.subject,
            sent=it.sent_at,
            choices=CHOICES,
            chosen=chosen or it.rating,
            comments=it.comments or "" if comments is None else comments,
            most=MOST_CHARACTERS,
            is_rated=until is not None,
            is_open=until is None or now < until,
            until=until,
            problem=problem,
            **spoken(words),
        )
    )


def gone(words: Words) -> Answer:
    """A link that does not work, whatever the reason."""
    return _private(TEMPLATES.page("gone.html", status=404, **spoken(words)))


def _private(page: Answer) -> Answer:
    page.headers = [*page.headers, *PRIVATE]
    return page
