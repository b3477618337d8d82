"""``deskhand export`` and ``deskhand import``: a whole account as one file, and an empty account made of it."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click

from deskhand.cli import account
from deskhand.kernel.auditing import AccountExported
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unavailable
from deskhand.kernel.permissions import system_actor
from deskhand.moving.arriving import arrive
from deskhand.moving.belonging import BELONGS
from deskhand.moving.leaving import leave

STANDARD = "-"


@click.command()
@account.options
@click.argument("file", default=STANDARD)
def export(file: str, **given: Any) -> None:
    """Write the whole account, attachments included, to FILE as JSON Lines, or to standard output.

    The desk may be in use: the file shows one moment. It holds secrets in the clear and is readable by its owner only.
    """

    async def work(desk: Desk) -> None:
        with _to(file) as out:
            async for lines in leave(desk, system_actor()):
                out.write(lines)
            async with desk.writing(system_actor()) as tx:
                tx.record(AccountExported())  # behind the moment that the file shows, and before it has its name

    account.run(account.settings_of(**given), work)


@click.command("import")
@account.options
@click.argument("file")
def import_(file: str, **given: Any) -> None:
    """Make an empty account of FILE, which 'deskhand export' wrote on either kind of database; '-' is standard input.

    It happens whole or not at all. Applications and passwords stay; tokens and sessions do not come along.
    """

    async def work(desk: Desk) -> Mapping[str, int]:
        with _from(file) as source:
            return await arrive(desk, source)

    counts = account.run(account.settings_of(**given), work)
    rows = sum(count for name, count in counts.items() if name in BELONGS)
    click.echo(f"{rows} rows came, {counts.get('conversations', 0)} conversations among them")


@contextmanager
def _from(file: str) -> Iterator[BinaryIO]:
    if file == STANDARD:
        yield sys.stdin.buffer
        return
    try:
        with open(file, "rb") as source:
            yield source
    except OSError as error:
        raise Unavailable(f"cannot read {file}: {error.strerror}") from None


@contextmanager
def _to(file: str) -> Iterator[BinaryIO]:
    """Where to write. A file gets its name when it is whole and on the disk; before, there is none or the one before."""
    try:
        if file == STANDARD:
            # A buffer of its own: what cannot be written must not be tried once more when Python ends.
            with open(sys.stdout.fileno(), "wb", closefd=False) as out:
                yield out
            return
        path = Path(file)
        aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            try:
                yield out
                out.flush()
                os.fsync(out.fileno())
                aside.rename(path)
            except BaseException:
                aside.unlink(missing_ok=True)
                raise
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unavailable(f"cannot write {file}: {error.strerror}; nothing of the export was kept") from None
