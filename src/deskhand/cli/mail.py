"""``deskhand mail``: taking a message from a mail server, messages that wait for a person, and what is to go out."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click
import msgspec

from deskhand.cli import account
from deskhand.cli.named import inbox_named
from deskhand.kernel import log
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.permissions import system_actor
from deskhand.mail.doors.addressing import MOST_HOPS, hops
from deskhand.mail.doors.pipe import Envelope, Unknown
from deskhand.mail.doors.pipe import deliver as take_in
from deskhand.mail.doors.receiver import Receiver
from deskhand.mail.doors.rest import fetch_rest
from deskhand.mail.operations import brakes, holding, outgoing
from deskhand.mail.queries import held as queries
from deskhand.mail.queries import inboxes as inbox_queries
from deskhand.mail.queries import outgoing as outgoing_queries
from deskhand.mail.queries import queue as queue_queries
from deskhand.mail.queries.held import Message
from deskhand.mail.queries.outgoing import Hushed
from deskhand.mail.queries.queue import Queued
from deskhand.mail.reading.reading import read
from deskhand.migrations.version import NEWEST, version
from deskhand.settings import SettingsError

EX_USAGE, EX_DATAERR, EX_NOUSER, EX_TEMPFAIL = 64, 65, 67, 75  # sysexits.h, as mail servers read them
MEGABYTE = 2**20
MOST_MB = 150
NOBODY = ("<>", "MAILER-DAEMON")  # as the null sender is called on command lines


class _ForMailServers(click.Command):
    """Ends with 64 for a wrong command line, as mail servers read it."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.show()
            raise SystemExit(EX_USAGE) from None


@click.group()
def mail() -> None:
    """Mail: taken in, waiting for a person, going out."""


@mail.command("deliver", cls=_ForMailServers)
@account.options
@click.option("--inbox", "inbox_name", metavar="NAME", help="The inbox that it is for, whatever its header says.")
@click.option("--recipient", "recipients", multiple=True, metavar="ADDRESS", help="Of the envelope; may be repeated.")
@click.option("--sender", metavar="ADDRESS", help="Of the envelope; empty or <> for the null sender.")
def deliver(inbox_name: str | None, recipients: tuple[str, ...], sender: str | None, **given: Any) -> None:
    """Take one message from standard input, for a mail server that pipes it.

    Without --inbox and --recipient the envelope is that of the variables RECIPIENT and SENDER, which Exim and Postfix set; what
    they do not tell stands in the header: Delivered-To, X-Original-To, Envelope-To, To, Cc.

    Ends with 0 when it is durable, with 75 when the mail server shall try again later, with 65 for what is no message of ours
    to take (too long, a loop), with 67 when none of the recipients is known.
    """
    with _exit_codes():
        settings = account.settings_of(**given)
        log.configure(settings.log_format, settings.log_level)
        limit = settings.mail_limit_mb * MEGABYTE
        content = sys.stdin.buffer.read(limit + 1)
        if len(content) > limit:
            _refuse(EX_DATAERR, f"the message has more than {settings.mail_limit_mb} MB (DESKHAND_MAIL_LIMIT_MB)")
        if not content.strip():
            _refuse(EX_DATAERR, "there is no message on standard input")
        if hops(content) > MOST_HOPS:
            _refuse(EX_DATAERR, "it has been through too many servers: a loop")
        told = () if inbox_name or recipients else tuple(filter(None, [os.environ.get("RECIPIENT")]))
        sender = os.environ.get("SENDER") if sender is None and told else sender
        sender = "" if sender in NOBODY else sender

        async def work() -> list[int]:
            async with account.opened(settings) as desk:
                if await version(desk.database) != NEWEST:
                    _refuse(EX_TEMPFAIL, "the schema is not up to date: run 'deskhand migrate', or start the server")
                inbox_id = None
                if inbox_name is not None:
                    async with desk.reading(system_actor()) as view:
                        inbox_id = (await inbox_named(view, inbox_name)).id
                return await take_in(desk, content, Envelope(inbox_id, recipients, sender, told))

        try:
            asyncio.run(work())
        except Unknown as error:
            _refuse(EX_NOUSER, str(error))


@contextmanager
def _exit_codes() -> Iterator[None]:
    """Whatever goes wrong here, the mail server keeps the message and tries again."""
    try:
        yield
    except (DeskError, SettingsError, OSError) as error:
        _refuse(EX_TEMPFAIL, str(error) or type(error).__name__)
    except Exception as error:  # noqa: BLE001 - a bug must not cost a letter
        log.Log(__name__).error("a bug", error=error)
        _refuse(EX_TEMPFAIL, "something is wrong here; see the log")


