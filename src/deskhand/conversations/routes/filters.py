"""From the query string of "List Conversations" to a filter (contract 10 §3; 00 §14 and 30 §8 for v3)."""

from __future__ import annotations

import base64
import binascii

from msgspec import UNSET, structs

from deskhand.conversations.model import Status
from deskhand.conversations.queries import lists
from deskhand.conversations.queries.fields import FIELDS
from deskhand.conversations.queries.lists import FieldTest, Filter, SortField, Sorting
from deskhand.conversations.schemas.requests import ConversationsQuery, ConversationsV3Query, SearchQuery, StatusFilter
from deskhand.customers import queries as customers
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Code, Invalid, Mistake, Source
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


async def read_v3(view: Snapshot, query: ConversationsV3Query, settings: Settings) -> Filter:
    """The filter of v3's list: every status unless one is asked for. Raises Invalid naming the parameter."""
    status = query.status or StatusFilter.ALL
    same = {name: getattr(query, name) for name in ConversationsQuery.__struct_fields__ if hasattr(query, name)}
    wanted, _ = await read(view, ConversationsQuery(**same | {"status": status}), settings)
    customer_ids = None
    if query.email is not None:
        customer = await customers.by_email(view, query.email)
        customer_ids = [customer.id] if customer else []
    return structs.replace(wanted, customer_ids=customer_ids, before_id=id_of(query.cursor))


def search_v3(view: Snapshot, query: SearchQuery, settings: Settings) -> Filter:
    """The filter of v3's search: the strict language, every status. Raises Invalid naming the parameter."""
    try:
        node = parse(query.query, strict=True)
        if node is None:
            raise Invalid.all([Mistake("query", "may not be empty", Code.NOT_EMPTY, query.query, Source.QUERY)])
        search = compile_query(node, FIELDS, view.now, strict_phrases=settings.strict_phrases)
    except QueryError as error:
        raise _unreadable(error, query.query) from None
    inbox_ids = list(view.actor.inbox_ids)
    return Filter(inbox_ids=inbox_ids, statuses=list(Status), query=search, before_id=id_of(query.cursor))


def cursor_of(conversation_id: int) -> str:
    """Where a list goes on below a conversation; nobody shall count on what it is made of."""
    return base64.urlsafe_b64encode(b"%d" % conversation_id).decode().rstrip("=")


def id_of(cursor: str | None) -> int | None:
    """The conversation of a cursor. Raises Invalid("cursor") for what is none."""
    if not cursor:
        return None
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        text = b""
    if not text.isdigit() or len(text) > 18:
        raise Invalid.all([Mistake("cursor", "is not a cursor of this list", rejected=cursor[:300], source=Source.QUERY)])
    return int(text)


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
        raise _unreadable(error, text) from None


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


def _unreadable(error: QueryError, text: str) -> Invalid:
    return Invalid.all([Mistake("query", str(error), rejected=text[:300], source=Source.QUERY)])


def _wrong(message: str, rejected: object = UNSET) -> Invalid:
    return Invalid.all([Mistake("customFieldsByIds", message, rejected=rejected, source=Source.QUERY)])
