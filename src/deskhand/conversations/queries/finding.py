"""Searching as people do: the newest first, quickly even for a word that half of the desk has.

Where a page of the newest is wanted, the recent conversations are asked first; then, for words that many have, the newest
entries that have them; where neither fills the page, all.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from msgspec import Struct, structs
from sqlalchemy import func, select

from deskhand.conversations.indexes import THREAD_TEXT
from deskhand.conversations.model import Status, ThreadState, ThreadType
from deskhand.conversations.queries import lists, recent
from deskhand.conversations.queries.fields import (
    FIELDS,
    FIRST_CONVERSATION,
    FIRST_THREAD,
    NEWEST,
    NEWEST_FIELDS,
    RECENT_FIELDS,
)
from deskhand.conversations.queries.lists import Filter, SortField, Sorting
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.tables import threads
from deskhand.kernel.storage.fulltext import Words
from deskhand.kernel.storage.statements import any_of, matching, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.search.compile import Condition, compile_query
from deskhand.search.model import And, Clause, Node, Not, Or, Phrase, Term

SAID = [each.value for each in ThreadType if each is not ThreadType.LINE_ITEM]
LONGEST_BODY = 50_000  # of an entry that is looked through for what was found


class Found(Struct, frozen=True):
    """A page of what was found; if not ``is_all`` there are ``total`` or more."""

    conversations: list[Conversation]
    total: int
    words: list[Words]
    is_all: bool = True


class Said(Struct, frozen=True, gc=False):
    """An entry of a conversation, its body as it came but cut; ``author`` is a user's or the customer's id."""

    id: int
    conversation_id: int
    type: ThreadType
    body: str | None
    created_by_user_id: int | None
    created_by_customer_id: int | None


_some = select(threads.c.id).where(matching(threads.c.id, THREAD_TEXT.name, "words", newest=NEWEST)).subquery()
REACH = read(select(func.count()).select_from(_some), int)
_place = func.row_number().over(partition_by=threads.c.conversation_id, order_by=threads.c.id.desc()).label("place")
_numbered = (
    select(
        threads.c.id,
        threads.c.conversation_id,
        threads.c.type,
        func.substr(threads.c.body, 1, LONGEST_BODY).label("body"),
        threads.c.created_by_user_id,
        threads.c.created_by_customer_id,
        _place,
    )
    .where(
        any_of(threads.c.conversation_id, "ids"),
        any_of(threads.c.type, "types"),
        threads.c.state != ThreadState.DRAFT.value,
    )
    .subquery()
)
NEWEST_SAID = read(
    select(*(_numbered.c[name] for name in Said.__struct_fields__))
    .where(_numbered.c.place <= param("most"))
    .order_by(_numbered.c.conversation_id, _numbered.c.id.desc()),
    Said,
)


async def find(view: Snapshot, node: Node, sorting: Sorting, number: int, size: int, *, strict_phrases: bool) -> Found:
    """Page ``number`` (from 1) of what a query finds in every inbox and status that the actor sees. Raises QueryError."""
    whole = compile_query(node, FIELDS, view.now, strict_phrases=strict_phrases)
    words = [each for each in dict.fromkeys(whole.values.values()) if isinstance(each, Words)]
    async for it in _sooner(view, node, sorting, words, strict_phrases=strict_phrases):
        found = await lists.page(view, it, sorting, number, size)
        if found.total > number * size:
            return Found(found.conversations, found.total, words, is_all=False)
    found = await lists.page(view, _filter(view, whole), sorting, number, size)
    return Found(found.conversations, found.total, words)


async def count(view: Snapshot, node: Node, most: int, *, strict_phrases: bool) -> int:
    """How many that finds; more than ``most`` is ``most + 1``. Raises QueryError."""
    whole = compile_query(node, FIELDS, view.now, strict_phrases=strict_phrases)
    return await lists.count_up_to(view, _filter(view, whole), most)


async def _sooner(
    view: Snapshot, node: Node, sorting: Sorting, words: list[Words], *, strict_phrases: bool
) -> AsyncIterator[Filter]:
    """Less than all, where a page may already be found."""
    if sorting.ascending:
        return
    if sorting.field is SortField.CREATED_AT and (those := await recent.find(view)):
        asked = compile_query(node, RECENT_FIELDS, view.now, strict_phrases=strict_phrases)
        first = {FIRST_CONVERSATION: those.first_conversation, FIRST_THREAD: those.first_thread}
        asked = structs.replace(asked, shape=("recent", asked.shape), values=asked.values | first)
        yield structs.replace(_filter(view, asked), since=those.since)
    if not _denies(node) and await _is_common(view, words):
        together = _together(node)
        for each, is_strict in [*([(together, False)] if together else []), (node, strict_phrases)]:
            asked = compile_query(each, NEWEST_FIELDS, view.now, strict_phrases=is_strict)
            yield _filter(view, structs.replace(asked, shape=("newest", NEWEST, asked.shape)))


async def newest_said(view: Snapshot, conversation_ids: list[int], most: int) -> dict[int, list[Said]]:
    """The newest entries of some conversations, so many of each, without drafts."""
    said: dict[int, list[Said]] = {}
    for each in await view.all_slowly(NEWEST_SAID, ids=conversation_ids, types=SAID, most=most):
        said.setdefault(each.conversation_id, []).append(each)
    return said


async def _is_common(view: Snapshot, words: list[Words]) -> bool:
    for each in words:
        if (await view.all_slowly(REACH, words=each))[0] >= NEWEST:
            return True
    return False


def _denies(node: Node) -> bool:
    """Whether something must not be found: for that, all that has it has to be known."""
    if isinstance(node, And | Or):
        return any(map(_denies, node.nodes))
    return isinstance(node, Not)


def _together(node: Node) -> Clause | None:
    """Of several plain words: all of them in one entry, where they are looked for at once."""
    if not isinstance(node, And):
        return None
    texts = []
    for each in node.nodes:
        match each:
            case Clause(field=None, value=Term(text=text, wildcards=())):
                texts.append(text)
            case _:
                return None
    return Clause("body", Phrase(" ".join(texts)))


def _filter(view: Snapshot, query: Condition) -> Filter:
    return Filter(inbox_ids=list(view.actor.inbox_ids), statuses=list(Status), query=query)
