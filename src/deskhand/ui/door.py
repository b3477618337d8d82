"""The way into a page: who looks, by their session; then a read or a write in their name; and refusals as pages.

``page`` makes a route that shows something, ``act`` one that a form is sent to. Both are closed to whoever has not signed in,
and to forms of other sites. What an act did is told by the page that it leads to.
"""

from __future__ import annotations

import base64
import inspect
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, get_type_hints
from urllib.parse import quote, urlsplit

import msgspec
from litestar import Request
from msgspec import Struct

from deskhand.conversations.model import FilesRefused
from deskhand.conversations.operations.attachments import LARGEST_BYTES, NewFile
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import (
    Collision,
    DeskError,
    Forbidden,
    Invalid,
    Moved,
    NotFound,
    TooLarge,
    TooMany,
    Unavailable,
    Unmet,
)
from deskhand.kernel.http import wire
from deskhand.kernel.http.answers import JSON, Answer, Header, encode
from deskhand.kernel.http.door import Call
from deskhand.kernel.http.forms import Upload, read_form
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.pages import PLACES, POLICY, Templates
from deskhand.kernel.http.routes import PathId, RouteHandler, get, post
from deskhand.kernel.http.sessions import is_same_origin, session_of
from deskhand.kernel.permissions import Actor
from deskhand.kernel.pictures import pixels
from deskhand.ui.words import Words
from deskhand.users.queries import User

TEMPLATES = Templates(Path(__file__).parent / "templates", policy=POLICY + PLACES)
TOLD = "deskhand_told"
TOLD_SECONDS = 30
MOST_TOLD = 300
UNDOES = re.compile(
    r"/conversation/[1-9][0-9]{0,18}/(?:assignee|move|snooze|status|tags|unsend|wake)|/views(?:/[1-9][0-9]{0,18}/delete)?"
)
FORM_BYTES = 4 * 1024 * 1024
UPLOAD_BYTES = 32 * 1024 * 1024  # of a form with files, together
REFUSALS: dict[type[DeskError], tuple[int, str]] = {
    NotFound: (404, "missing"),
    Forbidden: (403, "forbidden"),
    Invalid: (400, "invalid"),
    Unmet: (409, "unmet"),
    TooLarge: (413, "large"),
    Collision: (503, "busy"),
    Unavailable: (503, "away"),
}


class Visitor(Protocol):
    """Who has signed in, and as whom they act."""

    @property
    def user(self) -> User: ...

    @property
    def actor(self) -> Actor: ...


class Undo(Struct, frozen=True):
    """The act that takes an act back: a form of ours."""

    action: str
    fields: dict[str, str]


class Told(Struct, frozen=True):
    """What was done, and how it is undone; ``seconds`` is how long that can be, 0 for as long as it is shown."""

    words: str
    undo: Undo | None = None
    seconds: int = 0


