"""``deskhand inbox``: inboxes, what they want of their mail, their addresses, servers and keys."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click
import msgspec
from msgspec import Struct

from deskhand.cli import account
from deskhand.cli.named import inbox_named, secret
from deskhand.cli.wants import changed
from deskhand.inboxes import operations as inbox_operations
from deskhand.inboxes import queries as inbox_queries
from deskhand.kernel.desk import Desk
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.permissions import system_actor
from deskhand.mail.checking import Finding, Grade, check_domain
from deskhand.mail.composing.signing import record
from deskhand.mail.connecting.authorizing import Client, Loopback, answer, by_device, question
from deskhand.mail.connecting.keys import new_key
from deskhand.mail.connecting.providers import PROVIDERS, Device, TokenRefused, TokenTrouble
from deskhand.mail.doors.trying import try_out
from deskhand.mail.model import Authentication, Direction, Options, Secrets, Security, key_name
from deskhand.mail.operations import connecting, inboxes
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries import connecting as connection_queries
from deskhand.mail.queries import inboxes as queries
from deskhand.mail.queries.health import protocol

USUAL_PORTS = {
    (Direction.IN, Security.TLS): 993,
    (Direction.IN, Security.STARTTLS): 143,
    (Direction.IN, Security.NONE): 143,
    (Direction.OUT, Security.TLS): 465,
    (Direction.OUT, Security.STARTTLS): 587,
    (Direction.OUT, Security.NONE): 25,
}
DNS_SECONDS = 2.0  # whoever saves something does not want to wait for name servers

may_leave_dns = click.option(
    "--no-dns", is_flag=True, help="Do not ask what the world is told of its domain (SPF, DKIM, DMARC)."
)


@click.group()
def inbox() -> None:
    """Inboxes and their mail."""


@inbox.command("create")
@account.options
@click.argument("name")
@click.option("--email", required=True, help="The address it writes from and is written to.")
@may_leave_dns
def create_inbox(name: str, email: str, no_dns: bool, **given: Any) -> None:
    """Make an inbox that mail is taken for, and print its number; what its domain's records lack is a warning."""
    if not is_email(email):
        raise Invalid("email", "not a well-formed email address")

    async def work(desk: Desk) -> int:
        async with desk.writing(system_actor()) as tx:
            inbox_id = await inbox_operations.create(tx, name, email)
            await inboxes.want(tx, inbox_id, Options())
        await _warn(desk, inbox_id, no_dns=no_dns)
        return inbox_id

    click.echo(account.run(account.settings_of(**given), work))


class _Shown(Struct, frozen=True):
    id: int
    name: str
    email: str
    options: Options | None
    aliases: list[str]
    connections: list[queries.Connection]


@inbox.command("list")
@account.options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, with what each wants.")
def list_inboxes(as_json: bool, **given: Any) -> None:
    """Show every inbox: its addresses, its servers, and how they fare."""

    async def work(desk: Desk) -> list[_Shown]:
        async with desk.reading(system_actor()) as view:
            return [await _shown(view, inbox_id) for inbox_id in await inbox_queries.all_ids(view)]

    for it in account.run(account.settings_of(**given), work):
        if as_json:
            plain = {name: getattr(it, name) for name in ("id", "name", "email", "aliases", "options")}
            servers = [{"direction": each.direction, **_told(each)} for each in it.connections]
            click.echo(msgspec.json.encode(plain | {"servers": servers}).decode())
            continue
        click.echo(f"{it.id:>6}  {it.name}  {it.email}{'' if it.options else '  without mail'}")
        for address in it.aliases:
            click.echo(f"        alias  {address}")
        for each in it.connections:
            server = f"{each.host}:{each.port}  {each.username}"
            click.echo(f"        {protocol(each.direction)}   {server}  {each.state}{'  ' + each.error if each.error else ''}")


