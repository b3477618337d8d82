"""``deskhand app`` and ``deskhand user``: who may sign in, and which programs may ask the API."""

from __future__ import annotations

import json
import secrets
import sys
from typing import Any

import click

from deskhand.cli import account
from deskhand.inboxes import operations as inbox_operations
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.desk import Desk
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.permissions import Role, system_actor
from deskhand.kernel.transaction import Transaction
from deskhand.oauth import operations as oauth
from deskhand.users import operations as users
from deskhand.users import queries
from deskhand.users.operations import NewUser

ROLES = {"owner": Role.OWNER, "administrator": Role.ADMINISTRATOR, "admin": Role.ADMINISTRATOR, "user": Role.USER}


@click.group()
def app() -> None:
    """OAuth applications."""


@app.command("create")
@account.options
@click.option("--name", required=True, help="What the consent page calls it.")
@click.option("--user", "email", required=True, metavar="EMAIL", help="The user its tokens act as.")
@click.option("--redirect-url", help="Where the authorization-code flow returns to.")
@click.option("--id", "client_id", help="Its id; default: a random one.")
@click.option("--secret", help="Its secret; default: a random one.")
def create_app(
    name: str, email: str, redirect_url: str | None, client_id: str | None, secret: str | None, **given: Any
) -> None:
    """Register an application and print its id and secret as JSON. The secret is not kept."""

    async def work(desk: Desk) -> tuple[str, str]:
        async with desk.writing(system_actor()) as tx:
            user = await _user(tx, email)
            return await oauth.register(tx, name, user.id, redirect_url=redirect_url, client_id=client_id, secret=secret)

    made = account.run(account.settings_of(**given), work)
    click.echo(json.dumps({"id": made[0], "secret": made[1]}))


@click.group()
def user() -> None:
    """People who work here."""


@user.command("create")
@account.options
@click.option("--email", required=True)
@click.option("--first-name", required=True)
@click.option("--last-name", default="")
@click.option("--role", type=click.Choice(sorted(ROLES)), default="user", show_default=True)
@click.option("--inbox", "inbox_names", multiple=True, help="An inbox they work in; may be repeated.")
@click.option("--timezone", default="UTC", show_default=True)
def create_user(
    email: str,
    first_name: str,
    last_name: str,
    role: str,
    inbox_names: tuple[str, ...],
    timezone: str,
    **given: Any,
) -> None:
    """Add a user and print id, email and a first password as JSON.."""
    if not is_email(email):
        raise Invalid("email", "not a well-formed email address")
    password = secrets.token_urlsafe(12)

    async def work(desk: Desk) -> int:
        password_hash = await users.hashed(password)
        async with desk.writing(system_actor()) as tx:
            new = NewUser(
                first_name=first_name,
                last_name=last_name,
                email=email,
                role=ROLES[role],
                timezone=timezone,
                password_hash=password_hash,
            )
            user_id = await users.create(tx, new)
            for name in inbox_names:
                await inbox_operations.grant(tx, await _inbox_id(tx, name), user_id)
            return user_id

    user_id = account.run(account.settings_of(**given), work)
    click.echo(json.dumps({"id": user_id, "email": email, "password": password}))


@user.command("password")
@account.options
@click.argument("email")
def password(email: str, **given: Any) -> None:
    """Give a user another password, asked for on the terminal or read as one line from a pipe; their sessions end."""
    text = click.prompt("New password", hide_input=True, confirmation_prompt=True) if sys.stdin.isatty() else input()

    async def work(desk: Desk) -> None:
        password_hash = await users.hashed(text)
        async with desk.writing(system_actor()) as tx:
            await users.set_password(tx, (await _user(tx, email)).id, password_hash)

    account.run(account.settings_of(**given), work)
    click.echo(f"{email} has a new password")


async def _user(tx: Transaction, email: str) -> queries.User:
    found = await queries.by_email(tx, email)
    if found is None:
        raise NotFound(f"there is no user with the email {email}; see 'deskhand user create'")
    return found


async def _inbox_id(tx: Transaction, name: str) -> int:
    for inbox_id in await inboxes.all_ids(tx):
        found = await inboxes.find(tx, inbox_id)
        if found and found.name.casefold() == name.casefold():
            return inbox_id
    raise NotFound(f"there is no inbox called {name}")
