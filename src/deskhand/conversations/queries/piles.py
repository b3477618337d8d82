"""Piles: a folder, or the folders of a kind of all inboxes, as one list, perhaps of those in it that pass a test.

A page is a merge of short index ranges, as of any list. Few in a pile may pass a test, so of a large one only the first are
looked through, in the order of the list: then it is told that there may be more (``is_all``).
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, func, literal, or_, select, union_all

from deskhand.conversations.model import FolderType, LatestReply, Status, folder_count
from deskhand.conversations.queries import lists, seen
from deskhand.conversations.queries.lists import DEEP, MOST_BRANCHES, SORT_KEYS, Folder, Match, SortField, Sorting
from deskhand.conversations.queries.records import Conversation
from deskhand.conversations.tables import conversation_tags, conversations, folders
from deskhand.kernel.storage.statements import Read, any_of, param, read, shaped, unindexed
from deskhand.kernel.transaction import Snapshot
from deskhand.tags.model import count_name

LOOKED_THROUGH = 2000
"""Of a pile, where a test asks for some of it; and what is no more than that is sorted rather than walked."""
SHELVES = {FolderType.DRAFTS: "draft", FolderType.DELETED: "deleted"}
OWNED = (FolderType.MINE, FolderType.TEAM)

c, f = conversations.c, folders.c
OF_KIND = read(
    select(*(f[name] for name in Folder.__struct_fields__))
    .where(
        any_of(f.inbox_id, "inbox_ids"),
        any_of(f.type, "types"),
        or_(param("user_id") == literal(0), f.user_id == param("user_id")),
    )
    .order_by(f.inbox_id, f.id),
    Folder,
)


class Test(Struct, frozen=True):
    """What some of a pile pass: the customer ``waits`` for an answer, they have a tag, the actor has not read them."""

    waits: bool = False
    tag_id: int | None = None
    is_unread: bool = False


class Piled(Struct, frozen=True):
    """A page of a pile; if not ``is_all`` there may be more than ``total``, which nobody looked for."""

    conversations: list[Conversation]
    total: int
    is_all: bool = True


class _Range(Struct, frozen=True):
    """What a folder holds on a shelf."""

    folder: Folder
    shelf: str
    count: int


EVERYTHING = Test()


async def of_folder(view: Snapshot, folder: Folder) -> list[Folder]:
    """The folders in which that lies which a folder lists: "Assigned" is many."""
    return await of_kind(view, FolderType.ASSIGNED, [folder.inbox_id]) if folder.type is FolderType.ASSIGNED else [folder]


async def of_kind(view: Snapshot, kind: FolderType, inbox_ids: list[int]) -> list[Folder]:
    """The folders of a kind in these inboxes; of "Mine" the actor's."""
    types = list(OWNED) if kind is FolderType.ASSIGNED else [kind]
    user_id = view.actor.user_id if kind is FolderType.MINE else 0
    return await view.all(OF_KIND, inbox_ids=inbox_ids, types=[each.value for each in types], user_id=user_id)


async def active(view: Snapshot, kinds: list[FolderType], inbox_ids: list[int]) -> dict[FolderType, int]:
    """How many active conversations lie in the folders of each kind in these inboxes."""
    found = {kind: [each.id for each in await of_kind(view, kind, inbox_ids)] for kind in kinds}
    names = {each: folder_count(each, Status.ACTIVE.value) for ids in found.values() for each in ids}
    counts = await view.counts(list(names.values()))
    return {kind: sum(counts[names[each]] for each in ids) for kind, ids in found.items()}


async def page(view: Snapshot, pile: list[Folder], test: Test, sorting: Sorting, number: int, size: int) -> Piled:
    """Page ``number`` (from 1) of a pile of folders that the actor is known to see."""
    statuses = [Status.ACTIVE] if test.waits else sorted(seen.UNREAD) if test.is_unread else list(Status)
    ranges = await _ranges(view, pile, statuses)
    held, skip = sum(each.count for each in ranges), (number - 1) * size
    tests = _tests(test, pile)
    if test.is_unread:
        newest = await unread(view, pile)
        ids, total = await _among(view, ranges, tests, test, sorting, skip, size, ids=newest)
        return Piled(await lists.rows(view, ids), total)
    if not tests:
        ids = await _first(view, ranges, sorting, skip, size) if skip < held else []
        return Piled(await lists.rows(view, ids), held)
    is_all = held <= LOOKED_THROUGH
    if not is_all and test.tag_id is not None:
        name = count_name(test.tag_id)
        if (await view.counts([name]))[name] <= LOOKED_THROUGH:
            ids, total = await _among(view, ranges, tests, test, sorting, skip, size, ids=None)
            return Piled(await lists.rows(view, ids), total)
    ids, total = await _passing(view, ranges, tests, test, sorting, skip, size)
    return Piled(await lists.rows(view, ids), total, is_all)


