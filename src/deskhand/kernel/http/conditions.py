"""``ETag`` for who asks for it, ``If-None-Match`` on reads, ``If-Match`` on writes: no update is lost between two clients.

The vendor sends no ETag (contract 00 §4.1), so an answer has one only where the request says ``Prefer: etag`` or names one.
It stands for the version of the conversation or customer in the address, not for the bytes of the answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from litestar.types import Scope
from msgspec import Struct

from deskhand.kernel.errors import Unmet
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.transaction import Snapshot, Transaction

Version = Callable[[Snapshot, int], Awaitable[str | None]]
"""The version of a thing as letters and digits, None for who does not see it; in an operation nobody else changes it then."""

Versions = Mapping[str, Version]
"""By the name of the path id that says which thing it is."""

NAMES = frozenset({b"if-match", b"if-none-match", b"prefer"})


class Conditions(Struct, frozen=True):
    """What a request asks for; tags are without quotes, ``*`` is any."""

    wants_tag: bool
    if_match: frozenset[str] | None
    if_none_match: frozenset[str] | None


def conditions(scope: Scope) -> Conditions | None:
    """The conditions of a request; None for one without, as an unmodified client sends it."""
    found = {name: value for name, value in scope["headers"] if name in NAMES}
    if not found:
        return None
    wants = "etag" in {each.strip().lower() for each in found.get(b"prefer", b"").decode("latin-1").split(",")}
    if_match, if_none_match = (_tags(found.get(name)) for name in (b"if-match", b"if-none-match"))
    if not wants and if_match is None and if_none_match is None:
        return None
    return Conditions(wants, if_match, if_none_match)


async def read(
    view: Snapshot, asked: Conditions, version: Version, thing_id: int, work: Callable[[], Awaitable[Answer]]
) -> Answer:
    """A read with its ETag, or 304 if the client has that version."""
    tag = await version(view, thing_id)
    if tag is not None and _holds(asked.if_none_match, tag):
        return _tagged(Answer(304), tag)
    return _tagged(await work(), tag)


def written(
    asked: Conditions, version: Version | None, thing_id: int, work: Callable[[Transaction], Awaitable[Answer]]
) -> Callable[[Transaction], Awaitable[Answer]]:
    """An operation that is done only if the thing is as the client knows it. Raises Unmet if it is not, or has no ETag."""

    async def run(tx: Transaction) -> Answer:
        if version is None:
            if asked.if_match is not None:
                raise Unmet("What is at this address has no ETag")
            return await work(tx)
        if asked.if_match is not None:
            tag = await version(tx, thing_id)
            # Of what is not there, or not to be seen, the operation itself says so.
            if tag is not None and not _holds(asked.if_match, tag):
                raise Unmet(f'It has changed meanwhile: its ETag is "{tag}" now')
        done = await work(tx)
        return _tagged(done, await version(tx, thing_id))

    return run


def _tags(value: bytes | None) -> frozenset[str] | None:
    if value is None:
        return None
    return frozenset(each.strip().removeprefix("W/").strip('"') for each in value.decode("latin-1").split(","))


def _holds(tags: frozenset[str] | None, tag: str) -> bool:
    return tags is not None and ("*" in tags or tag in tags)


def _tagged(answer: Answer, tag: str | None) -> Answer:
    if tag is not None:
        answer.headers = [*answer.headers, (b"etag", f'"{tag}"'.encode())]
    return answer
