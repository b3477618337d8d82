"""What people look like: a PNG or JPEG that anybody may see who has its address, for it stands beside what they wrote."""

from __future__ import annotations

from sqlalchemy import update

from deskhand.kernel.blobs import Blobs
from deskhand.kernel.errors import Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.pictures import bare, pixels
from deskhand.kernel.storage.statements import param, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries
from deskhand.users.model import PhotosReplaced, UserUpdated
from deskhand.users.tables import users

LARGEST_BYTES = 1024 * 1024
LEAST_PIXELS, MOST_PIXELS = 32, 4096
SET_PHOTO = write(
    update(users).where(users.c.id == param("user_id")).values(photo=param("photo"), updated_at=param("updated_at"))
)


async def keep_photo(blobs: Blobs, content: bytes, path: str) -> str:
    """The key of a picture, kept without anything that tells more than it shows. Raises Invalid(path)."""
    picture = bare(content)
    if picture is None:
        raise Invalid(path, "must be a PNG or JPEG picture")
    if len(picture) > LARGEST_BYTES:
        raise Invalid(path, "must have at most 1 MB")
    if not all(LEAST_PIXELS <= each <= MOST_PIXELS for each in pixels(picture)):
        raise Invalid(path, f"must be {LEAST_PIXELS} to {MOST_PIXELS} pixels wide and high")
    return await blobs.put(picture)


async def set_photo(tx: Transaction, user_id: int, blob: str | None) -> None:
    """Show somebody by a picture that is kept already, or by the letters of their name. Raises NotFound; Forbidden for
    somebody else without the right."""
    user = await queries.get(tx, user_id)
    if user_id != tx.actor.user_id:
        tx.actor.must(Permission.MANAGE_ACCOUNT)
    if blob == user.photo:
        return
    await tx.write(SET_PHOTO, user_id=user_id, photo=blob, updated_at=tx.now)
    tx.access_changed = True
    tx.record(UserUpdated(user_id=user_id))
    if user.photo is not None:
        tx.record(PhotosReplaced(blobs=(user.photo,), at=tx.instant))
