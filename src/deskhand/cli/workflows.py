"""``deskhand workflows``: what inboxes do by themselves, trying it, and what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, BinaryIO

import click
import msgspec

from deskhand.cli import account
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Mistake
from deskhand.kernel.http import wire
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.permissions import system_actor
from deskhand.workflows import replaying
from deskhand.workflows.model.facts import WorkflowStatus
from deskhand.workflows.operations import defining, running
from deskhand.workflows.queries import definitions, runs, trying
from deskhand.workflows.queries.definitions import Workflow
from deskhand.workflows.queries.runs import Run
from deskhand.workflows.queries.trying import Explanation, Trial
from deskhand.workflows.replaying import Replayed
from deskhand.workflows.schemas.definitions import DefinitionInput, WholeBody, given, whole_body

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])
MOST = 1000
FILE = click.argument("file", type=click.File("rb"))
WORKFLOW = click.argument("workflow", type=int)


@click.group()
def workflows() -> None:
    """Workflows: what inboxes do by themselves, or at a click."""


@workflows.command("list")
@account.options
@click.option("--inbox", type=int, help="Only of this inbox.")
def list_workflows(inbox: int | None, **given: Any) -> None:
    """Show every workflow, by inbox and order."""

    async def work(desk: Desk) -> list[tuple[Workflow, list[Mistake]]]:
        async with desk.reading(system_actor()) as view:
            found, _ = await definitions.page(view, 1, MOST, inbox_id=inbox)
            problems = await definitions.problems(view, found)
            return [(each, problems.get(each.id, [])) for each in found]

    for it, problems in account.run(account.settings_of(**given), work):
        status = "invalid" if problems else "inactive" if it.active_since is None else "active"
        click.echo(f"{it.id:>6}  inbox {it.inbox_id:<4} {it.position:>3}  {it.type:<9}  {status:<8}  {it.name}")
        for each in problems:
            click.echo(f"        {each.path}: {each.message}")


@workflows.command("show")
@account.options
@WORKFLOW
def show(workflow: int, **given: Any) -> None:
    """Show a workflow with its definition, as create and replace take it."""

    async def work(desk: Desk) -> WholeBody:
        async with desk.reading(system_actor()) as view:
            it = await definitions.get(view, workflow)
            problems = (await definitions.problems(view, [it])).get(it.id, [])
            return whole_body(it, problems, Origins(desk.settings.origin, desk.settings.origin))

    body = msgspec.to_builtins(account.run(account.settings_of(**given), work))
    click.echo(msgspec.json.format(msgspec.json.encode({name: body[name] for name in body if name != "_links"})))


@workflows.command("create")
@account.options
@FILE
def create(file: BinaryIO, **options: Any) -> None:
    """Make a workflow of a JSON file (- is the standard input); prints its id."""
    wanted = _read(file)

    async def work(desk: Desk) -> int:
        async with desk.writing(system_actor()) as tx:
            return await defining.create(tx, given(wanted), active=wanted.status is WorkflowStatus.ACTIVE)

    click.echo(account.run(account.settings_of(**options), work))


@workflows.command("replace")
@account.options
@WORKFLOW
@FILE
def replace(workflow: int, file: BinaryIO, **options: Any) -> None:
    """Let a workflow say what is in a JSON file; with a version in it only if it is still that one."""
    wanted = _read(file)

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await defining.replace(tx, workflow, given(wanted), version=wanted.version)

    account.run(account.settings_of(**options), work)


@workflows.command("delete")
@account.options
@WORKFLOW
def delete(workflow: int, **given: Any) -> None:
    """Remove a workflow; its runs stay."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await defining.delete(tx, workflow)

    account.run(account.settings_of(**given), work)


@workflows.command("on")
@account.options
@WORKFLOW
def on(workflow: int, **given: Any) -> None:
    """Switch a workflow on; what happened before does not concern it."""
    account.run(account.settings_of(**given), lambda desk: _switch(desk, workflow, active=True))


@workflows.command("off")
@account.options
@WORKFLOW
def off(workflow: int, **given: Any) -> None:
    """Switch a workflow off."""
    account.run(account.settings_of(**given), lambda desk: _switch(desk, workflow, active=False))


@workflows.command("run")
@account.options
@WORKFLOW
@click.argument("conversations", type=int, nargs=-1, required=True)
def run(workflow: int, conversations: tuple[int, ...], **given: Any) -> None:
    """Run a manual workflow on conversations of its inbox: on all of them, or on none."""

    async def work(desk: Desk) -> None:
        async with desk.writing(system_actor()) as tx:
            await running.run_by_hand(tx, workflow, list(conversations))

    account.run(account.settings_of(**given), work)


