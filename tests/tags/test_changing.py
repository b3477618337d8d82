"""Tags that are called otherwise, made one, and deleted."""

from __future__ import annotations

import pytest

from deskhand.conversations.operations import changing, tagging
from deskhand.conversations.queries import one
from deskhand.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from deskhand.tags import operations, queries
from deskhand.tags.model import TagDeleted
from tests.given import Given
from tests.users.facts import facts


async def tagged(given: Given, *names: str) -> int:
    return await given.conversation(tags=list(names))


async def names_of(given: Given, conversation_id: int) -> list[str]:
    async with given.read() as view:
        return sorted(each.name for each in await view.all(one.TAGS, ids=[conversation_id]))


async def ids(given: Given, *names: str) -> list[int]:
    async with given.read() as view:
        found = {each.name: each.id for each in await view.all(queries.NAMED, names=list(names))}
    return [found[name] for name in names]


async def count(given: Given, tag_id: int) -> int:
    async with given.read() as view:
        return (await queries.get(view, tag_id))[1]


async def test_a_tag_is_called_otherwise_wherever_it_is(given: Given) -> None:
    it = await tagged(given, "late")
    (late,) = await ids(given, "late")
    async with given.write(given.owner) as tx:
        await operations.change(tx, late, " Late Delivery ", "red")
        await operations.change(tx, late, "late delivery", "red")
    assert await names_of(given, it) == ["late delivery"]
    async with given.read() as view:
        found, _ = await queries.get(view, late)
    assert (found.slug, found.color) == ("late-delivery", "red")
    assert len(await facts(given, "TagUpdated")) == 1


@pytest.mark.parametrize(("name", "color", "path"), [("", "red", "name"), ("a,b", "red", "name"), ("a", "mauve", "color")])
async def test_what_is_wrong_with_a_tag_is_told(given: Given, name: str, color: str, path: str) -> None:
    await tagged(given, "late")
    (late,) = await ids(given, "late")
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid) as refused:
            await operations.change(tx, late, name, color)
    assert [each.path for each in refused.value.mistakes] == [path]


async def test_two_tags_are_not_called_the_same_but_made_one(given: Given) -> None:
    both, only, gone = await tagged(given, "late", "slow"), await tagged(given, "slow"), await tagged(given, "slow")
    late, slow = await ids(given, "late", "slow")
    async with given.write(given.owner) as tx:
        await changing.delete(tx, gone)
        with pytest.raises(Conflict):
            await operations.change(tx, slow, "late", "none")
        with pytest.raises(Invalid):
            await tagging.merge_tags(tx, slow, slow)

    async with given.write(given.owner) as tx:
        await tagging.merge_tags(tx, slow, late)

    assert [await names_of(given, each) for each in (both, only, gone)] == [["late"]] * 3
    assert await count(given, late) == 2  # the deleted conversation does not count
    assert await facts(given, "TagDeleted") == [TagDeleted(tag_id=slow, into=late)]


async def test_a_deleted_tag_is_nowhere_and_its_name_is_free(given: Given) -> None:
    it = await tagged(given, "late", "slow")
    (late,) = await ids(given, "late")
    async with given.write(given.owner) as tx:
        await tagging.delete_tag(tx, late)
    assert await names_of(given, it) == ["slow"]
    async with given.write(given.owner) as tx:
        with pytest.raises(NotFound):
            await tagging.delete_tag(tx, late)
        await tagging.change_tags(tx, it, add=["late"], remove=[])
    (again,) = await ids(given, "late")
    assert again != late
    assert await count(given, again) == 1


async def test_only_who_manages_the_account_may(given: Given) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    await tagged(given, "late", "slow")
    late, slow = await ids(given, "late", "slow")
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await operations.change(tx, late, "x", "none")
        with pytest.raises(Forbidden):
            await tagging.merge_tags(tx, late, slow)
        with pytest.raises(Forbidden):
            await tagging.delete_tag(tx, late)
