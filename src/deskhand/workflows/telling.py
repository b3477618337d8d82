"""What is told to workflows of an operation that ends: one fact, and so one job, for each conversation it did something to."""

from __future__ import annotations

from collections import defaultdict

from deskhand.conversations.model import ConversationState, ThreadAdded
from deskhand.kernel.transaction import Stored, Transaction
from deskhand.workflows.model.facts import Happening, Trigger, WorkflowsAlerted, conversation_of, trigger_of
from deskhand.workflows.queries import definitions, scenes


async def alert(tx: Transaction, facts: list[Stored]) -> None:
    """Record what happened to conversations that are out, in inboxes with automatic workflows that are active."""
    happened = _grouped(facts)
    if not happened:
        return
    inbox_ids = set(await tx.all(definitions.ACTIVE_INBOXES))
    for conversation_id, several in happened.items() if inbox_ids else ():
        place = await tx.first(scenes.PLACE, conversation_id=conversation_id)
        if place is None or place.state is not ConversationState.PUBLISHED or place.inbox_id not in inbox_ids:
            continue
        happening = Happening(
            event_id=several[0][0].id,
            at=tx.instant,
            triggers=tuple(sorted({trigger for _, trigger in several})),
            thread_id=max((fact.event.thread_id for fact, _ in several if isinstance(fact.event, ThreadAdded)), default=0),
            newest_id=place.newest_id or 0,
            run_id=max(fact.actor.run_id for fact, _ in several),
        )
        tx.record(WorkflowsAlerted(conversation_id=conversation_id, happening=happening))
    await tx.finish_now()


def _grouped(facts: list[Stored]) -> dict[int, list[tuple[Stored, Trigger]]]:
    """Facts that are triggers, by their conversation."""
    happened: dict[int, list[tuple[Stored, Trigger]]] = defaultdict(list)
    for fact in facts:
        trigger = trigger_of(fact.event, fact.actor.kind)
        if trigger is not None:
            happened[conversation_of(fact.event)].append((fact, trigger))
    return happened
