"""How a person lets us into their mail: in the browser (authorization code with PKCE, RFC 7636, 8252) or with a code that
they type elsewhere (device flow, RFC 8628).
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.mail.connecting.providers import Device, Provider, TokenRefused, ask_for_device, ask_for_token
from deskhand.mail.model import Secrets

DEVICE = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER_SECONDS = 5
LONGEST_REQUEST = 8192
PAGE = "<!doctype html><meta charset=utf-8><title>Deskhand</title><p>You can close this page and go back to the terminal."


class Client(Struct, frozen=True):
    """The application that the operator registered with a provider."""

    provider: Provider
    id: str
    secret: str


class Question(Struct, frozen=True):
    """What a person is sent to with their browser, and what belongs to it."""

    url: str
    redirect_uri: str
    state: str
    verifier: str


def question(client: Client, redirect_uri: str) -> Question:
    """The address to open, good for one answer."""
    state, verifier = secrets.token_urlsafe(24), secrets.token_urlsafe(48)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "client_id": client.id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": client.provider.scope,
        "state": state,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
        **client.provider.extra,
    }
    return Question(f"{client.provider.authorize_url}?{urlencode(asked)}", redirect_uri, state, verifier)


async def answer(desk: Desk, client: Client, asked: Question, address: str) -> Secrets:
    """The tokens for the address that the browser came back to. Raises TokenRefused, TokenTrouble, Failed."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(address.strip()).query).items()}
    if not secrets.compare_digest(told.get("state", ""), asked.state):
        raise TokenRefused("wrong state", "that address answers another question")
    if "code" not in told:
        raise TokenRefused(told.get("error", "no code"), told.get("error_description", ""))
    form = {
        "grant_type": "authorization_code",
        "code": told["code"],
        "redirect_uri": asked.redirect_uri,
        "code_verifier": asked.verifier,
        "client_id": client.id,
        "client_secret": client.secret,
    }
    return await _asked(desk, client, form)


async def by_device(desk: Desk, client: Client, tell: Callable[[Device], None]) -> Secrets:
    """Tell a person what to type where, and wait until they did. Raises TokenRefused, TokenTrouble, Failed."""
    device = await ask_for_device(desk.outbound, client.provider, client.id)
    tell(device)
    form = {"grant_type": DEVICE, "device_code": device.device_code, "client_id": client.id, "client_secret": client.secret}
    pause = max(device.interval, 0)
    left = float(device.expires_in)
    while True:
        await asyncio.sleep(pause)
        left -= max(pause, 1)
        try:
            return await _asked(desk, client, form)
        except TokenRefused as error:
            if error.code not in ("authorization_pending", "slow_down") or left <= 0:
                raise
            pause += SLOWER_SECONDS if error.code == "slow_down" else 0


class Loopback:
    """Listens on this machine for the browser that comes back, once."""

    def __init__(self, port: int = 0) -> None:
        self._port = port
        self._came: asyncio.Future[str] | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> str:
        """Begin to listen; the address to be sent back to. Raises OSError."""
        self._came = asyncio.get_running_loop().create_future()
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", self._port, limit=LONGEST_REQUEST)
        return f"http://localhost:{self._server.sockets[0].getsockname()[1]}/"

    async def wait(self) -> str:
        """The address that the browser came back to."""
        assert self._came is not None
        return await asyncio.shield(self._came)

    def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(10):
                target = (await reader.readline()).decode("latin-1").split(" ")[1:2]
            body = PAGE.encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: ")
            writer.write(str(len(body)).encode() + b"\r\n\r\n" + body)
            await writer.drain()
            if target and "state=" in target[0] and self._came is not None and not self._came.done():
                self._came.set_result(target[0])
        except (OSError, TimeoutError, ValueError):
            pass
        finally:
            writer.close()


async def _asked(desk: Desk, client: Client, form: dict[str, str]) -> Secrets:
    before = Secrets(client_secret=client.secret)
    return await ask_for_token(desk.outbound, client.provider.token_url, form, before, desk.clock.now())
