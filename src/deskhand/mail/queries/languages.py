"""In whose language mail is."""

from __future__ import annotations

from deskhand.kernel.languages import language_of
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.users import queries as users
from deskhand.users.queries import User


async def words_for(view: Snapshot, user: User | None = None) -> Words:
    """A user's, who reads moments in their zone; to customers, and to whoever chose none, the account's."""
    language = language_of(user.language if user else None, usual=(await users.account(view)).language)
    return Words(view.now, user.timezone if user else "UTC", language)
