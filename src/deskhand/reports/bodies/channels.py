"""The reports on mail, chats and calls (contract 70 §4)."""

from __future__ import annotations

from msgspec import UNSET, Struct, structs

from deskhand.conversations.model import ConversationType
from deskhand.kernel.transaction import Snapshot
from deskhand.reports.bodies.account import breakdowns
from deskhand.reports.bodies.asked import (
    Asked,
    breakdown,
    changes,
    changes_or_unset,
    filter_tags,
    picked,
    picked_or_unset,
    ranged,
)
from deskhand.reports.model.arithmetic import mean, whole
from deskhand.reports.model.ranges import CHAT_DURATION, CHAT_MESSAGES, CHAT_WAIT
from deskhand.reports.model.spans import Span
from deskhand.reports.queries import chats, people
from deskhand.reports.queries.chats import Measures
from deskhand.reports.queries.numbers import Numbers, numbers
from deskhand.reports.queries.people import Caller
from deskhand.reports.queries.scope import scope
from deskhand.reports.schemas.blocks import Breakdown, ResolutionDeltas, Resolutions, ResponseDeltas, Responses
from deskhand.reports.schemas.channels import (
    ChatDeltas,
    ChatNumbers,
    ChatReport,
    ChatResolutionDeltas,
    ChatResolutions,
    ChatResponseDeltas,
    ChatResponses,
    ChatVolume,
    ChatVolumeDeltas,
    EmailDeltas,
    EmailNumbers,
    EmailReport,
    EmailVolume,
    EmailVolumeDeltas,
    PhoneDeltas,
    PhoneNumbers,
    PhoneReport,
    PhoneUser,
)

RANGES = 5


async def email(view: Snapshot, it: Asked) -> EmailReport:
    """How much mail there was, and how it was answered."""
    here = scope(view.actor, structs.replace(it.filter, types=[ConversationType.EMAIL]))
    groups: list[type[Struct]] = [EmailVolume, Resolutions, Responses]
    now, before = await it.both(lambda span: numbers(view, here, span, groups, office=it.office))
    parts = await breakdowns(view, it, here)
    return EmailReport(
        filter_tags=await filter_tags(view),
        current=_email(now),
        previous=UNSET if before is None else _email(before),
        deltas=UNSET
        if before is None
        else EmailDeltas(
            volume=changes(EmailVolumeDeltas, now, before),
            resolutions=changes(ResolutionDeltas, now, before),
            responses=changes(ResponseDeltas, now, before),
        ),
        response_time=parts.response_time,
        handle_time=parts.handle_time,
        first_response_time=parts.first_response_time,
        replies_to_resolve=parts.replies_to_resolve,
    )


def _email(found: Numbers) -> EmailNumbers:
    return EmailNumbers(
        start_date=found["start_date"],
        end_date=found["end_date"],
        volume=picked(EmailVolume, found),
        resolutions=picked(Resolutions, found),
        responses=picked(Responses, found),
    )


async def chat(view: Snapshot, it: Asked) -> ChatReport:
    """How many chats there were, and how they went."""
    here = scope(view.actor, it.filter)
    all_, all_before = await it.both(lambda span: chats.measure(view, here, span, office=it.office))
    now = chat_numbers(all_, it.span)
    before = None if all_before is None or it.previous is None else chat_numbers(all_before, it.previous)
    return ChatReport(
        filter_tags=await filter_tags(view),
        current=_chat(now),
        previous=UNSET if before is None else _chat(before),
        deltas=UNSET
        if before is None
        else ChatDeltas(
            volume=changes(ChatVolumeDeltas, now, before),
            responses=changes(ChatResponseDeltas, now, before),
            resolutions=changes(ChatResolutionDeltas, now, before),
        ),
        wait_time=_broken_down(all_, all_before, "waits", CHAT_WAIT),
        response_time=_broken_down(all_, all_before, "responses", CHAT_WAIT),
        messages_per_chat=_broken_down(all_, all_before, "messages", CHAT_MESSAGES, by_count=True),
        duration=_broken_down(all_, all_before, "durations", CHAT_DURATION, by_count=True),
    )


def chat_numbers(it: Measures, span: Span) -> Numbers:
    """What chats came to, by the names that answers give it."""
    return {
        "start_date": span.start,
        "end_date": span.end,
        "total_days": span.days,
        "chat_conversations": it.chats,
        "new_conversations": it.chats,
        "completed_chats": it.completed,
        "missed_chats": it.missed,
        "chats_per_day": it.chats / span.days,
        "wait_time": whole(mean(sum(it.waits), len(it.waits))),
        "response_time": whole(mean(sum(it.responses), len(it.responses))),
        "messages_per_chat": mean(sum(it.messages), len(it.messages)) or 0.0,
        "duration": whole(mean(sum(it.durations), len(it.durations))),
    }


def _chat(found: Numbers) -> ChatNumbers:
    return ChatNumbers(
        start_date=found["start_date"],
        end_date=found["end_date"],
        volume=picked(ChatVolume, found),
        responses=picked(ChatResponses, found),
        resolutions=picked(ChatResolutions, found),
    )


def _broken_down(
    now: Measures, before: Measures | None, name: str, borders: tuple[int, ...], *, by_count: bool = False
) -> Breakdown:
    """Every range, also empty ones; shares of before are whole numbers (contract 70 §4.2)."""
    earlier = None if before is None else ranged(getattr(before, name), borders)
    found = breakdown(ranged(getattr(now, name), borders), earlier, all_of=RANGES, by_count=by_count)
    for each in found.ranges:
        if each.previous_percent is not UNSET:
            each.previous_percent = round(each.previous_percent)
    return found


async def phone(view: Snapshot, it: Asked) -> PhoneReport:
    """How many calls there were, and whose."""
    narrowed = structs.replace(it.filter, types=[ConversationType.PHONE])
    here = scope(view.actor, narrowed)
    now, before = await it.both(lambda span: numbers(view, here, span, [PhoneNumbers]))
    calls, calls_before = await it.both(lambda span: people.callers(view, here, span))
    named = await people.names(view, calls.keys() | (calls_before or {}).keys())
    users = [
        PhoneUser(
            id=user_id,
            name=name,
            current=_calls(calls.get(user_id), it.span),
            previous=UNSET if calls_before is None or it.previous is None else _calls(calls_before.get(user_id), it.previous),
        )
        for user_id, name in named
    ]
    return PhoneReport(
        current=picked(PhoneNumbers, now),
        previous=picked_or_unset(PhoneNumbers, before),
        deltas=changes_or_unset(PhoneDeltas, now, before),
        users=sorted(users, key=lambda each: each.id),
    )


def _calls(it: Caller | None, span: Span) -> PhoneNumbers:
    return PhoneNumbers(
        start_date=span.start,
        end_date=span.end,
        phone_conversations=it.conversations if it else 0,
        phone_calls_created=it.created if it else 0,
        customers=it.customers if it else 0,
    )
