"""How requests of ours leave: the name is looked up once, every address checked, and the connection goes to just that address.

Because what was checked is what is connected to, a name that answers otherwise a moment later (DNS rebinding) gains nothing.
Host, SNI and certificate are still those of the name. Time and size are bounded; proxies of the environment are not asked.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from ipaddress import ip_address
from typing import Any
from urllib.parse import urljoin

import httpcore
from msgspec import Struct

from deskhand.kernel.outbound.addresses import BadAddress, Rules, Target, literal, plain_host, read

SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
HEADERS_KEPT = 50
HEADER_CHARACTERS = 1000
MOST_REDIRECTS = 3
ADDRESSES_TRIED = 3
RESOLVERS = 16  # look-ups that hang hold a thread each; those of others go on

REDIRECTS = frozenset({301, 302, 303, 307, 308})

Resolve = Callable[[str, int], Awaitable[list[str]]]


class Failed(Exception):
    """No answer: refused by us, not reachable, no valid certificate, too slow, or no HTTP. The message says which."""


class Answered(Struct, frozen=True):
    """An answer: its first 64 KB, or as much as was wanted. ``is_cut`` when there was more, or the rest was too slow."""

    status: int
    headers: dict[str, str]
    body: bytes
    is_cut: bool
    seconds: float


class Outbound:
    """The door. ``resolve`` gives the addresses of a host; ``trust`` is which certificates are believed."""

    def __init__(self, rules: Rules, *, resolve: Resolve | None = None, trust: ssl.SSLContext | None = None) -> None:
        self.rules = rules
        self._resolve = resolve or self._look_up
        self._given_trust = trust

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes = b"",
        redirects: int = 0,
        seconds: float = SECONDS,
        most_bytes: int = ANSWER_BYTES,
    ) -> Answered:
        """One request; up to ``redirects`` (3 at most, for GET) are followed, each checked anew. Raises Failed.

        ``seconds`` bounds everything, the look-up too; once a status has come, a slow rest is cut off instead.
        """
        if redirects and method != "GET":
            raise ValueError("only a GET follows redirects")
        began = time.perf_counter()
        deadline = asyncio.get_running_loop().time() + seconds
        left = min(redirects, MOST_REDIRECTS)
        while True:
            answered = await self._once(method, url, headers, body, deadline, began, most_bytes)
            location = answered.headers.get("location")
            if not redirects or answered.status not in REDIRECTS or location is None:
                return answered
            if left == 0:
                raise Failed(f"more than {min(redirects, MOST_REDIRECTS)} redirects")
            left -= 1
            url = urljoin(url, location)

    async def connect(self, host: str, port: int, *, seconds: float = SECONDS) -> socket.socket:
        """A connection to a host that speaks something else than HTTP, not blocking. Raises Failed.

        The name must still be given to TLS, whose certificate is the name's.
        """
        try:
            async with asyncio.timeout(seconds):
                addresses = await self.checked_addresses(plain_host(host), port)
                for address in addresses[:-1]:
                    try:
                        return await _connected(address, port, seconds / len(addresses))
                    except OSError:
                        continue
                return await _connected(addresses[-1], port, seconds)
        except TimeoutError:
            raise Failed("no answer in time") from None
        except BadAddress as error:
            raise Failed(f"refused: {error}") from None
        except OSError as error:
            raise Failed(_told("cannot connect", error)) from None

    async def checked_addresses(self, host: str, port: int) -> list[str]:
        """The first addresses of a host, all of which are allowed. Raises BadAddress, OSError."""
        written = literal(host)
        found = [str(written)] if written is not None else await self._resolve(host, port)
        if not found:
            raise OSError("the name has no address")
        for each in found:
            self.rules.check_address(ip_address(each), port)
        return found[:ADDRESSES_TRIED]

    async def _once(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes,
        deadline: float,
        began: float,
        most_bytes: int,
    ) -> Answered:
        heard: list[Answered] = []  # what is known when time runs out
        try:
            async with asyncio.timeout_at(deadline):
                target = read(url)
                self.rules.check(target)
                addresses = await self.checked_addresses(target.host, target.port)
                await self._ask(method, target, addresses, headers, body, began, heard, most_bytes)
        except TimeoutError:
            if not heard:
                raise Failed("no answer in time") from None
        except BadAddress as error:
            raise Failed(f"refused: {error}") from None
        except (httpcore.ConnectError, ssl.SSLError, OSError) as error:
            raise Failed(_told("cannot connect", error)) from None
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            if not heard:
                raise Failed(_told("broken answer", error)) from None
        return heard[-1]

    async def _ask(
        self,
        method: str,
        target: Target,
        addresses: list[str],
        headers: Mapping[str, str],
        body: bytes,
        began: float,
        heard: list[Answered],
        most_bytes: int,
    ) -> None:
        """Send, and read the answer as far as it is kept; ``heard`` grows with it."""
        own = {"Host": target.host_header, "Connection": "close", "Accept": "*/*"}
        if body or method not in ("GET", "HEAD"):
            own["Content-Length"] = str(len(body))
        request = httpcore.Request(
            method,
            httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.path),
            headers=[(name.encode(), value.encode()) for name, value in {**own, **headers}.items()],
            content=body,
        )
        connection = httpcore.AsyncHTTPConnection(
            request.url.origin,
            ssl_context=self._trust if target.scheme == "https" else None,
            network_backend=_Pinned(addresses),
        )
        async with connection:
            response = await connection.handle_async_request(request)
            kept = _headers(response.headers)
            content = b""
            heard.append(Answered(response.status, kept, content, True, time.perf_counter() - began))
            is_cut = False
            async for part in response.aiter_stream():
                content += part
                is_cut = len(content) > most_bytes
                heard[:] = [Answered(response.status, kept, content[:most_bytes], True, time.perf_counter() - began)]
                if is_cut:
                    break
            await response.aclose()
            seconds = time.perf_counter() - began
            heard[:] = [Answered(response.status, kept, content[:most_bytes], is_cut, seconds)]

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return self._given_trust or ssl.create_default_context()

    @cached_property
    def _resolvers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(RESOLVERS, "resolve")

    async def _look_up(self, host: str, port: int) -> list[str]:
        """The system's resolver, which also reads the odd spellings of addresses."""
        asking = asyncio.get_running_loop().run_in_executor(self._resolvers, _system_addresses, host, port)
        return await asking


