"""``deskhand webhooks``: who is told what, what came of it, and telling it once more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import click
import msgspec

from deskhand.cli import account
from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.webhooks import queries
from deskhand.webhooks.model import DeliveryState, EventName
from deskhand.webhooks.operations import deliveries as operations
from deskhand.webhooks.operations import hooks
from deskhand.webhooks.queries import Attempt, Delivery, Wanted, Webhook

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ"])
SECRET = ("secret", "api_origin", "web_origin")


@click.group()
def webhooks() -> None:
    """Webhooks and what was told to them."""


@webhooks.command("list")
@account.options
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_webhooks(as_json: bool, **given: Any) -> None:
    """Show every webhook, and why one was switched off."""

    async def work(desk: Desk) -> list[Webhook]:
        async with desk.reading(system_actor()) as view:
            return (await queries.page(view, 1, 1000))[0]

    for it in account.run(account.settings_of(**given), work):
        if as_json:
            plain = {name: value for name, value in msgspec.structs.asdict(it).items() if name not in SECRET}
            click.echo(msgspec.json.encode(plain).decode())
            continue
        since = f"  failing since {it.failing_since:%Y-%m-%d %H:%M}Z" if it.failing_since else ""
        reason = f"  {it.disabled_reason}" if it.disabled_reason else ""
        click.echo(f"{it.id:>6}  {it.state:<8}  {it.url}  {', '.join(it.events)}{since}{reason}")


@webhooks.command("deliveries")
@account.options
@click.option("--webhook", type=int, help="Only to this webhook.")
@click.option("--event", type=click.Choice([each.value for each in EventName]), help="Only of this event.")
@click.option("--state", type=click.Choice([each.value for each in DeliveryState]), help="Only in this state.")
@click.option("--conversation", type=int, help="Only about this conversation.")
@click.option("--since", type=MOMENT, help="Only from this moment on (UTC).")
@click.option("--until", type=MOMENT, help="Only from before this moment (UTC).")
@click.option("--most", type=click.IntRange(1, 1000), default=50, show_default=True, help="How many to show.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def list_deliveries(
    webhook: int | None,
    event: str | None,
    state: str | None,
    conversation: int | None,
    since: datetime | None,
    until: datetime | None,
    most: int,
    as_json: bool,
    **given: Any,
) -> None:
    """Show what was told and what waits, newest first."""
    wanted = Wanted(
        webhook_id=webhook,
        event=None if event is None else EventName(event),
        state=None if state is None else DeliveryState(state),
        conversation_id=conversation,
        since=_utc(since),
        until=_utc(until),
    )

    async def work(desk: Desk) -> list[Delivery]:
        async with desk.reading(system_actor()) as view:
            return await queries.ledger(view, wanted, most)

    for it in account.run(account.settings_of(**given), work):
        if as_json:
            click.echo(msgspec.json.encode(it).decode())
        else:
            tries = f"tries {it.attempts}"
            click.echo(
                f"{it.id:>8}  {it.created_at:%Y-%m-%d %H:%M:%S}Z  {it.state:<9}  {it.event}  webhook {it.webhook_id}  {tries}"
            )


@webhooks.command("show")
@account.options
@click.argument("delivery", type=int)
def show_delivery(delivery: int, **given: Any) -> None:
    """Show a delivery: what was sent and what each try brought."""

    async def work(desk: Desk) -> tuple[Delivery, bytes, list[Attempt]]:
        async with desk.reading(system_actor()) as view:
            it = await queries.delivery(view, delivery)
            return it, await view.one(queries.PAYLOAD, delivery_id=it.id), await queries.attempts_of(view, it.id)

    it, payload, attempts = account.run(account.settings_of(**given), work)
    click.echo(f"{it.event} to webhook {it.webhook_id}, {it.state}, delivery id {it.uid}")
    for each in attempts:
        told = each.error or each.status
        click.echo(f"\n{each.at:%Y-%m-%d %H:%M:%S}Z  POST {each.url}  {told}  {each.milliseconds} ms")
        for name, value in each.sent_headers.items():
            click.echo(f"  > {name}: {value}")
        for name, value in each.headers.items():
            click.echo(f"  < {name}: {value}")
        if each.body:
            click.echo("  < " + each.body.decode(errors="replace") + (" (cut)" if each.is_cut else ""))
    click.echo("\n" + payload.decode())


@webhooks.command("replay")
@account.options
@click.argument("delivery", type=int, required=False)
@click.option("--webhook", type=int, help="Everything that was told to this webhook ...")
@click.option("--since", type=MOMENT, help="... from this moment on (UTC)")
@click.option("--until", type=MOMENT, help="... from before this moment (UTC)")
@click.option("--from-id", type=int, help="... from this delivery on")
@click.option("--to-id", type=int, help="... up to this delivery")
@click.option("--state", type=click.Choice([each.value for each in DeliveryState]), help="... and that ended so.")
def replay(
    delivery: int | None,
    webhook: int | None,
    since: datetime | None,
    until: datetime | None,
    from_id: int | None,
    to_id: int | None,
    state: str | None,
    **given: Any,
) -> None:
    """Tell a delivery, or those to a webhook, once more: the same bytes under the same ids. A running server sends them."""
    if (delivery is None) == (webhook is None):
        raise click.UsageError("name a delivery, or --webhook")

    async def work(desk: Desk) -> int:
        if delivery is not None:
            async with desk.writing(system_actor()) as tx:
                await operations.replay_one(tx, delivery)
            return 1
        assert webhook is not None
        narrowed = {"since": _utc(since), "until": _utc(until), "last": to_id, "ended": state}
        number, first = 0, from_id
        while True:
            async with desk.writing(system_actor()) as tx:
                ids = await operations.replay(tx, webhook, first=first, **narrowed)
            number += len(ids)
            if len(ids) < operations.MOST_REPLAYED:
                return number
            first = ids[-1] + 1

    click.echo(f"{account.run(account.settings_of(**given), work)} deliveries will be sent once more")


@webhooks.command("reseal")
@account.options
def reseal(**given: Any) -> None:
    """Seal every secret with the first of DESKHAND_SECRET_KEYS; then the older keys can go."""

    async def work(desk: Desk) -> int:
        async with desk.writing(system_actor()) as tx:
            return await hooks.reseal(tx, desk.seal)

    click.echo(f"{account.run(account.settings_of(**given), work)} secrets were sealed anew")


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)
