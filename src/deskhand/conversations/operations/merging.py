"""Merging, and un-merging while nothing was added since. The vendor has no endpoint for either, but what a merge leaves behind
is on the wire (contract 00 §12)."""

from __future__ import annotations

from typing import Any

from msgspec import Struct, structs
from sqlalchemy import and_, case, delete, func, insert, literal, or_, select, update

from deskhand.conversations.model import (
    COUNTED,
    ConversationMerged,
    ConversationState,
    ConversationUnmerged,
    ThreadState,
    ThreadType,
    Untold,
)
from deskhand.conversations.operations.attachments import LEFT
from deskhand.conversations.operations.core import newest_preview, settle, settle_and_tell
from deskhand.conversations.operations.drafts import readdress
from deskhand.conversations.operations.followers import GIVE_FOLLOWERS, TAKE_OVER
from deskhand.conversations.operations.owning import WAIT, WAITS
from deskhand.conversations.operations.schedule import next_send
from deskhand.conversations.operations.searching import gather_addresses
from deskhand.conversations.operations.snoozing import wake_when_due
from deskhand.conversations.operations.tagging import count_tags
from deskhand.conversations.operations.writings import join_writings
from deskhand.conversations.queries import one
from deskhand.conversations.queries.records import Held
from deskhand.conversations.tables import attachments, conversation_merges, conversations, threads
from deskhand.customers import operations as customers
from deskhand.kernel.errors import Collision, Forbidden, Invalid, NotFound, Unmet
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users


class Kept(Struct, frozen=True):
    """What a merge remembers of the conversation that was merged away: its state, the ids of the threads it ``brought`` and of
    the drafts among them that were ``readdressed``; the drafts of both, and the newest thread of all; whose following went over
    to the other, and whether it ``waited`` for an owner."""

    state: ConversationState
    brought: list[int]
    readdressed: list[int]
    drafts: list[int]
    newest_id: int
    followers: list[int] | None
    waited: bool | None


class Tally(Struct, frozen=True):
    """The counts of a conversation's threads."""

    thread_total: int
    thread_count: int


t = threads.c
_here = t.conversation_id == param("conversation_id")
BRING_THREADS = write(update(threads).where(_here).values(conversation_id=param("to")).returning(t.id), int)
BRING_FILES = write(
    update(attachments).where(attachments.c.conversation_id == param("conversation_id")).values(conversation_id=param("to"))
)
GIVE_THREADS = write(update(threads).where(any_of(t.id, "ids"), _here).values(conversation_id=param("to")))
GIVE_FILES = write(
    update(attachments)
    .where(any_of(attachments.c.thread_id, "ids"), attachments.c.conversation_id == param("conversation_id"))
    .values(conversation_id=param("to"))
)
DRAFTS = read(select(t.id).where(_here, t.state == ThreadState.DRAFT.value).order_by(t.id), int)
NEWEST = read(select(func.max(t.id)), int)
NEWER = read(
    select(t.id)
    .where(
        _here,
        t.type != ThreadType.LINE_ITEM.value,
        or_(t.id > param("newest_id"), and_(any_of(t.id, "drafts"), t.state != ThreadState.DRAFT.value)),
    )
    .limit(1),
    int,
)
_is_counted = and_(t.type.in_([literal(each.value) for each in sorted(COUNTED)]), t.state == ThreadState.PUBLISHED.value)
_is_told = t.action_type.not_in([literal(each.value) for each in Untold])
_counts: Any = select(
    func.count(case((_is_told, 1))).label("thread_total"), func.count(case((_is_counted, 1))).label("thread_count")
)
TALLY = read(_counts.select_from(threads).where(_here), Tally)
_kept = conversation_merges.c
KEEP = write(insert(conversation_merges).values({name: param(name) for name in ("conversation_id", *Kept.__struct_fields__)}))
KEPT = read(
    select(*(_kept[name] for name in Kept.__struct_fields__)).where(_kept.conversation_id == param("conversation_id")), Kept
)
FORGET = write(delete(conversation_merges).where(_kept.conversation_id == param("conversation_id")))
MERGED_INTO = read(
    select(conversations.c.merged_into).where(
        conversations.c.id == param("conversation_id"), conversations.c.merged_into.is_not(None)
    ),
    int,
)


async def merge(tx: Transaction, conversation_id: int, *, into: int) -> None:
    """Put the threads of a conversation into another; the first then only redirects.

    Raises NotFound, Forbidden, Invalid("into") for itself, Unmet for a draft that should take in another. Source: contract
    00 §12.
    """
    if conversation_id == into:
        raise Invalid("into", "is the same conversation", rejected=into)
    # In one order for everybody, so that two merges cannot wait for each other.
    held = {each: await one.locked(tx, each) for each in sorted((conversation_id, into))}
    loser, survivor = held[conversation_id], held[into]
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    if survivor.state is ConversationState.DRAFT:
        raise Unmet("A draft cannot take in another conversation")

    readdressed: list[int] = []
    if loser.customer_id != survivor.customer_id:
        readdressed = await readdress(
            tx, loser.id, loser.customer_email, customer_id=survivor.customer_id, address=survivor.customer_email
        )
    brought = await tx.returning(BRING_THREADS, conversation_id=loser.id, to=survivor.id)
    await tx.write(BRING_FILES, conversation_id=loser.id, to=survivor.id)
    followers = await tx.returning(TAKE_OVER, loser=loser.id, survivor=survivor.id)
    await join_writings(tx, loser.id, survivor.id)
    await tx.write(
        KEEP,
        conversation_id=loser.id,
        state=loser.state,
        brought=sorted(brought),
        readdressed=readdressed,
        drafts=await tx.all(DRAFTS, conversation_id=survivor.id),
        newest_id=await tx.one(NEWEST),
        followers=sorted(followers),
        waited=await tx.first(WAITS, conversation_id=loser.id) is not None,
    )
    gone = {"state": ConversationState.DELETED, "merged_into": survivor.id, "merged_at": tx.now, "user_updated_at": tx.now}
    await settle(tx, loser, **gone, **await _anew(tx, loser.id))
    await _count(tx, loser, -1)
    await _tell(tx, survivor, loser, "merged", f"merged conversation #{loser.number} into this one")
    tx.record(ConversationMerged(conversation_id=survivor.id, merged_id=loser.id))


