"""Route decorators: they read a handler's annotations, check all that came from the wire, open what it asks for, answer.

A handler names what it needs: ``view: Snapshot`` (a read), ``tx: Transaction`` (a write, committed before the answer),
``data`` (the body), ``query`` (the query string as a struct), path ids by name as ``PathId``, ``origins`` and ``asked``
for links, ``request`` for the raw one, ``prepared`` for what the route's ``prepare`` made of the body (without one, of the
query) before the transaction began (files are stored first, reports catch up); after a refusal ``refused`` sees that again.
What it returns becomes the answer: a struct, None, Created, Accepted or File.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import suppress
from typing import Annotated, Any, TypeAlias, get_type_hints

from litestar import Request, Router
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Collision, DeskError, Invalid, TooLarge, Unavailable
from deskhand.kernel.http import answers, conditions, idempotency, wire
from deskhand.kernel.http.answers import HAL, Accepted, Answer, Created, File
from deskhand.kernel.http.door import Call
from deskhand.kernel.http.errors import answer_to
from deskhand.kernel.http.hal import Asked, Origins, asked
from deskhand.kernel.http.refusals import WrongType
from deskhand.kernel.transaction import Snapshot, Transaction

BODY_BYTES = 1024 * 1024
UPLOAD_BYTES = 15 * 1024 * 1024
JSON_TYPES = (b"application/json", b"application/json-patch+json")

SLASHES = re.compile("//+")
PATH_ID = re.compile(r"\{(\w+):str\}")

PathId = Annotated[int, "path"]
Collect: TypeAlias = Callable[[Request[Any, Any, Any], Call], Awaitable[dict[str, Any]]]


class Endpoint(Struct, frozen=True):
    """What is known of a route, for the documentation and for the tests that walk all of them."""

    method: str
    status: int
    summary: str
    path_ids: tuple[str, ...]
    texts: tuple[str, ...]
    query: type[Struct] | None
    body: Any
    answer: Any
    errors: tuple[int, ...]
    public: bool
    writes: bool
    description: str
    example: Any
    redirects: bool
    files: bool
    answers: tuple[int, ...]
    documented: bool
    operation: dict[str, Any] | None
    content_type: bytes
    fn: Any

    def __deepcopy__(self, memo: dict[int, Any]) -> Endpoint:
        """Litestar copies handlers for each router; what is known of one never changes."""
        return self


class RouteHandler(HTTPRouteHandler):
    """Litestar's handler with ours inside: its answer is finished when it returns."""

    endpoint: Endpoint
    template: str = "-"

    async def to_response(self, app: Any, data: Any, request: Request[Any, Any, Any]) -> ASGIApp:
        return data  # type: ignore[no-any-return]

    def on_registration(self, app: Any) -> None:
        super().on_registration(app)
        self.template = min(self.paths) if self.template == "-" else self.template


def get(path: str = "/", **told: Any) -> Callable[[Callable[..., Any]], RouteHandler]:
    """A read. ``summary`` is the vendor's title; ``errors`` the statuses it may refuse with beside 401 and 429.

    ``content_type`` is the answer's, usually HAL.
    ``example`` is a body or an answer for the documentation; ``answers`` further statuses, ``files`` raw bytes, and
    ``redirects`` 301 beside the usual one; ``upload`` takes 15 MB; not ``documented`` is no part of the API; ``operation``
    is what the OpenAPI document says of a route whose shapes are not structs.
    """
    return _route("GET", path, 200, **told)


def post(path: str = "/", *, status: int = 201, **told: Any) -> Callable[[Callable[..., Any]], RouteHandler]:
    """Make something: 201; or do something: ``status`` 200 with an answer, 202 with none."""
    return _route("POST", path, status, **told)


def put(path: str = "/", *, status: int = 204, **told: Any) -> Callable[[Callable[..., Any]], RouteHandler]:
    """Set something: 204, or 200 with what it is then."""
    return _route("PUT", path, status, **told)


def patch(path: str = "/", **told: Any) -> Callable[[Callable[..., Any]], RouteHandler]:
    """Change something: 204."""
    return _route("PATCH", path, 204, **told)


def delete(path: str = "/", **told: Any) -> Callable[[Callable[..., Any]], RouteHandler]:
    """Remove something: 204."""
    return _route("DELETE", path, 204, **told)


