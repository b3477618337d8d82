"""From the query strings of the lists of customers to a filter (contract 50 §2, §7)."""

from __future__ import annotations

from deskhand.customers.model import email_key
from deskhand.customers.queries.fields import FIELDS
from deskhand.customers.queries.lists import Filter, SortField, Sorting
from deskhand.customers.schemas.requests import CustomersCursorQuery, CustomersQuery
from deskhand.kernel.errors import Invalid, Mistake, Source
from deskhand.kernel.storage.fulltext import fold
from deskhand.kernel.transaction import Snapshot
from deskhand.search.compile import Condition, compile_query
from deskhand.search.language import parse
from deskhand.search.model import Node, QueryError
from deskhand.settings import Settings


def read(view: Snapshot, query: CustomersQuery, settings: Settings) -> tuple[Filter, Sorting]:
    """The filter and order that were asked for. Raises Invalid("query")."""
    search, best = _search(view, query.query or "", settings)
    usual = SortField.CREATED_AT if search is None else SortField.SCORE
    wanted = Filter(
        inbox_id=_inbox(view, query.mailbox),
        first_name=_words(query.first_name),
        last_name=_words(query.last_name),
        modified_since=query.modified_since,
        query=search,
        best=best,
    )
    return wanted, Sorting(query.sort_field or usual, query.sort_order.value.lower() == "asc")


def read_cursor(view: Snapshot, query: CustomersCursorQuery, settings: Settings) -> Filter:
    """The filter of a list without pages. Raises Invalid("query")."""
    search, _ = _search(view, query.query or "", settings)
    return Filter(
        first_name=_words(query.first_name),
        last_name=_words(query.last_name),
        email=email_key(query.email) if query.email else None,
        created_since=query.created_since,
        modified_since=query.modified_since,
        query=search,
    )


def _inbox(view: Snapshot, inbox_id: int | None) -> int | None:
    """The inbox; one that cannot be seen holds nobody, as 0 does."""
    return inbox_id if inbox_id is None or view.actor.sees_inbox(inbox_id) else 0


def _words(text: str | None) -> list[str] | None:
    """The words of a name; an empty parameter asks for nothing."""
    return fold(text) if text and text.strip() else None


def _search(view: Snapshot, text: str, settings: Settings) -> tuple[Condition | None, Condition | None]:
    """The search, and the same with quoted words next to each other if that can make a difference."""

    def compiled(node: Node, prefix: str, *, strict: bool) -> Condition:
        return compile_query(
            node,
            FIELDS,
            view.now,
            prefix=prefix,
            strict_phrases=strict,
            unknown_matches_nothing=settings.unknown_search_fields == "match nothing",
        )

    try:
        node = parse(text)
        if node is None:
            return None, None
        search, best = compiled(node, "q", strict=settings.strict_phrases), compiled(node, "b", strict=True)
        return search, best if list(best.values.values()) != list(search.values.values()) else None
    except QueryError as error:
        raise Invalid.all([Mistake("query", str(error), rejected=text[:300], source=Source.QUERY)]) from None