async def unread(view: Snapshot, pile: list[Folder]) -> list[int]:
    """What the actor has not read of those that began last, 200 of each status that can be unread."""
    newest = Sorting(SortField.CREATED_AT)
    ids: list[int] = []
    for status in sorted(seen.UNREAD):
        ids += await _first(view, await _ranges(view, pile, [status]), newest, 0, seen.LOOKED_THROUGH)
    said = await seen.newest(view, ids)
    known = await seen.by_actor(view, list(said))
    return [each for each, it in said.items() if seen.count([it], known, view.actor.user_id)]


async def _ranges(view: Snapshot, pile: list[Folder], statuses: list[Status]) -> list[_Range]:
    """What is not empty of it."""
    counts = await view.counts([folder_count(each.id, status.value) for each in pile for status in statuses])
    found: dict[tuple[int, str], _Range] = {}
    for each in pile:
        for status in statuses:
            shelf = SHELVES.get(each.type, status.value)
            before = found[each.id, shelf].count if (each.id, shelf) in found else 0
            found[each.id, shelf] = _Range(each, shelf, before + counts[folder_count(each.id, status.value)])
    return [each for each in found.values() if each.count > 0]


async def _first(view: Snapshot, ranges: list[_Range], sorting: Sorting, skip: int, size: int) -> list[int]:
    if not ranges:
        return []
    shape, values = _merge(ranges, sorting)
    find = view.all_slowly if skip >= DEEP or shape[1] else view.all
    return await find(
        _walking(*shape, sorting.field, ascending=sorting.ascending), **values, reach=skip + size, most=size, skip=skip
    )


async def _passing(
    view: Snapshot, ranges: list[_Range], tests: tuple[str, ...], test: Test, sorting: Sorting, skip: int, size: int
) -> tuple[list[int], int]:
    if not ranges:
        return [], 0
    shape, values = _merge(ranges, sorting)
    statement = _testing(*shape, tests, sorting.field, ascending=sorting.ascending)
    return _counted(await view.all_slowly(statement, **values, reach=LOOKED_THROUGH, tag_id=test.tag_id, most=size, skip=skip))


async def _among(
    view: Snapshot,
    ranges: list[_Range],
    tests: tuple[str, ...],
    test: Test,
    sorting: Sorting,
    skip: int,
    size: int,
    *,
    ids: list[int] | None,
) -> tuple[list[int], int]:
    """Those of some conversations, or of those with the tag, that lie in the pile."""
    where = {"folder_ids": sorted({each.folder.id for each in ranges}), "shelves": sorted({each.shelf for each in ranges})}
    statement = _choosing(tests, sorting.field, by_id=ids is not None, ascending=sorting.ascending)
    return _counted(await view.all_slowly(statement, **where, ids=ids, tag_id=test.tag_id, most=size, skip=skip))


def _counted(found: list[Match]) -> tuple[list[int], int]:
    return [each.id for each in found], found[0].total if found else 0


def _tests(test: Test, pile: list[Folder]) -> tuple[str, ...]:
    merged = any(each.type is FolderType.DELETED for each in pile)  # what was merged away lies there too
    return tuple(
        name for name, is_asked in (("waits", test.waits), ("tag", test.tag_id is not None), ("kept", merged)) if is_asked
    )


def _merge(ranges: list[_Range], sorting: Sorting) -> tuple[tuple[int, int, int], dict[str, Any]]:
    """How many ranges are walked by the folder's index, how many by that of the inbox's shelf, and whether the rest is read
    whole; with their values. Folders have an index for their usual order alone."""
    is_usual = sorting.field in (SortField.CREATED_AT, SortField.SCORE)
    walked = [each for each in ranges if is_usual or each.count > LOOKED_THROUGH]
    if len(walked) > MOST_BRANCHES:
        walked = []
    rest = [each for each in ranges if each not in walked]
    values: dict[str, Any] = {}
    for at, each in enumerate(walked):
        values |= {f"f{at}": each.folder.id, f"s{at}": each.shelf} | ({} if is_usual else {f"i{at}": each.folder.inbox_id})
    if rest:
        values |= {"folder_ids": sorted({each.folder.id for each in rest}), "shelves": sorted({each.shelf for each in rest})}
    return (len(walked) if is_usual else 0, 0 if is_usual else len(walked), int(bool(rest))), values