async def unmerge(tx: Transaction, conversation_id: int) -> None:
    """Make a conversation that was merged away one of its own again: threads, files, tags, counts, followers, its
    place among those that wait for an owner, and state as they were.

    Where the one that took it in was merged too, it is taken from where its threads lie now. Raises NotFound; Forbidden;
    Unmet for one that is not merged, after a newer thread in either (line items are none), and when the other is gone.
    """
    into = await _holder(tx, conversation_id)
    # In one order for everybody, as above.
    held: dict[int, Held | None] = {}
    for each in sorted({conversation_id, into}):
        found = await tx.first(one.LOCK, conversation_id=each)
        held[each] = found
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    loser, survivor = _both(tx, held[conversation_id], held[into])
    if await _holder(tx, loser.id) != survivor.id:
        raise Collision("the other was merged or un-merged at this moment")
    kept = await tx.first(KEPT, conversation_id=loser.id)
    if kept is None:
        raise Unmet("The conversation was merged before merges could be undone")
    if await tx.first(NEWER, conversation_id=survivor.id, newest_id=kept.newest_id, drafts=kept.drafts) is not None:
        raise Unmet("There is a newer thread: the merge can no longer be undone")

    for statement in (GIVE_FILES, GIVE_THREADS):
        await tx.write(statement, ids=kept.brought, conversation_id=survivor.id, to=loser.id)
    before, address = survivor.customer_email, loser.customer_email
    await readdress(tx, loser.id, before, customer_id=loser.customer_id, address=address, among=kept.readdressed)
    await _give_followers(tx, loser, kept)
    if kept.waited:
        await tx.write(WAIT, conversation_id=loser.id)
    await tx.write(FORGET, conversation_id=loser.id)
    back: dict[str, Any] = {"state": kept.state, "merged_into": None, "merged_at": None}
    if loser.assignee_id is not None and await users.assignee(tx, loser.assignee_id) is None:
        back["assignee_id"] = None
    await _tell(tx, loser, survivor, "default", f"took the conversation out of #{survivor.number} again", **back)
    await _tell(tx, survivor, loser, "default", f"took conversation #{loser.number} out of this one again")
    await _count(tx, loser, 1)
    if loser.snoozed_until is not None and loser.snoozed_until <= tx.now:
        await wake_when_due(tx, loser.id, loser.snoozed_until)
    tx.record(ConversationUnmerged(conversation_id=survivor.id, merged_id=loser.id))


async def _holder(tx: Transaction, conversation_id: int) -> int:
    """Which conversation has the threads of one that was merged: the last of those that took in one another."""
    while into := await tx.first(MERGED_INTO, conversation_id=conversation_id):
        conversation_id = into
    return conversation_id


async def _give_followers(tx: Transaction, it: Held, kept: Kept) -> None:
    """Following goes back from wherever later merges took it, but not that of whoever followed there before."""
    ids, at = kept.followers or [], it.merged_into
    while ids and at:
        await tx.write(GIVE_FOLLOWERS, ids=ids, conversation_id=at, to=it.id)
        above = await tx.first(KEPT, conversation_id=at)
        ids = [each for each in ids if above and each in (above.followers or [])]
        at = await tx.first(MERGED_INTO, conversation_id=at)


def _both(tx: Transaction, loser: Held | None, survivor: Held | None) -> tuple[Held, Held]:
    """The two of a merge, if the actor sees them and it can be undone."""
    if loser is None or not tx.actor.sees_inbox(loser.inbox_id):
        raise NotFound("Not found")
    if loser.merged_into is None:
        raise NotFound("Not found") if loser.state is ConversationState.DELETED else Unmet("The conversation is not merged")
    if survivor is None or survivor.state is ConversationState.DELETED:
        raise Unmet("The conversation that it was merged into is gone")
    if not tx.actor.sees_inbox(survivor.inbox_id):
        raise Forbidden("You do not see the conversation that it was merged into")
    return loser, survivor


async def _tell(tx: Transaction, it: Held, other: Held, action: str, text: str, **changes: Any) -> None:
    """A line item about the other, and what follows from the threads that it has now."""
    anew = await _anew(tx, it.id)
    before = structs.replace(it, thread_total=anew.pop("thread_total"))
    if changes.get("state", it.state) is not ConversationState.DRAFT:
        anew |= await newest_preview(tx, it.id)
    await settle_and_tell(tx, before, action, text, entities={"conversation": other.id}, **anew, **changes)


async def _anew(tx: Transaction, conversation_id: int) -> dict[str, Any]:
    """The columns that follow from a conversation's threads and files; its recipients are made findable by the way."""
    await gather_addresses(tx, conversation_id)
    tally = await tx.one(TALLY, conversation_id=conversation_id)
    return {
        **structs.asdict(tally),
        "has_attachments": await tx.one(LEFT, conversation_id=conversation_id) > 0,
        **await next_send(tx, conversation_id),
    }


async def _count(tx: Transaction, it: Held, change: int) -> None:
    await count_tags(tx, it.id, change)
    await customers.count_conversations(tx, it.customer_id, change, inbox_id=it.inbox_id)
