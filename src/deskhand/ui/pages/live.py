"""What open pages are told (server-sent events), and what they tell: who is at which conversation."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

from litestar import Request, Router
from litestar.types import Receive, Scope, Send

from deskhand.conversations.operations import presence, seeing
from deskhand.conversations.queries import folders, one, views
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import Answer, gone
from deskhand.kernel.http.feed import STREAM, STREAM_SECONDS
from deskhand.kernel.http.routes import PathId, get
from deskhand.kernel.http.sessions import session_of
from deskhand.kernel.http.wire import LARGEST
from deskhand.kernel.transaction import Transaction
from deskhand.notifications import operations as notifications
from deskhand.search.language import MOST_CHARACTERS
from deskhand.ui.door import Done, Form, Visit, act, enter, refused, to_sign_in
from deskhand.ui.frame import KINDS, MOST_INBOXES, read_in
from deskhand.ui.lists import search_up, view_up
from deskhand.ui.live.hub import live_of
from deskhand.ui.live.reader import Reader, message
from deskhand.ui.live.showing import conversation, found_hits, found_list, kind_counts, piled_list, view_count
from deskhand.ui.live.watching import Want
from deskhand.ui.piles import folder_pile, kind_pile, pile_up

AGAIN_MILLISECONDS = 1000  # after which a browser comes again
MOST_COUNTED_VIEWS = 20
CANNOT = message("ended", b"0")


@get("/live/{inbox_id:str}", summary="What changes", public=True, documented=False)
async def live(inbox_id: str, request: Request[Any, Any, Any], desk: Desk) -> Answer:
    """Tells a page of an inbox what changes in its counts, its list (``folder``, ``all``, ``view`` or ``q``, with ``hits`` as
    the page of a search shows it; ``only``, ``tag``, ``sort``, ``page``) and its ``conversation``,
    behind ``after``, a place in the feed, or ``Last-Event-ID``; everything to one that comes ``again``.

    It ends when whoever looks is somebody else than before.
    """
    visit = await enter(request, desk)
    if visit is None:
        return to_sign_in(request)
    try:
        inbox = wire.path_id(inbox_id, "inboxId")
        reader, wants = await _wants(visit, inbox)
    except DeskError as error:
        return refused(visit, error)
    last = request.headers.get("last-event-id", "")
    after = _number(last) or _number(visit.query.get("after", ""))
    return _Stream(visit, request, reader, wants, after, again=bool(last) or "again" in visit.query)


@act("/conversation/{conversation_id:str}/here", title="Being here")
async def here(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Said by an open page again and again; ``writing`` is ``yes`` while something is typed there."""
    await presence.here(tx, conversation_id, writing=form.one("writing") == "yes")
    await seeing.see(tx, conversation_id)
    if await notifications.read_of(tx, conversation_id):
        live_of(visit.desk).read_by(visit.user.id)
    return Done(f"/conversation/{conversation_id}")


@act("/conversation/{conversation_id:str}/leave", title="Leaving")
async def leave(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Said by a page that is closed or hidden."""
    await one.get(tx, conversation_id)
    await presence.leave(tx, conversation_id)
    return Done(f"/conversation/{conversation_id}")


async def _wants(visit: Visit, inbox_id: int) -> tuple[Reader, list[Want]]:
    """The page and what it shows. Raises NotFound for an inbox that is not open to them; what else is not there is told of as
    gone."""
    async with visit.desk.reading(visit.actor) as view:
        await inboxes.get(view, inbox_id)
        counted = await folders.of_inbox(view, inbox_id)
        others = {each.id for each in (await inboxes.page(view, 1, MOST_INBOXES))[0]} - {inbox_id}
        view_id = _number(visit.query.get("view", ""))
        saved = await views.get(view, view_id) if view_id else None
        counted_views, _ = await views.page(view, 1, MOST_COUNTED_VIEWS)
    folder = next((each for each in counted if str(each.folder.id) == visit.query.get("folder")), None)
    query = visit.query.get("q", "")[:MOST_CHARACTERS]
    number = _number(visit.query.get("conversation", ""))
    wants = [view_count(visit, each) for each in counted_views] + ([kind_counts(visit)] if others else [])
    kind = visit.query.get("all", "")
    if folder is not None or kind in KINDS:
        pile = folder_pile(visit, inbox_id, folder) if folder is not None else kind_pile(visit, kind)
        wants.append(piled_list(visit, pile))
        up = pile_up(visit, pile)
    elif saved is not None:
        wants.append(found_list(visit, saved))
        up = view_up(visit, saved)
    else:
        if query:
            wants.append(found_hits(visit, query) if "hits" in visit.query else found_list(visit, query))
        up = search_up(visit, query)
    if number:
        wants.append(conversation(visit, number, up))
    return Reader(visit.actor, inbox_id, visit.words, frozenset(others), read_in(counted)), wants


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= LARGEST else 0


class _Stream(Answer):
    """Server-sent events until the page is closed, who looks may not any more, or the server ends."""

    __slots__ = ("_after", "_again", "_reader", "_request", "_visit", "_wants")

    def __init__(
        self,
        visit: Visit,
        request: Request[Any, Any, Any],
        reader: Reader,
        wants: list[Want],
        after: int,
        *,
        again: bool,
    ) -> None:
        super().__init__(200, content_type=STREAM)
        self._visit = visit
        self._request = request
        self._reader = reader
        self._wants = wants
        self._after = after
        self._again = again

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", STREAM), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        leaving = asyncio.create_task(gone(receive))
        leaving.add_done_callback(lambda _: self._reader.news.set())
        hub = live_of(self._visit.desk)
        try:
            await hub.join(self._reader, self._wants, self._after, again=self._again)
            await self._tell(send, leaving)
        except DeskError:
            pass  # away, or what was looked at is gone: the page comes again
        finally:
            hub.leave(self._reader)
            leaving.cancel()
            await asyncio.wait([leaving])
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _tell(self, send: Send, leaving: asyncio.Task[None]) -> None:
        hub, reader, desk = live_of(self._visit.desk), self._reader, self._visit.desk
        session, door = session_of(self._request), self._request.scope["deskhand"].door  # type: ignore[typeddict-item]
        told = b"retry: %d\n\n" % AGAIN_MILLISECONDS + hub.here()
        while True:
            visitor = await door.visitor(session)
            if visitor is None or visitor.actor != self._visit.actor:
                await send({"type": "http.response.body", "body": CANNOT, "more_body": True})
                return
            await send({"type": "http.response.body", "body": told + reader.take(), "more_body": True})
            with suppress(TimeoutError):
                await asyncio.wait_for(reader.news.wait(), STREAM_SECONDS)
            if leaving.done() or desk.closing:
                return
            told = b"" if reader.news.is_set() else hub.here()
            reader.news.clear()


ROUTERS = [Router("/", route_handlers=[live, here, leave])]
