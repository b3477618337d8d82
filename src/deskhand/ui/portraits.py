"""Photos and being away, as forms have them: of oneself, and of others for who manages the account."""

from __future__ import annotations

from deskhand.conversations.model import FilesRefused
from deskhand.kernel.errors import Invalid
from deskhand.kernel.transaction import Transaction
from deskhand.ui.door import Form, Visit
from deskhand.users import operations
from deskhand.users.model import Presence, StatusSource

MOST_CHARACTERS = 100
AWAY = "Away: new conversations are given to others"
BACK = "Not away: new conversations are given again"


async def use_photo(visit: Visit, form: Form, user_id: int) -> None:
    """Show a user by the file of a form; what was sent is kept without what tells more. Raises Invalid, NotFound, Forbidden."""
    if not form.files:
        raise Invalid("photo", "must be a PNG or JPEG picture")
    sent = form.files[0].blob
    photo = await operations.keep_photo(visit.desk.blobs, await visit.desk.blobs.get(sent), "photo")
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        await operations.set_photo(tx, user_id, photo)
        tx.record(FilesRefused(blobs=(sent,), at=tx.now))


async def say_status(tx: Transaction, form: Form, user_id: int) -> str:
    """Say whether a user is away, and what others read beside it; the text that tells it. Raises Invalid, NotFound."""
    text = form.one("text").strip()
    if len(text) > MOST_CHARACTERS:
        raise Invalid("text", f"must have at most {MOST_CHARACTERS} characters")
    status = Presence.AWAY if form.has("away") else Presence.ACTIVE
    await operations.set_status(tx, user_id, status, source=StatusSource.UI, text=text or None)
    return AWAY if status is Presence.AWAY else BACK
