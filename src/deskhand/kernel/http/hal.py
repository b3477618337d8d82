"""HAL: links, paged lists and the origins that links are built from (contract 00 §5)."""

from __future__ import annotations

from typing import Generic, TypeVar
from urllib.parse import parse_qsl, urlencode

from msgspec import UNSET, Struct, UnsetType, field

T = TypeVar("T")


class Origins(Struct, frozen=True):
    """The outside origins of this request, without a trailing slash: ``https://desk.example.org``."""

    api: str
    web: str

    def photo(self, key: str | None) -> str | None:
        """Where the photo of somebody who works here is shown to anybody; ``key`` is that of its file."""
        return f"{self.web}/photos/{key}" if key else None


class Asked(Struct, frozen=True):
    """What a list was asked with: its outside address without query, and the query without ``page``."""

    address: str
    parameters: str


class Link(Struct, frozen=True):
    """One link."""

    href: str


class Template(Struct, frozen=True):
    """A link with a part to fill in (RFC 6570)."""

    href: str
    templated: bool = True


class SelfLink(Struct, frozen=True):
    """A document that only points at itself."""

    self_: Link = field(name="self")


class PageLinks(Struct, kw_only=True):
    """The links of a page; ``next`` and ``previous`` only where there is one."""

    first: Link
    last: Link
    next: Link | UnsetType = UNSET
    page: Template
    previous: Link | UnsetType = UNSET
    self_: Link = field(name="self")


class PageInfo(Struct):
    """Which page this is; ``number`` counts from 1, ``total_pages`` is 0 for an empty list."""

    size: int
    total_elements: int = field(name="totalElements")
    total_pages: int = field(name="totalPages")
    number: int


class Page(Struct, Generic[T], kw_only=True):
    """A paged list: ``_embedded`` is left out when it is empty."""

    embedded: T | UnsetType = field(default=UNSET, name="_embedded")
    links: PageLinks = field(name="_links")
    page: PageInfo


class CursorLinks(Struct, kw_only=True):
    """The links of a stretch of a list without pages; ``next`` only where there is more."""

    first: Link
    next: Link | UnsetType = UNSET
    self_: Link = field(name="self")


class Stretch(Struct, Generic[T], kw_only=True):
    """A part of a list that is walked by cursor: ``_embedded`` is left out when it is empty."""

    embedded: T | UnsetType = field(default=UNSET, name="_embedded")
    links: CursorLinks = field(name="_links")


def asked(address: str, parameters: list[tuple[str, str]]) -> Asked:
    """What links repeat: everything but the page."""
    return Asked(address, urlencode([pair for pair in parameters if pair[0] != "page"]))


def page_links(asked: Asked, number: int, pages: int) -> PageLinks:
    """The links around page ``number`` of ``pages``."""
    start = f"{asked.address}?{asked.parameters}&page=" if asked.parameters else f"{asked.address}?page="
    template = f"{asked.address}?{asked.parameters}{{&page}}" if asked.parameters else f"{asked.address}{{?page}}"
    return PageLinks(
        first=Link(f"{start}1"),
        last=Link(f"{start}{max(pages, 1)}"),
        next=Link(f"{start}{number + 1}") if number < pages else UNSET,
        page=Template(template),
        previous=Link(f"{start}{number - 1}") if number > 1 else UNSET,
        self_=Link(f"{start}{number}"),
    )


def cursor_links(asked: Asked, here: str | None, following: str | None) -> CursorLinks:
    """The links around the stretch behind cursor ``here`` (None: the first)."""
    rest = [pair for pair in parse_qsl(asked.parameters, keep_blank_values=True) if pair[0] != "cursor"]

    def link(cursor: str | None) -> Link:
        parameters = urlencode([*rest, ("cursor", cursor)] if cursor else rest)
        return Link(f"{asked.address}?{parameters}" if parameters else asked.address)

    return CursorLinks(first=link(None), next=link(following) if following else UNSET, self_=link(here))


def example_page(address: str, name: str, item: object, *, size: int = 50) -> dict[str, object]:
    """A page with one item, for the documentation."""
    return {
        "_embedded": {name: [item]},
        "_links": {
            "first": {"href": f"{address}?page=1"},
            "last": {"href": f"{address}?page=1"},
            "page": {"href": f"{address}{{?page}}", "templated": True},
            "self": {"href": f"{address}?page=1"},
        },
        "page": {"size": size, "totalElements": 1, "totalPages": 1, "number": 1},
    }


def page_info(number: int, size: int, total: int) -> PageInfo:
    """The ``page`` block."""
    return PageInfo(size, total, -(-total // size), number)
