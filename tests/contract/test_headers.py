"""What every answer carries, gzip, HEAD and OPTIONS (contract 00 §3, §4, §11)."""

from __future__ import annotations

import gzip
import re

import msgspec
import pytest

from deskhand.app import App
from tests.contract.raw import send
from tests.contract.vendor import HAL
from tests.given import Client, Given


async def test_a_resource_has_exactly_the_recorded_headers(client: Client) -> None:
    got = await client.get("/v2/users/me")

    correlation = got.headers.pop("correlation-id")
    assert re.fullmatch(r"[0-9a-f-]{36}#\d+", correlation)
    assert dict(got.headers) == {
        "access-control-allow-origin": "*",
        "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
        "content-type": HAL,
        "content-length": str(len(got.content)),
        "expires": "0",
        "pragma": "no-cache",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-ratelimit-limit-minute": "400",
        "x-ratelimit-remaining-minute": "400",
        "x-xss-protection": "1; mode=block",
    }


async def test_201_and_204_are_empty_text(client: Client, given: Given) -> None:
    made = await client.post("/v2/customers", json={"firstName": "Pavel"})
    changed = await client.put(f"/v2/customers/{made.headers['resource-id']}", json={"firstName": "Pavla"})

    assert (made.status_code, made.content) == (201, b"")
    assert made.headers["content-type"] == "text/plain; charset=UTF-8"
    assert made.headers["content-length"] == "0"
    assert (changed.status_code, changed.content) == (204, b"")
    assert changed.headers["content-type"] == "text/plain; charset=UTF-8"
    assert "content-length" not in changed.headers


async def test_two_requests_have_two_correlation_ids(client: Client) -> None:
    first, second = [(await client.get("/v2/tags")).headers["correlation-id"] for _ in range(2)]

    assert first != second


@pytest.mark.parametrize("sent", ["a", "order-7#retry:2", "A" * 128, "x._#:-9"])
async def test_a_clients_correlation_id_is_used_again(client: Client, sent: str) -> None:
    got = await client.get("/v2/conversations/0", headers={"Correlation-Id": sent})

    assert got.headers["correlation-id"] == sent
    assert got.json()["logRef"] == sent


@pytest.mark.parametrize("sent", ["", "A" * 129, "a b", "a\tb", "é", "a/b", '"a"'])
async def test_a_strange_correlation_id_is_not(app: App, sent: str) -> None:
    got = await send(app.door, "GET", "/v2/tags", headers=[("correlation-id", sent)])

    assert re.fullmatch(r"[0-9a-f-]{36}#\d+", got.headers["correlation-id"])


async def test_gzip_for_who_offers_it(client: Client, given: Given) -> None:
    for _ in range(3):
        await given.conversation()
    plain = await client.get("/v2/conversations", headers={"Accept-Encoding": "identity"})
    packed = await client.get("/v2/conversations", headers={"Accept-Encoding": "deflate, gzip;q=0.8"})
    refused = await client.get("/v2/conversations", headers={"Accept-Encoding": "gzip;q=0, identity"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["vary"] == "accept-encoding"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert "content-encoding" not in refused.headers


async def test_gzip_is_real(app: App, given: Given) -> None:
    await given.conversation()
    token = await given.token(given.owner)
    got = await send(app.door, "GET", "/v2/conversations", headers=[("accept-encoding", "gzip")], token=token)

    assert msgspec.json.decode(gzip.decompress(got.body))["page"]["totalElements"] == 1


async def test_head_is_get_without_a_body(client: Client) -> None:
    got, head = await client.get("/v2/users/me"), await client.head("/v2/users/me")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["content-length"] == str(len(got.content))
    assert head.headers["content-type"] == HAL


async def test_head_without_a_token_is_401(app: App) -> None:
    got = await send(app.door, "HEAD", "/v2/users/me")

    assert (got.status, got.body) == (401, b"")


@pytest.mark.parametrize("path", ["/v2/conversations", "/v2/nothing", "/v2/oauth2/token", "/v3/x", "//v2/tags"])
async def test_a_preflight_costs_nothing_and_needs_no_token(app: App, path: str) -> None:
    got = await send(app.door, "OPTIONS", path, headers=[("origin", "https://shop.test")])

    assert (got.status, got.body) == (204, b"")
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["access-control-allow-methods"] == "GET,POST,PUT,PATCH,DELETE,OPTIONS"
    assert got.headers["access-control-allow-headers"] == "Authorization, Content-Type, Accept, Correlation-Id"
    assert got.headers["access-control-expose-headers"] == (
        "Location, Resource-ID, Web-Location, Correlation-Id, X-RateLimit-Limit-Minute, X-RateLimit-Remaining-Minute, "
        "X-RateLimit-Retry-After"
    )
    assert got.headers["access-control-max-age"] == "3600"


async def test_a_script_of_another_site_may_read_the_headers_and_nobody_else_sees_a_difference(app: App, given: Given) -> None:
    async with given.client(given.owner) as client:
        script = await client.get("/v2/tags", headers={"Origin": "https://shop.test"})
        plain = await client.get("/v2/tags")

    assert "Resource-ID" in script.headers["access-control-expose-headers"]
    assert "access-control-expose-headers" not in plain.headers
