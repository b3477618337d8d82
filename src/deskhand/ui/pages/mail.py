"""Mail that waits for a person, what goes out, and how the servers are: for who manages the account."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.queries import lists
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.model import ReceivedState
from deskhand.mail.operations import brakes, holding, outgoing
from deskhand.mail.queries import health, held, queue
from deskhand.mail.queries import inboxes as mail_inboxes
from deskhand.mail.queries import outgoing as sent
from deskhand.mail.reading.reading import head, read
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.pages.settings.nav import MANAGE, show

SIZE = 50
MOST_INBOXES = 500
PLAIN = [
    (b"content-disposition", b"attachment"),
    (b"content-security-policy", b"default-src 'none'; sandbox"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
]


@page("/mail/held", title="Held mail", needs=MANAGE)
async def list_held(view: Snapshot, visit: Visit) -> Answer:
    """Oldest first, with why, and how the servers are."""
    after = visit.query.get("after", "")
    found = await held.page(view, after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0, most=SIZE)
    now = await health.health(view)
    return show(
        visit,
        "mail/held.html",
        "held",
        rows=found,
        now=now,
        names=await _names(view),
        cursors={each.inbox_id: each for each in now.cursors},
        more=f"/mail/held?after={found[-1].id}" if len(found) == SIZE else "",
    )


@act("/mail/held", title="Look at all held mail again", needs=MANAGE, shown_by=list_held)
async def retry_all(tx: Transaction, visit: Visit, form: Form) -> Done:
    """But what came for no inbox, or is not all here; 500 at once."""
    ids = await holding.retry_all(tx)
    told = visit.words.plural("%(count)s message is looked at again", "%(count)s messages are looked at again", len(ids))
    return Done("/mail/held", told)


@page("/mail/held/{message_id:str}", title="A message that came in", needs=MANAGE)
async def show_held(view: Snapshot, visit: Visit, message_id: PathId) -> Answer:
    """What its header says, and what became of it; never its text, but the whole of it as a file."""
    it = await held.find(view, message_id)
    about = await lists.rows(view, [it.conversation_id] if it.conversation_id else [])
    letter = read(head(await visit.desk.blobs.get(it.blob)))
    return show(
        visit,
        "mail/message.html",
        "held",
        crumb=(visit.words.text("Held mail"), "/mail/held"),
        it=it,
        sender=", ".join(each.address for each in letter.from_),
        recipients=", ".join(each.address for each in (*letter.to, *letter.cc)),
        subject=letter.subject,
        about=next(iter(about), None),
        is_held=it.state is ReceivedState.HELD,
        names=await _names(view),
    )


@page("/mail/held/{message_id:str}/original", title="A message as it came", needs=MANAGE)
async def original(view: Snapshot, visit: Visit, message_id: PathId) -> Answer:
    """Byte by byte, as a file."""
    it = await held.find(view, message_id)
    content = await visit.desk.blobs.get(it.blob)
    name = (b"content-disposition", f'attachment; filename="message-{it.id}.eml"'.encode())
    return Answer(200, content, b"message/rfc822", [name, *PLAIN[1:]])


@act("/mail/held/{message_id:str}/retry", title="Look at a message again", needs=MANAGE, shown_by=show_held)
async def retry(tx: Transaction, visit: Visit, form: Form, message_id: PathId) -> Done:
    """With ``asIs`` a conversation is made of it whatever it is; ``inbox`` is where it belongs."""
    await holding.retry(tx, message_id, as_is=form.has("asIs"), inbox_id=form.number("inbox"))
    return Done("/mail/held", visit.words.text("It is looked at again"))


@act("/mail/held/{message_id:str}/drop", title="Let a message go", needs=MANAGE, shown_by=show_held)
async def drop(tx: Transaction, visit: Visit, form: Form, message_id: PathId) -> Done:
    """Its bytes stay."""
    await holding.drop(tx, message_id)
    undo = Undo(f"/mail/held/{message_id}/restore", {})
    return Done("/mail/held", visit.words.text("It no longer waits; what came is kept"), undo)


@act("/mail/held/{message_id:str}/restore", title="Hold a message again", needs=MANAGE)
async def restore(tx: Transaction, visit: Visit, form: Form, message_id: PathId) -> Done:
    """One that was let go."""
    await holding.keep(tx, message_id)
    return Done(f"/mail/held/{message_id}", visit.words.text("It waits for you again"))


@page("/mail/queue", title="Mail going out", needs=MANAGE)
async def list_queue(view: Snapshot, visit: Visit) -> Answer:
    """By recipient with the servers' words: what waits, or with ``state=failed`` what could not be sent."""
    state = "failed" if visit.query.get("state") == "failed" else "open"
    return show(
        visit,
        "mail/queue.html",
        "queue",
        rows=await queue.page(view, state, SIZE),
        length=await view.one(queue.LENGTH),
        state=state,
        names=await _names(view),
        hushed=await sent.hushed(view, SIZE),
        subnav=[
            (N_("Waiting"), "/mail/queue", state == "open"),
            (N_("Failed"), "/mail/queue?state=failed", state == "failed"),
        ],
    )


@act("/mail/queue", title="Send all now", needs=MANAGE, shown_by=list_queue)
async def send_all(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Whatever waits for another try."""
    number = await outgoing.retry_all(tx, [each.id for each in await tx.all(mail_inboxes.ALL)])
    return Done("/mail/queue", visit.words.plural("%(count)s message is tried now", "%(count)s messages are tried now", number))


@act("/mail/queue/{message_id:str}/retry", title="Send a message now", needs=MANAGE, shown_by=list_queue)
async def send(tx: Transaction, visit: Visit, form: Form, message_id: PathId) -> Done:
    """Also to whom it could not be sent."""
    await outgoing.retry(tx, message_id)
    return Done("/mail/queue", visit.words.text("It is tried now"))


@act("/mail/queue/{message_id:str}/cancel", title="Send a message no more", needs=MANAGE, shown_by=list_queue)
async def cancel(tx: Transaction, visit: Visit, form: Form, message_id: PathId) -> Done:
    """To those who did not get it yet."""
    await outgoing.cancel(tx, message_id)
    return Done("/mail/queue", visit.words.text("It is not tried any more"))


@act("/mail/queue/unhush", title="Let an address have automatic mail", needs=MANAGE, shown_by=list_queue)
async def unhush(tx: Transaction, visit: Visit, form: Form) -> Done:
    """The ``address``."""
    if not form.one("address"):
        raise Invalid("address", "may not be empty")
    await brakes.unhush(tx, form.one("address"))
    return Done("/mail/queue", visit.words.text("It gets automatic mail again"))


async def _names(view: Snapshot) -> dict[int, str]:
    found, _ = await inboxes.page(view, 1, MOST_INBOXES)
    return {each.id: each.name for each in found}


HANDLERS = [list_held, retry_all, show_held, original, retry, drop, restore, list_queue, send_all, send, cancel, unhush]
ROUTERS = [Router("/", route_handlers=HANDLERS)]
