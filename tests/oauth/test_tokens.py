"""The token endpoint, every grant and every refusal (contract 00 §2.2, §2.3)."""

from __future__ import annotations

import base64
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec import Struct
from sqlalchemy import update

from deskhand.app import App
from deskhand.kernel import log
from deskhand.kernel.storage.statements import param, write
from deskhand.oauth import operations, queries
from deskhand.users import operations as users
from deskhand.users.tables import users as users_table
from tests.conftest import MovableClock
from tests.contract.raw import Got, send
from tests.given import Given

PATH = "/v2/oauth2/token"
FORM = ("content-type", "application/x-www-form-urlencoded")
BAD_CLIENT = b'{"error_description":"Invalid client authentication","error":"invalid_client"}'
BAD_CODE = b'{"error_description":"Invalid code","error":"invalid_request"}'
BAD_REFRESH = b'{"error_description":"Invalid refresh_token","error":"invalid_request"}'
BAD_GRANT = b'{"error_description":"Invalid grant_type","error":"unsupported_grant_type"}'
DISABLE = write(update(users_table).where(users_table.c.id == param("user_id")).values(state=param("state")))


class Shop(Struct):
    """An application, and how to ask for tokens with it."""

    app: App
    given: Given
    id: str
    secret: str
    user: int

    async def ask(self, **fields: Any) -> Got:
        body = {"client_id": self.id, "client_secret": self.secret} | fields
        return await send(self.app.door, "POST", PATH, json.dumps(body).encode(), [("content-type", "application/json")])

    async def code(self) -> str:
        async with self.given.write() as tx:
            application = await queries.application(tx, self.id)
            assert application
            return await operations.issue_code(tx, application, self.user)

    async def status(self, token: str) -> int:
        return (await send(self.app.door, "GET", "/v2/users/me", token=token)).status


@pytest.fixture
async def shop(app: App, given: Given) -> Shop:
    user = await given.user("Ona")
    async with given.write() as tx:
        client_id, secret = await operations.register(tx, "Shop", user, redirect_url="https://shop.test/back?x=1")
    return Shop(app, given, client_id, secret, user)


async def test_client_credentials_bring_a_token_of_the_owner(shop: Shop) -> None:
    got = await shop.ask(grant_type="client_credentials")

    assert got.status == 200
    assert got.headers == {
        "content-type": "application/json; charset=utf-8",
        "content-length": str(len(got.body)),
        "cache-control": "no-store",
        "pragma": "no-cache",
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "x-xss-protection": "1; mode=block",
    }
    body = got.json()
    assert got.body.endswith(b"}\n")
    assert list(body) == ["token_type", "access_token", "expires_in"]
    assert (body["token_type"], body["expires_in"], len(body["access_token"])) == ("bearer", 172800, 32)
    me = await send(shop.app.door, "GET", "/v2/users/me", token=body["access_token"])
    assert (me.json()["id"], me.json()["companyId"]) == (shop.user, 1)


async def test_fields_may_come_in_any_of_four_ways(shop: Shop) -> None:
    door = shop.app.door
    form = f"grant_type=client_credentials&client_id={shop.id}&client_secret={shop.secret}"
    basic = "Basic " + base64.b64encode(f"{shop.id}:{shop.secret}".encode()).decode()
    ways = [
        await send(door, "POST", PATH, form.encode(), [FORM]),
        await send(door, "POST", PATH, query=form.encode()),
        await send(door, "POST", PATH, b'{"grant_type":"client_credentials"}', [("authorization", basic)]),
        await send(door, "POST", PATH, b"grant_type=client_credentials", [FORM, ("authorization", basic)]),
        await send(door, "POST", PATH + "/", form.encode(), [("content-type", FORM[1] + ";charset=UTF-8")]),
        await send(
            door, "POST", PATH, f'{{"client_secret":"{shop.secret}"}}'.encode(), query=form.replace(shop.secret, "old").encode()
        ),
    ]

    assert [each.status for each in ways] == [200] * len(ways)
    assert len({each.json()["access_token"] for each in ways}) == len(ways)


@pytest.mark.parametrize(
    "wrong", [{"client_id": "x"}, {"client_secret": "x"}, {"client_id": "\0"}, {"client_id": None}, {"client_secret": ""}]
)
async def test_wrong_credentials_are_400(shop: Shop, wrong: dict[str, Any]) -> None:
    got = await shop.ask(grant_type="client_credentials", **wrong)

    assert (got.status, got.body) == (400, BAD_CLIENT)
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert "www-authenticate" not in got.headers
    assert "correlation-id" not in got.headers


