"""Workflows: listed, switched off and on, run."""

from desk import real
from steps import has, one, same


def lists_workflows(desk):
    listed = real(desk.hs.workflows.get())
    for workflow in listed:
        has(workflow, mailboxId=int, type=str, status=str, order=int, name=str, modifiedAt=str)
    same({workflow.type for workflow in listed}, {"automatic", "manual"})
    manual = real(desk.hs.workflows.get(params={"type": "manual"}))
    same({workflow.id for workflow in manual}, {each.id for each in listed if each.type == "manual"})


def switches_a_workflow_off_and_on(desk):
    workflow = real(desk.hs.workflows.get())[0]
    for status in ("inactive", "active"):
        desk.hs.workflows.patch(workflow.id, data={"op": "replace", "path": "/status", "value": status})
        same(one(each for each in real(desk.hs.workflows.get()) if each.id == workflow.id).status, status)


def runs_a_workflow(desk):
    here = desk.conversation.get().mailboxId
    workflow = real(desk.hs.workflows.get(params={"type": "manual", "mailboxId": here}))[0]
    desk.hs.workflows[workflow.id].run.post(data={"conversationIds": [desk.conversation_id]})
    told = one(thread for thread in desk.threads("lineitem") if thread.action["type"] == "manual-workflow")
    same(told.action["associatedEntities"], {"workflow": workflow.id})
