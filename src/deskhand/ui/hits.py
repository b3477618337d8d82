"""What a search found, as a reader takes it in: the entries that have the words, with the words marked."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from msgspec import Struct

from deskhand.conversations.model import CUSTOMER_SPEAKS, Status, ThreadType
from deskhand.conversations.queries import finding, one
from deskhand.conversations.queries.finding import Found, Said
from deskhand.conversations.queries.records import Conversation, ConversationTag
from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.fulltext import Words, fold
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words as Spoken
from deskhand.ui.door import Visit
from deskhand.ui.lists import NEWEST, SORTS, Up, asked, found_by, search_up
from deskhand.ui.pages.acts import STATUSES
from deskhand.ui.rows import customer_name

HITS = 25  # conversations on a page
LOOKED_THROUGH = 10  # entries of a conversation, the newest
SHOWN = 2  # of them
AROUND = 90  # characters before the first word and, twice, behind it
WORD = re.compile(r"[^\s<>()\[\]{}\"',;:!?]+")


class Piece(Struct, frozen=True):
    """A piece of a text: as it stands, or marked."""

    text: str
    marked: bool = False


class Hit(Struct, frozen=True):
    """A conversation or an entry of it. ``icon`` and ``how`` say what it is; a note is only for us;
    the first of its conversation ``is_first``."""

    conversation_id: int
    number: int
    thread_id: int | None
    subject: list[Piece]
    pieces: list[Piece]
    icon: str
    how: str
    is_note: bool
    when: str
    status_name: str
    status_icon: str
    status: Status
    tags: list[ConversationTag]
    is_first: bool

    @property
    def id(self) -> str:
        """Tells it from others on its page."""
        return f"{self.conversation_id}-{self.thread_id or 0}"


class HitsPane(Struct, frozen=True):
    """A page of what was found, of conversation ``first`` to ``last``; ``place`` is what a link to one keeps of the search,
    ``up`` where it stands as a list."""

    problem: str
    found: Found
    hits: list[Hit]
    up: Up
    place: str
    first: int
    last: int
    back: str
    more: str

    @property
    def href(self) -> str:
        """Where this page stands."""
        return self.up.href

    @property
    def total(self) -> int:
        """How many conversations were found, or more."""
        return self.found.total

    @property
    def rows(self) -> list[Conversation]:
        """Those of this page."""
        return self.found.conversations

    @property
    def is_all(self) -> bool:
        """Whether there are no more."""
        return self.found.is_all


class Marker:
    """Finds the words of a query in a text; a word stands for those that begin with it only if it was asked so."""

    def __init__(self, words: list[Words]) -> None:
        several = [(token, each.prefix) for it in words for each in it.words for token in each.text.split()]
        self._whole = {token for token, _ in several}
        self._begun = tuple(token for token, goes_on in several if goes_on)

    def marks(self, text: str) -> list[tuple[int, int]]:
        """Where words of the query stand, from and to."""
        return [found.span() for found in WORD.finditer(text) if any(map(self._has, fold(found[0])))]

    def pieces(self, text: str, *, around: int | None = None) -> list[Piece]:
        """A text in pieces: all of it, or what is around the first word."""
        marks = self.marks(text)
        first, last = 0, len(text)
        if around is not None:
            at = marks[0][0] if marks else 0
            first, last = max(0, at - around), min(len(text), at + 2 * around)
            first = 0 if first == 0 else text.rfind(" ", 0, first) + 1
        pieces = [Piece("…")] if first else []
        for begin, end in marks:
            if first <= begin and end <= last:
                pieces += [Piece(text[first:begin])] * (begin > first) + [Piece(text[begin:end], marked=True)]
                first = end
        pieces += [Piece(text[first:last])] * (last > first)
        return [*pieces, Piece("…")] if last < len(text) else pieces

    def _has(self, token: str) -> bool:
        return token in self._whole or token.startswith(self._begun)


async def hits_pane(view: Snapshot, visit: Visit, query: str) -> HitsPane:
    """The page of a search that the query string names."""
    sort, number = asked(visit)
    found, problem = await found_by(view, visit, query, SORTS[sort], number, HITS)
    order = {} if sort == NEWEST else {"sort": sort}

    def address(number: int) -> str:
        return "/search?" + urlencode({"q": query} | order | {"page": str(number)})

    return HitsPane(
        problem=problem,
        found=found,
        hits=await hits(view, found, visit.words),
        up=search_up(visit, query),
        place=urlencode({"q": query} | order),
        first=(number - 1) * HITS + 1,
        last=(number - 1) * HITS + len(found.conversations),
        back=address(number - 1) if number > 1 else "",
        more=address(number + 1) if number * HITS < found.total else "",
    )


async def hits(view: Snapshot, found: Found, spoken: Spoken) -> list[Hit]:
    """What was found, in its order; of a conversation whose entries do not have the words, the conversation."""
    ids = [each.id for each in found.conversations]
    said = await finding.newest_said(view, ids, LOOKED_THROUGH) if ids and found.words else {}
    tags: dict[int, list[ConversationTag]] = {}
    for each in await view.all(one.TAGS, ids=ids) if ids else []:
        tags.setdefault(each.conversation_id, []).append(each)
    marker = Marker(found.words)
    made = []
    for it in found.conversations:
        entries = _entries(said.get(it.id, []), marker)
        made += [
            _hit(it, entry, text, marker, tags.get(it.id, []), spoken, is_first=at == 0)
            for at, (entry, text) in enumerate(entries)
        ]
    return made


def _entries(said: list[Said], marker: Marker) -> list[tuple[Said | None, str]]:
    """The newest that have a word, with their texts."""
    found: list[tuple[Said | None, str]] = []
    for each in said:
        text = " ".join(plain_text(each.body or "").split())
        if marker.marks(text):
            found.append((each, text))
            if len(found) == SHOWN:
                break
    return found or [(None, "")]


def _hit(
    it: Conversation,
    entry: Said | None,
    text: str,
    marker: Marker,
    tags: list[ConversationTag],
    spoken: Spoken,
    *,
    is_first: bool,
) -> Hit:
    is_note = entry is not None and entry.type is ThreadType.NOTE
    speaks = entry is None or entry.type in CUSTOMER_SPEAKS
    name = customer_name(it)
    if is_note:
        how = spoken.text("Note in #%(number)s", number=it.number)
    elif speaks:
        how = spoken.text("%(name)s in #%(number)s", name=name, number=it.number)
    else:
        how = spoken.text("Reply to %(name)s in #%(number)s", name=name, number=it.number)
    return Hit(
        conversation_id=it.id,
        number=it.number,
        thread_id=entry.id if entry else None,
        subject=marker.pieces(it.subject or spoken.text("No subject")),
        pieces=marker.pieces(text or it.preview, around=AROUND),
        icon="sticky-note" if is_note else "message-square-text" if speaks else "reply",
        how=how,
        is_note=is_note,
        when=spoken.short(it.user_updated_at),
        status_name=STATUSES[it.status][0],
        status_icon=STATUSES[it.status][1],
        status=it.status,
        tags=tags[:3],
        is_first=is_first,
    )
