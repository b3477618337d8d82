"""What mail has to say beside the entries of a conversation: how far each letter of ours got, and which came
from elsewhere than they say."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct
from sqlalchemy import literal, or_, select

from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.model import DeliveryState, Door, Rule
from deskhand.mail.queries.outgoing import SEEN_BY_CUSTOMERS
from deskhand.mail.rules.verdict import Verdict
from deskhand.mail.tables import mail_deliveries, mail_outgoing, mail_received


class Reached(Struct, frozen=True):
    """How far an entry got with one recipient; ``code`` and ``words`` are the last server's."""

    thread_id: int
    address: str
    state: DeliveryState
    code: str | None
    words: str | None
    changed_at: datetime


class Judged(Struct, frozen=True):
    """What was found out about a message, by the key of its source; ``partial`` names what of it was not read."""

    blob: str
    verdict: Verdict | None
    partial: str | None


class Came(Struct, frozen=True):
    """How a message came in, and which evidence placed it; ``partial`` names what of it was too much to be read."""

    door: Door
    peer: str | None
    received_at: datetime
    rule: Rule | None
    verdict: Verdict | None
    partial: str | None


o, d, m = mail_outgoing.c, mail_deliveries.c, mail_received.c
REACHED = read(
    select(o.thread_id, d.address, d.state, d.code, d.words, d.changed_at)
    .join_from(mail_outgoing, mail_deliveries, d.outgoing_id == o.id)
    .where(
        any_of(o.thread_id, "ids"),
        o.thread_id.is_not(None),
        o.kind.in_([literal(each.value) for each in sorted(SEEN_BY_CUSTOMERS)]),
    )
    .order_by(o.id, d.id),
    Reached,
)
JUDGED = read(
    select(m.blob, m.verdict, m.partial).where(any_of(m.blob, "blobs"), or_(m.verdict.is_not(None), m.partial.is_not(None))),
    Judged,
)

CAME = read(
    select(m.door, m.peer, m.received_at, m.rule, m.verdict, m.partial)
    .where(m.blob == param("blob"), m.thread_id == param("thread_id"))
    .order_by(m.id)
    .limit(1),
    Came,
)


async def came(view: Snapshot, thread_id: int, blob: str) -> Came | None:
    """How the letter came that an entry is; None for what did not come by mail."""
    return await view.first(CAME, thread_id=thread_id, blob=blob)


async def reached(view: Snapshot, thread_ids: list[int]) -> dict[int, list[Reached]]:
    """How far each entry got with each recipient, in the order in which they stand in the letter."""
    found: dict[int, list[Reached]] = {}
    if thread_ids:
        for each in await view.all(REACHED, ids=thread_ids):
            found.setdefault(each.thread_id, []).append(each)
    return found


async def judged(view: Snapshot, blobs: list[str]) -> tuple[dict[str, Verdict], set[str]]:
    """Of these messages those whose domain says that it did not send them, and those that were too much to be read whole."""
    found = await view.all(JUDGED, blobs=blobs) if blobs else []
    suspects = {each.blob: each.verdict for each in found if each.verdict is not None and each.verdict.is_suspect}
    return suspects, {each.blob for each in found if each.partial}
