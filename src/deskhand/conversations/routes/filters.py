"""From the query string of "List Conversations" to a filter (contract 10 §3)."""

from __future__ import annotations

from msgspec import UNSET

from deskhand.conversations.model import Status
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.fields import FIELDS
from deskhand.conversations.queries.lists import FieldTest, Filter, SortField, Sorting
from deskhand.conversations.schemas.requests import ConversationsQuery, StatusFilter
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid, Mistake, Source
from deskhand.kernel.storage.fulltext import fold
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
    if query.inbox_ids:
        inbox_ids = [each for each in inbox_ids if each in query.inbox_ids]
    folder = None
    if query.folder is not None:
        folder = await view.first(lists.FOLDER, folder_id=query.folder)
        if folder is None or not view.actor.sees_inbox(folder.inbox_id):
            inbox_ids = []  # a folder that cannot be seen holds nothing
        else:
            inbox_ids = [each for each in inbox_ids if each == folder.inbox_id]
    tag_ids = None
    if query.tag:
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


def _search(view: Snapshot, query: ConversationsQuery, settings: Settings) -> tuple[Condition | None, Condition | None]:
    """The search, and for ``sortField=score`` the same with words that stand together, which rank higher."""
    text = query.query or ""
    try:
        node = parse(text)
        if node is None:
            return None, None

        def compiled(prefix: str, *, strict: bool) -> Condition:
            return compile_query(
                node,
                FIELDS,
                view.now,
                prefix=prefix,
                strict_phrases=strict,
                unknown_matches_nothing=settings.unknown_search_fields == "match nothing",
            )

        search = compiled("q", strict=settings.strict_phrases)
        return search, compiled("s", strict=True) if query.sort_field is SortField.SCORE else None
    except QueryError as error:
        raise Invalid.all([Mistake("query", str(error), rejected=text[:300], source=Source.QUERY)]) from None


async def _fields(view: Snapshot, query: ConversationsQuery) -> list[FieldTest]:
    """``customFieldsByIds=14:blue,15:2207``: words of a single line, else the whole value; a dropdown's by id or label."""
    if not query.custom_fields_by_ids:
        return []
    if not query.inbox_ids:
        raise _wrong("must be combined with mailbox")
    seen = [each for each in query.inbox_ids if view.actor.sees_inbox(each)]
    defined = {each.id: each for inbox_id in seen for each in await inboxes.fields(view, inbox_id)}
    wanted = []
    for pair in query.custom_fields_by_ids:
        field_id, colon, value = pair.partition(":")
        definition = defined.get(int(field_id)) if field_id.isascii() and field_id.isdigit() and len(field_id) < 19 else None
        if not colon or definition is None:
            raise _wrong("must be a field of the inbox and a value, as in 14:blue", pair)
        if definition.type == "multiline":
            raise _wrong("does not work with fields of several lines", pair)
        if definition.type == "singleline":
            wanted.append(FieldTest(definition.id, words=fold(value)))
            continue
        labels = {option.label.casefold(): str(option.id) for option in definition.options}
        wanted.append(FieldTest(definition.id, labels.get(value.casefold(), value)))
    return wanted


def _wrong(message: str, rejected: object = UNSET) -> Invalid:
    return Invalid.all([Mistake("customFieldsByIds", message, rejected=rejected, source=Source.QUERY)])
