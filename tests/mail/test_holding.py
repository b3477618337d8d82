"""Two people at one held message."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from functools import partial

import pytest

from deskhand.kernel.errors import NotFound
from deskhand.mail.operations import holding
from tests.mail.post import Post, letter

Act = Callable[..., Awaitable[None]]
ACTS: dict[str, Act] = {
    "fetched": partial(holding.complete, blob="", size_bytes=0),
    "retried": holding.retry,
    "let go": holding.drop,
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
async def test_of_two_at_the_same_moment_one_has_it(post: Post, act: Act) -> None:
    held = await post.take(letter(), reason="somebody is to look")

    async def again() -> None:
        async with post.given.write() as tx:
            await act(tx, held)

    async with post.given.write() as tx:
        await act(tx, held)
        other = asyncio.create_task(again(), context=Context())
        await asyncio.sleep(0.1)  # on PostgreSQL it has seen the message held, and waits to change it

    with pytest.raises(NotFound):
        await other
