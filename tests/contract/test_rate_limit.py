"""One bucket for the account (contract 00 §9)."""

from __future__ import annotations

import msgspec
import pytest

from deskhand.app import make_app
from deskhand.settings import Settings
from tests.contract.raw import Got, send
from tests.given import Given


async def test_reads_cost_one_and_writes_two_until_nothing_is_left(settings: Settings, given: Given) -> None:
    app = make_app(msgspec.structs.replace(settings, rate_limit=5), works=False)
    await app.desk.database.open()
    token = await given.token(given.owner)
    app.door.limits.spend("GET", 0.0)  # an old minute, which must not count

    async def ask(method: str, token: str | None) -> Got:
        return await send(app.door, method, "/v2/customers", b'{"firstName": "P"}', token=token)

    try:
        strangers = [await ask("GET", None) for _ in range(10)]
        answers = [
            await ask(*each) for each in [("GET", token), ("POST", token), ("GET", token), ("POST", token), ("GET", token)]
        ]
        again = await ask("GET", token)
        stranger = await ask("GET", None)
    finally:
        await app.desk.database.close()

    left = [(each.status, each.headers["x-ratelimit-remaining-minute"]) for each in answers]
    if left[-1][0] == 200 and left[0][1] != "4":
        pytest.skip("the minute ended meanwhile")
    assert {each.headers["x-ratelimit-remaining-minute"] for each in strangers} == {"5"}
    assert {each.headers["x-ratelimit-limit-minute"] for each in [*strangers, *answers]} == {"5"}
    assert left == [(200, "4"), (201, "2"), (200, "1"), (429, "1"), (200, "0")]
    assert (again.status, stranger.status) == (429, 401)
    assert again.headers["content-type"] == "application/json; charset=utf-8"
    assert again.body == b'{"message":"API rate limit exceeded"}'
    assert again.headers["x-ratelimit-remaining-minute"] == "0"
    assert again.headers["x-ratelimit-retry-after"] == again.headers["retry-after"]
    assert 1 <= int(again.headers["retry-after"]) <= 60
