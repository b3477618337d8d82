"""What the palette offers for what was typed: acts on conversations, places to go, and whom or what it names."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.queries import folders, one, views
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.customers.queries import completing
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import fold
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit
from deskhand.ui.frame import ICONS, KINDS, is_shown
from deskhand.ui.lists import found_by
from deskhand.ui.owners import owners_of
from deskhand.ui.pages.acts import STATUSES, snoozes
from deskhand.ui.rows import customer_name

MOST_OF_A_GROUP = 8
MOST_INBOXES = 20
MOST_VIEWS = 50
MOST_QUERY = 200
SHORTEST_SEARCH = 2


class Entry(Struct, frozen=True):
    """Something to choose: an act (``do``, as for several conversations), or a place."""

    text: str
    icon: str
    do: str = ""
    href: str = ""
    key: str = ""
    about: str = ""


class Group(Struct, frozen=True):
    """Entries of a kind."""

    title: str
    entries: list[Entry]


async def offered(view: Snapshot, visit: Visit, query: str, *, conversation_id: int, selected: int) -> list[Group]:
    """Groups with what fits. ``>`` before it wants acts only, ``#`` a conversation's number. Acts are offered with
    ``selected`` conversations, else the one that is open."""
    query = query.strip()[:MOST_QUERY]
    if query.startswith("#"):
        return (
            [Group(visit.words.text("Conversations"), await _found(view, visit, f"number:{query[1:]}"))]
            if query[1:].isdigit()
            else []
        )
    wanted = fold(query.removeprefix(">"))
    groups = []
    if conversation_id or selected:
        title, inbox_id = await _with(view, visit, conversation_id, selected)
        groups.append(Group(title, _fitting(wanted, await _acts(view, visit, inbox_id, conversation_id, selected))))
    if not query.startswith(">"):
        groups.append(Group(visit.words.text("Go to"), _fitting(wanted, await _places(view, visit))))
        if len(query) >= SHORTEST_SEARCH:
            groups.append(Group(visit.words.text("Customers and conversations"), await _named(view, visit, query)))
    return [each for each in groups if each.entries]


async def _with(view: Snapshot, visit: Visit, conversation_id: int, selected: int) -> tuple[str, int | None]:
    if selected:
        return visit.words.plural("With the %(count)s selected", "With the %(count)s selected", selected), None
    it = await one.get(view, conversation_id)
    return visit.words.text("With “%(subject)s”", subject=it.subject or visit.words.text("No subject")), it.inbox_id


async def _acts(view: Snapshot, visit: Visit, inbox_id: int | None, conversation_id: int, selected: int) -> list[Entry]:
    text, may = visit.words.text, view.actor.may
    entries: list[Entry] = []
    if may(Permission.EDIT_CONVERSATIONS):
        if not selected:
            entries += [
                Entry(text("Reply"), "reply", do="key:r", key="r"),
                Entry(text("Note"), "sticky-note", do="key:n", key="n"),
                Entry(text("Forward"), "forward", do="key:f", key="f"),
            ]
        entries += [
            Entry(text("Set to %(status)s", status=text(name)), icon, do=f"status:{each.value}", key=key)
            for each, (name, icon, key) in STATUSES.items()
        ]
    if may(Permission.ASSIGN_CONVERSATIONS):
        me = visit.user.id
        entries.append(Entry(text("Assign to me"), "user-round", do=f"assign:{me}"))
        owners = await owners_of(view, inbox_id or next(iter(view.actor.inbox_ids), 0))
        entries += [
            Entry(text("Assign to %(name)s", name=each.name), "user-plus", do=f"assign:{each.id}")
            for each in owners
            if each.id != me
        ]
        entries.append(Entry(text("Assign to nobody"), "circle-slash", do="assign:"))
    if may(Permission.EDIT_CONVERSATIONS):
        entries.append(Entry(text("Tag…"), "tag", do="key:t", key="t"))
        entries += [
            Entry(text("Snooze: %(name)s", name=text(name)), "alarm-clock", do=f"snooze:{value}", about=shown)
            for name, value, shown in snoozes(visit)
        ]
        seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
        entries += [
            Entry(text("Move to %(inbox)s", inbox=each.name), "folder-input", do=f"move:{each.id}")
            for each in seen
            if each.id != inbox_id
        ]
        if selected == 2:
            entries.append(Entry(text("Merge the two…"), "merge", do="merge:", key="g"))
        elif conversation_id and not selected:
            entries.append(Entry(text("Merge…"), "merge", href=f"/conversation/{conversation_id}/merge", key="g"))
    if may(Permission.DELETE_CONVERSATIONS):
        entries.append(Entry(text("Delete"), "trash-2", do="delete:", key="#"))
    return entries


async def _places(view: Snapshot, visit: Visit) -> list[Entry]:
    text = visit.words.text
    seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
    entries: list[Entry] = []
    for inbox in seen:
        entries += [
            Entry(
                text(each.name), ICONS[each.folder.type], href=f"/inboxes/{inbox.id}/folders/{each.folder.id}", about=inbox.name
            )
            for each in await folders.of_inbox(view, inbox.id)
            if is_shown(view.actor, each.folder.type)
        ]
    if len(seen) > 1:
        entries += [
            Entry(text(folders.NAMES[kind]), ICONS[kind], href=f"/all/{each}", about=text("All inboxes"))
            for each, kind in KINDS.items()
            if is_shown(view.actor, kind)
        ]
    entries.append(Entry(text("My drafts"), "pen-line", href="/all/drafts"))
    saved, _ = await views.page(view, 1, MOST_VIEWS)
    entries += [Entry(each.name, "filter", href=f"/views/{each.id}", about=text("View")) for each in saved]
    entries += [
        Entry(text("New conversation"), "pen-line", href="/conversation/new"),
        Entry(text("Search"), "search", href="/search", key="/"),
        Entry(text("Customers"), "users", href="/customers"),
        Entry(text("Organizations"), "building-2", href="/organizations"),
        Entry(text("Reports"), "chart-column", href="/reports"),
        Entry(text("Settings"), "settings", href="/settings"),
        Entry(text("Your profile"), "user-round", href="/me"),
        Entry(text("Notifications"), "bell", href="/notifications"),
        Entry(text("All keys"), "keyboard", href="/keys", key="?"),
    ]
    return entries


async def _named(view: Snapshot, visit: Visit, query: str) -> list[Entry]:
    people = await completing.beginning_with(view, query, MOST_OF_A_GROUP // 2)
    entries = [
        Entry(each.name or each.email, "user", href=f"/customers/{each.customer_id}", about=each.email) for each in people
    ]
    return entries + await _found(view, visit, query)


async def _found(view: Snapshot, visit: Visit, query: str) -> list[Entry]:
    found, _ = await found_by(view, visit, query, Sorting(SortField.MODIFIED_AT), 1, MOST_OF_A_GROUP // 2)
    return [
        Entry(
            each.subject or visit.words.text("No subject"),
            "message-square-text",
            href=f"/conversation/{each.id}/{each.number}",
            about=f"#{each.number} {customer_name(each)}",
        )
        for each in found.conversations
    ]


def _fitting(wanted: list[str], entries: list[Entry]) -> list[Entry]:
    """Those that have words which begin so; the ones where the first does come first."""
    if not wanted:
        return entries[:MOST_OF_A_GROUP]
    fitting = []
    for each in entries:
        words = fold(f"{each.text} {each.about}")
        if all(any(word.startswith(begun) for word in words) for begun in wanted):
            fitting.append((not words[0].startswith(wanted[0]), each))
    return [each for _, each in sorted(fitting, key=lambda pair: pair[0])][:MOST_OF_A_GROUP]
