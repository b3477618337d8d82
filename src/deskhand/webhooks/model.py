"""The vocabulary of webhooks: events that can be subscribed to, states, facts, and when what is tried again."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from deskhand.kernel.events import Event
from deskhand.kernel.permissions import Actor, Permission

MOST_WEBHOOKS = 50
MOST_DISCARDED = 10  # so many events in a row that could not be delivered switch a webhook off (contract 40 §7)
JITTER = 0.1
LONG_DOWN = timedelta(minutes=10)
"""A receiver that failed for longer and then answers is sent at once what waits for it; a shorter spell has retries soon."""

_MINUTE, _HOUR = 60, 3600
DELAYS_SECONDS = (10, 30, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 6 * _HOUR, 20 * _HOUR, 37 * _HOUR)
"""Before each of the ten retries: 65 hours in all, 71 with the longest jitter."""


class EventName(StrEnum):
    """What can be subscribed to (contract 40 §4), and ``convo.workflow``, which a workflow tells one webhook of its choice."""

    CHAT_AGENT_REPLIED = "beacon.chat.agent.replied"
    CHAT_ASSIGNED = "beacon.chat.assigned"
    CHAT_CREATED = "beacon.chat.created"
    CHAT_CUSTOMER_REPLIED = "beacon.chat.customer.replied"
    CHAT_ENDED = "beacon.chat.ended"
    CHAT_UNASSIGNED = "beacon.chat.unassigned"
    AGENT_REPLY_CREATED = "convo.agent.reply.created"
    AI_ANSWERS_CREATED = "convo.ai-answers.created"
    ASSIGNED = "convo.assigned"
    CALLED = "convo.workflow"
    CREATED = "convo.created"
    CUSTOM_FIELDS = "convo.custom-fields"
    CUSTOMER_REPLY_CREATED = "convo.customer.reply.created"
    DELETED = "convo.deleted"
    MERGED = "convo.merged"
    MOVED = "convo.moved"
    NOTE_CREATED = "convo.note.created"
    STATUS = "convo.status"
    TAGS = "convo.tags"
    CUSTOMER_CREATED = "customer.created"
    CUSTOMER_DELETED = "customer.deleted"
    CUSTOMER_UPDATED = "customer.updated"
    SURVEY_RESPONSE = "message.survey.response.received"
    ORGANIZATION_CREATED = "organization.created"
    ORGANIZATION_DELETED = "organization.deleted"
    ORGANIZATION_UPDATED = "organization.updated"
    RATINGS = "satisfaction.ratings"
    TAG_CREATED = "tag.created"
    TAG_DELETED = "tag.deleted"
    TAG_UPDATED = "tag.updated"
    USER_STATUS = "user.status.changed"


class HookState(StrEnum):
    """Whether a webhook is told anything."""

    DISABLED = "disabled"
    ENABLED = "enabled"


class PayloadVersion(StrEnum):
    """The shape of bodies; taken in any letter case."""

    V2 = "V2"
    V3 = "V3"

    @classmethod
    def _missing_(cls, value: object) -> PayloadVersion | None:
        return next((each for each in cls if isinstance(value, str) and each.value == value.upper()), None)


class DeliveryState(StrEnum):
    """``waiting`` for its first try or the next; ``discarded`` after the last, ``dropped`` with its webhook's switching off."""

    DELIVERED = "delivered"
    DISCARDED = "discarded"
    DROPPED = "dropped"
    WAITING = "waiting"


class Effect(StrEnum):
    """What an attempt leads to (contract 40 §7)."""

    DELIVERED = "delivered"
    DISCARDED = "discarded"
    GONE = "gone"
    RETRY = "retry"


class WebhookCreated(Event, frozen=True):
    """Somebody subscribed."""

    webhook_id: int
    at: datetime


class WebhookUpdated(Event, frozen=True):
    """A subscription was replaced, and is enabled."""

    webhook_id: int


class WebhookDisabled(Event, frozen=True):
    """A subscription was switched off, because its receiver said so or did not answer for long."""

    webhook_id: int
    reason: str
    dropped: int


class WebhookDeleted(Event, frozen=True):
    """A subscription is gone, with its ledger."""

    webhook_id: int


class WebhookCalled(Event, frozen=True):
    """A workflow chose to tell one webhook of a conversation."""

    webhook_id: int
    conversation_id: int


class DeliveriesReplayed(Event, frozen=True):
    """Deliveries were sent once more."""

    webhook_id: int
    number: int


class DeliveriesCleared(Event, frozen=True):
    """Old deliveries were removed; ``next_at`` is the next time (UTC)."""

    number: int
    next_at: datetime


def effect_of(status: int | None, attempts: int) -> Effect:
    """What follows from an answer's status (None: there was none) to the n-th attempt."""
    if status is not None and 200 <= status < 300:
        return Effect.DELIVERED
    if status == 410:
        return Effect.GONE
    return Effect.DISCARDED if attempts > len(DELAYS_SECONDS) else Effect.RETRY


def delay(attempts: int, luck: float) -> timedelta:
    """How long to wait after the n-th failed attempt, ±10 % by ``luck`` in 0…1."""
    return timedelta(seconds=DELAYS_SECONDS[attempts - 1] * (1 - JITTER + 2 * JITTER * luck))


def may_manage(actor: Actor, application_id: int | None) -> bool:
    """Whether a webhook is this actor's to see and change: owners' and administrators', and its own application's."""
    own = application_id is not None and application_id == actor.application_id
    return own or actor.may(Permission.MANAGE_ACCOUNT)


def secret_name(webhook_id: int) -> str:
    """What a sealed secret is about."""
    return f"webhooks:{webhook_id}:secret"


def delivered_count(state: DeliveryState) -> str:
    """The kept count of deliveries that ended so, ever."""
    return f"deliveries:{state.value}"


FAILED_ATTEMPTS = "deliveries:failed"
"""The kept count of attempts that failed, ever."""