class Visit(Struct, frozen=True):
    """Somebody's look at a page: ``query`` is the query string, of a name that comes twice the last."""

    user: User
    actor: Actor
    desk: Desk
    words: Words
    path: str
    query: dict[str, str]
    origins: Origins
    told: Told | None = None

    def page(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        """A page in their words, which says once what was done."""
        made = TEMPLATES.page(
            template,
            status=status,
            user=self.user,
            words=self.words,
            _=self.words.text,
            n_=self.words.plural,
            path=self.path,
            told=self.told,
            **values,
        )
        if self.told:
            made.headers = [*made.headers, telling(None)]
        return made


class Form(Struct, frozen=True):
    """What was sent; texts without NUL, their lines end as ours do. The bytes of ``files`` are stored."""

    fields: list[tuple[str, str]]
    files: list[NewFile] = []

    def one(self, name: str) -> str:
        """The value of a field, or nothing."""
        return next((value for each, value in self.fields if each == name), "")

    def has(self, name: str) -> bool:
        """Whether there was such a field at all."""
        return any(each == name for each, _ in self.fields)

    def every(self, name: str) -> list[str]:
        """All values of a field."""
        return [value for each, value in self.fields if each == name]

    def number(self, name: str) -> int | None:
        """The id in a field; None for an empty one. Raises Invalid."""
        value = self.one(name)
        if not value:
            return None
        if not value.isascii() or not value.isdigit() or len(value) > 18:
            raise Invalid(name, "must be a number", rejected=value[:300])
        return int(value)


class Done(Struct, frozen=True):
    """Where an act leads to; ``told`` says what was done, ``undo`` how to take it back."""

    to: str
    told: str = ""
    undo: Undo | None = None
    seconds: int = 0


def page(
    path: str, *, title: str, prepare: Callable[[Visit], Awaitable[None]] | None = None
) -> Callable[[Callable[..., Any]], RouteHandler]:
    """A page: ``async (view, visit, ids…) -> Answer``; ``prepare`` runs before the account is read."""

    def decorate(show: Callable[..., Awaitable[Answer]]) -> RouteHandler:
        names = _path_ids(show)

        async def run(request: Request[Any, Any, Any], desk: Desk) -> Answer:
            visit = await enter(request, desk)
            if visit is None:
                return to_sign_in(request)
            try:
                if prepare is not None:
                    await prepare(visit)
                async with desk.reading(visit.actor) as view:
                    return await show(view, visit, **_ids(request, names))
            except DeskError as error:
                return refused(visit, error, as_json=wants_json(request))

        return get(path, summary=title, public=True, documented=False)(_named(run, show))

    return decorate


def act(path: str, *, title: str, files: bool = False) -> Callable[[Callable[..., Any]], RouteHandler]:
    """What a form does: ``async (tx, visit, form, ids…) -> Done``, or the Answer itself; once more after a collision. With
    ``files`` the form may bring some, which are stored before and forgotten again when it is refused."""

    def decorate(do: Callable[..., Awaitable[Done | Answer]]) -> RouteHandler:
        names = _path_ids(do)

        async def once(visit: Visit, form: Form, ids: dict[str, int]) -> Done | Answer:
            async with visit.desk.writing(visit.actor) as tx:
                return await do(tx, visit, form, **ids)

        async def run(request: Request[Any, Any, Any], desk: Desk) -> Answer:
            visit = await enter(request, desk)
            if visit is None:
                return to_sign_in(request)
            form = Form([])
            try:
                form = await form_of(request, desk, files=files)
                ids = _ids(request, names)
                try:
                    done = await once(visit, form, ids)
                except Collision:
                    done = await once(visit, form, ids)
            except DeskError as error:
                await _forget(visit, form)
                return refused(visit, error, as_json=wants_json(request))
            if isinstance(done, Answer):
                return done
            told = [telling(Told(done.told[:MOST_TOLD], done.undo, done.seconds))] if done.told else None
            return redirect(done.to, told)

        return post(path, summary=title, public=True, documented=False)(_named(run, do))

    return decorate


async def enter(request: Request[Any, Any, Any], desk: Desk) -> Visit | None:
    """Who looks; None for whoever has not signed in."""
    call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
    visitor: Visitor | None = await call.door.visitor(session_of(request))
    if visitor is None:
        return None
    return Visit(
        visitor.user,
        visitor.actor,
        desk,
        Words(desk.clock.now(), visitor.user.timezone),
        request.scope["path"],
        dict(wire.parameters(request.scope["query_string"])),
        call.door.origins(request.scope),
        told_by(request.cookies.get(TOLD, "")),
    )


async def form_of(request: Request[Any, Any, Any], desk: Desk | None = None, *, files: bool = False) -> Form:
    """The fields of a form that a page of ours sent. Raises Forbidden for one of another site, TooLarge, Invalid."""
    if not is_same_origin(request):
        raise Forbidden("This form came from another site")
    if not files or desk is None:
        return Form((await read_form(request, FORM_BYTES)).fields)
    sent = await read_form(request, UPLOAD_BYTES, file_bytes=LARGEST_BYTES)
    return Form(sent.fields, [await _stored(desk, each) for each in sent.files])


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
    status, kind = REFUSALS.get(type(error), (400, "invalid"))
    mistakes = error.mistakes if isinstance(error, Invalid) else []
    if as_json:
        return to_script({"message": error.message, "mistakes": [f"{each.path}: {each.message}" for each in mistakes]}, status)
    return visit.page("refused.html", status=status, kind=kind, message=error.message, mistakes=mistakes)


def before_signing_in(desk: Desk, template: str, *, error: DeskError | None = None, status: int = 200, **values: Any) -> Answer:
    """A page for whoever is not known yet; with what was wrong and its status, where something was."""
    if isinstance(error, TooMany):
        status, values["problem"] = 429, f"Too many tries. Please wait {-(-error.retry_seconds // 60)} minutes and try again."
    elif isinstance(error, Invalid):
        status, values["problem"] = 400, "; ".join(f"{each.path}: {each.message}" for each in error.mistakes)
    elif error is not None:
        status, values["problem"] = 403, error.message
    return TEMPLATES.page(template, status=status, _=Words(desk.clock.now()).text, **({"problem": ""} | values))


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


def telling(told: Told | None) -> Header:
    """The cookie that carries what was done to the next page, or that it was told. Unlike a link, nobody else can write it."""
    text = "" if told is None else base64.urlsafe_b64encode(msgspec.json.encode(told)).decode().rstrip("=")
    seconds = 0 if told is None else TOLD_SECONDS
    return (b"set-cookie", f"{TOLD}={text}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}".encode())


def told_by(text: str) -> Told | None:
    """What such a cookie says; nothing for one that is none of ours, or would do what no undo of ours does."""
    try:
        told = msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Told)
    except (ValueError, msgspec.MsgspecError):
        return None
    if told.undo is not None and not UNDOES.fullmatch(told.undo.action):
        return None
    return told if told.words else None


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
    """Litestar tells handlers apart by the name and place of their function."""
    run.__module__, run.__qualname__, run.__doc__ = fn.__module__, fn.__qualname__, fn.__doc__
    return run
