"""Conversations as wire bodies, with what hangs on them, read in few statements: for routes, and for who is told of them."""

from __future__ import annotations

from msgspec import UNSET

from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation, ConversationTag, FieldValue, Thread
from deskhand.conversations.schemas.conversations import ConversationBody, EmbeddedThreads, conversation_body
from deskhand.conversations.schemas.threads import ThreadBody, thread_body
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.transaction import Snapshot


async def bodies(
    view: Snapshot, found: list[Conversation], origins: Origins, *, embeds: bool, system: str = "user"
) -> list[ConversationBody]:
    """Conversations with what hangs on them, in two statements for all (four with threads). ``system`` is what v2 or v3 calls
    the desk itself."""
    ids = [it.id for it in found]
    tags: dict[int, list[ConversationTag]] = {}
    values: dict[int, list[FieldValue]] = {}
    if ids:
        for tag in await view.all(one.TAGS, ids=ids):
            tags.setdefault(tag.conversation_id, []).append(tag)
        for value in await view.all(one.FIELDS, ids=ids):
            values.setdefault(value.conversation_id, []).append(value)
    said: dict[int, list[ThreadBody]] | None = None
    if embeds:
        said = await _threads(view, await view.all(one.THREADS_OF, ids=ids), view.actor.user_id, origins, system)
    return [
        conversation_body(
            it,
            tags.get(it.id, []),
            values.get(it.id, []),
            UNSET if said is None else said.get(it.id, []),
            view.now,
            origins,
        )
        for it in found
    ]


async def told(view: Snapshot, conversation_id: int, origins: Origins, *, most_threads: int) -> ConversationBody | None:
    """Any conversation, whoever may see it, with its newest threads as nobody in particular reads them; None if erased."""
    it = await view.first(one.GET, conversation_id=conversation_id)
    if it is None:
        return None
    (body,) = await bodies(view, [it], origins, embeds=False)
    newest = await view.all(one.THREAD_PAGE, conversation_id=it.id, most=most_threads, skip=0)
    body.embedded = EmbeddedThreads((await _threads(view, newest, 0, origins, "user")).get(it.id, []))
    return body


async def _threads(
    view: Snapshot, found: list[Thread], viewer_id: int, origins: Origins, system: str
) -> dict[int, list[ThreadBody]]:
    files = await one.attachments_of(view, found)
    said: dict[int, list[ThreadBody]] = {}
    for it in found:
        body = thread_body(it, files.get(it.id, []), viewer_id, origins, system=system)
        said.setdefault(it.conversation_id, []).append(body)
    return said
