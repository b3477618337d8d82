"""Messages that are ours: those that wait for a person, and any by its number."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import and_, func, literal_column, select

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import Door, Kind, ReceivedState, Rule
from deskhand.mail.tables import mail_received

MOST_COUNTED = 10_000


class Message(Struct, frozen=True):
    """A message that came in. ``sender`` and ``subject`` are known when it was read; instants are UTC."""

    id: int
    inbox_id: int | None
    door: Door
    envelope_from: str | None
    recipients: list[str]
    peer: str | None
    blob: str
    size_bytes: int
    received_at: datetime
    state: ReceivedState
    attempts: int
    kind: Kind | None
    rule: Rule | None
    reason: str | None
    sender: str | None
    subject: str | None
    message_id: str | None
    conversation_id: int | None
    thread_id: int | None


c = mail_received.c
_message = select(*(c[name] for name in Message.__struct_fields__))
IS_HELD = c.state == literal_column("'held'")  # these are spelled out: only so is a partial index of use
IS_WAITING = c.state == literal_column("'waiting'")
IS_PLACED = and_(
    c.state == literal_column("'done'"), c.kind.not_in([literal_column("'duplicate'"), literal_column("'dropped'")])
)
ONE = read(_message.where(c.id == param("received_id")), Message)
HELD = read(_message.where(IS_HELD, c.id > param("after")).order_by(c.id).limit(param("most")), Message)
COUNT = read(select(func.count()).select_from(select(c.id).where(IS_HELD).limit(MOST_COUNTED).subquery()), int)
WAITING = read(select(func.count()).select_from(select(c.id).where(IS_WAITING).limit(MOST_COUNTED).subquery()), int)


async def page(view: Snapshot, *, after: int = 0, most: int = 50) -> list[Message]:
    """Held messages behind a number, oldest first."""
    return await view.all(HELD, after=after, most=most)


async def find(view: Snapshot, received_id: int) -> Message:
    """Any message. Raises NotFound."""
    found = await view.first(ONE, received_id=received_id)
    if found is None:
        raise NotFound(f"there is no message {received_id}")
    return found


async def get(view: Snapshot, received_id: int) -> Message:
    """A held message. Raises NotFound for one that is none."""
    found = await view.first(ONE, received_id=received_id)
    if found is None or found.state is not ReceivedState.HELD:
        raise not_held(received_id)
    return found


def not_held(received_id: int) -> NotFound:
    """What is said of a message that does not wait for a person."""
    return NotFound(f"there is no held message {received_id}")
