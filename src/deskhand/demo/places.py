"""Where the demo's people and things got to, the next ids, and the rows of a batch."""

from __future__ import annotations

from collections import defaultdict
from itertools import count
from typing import Any

from msgspec import Struct

from deskhand.conversations.model import FolderType
from deskhand.properties.model import Property

Row = dict[str, Any]


class FolderRow(Struct, frozen=True):
    """Where conversations lie."""

    id: int
    inbox_id: int
    type: FolderType
    user_id: int


class Places(Struct, frozen=True):
    """The ids that the people and things of the world got, by their place in it; options of fields by label."""

    users: list[int]
    teams: list[int]
    inboxes: list[int]
    fields: list[int]
    options: list[dict[str, str]]
    tags: list[int]
    properties: list[Property]
    folders: dict[tuple[int, FolderType, int], int]


class Ids:
    """The next id of each table; the account was empty."""

    def __init__(self) -> None:
        self.conversation = count(1)
        self.thread = count(1)
        self.customer = count(1)
        self.entry = count(1)
        self.attachment = count(1)
        self.organization = count(1)
        self.rating = count(1)


class Made:
    """The rows of a batch by statement, the counts to change, and the files to keep."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = defaultdict(list)
        self.counts: dict[tuple[str, int], int] = defaultdict(int)
        self.files: dict[str, bytes] = {}


class Known(Struct, frozen=True, gc=False):
    """What must be remembered of a customer who may write again."""

    id: int
    name_key: str
    email: str
    organization_id: int | None
