"""When automatic workflows fire: triggers, order, once or always, chains and limits."""

from __future__ import annotations

from deskhand.conversations.model import Status
from tests.given import Given
from tests.workflows.making import Workflows


async def test_a_workflow_fires_for_a_new_conversation(given: Given, workflows: Workflows) -> None:
    workflow = await workflows.make(
        {"type": "set-status", "status": "pending"}, when=[{"field": "trigger", "comparison": "is", "value": "created"}]
    )
    conversation = await given.conversation()

    await workflows.work()

    (run,) = await workflows.runs(conversation)
    assert (run.workflow_id, run.state, run.depth, run.parent_id) == (workflow, "done", 1, None)
    assert (await workflows.conversation(conversation)).status is Status.PENDING
    line = next(each for each in await workflows.threads(conversation) if each.action_type == "automatic-workflow")
    assert (line.action_text, line.action_entities) == ("ran the Triage workflow", {"workflow": workflow})