@inbox.command("set")
@account.options
@click.argument("name")
@click.argument("wishes", nargs=-1, metavar="[NAME=VALUE]...")
@may_leave_dns
def set_inbox(name: str, wishes: tuple[str, ...], no_dns: bool, **given: Any) -> None:
    """Say what an inbox wants of its mail: 'undo_seconds=20', 'auto_reply=yes', 'signature=@file.html'.

    Without any it shows what there is and how it is set. Lists are separated by commas; '@' begins a file's name; templates
    are 'templates.auto-reply.subject', '.html' and '.text'.
    """

    async def work(desk: Desk) -> Options:
        async with desk.writing(system_actor()) as tx:
            found = await inbox_named(tx, name)
            before = await queries.find(tx, found.id)
            options = changed(before.options if before else Options(), wishes)
            saves = bool(wishes) or before is None
            if saves:
                await inboxes.want(tx, found.id, options)
        await _warn(desk, found.id, no_dns=no_dns or not saves)
        return options

    for key, value in msgspec.structs.asdict(account.run(account.settings_of(**given), work)).items():
        click.echo(f"{key}={msgspec.json.encode(value).decode()}")


@inbox.command("alias")
@account.options
@click.argument("name")
@click.option("--add", "added", multiple=True, metavar="ADDRESS", help="Take mail for this address too; may be repeated.")
@click.option("--remove", "removed", multiple=True, metavar="ADDRESS", help="Take no more mail for it; may be repeated.")
def alias(name: str, added: tuple[str, ...], removed: tuple[str, ...], **given: Any) -> None:
    """Add and remove addresses of an inbox, and show them."""

    async def work(desk: Desk) -> list[str]:
        async with desk.writing(system_actor()) as tx:
            found = await inbox_named(tx, name)
            for address in added:
                await inboxes.add_alias(tx, found.id, address)
            for address in removed:
                await inboxes.remove_alias(tx, found.id, address)
            return await tx.all(queries.ADDRESSES, inbox_id=found.id)

    for address in account.run(account.settings_of(**given), work):
        click.echo(address)


@inbox.command("connect")
@account.options
@click.argument("name")
@click.option("--imap", metavar="HOST[:PORT]", help="Where its mail is fetched from.")
@click.option("--smtp", metavar="HOST[:PORT]", help="Where its mail is sent through.")
@click.option("--security", type=click.Choice([each.value for each in Security]), help="Default: by the port, else tls.")
@click.option("--username", help="Default: the inbox's address.")
@click.option("--password-file", metavar="FILE", help="Default: asked for, or one line of a pipe.")
@click.option("--no-password", is_flag=True, help="Nobody signs in.")
@click.option("--folder", default="INBOX", show_default=True, help="What is fetched.")
@click.option("--oauth", type=click.Choice(sorted(PROVIDERS)), help="Sign in with tokens of a provider; brings its servers.")
@click.option("--bearer", type=click.Choice(["xoauth2", "oauthbearer"]), default="xoauth2", help="How tokens are shown.")
@click.option("--client-id", help="Of the application that you registered with the provider.")
@click.option("--client-secret-file", metavar="FILE", help="Default: asked for, or one line of a pipe.")
@click.option("--device", is_flag=True, help="Sign in with a code on another machine, where the provider allows it for mail.")
@click.option("--port", "loopback_port", type=int, default=0, help="Where the browser comes back to on this machine.")
@may_leave_dns
def connect(name: str, imap: str | None, smtp: str | None, security: str | None, **given: Any) -> None:
    """Give an inbox its mail servers, in place of those it had. Try them with 'deskhand inbox test'."""
    provider = PROVIDERS[given["oauth"]] if given["oauth"] else None
    if provider is None and not imap and not smtp:
        raise click.UsageError("name --imap, --smtp or --oauth")
    wanted = {Direction.IN: imap, Direction.OUT: smtp}
    if provider is not None and not imap and not smtp:
        wanted = {
            Direction.IN: f"{provider.imap.host}:{provider.imap.port}",
            Direction.OUT: f"{provider.smtp.host}:{provider.smtp.port}",
        }
    servers = {direction: _server(direction, text, security) for direction, text in wanted.items() if text}
    client = _client(given) if provider is not None else None
    authentication, kept = _signs_in(given) if client is None else (Authentication(given["bearer"]), Secrets())

    async def work(desk: Desk) -> None:
        async with desk.reading(system_actor()) as view:
            found = await inbox_named(view, name)
        secrets = await _authorized(desk, client, given) if client else kept
        async with desk.writing(system_actor()) as tx:
            if await queries.find(tx, found.id) is None:
                await inboxes.want(tx, found.id, Options())
            for direction, (host, port, how) in servers.items():
                new = NewConnection(
                    host=host,
                    port=port,
                    security=how,
                    authentication=authentication,
                    username="" if authentication is Authentication.NONE else given["username"] or found.email,
                    secrets=secrets,
                    oauth=client.provider.oauth(client.id) if client else None,
                    folder=given["folder"],
                )
                await connecting.connect(tx, found.id, direction, new)
        await _warn(desk, found.id, no_dns=given["no_dns"])

    _run_with_provider(account.settings_of(database=given["database"], data=given["data"]), work)
    click.echo(f"connected; try it with: deskhand inbox test {name!r}")


