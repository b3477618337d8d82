"""Workflows made as the API takes them, and the jobs that let them fire."""

from __future__ import annotations

from typing import Any

import msgspec

from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.kernel import feed
from deskhand.kernel.errors import Source
from deskhand.kernel.events import REGISTER
from deskhand.kernel.http import wire
from deskhand.kernel.permissions import system_actor
from deskhand.workflows.operations import defining, running
from deskhand.workflows.queries import runs
from deskhand.workflows.queries.runs import Run
from deskhand.workflows.schemas.definitions import DefinitionInput, given
from tests.given import Given


class Workflows:
    """Builders and looks, on the inbox of ``given``."""

    def __init__(self, of: Given) -> None:
        self.given = of

    async def make(self, *actions: dict[str, Any], when: list[dict[str, Any]] | None = None, **more: Any) -> int:
        """An active automatic workflow; without ``when`` it fires for whatever happens."""
        active = more.pop("active", True)
        async with self.given.write(self.given.owner) as tx:
            return await defining.create(tx, given(self.input(*actions, when=when, **more)), active=active)

    def input(self, *actions: dict[str, Any], when: list[dict[str, Any]] | None = None, **more: Any) -> DefinitionInput:
        """A definition as it comes in."""
        anything = [{"field": "trigger", "comparison": "is-none-of", "value": ["woken"]}]
        body: dict[str, Any] = {
            "mailboxId": self.given.inbox,
            "type": "automatic",
            "name": "Triage",
            "conditions": anything if when is None else when,
            "actions": list(actions) or [{"type": "add-note", "text": "seen"}],
        }
        found: DefinitionInput = wire.convert(body | more, DefinitionInput, Source.JSON)
        return found

    async def manual(self, *actions: dict[str, Any], when: list[dict[str, Any]] | None = None, **more: Any) -> int:
        """An active manual workflow."""
        return await self.make(*actions, when=when or [], type="manual", **more)

    async def run(self, workflow_id: int, *conversation_ids: int, by: int | None = None) -> None:
        """Run a manual one."""
        async with self.given.write(by or self.given.owner) as tx:
            await running.run_by_hand(tx, workflow_id, list(conversation_ids))

    async def work(self) -> int:
        """Run every job that is due."""
        return await self.given.app.worker.run_due()

    async def runs(self, conversation_id: int) -> list[Run]:
        """The runs on a conversation, oldest first."""
        async with self.given.read() as view:
            return (await runs.of_conversation(view, conversation_id, None, 1000))[::-1]

    async def conversation(self, conversation_id: int) -> Conversation:
        async with self.given.read() as view:
            return await one.get(view, conversation_id)

    async def threads(self, conversation_id: int) -> list[Thread]:
        """The entries of a conversation, oldest first."""
        async with self.given.read() as view:
            return sorted(await view.all(one.THREADS, conversation_id=conversation_id), key=lambda each: each.id)


async def events_of(given: Given, *, parsed: bool = False) -> list[Any]:
    """Everything that happened, as it is stored, or as it was recorded."""
    piece = await feed.piece(given.desk, system_actor(), 0, 1000, None)
    if parsed:
        return [msgspec.json.decode(each.body, type=REGISTER[each.type]) for each in piece.facts]
    return list(piece.facts)
