"""The door: plain ASGI around everything. Correlation ids, the headers of every answer, OPTIONS, HEAD, log and metrics."""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Any

from litestar.enums import HttpMethod, ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from deskhand.kernel.desk import Desk
from deskhand.kernel.http.answers import Answer, Header
from deskhand.kernel.http.conditions import Versions
from deskhand.kernel.http.errors import answer_to
from deskhand.kernel.http.gate import SHOWN_LIMIT, Limits
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.log import Log
from deskhand.kernel.permissions import Actor

log = Log("requests")

REUSABLE = re.compile(rb"[A-Za-z0-9._#:-]{1,128}")
HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]{1,255}")
TOKENS = "/v2/oauth2/token"
API = ("/v2/", "/v3/", "/chat/v1/", "/deskhand/v1/")
SECRET = re.compile(
    r"^(/file/[^/]*/|/rate/|/mail/[a-z]+/|/reset/|/invitation/|/setup/)[^/]*"
)  # whoever has it may read the file, rate or come in, so it is kept from logs
EVERYWHERE: list[Header] = [(b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY")]
STRICT: Header = (b"strict-transport-security", b"max-age=31536000")
ALWAYS: list[Header] = [
    (b"access-control-allow-origin", b"*"),
    *EVERYWHERE,
    (b"x-xss-protection", b"1; mode=block"),
]
UNCACHEABLE: list[Header] = [
    (b"cache-control", b"no-cache, no-store, max-age=0, must-revalidate"),
    (b"expires", b"0"),
    (b"pragma", b"no-cache"),
]
EXPOSED: Header = (
    b"access-control-expose-headers",
    b"Location, Resource-ID, Web-Location, Correlation-Id, X-RateLimit-Limit-Minute, X-RateLimit-Remaining-Minute, "
    b"X-RateLimit-Retry-After",
)
PREFLIGHT = Answer(
    204,
    headers=[
        (b"access-control-allow-methods", b"GET,POST,PUT,PATCH,DELETE,OPTIONS"),
        (b"access-control-allow-headers", b"Authorization, Content-Type, Accept, Correlation-Id"),
        EXPOSED,
        (b"access-control-max-age", b"3600"),
    ],
)
BUCKETS_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Ways:
    """How requests went, for the metrics: by method, route and status, with a histogram of seconds."""

    def __init__(self) -> None:
        self.by_route: dict[tuple[str, str, int], list[float]] = {}

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer. A row is ``[count, sum of seconds, one count per bucket...]``."""
        row = self.by_route.get((method, route, status))
        if row is None:
            row = self.by_route[method, route, status] = [0.0] * (2 + len(BUCKETS_SECONDS))
        row[0] += 1
        row[1] += seconds
        for position, limit in enumerate(BUCKETS_SECONDS):
            if seconds <= limit:
                row[2 + position] += 1
                break


class Call:
    """One request on its way: what the gate and the routes leave for the door."""

    __slots__ = ("body", "door", "log_ref", "origins", "remaining", "status")

    def __init__(self, door: Door, log_ref: str) -> None:
        self.door = door
        self.log_ref = log_ref
        self.remaining: int | None = None
        self.status = 0
        self.origins: Origins | None = None
        self.body = b""


class Door:
    """Everything comes in here."""

    def __init__(
        self,
        app: ASGIApp,
        desk: Desk,
        authenticate: Callable[[bytes], Awaitable[Actor | None]],
        *,
        visitor: Callable[[str], Awaitable[Any]],
        origin: str = "",
        web_origin: str = "",
        trusted_proxies: tuple[str, ...] = (),
        rate_limit: int = 0,
        error_docs: str = "",
        versions: Versions | None = None,
    ) -> None:
        self.app = app
        self.desk = desk
        self.authenticate = authenticate
        self.visitor = visitor  # who stands behind a session; what that is the pages know
        self.limits = Limits(rate_limit)
        self.error_docs = error_docs
        self.versions = versions or {}
        self.ways = Ways()
        self._origins = Origins(origin or web_origin, web_origin or origin)
        self._by_host: dict[tuple[str, str], Origins] = {}
        self._proxies = frozenset(trusted_proxies)
        self._number = count(1)
        self._process = str(uuid.uuid4())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()
        method = scope["method"]
        call = Call(self, self._log_ref(scope))
        scope["deskhand"] = call  # type: ignore[typeddict-unknown-key]
        path = "/" + scope["path"].lstrip("/")  # as the router reads it, which takes ``//v2/...`` too
        headers = self._headers(path, call, scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                call.status = message["status"]
                given = list(message.get("headers", ()))
                message["headers"] = given + headers(given)
            elif method == "HEAD":
                message["body"] = b""  # type: ignore[typeddict-unknown-key]
            await send(message)

        if method == "OPTIONS" and path.startswith(API):
            await PREFLIGHT(scope, receive, answer)
        else:
            if method == "HEAD":
                scope["method"] = HttpMethod.GET
            await self._run(scope, receive, answer, call)
        seconds = time.perf_counter() - started
        handler: Any = scope.get("route_handler")
        self.ways.note(method, scope.get("path_template", "-") if handler else "-", call.status, seconds)
        log.info(
            "answered",
            method=method,
            path=SECRET.sub(r"\1…", path),
            status=call.status,
            milliseconds=round(seconds * 1000, 2),
            correlation_id=call.log_ref,
        )

    def origins(self, scope: Scope) -> Origins:
        """The outside origins: from the settings, else from the host that was asked (contract 00 §1)."""
        if self._origins.api:
            return self._origins
        scheme, host = scope["scheme"], ""
        trusted = self._by_proxy(scope)
        for name, value in scope["headers"]:
            if name == b"host" and not host:
                host = value.decode("latin-1")
            elif trusted and name == b"x-forwarded-host":
                host = value.decode("latin-1").split(",")[0].strip()
            elif trusted and name == b"x-forwarded-proto":
                scheme = "https" if value.split(b",")[0].strip().lower() == b"https" else "http"
        found = self._by_host.get((scheme, host))
        if found is None:
            if not HOST.fullmatch(host):
                server = scope.get("server") or ("localhost", None)
                host = f"{server[0]}:{server[1]}"
            found = Origins(f"{scheme}://{host}", f"{scheme}://{host}")
            if len(self._by_host) < 1000:
                self._by_host[scheme, host] = found
        return found

    def address(self, scope: Scope) -> str:
        """Where a request came from: the caller, or what a trusted proxy says who called it."""
        found = (scope["client"] or ("",))[0]
        if self._by_proxy(scope):
            told = [part.strip() for name, value in scope["headers"] if name == b"x-forwarded-for" for part in _split(value)]
            # Each proxy adds its caller at the end, so the last one that is no proxy of ours is true.
            found = next((each for each in reversed(told) if each and each not in self._proxies), found)
        return found

    def _by_proxy(self, scope: Scope) -> bool:
        return bool(self._proxies) and (scope["client"] or ("",))[0] in self._proxies

    async def _run(self, scope: Scope, receive: Receive, send: Send, call: Call) -> None:
        try:
            await self.app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the last one who can answer
            log.error("a bug", error=error, correlation_id=call.log_ref)
            if call.status == 0:
                await answer_to(error, call.log_ref, self.error_docs, "")(scope, receive, send)

    def _log_ref(self, scope: Scope) -> str:
        for name, value in scope["headers"]:
            if name == b"correlation-id" and REUSABLE.fullmatch(value):
                return value.decode()
        return f"{self._process}#{next(self._number)}"

    def _headers(self, path: str, call: Call, scope: Scope) -> Callable[[list[Header]], list[Header]]:
        """What is added to an answer, given its own headers."""
        if not path.startswith(API):
            secure = self.origins(scope).web.startswith("https:")
            always = [*EVERYWHERE, STRICT] if secure else EVERYWHERE
            return lambda given: [*always, (b"correlation-id", call.log_ref.encode())]
        if path.rstrip("/") == TOKENS:
            return lambda given: ALWAYS
        # The contract has it on the preflight, but browsers look for it here; only they say where a script comes from.
        always = [*ALWAYS, EXPOSED] if any(name == b"origin" for name, _ in scope["headers"]) else ALWAYS

        def api(given: list[Header]) -> list[Header]:
            remaining = self.limits.left(time.time()) if call.remaining is None else call.remaining
            return [
                *always,
                *UNCACHEABLE,
                (b"correlation-id", call.log_ref.encode()),
                (b"x-ratelimit-limit-minute", b"%d" % (self.limits.per_minute or SHOWN_LIMIT)),
                (b"x-ratelimit-remaining-minute", b"%d" % remaining),
            ]

        return api


def _split(value: bytes) -> list[str]:
    return value.decode("latin-1").split(",")
