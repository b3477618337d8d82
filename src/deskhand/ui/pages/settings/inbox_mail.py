"""An inbox's mail: its servers, whether they let us in, what the world finds of its domain, and the key it signs with."""

from __future__ import annotations

import asyncio

from litestar import Router
from msgspec import Struct

from deskhand.inboxes import queries
from deskhand.kernel.errors import Invalid, Mistake, NotFound
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.sealing import Unsealable
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.checking import Finding, Grade, check_domain
from deskhand.mail.composing.signing import NoKey, record
from deskhand.mail.connecting.credentials import SignInRefused, secrets_of
from deskhand.mail.connecting.keys import new_key
from deskhand.mail.connecting.presets import PRESETS
from deskhand.mail.connecting.providers import PROVIDERS, Server
from deskhand.mail.doors.trying import try_out
from deskhand.mail.model import Authentication, ConnectionState, Direction, Options, Secrets, Security, key_name
from deskhand.mail.operations import connecting, inboxes
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries import cursors
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.mail.queries.connecting import EVERY
from deskhand.mail.queries.cursors import Cursor
from deskhand.mail.queries.inboxes import CONNECTION, Connection
from deskhand.ui.door import Done, Form, Visit, act, errand, page
from deskhand.ui.forms import as_shown, number_of, version
from deskhand.ui.pages.settings.inboxes import inbox_page
from deskhand.ui.pages.settings.nav import MANAGE

SELECTOR = "deskhand"
USUAL = {Direction.IN: (993, Security.TLS), Direction.OUT: (465, Security.TLS)}
SECURITIES = [
    (Security.TLS.value, "TLS"),
    (Security.STARTTLS.value, "STARTTLS"),
    (Security.NONE.value, "None, to this machine only"),
]
CHECKS = {"spf": "SPF", "dkim": "DKIM", "dmarc": "DMARC"}
SOON_SECONDS = 3.0  # for somebody waits
LOOKS = {
    Grade.GOOD: ("circle-check", "ok", "Good"),
    Grade.MISSING: ("circle-alert", "bad", "To do"),
    Grade.WRONG: ("circle-alert", "bad", "To do"),
    Grade.UNKNOWN: ("info", "warn", "Not known"),
}


class Line(Struct, frozen=True):
    """A server of an inbox, for its form: what is saved, else what a provider's would be."""

    direction: str
    host: str
    port: int
    security: str
    username: str
    folder: str
    connection: Connection | None
    needs_password: bool
    what_to_do: str


class Check(Struct, frozen=True):
    """A finding as it is shown."""

    name: str
    icon: str
    level: str
    word: str
    finding: Finding