@workflows.command("dry-run")
@account.options
@click.argument("workflow", type=int, required=False)
@click.option("--file", type=click.File("rb"), help="A definition that is not saved, alone or in the workflow's place.")
@click.option("--conversations", type=click.IntRange(1, MOST), default=100, show_default=True, help="The newest so many.")
def dry_run(workflow: int | None, file: BinaryIO | None, conversations: int, **options: Any) -> None:
    """Show what a workflow, or a definition, would do to the newest conversations. Nothing is changed."""
    if workflow is None and file is None:
        raise click.UsageError("name a workflow, or a --file")
    wanted = None if file is None else _read(file)

    async def work(desk: Desk) -> Trial:
        async with desk.reading(system_actor()) as view:
            saved = None if workflow is None else await definitions.get(view, workflow)
            if wanted is not None:
                definition = await defining.check(view, given(wanted))
            else:
                assert saved is not None
                definition = saved.definition
            inbox_id = saved.inbox_id if saved else wanted.mailbox_id if wanted else 0
            return await trying.dry_run(view, inbox_id, definition, saved.definition if saved else None, conversations, None)

    found = account.run(account.settings_of(**options), work)
    compared = "" if workflow is None else f", {found.newly} newly, {found.no_longer} no longer"
    click.echo(f"{found.matches} of {found.looked_at} match{compared}; {found.waiting} would later")
    for each in found.conversations:
        told = "; ".join(each.actions) if each.matches else "no longer"
        click.echo(f"{each.conversation_id:>8}  {each.subject}  {told}")


@workflows.command("replay")
@account.options
@WORKFLOW
@click.option("--since", type=MOMENT, required=True, help="What happened from this moment on (UTC) ...")
@click.option("--until", type=MOMENT, required=True, help="... and before this one (UTC).")
def replay(workflow: int, since: datetime, until: datetime, **given: Any) -> None:
    """Let an active automatic workflow fire where it should have fired between two moments, and has not."""

    async def work(desk: Desk) -> Replayed:
        total = Replayed()
        while True:
            done = await replaying.replay(
                desk, system_actor(), workflow, since=_utc(since), until=_utc(until), from_id=total.next_id
            )
            total = Replayed(
                looked_at=total.looked_at + done.looked_at,
                matches=total.matches + done.matches,
                ran=total.ran + done.ran,
                stopped=total.stopped + done.stopped,
                next_id=done.next_id,
            )
            if done.next_id is None:
                return total

    done = account.run(account.settings_of(**given), work)
    click.echo(f"looked at {done.looked_at}, {done.matches} match, {len(done.ran)} ran, {len(done.stopped)} were stopped")


@workflows.command("why")
@account.options
@WORKFLOW
@click.argument("conversation", type=int)
def why(workflow: int, conversation: int, **given: Any) -> None:
    """Show why a workflow does not fire on a conversation: each condition with what was found."""

    async def work(desk: Desk) -> Explanation:
        async with desk.reading(system_actor()) as view:
            return await trying.explain(view, await definitions.get(view, workflow), conversation, None)

    found = account.run(account.settings_of(**given), work)
    for each in found.reasons:
        click.echo(f"{'yes' if each.holds else 'no':<4} {each.path}: {each.text} (found: {each.actual})")
    for told in found.against:
        click.echo(f"no   {told}")
    if found.matches_at:
        click.echo(f"would match at {found.matches_at:%Y-%m-%d %H:%M:%S}Z")


@workflows.command("runs")
@account.options
@click.option("--workflow", type=int, help="Of this workflow ...")
@click.option("--conversation", type=int, help="... or on this conversation.")
@click.option("--most", type=click.IntRange(1, MOST), default=50, show_default=True, help="How many to show.")
def list_runs(workflow: int | None, conversation: int | None, most: int, **given: Any) -> None:
    """Show what workflows did, newest first."""
    if (workflow is None) == (conversation is None):
        raise click.UsageError("name a --workflow, or a --conversation")

    async def work(desk: Desk) -> list[Run]:
        async with desk.reading(system_actor()) as view:
            if workflow is not None:
                return await runs.of_workflow(view, workflow, None, most)
            assert conversation is not None
            return await runs.of_conversation(view, conversation, None, most)

    for it in account.run(account.settings_of(**given), work):
        told = it.stopped_by or "; ".join(f"{each.text} ({each.state})" for each in it.results)
        click.echo(
            f"{it.id:>8}  {it.at:%Y-%m-%d %H:%M:%S}Z  {it.state:<9}  {it.workflow_name}"
            f"  conversation {it.conversation_id}  {told}"
        )


async def _switch(desk: Desk, workflow: int, *, active: bool) -> None:
    async with desk.writing(system_actor()) as tx:
        await defining.switch(tx, workflow, active=active)


def _read(file: BinaryIO) -> DefinitionInput:
    wanted: DefinitionInput = wire.decode(file.read(), DefinitionInput)
    return wanted


def _utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC)
