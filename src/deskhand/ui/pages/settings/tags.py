"""Tags: called otherwise, coloured, made one, deleted."""

from __future__ import annotations

from litestar import Router

from deskhand.conversations.operations import tagging
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.tags import operations, queries
from deskhand.tags.model import COLORS
from deskhand.ui.door import Done, Form, Visit, act, page
from deskhand.ui.forms import as_shown, version
from deskhand.ui.pages.settings.nav import MANAGE, show

SIZE = 100
MOST_PAGES = 10_000
MOST_OTHERS = 1000


@page("/settings/tags", title="Tags", needs=MANAGE)
async def tags(view: Snapshot, visit: Visit) -> Answer:
    """Each with how many conversations carry it."""
    asked = visit.query.get("page", "")
    number = min(max(int(asked), 1), MOST_PAGES) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
    found, total = await queries.page(view, number, SIZE)
    back = f"/settings/tags?page={number - 1}" if number > 1 else ""
    more = f"/settings/tags?page={number + 1}" if number * SIZE < total else ""
    return show(visit, "settings/tags.html", "tags", rows=found, total=total, back=back, more=more)


@act("/settings/tags", title="Make a tag", needs=MANAGE, shown_by=tags)
async def make_tag(tx: Transaction, visit: Visit, form: Form) -> Done:
    """One that is there already is simply there."""
    await operations.ensure(tx, [form.one("name")], "name")
    return Done("/settings/tags", visit.words.text("The tag is there"))


@page("/settings/tags/{tag_id:str}", title="Tag", needs=MANAGE)
async def tag(view: Snapshot, visit: Visit, tag_id: PathId) -> Answer:
    """Its name and colour, and what else may become of it."""
    it, count = await queries.get(view, tag_id)
    others, _ = await queries.page(view, 1, MOST_OTHERS)
    return show(
        visit,
        "settings/tag.html",
        "tags",
        crumb=(visit.words.text("Tags"), "/settings/tags"),
        it=it,
        count=count,
        colors=[(each, visit.words.told(each.capitalize())) for each in COLORS],
        others=[("", ""), *((each.id, each.name) for each, _ in others if each.id != tag_id)],
        version=version(it.name, it.color),
    )


@act("/settings/tags/{tag_id:str}", title="Change a tag", needs=MANAGE, shown_by=tag)
async def change_tag(tx: Transaction, visit: Visit, form: Form, tag_id: PathId) -> Done:
    """Wherever it is."""
    it, _ = await queries.get(tx, tag_id)
    as_shown(form, it.name, it.color)
    await operations.change(tx, tag_id, form.one("name"), form.one("color"))
    return Done("/settings/tags", visit.words.text("Tag saved"))


@act("/settings/tags/{tag_id:str}/merge", title="Make a tag one with another", needs=MANAGE, shown_by=tag)
async def merge_tag(tx: Transaction, visit: Visit, form: Form, tag_id: PathId) -> Done:
    """What carried either carries the other."""
    before, _ = await queries.get(tx, tag_id)
    into = form.number("into") or 0
    await tagging.merge_tags(tx, tag_id, into)
    after, _ = await queries.get(tx, into)
    return Done("/settings/tags", visit.words.text("%(one)s was merged into %(other)s", one=before.name, other=after.name))


@act("/settings/tags/{tag_id:str}/delete", title="Delete a tag", needs=MANAGE)
async def delete_tag(tx: Transaction, visit: Visit, form: Form, tag_id: PathId) -> Done:
    """From every conversation."""
    it, _ = await queries.get(tx, tag_id)
    await tagging.delete_tag(tx, tag_id)
    return Done("/settings/tags", visit.words.text("%(name)s was taken off every conversation", name=it.name))


ROUTERS = [Router("/", route_handlers=[tags, make_tag, tag, change_tag, merge_tag, delete_tag])]
