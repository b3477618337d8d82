"""What is done to several conversations of a list at once, and undone."""

from __future__ import annotations

from urllib.parse import parse_qsl

from litestar import Router

from deskhand.conversations.queries import folders, lists, views
from deskhand.conversations.queries.lists import SortField, Sorting
from deskhand.kernel.errors import Invalid, NotFound
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Done, Form, Undo, Visit, errand, local
from deskhand.ui.lists import SORTS, found_by
from deskhand.ui.piles import Pile, folder_pile, kind_pile, page
from deskhand.ui.several import MOST, Outcome, checked, packed, perform, told, unpacked

LEAVE = ("delete", "move")  # after these an open conversation may not be there any more
PLACES = ("/all/", "/conversation/", "/inboxes/", "/search", "/views/")


@errand("/conversations/bulk", title="Do one thing to several conversations")
async def do(visit: Visit, form: Form) -> Done:
    """``do`` is the act (``ui/several.py``) to the conversations ``id``, or with ``all`` to as many of the list at ``place`` as
    may be done at once. Two that shall be merged are shown first."""
    act = _act(form, visit)
    async with visit.desk.reading(visit.actor) as view:
        ids = await _all_of(view, visit, form.one("place")) if form.one("all") else _chosen(form)
    if act == "merge:":
        if len(ids) == 1:
            return Done(f"/conversation/{ids[0]}/merge")
        if len(ids) != 2:
            raise Invalid("id", visit.words.text("Choose just two conversations to merge"))
        return Done(f"/conversation/{max(ids)}/merge?into={min(ids)}")
    checked(act, visit.words)
    outcome = await perform(visit, [(each, act) for each in ids])
    return await _told(visit, form, act, outcome, ids)


@errand("/conversations/bulk/undo", title="Undo that")
async def undo(visit: Visit, form: Form) -> Done:
    """``deeds`` are acts, each with its conversations."""
    deeds = unpacked(form.one("deeds"), visit.words)
    outcome = await perform(visit, deeds)
    return await _told(visit, form, "undo:", outcome, [])


async def _told(visit: Visit, form: Form, act: str, it: Outcome, ids: list[int]) -> Done:
    async with visit.desk.reading(visit.actor) as view:
        text = await told(view, visit.words, act, it)
    back = form.one("back")
    is_gone = act.partition(":")[0] in LEAVE and any(back.startswith(f"/conversation/{each}/") for each in ids)
    to = local(form.one("list") if is_gone or not back.startswith(PLACES) else back)
    takes_back = Undo("/conversations/bulk/undo", {"deeds": packed(it.undo), "list": to}) if it.undo else None
    return Done(to, text, takes_back, is_trouble=bool(it.refused))


def _act(form: Form, visit: Visit) -> str:
    """What the button says, with what was typed beside it; without a button it is what was typed."""
    act = form.one("do") or ("tag:" if form.one("tags") else "snooze:" if form.one("until") else "")
    typed = {"tag:": form.one("tags"), "untag:": form.one("tags"), "snooze:": form.one("until")}
    return act + typed.get(act, "").strip()


def _chosen(form: Form) -> list[int]:
    ids = sorted({int(each) for each in form.every("id") if each.isascii() and each.isdigit() and len(each) <= 18})
    if not ids:
        raise Invalid("id", "Choose at least one conversation")
    return ids[:MOST]


async def _all_of(view: Snapshot, visit: Visit, place: str) -> list[int]:
    """The first of a list, as it is now. Raises NotFound, Invalid for a search that is none."""
    query = dict(parse_qsl(place))
    sorting, problem = SORTS.get(query.get("sort", "")), ""
    if "q" in query or _number(query, "view"):
        saved = await views.get(view, _number(query, "view")) if _number(query, "view") else None
        own = Sorting(SortField(saved.sort_field), saved.ascending) if saved else Sorting(SortField.CREATED_AT)
        words = saved.query if saved else query["q"]
        found, problem = await found_by(view, visit, words, sorting or own, 1, MOST)
        ids = [each.id for each in found.conversations]
    else:
        pile = await _pile(view, visit, query)
        piled = await page(view, pile, query, sorting or Sorting(SortField.CREATED_AT), 1, MOST)
        ids = [each.id for each in piled.conversations]
    if problem or not ids:
        raise Invalid("q", problem or "Choose at least one conversation")
    return ids


async def _pile(view: Snapshot, visit: Visit, query: dict[str, str]) -> Pile:
    if "all" in query:
        return kind_pile(visit, query["all"])
    folder = await view.first(lists.FOLDER, folder_id=_number(query, "folder"))
    if folder is None:
        raise NotFound("Not found")
    return folder_pile(visit, folder.inbox_id, await folders.one_of_inbox(view, folder.inbox_id, folder.id))


def _number(query: dict[str, str], name: str) -> int:
    text = query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else 0


ROUTERS = [Router("/", route_handlers=[do, undo])]