def _parts(usual: int, wide: int, rest: int, field: SortField | None, *, ascending: bool) -> Any:
    """The first ``reach`` of each range, in the order of the list."""
    first, second = SORT_KEYS[field]
    wheres: list[tuple[ColumnElement[bool], ...]] = [
        (c.folder_id == param(f"f{at}"), c.shelf == param(f"s{at}")) for at in range(usual)
    ]
    wheres += [
        (c.inbox_id == param(f"i{at}"), c.shelf == param(f"s{at}"), unindexed(c.folder_id) == param(f"f{at}"))
        for at in range(wide)
    ]
    wheres += [(any_of(c.folder_id, "folder_ids"), any_of(c.shelf, "shelves"))] if rest else []
    parts = []
    for where in wheres:
        each = select(c.id, first.label("first_key"), second.label("second_key")).where(*where)
        parts.append(_ordered(each, first, second, ascending=ascending).limit(param("reach")).subquery())
    if len(parts) == 1:
        return parts[0]
    return union_all(*(select(part.c.id, part.c.first_key, part.c.second_key) for part in parts)).subquery()


@shaped
def _walking(usual: int, wide: int, rest: int, field: SortField | None, *, ascending: bool) -> Read[int]:
    merged = _parts(usual, wide, rest, field, ascending=ascending)
    chosen = _ordered(select(merged.c.id), merged.c.first_key, merged.c.second_key, ascending=ascending)
    return read(chosen.limit(param("most")).offset(param("skip")), int)


@shaped
def _testing(
    usual: int,
    wide: int,
    rest: int,
    tests: tuple[str, ...],
    field: SortField | None,
    *,
    ascending: bool,
) -> Read[Match]:
    merged = _parts(usual, wide, rest, field, ascending=ascending)
    those = _ordered(select(merged), merged.c.first_key, merged.c.second_key, ascending=ascending).limit(param("reach"))
    looked = those.cte("looked").prefix_with("MATERIALIZED")
    found = select(looked).join(conversations, c.id == looked.c.id).where(*(_passes(each) for each in tests))
    return _chosen(found, ascending=ascending)


@shaped
def _choosing(tests: tuple[str, ...], field: SortField | None, *, by_id: bool, ascending: bool) -> Read[Match]:
    first, second = SORT_KEYS[field]
    tagged = select(conversation_tags.c.conversation_id).where(conversation_tags.c.tag_id == param("tag_id"))
    found = select(c.id, first.label("first_key"), second.label("second_key")).where(
        any_of(c.id, "ids") if by_id else c.id.in_(tagged),
        any_of(unindexed(c.folder_id), "folder_ids"),
        any_of(unindexed(c.shelf), "shelves"),
        *(_passes(each) for each in tests if by_id or each != "tag"),
    )
    return _chosen(found, ascending=ascending)


def _chosen(those: Any, *, ascending: bool) -> Read[Match]:
    """A page of what was found, with how many there are."""
    found = those.cte("found").prefix_with("MATERIALIZED")
    total = select(func.count()).select_from(found).scalar_subquery().label("total")
    chosen = _ordered(select(found.c.id, total), found.c.first_key, found.c.second_key, ascending=ascending)
    return read(chosen.limit(param("most")).offset(param("skip")), Match)


def _passes(test: str) -> ColumnElement[bool]:
    if test == "waits":
        return c.latest_reply_from == literal(LatestReply.CUSTOMER.value)
    if test == "kept":
        return c.merged_into.is_(None)
    tagged = conversation_tags.c
    return select(tagged.tag_id).where(tagged.conversation_id == c.id, tagged.tag_id == param("tag_id")).exists()


def _ordered(statement: Any, first: Any, second: Any, *, ascending: bool) -> Any:
    return statement.order_by(first.asc(), second.asc()) if ascending else statement.order_by(first.desc(), second.desc())
