"""How a search may go on: fields with what they mean, and for some the values there are."""

from __future__ import annotations

import re

from msgspec import Struct

from deskhand.conversations.queries.fields import STATUSES
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.storage.fulltext import fold
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.tags import queries as tags
from deskhand.users import queries as users

MOST = 8
MOST_PEOPLE = MOST_INBOXES = 500
LAST = re.compile(r'(?:^|[\s(])-?(?:(\w[\w.]*):)?("[^"]*|[^\s()"]*)$')


class Suggestion(Struct, frozen=True):
    """``text`` takes the place of the last ``typed`` characters."""

    text: str
    hint: str
    icon: str
    typed: int


def hints(words: Words) -> dict[str, tuple[str, str]]:
    """What each field means, and its icon."""
    return {
        "assigned": (words.text("a user’s name, or Unassigned"), "user-round"),
        "assignedId": (words.text("a user’s number"), "hash"),
        "attachments": (words.text("true or false"), "paperclip"),
        "bcc": (words.text("an address or domain in Bcc"), "at-sign"),
        "body": (words.text("words in letters, replies and notes"), "message-square-text"),
        "cc": (words.text("an address or domain in Cc"), "at-sign"),
        "closedAt": (words.text("when it was closed: [2026-01-01 TO *]"), "calendar"),
        "createdAt": (words.text("when it began: [2026-01-01 TO *]"), "calendar"),
        "customField.": (words.text("a field by its number: customField.14:gold"), "sliders-horizontal"),
        "customerEmail": (words.text("the customer’s address or domain"), "at-sign"),
        "customerIds": (words.text("the customer’s number"), "hash"),
        "customerName": (words.text("words of the customer’s name"), "user-round"),
        "email": (words.text("an address or domain, wherever it stands"), "at-sign"),
        "folder": (words.text("a folder’s number"), "folder"),
        "id": (words.text("its number in the API"), "hash"),
        "mailbox": (words.text("an inbox’s name"), "inbox"),
        "mailboxid": (words.text("an inbox’s number"), "hash"),
        "modifiedAt": (words.text("when it last changed: [NOW-1DAY TO *]"), "calendar"),
        "modifiedSince": (words.text("changed since: 2026-01-31T00:00:00Z"), "calendar"),
        "number": (words.text("the conversation’s number"), "hash"),
        "replyUserIds": (words.text("the number of a user who replied"), "hash"),
        "source": (words.text("how it came: email, api, web"), "mail"),
        "status": (words.text("active, pending, closed, spam or open"), "circle-dot"),
        "subject": (words.text("words in the subject"), "type"),
        "tag": (words.text("a tag"), "tag"),
        "to": (words.text("an address or domain in To"), "at-sign"),
        "type": (words.text("email, chat or phone"), "mail"),
        "via": (words.text("who began it: customer or user"), "user-round"),
        "waitingSince": (words.text("since when the customer waits: [* TO NOW-1DAY]"), "clock"),
    }


async def suggestions(view: Snapshot, query: str, words: Words) -> list[Suggestion]:
    """Ways to go on behind a query's last character, the likeliest first."""
    found = LAST.search(query)
    if found is None:
        return []
    field, typed = found[1], found[2]
    if field is None:
        return _fields(typed, words)
    start = typed.lstrip('"')
    values = await _values(view, field.lower(), start)
    return [Suggestion(_quoted(value) + " ", "", icon, len(typed)) for value, icon in values[:MOST]]


def _fields(typed: str, words: Words) -> list[Suggestion]:
    start = typed.lower()
    offered = hints(words)
    names = [name for name in offered if typed and name.lower().startswith(start)]
    return [Suggestion(name if name.endswith(".") else f"{name}:", *offered[name], len(typed)) for name in names[:MOST]]


async def _values(view: Snapshot, field: str, start: str) -> list[tuple[str, str]]:
    if field == "tag":
        return [(each, "tag") for each in await tags.beginning(view, start, MOST)]
    if field == "status":
        return [(each, "circle-dot") for each in STATUSES if each.startswith(start.lower())]
    if field in ("mailbox", "mailboxname"):
        found, _ = await inboxes.page(view, 1, MOST_INBOXES)
        return [(each.name, "inbox") for each in found if _begins(each.name, start)]
    if field == "assigned":
        people, _ = await users.page(view, "user", 1, MOST_PEOPLE)
        names = ["Unassigned", *(f"{each.first_name} {each.last_name}".strip() for each in people)]
        return [(each, "user-round") for each in names if _begins(each, start)]
    return [(each, "check") for each in ("true", "false") if field.startswith("attachment") and each.startswith(start)]


def _begins(name: str, start: str) -> bool:
    """Whether one of its words does."""
    wanted = " ".join(fold(start))
    folded = " ".join(fold(name))
    return not wanted or f" {wanted}" in f" {folded}"


def _quoted(value: str) -> str:
    if re.fullmatch(r"[\w.@-]+", value):
        return value
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
