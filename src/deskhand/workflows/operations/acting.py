"""The actions of a run: each is an operation that everybody else calls, too."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from msgspec import UNSET, Struct
from sqlalchemy import select, update

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import changing, fields, forwarding, snoozing, tagging, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Held
from deskhand.customers import queries as customers
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import Place, RoutingMethod, next_owner, passed_over
from deskhand.kernel.errors import Collision, DeskError, Invalid, NotFound, Unavailable, Unmet
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.tags.tables import tags
from deskhand.users import queries as users
from deskhand.webhooks.operations import hooks
from deskhand.workflows.model import definition as actions
from deskhand.workflows.model.definition import Action, span
from deskhand.workflows.model.facts import MOST_REPLIES, REPLIES_WITHIN, Happening, Outcome, Result
from deskhand.workflows.model.telling import told
from deskhand.workflows.model.variables import rendered
from deskhand.workflows.queries.definitions import Workflow, locked
from deskhand.workflows.queries.scenes import ANSWERED, REPLIES_SINCE
from deskhand.workflows.tables import workflows


class Acting(Struct, frozen=True):
    """A run at work: ``place`` is the action's in its definition; ``happening`` is None by hand."""

    workflow: Workflow
    conversation_id: int
    happening: Happening | None
    place: int


TAG_NAMES = read(select(tags.c.name).where(any_of(tags.c.id, "ids")).order_by(tags.c.id), str)
SET_TURNS = write(update(workflows).where(workflows.c.id == param("workflow_id")).values(turns=param("turns")))


async def act(tx: Transaction, run: Acting, action: Action) -> Result:
    """Do one action, and say what came of it. One that is refused leaves nothing behind."""
    kind = str(type(action).__struct_config__.tag)
    try:
        async with tx.attempt():
            state, text = await ACTIONS[type(action)](tx, run, action)
    except (Collision, Unavailable):
        raise
    except NotFound:
        return Result(kind, Outcome.REFUSED, "something that it needs is gone")
    except Invalid as error:
        return Result(kind, Outcome.REFUSED, "; ".join(f"{each.path} {each.message}" for each in error.mistakes))
    except DeskError as error:
        return Result(kind, Outcome.REFUSED, error.message)
    return Result(kind, state, text)


def _done(action: Action) -> tuple[Outcome, str]:
    return Outcome.DONE, told(action)


def _unless(same: bool, action: Action) -> tuple[Outcome, str]:  # noqa: FBT001 - reads as a sentence
    return (Outcome.UNCHANGED, "it was so already") if same else _done(action)


async def _set_status(tx: Transaction, run: Acting, it: actions.SetStatus) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    await changing.set_status(tx, before.id, it.status)
    return _unless(before.status is it.status, it)


async def _assign(tx: Transaction, run: Acting, it: actions.Assign) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    await changing.assign(tx, before.id, to=it.to)
    return _unless(before.assignee_id == it.to, it)


async def _assign_in_turn(tx: Transaction, run: Acting, it: actions.AssignInTurn) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    turns = (await locked(tx, run.workflow.id)).turns
    several = list(it.users) if it.team is None else await users.member_ids(tx, it.team)
    workers = set(await inboxes.workers(tx, before.inbox_id))
    present = await users.present(tx, several)
    places = [Place(each, 0, passed_over(0, 1, in_rotation=each in workers, present=each in present)) for each in several]
    owner = next_owner(places, RoutingMethod.ROUND_ROBIN, turns.get(str(run.place)))
    if owner is None:
        raise Unmet("everybody is away or has no access to the inbox")
    await changing.assign(tx, before.id, to=owner)
    await tx.write(SET_TURNS, workflow_id=run.workflow.id, turns=turns | {str(run.place): owner})
    return _unless(before.assignee_id == owner, actions.Assign(owner))


async def _add_tags(tx: Transaction, run: Acting, it: actions.AddTags) -> tuple[Outcome, str]:
    before = await _tags(tx, run)
    await tagging.change_tags(tx, run.conversation_id, add=await tx.all(TAG_NAMES, ids=list(it.tags)), remove=[])
    return _unless(set(it.tags) <= before, it)


async def _remove_tags(tx: Transaction, run: Acting, it: actions.RemoveTags) -> tuple[Outcome, str]:
    before = await _tags(tx, run)
    await tagging.change_tags(tx, run.conversation_id, add=[], remove=await tx.all(TAG_NAMES, ids=list(it.tags)))
    return _unless(before.isdisjoint(it.tags), it)


async def _tags(tx: Transaction, run: Acting) -> set[int]:
    it = await one.locked(tx, run.conversation_id)
    return {each.id for each in await tx.all(one.TAGS, ids=[it.id])}


async def _set_field(tx: Transaction, run: Acting, it: actions.SetField) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    values = {each.id: each.value for each in await tx.all(one.FIELDS, ids=[before.id])}
    await fields.set_fields(tx, before.id, list((values | {it.field: it.value}).items()))
    return _unless(values.get(it.field, "") == it.value, it)


