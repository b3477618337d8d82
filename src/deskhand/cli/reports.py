"""``deskhand reports``: making what reports count anew. ``deskhand hours``: when the account and its inboxes are at work."""

from __future__ import annotations

from typing import Any

import click
import msgspec

from deskhand.cli import account
from deskhand.inboxes import operations, queries
from deskhand.inboxes.hours import DAYS, OfficeHours
from deskhand.inboxes.schemas import OfficeHoursBody, OpenRange, office_hours_body, office_hours_given
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.reports import keeping


@click.group()
def reports() -> None:
    """What reports count."""


@reports.command("rebuild")
@account.options
def rebuild(**given: Any) -> None:
    """Make all of it anew from the conversations. It is never needed, but it may settle a doubt; reports wait meanwhile."""
    account.run(account.settings_of(**given), keeping.rebuild)
    click.echo("reports count from what was made anew")


@click.group()
def hours() -> None:
    """Office hours, and the time zone of reports."""


@hours.command("show")
@account.options
def show(**given: Any) -> None:
    """Show the office hours of the account (inbox 0) and of inboxes that have their own, as a line of JSON each."""

    async def work(desk: Desk) -> dict[int, OfficeHours]:
        async with desk.reading(system_actor()) as view:
            return await queries.office_hours_of(view)

    for inbox_id, it in sorted(account.run(account.settings_of(**given), work).items()):
        click.echo(msgspec.json.encode({"inbox": inbox_id, **msgspec.to_builtins(office_hours_body(it))}).decode())


@hours.command("set")
@account.options
@click.option("--inbox", type=int, help="Of this inbox; without it of the account.")
@click.option("--timezone", required=True, help="Such as Europe/Lisbon.")
@click.option("--open", "ranges", multiple=True, metavar="DAYS=FROM-TO", help="monday-friday=09:00-17:30; as often as needed.")
def set_hours(inbox: int | None, timezone: str, ranges: tuple[str, ...], **given: Any) -> None:
    """Say when the account or an inbox is at work. Without --open only the account's time zone is said."""
    wanted = office_hours_given(OfficeHoursBody(timezone=timezone, **_week(ranges)))

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await operations.set_office_hours(tx, inbox, wanted)

    account.run(account.settings_of(**given), work)


@hours.command("remove")
@account.options
@click.option("--inbox", type=int, help="Of this inbox; without it of the account.")
def remove(inbox: int | None, **given: Any) -> None:
    """Let an inbox have the account's office hours, or the account none."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await operations.remove_office_hours(tx, inbox)

    account.run(account.settings_of(**given), work)


def _week(ranges: tuple[str, ...]) -> dict[str, list[OpenRange]]:
    """The open ranges of each day, of texts as the option has them."""
    week: dict[str, list[OpenRange]] = {day: [] for day in DAYS}
    for text in ranges:
        days, _, clock = text.partition("=")
        first, _, last = days.partition("-")
        since, _, until = clock.partition("-")
        if first not in DAYS or (last or first) not in DAYS or not until:
            raise click.BadParameter("expected something such as monday-friday=09:00-17:30", param_hint="--open")
        for day in DAYS[DAYS.index(first) : DAYS.index(last or first) + 1]:
            week[day].append(OpenRange(since, until))
    return week
