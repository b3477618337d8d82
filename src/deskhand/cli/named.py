"""What commands are told by name: inboxes, and secrets, which never stand on a command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.transaction import Snapshot


async def inbox_named(view: Snapshot, name: str) -> inboxes.Inbox:
    """An inbox by its name, address or number. Raises NotFound."""
    for inbox_id in await inboxes.all_ids(view):
        found = await inboxes.find(view, inbox_id)
        if found and name.casefold() in (found.name.casefold(), found.email.casefold(), str(found.id)):
            return found
    raise NotFound(f"there is no inbox called {name}; see 'deskhand inbox list'")


def secret(what: str, file: str | None) -> str:
    """A secret from a file, asked for on the terminal, or one line of a pipe."""
    if file:
        try:
            return Path(file).read_text().rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise click.ClickException(f"cannot read {file}: {error}") from None
    if sys.stdin.isatty():
        return str(click.prompt(what, hide_input=True))
    return sys.stdin.readline().rstrip("\r\n")
