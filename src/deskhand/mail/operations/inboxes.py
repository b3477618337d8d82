"""What an inbox wants of its mail, which addresses are its own, and the key that signs what it writes."""

from __future__ import annotations

from sqlalchemy import delete

from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import InboxUpdated
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Conflict, Invalid, Mistake, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.mail.composing import templates
from deskhand.mail.model import InboxMailChanged, Options, key_name
from deskhand.mail.queries import inboxes as queries
from deskhand.mail.tables import mail_addresses, mail_inboxes, mail_keys

MOST_ALIASES = 1000

_wanted = upsert(mail_inboxes).values({name: param(name) for name in ("inbox_id", "options", "updated_at")})
WANT = write(
    _wanted.on_conflict_do_update(
        index_elements=["inbox_id"], set_={name: _wanted.excluded[name] for name in ("options", "updated_at")}
    )
)
ADD_ADDRESS = write(
    upsert(mail_addresses).values(address=param("address"), inbox_id=param("inbox_id")).on_conflict_do_nothing()
)
REMOVE_ADDRESS = write(
    delete(mail_addresses).where(mail_addresses.c.address == param("address"), mail_addresses.c.inbox_id == param("inbox_id"))
)
_key = upsert(mail_keys).values(
    {name: param(name) for name in ("inbox_id", "domain", "selector", "created_at")} | {"secret": b""}
)
KEEP_KEY = write(
    _key.on_conflict_do_update(
        index_elements=["inbox_id"], set_={name: _key.excluded[name] for name in ("domain", "selector", "secret", "created_at")}
    ).returning(mail_keys.c.id),
    int,
)
SEAL_KEY = write(mail_keys.update().where(mail_keys.c.id == param("key_id")).values(secret=param("secret")))


async def want(tx: Transaction, inbox_id: int, options: Options) -> None:
    """Say what an inbox wants of its mail. The first time, its own address becomes one that mail is taken for.

    Raises Forbidden, NotFound, Conflict when another inbox has its address, Invalid naming what cannot be.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    inbox = await inboxes.find(tx, inbox_id)
    # Who sees every inbox sees one that was made in this very operation, too.
    if inbox is None or not (tx.actor.has_every_inbox or tx.actor.sees_inbox(inbox_id)):
        raise NotFound("Not found")
    if mistakes := _mistakes(options):
        raise Invalid.all(mistakes)
    is_new = await queries.find(tx, inbox_id) is None
    await tx.write(WANT, inbox_id=inbox_id, options=options, updated_at=tx.instant)
    if is_new:
        await _own(tx, inbox_id, inbox.email)
    tx.record(InboxMailChanged(inbox_id=inbox_id))


async def follow_address(tx: Transaction, event: InboxUpdated) -> None:
    """Take mail for the address that an inbox writes from, whichever that is now. Raises Conflict when it is another's."""
    found = await queries.find(tx, event.inbox_id)
    if found is not None:
        await _own(tx, found.id, found.email)


async def add_alias(tx: Transaction, inbox_id: int, address: str) -> None:
    """Take mail for another address too. One that is the inbox's already does nothing.

    Raises Forbidden, NotFound for an inbox without mail, Invalid("alias"), Conflict that names whose it is.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await _get(tx, inbox_id)
    if not is_email(address):
        raise Invalid("alias", "not a well-formed email address", code=Code.EMAIL, rejected=address[:300])
    if len(await tx.all(queries.ADDRESSES, inbox_id=inbox_id)) >= MOST_ALIASES:
        raise Invalid("alias", f"there are {MOST_ALIASES} already, and there may be no more")
    await _own(tx, inbox_id, address)
    tx.record(InboxMailChanged(inbox_id=inbox_id))


async def remove_alias(tx: Transaction, inbox_id: int, address: str) -> None:
    """Take no more mail for an address. Raises Forbidden, NotFound, Invalid("alias") for the inbox's own."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    inbox = await _get(tx, inbox_id)
    if address.lower() == inbox.email.lower():
        raise Invalid("alias", "is the inbox's own address")
    if not await tx.write(REMOVE_ADDRESS, inbox_id=inbox_id, address=address.lower()):
        raise NotFound(f"{address} is none of its aliases")
    tx.record(InboxMailChanged(inbox_id=inbox_id))


async def keep_key(tx: Transaction, inbox_id: int, *, selector: str, secret: str) -> None:
    """Sign what an inbox writes with a key (PEM), in place of the one it had.

    Raises Forbidden, NotFound, Invalid("selector") unless it can stand in a name of DNS.
    """
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    inbox = await _get(tx, inbox_id)
    if not (selector.isascii() and selector.replace("-", "").isalnum() and len(selector) <= 63):
        raise Invalid("selector", "may have letters, digits and hyphens, 63 at most")
    (key_id,) = await tx.returning(
        KEEP_KEY, inbox_id=inbox_id, domain=inbox.domain, selector=selector.lower(), created_at=tx.instant
    )
    await tx.write(SEAL_KEY, key_id=key_id, secret=seal_of(tx.settings).seal(secret, key_name(key_id)))
    tx.record(InboxMailChanged(inbox_id=inbox_id))


async def _get(tx: Transaction, inbox_id: int) -> queries.MailInbox:
    found = await queries.find(tx, inbox_id)
    if found is None:
        raise NotFound("the inbox has no mail yet; see 'deskhand inbox set'")
    return found


async def _own(tx: Transaction, inbox_id: int, address: str) -> None:
    key = address.lower()
    if await tx.write(ADD_ADDRESS, address=key, inbox_id=inbox_id):
        return
    (owned,) = await tx.all(queries.OWNED, addresses=[key])
    if owned.inbox_id != inbox_id:
        other = await inboxes.find(tx, owned.inbox_id)
        raise Conflict(f"{key} is an address of the inbox {other.name if other else owned.inbox_id}")


def _mistakes(options: Options) -> list[Mistake]:
    bounds = {
        "undoSeconds": (options.undo_seconds, 0, 60),
        "messagesPerMinute": (options.messages_per_minute, 1, 10_000),
        "newAfterClosedDays": (options.new_after_closed_days or 1, 1, 3650),
        "newAfterSilentDays": (options.new_after_silent_days or 1, 1, 3650),
    }
    found = [
        Mistake(name, f"must be between {least} and {most}")
        for name, (value, least, most) in bounds.items()
        if not least <= value <= most
    ]
    for name, text in (("sentFolder", options.sent_folder), ("movesTo", options.moves_to)):
        if len(text) > 500 or not text.isprintable():
            found.append(Mistake(name, "must be printable and have at most 500 characters"))
    return found + [Mistake(path, words) for path, words in templates.mistakes(options)]