@pytest.mark.parametrize("basic", ["x:y", ":", "\0:\0", None])
async def test_wrong_credentials_in_a_basic_header_are_401(shop: Shop, basic: str | None) -> None:
    value = "Basic " + (base64.b64encode(basic.encode()).decode() if basic is not None else "%%%")
    got = await send(shop.app.door, "POST", PATH, b"grant_type=client_credentials", [FORM, ("authorization", value)])

    assert (got.status, got.body) == (401, BAD_CLIENT)
    assert got.headers["www-authenticate"] == 'Basic realm="OAuth2.0"'


async def test_too_many_wrong_credentials_are_braked_and_right_ones_never(shop: Shop, clock: MovableClock) -> None:
    wrong = [(await shop.ask(grant_type="client_credentials", client_secret="x")).status for _ in range(20)]
    braked = await shop.ask(grant_type="client_credentials", client_secret="x")
    right = await shop.ask(grant_type="client_credentials")
    clock.move(timedelta(minutes=16))
    later = await shop.ask(grant_type="client_credentials", client_secret="x")

    assert wrong == [400] * 20
    assert (braked.status, braked.body) == (429, b'{"message":"API rate limit exceeded"}')
    assert 0 < int(braked.headers["retry-after"]) <= 901
    assert (right.status, later.status) == (200, 400)


@pytest.mark.parametrize("grant", [None, "", "password", "CLIENT_CREDENTIALS", 7, ["client_credentials"]])
async def test_an_unknown_grant_is_400(shop: Shop, grant: Any) -> None:
    got = await shop.ask(grant_type=grant)

    assert (got.status, got.body) == (400, BAD_GRANT)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"\xff", b"null", b"a=b&c"])
async def test_a_strange_body_is_400(shop: Shop, body: bytes) -> None:
    for kind in ("application/json", "application/x-www-form-urlencoded", "text/plain"):
        assert (await send(shop.app.door, "POST", PATH, body, [("content-type", kind)])).status == 400


async def test_a_code_brings_tokens_once(shop: Shop) -> None:
    code = await shop.code()
    first = await shop.ask(grant_type="authorization_code", code=code, redirect_uri="https://ignored.test")

    assert first.status == 200
    assert list(first.json()) == ["refresh_token", "token_type", "access_token", "expires_in"]
    assert await shop.status(first.json()["access_token"]) == 200

    second = await shop.ask(grant_type="authorization_code", code=code)
    assert (second.status, second.body) == (400, BAD_CODE)
    assert await shop.status(first.json()["access_token"]) == 401, "it may have been stolen"
    refreshed = await shop.ask(grant_type="refresh_token", refresh_token=first.json()["refresh_token"])
    assert (refreshed.status, refreshed.body) == (400, BAD_REFRESH)


async def test_a_late_second_use_of_a_code_is_noticed_too(shop: Shop, clock: MovableClock) -> None:
    code = await shop.code()
    first = await shop.ask(grant_type="authorization_code", code=code)
    clock.move(timedelta(hours=2))

    assert (await shop.ask(grant_type="authorization_code", code=code)).body == BAD_CODE
    assert await shop.status(first.json()["access_token"]) == 401


async def test_a_code_ends_after_ten_minutes(shop: Shop, clock: MovableClock) -> None:
    code, other = await shop.code(), await shop.code()
    clock.move(timedelta(minutes=9, seconds=50))
    assert (await shop.ask(grant_type="authorization_code", code=code)).status == 200
    clock.move(timedelta(seconds=20))

    assert (await shop.ask(grant_type="authorization_code", code=other)).body == BAD_CODE


async def test_a_code_is_for_its_application(shop: Shop, given: Given) -> None:
    async with given.write() as tx:
        other_id, other_secret = await operations.register(tx, "Other", shop.user)
    code = await shop.code()
    stolen = await shop.ask(grant_type="authorization_code", code=code, client_id=other_id, client_secret=other_secret)

    assert (stolen.status, stolen.body) == (400, BAD_CODE)
    assert (await shop.ask(grant_type="authorization_code", code=code)).status == 200