def _route(
    method: str,
    path: str,
    status: int,
    *,
    summary: str,
    errors: tuple[int, ...] = (),
    public: bool = False,
    upload: bool = False,
    prepare: Callable[[Desk, Any], Awaitable[Any]] | None = None,
    refused: Callable[[Transaction, Any], Awaitable[None]] | None = None,
    example: Any = None,
    redirects: bool = False,
    files: bool = False,
    answers: tuple[int, ...] = (),
    documented: bool = True,
    operation: dict[str, Any] | None = None,
    content_type: bytes = HAL,
    **litestar: Any,
) -> Callable[[Callable[..., Any]], RouteHandler]:
    def decorate(fn: Callable[..., Any]) -> RouteHandler:
        hints = get_type_hints(fn, include_extras=True)
        names = list(inspect.signature(fn).parameters)
        endpoint = Endpoint(
            method=method,
            status=status,
            summary=summary,
            path_ids=tuple(name for name in names if hints[name] == PathId),
            texts=tuple(name for name in names if hints[name] is str),
            query=hints.get("query"),
            body=hints.get("data"),
            answer=hints.get("return"),
            errors=errors,
            public=public,
            writes="tx" in names,
            description=inspect.cleandoc(fn.__doc__ or ""),
            example=example,
            redirects=redirects,
            files=files,
            answers=answers,
            documented=documented,
            operation=operation,
            content_type=content_type,
            fn=fn,
        )
        collect = _collector(endpoint, names, UPLOAD_BYTES if upload else BODY_BYTES, prepare)
        run = _runner(fn, endpoint, names, collect, refused)
        handler: Any = RouteHandler(
            path,
            http_method=method,  # type: ignore[arg-type]
            status_code=200,  # ours is in the answer; Litestar would judge it by the annotation
            opt={"public": public},
            summary=summary,
            name=f"{fn.__module__}.{fn.__qualname__}",
            **litestar,
        )(run)
        handler.endpoint = endpoint
        return handler  # type: ignore[no-any-return]

    return decorate


def _runner(
    fn: Callable[..., Awaitable[Any]],
    endpoint: Endpoint,
    names: list[str],
    collect: Collect,
    refused: Callable[[Transaction, Any], Awaitable[None]] | None,
) -> Any:
    status, content_type = endpoint.status, endpoint.content_type
    thing = endpoint.path_ids[0] if endpoint.path_ids else ""

    def work(request: Request[Any, Any, Any], call: Call, given: dict[str, Any]) -> Callable[[Transaction], Awaitable[Answer]]:
        """The operation with its answer; of a POST under an Idempotency-Key it happens once."""

        async def plainly(tx: Transaction) -> Answer:
            return answer(await fn(tx=tx, **given), status, content_type)

        run: Callable[[Transaction], Awaitable[Answer]] = plainly
        if asked := conditions.conditions(request.scope):
            run = conditions.written(asked, call.door.versions.get(thing), given.get(thing, 0), run)
        if endpoint.method == "POST" and (key := idempotency.key_of(request.scope, request.scope["actor"], call.body)):  # type: ignore[typeddict-item]
            run = idempotency.once(key, run)
        return run

    async def read(request: Request[Any, Any, Any], call: Call, view: Snapshot, given: dict[str, Any]) -> Answer:
        async def plainly() -> Answer:
            return answer(await fn(view=view, **given), status, content_type)

        version, asked = call.door.versions.get(thing), conditions.conditions(request.scope)
        if version is None or asked is None:
            return await plainly()
        return await conditions.read(view, asked, version, given[thing], plainly)

    async def run(request: Request[Any, Any, Any]) -> ASGIApp:
        call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
        desk, actor = call.door.desk, request.scope.get("actor")
        given: dict[str, Any] = {}
        try:
            given = await collect(request, call)
            if "tx" in names:
                return await _write(desk, actor, call.door.address(request.scope), work(request, call, given))
            if "view" in names:
                async with desk.reading(actor) as view:  # type: ignore[arg-type]
                    return await read(request, call, view, given)
            return answer(await fn(**given), status, content_type)
        except DeskError as error:
            if refused is not None and "prepared" in given:
                with suppress(Unavailable):  # then it is the refusal that counts
                    async with desk.writing(actor) as tx:  # type: ignore[arg-type]
                        await refused(tx, given["prepared"])
            return answer_to(error, call.log_ref, call.door.error_docs, call.door.origins(request.scope).api)

    return run


