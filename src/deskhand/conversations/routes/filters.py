"""From the query string of "List Conversations" to a filter (contract 10 §3)."""

from __future__ import annotations

from typing import Any

from deskhand.conversations.model import Status
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.fields import FIELDS
from deskhand.conversations.queries.lists import Filter, SortField, Sorting
from deskhand.conversations.routes.prepare import store_files
from deskhand.conversations.schemas.requests import ConversationInput, ConversationsQuery, StatusFilter
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Invalid, Mistake, Source
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.transaction import Snapshot
from deskhand.search.compile import Condition, compile_query
from deskhand.search.language import parse
from deskhand.search.model import QueryError
from deskhand.settings import Settings

STATUSES = {
    StatusFilter.ACTIVE: [Status.ACTIVE],
    StatusFilter.ALL: list(Status),
    StatusFilter.CLOSED: [Status.CLOSED],
    StatusFilter.OPEN: [Status.ACTIVE, Status.PENDING],
    StatusFilter.PENDING: [Status.PENDING],
    StatusFilter.SPAM: [Status.SPAM],
}


async def read(view: Snapshot, query: ConversationsQuery, settings: Settings) -> tuple[Filter, Sorting]:
    """The filter and order that were asked for. Raises Invalid naming the parameter."""
    inbox_ids = list(view.actor.inbox_ids)
    if query.inbox_ids is not None:
        inbox_ids = [each for each in inbox_ids if each in query.inbox_ids]
    folder = None
    if query.folder is not None:
        folder = await view.first(lists.FOLDER, folder_id=query.folder)
        if folder is None or not view.actor.sees_inbox(folder.inbox_id):
            inbox_ids = []  # a folder that cannot be seen holds nothing
        else:
            inbox_ids = [each for each in inbox_ids if each == folder.inbox_id]
    tag_ids = None
    if query.tag is not None:
        tag_ids = await view.all(lists.TAG_IDS, names=[name.lower() for name in query.tag])
    search, score = _search(view, query, settings)
    wanted = Filter(
        inbox_ids=inbox_ids,
        statuses=STATUSES[query.status],
        folder=folder,
        tag_ids=tag_ids,
        assigned_to=query.assigned_to,
        modified_since=query.modified_since,
        number=query.number,
        fields=await _fields(view, query),
        query=search,
        score=score,
    )
    return wanted, Sorting(query.sort_field, query.sort_order.value.lower() == "asc")


async def files_of_conversation(desk: Desk, data: ConversationInput) -> list[list[NewFile]]:
    """Store the files of every thread of a new conversation. Raises Invalid, TooLarge."""
    return [await store_files(desk, each.attachments, f"threads[{at}].attachments") for at, each in enumerate(data.threads)]


def _search(view: Snapshot, query: ConversationsQuery, settings: Settings) -> tuple[Condition | None, Condition | None]:
    """The search, and for ``sortField=score`` the same with words that stand together, which rank higher."""
    text = query.query or ""
    try:
        node = parse(text)
        if node is None:
            return None, None

        def compiled(*, strict: bool) -> Condition:
            return compile_query(
                node,
                FIELDS,
                view.now,
                strict_phrases=strict,
                unknown_matches_nothing=settings.unknown_search_fields == "match nothing",
            )

        search = compiled(strict=settings.strict_phrases)
        return search, compiled(strict=True) if query.sort_field is SortField.SCORE else None
    except QueryError as error:
        raise Invalid.all([Mistake("query", str(error), rejected=text[:300], source=Source.QUERY)]) from None


async def _fields(view: Snapshot, query: ConversationsQuery) -> list[tuple[int, str]]:
    """``customFieldsByIds=14:blue,15:2207``: the folded values by field id; a dropdown's by option id or label."""
    if not query.custom_fields_by_ids:
        return []
    if not query.inbox_ids:
        raise _wrong("must be combined with mailbox")
    defined = {each.id: each for inbox_id in query.inbox_ids for each in await inboxes.fields(view, inbox_id)}
    wanted = []
    for pair in query.custom_fields_by_ids:
        field_id, colon, value = pair.partition(":")
        definition = defined.get(int(field_id)) if field_id.isdigit() and len(field_id) < 19 else None
        if not colon or definition is None:
            raise _wrong("must be a field of the inbox and a value, as in 14:blue", pair)
        if definition.type == "multiline":
            raise _wrong("does not work with fields of several lines", pair)
        labels: dict[str, Any] = {option.label.casefold(): option.id for option in definition.options}
        wanted.append((definition.id, indexable(str(labels.get(value.casefold(), value)))[:255]))
    return wanted


def _wrong(message: str, rejected: object = None) -> Invalid:
    return Invalid.all([Mistake("customFieldsByIds", message, rejected=rejected, source=Source.QUERY)])