def _refuse(code: int, words: str) -> NoReturn:
    click.echo(f"deskhand: {words}", err=True)
    raise SystemExit(code)


@mail.command("receive")
@account.options
@click.option("--listen", "smtp_listen", metavar="ADDRESS:PORT", help="Default: DESKHAND_SMTP_LISTEN.")
def receive(**given: Any) -> None:
    """Take mail by SMTP in a process of its own, which goes on while the server is restarted."""
    settings = account.settings_of(**given)
    if settings.smtp_address is None:
        raise click.UsageError("say where: --listen 0.0.0.0:25, or DESKHAND_SMTP_LISTEN")
    log.configure(settings.log_format, settings.log_level)
    host, port = settings.smtp_address

    async def work(desk: Desk) -> None:
        receiver = Receiver(desk, host, port)
        try:
            await receiver.open()
        except OSError as error:
            raise click.ClickException(f"cannot listen on {settings.smtp_listen}: {error.strerror or error}") from None
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, receiver.stop)
        await receiver.run()

    account.run(settings, work)


@mail.command("held")
@account.options
@click.option("--after", type=int, default=0, help="Only behind this number.")
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def held(after: int, most: int, as_json: bool, **given: Any) -> None:
    """Show the messages that wait for a person, and why; oldest first."""

    async def work(desk: Desk) -> list[Message]:
        async with desk.reading(system_actor()) as view:
            return await queries.page(view, after=after, most=most)

    found = account.run(account.settings_of(**given), work)
    for it in found:
        if as_json:
            click.echo(msgspec.json.encode(it).decode())
            continue
        who = f"from {it.sender or it.envelope_from or '?'}" + (f"  {it.subject!r}" if it.subject else "")
        inbox = f"inbox {it.inbox_id}" if it.inbox_id else "no inbox"
        click.echo(f"{it.id:>8}  {it.received_at:%Y-%m-%d %H:%M:%S}Z  {inbox}  {it.size_bytes} bytes  {who}")
        click.echo(f"          {it.reason}")
    if not found and not as_json:
        click.echo("nothing is held")


@mail.command("show")
@account.options
@click.argument("message", type=int)
@click.option("--raw", is_flag=True, help="The message as it came, byte by byte.")
def show(message: int, raw: bool, **given: Any) -> None:
    """Show a message that came in: who sent it, what became of it; never its text, but with --raw all of it."""

    async def work(desk: Desk) -> tuple[Message, bytes]:
        async with desk.reading(system_actor()) as view:
            it = await queries.find(view, message)
        return it, await desk.blobs.get(it.blob)

    it, content = account.run(account.settings_of(**given), work)
    if raw:
        sys.stdout.buffer.write(content)
        return
    letter = read(content)
    came = f"by {it.door} at {it.received_at:%Y-%m-%d %H:%M:%S}Z" + (f", brought by {it.peer}" if it.peer else "")
    told = {
        "message": f"{it.id}, {it.size_bytes} bytes, {came}",
        "envelope": "" if it.envelope_from is None else f"<{it.envelope_from}> to {', '.join(it.recipients)}",
        "from": ", ".join(each.address for each in letter.from_),
        "to": ", ".join(each.address for each in (*letter.to, *letter.cc)),
        "subject": letter.subject,
        "message id": letter.message_id,
        "state": " ".join(filter(None, (it.state, it.kind, it.rule and f"by rule {it.rule}"))),
        "reason": it.reason or "",
        "conversation": str(it.conversation_id or ""),
    }
    for name, value in told.items():
        if value:
            click.echo(f"{name:<13} {value}")


