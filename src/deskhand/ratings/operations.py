"""Asking customers what they think, and hearing it."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, insert, update

from deskhand.conversations.model import Rating
from deskhand.conversations.operations import rating as replies
from deskhand.kernel.errors import Code, Invalid, Unmet
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.ratings import queries
from deskhand.ratings.model import MOST_CHARACTERS, RatingChanged, RatingReceived, changes_until
from deskhand.ratings.tables import rating_links, ratings

ADD_LINK = write(insert(rating_links).values({name: param(name) for name in ("hash", "thread_id", "expires_at")}))
FORGET_LINKS = write(delete(rating_links).where(rating_links.c.expires_at < param("before")))
ADD = write(insert(ratings).values({name: param(name) for name in ("thread_id", "created_at")}).returning(ratings.c.id))
TOUCH = write(update(ratings).where(ratings.c.id == param("rating_id")).values(modified_at=param("now")))


async def rating_link(tx: Transaction, conversation_id: int, thread_id: int, *, origin: str, days: int) -> str:
    """An address where the customer of a reply can rate it for so many days; it is kept nowhere.

    ``origin`` is that of pages: ``https://desk.example.org``. Each call gives another address, the ones before work on.
    ``?rating=great`` (``okay``, ``not_good``) behind it chooses beforehand. Raises NotFound, Unmet for what is no sent reply.
    """
    await replies.ratable(tx, conversation_id, thread_id)
    token = secrets.token_urlsafe(32)
    await tx.write(FORGET_LINKS, before=tx.now)
    await tx.write(ADD_LINK, hash=link_hash(token), thread_id=thread_id, expires_at=tx.now + timedelta(days=days))
    return f"{origin}/rate/{token}"


async def rate(tx: Transaction, token: str, rating: Rating, comments: str, *, change_hours: int) -> None:
    """Say what one thinks of a reply; again within so many hours it replaces what was said before.

    Who has the link is the customer. Raises NotFound for a link that does not work, Invalid("comments") when they are too
    long, Unmet when the time for changes is over.
    """
    asked = await queries.by_link(tx, link_hash(token))
    comments = comments.strip()
    if len(comments) > MOST_CHARACTERS:
        raise Invalid("comments", f"size must be between 0 and {MOST_CHARACTERS}", code=Code.SIZE)
    await replies.ratable(tx, asked.conversation_id, asked.thread_id)
    # Read again now that nobody else can rate it: two clicks at once are one rating.
    asked = await queries.by_link(tx, link_hash(token))
    if asked.rated_at is not None and tx.now >= changes_until(asked.rated_at, change_hours):
        raise Unmet("The rating can no longer be changed")
    if (asked.rating, asked.comments or "") == (rating, comments):
        return
    await replies.rate(tx, asked.conversation_id, asked.thread_id, rating, comments or None)
    where = {"conversation_id": asked.conversation_id, "thread_id": asked.thread_id}
    rating_id = await tx.first(queries.OF_THREAD, thread_id=asked.thread_id)
    if rating_id is None:
        rating_id = await tx.insert(ADD, thread_id=asked.thread_id, created_at=tx.now)
        tx.record(RatingReceived(rating_id=rating_id, rating=rating, **where))
    else:
        await tx.write(TOUCH, rating_id=rating_id, now=tx.now)
        tx.record(RatingChanged(rating_id=rating_id, rating=rating, **where))


def link_hash(token: str) -> bytes:
    """What is kept of a link: it has 256 random bits, so a plain hash suffices."""
    return hashlib.sha256(token.encode(errors="replace")).digest()