@inbox.command("disconnect")
@account.options
@click.argument("name")
@click.option("--imap", is_flag=True, help="Stop fetching mail.")
@click.option("--smtp", is_flag=True, help="Send through its server no more.")
def disconnect(name: str, imap: bool, smtp: bool, **given: Any) -> None:
    """Forget an inbox's mail servers, with what they were signed in to by."""
    wanted = [direction for direction, is_wanted in ((Direction.IN, imap), (Direction.OUT, smtp)) if is_wanted]
    if not wanted:
        raise click.UsageError("name --imap, --smtp or both")

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            found = await inbox_named(tx, name)
            for direction in wanted:
                await connecting.disconnect(tx, found.id, direction)

    account.run(account.settings_of(**given), work)
    click.echo("disconnected")


@inbox.command("test")
@account.options
@click.argument("inbox_name", metavar="NAME")
@may_leave_dns
def test_inbox(inbox_name: str, no_dns: bool, **given: Any) -> None:
    """Reach an inbox's servers, sign in, look at its domain, and say what works and what to do about what does not."""

    async def work(desk: Desk) -> list[tuple[str, str, str]]:
        async with desk.reading(system_actor()) as view:
            found = await inbox_named(view, inbox_name)
            mail = await queries.find(view, found.id)
            connections = [each for each in await view.all(connection_queries.EVERY) if each.inbox_id == found.id]
        if mail is None:
            raise NotFound(f"{found.name} has no mail yet; see 'deskhand inbox set'")
        tried = [(protocol(each.direction), *await try_out(desk, each)) for each in connections]
        return tried + ([] if no_dns else [_domain(each) for each in await check_domain(desk, mail)])

    tried = account.run(account.settings_of(**given), work)
    for name, problem, told in tried:
        click.echo(f"{'wrong' if problem else 'ok':<6} {name}: {problem or told}")
        if problem:
            click.echo(f"       {told}")
    if not any(name in ("imap", "smtp") for name, _, _ in tried):
        click.echo("it has no mail servers: mail comes by SMTP or through a pipe; see 'deskhand inbox connect'")
    sys.exit(1 if any(problem for _, problem, _ in tried) else 0)


async def _warn(desk: Desk, inbox_id: int, *, no_dns: bool) -> None:
    """What the world should find about a domain and does not, as warnings beside what a command prints: it is saved by now."""
    async with desk.reading(system_actor()) as view:
        mail = await queries.find(view, inbox_id)
    for each in [] if no_dns or mail is None else await check_domain(desk, mail, seconds=DNS_SECONDS):
        name, problem, told = _domain(each)
        if problem:
            click.echo(f"warning: {name}: {problem}\n         {told}", err=True)
        elif each.grade is Grade.UNKNOWN:
            click.echo(f"warning: {name}: {told}", err=True)


