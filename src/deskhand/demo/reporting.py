"""The facts that reports count, of conversations whose rows are at hand."""

from __future__ import annotations

from msgspec import structs

from deskhand.demo.places import Row
from deskhand.reports.model.facts import Entry, Talk, facts_of


def fact_rows(conversation: Row, threads: list[Row]) -> list[Row]:
    """What the reports would have made of them."""
    talk = Talk(**{name: conversation[name] for name in Talk.__struct_fields__})
    entries = [Entry(**{name: each[name] for name in Entry.__struct_fields__}) for each in threads]
    entries.sort(key=lambda each: (each.created_at, each.id))
    return [structs.asdict(each) for each in facts_of(talk, entries, None)]
