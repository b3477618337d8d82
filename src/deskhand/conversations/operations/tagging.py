"""Tags of a conversation (contract 10 §8)."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update

from deskhand.conversations.model import ConversationState, TagsChanged, Untold
from deskhand.conversations.operations.core import settle_and_tell, several
from deskhand.conversations.queries import one
from deskhand.conversations.tables import conversation_tags, conversations
from deskhand.kernel.errors import Invalid
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Transaction
from deskhand.tags import operations as tags
from deskhand.tags import queries as tag_queries

ADD = write(insert(conversation_tags).values({name: param(name) for name in ("conversation_id", "tag_id", "position")}))
REMOVE = write(
    delete(conversation_tags).where(
        conversation_tags.c.conversation_id == param("conversation_id"), any_of(conversation_tags.c.tag_id, "tag_ids")
    )
)

_tag = conversation_tags.c.tag_id == param("tag_id")
_others = select(conversation_tags.c.conversation_id).where(conversation_tags.c.tag_id == param("into"))
_alone = conversation_tags.c.conversation_id.not_in(_others)
TAKE_OFF = write(delete(conversation_tags).where(_tag))
BECOME = write(update(conversation_tags).where(_tag, _alone).values(tag_id=param("into")))
BECOMING = read(
    select(func.count())
    .select_from(conversation_tags.join(conversations, conversations.c.id == conversation_tags.c.conversation_id))
    .where(_tag, _alone, conversations.c.state != ConversationState.DELETED.value),
    int,
)


async def set_tags(tx: Transaction, conversation_id: int, names: list[str]) -> None:
    """Set the whole list of tags by name; unknown ones are made, ``[]`` clears.

    Raises NotFound, Forbidden, Invalid("tags[0]"). Source: Mailbox API 2.0, "Update Tags".
    """
    it = await one.locked(tx, conversation_id)
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    wanted = await tags.ensure(tx, names, "tags")
    carried = await tx.all(one.TAGS, ids=[it.id])
    had = [each.id for each in carried]
    added = [tag_id for tag_id in wanted if tag_id not in had]
    removed = [tag_id for tag_id in had if tag_id not in wanted]
    if not added and not removed:
        return
    if removed:
        await tx.write(REMOVE, conversation_id=it.id, tag_ids=removed)
    await add_tags(tx, it.id, added, after=max((each.position + 1 for each in carried), default=0))
    for tag_id in removed:
        tx.count(tags.count_name(tag_id), -1, spread=it.id)
    called = {each.id: each.name for each in [*carried, *await tx.all(one.TAGS, ids=[it.id])]}
    told = _told([called[each] for each in added], [called[each] for each in removed])
    await settle_and_tell(tx, it, Untold.TAGS, told)
    tx.record(TagsChanged(conversation_id=it.id, added=tuple(added), removed=tuple(removed)))


def _told(added: list[str], removed: list[str]) -> str:
    if added and removed:
        return f"changed the tags: added {several(added)}, removed {several(removed)}"
    verb, names = ("added", added) if added else ("removed", removed)
    return f"{verb} the {'tag' if len(names) == 1 else 'tags'} {several(names)}"


async def change_tags(tx: Transaction, conversation_id: int, *, add: list[str], remove: list[str]) -> None:
    """Attach some tags by name and take off others, whatever else the conversation carries.

    Raises NotFound, Forbidden, Invalid("tags[0]"). Not in the vendor's API, which only sets whole lists.
    """
    await one.locked(tx, conversation_id)
    off = {each.strip().lower() for each in remove}
    carried = [each.name for each in await tx.all(one.TAGS, ids=[conversation_id])]
    await set_tags(tx, conversation_id, [name for name in carried if name not in off] + add)


async def add_tags(tx: Transaction, conversation_id: int, tag_ids: list[int], *, after: int = 0) -> None:
    """Attach tags behind position ``after``."""
    for position, tag_id in enumerate(tag_ids, start=after):
        await tx.write(ADD, conversation_id=conversation_id, tag_id=tag_id, position=position)
        tx.count(tags.count_name(tag_id), 1, spread=conversation_id)


async def count_tags(tx: Transaction, conversation_id: int, change: int) -> None:
    """A conversation with its tags is gone (-1) or back (1): a tag's count is of conversations that are not deleted."""
    for each in await tx.all(one.TAGS, ids=[conversation_id]):
        tx.count(tags.count_name(each.id), change, spread=conversation_id)


async def delete_tag(tx: Transaction, tag_id: int) -> None:
    """Take a tag off every conversation; there is none of its name any more. Raises NotFound, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.one(tag_queries.ONE, tag_id=tag_id)
    await tx.write(TAKE_OFF, tag_id=tag_id)
    await tags.forget(tx, tag_id)


async def merge_tags(tx: Transaction, tag_id: int, into: int) -> None:
    """Make a tag one with another: what carried either carries that. Raises NotFound, Forbidden, Invalid("into")."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    await tx.one(tag_queries.ONE, tag_id=tag_id)
    if tag_id == into or await tx.first(tag_queries.ONE, tag_id=into) is None:
        raise Invalid("into", "must be another tag")
    tx.count(tags.count_name(into), await tx.one(BECOMING, tag_id=tag_id, into=into), spread=tag_id)
    await tx.write(BECOME, tag_id=tag_id, into=into)
    await tx.write(TAKE_OFF, tag_id=tag_id)
    await tags.forget(tx, tag_id, into=into)
