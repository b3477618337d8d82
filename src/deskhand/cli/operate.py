"""``deskhand migrate``, ``jobs``, ``doctor``: operation without guessing."""

from __future__ import annotations

import asyncio
import shutil
import stat
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import msgspec

from deskhand.cli import account
from deskhand.kernel import jobs as job_queries
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.permissions import system_actor
from deskhand.mail.queries import health as mail_health
from deskhand.migrations.version import NEWEST, version
from deskhand.settings import Settings, SettingsError
from deskhand.webhooks import queries as webhook_queries

LEAST_FREE_BYTES = 1024**3
LATE = timedelta(minutes=1)
CLOCK_DRIFT_SECONDS = 5


@click.command()
@account.options
def migrate(**given: Any) -> None:
    """Bring the account's schema up to date. 'serve' does this by itself."""
    click.echo(account.migrate(account.settings_of(**given)) or f"schema: {NEWEST}, nothing to do")


@click.group(invoke_without_command=True)
@click.pass_context
@account.options
@click.option("--state", type=click.Choice(["failed", "ready"]), default="failed", show_default=True)
@click.option("--most", type=int, default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def jobs(ctx: click.Context, state: str, most: int, as_json: bool, **given: Any) -> None:
    """Show the jobs that failed, or those that wait."""
    if ctx.invoked_subcommand:
        return

    async def work(desk: Desk) -> list[job_queries.Job]:
        async with desk.reading(system_actor()) as view:
            return await job_queries.page(view, state, most)

    found = account.run(account.settings_of(**given), work)
    for job in found:
        if as_json:
            click.echo(msgspec.json.encode(job).decode())
        else:
            click.echo(f"{job.id:>8}  {job.due:%Y-%m-%d %H:%M:%S}Z  {job.kind}  tries {job.attempts}  {job.error or ''}")
    if not found and not as_json:
        click.echo(f"no {state} jobs")


@jobs.command()
@account.options
@click.argument("job", type=int, required=False)
@click.option("--all", "every", is_flag=True, help="Every failed job.")
def retry(job: int | None, every: bool, **given: Any) -> None:
    """Make a failed job ready again; a running server takes it up."""
    if (job is None) == (not every):
        raise click.UsageError("name a job, or --all")

    async def work(desk: Desk) -> int:
        async with desk.writing(system_actor()) as tx:
            return await job_queries.retry(tx, job)

    click.echo(f"{account.run(account.settings_of(**given), work)} jobs are ready again")


@click.command()
@account.options
def doctor(**given: Any) -> None:
    """Check settings, database, schema, jobs, files, disk and clock, and say what to do about what is wrong."""
    try:
        settings = account.settings_of(**given)
    except SettingsError as error:
        click.echo(f"wrong    settings: {error}")
        sys.exit(1)
    findings = [("settings", "", ""), *asyncio.run(_examine(settings))]
    for part, problem, remedy in findings:
        click.echo(f"{'wrong' if problem else 'ok':<8} {part}{': ' + problem if problem else ''}")
        if remedy:
            click.echo(f"         {remedy}")
    sys.exit(1 if any(problem for _, problem, _ in findings) else 0)


async def _examine(settings: Settings) -> list[tuple[str, str, str]]:
    findings: list[tuple[str, str, str]] = []

    async def check(part: str, look: Callable[[], Awaitable[str]], remedy: str) -> bool:
        try:
            problem = await look()
        except (DeskError, OSError) as error:
            problem = str(error)
        findings.append((part, problem, remedy if problem else ""))
        return not problem

    async def disk() -> str:
        folder = Path(settings.data)
        while not folder.exists():
            folder = folder.parent
        free = shutil.disk_usage(folder).free
        return "" if free >= LEAST_FREE_BYTES else f"{free // 2**20} MB free beside {settings.data}"

    async def clock() -> str:
        before = time.time()
        drift = abs((datetime.now(UTC).timestamp()) - before)
        sane = datetime(2025, 1, 1, tzinfo=UTC).timestamp() < before
        return "" if sane and drift < CLOCK_DRIFT_SECONDS else f"the machine says it is {datetime.now(UTC):%Y-%m-%d}"

    await check("disk", disk, "Free some space, or move the data folder with DESKHAND_DATA.")
    await check("clock", clock, "Set the machine's clock, and let it be kept by NTP.")
    try:
        async with account.opened(settings) as desk:
            await _examine_account(desk, check)
    except DeskError as error:
        findings.append(("database", error.message, "Check DESKHAND_DATABASE, and that the server or the file is there."))
    return findings


async def _examine_account(desk: Desk, check: Callable[..., Awaitable[bool]]) -> None:
    async def schema() -> str:
        found = await version(desk.database)
        return "" if found == NEWEST else f"version {found or 'none'}, needed {NEWEST}"

    async def rows() -> str:
        async with desk.reading(system_actor()) as view:
            (overdue,) = await view.all(job_queries.OVERDUE, before=view.instant - LATE)
            (failed,) = await view.all(job_queries.FAILED)
        told = [f"{failed} failed"] if failed else []
        return ", ".join([*told, f"{overdue} overdue"] if overdue else told)

    async def hooks() -> str:
        async with desk.reading(system_actor()) as view:
            return "; ".join(await webhook_queries.troubles(view))

    async def letters() -> str:
        async with desk.reading(system_actor()) as view:
            it = await mail_health.health(view)
        for each in it.cursors:
            told = f"{each.server_count} messages, read up to {each.last_uid}, at most {each.gap} are not here yet"
            click.echo(f"         mail of inbox {each.inbox_id}: the server has {told}")
        words = [
            f"{mail_health.protocol(each.direction)} of inbox {each.inbox_id} ({each.host}): {each.paused_reason or each.error}"
            for each in it.failing
        ]
        words += [f"{it.overdue} messages were not looked at"] if it.overdue else []
        words += [f"{it.held} messages are held"] if it.held else []
        if it.is_stuck:
            words.append(f"{it.queue.total} messages are to be sent, the oldest since {it.queue.oldest:%Y-%m-%d %H:%M}Z")
        return "; ".join(words)

    async def key() -> str:
        file = desk.settings.key_file
        if desk.settings.secret_keys or not file.exists():
            return ""
        mode = stat.S_IMODE(file.stat().st_mode)
        return f"{file} can be read by others (mode {mode:o})" if mode & 0o077 else ""

    async def integrity() -> str:
        if desk.database.dialect != "sqlite":
            return ""
        session = await desk.database.begin_reading()
        try:
            found = await session.rows("PRAGMA quick_check(1)", ())
        finally:
            await session.end()
        return "" if found[0][0] == "ok" else str(found[0][0])

    async def files() -> str:
        await desk.blobs.check()
        return ""

    if await check("schema", schema, "Run 'deskhand migrate'."):
        await check("jobs", rows, "See 'deskhand jobs', then 'deskhand jobs retry'; overdue ones need a running server.")
        await check("webhooks", hooks, "See 'deskhand webhooks list'; updating a webhook (PUT) switches it on again.")
        await check("mail", letters, "See 'deskhand inbox test', 'deskhand mail held' and 'deskhand mail queue'.")
    await check("database", integrity, "Restore the newest backup, and keep this file for a closer look.")
    await check("secret key", key, f"chmod 600 {desk.settings.key_file}")
    await check("files", files, "Check that the data folder can be written and the disk is not full.")
