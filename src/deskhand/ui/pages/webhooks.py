"""Webhooks: made, changed, switched on again; and what each was told, with every try."""

from __future__ import annotations

import secrets
from typing import Any

from litestar import Router
from msgspec import structs

from deskhand.conversations.model import Status
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.lists import Filter
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid, Source, Unmet
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.storage.columns import from_microseconds, to_microseconds
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.lists import NEWEST, SORTS
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.webhooks import queries
from deskhand.webhooks.model import DeliveryState, EventName, HookState, PayloadVersion, secret_name
from deskhand.webhooks.operations import deliveries, hooks
from deskhand.webhooks.queries import Webhook
from deskhand.webhooks.routes import wanted
from deskhand.webhooks.schemas import WebhookInput

SIZE = 50
MOST_HOOKS = 200
MOST_INBOXES = 500
MOST_SHOWN = 20_000  # characters of a body
SECRET_BYTES = 20
OFFERED = [each.value for each in EventName if each is not EventName.CALLED]


@page("/settings/webhooks", title="Webhooks", needs=MANAGE)
async def index(view: Snapshot, visit: Visit) -> Answer:
    """Each with how it goes."""
    found, _ = await queries.page(view, 1, MOST_HOOKS)
    return show(visit, "webhooks/list.html", "webhooks", rows=found, totals=await queries.totals(view))


@page("/settings/webhooks/new", title="Make a webhook", needs=MANAGE)
async def new(view: Snapshot, visit: Visit) -> Answer:
    """With a secret nobody could guess, unless another is wanted."""
    return await _form(view, visit, None, secret=secrets.token_hex(SECRET_BYTES))