class _Pinned(httpcore.AsyncNetworkBackend):
    """Connects to addresses that were checked, whatever name it is given."""

    def __init__(self, addresses: list[str]) -> None:
        self._addresses = addresses
        self._backend = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        share = SECONDS / len(self._addresses)
        for address in self._addresses[:-1]:
            try:
                return await self._backend.connect_tcp(address, port, share, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return await self._backend.connect_tcp(self._addresses[-1], port, timeout, local_address, socket_options)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


async def _connected(address: str, port: int, seconds: float) -> socket.socket:
    """A connected socket. Raises OSError, TimeoutError."""
    made = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET)
    try:
        made.setblocking(False)
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # else each short line waits for an answer to the one before
        async with asyncio.timeout(seconds):
            await asyncio.get_running_loop().sock_connect(made, (address, port))
    except BaseException:
        made.close()
        raise
    return made


def _system_addresses(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(each[4][0]) for each in found))


def _headers(given: list[tuple[bytes, bytes]]) -> dict[str, str]:
    """The first headers of an answer, names in lower case, long values cut."""
    return {name.decode("latin-1").lower(): value.decode("latin-1")[:HEADER_CHARACTERS] for name, value in given[:HEADERS_KEPT]}


def _told(what: str, error: Exception) -> str:
    return f"{what}: {str(error) or type(error).__name__}"[:500]
