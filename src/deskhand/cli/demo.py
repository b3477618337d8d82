"""``deskhand demo``: believable data for an empty account."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from deskhand.cli import account
from deskhand.demo.loading import Loaded, load
from deskhand.kernel.desk import Desk

UNTIL = "2026-11-01"


@click.command()
@account.options
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same data.")
@click.option("--conversations", type=click.IntRange(0), default=500, show_default=True)
@click.option("--until", default=UNTIL, show_default=True, metavar="DATE", help="The last day of the year, or 'today'.")
@click.option("--json", "as_json", is_flag=True, help="Print the sign-ins and the application as JSON.")
def demo(seed: int, conversations: int, until: str, as_json: bool, **given: Any) -> None:
    """Fill an empty account with believable data, the same for the same seed.

    Works only while no inbox exists. Passwords and secrets are random, and printed once.
    """
    try:
        end = datetime.now(UTC) if until == "today" else datetime.fromisoformat(until).replace(tzinfo=UTC)
    except ValueError:
        raise click.BadParameter("expected a date such as 2026-11-01, or 'today'", param_hint="--until") from None
    settings = account.settings_of(**given)
    shown = sys.stderr if sys.stderr.isatty() else io.StringIO()

    with click.progressbar(length=conversations, label="Writing letters", file=shown) as bar:

        async def work(desk: Desk) -> Loaded:
            return await load(desk, seed, conversations, end.replace(microsecond=0), bar.update)

        loaded = account.run(settings, work)
    if as_json:
        click.echo(msgspec.json.encode(loaded).decode())
        return
    for user in loaded.users:
        click.echo(f"{user.email}  password {user.password}  ({user.role})")
    click.echo(f"application id {loaded.application.id}  secret {loaded.application.secret}")