@act("/settings/webhooks/new", title="Make a webhook", needs=MANAGE, shown_by=new)
async def make(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Leads to its ledger."""
    given = wanted(_input(form, form.one("secret").strip()), visit.origins)
    webhook_id = await hooks.create(tx, given, visit.desk.seal, visit.desk.outbound.rules)
    undo = Undo(f"/settings/webhooks/{webhook_id}/delete", {})
    return Done(f"/webhooks/{webhook_id}", visit.words.text("The webhook is told from now on"), undo)


@page("/settings/webhooks/{webhook_id:str}", title="Webhook", needs=MANAGE)
async def form(view: Snapshot, visit: Visit, webhook_id: PathId) -> Answer:
    """What it is told, and where."""
    it = await queries.get(view, webhook_id)
    return await _form(view, visit, it, secret="", version=version(*_said(it)))


@act("/settings/webhooks/{webhook_id:str}", title="Change a webhook", needs=MANAGE, shown_by=form)
async def change(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """All of it; an empty secret stays as it was. One that was switched off is told again."""
    it = await queries.locked(tx, webhook_id)
    as_shown(form, *_said(it))
    secret = form.one("secret").strip() or visit.desk.seal.open(it.secret, secret_name(it.id))
    given = wanted(_input(form, secret), visit.origins)
    await hooks.replace(tx, webhook_id, given, visit.desk.seal, visit.desk.outbound.rules)
    return Done(f"/webhooks/{webhook_id}", visit.words.text("Saved"))


@act("/settings/webhooks/{webhook_id:str}/disable", title="Switch a webhook off", needs=MANAGE)
async def disable(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """What waits for it is dropped."""
    await queries.locked(tx, webhook_id)
    await hooks.disable(tx, webhook_id, f"switched off by {visit.user.first_name}")
    undo = Undo(f"/settings/webhooks/{webhook_id}/enable", {})
    return Done(f"/webhooks/{webhook_id}", visit.words.text("Switched off"), undo)


@act("/settings/webhooks/{webhook_id:str}/enable", title="Switch a webhook on", needs=MANAGE)
async def enable(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """As it was."""
    it = await queries.locked(tx, webhook_id)
    given = hooks.NewWebhook(
        **{name: getattr(it, name) for name in hooks.GIVEN}, secret=visit.desk.seal.open(it.secret, secret_name(it.id))
    )
    await hooks.replace(tx, webhook_id, given, visit.desk.seal, visit.desk.outbound.rules)
    undo = Undo(f"/settings/webhooks/{webhook_id}/disable", {})
    return Done(f"/webhooks/{webhook_id}", visit.words.text("Switched on"), undo)


@act("/settings/webhooks/{webhook_id:str}/delete", title="Delete a webhook", needs=MANAGE)
async def delete(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """With its ledger."""
    await hooks.delete(tx, webhook_id)
    return Done("/settings/webhooks", visit.words.text("Deleted, with all that it was told"))


@page("/webhooks/{webhook_id:str}", title="What a webhook was told", needs=MANAGE)
async def ledger(view: Snapshot, visit: Visit, webhook_id: PathId) -> Answer:
    """Newest first; of one ``state`` or ``event``."""
    it = await queries.get(view, webhook_id)
    state = next((each for each in DeliveryState if each == visit.query.get("state")), None)
    event = next((each for each in EventName if each == visit.query.get("event")), None)
    wish = queries.Wanted(webhook_id=it.id, state=state, event=event, before=_place(visit.query.get("before", "")))
    found = await queries.ledger(view, wish, SIZE + 1)
    shown = found[:SIZE]
    kept = f"state={state.value if state else ''}&event={event.value if event else ''}"
    place = f"{to_microseconds(shown[-1].created_at)}-{shown[-1].id}" if len(found) > SIZE else ""
    return show(
        visit,
        "webhooks/ledger.html",
        "webhooks",
        crumb=(visit.words.text("Webhooks"), "/settings/webhooks"),
        it=it,
        rows=shown,
        numbers=await _numbers(view, [each.conversation_id for each in shown if each.conversation_id]),
        state=state,
        event=event,
        states=[each.value for each in DeliveryState],
        events=[each.value for each in it.events],
        is_on=it.state is HookState.ENABLED,
        more=f"/webhooks/{it.id}?{kept}&before={place}" if place else "",
    )


@act("/webhooks/{webhook_id:str}/replay", title="Tell a webhook once more", needs=MANAGE, shown_by=ledger)
async def replay_failed(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """All that could not be delivered, the first thousand."""
    ids = await deliveries.replay(tx, webhook_id, ended=DeliveryState.DISCARDED)
    told = visit.words.plural("%(count)s event is told again", "%(count)s events are told again", len(ids))
    return Done(f"/webhooks/{webhook_id}", told)


@act("/webhooks/{webhook_id:str}/test", title="Try a webhook", needs=MANAGE, shown_by=ledger)
async def test(tx: Transaction, visit: Visit, form: Form, webhook_id: PathId) -> Done:
    """It is told of the newest conversation that it could be told of, whatever it subscribed to."""
    it = await queries.get(tx, webhook_id)
    seen = it.inbox_ids or [id_ for id_, _ in await _inboxes(tx)]
    newest = await lists.page(tx, Filter(inbox_ids=seen, statuses=list(Status)), SORTS[NEWEST], 1, 1)
    if not newest.conversations:
        raise Unmet("There is no conversation yet that it could be told of")
    await hooks.call(tx, it.id, newest.conversations[0].id)
    told = visit.words.text("It is told of conversation #%(number)s", number=newest.conversations[0].number)
    return Done(f"/webhooks/{it.id}", told)


@page("/webhooks/deliveries/{delivery_id:str}", title="What a webhook was told once", needs=MANAGE)
async def delivery(view: Snapshot, visit: Visit, delivery_id: PathId) -> Answer:
    """The request, and each try with its answer."""
    it = await queries.delivery(view, delivery_id)
    hook = await queries.get(view, it.webhook_id)
    tries = await queries.attempts_of(view, it.id)
    payload = await view.one(queries.PAYLOAD, delivery_id=it.id)
    return show(
        visit,
        "webhooks/delivery.html",
        "webhooks",
        crumb=(hook.label or hook.url, f"/webhooks/{hook.id}"),
        it=it,
        hook=hook,
        payload=payload.decode(errors="replace")[:MOST_SHOWN],
        tries=[(each, each.body.decode(errors="replace")[:MOST_SHOWN]) for each in reversed(tries)],
    )


@act("/webhooks/deliveries/{delivery_id:str}/replay", title="Tell it once more", needs=MANAGE, shown_by=delivery)
async def replay(tx: Transaction, visit: Visit, form: Form, delivery_id: PathId) -> Done:
    """The same bytes under the same delivery id."""
    await deliveries.replay_one(tx, delivery_id)
    return Done(f"/webhooks/deliveries/{delivery_id}", visit.words.text("It is told again"))


def _input(form: Form, secret: str) -> WebhookInput:
    """What the form says. Raises Invalid."""
    given: dict[str, Any] = {
        "url": form.one("url").strip(),
        "events": form.every("events"),
        "secret": secret,
        "notification": form.has("notification"),
        "label": form.one("label").strip(),
        "payloadVersion": form.one("payloadVersion") or PayloadVersion.V2.value,
        "mailboxIds": form.numbers("mailboxIds"),
    }
    try:
        found: WebhookInput = wire.convert(given, WebhookInput, Source.JSON)
    except Invalid as error:
        by_list = [structs.replace(each, path=each.path.partition("[")[0]) for each in error.mistakes]
        raise Invalid.all(by_list) from None
    return found


def _said(it: Webhook) -> tuple[Any, ...]:
    return tuple(getattr(it, name) for name in ("url", "events", "notification", "payload_version", "label", "inbox_ids"))


async def _form(view: Snapshot, visit: Visit, it: Webhook | None, **values: Any) -> Answer:
    crumb, several = (visit.words.text("Webhooks"), "/settings/webhooks"), await _inboxes(view)
    return show(visit, "webhooks/form.html", "webhooks", crumb=crumb, it=it, offered=OFFERED, inboxes=several, **values)


async def _inboxes(view: Snapshot) -> list[tuple[int, str]]:
    found, _ = await inboxes.page(view, 1, MOST_INBOXES)
    return [(each.id, each.name) for each in found]


async def _numbers(view: Snapshot, ids: list[int]) -> dict[int, int]:
    """The numbers of conversations that are there, by id."""
    return {each.id: each.number for each in await lists.rows(view, list(dict.fromkeys(ids)))}


def _place(text: str) -> tuple[Any, int] | None:
    """Where a page of the ledger goes on; None for what is no place."""
    at, _, id_ = text.partition("-")
    if not (text.isascii() and at.isdigit() and id_.isdigit() and len(at) < 18 and len(id_) < 19):
        return None
    return from_microseconds(int(at)), int(id_)


HANDLERS = [index, new, make, form, change, disable, enable, delete, ledger, replay_failed, test, delivery, replay]
ROUTERS = [Router("/", route_handlers=HANDLERS)]