@pytest.mark.parametrize("code", [None, "", "unknown", "\0", 7])
async def test_no_code_is_no_code(shop: Shop, code: Any) -> None:
    assert (await shop.ask(grant_type="authorization_code", code=code)).body == BAD_CODE


async def test_refreshing_replaces_both_tokens_at_once(shop: Shop) -> None:
    first = (await shop.ask(grant_type="authorization_code", code=await shop.code())).json()
    assert await shop.status(first["access_token"]) == 200
    second = (await shop.ask(grant_type="refresh_token", refresh_token=first["refresh_token"])).json()

    assert list(second) == ["refresh_token", "token_type", "access_token", "expires_in"]
    assert await shop.status(first["access_token"]) == 401
    assert await shop.status(second["access_token"]) == 200
    again = await shop.ask(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status, again.body) == (400, BAD_REFRESH)
    assert await shop.status(second["access_token"]) == 200


async def test_a_token_ends_after_two_days(shop: Shop, clock: MovableClock) -> None:
    first = (await shop.ask(grant_type="authorization_code", code=await shop.code())).json()
    clock.move(timedelta(days=1, hours=23))
    assert await shop.status(first["access_token"]) == 200
    clock.move(timedelta(hours=2))
    assert await shop.status(first["access_token"]) == 401

    second = (await shop.ask(grant_type="refresh_token", refresh_token=first["refresh_token"])).json()
    assert await shop.status(second["access_token"]) == 200


async def test_many_tokens_are_good_at_once(shop: Shop) -> None:
    tokens = [(await shop.ask(grant_type="client_credentials")).json()["access_token"] for _ in range(5)]

    assert [await shop.status(token) for token in tokens] == [200] * 5


async def test_who_is_no_longer_here_gets_401(shop: Shop, given: Given) -> None:
    token = (await shop.ask(grant_type="client_credentials")).json()["access_token"]
    grown = (await shop.ask(grant_type="authorization_code", code=await shop.code())).json()
    code = await shop.code()
    assert await shop.status(token) == 200
    async with given.write() as tx:
        await tx.write(DISABLE, user_id=shop.user, state="disabled")
        tx.access_changed = True

    assert await shop.status(token) == 401
    assert (await shop.ask(grant_type="refresh_token", refresh_token=grown["refresh_token"])).body == BAD_REFRESH
    assert (await shop.ask(grant_type="authorization_code", code=code)).body == BAD_CODE


async def test_who_has_not_accepted_yet_gets_401(shop: Shop, given: Given) -> None:
    token = (await shop.ask(grant_type="client_credentials")).json()["access_token"]
    async with given.write() as tx:
        await tx.write(DISABLE, user_id=shop.user, state="invited")
        tx.access_changed = True

    assert await shop.status(token) == 401


async def test_another_password_ends_sessions_not_tokens(shop: Shop, given: Given) -> None:
    token = (await shop.ask(grant_type="client_credentials")).json()["access_token"]
    hashed = await users.hashed("correct horse battery")
    async with given.write() as tx:
        session = await users.sign_in(tx, shop.user, "192.0.2.7")
        await users.set_password(tx, shop.user, hashed)

    async with given.read() as view:
        assert await users.session_user(view, session) is None
    assert await shop.status(token) == 200


async def test_nothing_secret_is_kept_or_logged(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.StringIO()
    monkeypatch.setattr(log._output, "stream", written)
    got = (await shop.ask(grant_type="authorization_code", code=(code := await shop.code()))).json()
    await shop.ask(grant_type="refresh_token", refresh_token="no-such-token")
    await send(shop.app.door, "POST", PATH, query=f"client_secret={shop.secret}&grant_type=x".encode())
    await shop.status(got["access_token"])
    said = written.getvalue()

    assert "answered" in said
    async with shop.given.read() as view:
        kept = repr(await view.all(queries.APPLICATION, client_id=shop.id))
    for secret in (shop.secret, code, got["access_token"], got["refresh_token"]):
        assert secret not in said
        assert secret not in kept


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "/here",
        "https://",
        "shop.test",
        "https://a.test/#x",
        "https://a.test/\r\nX: y",
        "https://a b",
        "ftp://x.test",
    ],
)
async def test_a_redirection_address_is_a_whole_one(given: Given, url: str) -> None:
    with pytest.raises(Exception, match="http or https"):
        async with given.write() as tx:
            await operations.register(tx, "Shop", given.owner, redirect_url=url)