async def _move(tx: Transaction, run: Acting, it: actions.Move) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    await changing.move(tx, before.id, it.inbox_id)
    return _unless(before.inbox_id == it.inbox_id, it)


async def _add_note(tx: Transaction, run: Acting, it: actions.AddNote) -> tuple[Outcome, str]:
    text = await _filled(tx, run, it.text)
    await threads.add(tx, run.conversation_id, NewThread(type=ThreadType.NOTE, text=text))
    return _done(it)


async def _send_reply(tx: Transaction, run: Acting, it: actions.SendReply) -> tuple[Outcome, str]:
    before = await one.locked(tx, run.conversation_id)
    if not before.customer_email:
        raise Unmet("the customer has no address")
    if run.happening is not None and (reason := await _holding_back(tx, before.id, run.happening)):
        return Outcome.HELD, reason
    text = it.text
    if it.saved_reply:
        text = (await inboxes.saved_reply(tx, run.workflow.inbox_id, it.saved_reply)).text or ""
    reply = NewThread(
        type=ThreadType.MESSAGE,
        text=await _filled(tx, run, text),
        status=before.status.value,
        assign_to=None if before.assignee_id is None else UNSET,
        saved_reply_id=it.saved_reply if before.inbox_id == run.workflow.inbox_id else 0,
    )
    await threads.add(tx, before.id, reply)
    return _done(it)


async def _holding_back(tx: Transaction, conversation_id: int, happening: Happening) -> str | None:
    if await tx.first(ANSWERED, conversation_id=conversation_id, newest_id=happening.newest_id, at=happening.at) is not None:
        return "somebody has replied since"
    if await tx.one(REPLIES_SINCE, conversation_id=conversation_id, since=tx.now - REPLIES_WITHIN) >= MOST_REPLIES:
        return f"workflows have replied {MOST_REPLIES} times within a day"
    return None


async def _forward(tx: Transaction, run: Acting, it: actions.Forward) -> tuple[Outcome, str]:
    text = await _filled(tx, run, it.text)
    began = await forwarding.forward(tx, run.conversation_id, to=it.to, text=text, only_newest=True)
    return Outcome.DONE, f"{told(it)} as conversation {began.conversation_id}"


async def _snooze(tx: Transaction, run: Acting, it: actions.Snooze) -> tuple[Outcome, str]:
    length = span(it.span)
    assert length is not None  # checked when it was defined
    await snoozing.snooze(tx, run.conversation_id, until=tx.now + length, wakes_on_reply=it.wakes_on_reply)
    return _done(it)


async def _notify_webhook(tx: Transaction, run: Acting, it: actions.NotifyWebhook) -> tuple[Outcome, str]:
    await hooks.call(tx, it.webhook, run.conversation_id)
    return _done(it)


async def _delete(tx: Transaction, run: Acting, it: actions.Delete) -> tuple[Outcome, str]:
    await changing.delete(tx, run.conversation_id)
    return _done(it)


ACTIONS: dict[type[Action], Callable[[Transaction, Acting, Any], Awaitable[tuple[Outcome, str]]]] = {
    actions.AddNote: _add_note,
    actions.AddTags: _add_tags,
    actions.Assign: _assign,
    actions.AssignInTurn: _assign_in_turn,
    actions.Delete: _delete,
    actions.Forward: _forward,
    actions.Move: _move,
    actions.NotifyWebhook: _notify_webhook,
    actions.RemoveTags: _remove_tags,
    actions.SendReply: _send_reply,
    actions.SetField: _set_field,
    actions.SetStatus: _set_status,
    actions.Snooze: _snooze,
}


async def _filled(tx: Transaction, run: Acting, text: str) -> str:
    """A text with its variables filled in from the conversation as it is now."""
    return rendered(text, await _values(tx, await one.locked(tx, run.conversation_id))) if "{%" in text else text


async def _values(view: Snapshot, it: Held) -> dict[str, str]:
    customer = await customers.get(view, it.customer_id)
    inbox = await inboxes.find(view, it.inbox_id)
    owner = None if it.assignee_id is None else await users.assignee(view, it.assignee_id)
    assert inbox is not None  # a foreign key holds it
    first, last = customer.first_name or "", customer.last_name or ""
    return {
        "assignee.firstName": owner.first_name if owner else "",
        "assignee.fullName": f"{owner.first_name} {owner.last_name}".strip() if owner else "",
        "assignee.lastName": owner.last_name if owner else "",
        "conversation.number": str(it.number),
        "conversation.subject": it.subject,
        "customer.email": it.customer_email,
        "customer.firstName": first,
        "customer.fullName": f"{first} {last}".strip(),
        "customer.lastName": last,
        "customer.organization": customer.organization or "",
        "mailbox.email": inbox.email,
        "mailbox.name": inbox.name,
    }
