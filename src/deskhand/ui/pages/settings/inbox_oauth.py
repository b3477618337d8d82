"""Connecting an inbox by signing in at Google or Microsoft: asked here, answered there, finished here.

What belongs to the question (the application's secret among it) waits sealed in a cookie of whoever asked, for ten minutes.
"""

from __future__ import annotations

import base64
from urllib.parse import urlencode

import msgspec
from litestar import Router
from msgspec import Struct

from deskhand.inboxes import queries
from deskhand.kernel.errors import Invalid, Unmet
from deskhand.kernel.http.answers import Answer, Header
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.sealing import Unsealable
from deskhand.kernel.transaction import Snapshot
from deskhand.mail.connecting.authorizing import Client, Question, answer, question
from deskhand.mail.connecting.providers import PROVIDERS, TokenRefused, TokenTrouble
from deskhand.mail.model import Direction, Options, Secrets
from deskhand.mail.operations import connecting, inboxes
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.ui.door import Done, Form, Visit, errand, page
from deskhand.ui.pages.settings.inbox_mail import mail, tried
from deskhand.ui.pages.settings.inboxes import inbox_page
from deskhand.ui.pages.settings.nav import MANAGE, show

COOKIE, SECONDS = "deskhand_oauth", 600
ABOUT = "oauth-question"
BACK = "/settings/mail/answer"
LONGEST = 1000


class Asked(Struct, frozen=True):
    """A question that waits for its answer: by whom, for which inbox, and all that belongs to it."""

    user_id: int
    inbox_id: int
    username: str
    provider: str
    client_id: str
    client_secret: str
    question: Question

    @property
    def client(self) -> Client:
        """The application that asks."""
        return Client(PROVIDERS[self.provider], self.client_id, self.client_secret)


@errand("/settings/inboxes/{inbox_id:str}/mail/oauth", title="Sign in at a provider", needs=MANAGE, shown_by=mail)
async def ask(visit: Visit, form: Form, inbox_id: PathId) -> Answer:
    """Where to go on: a link, for forms of ours lead nowhere else."""
    provider = PROVIDERS.get(form.one("provider"))
    client_id, secret = form.one("oauth-client").strip(), form.one("oauth-secret").strip()
    if provider is None:
        raise Invalid("provider", "must be one of these")
    for name, text in (("oauth-client", client_id), ("oauth-secret", secret)):
        if not 1 <= len(text) <= LONGEST or not text.isprintable():
            raise Invalid(name, "may not be empty" if not text else "must be printable and shorter")
    async with visit.desk.reading(visit.actor) as view:
        inbox = await queries.get(view, inbox_id)
    asked = question(Client(provider, client_id, secret), visit.origins.web + BACK)
    username = form.one("oauth-username").strip() or inbox.email
    kept = Asked(visit.user.id, inbox_id, username, provider.name, client_id, secret, asked)
    made = inbox_page(visit, "oauth", inbox, "/mail", url=asked.url, provider=provider.name.capitalize())
    made.headers = [*made.headers, _kept(visit, kept)]
    return made


@page(BACK, title="The provider's answer", needs=MANAGE)
async def answered(view: Snapshot, visit: Visit) -> Answer:
    """What the browser brought back, and a button to finish with: looking changes nothing."""
    asked = _asked(visit)
    inbox = await queries.get(view, asked.inbox_id)
    brought = {name: visit.query.get(name, "") for name in ("code", "state", "error", "error_description")}
    return show(
        visit, "settings/inbox/oauth_back.html", "inboxes", inbox=inbox, brought=brought, provider=asked.provider.capitalize()
    )


@errand(BACK, title="Connect by the provider's answer", needs=MANAGE)
async def finish(visit: Visit, form: Form) -> Done:
    """Fetches the tokens, connects both ways, and tries them out."""
    asked = _asked(visit)
    brought = {name: form.one(name) for name in ("code", "state", "error", "error_description") if form.one(name)}
    address = f"{BACK}?{urlencode(brought)}"
    try:
        secrets = await answer(visit.desk, asked.client, asked.question, address)
    except (TokenRefused, TokenTrouble, Failed) as error:
        raise Unmet(f"The provider gives no token: {error}") from None
    await _connect(visit, asked, secrets)
    done = await tried(visit, asked.inbox_id, list(Direction), is_new=True)
    return msgspec.structs.replace(done, headers=[_kept(visit, None)])


async def _connect(visit: Visit, asked: Asked, secrets: Secrets) -> None:
    provider = asked.client.provider
    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        await queries.get(tx, asked.inbox_id)
        if await mail_queries.find(tx, asked.inbox_id) is None:
            await inboxes.want(tx, asked.inbox_id, Options())
        for direction, server in ((Direction.IN, provider.imap), (Direction.OUT, provider.smtp)):
            new = NewConnection(
                host=server.host,
                port=server.port,
                security=server.security,
                authentication=provider.authentication,
                username=asked.username,
                secrets=secrets,
                oauth=provider.oauth(asked.client_id),
            )
            await connecting.connect(tx, asked.inbox_id, direction, new)


def _asked(visit: Visit) -> Asked:
    """The question of this browser. Raises Unmet when there is none (any more), or it is somebody else's."""
    text = visit.cookies.get(COOKIE, "")
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        found = msgspec.json.decode(visit.desk.seal.open(sealed, ABOUT), type=Asked)
    except (ValueError, Unsealable, msgspec.MsgspecError):
        raise Unmet("Nobody asked for this, or it took too long: begin once more at the inbox's mail") from None
    if found.user_id != visit.user.id or found.provider not in PROVIDERS:
        raise Unmet("Nobody asked for this, or it took too long: begin once more at the inbox's mail")
    return found


def _kept(visit: Visit, asked: Asked | None) -> Header:
    text, seconds = "", 0
    if asked is not None:
        sealed = visit.desk.seal.seal(msgspec.json.encode(asked).decode(), ABOUT)
        text, seconds = base64.urlsafe_b64encode(sealed).decode().rstrip("="), SECONDS
    secure = "; Secure" if visit.origins.web.startswith("https:") else ""
    return (b"set-cookie", f"{COOKIE}={text}; Path={BACK}; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}".encode())


ROUTERS = [Router("/", route_handlers=[ask, answered, finish])]
