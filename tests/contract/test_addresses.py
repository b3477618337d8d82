"""Paths, query strings, hosts and proxies (contract 00 §1)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from deskhand.app import App, make_app
from deskhand.settings import Settings
from tests.contract.raw import Got, send
from tests.contract.vendor import VND_ERROR
from tests.given import Given


@pytest.mark.parametrize("path", ["/v2/tags/", "/v2/tags//", "//v2/tags", "/v2//tags", "///v2///tags///"])
async def test_slashes_do_not_matter_and_do_not_open_the_gate(app: App, given: Given, path: str) -> None:
    outside = await send(app.door, "GET", path)
    inside = await send(app.door, "GET", path, token=await given.token(given.owner))

    assert outside.status == 401
    assert inside.status == 200
    assert inside.json()["_links"]["self"]["href"] == "https://desk.test/v2/tags?page=1"
    for got in (outside, inside):
        assert got.headers["access-control-allow-origin"] == "*"
        assert got.headers["x-ratelimit-limit-minute"] == "400"


@pytest.mark.parametrize(
    "path",
    [
        "/v2/../v2/tags",
        "/v2/./tags",
        "/V2/tags",
        "/v2/tags;x=1",
        "/v2/tags%2f",
        "/v2/tags\\",
        "/v2/%74ags",
        "/\0",
        "/v2/tags\0",
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..\\settings.py",
        "/static/",
        "/static",
        "/file/1/" + "0" * 40 + "/x\0",
        "/file/\0/\0/\0",
        "/ÿ",
    ],
)
async def test_a_strange_path_is_not_found(app: App, given: Given, path: str) -> None:
    got = await send(app.door, "GET", path, token=await given.token(given.owner))

    assert got.status in (400, 404)
    assert got.headers["content-type"] == VND_ERROR


@pytest.mark.parametrize(
    "query",
    [
        b"&&&",
        b"=",
        b"%",
        b"%zz=%zz",
        b"\xff=\xff",
        b"unknown=1&size=5&pageSize=x",
        b"page=1&page=1",
        b"sortOrder=ASC",
        b"mailbox=1,,2&mailbox=3,",
        b"a=1&" * 3000,
    ],
    ids=lambda query: repr(query[:12]),
)
async def test_strange_and_unknown_parameters_are_ignored(app: App, given: Given, query: bytes) -> None:
    got = await send(app.door, "GET", "/v2/conversations", query=query, token=await given.token(given.owner))

    assert got.status == 200


async def test_links_begin_with_the_origin_of_the_settings(app: App, given: Given) -> None:
    headers: Any = [("x-forwarded-host", "evil.test"), ("x-forwarded-proto", "https")]
    got = await send(app.door, "GET", "/v2/tags", headers=headers, host="evil.test", token=await given.token(given.owner))

    assert b"evil" not in got.body
    assert got.json()["_links"]["self"]["href"] == "https://desk.test/v2/tags?page=1"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("help.test", "http://help.test"),
        ("help.test:8080", "http://help.test:8080"),
        ("[2001:db8::7]:8080", "http://[2001:db8::7]:8080"),
        ("", "http://10.0.0.9:8080"),
        ("x" * 300, "http://10.0.0.9:8080"),
        (None, "http://10.0.0.9:8080"),
    ],
)
async def test_without_one_with_the_host_that_was_asked_if_it_is_one(
    settings: Settings, given: Given, host: str | None, origin: str
) -> None:
    got = await tags(settings, given, host=host)

    assert got.json()["_links"]["self"]["href"] == f"{origin}/v2/tags?page=1"


@pytest.mark.parametrize("host", ["evil.test/x?", "a b", '"><script>', "\xff", "user@evil.test"])
async def test_what_is_no_host_is_refused_or_not_repeated(settings: Settings, given: Given, host: str) -> None:
    got = await tags(settings, given, host=host)

    assert got.status in (200, 400)
    assert host.encode("latin-1") not in got.body


async def test_a_stranger_cannot_forward(settings: Settings, given: Given) -> None:
    headers = [("x-forwarded-host", "evil.test"), ("x-forwarded-proto", "https")]
    got = await tags(settings, given, headers, trusted=("10.0.0.1",))

    assert got.json()["_links"]["self"]["href"] == "http://desk.test/v2/tags?page=1"


async def test_a_trusted_proxy_can(settings: Settings, given: Given) -> None:
    headers = [("x-forwarded-host", "help.test, inner"), ("x-forwarded-proto", "https, http")]
    got = await tags(settings, given, headers, trusted=("192.0.2.7",))

    assert got.json()["_links"]["self"]["href"] == "https://help.test/v2/tags?page=1"


async def tags(
    settings: Settings,
    given: Given,
    headers: Any = None,
    *,
    host: str | None = "desk.test",
    trusted: tuple[str, ...] = (),
) -> Got:
    app = make_app(msgspec.structs.replace(settings, origin="", trusted_proxies=trusted), works=False)
    await app.desk.database.open()
    try:
        return await send(app.door, "GET", "/v2/tags", headers=headers, host=host, token=await given.token(given.owner))
    finally:
        await app.desk.database.close()
