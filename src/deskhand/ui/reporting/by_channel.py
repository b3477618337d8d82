"""Reports by channel: mail, chats and calls."""

from __future__ import annotations

from deskhand.conversations.model import ConversationType
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.reports.bodies import channels
from deskhand.reports.model.ranges import CHAT_DURATION, CHAT_WAIT
from deskhand.ui.reporting.asking import Wanted
from deskhand.ui.reporting.making import Report, breakdowns, count, group, over_time
from deskhand.ui.reporting.parts import Cell, Table, Unit, number, ranges, shares


async def email(view: Snapshot, it: Wanted, words: Words) -> Report:
    """How much mail there was, and how it was answered."""
    found = await channels.email(view, it.asked)
    now, deltas = found.current, found.deltas
    numbers = [
        *group(words, now, deltas, "volume", [
            (words.text("Conversations by mail"), "email_conversations", Unit.COUNT, None),
            (words.text("Begun by us"), "emails_created", Unit.COUNT, None),
            (words.text("Messages received"), "messages_received", Unit.COUNT, None),
            (words.text("Replies sent"), "replies_sent", Unit.COUNT, None),
        ]),
        *group(words, now, deltas, "responses", [
            (words.text("First answer, mean"), "first_response_time", Unit.SECONDS, True),
            (words.text("Answer, mean"), "response_time", Unit.SECONDS, True),
        ]),
        *group(words, now, deltas, "resolutions", [
            (words.text("Resolution, mean"), "resolution_time", Unit.SECONDS, True),
            (words.text("Resolved"), "resolved", Unit.COUNT, False),
        ]),
    ]  # fmt: skip
    return Report(numbers, breakdowns(found, it, words, words.text("First answer"), words.text("Answer")))


async def chat(view: Snapshot, it: Wanted, words: Words) -> Report:
    """How many live chats there were, and how they went."""
    found = await channels.chat(view, it.asked)
    now, deltas = found.current, found.deltas
    numbers = [
        *group(words, now, deltas, "volume", [
            (words.text("Chats"), "chat_conversations", Unit.COUNT, None),
            (words.text("Completed"), "completed_chats", Unit.COUNT, False),
            (words.text("Missed"), "missed_chats", Unit.COUNT, True),
            (words.text("Chats a day"), "chats_per_day", Unit.DECIMAL, None),
        ]),
        *group(words, now, deltas, "responses", [
            (words.text("Wait, mean"), "wait_time", Unit.SECONDS, True),
            (words.text("Answer, mean"), "response_time", Unit.SECONDS, True),
        ]),
        *group(words, now, deltas, "resolutions", [
            (words.text("Messages a chat"), "messages_per_chat", Unit.DECIMAL, None),
            (words.text("Duration, mean"), "duration", Unit.SECONDS, None),
        ]),
    ]  # fmt: skip
    messages = [
        words.text("%(first)s to %(last)s", first=first, last=last) for first, last in ((1, 5), (6, 10), (11, 20), (21, 30))
    ]
    waits = ranges(words, CHAT_WAIT)
    tables = [
        shares(words, "waits", words.text("Wait"), found.wait_time, waits),
        shares(words, "answers", words.text("Time to an answer"), found.response_time, waits),
        shares(words, "durations", words.text("Duration"), found.duration, ranges(words, CHAT_DURATION)),
        shares(
            words, "messages", words.text("Messages a chat"), found.messages_per_chat, [*messages, words.text("31 or more")]
        ),
    ]
    return Report(numbers, tables)


async def phone(view: Snapshot, it: Wanted, words: Words) -> Report:
    """How many calls there were, and whose."""
    found = await channels.phone(view, it.asked)
    now, deltas = found.current, found.deltas
    numbers = [
        number(words, words.text("Conversations by phone"), now, deltas, "phone_conversations"),
        number(words, words.text("Calls noted"), now, deltas, "phone_calls_created"),
        number(words, words.text("Customers"), now, deltas, "customers"),
    ]
    head = [words.text("User"), words.text("Conversations"), words.text("Calls noted"), words.text("Customers")]
    rows = [
        [
            Cell(each.name, each.name, it.link(f"/reports/users/{each.id}")),
            count(each.current.phone_conversations, words),
            count(each.current.phone_calls_created, words),
            count(each.current.customers, words),
        ]
        for each in found.users
    ]
    calls = await over_time(
        view, it, words, "calls", words.text("Conversations"), "total_conversations", of=ConversationType.PHONE
    )
    return Report(numbers, [calls, Table("users", words.text("By user"), head, rows)])