def _domain(it: Finding) -> tuple[str, str, str]:
    if it.grade in (Grade.MISSING, Grade.WRONG):
        return it.check, f"{it.name}: {it.words}", f"Add this TXT record: {it.add}" if it.add else "See 'deskhand inbox key'."
    return it.check, "", it.words


@inbox.command("key")
@account.options
@click.argument("name")
@click.option("--selector", default="deskhand", show_default=True, help="What the key is called in DNS.")
@click.option("--new", "wants_new", is_flag=True, help="Make another key, in place of the one it has.")
def key(name: str, selector: str, wants_new: bool, **given: Any) -> None:
    """Show the record that lets others verify an inbox's mail (DKIM); the key is made if there is none."""

    async def work(desk: Desk) -> tuple[str, str]:
        async with desk.reading(system_actor()) as view:
            found = await inbox_named(view, name)
            kept = await view.first(queries.KEY, inbox_id=found.id)
        if kept is None or wants_new:
            made = await asyncio.to_thread(new_key)
            async with desk.writing(system_actor()) as tx:
                await inboxes.keep_key(tx, found.id, selector=selector, secret=made)
                kept = await tx.one(queries.KEY, inbox_id=found.id)
        text = record(desk.seal.open(kept.secret, key_name(kept.id)))
        return f"{kept.selector}._domainkey.{kept.domain}", text

    host, text = account.run(account.settings_of(**given), work)
    click.echo(f"{host}. TXT\n{text}")


async def _shown(view: Any, inbox_id: int) -> _Shown:
    it = await inbox_queries.get(view, inbox_id)
    mail = await queries.find(view, inbox_id)
    addresses = await view.all(queries.ADDRESSES, inbox_id=inbox_id)
    connections = [each for each in await view.all(connection_queries.EVERY) if each.inbox_id == inbox_id]
    aliases = [each for each in addresses if each != it.email.lower()]
    return _Shown(it.id, it.name, it.email, mail.options if mail else None, aliases, connections)


def _told(it: queries.Connection) -> dict[str, Any]:
    names = ("host", "port", "security", "authentication", "username", "folder", "state", "failing_since", "error", "worked_at")
    return {name: getattr(it, name) for name in names}


def _server(direction: Direction, text: str, security: str | None) -> tuple[str, int, Security]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdecimal():
        how = Security(security) if security else Security.TLS
        return text, USUAL_PORTS[direction, how], how
    by_port = next((each for (_, each), usual in USUAL_PORTS.items() if usual == int(port)), Security.TLS)
    return host.strip("[]"), int(port), Security(security) if security else by_port


def _client(given: dict[str, Any]) -> Client:
    if not given["client_id"]:
        raise click.UsageError("--oauth needs --client-id")
    return Client(PROVIDERS[given["oauth"]], given["client_id"], secret("Client secret", given["client_secret_file"]))


def _signs_in(given: dict[str, Any]) -> tuple[Authentication, Secrets]:
    if given["no_password"]:
        return Authentication.NONE, Secrets()
    return Authentication.PASSWORD, Secrets(password=secret("Password", given["password_file"]))


async def _authorized(desk: Desk, client: Client, given: dict[str, Any]) -> Secrets:
    if given["device"]:

        def tell(device: Device) -> None:
            click.echo(f"Open {device.address} and type {device.user_code}")

        return await by_device(desk, client, tell)
    loopback = Loopback(given["loopback_port"])
    asked = question(client, await loopback.open())
    click.echo(f"Open this address, sign in, and agree:\n\n{asked.url}\n")
    try:
        return await answer(desk, client, asked, await loopback.wait())
    finally:
        loopback.close()


def _run_with_provider(settings: Any, work: Any) -> None:
    try:
        account.run(settings, work)
    except (TokenRefused, TokenTrouble) as error:
        raise click.ClickException(f"the provider gives no token: {error}") from None