def _collector(
    endpoint: Endpoint, names: list[str], most_bytes: int, prepare: Callable[[Desk, Any], Awaitable[Any]] | None
) -> Collect:
    """What reads and checks everything a handler asks of the wire, in one order: path, query, body."""
    path_ids = tuple((name, camel(name)) for name in endpoint.path_ids)
    texts, query, body = endpoint.texts, endpoint.query, endpoint.body
    wants = {name: name in names for name in ("origins", "asked", "request", "desk")}

    async def collect(request: Request[Any, Any, Any], call: Call) -> dict[str, Any]:
        scope = request.scope
        given: dict[str, Any] = {}
        for name, shown in path_ids:
            given[name] = wire.path_id(scope["path_params"][name], shown)
        for name in texts:
            given[name] = scope["path_params"][name]
        if query is not None:
            given["query"] = wire.query(scope["query_string"], query)
        if body is not None:
            call.body = await json_body(request, most_bytes)
            given["data"] = wire.decode(call.body, body)
        if prepare is not None:
            given["prepared"] = await prepare(call.door.desk, given["query" if body is None else "data"])
        if wants["origins"]:
            given["origins"] = call.door.origins(scope)
        if wants["asked"]:
            given["asked"] = _asked(scope, call.door.origins(scope))
        if wants["request"]:
            given["request"] = request
        if wants["desk"]:
            given["desk"] = call.door.desk
        return given

    return collect


async def _write(desk: Desk, actor: Any, address: str, work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
    """One operation; once more after a collision, which is safe because nothing in it talks to the network."""
    try:
        async with desk.writing(actor, address=address) as tx:
            return await work(tx)
    except Collision:
        async with desk.writing(actor, address=address) as tx:
            return await work(tx)


def answer(result: Any, status: int, content_type: bytes = HAL) -> Answer:
    """What a handler returned, as bytes."""
    if result is None:
        return Answer(status)
    if isinstance(result, Created):
        return answers.created(result)
    if isinstance(result, Answer):
        return result
    if isinstance(result, Accepted):
        return Answer(202)
    if isinstance(result, File):
        return answers.file(result)
    return answers.resource(result, content_type)


async def json_body(request: Request[Any, Any, Any], most_bytes: int) -> bytes:
    """The body of a JSON request. Raises TooLarge, WrongType. Without a content type it is taken as JSON."""
    for name, value in request.scope["headers"]:
        if name == b"content-type" and value and value.partition(b";")[0].strip().lower() not in JSON_TYPES:
            raise WrongType("Unsupported media type")
    return await raw_body(request, most_bytes)


async def raw_body(request: Request[Any, Any, Any], most_bytes: int) -> bytes:
    """The body of any request. Raises TooLarge as soon as it is, or says that it will be; Invalid when it is cut short."""
    return b"".join([piece async for piece in raw_pieces(request, most_bytes)])


async def raw_pieces(request: Request[Any, Any, Any], most_bytes: int) -> AsyncIterator[bytes]:
    """The same as it comes, without what is empty."""
    for name, value in request.scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value[:20]) > most_bytes:
            raise TooLarge(f"The request body may have {most_bytes} bytes at most")
    size, goes_on = 0, True
    while goes_on:
        message: Any = await request.receive()
        if message["type"] == "http.disconnect":
            raise Invalid("body", "is cut short")
        piece = message.get("body", b"")
        size += len(piece)
        if size > most_bytes:
            raise TooLarge(f"The request body may have {most_bytes} bytes at most")
        if piece:
            yield piece
        goes_on = message.get("more_body", False)


def _asked(scope: Any, origins: Origins) -> Asked:
    return asked(origins.api + SLASHES.sub("/", scope["path"].rstrip("/")), wire.parameters(scope["query_string"]))


def camel(name: str) -> str:
    """``conversation_id`` -> ``conversationId``."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def handlers(routers: Iterable[Router]) -> Iterator[tuple[str, RouteHandler]]:
    """Every route of ours with its path: ``/v2/conversations/{conversationId}``."""
    for router in routers:
        for route in router.routes:
            for handler in getattr(route, "route_handlers", ()):
                if isinstance(handler, RouteHandler):
                    yield PATH_ID.sub(lambda found: "{" + camel(found[1]) + "}", route.path), handler
