"""The first owner of an account without people."""

from __future__ import annotations

import base64
from binascii import Error

from msgspec import structs

from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Invalid, NotFound
from deskhand.kernel.permissions import Role
from deskhand.kernel.sealing import Seal, seal_of
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.users import queries
from deskhand.users.operations.people import NewUser, create

WHAT, ABOUT = "the first owner", "users-setup"
HELD = "users:setup"


async def set_up_token(view: Snapshot, seal: Seal) -> str | None:
    """What lets somebody become the first owner; None once anybody works here. Nothing has to be kept of it."""
    if await view.first(queries.ANYBODY) is not None:
        return None
    return base64.urlsafe_b64encode(seal.mark(WHAT, ABOUT)).decode().rstrip("=")


async def set_up(tx: Transaction, token: str, new: NewUser) -> int:
    """Make the first owner, with a password; their id. Whatever ``new`` says of role and rights does not count.

    Raises NotFound for a wrong token and once anybody works here; Invalid("email"), Invalid("password").
    """
    if not _is_ours(tx, token):
        raise NotFound("Not found")
    await tx.hold_count(HELD)  # two at once: the second waits, and finds the first
    if await tx.first(queries.ANYBODY) is not None:
        raise NotFound("Not found")
    if not is_email(new.email.strip()):
        raise Invalid("email", "not a well-formed email address", code=Code.EMAIL, rejected=new.email)
    if new.password_hash is None:
        raise Invalid("password", "may not be empty", code=Code.NOT_EMPTY)
    return await create(tx, structs.replace(new, role=Role.OWNER, granted=[]))


def _is_ours(tx: Transaction, token: str) -> bool:
    try:
        given = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (Error, ValueError):
        return False
    return len(given) == 32 and seal_of(tx.settings).marked(WHAT, ABOUT, given)
