"""The real server, that ends itself with SIGKILL at a named step, or has a fault planted in it.

``python -m tests.crash.server STEP COUNT FAULT serve --port …`` dies the COUNT-th time it passes STEP (``never`` and 0: it
is killed from outside). The product knows nothing of this: the steps are wrapped around it here.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from deskhand.cli.main import main
from deskhand.kernel.jobs import Worker
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.storage import postgresql, sqlite
from deskhand.kernel.transaction import Transaction
from deskhand.mail.operations import tries
from deskhand.mail.operations.tries import Answer, Fate
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.queries.outgoing import Sent
from deskhand.mail.sending.letters import bytes_of
from deskhand.mail.sending.routes import Route
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.sending.smtp import Line
from deskhand.webhooks.operations.deliveries import Claimed, Tried
from deskhand.webhooks.queries import Webhook
from deskhand.webhooks.sending import Sender

STEPS = (
    "request read",
    "rows written",
    "events and jobs written",
    "before commit",
    "after commit",
    "job claimed",
    "job done, not yet ticked off",
)
WEBHOOK_STEPS = (
    "delivery claimed",
    "delivery sent, not yet noted",
    "delivery noted",
    "events and jobs written",
    "before commit",
    "after commit",
)
MAIL_STEPS = (
    "mail sent, not yet noted",
    "mail claimed",
    "mail noted",
    "before commit",
    "after commit",
)
SHOWS_AT = {
    "commit skipped": "after commit",
    "noted before sent": "delivery noted",
    "mail noted before sent": "mail noted",
}
"""Where whoever has a fault must die for it to show: a kill at any other moment would miss it now and then."""
CLAIMS = {"job claimed", "delivery claimed", "mail claimed"}


class Steps:
    """Counts down to the end."""

    def __init__(self, step: str, count: int) -> None:
        self._step = step
        self._left = count

    def passing(self, step: str) -> None:
        """Dies here if this is the step and its time has come."""
        if step == self._step:
            self._left -= 1
            if self._left <= 0:
                os.write(2, f"died at {step}\n".encode())
                os.kill(os.getpid(), signal.SIGKILL)


def wrap(steps: Steps) -> None:
    """Put the steps around the product."""

    def before(step: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*given: Any, **named: Any) -> Any:
            steps.passing(step)
            return await original(*given, **named)

        return wrapped

    def after(step: str, original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def wrapped(*given: Any, **named: Any) -> Any:
            result = await original(*given, **named)
            if result or step not in CLAIMS:
                steps.passing(step)
            return result

        return wrapped

    for database in (sqlite.SqliteDatabase, postgresql.PostgresqlDatabase):
        database.begin_writing = before("request read", database.begin_writing)  # type: ignore[method-assign, assignment]
    Transaction.finish = before("rows written", after("events and jobs written", Transaction.finish))  # type: ignore[method-assign, assignment]
    for session in (sqlite.SqliteWriting, postgresql.PostgresqlWriting):
        session.commit = before("before commit", after("after commit", session.commit))  # type: ignore[method-assign, assignment]
    Worker.claim = after("job claimed", Worker.claim)  # type: ignore[method-assign, assignment]
    Sender._claim = after("delivery claimed", Sender._claim)  # type: ignore[method-assign, assignment]
    Sender._try = after("delivery sent, not yet noted", Sender._try)  # type: ignore[method-assign, assignment]
    Sender._settle = after("delivery noted", Sender._settle)  # type: ignore[method-assign, assignment]
    MailSender._claim = after("mail claimed", MailSender._claim)  # type: ignore[method-assign, assignment]
    Line.send = after("mail sent, not yet noted", Line.send)  # type: ignore[method-assign, assignment]
    MailSender._note = after("mail noted", MailSender._note)  # type: ignore[method-assign, assignment]
    Worker._follow = after("job done, not yet ticked off", Worker._follow)  # type: ignore[method-assign, assignment]


def plant(fault: str) -> None:
    """Break the product, to see the drill turn red."""
    if fault == "commit skipped":
        flush = sqlite.SqliteDatabase._flush

        async def forgetting(self: sqlite.SqliteDatabase) -> None:
            writer = self._writer
            self._writer = _Forgetful(writer)  # type: ignore[assignment]
            try:
                await flush(self)
            finally:
                self._writer = writer

        sqlite.SqliteDatabase._flush = forgetting  # type: ignore[method-assign]
    if fault == "mail noted before sent":

        async def rash(self: MailSender, inbox: MailInbox, it: Sent, route: Route, line: Line) -> None:
            async with self._desk.reading(system_actor()) as view:
                left = await view.all(tries.LEFT, outgoing_id=it.id)
            answers = {each.id: Answer(Fate.SENT, "250", "OK") for each in left}
            await self._note(it, route, answers, ends=True, unknown=False, copied=False)
            await line.send(inbox.email, left, await bytes_of(self._desk, it, utf8=False), utf8=False)

        MailSender._send = rash  # type: ignore[method-assign]
    if fault == "noted before sent":

        async def hasty(self: Sender, hook: Webhook, it: Claimed) -> None:
            await self._settle(hook, it, Tried(self._desk.clock.now(), 0, hook.url, {}, 200))
            await self._try(hook, it)

        Sender._send = hasty  # type: ignore[method-assign]


class _Forgetful:
    """A connection that answers COMMIT and rolls back, once in five times."""

    times = 0

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def execute(self, statement: str, *values: Any) -> Any:
        if statement == "COMMIT":
            _Forgetful.times += 1
            if _Forgetful.times % 5 == 0:
                return self._connection.execute("ROLLBACK")
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


if __name__ == "__main__":
    step, count, fault, *arguments = sys.argv[1:]
    wrap(Steps(step, int(count)))
    plant(fault)
    main(arguments, prog_name="deskhand")
