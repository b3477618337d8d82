"""The workflows of the demo: some that act by themselves, some at a click, and a webhook that is switched off."""

from __future__ import annotations

from typing import Any

from deskhand.demo.model import World
from deskhand.demo.places import Places
from deskhand.demo.world import CAFES, DOMAIN, ORDERS, PRESS, REASON, REPAIRS, SCHOOL, SUPPORT, WHOLESALE
from deskhand.kernel.errors import Source
from deskhand.kernel.http import wire
from deskhand.kernel.outbound.addresses import Rules
from deskhand.kernel.sealing import Seal
from deskhand.kernel.transaction import Transaction
from deskhand.webhooks.model import EventName, HookState, PayloadVersion
from deskhand.webhooks.operations import hooks
from deskhand.workflows.operations import defining
from deskhand.workflows.schemas.definitions import DefinitionInput, given

Made = tuple[int, str, list[dict[str, Any]], list[dict[str, Any]]]


async def add_workflows(tx: Transaction, world: World, places: Places) -> None:
    """Every one of them, switched on."""
    tags = {tag.name: tag_id for tag, tag_id in zip(world.tags, places.tags, strict=True)}
    for inbox, name, conditions, actions in (*_automatic(places, tags), *_manual(places, tags)):
        body = {
            "mailboxId": places.inboxes[inbox],
            "type": "automatic" if conditions else "manual",
            "name": name,
            "conditions": conditions,
            "actions": actions,
        }
        wanted: DefinitionInput = wire.convert(body, DefinitionInput, Source.JSON)
        await defining.create(tx, given(wanted), active=True)


async def add_webhook(tx: Transaction, seal: Seal, rules: Rules, secret: str) -> None:
    """One that shows what there is; its address leads nowhere, so it is switched off."""
    new = hooks.NewWebhook(
        url=f"https://hooks.{DOMAIN}/orders",
        events=[EventName.CREATED, EventName.STATUS],
        secret=secret,
        notification=False,
        payload_version=PayloadVersion.V2,
        label="Order system",
        inbox_ids=[],
        api_origin="",
        web_origin="",
    )
    await hooks.create(tx, new, seal, rules, state=HookState.DISABLED)


def _automatic(places: Places, tags: dict[str, int]) -> tuple[Made, ...]:
    said = {"field": "trigger", "comparison": "is-any-of", "value": ["created", "customer-replied"]}
    return (
        (
            SUPPORT,
            "Lost parcels to Orders",
            [
                said,
                {"any": [_text("subject", "lost", "missing parcel"), _text("thread.body", "never arrived", "not arrived yet")]},
            ],
            [{"type": "add-tags", "tags": [tags["lost parcel"]]}, {"type": "assign", "to": places.teams[ORDERS]}],
        ),
        (
            SUPPORT,
            "Broken things to Repairs",
            [said, _text("thread.body", "warranty", "repair", "stopped working")],
            [{"type": "add-tags", "tags": [tags["warranty"]]}, {"type": "assign", "to": places.teams[REPAIRS]}],
        ),
        (
            SUPPORT,
            "Two days without an answer",
            [
                {"field": "waiting", "comparison": "longer-than", "value": "2 days"},
                {"field": "status", "comparison": "is", "value": "active"},
            ],
            [
                {"type": "add-tags", "tags": [tags["urgent"]]},
                _note("Waiting for two days, {%assignee.firstName,fallback=all%}!"),
            ],
        ),
        (
            WHOLESALE,
            "New cafés",
            [
                {"field": "trigger", "comparison": "is", "value": "created"},
                {"field": "tag", "comparison": "is-not", "value": tags["b2b"]},
                {"field": "customer.domain", "comparison": "is-none-of", "value": ["gmail.com", "outlook.com"]},
            ],
            [{"type": "add-tags", "tags": [tags["wholesale"]]}, {"type": "assign", "to": places.teams[CAFES]}],
        ),
        (
            SCHOOL,
            "Quiet for a week",
            [
                {"field": "status", "comparison": "is", "value": "pending"},
                {"field": "since-user-reply", "comparison": "longer-than", "value": "7 days"},
            ],
            [{"type": "set-status", "status": "closed"}],
        ),
        (
            PRESS,
            "Deadlines",
            [said, _text("thread.body", "deadline", "goes to print", "by tomorrow")],
            [{"type": "add-tags", "tags": [tags["urgent"], tags["press"]]}],
        ),
    )


def _manual(places: Places, tags: dict[str, int]) -> tuple[Made, ...]:
    damage = places.options[REASON]["Damage"]
    photos = "Dear {%customer.firstName,fallback=customer%},<br />could you send us two photographs of the parcel?"
    full = "Dear {%customer.firstName,fallback=guest%},<br />this class is full; may we put you on the list for the next one?"
    return (
        (
            SUPPORT,
            "Damaged in transit",
            [],
            [
                {"type": "add-tags", "tags": [tags["damaged"]]},
                {"type": "set-field", "field": places.fields[REASON], "value": damage},
                {"type": "send-reply", "text": photos},
                {"type": "set-status", "status": "pending"},
            ],
        ),
        (
            WHOLESALE,
            "Ask again in a week",
            [],
            [{"type": "snooze", "for": "7 days"}, _note("Ask again if they are still silent.")],
        ),
        (SCHOOL, "The class is full", [], [{"type": "send-reply", "text": full}, {"type": "set-status", "status": "closed"}]),
        (PRESS, "No, thank you", [], [{"type": "set-status", "status": "closed"}, {"type": "assign", "to": None}]),
    )


def _text(field: str, *words: str) -> dict[str, Any]:
    return {"field": field, "comparison": "contains-any-of", "value": list(words)}


def _note(text: str) -> dict[str, Any]:
    return {"type": "add-note", "text": text}
