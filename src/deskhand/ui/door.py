"""The way into a page: who looks, by their session; then a read or a write in their name; and refusals as pages.

``page`` makes a route that shows something, ``act`` one that a form is sent to. Both are closed to whoever has not signed in,
and to forms of other sites. What an act did is told by the page that it leads to.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, get_type_hints
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request
from msgspec import Struct

from deskhand.conversations.model import FilesRefused
from deskhand.conversations.operations.attachments import LARGEST_BYTES, NewFile
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import (
    Collision,
    Conflict,
    DeskError,
    Forbidden,
    Invalid,
    Moved,
    NotFound,
    TooLarge,
    TooMany,
    Unmet,
)
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import JSON, Answer, Header, encode
from deskhand.kernel.http.door import Call
from deskhand.kernel.http.forms import Upload, read_form
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.pages import spoken
from deskhand.kernel.http.routes import PathId, RouteHandler, get, post
from deskhand.kernel.http.sessions import accepted, address_of, begun, is_same_origin, session_of, theme_of
from deskhand.kernel.languages import language_of
from deskhand.kernel.permissions import Actor, Permission
from deskhand.kernel.pictures import pixels
from deskhand.kernel.words import Words
from deskhand.notifications import queries as notifications
from deskhand.ui.forms import Fields, Typed, refusal
from deskhand.ui.forms import Form as Form
from deskhand.ui.live.hub import live_of
from deskhand.ui.people import face_of
from deskhand.ui.refusing import REFUSALS, RefusedPage, Visitor, shows_pages
from deskhand.ui.refusing import TEMPLATES as TEMPLATES
from deskhand.ui.telling import IN_PLACE, MOST_TOLD, TOLD, Told, fits, passed_on, told_by, was_told
from deskhand.ui.telling import Undo as Undo
from deskhand.ui.telling import telling as telling
from deskhand.users.model import Account
from deskhand.users.queries import User

MB = 1024 * 1024
FORM_BYTES = 4 * MB
UPLOAD_BYTES = 32 * MB  # of a form with files, together


class Visit(Struct, frozen=True):
    """Somebody's look at a page, from a network address: ``query`` is the query string, of a name that comes twice the last;
    ``typed`` a form that was not taken, which the page shows again; ``begun`` leaves another session with the browser."""

    user: User
    actor: Actor
    account: Account
    is_away: bool
    desk: Desk
    words: Words
    path: str
    query: dict[str, str]
    origins: Origins
    address: str
    session: str
    begun: Callable[[str], Header]
    cookies: Mapping[str, str]
    theme: str = ""
    told: Told | None = None
    told_as: str = ""  # the name that it has in the address
    is_fetched: bool = False  # by a script, which leaves it to the browser to show what cannot be put in place
    typed: Typed | None = None
    place: int = 0  # in the feed: everything up to it is in what is shown
    unread: int = 0  # of what they were told

    def page(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        """A page in their words, which says once what was done."""
        made = TEMPLATES.page(
            template,
            status=self.typed.status if self.typed else status,
            f=Fields(self.typed, self.words),
            user=self.user,
            me=self.user.id,
            own_face=face_of(self.user, is_away=self.is_away),
            path=self.path,
            told=self.told,
            bell=self.words.some(self.unread),
            **spoken(self.words, self.account.name, self.theme),
            **values,
        )
        if self.told and not (self.is_fetched and IN_PLACE.fullmatch(self.path) is None):
            made.headers = [*made.headers, was_told(self.told_as)]
        return made

    def piece(self, template: str, **values: Any) -> str:
        """A part of a page, as it is for everybody with the same language and zone: what is of one person only is in none."""
        return TEMPLATES.piece(template, me=0, **spoken(self.words, self.account.name), **values)

    def now(self) -> Visit:
        """The same at this moment."""
        return msgspec.structs.replace(self, words=self.words.at(self.desk.clock.now()), told=None)


class Done(Struct, frozen=True):
    """Where an act leads to; ``told`` says what was done, ``undo`` how to take it back; ``is_trouble``: it is no good news.
    ``seconds`` and ``now`` are as in ``Told``."""

    to: str
    told: str = ""
    undo: Undo | None = None
    is_trouble: bool = False
    seconds: int = 0
    now: Undo | None = None
    headers: list[Header] = []


def page(
    path: str, *, title: str, needs: Permission | None = None, prepare: Callable[[Visit], Awaitable[None]] | None = None
) -> Callable[[Callable[..., Any]], RouteHandler]:
    """A page: ``async (view, visit, ids…) -> Answer``; ``needs`` is the right to see it, ``prepare`` runs before the account is
    read."""

    def decorate(show: Callable[..., Awaitable[Answer]]) -> RouteHandler:
        names = _path_ids(show)

        async def run(request: Request[Any, Any, Any], desk: Desk) -> Answer:
            visit = await enter(request, desk)
            if visit is None:
                return to_sign_in(request)
            try:
                _must(visit, needs)
                if prepare is not None:
                    await prepare(visit)
                visit = msgspec.structs.replace(visit, place=await live_of(desk).now())  # before anything is read
                async with desk.reading(visit.actor) as view:
                    if not wants_json(request):
                        visit = msgspec.structs.replace(visit, unread=await notifications.unread(view))
                    shown = await show(view, visit, **_ids(request, names))
                if visit.told and shown.status == 303:
                    shown.headers = passed_on(shown.headers, visit.told_as)
                return shown
            except DeskError as error:
                return refused(visit, error, as_json=wants_json(request))

        return get(path, summary=title, public=True, documented=False)(_named(run, show))

    return decorate


def act(
    path: str, *, title: str, needs: Permission | None = None, shown_by: RouteHandler | None = None, **taken: bool
) -> Callable[[Callable[..., Any]], RouteHandler]:
    """What a form does: ``async (tx, visit, form, ids…) -> Done``, or the Answer itself; once more after a collision. What is
    wrong with a form is told by the page it is of (``shown_by``), with all that was typed. With ``files`` it may bring some,
    which are stored before and forgotten again when it is refused; of those that are too large it is told the names if it
    ``leaves_out`` them, else it is refused."""

    def decorate(do: Callable[..., Awaitable[Done | Answer]]) -> RouteHandler:
        async def once(visit: Visit, form: Form, **ids: int) -> Done | Answer:
            async with visit.desk.writing(visit.actor, address=visit.address) as tx:
                return await do(tx, visit, form, **ids)

        async def twice(visit: Visit, form: Form, **ids: int) -> Done | Answer:
            try:
                return await once(visit, form, **ids)
            except Collision:
                return await once(visit, form, **ids)

        return _sent(path, title, needs, shown_by, do, twice, **taken)

    return decorate


def errand(
    path: str, *, title: str, needs: Permission | None = None, shown_by: RouteHandler | None = None, files: bool = False
) -> Callable[[Callable[..., Any]], RouteHandler]:
    """An act that takes longer than an operation may, and does its own: ``async (visit, form, ids…) -> Done | Answer``."""

    def decorate(do: Callable[..., Awaitable[Done | Answer]]) -> RouteHandler:
        return _sent(path, title, needs, shown_by, do, do, files=files)

    return decorate


def _sent(
    path: str,
    title: str,
    needs: Permission | None,
    shown_by: RouteHandler | None,
    fn: Callable[..., Any],
    do: Callable[..., Awaitable[Done | Answer]],
    **taken: bool,
) -> RouteHandler:
    names = _path_ids(fn)

    async def run(request: Request[Any, Any, Any], desk: Desk) -> Answer:
        visit = await enter(request, desk)
        if visit is None:
            return to_sign_in(request)
        form = Form([])
        try:
            _must(visit, needs)
            form = await form_of(request, desk, **taken)
            ids = _ids(request, names)
            done = await do(visit, form, **ids)
        except DeskError as error:
            await _forget(visit, form)
            if shown_by is not None and isinstance(error, Conflict | Invalid | TooMany | Unmet):
                return await _again(visit, shown_by, form, error, ids)
            return refused(visit, error, as_json=wants_json(request))
        if isinstance(done, Answer):
            return done
        if not done.told:
            return redirect(done.to, done.headers)
        told = Told(done.told[:MOST_TOLD], done.undo, done.is_trouble, done.seconds, done.now)
        if not fits(told):
            words = visit.words.text("%(told)s. What it was before is too long for Undo.", told=told.words)
            told = Told(words, is_trouble=told.is_trouble)
        to, cookie = telling(done.to, told)
        return redirect(to, [cookie, *done.headers])

    return post(path, summary=title, public=True, documented=False)(_named(run, fn))


async def _again(visit: Visit, shown_by: RouteHandler, form: Form, error: DeskError, ids: dict[str, int]) -> Answer:
    """The page of a form, with what was typed and why it was not taken."""
    show = shown_by.endpoint.fn.shows
    status, _ = REFUSALS[next(kind for kind in REFUSALS if isinstance(error, kind))]
    visit = msgspec.structs.replace(visit, typed=refusal(form, error, status))
    try:
        async with visit.desk.reading(visit.actor) as view:
            visit = msgspec.structs.replace(visit, unread=await notifications.unread(view))
            return await show(view, visit, **{name: ids[name] for name in _path_ids(show)})  # type: ignore[no-any-return]
    except DeskError as gone:
        return refused(visit, gone)


def _must(visit: Visit, needs: Permission | None) -> None:
    if needs is not None:
        visit.actor.must(needs)


async def enter(request: Request[Any, Any, Any], desk: Desk) -> Visit | None:
    """Who looks; None for whoever has not signed in."""
    call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
    visitor: Visitor | None = await call.door.visitor(session_of(request))
    if visitor is None:
        return None
    query = dict(wire.parameters(request.scope["query_string"]))
    told_as = query.pop(TOLD, "")
    return Visit(
        visitor.user,
        visitor.actor,
        visitor.account,
        visitor.is_away,
        desk,
        Words(desk.clock.now(), visitor.user.timezone, language_of(visitor.user.language, accepted(request))),
        request.scope["path"],
        query,
        call.door.origins(request.scope),
        address_of(request),
        session_of(request),
        partial(begun, request),
        request.cookies,
        theme_of(request),
        told_by(told_as, request.cookies),
        told_as,
        request.headers.get("desk-visit") == "yes",
    )


async def form_of(
    request: Request[Any, Any, Any], desk: Desk | None = None, *, files: bool = False, leaves_out: bool = False
) -> Form:
    """The fields of a form that a page of ours sent. Raises Forbidden for one of another site, TooLarge, Invalid."""
    if not is_same_origin(request):
        raise Forbidden("This form came from another site")
    if not files or desk is None:
        return Form((await read_form(request, FORM_BYTES)).fields)
    sent = await read_form(request, UPLOAD_BYTES, file_bytes=LARGEST_BYTES)
    if sent.too_large and not leaves_out:
        raise TooLarge(f"A file may have {LARGEST_BYTES // MB} MB at most")
    return Form(sent.fields, [await _stored(desk, each) for each in sent.files], sent.too_large)


async def _stored(desk: Desk, it: Upload) -> NewFile:
    width, height = pixels(it.content)
    return NewFile(it.filename[-200:], it.mime_type[:200], len(it.content), width, height, await desk.blobs.put(it.content))


async def _forget(visit: Visit, form: Form) -> None:
    """The files of a form that was refused go again, unless others have the same."""
    if form.files:
        async with visit.desk.writing(visit.actor) as tx:
            tx.record(FilesRefused(blobs=tuple(each.blob for each in form.files), at=tx.now))


def wants_json(request: Request[Any, Any, Any]) -> bool:
    """Whether a script of ours asks, and not a browser that shows a page."""
    return request.headers.get("accept", "") == "application/json"


def to_script(body: object, status: int = 200) -> Answer:
    """An answer to a script of ours."""
    return Answer(status, encode(body), JSON, [(b"cache-control", b"no-store")])


def refused(visit: Visit, error: DeskError, *, as_json: bool = False) -> Answer:
    """Why something is not shown or done, and what now; a merged conversation leads to the one it lives in."""
    if isinstance(error, Moved):
        return redirect(f"/conversation/{error.to}")
    status, kind = next((REFUSALS[each] for each in REFUSALS if isinstance(error, each)), (400, "invalid"))
    mistakes = error.mistakes if isinstance(error, Invalid) else []
    if as_json:
        told = [f"{each.path}: {visit.words.told(each.message)}" for each in mistakes]
        return to_script({"message": visit.words.told(error.message), "mistakes": told}, status)
    return visit.page("refused.html", status=status, kind=kind, message=error.message, mistakes=mistakes)


def to_sign_in(request: Request[Any, Any, Any]) -> Answer:
    """The sign-in page, which leads back to a page; after a form it cannot."""
    asked = request.scope["path"] if request.method == "GET" else "/"
    query = request.scope["query_string"].decode("latin-1") if request.method == "GET" else ""
    return redirect(f"/signin?next={quote(asked + ('?' + query if query else ''), safe='')}")


def local(path: str) -> str:
    """A path of ours to go on to, or ``/`` for anything else (security checklist, line 24)."""
    parts = urlsplit(path)
    is_ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if is_ours and path.isprintable() and path.isascii() else "/"


def redirect(to: str, headers: list[Header] | None = None) -> Answer:
    """Go on there, by GET."""
    return Answer(303, headers=[(b"location", to.encode()), (b"cache-control", b"no-store"), *(headers or [])])


def _path_ids(fn: Callable[..., Any]) -> list[str]:
    hints = get_type_hints(fn, include_extras=True)
    return [name for name in inspect.signature(fn).parameters if hints[name] == PathId]


def _ids(request: Request[Any, Any, Any], names: list[str]) -> dict[str, int]:
    """The ids in the path. Raises NotFound: a page that is named wrongly is none."""
    try:
        return {name: wire.path_id(request.scope["path_params"][name], name) for name in names}
    except Invalid:
        raise NotFound("Not found") from None


def _named(run: Any, fn: Callable[..., Any]) -> Any:
    """Litestar tells handlers apart by the name and place of their function. What is refused before it is known who looks has a
    page, too."""

    async def named(request: Request[Any, Any, Any], desk: Desk) -> Answer:
        try:
            return await run(request, desk)  # type: ignore[no-any-return]
        except DeskError as error:
            if not shows_pages(request):
                raise
            return RefusedPage(request, error)

    named.__module__, named.__qualname__, named.__doc__ = fn.__module__, fn.__qualname__, fn.__doc__
    named.shows = fn  # type: ignore[attr-defined]
    return named
