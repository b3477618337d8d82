"""After the kills: what is in the account, and whether it agrees with the ledger and with itself."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deskhand.conversations.model import Untold
from deskhand.kernel.desk import Desk

if TYPE_CHECKING:
    from tests.crash.drill import Ledger

QUERIES = {
    "conversations": "SELECT id, subject, snoozed_until, thread_total, thread_count FROM conversations",
    "threads": "SELECT id, conversation_id, body, state, type FROM threads WHERE action_type NOT IN "
    f"({', '.join(repr(each.value) for each in Untold)})",
    "tags": "SELECT conversation_id, name FROM conversation_tags JOIN tags ON tags.id = tag_id",
    "woken": "SELECT type, body FROM events WHERE type IN ('ConversationWoken', 'ThreadAdded')",
    "counts": "SELECT name, sum(total) FROM counts GROUP BY name",
    "shelves": "SELECT inbox_id, shelf, count(*) FROM conversations GROUP BY inbox_id, shelf",
    "folders": "SELECT folder_id, status, count(*) FROM conversations GROUP BY folder_id, status",
    "runs": "SELECT conversation_id, state FROM workflow_runs",
    "jobs": "SELECT kind, state, error FROM jobs",
    "numbers": "SELECT number FROM conversations",
    "made": "SELECT 'organizations', name FROM organizations UNION ALL "
    "SELECT 'users', first_name FROM users UNION ALL SELECT 'customers', first_name FROM customers",
    "customers": "SELECT c.id, conversation_count, (SELECT count(*) FROM conversations v WHERE v.customer_id = c.id) "
    "FROM customers c",
}


@dataclass
class Found:
    """The rows of each query."""

    rows: dict[str, list[tuple[Any, ...]]]

    @classmethod
    async def of(cls, desk: Desk) -> Found:
        session = await desk.database.begin_reading()
        try:
            return cls({name: [tuple(row) for row in await session.rows(sql, ())] for name, sql in QUERIES.items()})
        finally:
            await session.end()


def compare(ledger: Ledger, found: Found) -> list[str]:
    """Everything that is wrong, in words; an empty list is what we want."""
    return [*_answered(ledger, found), *_whole(ledger, found)]


def _answered(ledger: Ledger, found: Found) -> list[str]:
    """What was answered with 2xx is there exactly once; what was not is there at most once."""
    wrong: list[str] = []
    subjects = Counter(row[1] for row in found.rows["conversations"])
    by_subject = {row[1]: row[0] for row in found.rows["conversations"]}
    bodies = Counter(row[2] for row in found.rows["threads"] if row[2])
    made = Counter((row[0], row[1]) for row in found.rows["made"])
    wrong += [
        f"conversation {conversation} ({mark}) was answered and is there {subjects[mark]} times"
        for mark, conversation in ledger.created.items()
        if subjects[mark] != 1 or by_subject[mark] != conversation
    ]
    wrong += [
        f"{mark} was sent once and is there {max(subjects[mark], bodies[mark])} times"
        for mark in ledger.sent
        if subjects[mark] > 1 or bodies[mark] > 1
    ]
    wrong += [f"{mark} is {times} times in {kind}" for (kind, mark), times in made.items() if times > 1 and mark in ledger.sent]
    wrong += [
        f"{mark} was answered and is there {made[kind, mark]} times in {kind}"
        for kind, marks in ledger.made.items()
        for mark in marks
        if made[kind, mark] != 1
    ]
    wrong += [
        f"reply {mark} was answered and is there {bodies[mark]} times"
        for mark in (*ledger.replied, *ledger.scheduled)
        if bodies[mark] != 1
    ]
    states = {row[2]: row[3] for row in found.rows["threads"]}
    for mark in ledger.scheduled:
        if states.get(mark) != "published":
            wrong.append(f"scheduled reply {mark} was not sent but is {states.get(mark)}")
    snoozed = {row[0] for row in found.rows["conversations"] if row[2] is not None}
    wrong += [f"conversation {each} still sleeps" for each in ledger.snoozed if each in snoozed]
    tags = {(row[0], row[1]) for row in found.rows["tags"]}
    wrong += [
        f"a tag of conversation {each} was answered and is gone"
        for each, mark in ledger.tagged.items()
        if (each, mark) not in tags
    ]
    return wrong


def _whole(ledger: Ledger, found: Found) -> list[str]:
    """Nothing is half there, kept counts agree, effects happened once."""
    wrong = []
    threads = Counter(row[1] for row in found.rows["threads"])
    wrong += [
        f"conversation {id_} ({subject}) has {threads[id_]} threads and counts {total}"
        for id_, subject, _, total, _ in found.rows["conversations"]
        if threads[id_] != total or not total
    ]
    counts = {row[0]: int(row[1]) for row in found.rows["counts"]}
    for inbox, shelf, number in found.rows["shelves"]:
        if counts.get(f"shelf:{inbox}:{shelf}") != number:
            wrong.append(f"shelf {inbox} {shelf} holds {number}, counted {counts.get(f'shelf:{inbox}:{shelf}')}")
    for folder, status, number in found.rows["folders"]:
        if counts.get(f"folder:{folder}:{status}") != number:
            wrong.append(f"folder {folder} {status} holds {number}, counted {counts.get(f'folder:{folder}:{status}')}")
    wrong += [
        f"customer {id_} has {number} conversations, counted {counted}"
        for id_, counted, number in found.rows["customers"]
        if counted != number
    ]
    ran = Counter(row[0] for row in found.rows["runs"] if row[1] == "done")
    wrong += [
        f"a workflow ran {ran[id_]} times on conversation {id_}" for id_, *_ in found.rows["conversations"] if ran[id_] != 1
    ]
    woken = Counter(bytes(row[1]) for row in found.rows["woken"])
    wrong += [f"{fact!r} happened {times} times" for fact, times in woken.items() if times > 1]
    numbers = Counter(row[0] for row in found.rows["numbers"])
    wrong += [f"number {number} was given {times} times" for number, times in numbers.items() if times > 1]
    wrong += [f"job {row[0]} is left {row[1]}: {row[2]}" for row in found.rows["jobs"]]
    return wrong
