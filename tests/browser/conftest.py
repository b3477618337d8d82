"""A real browser before the product: headless Chromium, and the application in this process behind a socket."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from argon2 import PasswordHasher
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route, async_playwright

from deskhand.app import App
from deskhand.kernel.permissions import Role
from deskhand.settings import Settings
from deskhand.users import operations as users
from deskhand.users.operations import NewUser
from tests.conftest import empty
from tests.given import Given

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=IsolateSandboxedIframes,Translate,MediaRouter,OptimizationHints",
    "--disable-extensions",
    "--disable-component-extensions-with-background-pages",
    *(["--no-sandbox"] if hasattr(os, "getuid") and os.getuid() == 0 else []),
]
SANDBOXED = re.compile(r"Blocked script execution in '[^']*/body(?:\?quoted)?' because the document's frame is sandboxed")
EMAIL, PASSWORD = "ines@desk.test", "correct horse battery"
FORMS = [("light", 1440, 900), ("dark", 1440, 900), ("light", 390, 844), ("dark", 390, 844)]
AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text()
FIND = """async (rules) => {
    const wanted = {runOnly: rules, iframes: false, resultTypes: ['violations']};
    return (await axe.run(document, wanted)).violations;
}"""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

Opening = Callable[..., Awaitable[Page]]


@pytest.fixture(params=["sqlite"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """On one database: what pages show is the same on both."""
    yield from empty(request, tmp_path)


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    return Settings(data=str(tmp_path / "data"), database=address, mail_networks=("127.0.0.0/8",))


class Serving:
    """The application behind a socket, which can be away for a while."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._port = 0
        self._server: uvicorn.Server | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def start(self) -> None:
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # as with serve's uvloop: else a body waits for its headers' ACK
        listening.bind(("127.0.0.1", self._port))
        self._port = listening.getsockname()[1]
        self._app.desk.closing = False
        self._server = uvicorn.Server(uvicorn.Config(self._app.door, lifespan="off", log_config=None, ws="none"))
        self._task = asyncio.create_task(self._server.serve(sockets=[listening]))

    async def stop(self) -> None:
        assert self._server is not None
        assert self._task is not None
        self._app.desk.closing = True
        self._server.should_exit = True
        await self._task


@pytest.fixture
async def serving(app: App) -> AsyncIterator[Serving]:
    made = Serving(app)
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
def served(serving: Serving) -> str:
    """The application's origin."""
    return serving.origin


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    program = next((found for each in PROGRAMS if (found := shutil.which(each))), None)
    if program is None:
        told = "NO BROWSER: install chromium, else nobody looks at the pages"
        warnings.warn(told, stacklevel=1)
        pytest.skip(told)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture
async def ines(given: Given) -> int:
    """An administrator who can sign in with a password."""
    weak = PasswordHasher(time_cost=1, memory_cost=8 * 64, parallelism=1).hash(PASSWORD)
    async with given.write() as tx:
        new = NewUser(first_name="Ines", last_name="Duarte", email=EMAIL, role=Role.ADMINISTRATOR, password_hash=weak)
        return await users.create(tx, new)


class Seen:
    """What a browser did that it should not have."""

    def __init__(self) -> None:
        self.wrong: list[str] = []


@pytest.fixture
async def seen() -> AsyncIterator[Seen]:
    """Every test ends with nothing in it: no dialog, no request to another host, no error of a script or policy."""
    found = Seen()
    yield found
    assert found.wrong == []


@pytest.fixture
async def opening(chromium: Browser, served: str, ines: int, seen: Seen) -> AsyncIterator[Opening]:
    """Opens a page of the product, signed in unless told otherwise."""
    contexts: list[BrowserContext] = []

    async def opened(
        path: str = "/",
        *,
        form: tuple[str, int, int] = FORMS[0],
        signed_in: bool = True,
        scripts: bool = True,
        locale: str = "en-US",
    ) -> Page:
        scheme, width, height = form
        given: Any = {"color_scheme": scheme, "viewport": {"width": width, "height": height}, "java_script_enabled": scripts}
        context = await chromium.new_context(base_url=served, locale=locale, **given)
        context.set_default_timeout(8_000)
        contexts.append(context)
        page = await context.new_page()
        watch(page, served, seen)
        await page.goto(path)
        if signed_in:
            await page.get_by_label("Email").fill(EMAIL)
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_role("button", name="Sign in").click()
            await page.wait_for_url(lambda url: "/signin" not in url)
        return page

    yield opened
    for each in contexts:
        await each.close()


def _is_error(said: ConsoleMessage) -> bool:
    """What a browser complains of; that it keeps scripts out of a letter's frame is what the frame is for."""
    return said.type == "error" and not SANDBOXED.match(said.text)


def watch(page: Page, origin: str, seen: Seen) -> None:
    """Note what no page of ours may do."""
    page.on("dialog", lambda dialog: seen.wrong.append(f"a dialog: {dialog.message}"))
    page.on("pageerror", lambda error: seen.wrong.append(f"an error: {error}"))
    page.on("console", lambda said: seen.wrong.append(f"{said.type}: {said.text}") if _is_error(said) else None)

    def asked(url: str) -> None:
        if not url.startswith((origin, "data:", "about:")):
            seen.wrong.append(f"a request to elsewhere: {url}")

    page.on("request", lambda request: asked(request.url))


async def hold(page: Page, pattern: re.Pattern[str]) -> asyncio.Event:
    """Keep from a page what it asks for at these addresses until the event is set."""
    may_go = asyncio.Event()

    async def held(route: Route) -> None:
        await may_go.wait()
        await route.continue_()

    await page.route(pattern, held)
    return may_go


async def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, by rule and place."""
    await page.evaluate(AXE)
    found: Any = await page.evaluate(FIND, RULES)
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]