@page("/settings/inboxes/{inbox_id:str}/mail", title="Mail of an inbox", needs=MANAGE)
async def mail(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """How it gets and sends mail, and what its servers have that we have not."""
    return await _shown(view, visit, inbox_id)


async def _shown(view: Snapshot, visit: Visit, inbox_id: int, checks: list[Check] | None = None) -> Answer:
    it = await queries.get(view, inbox_id)
    own = {each.direction: each for each in await view.all(EVERY) if each.inbox_id == inbox_id}
    found = {each: own.get(each) for each in Direction}
    preset = next((each for each in PRESETS if each.name == visit.query.get("preset")), None)
    key = await view.first(mail_queries.KEY, inbox_id=inbox_id)
    text = ""
    if key is not None:
        try:
            text = record(visit.desk.seal.open(key.secret, key_name(key.id)))
        except (NoKey, Unsealable) as error:
            text = str(error)
    lines = [
        _line(direction, connection, (preset.imap if direction is Direction.IN else preset.smtp) if preset else None, it.email)
        for direction, connection in found.items()
    ]
    incoming = found[Direction.IN]
    cursor: Cursor | None = None
    if incoming is not None:
        cursor = await view.first(cursors.ONE, inbox_id=inbox_id, folder=incoming.folder)
    settings = visit.desk.settings
    return inbox_page(
        visit,
        "mail",
        it,
        "/mail",
        lines=lines,
        cursor=cursor,
        preset=preset,
        presets=PRESETS,
        providers=[(each.name, each.name.capitalize()) for each in PROVIDERS.values()],
        comes_back=f"{visit.origins.web}/settings/mail/answer",
        securities=[(value, name if name.isupper() else visit.words.text(name)) for value, name in SECURITIES],
        checks=checks,
        key=key,
        record=text,
        selector=SELECTOR,
        listens=settings.smtp_listen,
        relays=bool(settings.smtp_url),
        versions={each.value: version(*_of(connection)) for each, connection in found.items()},
    )


@errand("/settings/inboxes/{inbox_id:str}/mail", title="Connect an inbox", needs=MANAGE, shown_by=mail)
async def connect(visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Give it a server for one direction, and try that out at once."""
    direction = next((each for each in Direction if each.value == form.one("form")), None)
    if direction is None:
        raise Invalid("form", "must be one of these")
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        await _connect(tx, visit, form, inbox_id, direction)
    return await tried(visit, inbox_id, [direction], is_new=True)


@errand("/settings/inboxes/{inbox_id:str}/mail/test", title="Try an inbox's servers", needs=MANAGE)
async def try_servers(visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Reach them and sign in; what is wrong stands on the page then."""
    return await tried(visit, inbox_id, list(Direction), is_new=False)


@act("/settings/inboxes/{inbox_id:str}/mail/disconnect", title="Disconnect an inbox", needs=MANAGE)
async def disconnect(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Forget a server, with what it was signed in to by."""
    direction = Direction.OUT if form.one("direction") == Direction.OUT else Direction.IN
    await queries.get(tx, inbox_id)
    await connecting.disconnect(tx, inbox_id, direction)
    return Done(f"/settings/inboxes/{inbox_id}/mail", visit.words.text("Disconnected"))


@errand("/settings/inboxes/{inbox_id:str}/mail/checks", title="Check an inbox's domain", needs=MANAGE)
async def check(visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """What the world finds about its domain, now."""
    async with visit.desk.reading(visit.actor) as view:
        await queries.get(view, inbox_id)
        found = await mail_queries.find(view, inbox_id)
    if found is None:
        raise NotFound("The inbox has no mail yet")
    findings = await check_domain(visit.desk, found)
    checks = [Check(CHECKS[each.check], *LOOKS[each.grade], each) for each in findings]
    async with visit.desk.reading(visit.actor) as view:
        return await _shown(view, visit, inbox_id, checks)


@errand("/settings/inboxes/{inbox_id:str}/mail/key", title="Make a key", needs=MANAGE)
async def make_key(visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Sign what the inbox writes with another key, in place of the one it had."""
    made = await asyncio.to_thread(new_key)
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        await queries.get(tx, inbox_id)
        await _has_mail(tx, inbox_id)
        await inboxes.keep_key(tx, inbox_id, selector=form.one("selector").strip() or SELECTOR, secret=made)
    return Done(
        f"/settings/inboxes/{inbox_id}/mail#key", visit.words.text("Mail is signed with a new key. Now add its record.")
    )


async def _connect(tx: Transaction, visit: Visit, form: Form, inbox_id: int, direction: Direction) -> None:
    """Connect by a form. Mistakes are named as its fields are."""
    inbox = await queries.get(tx, inbox_id)
    before = await tx.first(CONNECTION, inbox_id=inbox_id, direction=direction)
    as_shown(form, *_of(before))
    prefix = direction.value
    host, username = form.one(f"{prefix}-host").strip(), form.one(f"{prefix}-username").strip()
    password = form.one(f"{prefix}-password")
    is_same = before is not None and (before.host, before.username) == (host, username or inbox.email)
    signs_in = not form.has(f"{prefix}-nobody")
    if not signs_in:
        secrets = Secrets()
    elif password:
        secrets = Secrets(password=password)
    elif before is not None and is_same and before.oauth is None and before.authentication is Authentication.PASSWORD:
        secrets = _kept(visit, before, prefix)
    else:
        told = "may not be empty" if before is None else "is needed again for another server or user"
        raise Invalid(f"{prefix}-password", told)
    new = NewConnection(
        host=host,
        port=number_of(f"{prefix}-port", form.one(f"{prefix}-port").strip()),
        security=_security(prefix, form),
        authentication=Authentication.PASSWORD if signs_in else Authentication.NONE,
        username=(username or inbox.email) if signs_in else "",
        secrets=secrets,
        folder=form.one(f"{prefix}-folder").strip() or "INBOX",
    )
    await _has_mail(tx, inbox_id)
    try:
        await connecting.connect(tx, inbox_id, direction, new)
    except Invalid as error:
        raise Invalid.all([Mistake(f"{prefix}-{each.path}", each.message, each.code) for each in error.mistakes]) from None


async def tried(visit: Visit, inbox_id: int, directions: list[Direction], *, is_new: bool) -> Done:
    """Try an inbox's servers out, and say what came of it."""
    async with visit.desk.reading(visit.actor) as view:
        await queries.get(view, inbox_id)
        every = await view.all(EVERY)
    found = [each for each in every if each.inbox_id == inbox_id and each.direction in directions]
    results = [(each, *await try_out(visit.desk, each)) for each in found]
    place = f"/settings/inboxes/{inbox_id}/mail"
    if not results:
        return Done(place, visit.words.text("There is no server to try"), is_trouble=True)
    if any(problem for _, problem, _ in results):
        saved = "Saved, but it does not work yet: see what is wrong" if is_new else "It does not work: see what is wrong"
        return Done(place, visit.words.text(saved), is_trouble=True)
    told = ", ".join(f"{'IMAP' if each.direction is Direction.IN else 'SMTP'}: {seen}" for each, _, seen in results)
    told = visit.words.text("It works. %(told)s", told=told)
    lacking = await _lacking(visit, inbox_id) if is_new and Direction.OUT in directions else ""
    if not lacking:
        return Done(place, told)
    more = visit.words.text("Records of its domain are missing or wrong: %(which)s. See what others find.", which=lacking)
    return Done(place, f"{told} {more}", is_trouble=True)


async def _lacking(visit: Visit, inbox_id: int) -> str:
    """Which records of an inbox's domain are missing or wrong, as far as name servers say soon (email rules 8.5)."""
    async with visit.desk.reading(visit.actor) as view:
        inbox = await mail_queries.find(view, inbox_id)
    if inbox is None:
        return ""
    findings = await check_domain(visit.desk, inbox, seconds=SOON_SECONDS)
    return ", ".join(CHECKS[each.check] for each in findings if each.grade in (Grade.MISSING, Grade.WRONG))


async def _has_mail(tx: Transaction, inbox_id: int) -> None:
    if await mail_queries.find(tx, inbox_id) is None:
        await inboxes.want(tx, inbox_id, Options())


def _kept(visit: Visit, it: Connection, prefix: str) -> Secrets:
    try:
        return secrets_of(visit.desk, it)
    except SignInRefused:
        raise Invalid(f"{prefix}-password", "cannot be read any more: please type it again") from None


def _security(prefix: str, form: Form) -> Security:
    found = next((each for each in Security if each.value == form.one(f"{prefix}-security")), None)
    if found is None:
        raise Invalid(f"{prefix}-security", "must be one of these")
    return found


def _line(direction: Direction, it: Connection | None, server: Server | None, email: str) -> Line:
    port, security = USUAL[direction]
    host, username, folder = "", email, "INBOX"
    if it is not None:
        host, port, security, username, folder = it.host, it.port, it.security, it.username, it.folder
    if server is not None:
        host, port, security = server.host, server.port, server.security
    return Line(
        direction=direction.value,
        host=host,
        port=port,
        security=security.value,
        username=username,
        folder=folder,
        connection=it,
        needs_password=it is None or it.authentication is not Authentication.PASSWORD,
        what_to_do=_what_to_do(it),
    )


def _what_to_do(it: Connection | None) -> str:
    if it is None or it.error is None:
        return ""
    if it.state is ConnectionState.NEEDS_RECONNECT:
        return "Check user name and password: many providers want an app password here, not the one you sign in with."
    return (
        "Check server, port and encryption, and that the server is named as in its certificate. "
        "Servers in private networks need DESKHAND_MAIL_NETWORKS."
    )


def _of(it: Connection | None) -> tuple[object, ...]:
    return () if it is None else (it.host, it.port, it.security, it.username, it.folder, it.authentication)


ROUTERS = [Router("/", route_handlers=[mail, connect, try_servers, disconnect, check, make_key])]