@mail.command("retry")
@account.options
@click.argument("message", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Every held message that came for an inbox.")
@click.option("--as-is", is_flag=True, help="Make a conversation of it, whatever it is.")
@click.option("--inbox", "inbox_name", metavar="NAME", help="Where it belongs, if it came for none.")
def retry(message: int | None, every: bool, as_is: bool, inbox_name: str | None, **given: Any) -> None:
    """Look once more at a held message; a running server does."""
    if (message is None) == (not every) or (every and (as_is or inbox_name)):
        raise click.UsageError("name a message, or --all by itself")

    async def work(desk: Desk) -> int:
        if message is None:
            return await _in_portions(desk)
        async with desk.writing(system_actor()) as tx:
            inbox_id = (await inbox_named(tx, inbox_name)).id if inbox_name else None
            await holding.retry(tx, message, as_is=as_is, inbox_id=inbox_id)
        return 1

    click.echo(f"{account.run(account.settings_of(**given), work)} messages will be looked at again")


@mail.command("fetch")
@account.options
@click.argument("message", type=int)
@click.option("--most-mb", type=click.IntRange(1, MOST_MB), help="How much may come. Default: DESKHAND_MAIL_LIMIT_MB.")
def fetch(message: int, most_mb: int | None, **given: Any) -> None:
    """Fetch a held message whole, of which only the header came because it was too long; a running server looks at it."""
    settings = account.settings_of(**given)

    async def work(desk: Desk) -> int:
        return await fetch_rest(desk, message, most_mb=most_mb or settings.mail_limit_mb)

    click.echo(f"{account.run(settings, work)} bytes were fetched; it will be looked at again")


@mail.command("drop")
@account.options
@click.argument("message", type=int)
def drop(message: int, **given: Any) -> None:
    """Let a held message go; what came stays for 'deskhand mail show'."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await holding.drop(tx, message)

    account.run(account.settings_of(**given), work)
    click.echo("dropped")


@mail.group("queue", invoke_without_command=True)
@click.pass_context
@account.options
@click.option("--state", type=click.Choice(["open", "failed"]), default="open", show_default=True)
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def queue(ctx: click.Context, state: str, most: int, as_json: bool, **given: Any) -> None:
    """Show whom mail waits for (oldest first) or could not be sent to (latest first), with the servers' words."""
    if ctx.invoked_subcommand:
        return

    async def work(desk: Desk) -> list[Queued]:
        async with desk.reading(system_actor()) as view:
            return await queue_queries.page(view, state, most)

    found = account.run(account.settings_of(**given), work)
    for it in found:
        if as_json:
            click.echo(msgspec.json.encode(it).decode())
            continue
        words = f"  {' '.join(filter(None, (it.code, it.words)))}" if it.code or it.words else ""
        when = f"next {it.due:%Y-%m-%d %H:%M:%S}Z  " if state == "open" else ""
        click.echo(f"{it.outgoing_id:>8}  {it.kind}  {it.address}  {it.state}  {when}tries {it.attempts}{words}")
    if not found and not as_json:
        click.echo("nothing waits" if state == "open" else "nothing failed")


@queue.command("retry")
@account.options
@click.argument("message", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="All that waits.")
def retry_queued(message: int | None, every: bool, **given: Any) -> None:
    """Try now to send a message, also to whom it could not be sent; a running server does."""
    if (message is None) == (not every):
        raise click.UsageError("name a message, or --all")

    async def work(desk: Desk) -> int:
        async with desk.writing(system_actor()) as tx:
            if message is not None:
                await outgoing.retry(tx, message)
                return 1
            return await outgoing.retry_all(tx, [each.id for each in await tx.all(inbox_queries.ALL)])

    click.echo(f"{account.run(account.settings_of(**given), work)} messages are tried now")


@queue.command("cancel")
@account.options
@click.argument("message", type=int)
def cancel(message: int, **given: Any) -> None:
    """Try no more to send a message to those who did not get it yet."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await outgoing.cancel(tx, message)

    account.run(account.settings_of(**given), work)
    click.echo("cancelled")


@mail.command("hushed")
@account.options
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def hushed(most: int, as_json: bool, **given: Any) -> None:
    """Show addresses that get no automatic mail, and why, the latest first."""

    async def work(desk: Desk) -> list[Hushed]:
        async with desk.reading(system_actor()) as view:
            return await outgoing_queries.hushed(view, most)

    found = account.run(account.settings_of(**given), work)
    for it in found:
        if as_json:
            click.echo(msgspec.json.encode(it).decode())
            continue
        until = f"until {it.until:%Y-%m-%d %H:%M}Z" if it.until else "for ever"
        click.echo(f"{it.address}  since {it.at:%Y-%m-%d %H:%M}Z  {until}  {it.reason}")
    if not found and not as_json:
        click.echo("nobody")


@mail.command("unhush")
@account.options
@click.argument("address")
def unhush(address: str, **given: Any) -> None:
    """Let an address have automatic mail again."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await brakes.unhush(tx, address)

    account.run(account.settings_of(**given), work)
    click.echo("it gets automatic mail again")


async def _in_portions(desk: Desk) -> int:
    number, after = 0, 0
    while True:
        async with desk.writing(system_actor()) as tx:
            ids = await holding.retry_all(tx, after=after)
        number += len(ids)
        if not ids:
            return number
        after = ids[-1]
