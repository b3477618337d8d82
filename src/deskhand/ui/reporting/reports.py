"""The reports there are; the numbers are those of the API's reports (contract 70)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import UNSET

from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.reports.bodies import account, conversations, lists
from deskhand.reports.queries.pages import Behind
from deskhand.reports.schemas.conversations import ConversationsReport, Top, TopReplies
from deskhand.ui.reporting.asking import Wanted
from deskhand.ui.reporting.by_channel import chat, email, phone
from deskhand.ui.reporting.by_person import happiness
from deskhand.ui.reporting.making import Report, breakdowns, count, over_time
from deskhand.ui.reporting.parts import Cell, Drawing, Heat, Point, Table, Unit, number, series, written

Make = Callable[[Snapshot, Wanted, Words], Awaitable[Report]]


async def company(view: Snapshot, it: Wanted, words: Words) -> Report:
    """What everybody did, and each."""
    found = await account.company(view, it.asked)
    now, deltas = found.current, found.deltas
    behind = it.link("/reports/behind", what=Behind.REPLIES)
    numbers = [
        number(words, words.text("Customers helped"), now, deltas, "customers_helped", less_is_better=False),
        number(words, words.text("Replies sent"), now, deltas, "total_replies", less_is_better=False, href=behind),
        number(words, words.text("Replies a day"), now, deltas, "replies_per_day", Unit.DECIMAL),
        number(words, words.text("Closed"), now, deltas, "closed", less_is_better=False),
        number(words, words.text("Users who replied"), now, deltas, "total_users"),
    ]
    tables = [
        await over_time(view, it, words, "customers", words.text("Customers helped"), "customers_helped"),
        await users_table(view, it, words),
    ]
    return Report(numbers, tables)


async def users(view: Snapshot, it: Wanted, words: Words) -> Report:
    """Who did what; a name opens their report."""
    return Report([], [await users_table(view, it, words)])


async def users_table(view: Snapshot, it: Wanted, words: Words) -> Table:
    """Replies, customers and happiness of each user who replied."""
    found = await account.company(view, it.asked)
    compares = it.asked.previous is not None
    head = [words.text("User"), words.text("Replies"), words.text("Customers helped"), words.text("Happiness")]
    head += [words.text("Replies before"), words.text("Customers helped before")] if compares else []
    rows = []
    for each in found.users:
        row = [
            Cell(each.name, each.name, it.link(f"/reports/users/{each.user}")),
            count(each.replies, words),
            count(each.customers_helped, words),
            Cell(words.decimal(each.happiness_score), each.happiness_score),
        ]
        if compares:
            row += [count(each.previous_replies, words), count(each.previous_customers_helped, words)]
        rows.append(row)
    return Table("users", words.text("By user"), head, rows, note=words.text("A name opens what they did."))


async def talks(view: Snapshot, it: Wanted, words: Words) -> Report:
    """How many conversations there were, when customers wrote, and what about."""
    found = await conversations.conversations(view, it.asked)
    now, deltas = found.current, found.deltas
    active, new = it.link("/reports/behind", what=Behind.ACTIVE), it.link("/reports/behind", what=Behind.NEW)
    numbers = [
        number(words, words.text("Conversations"), now, deltas, "total_conversations", href=active),
        number(words, words.text("New conversations"), now, deltas, "new_conversations", href=new),
        number(words, words.text("Begun by us"), now, deltas, "conversations_created"),
        number(words, words.text("Customers"), now, deltas, "customers"),
        number(words, words.text("Conversations a day"), now, deltas, "conversations_per_day"),
    ]
    by_channel = await lists.channels(view, it.asked)
    names = {"email": words.text("Mail"), "chat": words.text("Chat"), "phone": words.text("Phone")}
    lines = [(name, [Point(at.date, getattr(at, key)) for at in by_channel.current], None) for key, name in names.items()]
    tables = [
        await over_time(view, it, words, "new", words.text("New conversations"), "new_conversations"),
        await over_time(view, it, words, "received", words.text("Messages received"), "messages_received"),
        series(words, "channels", words.text("Conversations by channel"), it.asked.view_by, lines, drawing=Drawing.BARS),
        *_tops(found, it, words),
    ]
    return Report(numbers, [each for each in tables if each.rows], _heat(await conversations.busy_times(view, it.asked), words))


async def productivity(view: Snapshot, it: Wanted, words: Words) -> Report:
    """How quickly, and with how many replies."""
    found = await account.productivity(view, it.asked)
    now, deltas = found.current, found.deltas
    numbers = [
        number(words, words.text("First answer, mean"), now, deltas, "first_response_time", Unit.SECONDS, less_is_better=True),
        number(words, words.text("Answer, mean"), now, deltas, "response_time", Unit.SECONDS, less_is_better=True),
        number(words, words.text("Resolution, mean"), now, deltas, "resolution_time", Unit.SECONDS, less_is_better=True),
        number(
            words,
            words.text("Resolved"),
            now,
            deltas,
            "resolved",
            less_is_better=False,
            href=it.link("/reports/behind", what=Behind.RESOLVED),
        ),
        number(
            words,
            words.text("Resolved by the first reply"),
            now,
            deltas,
            "resolved_on_first_reply",
            less_is_better=False,
            href=it.link("/reports/behind", what=Behind.FIRST_REPLY_RESOLVED),
        ),
        number(words, words.text("Replies to resolve"), now, deltas, "replies_to_resolve", Unit.DECIMAL, less_is_better=True),
        number(words, words.text("Replies sent"), now, deltas, "replies_sent"),
        number(words, words.text("Closed"), now, deltas, "closed"),
    ]
    first, answer = words.text("First answer"), words.text("Answer")
    tables = [
        await over_time(view, it, words, "first", words.text("Time to the first answer"), "first_response_time", Unit.SECONDS),
        await over_time(view, it, words, "answers", words.text("Time to an answer"), "response_time", Unit.SECONDS),
        await over_time(view, it, words, "resolution", words.text("Time to resolve"), "resolution_time", Unit.SECONDS),
        await over_time(view, it, words, "replies", words.text("Replies sent"), "replies_sent"),
        await over_time(view, it, words, "resolved", words.text("Resolved"), "resolved"),
        *breakdowns(found, it, words, first, answer),
    ]
    return Report(numbers, tables)


def _tops(found: ConversationsReport, it: Wanted, words: Words) -> list[Table]:
    kinds: list[tuple[str, str, Top | TopReplies, Behind]] = [
        ("tags", words.text("Tags"), found.tags, Behind.TAG),
        ("customers", words.text("Customers who wrote most"), found.customers, Behind.CUSTOMER),
        ("replies", words.text("Saved replies"), found.replies, Behind.SAVED_REPLY),
        ("workflows", words.text("Workflows"), found.workflows, Behind.WORKFLOW),
    ]
    head = [words.text("Name"), words.text("Share"), words.text("Count")]
    tables = []
    for key, title, top, behind in kinds:
        rows = []
        for each in top.top:
            name = words.text("no tag") if each.name is UNSET else each.name
            href = it.link("/reports/behind", what=behind, about=str(each.id))
            rows.append(
                [
                    Cell(name, name, href),
                    Cell(written(each.percent, Unit.PERCENT, words), each.percent),
                    count(each.count, words),
                ]
            )
        tables.append(Table(key, title, head, rows, Drawing.SHARES))
    for field in found.custom_fields.fields:
        rows = [
            [
                Cell(each.name, each.name),
                Cell(written(each.percent, Unit.PERCENT, words), each.percent),
                count(each.count, words),
            ]
            for each in field.values
        ]
        tables.append(Table(f"field-{field.id}", field.name, head, rows, Drawing.SHARES))
    return tables


def _heat(found: list[Any], words: Words) -> Heat | None:
    if not found:
        return None
    counts = {(each.day, each.hour): each.count for each in found}
    most = max(counts.values())
    days = []
    for day in range(1, 8):
        hours = [counts.get((day, hour), 0) for hour in range(24)]
        days.append((words.weekday(day), [(each, -(-4 * each // most)) for each in hours]))
    return Heat(words.text("When customers write"), days)


REPORTS: dict[str, tuple[str, Make]] = {
    "company": ("Company", company),
    "conversations": ("Conversations", talks),
    "productivity": ("Productivity", productivity),
    "happiness": ("Happiness", happiness),
    "users": ("Users", users),
    "email": ("Email", email),
    "chat": ("Chat", chat),
    "phone": ("Phone", phone),
}
"""Each report's place in the address, its name and how it is made."""
