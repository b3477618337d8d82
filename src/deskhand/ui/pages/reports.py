"""Reports: one page for each, the conversations behind a number, and every table as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from litestar import Router

from deskhand.conversations.model import ConversationType
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId, RouteHandler
from deskhand.kernel.transaction import Snapshot
from deskhand.reports import keeping
from deskhand.reports.queries import pages
from deskhand.reports.queries.pages import Behind
from deskhand.reports.queries.scope import scope
from deskhand.tags import queries as tags
from deskhand.ui.door import Visit, page, redirect
from deskhand.ui.frame import frame
from deskhand.ui.lists import MOST_PAGES
from deskhand.ui.pages.acts import STATUSES
from deskhand.ui.reporting.asking import PRESETS, Wanted, wanted
from deskhand.ui.reporting.by_person import person
from deskhand.ui.reporting.making import Report
from deskhand.ui.reporting.reports import REPORTS, Make

SIZE = 50
MOST_INBOXES = MOST_TAGS = 200
TYPES = {ConversationType.EMAIL: "Mail", ConversationType.CHAT: "Chat", ConversationType.PHONE: "Phone"}
HEAT = "busy"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def ready(visit: Visit) -> None:
    """The facts of reports are brought up to this moment. Raises Unavailable."""
    await keeping.catch_up(visit.desk, office=visit.query.get("office") == "yes")


def _page_of(kind: str, title: str, make: Make) -> RouteHandler:
    async def show(view: Snapshot, visit: Visit) -> Answer:
        it = wanted(visit.query, visit.words)
        return await _answer(view, visit, it, await make(view, it, visit.words), kind, visit.words.text(title))

    show.__qualname__ = f"report_on_{kind}"
    return page(f"/reports/{kind}", title=title, prepare=ready)(show)


@page("/reports", title="Reports")
async def start(view: Snapshot, visit: Visit) -> Answer:
    """The one on conversations."""
    return redirect("/reports/conversations")


@page("/reports/users/{user_id:str}", title="Report on a user or team", prepare=ready)
async def of_user(view: Snapshot, visit: Visit, user_id: PathId) -> Answer:
    """What somebody did."""
    it = wanted(visit.query, visit.words)
    name, report = await person(view, it, visit.words, user_id)
    return await _answer(view, visit, it, report, "users", name)


@page("/reports/behind", title="Conversations behind a number", prepare=ready)
async def behind(view: Snapshot, visit: Visit) -> Answer:
    """Those that ``what`` counted; of a ``range``, or ``about`` one thing."""
    it, what = wanted(visit.query, visit.words), visit.query.get("what", "")
    kind = next((each for each in Behind if each == what and each is not Behind.THEIRS), Behind.ACTIVE)
    about = _number(visit.query.get("about", ""), 2**62)
    if kind in (Behind.TAG, Behind.SAVED_REPLY, Behind.WORKFLOW, Behind.CUSTOMER) and about is None:
        raise NotFound("Not found")
    number = _number(visit.query.get("page", ""), MOST_PAGES) or 1
    here = scope(view.actor, it.asked.filter)
    range_id = _number(visit.query.get("range", ""), 100)
    found = await pages.page(view, here, it.asked.span, kind, number, SIZE, range_id=range_id, field_id=about)
    kept = {name: visit.query[name] for name in ("what", "range", "about") if visit.query.get(name)}
    return visit.page(
        "reports/behind.html",
        frame=await frame(view),
        it=it,
        found=found,
        statuses={each.value: named for each, named in STATUSES.items()},
        first=(number - 1) * SIZE + 1,
        last=(number - 1) * SIZE + len(found.conversations),
        back=it.link("/reports/behind", **kept, page=str(number - 1)) if number > 1 else "",
        more=it.link("/reports/behind", **kept, page=str(number + 1)) if number * SIZE < found.total else "",
        pane="page",
    )


async def _answer(view: Snapshot, visit: Visit, it: Wanted, report: Report, kind: str, title: str) -> Answer:
    """The page, or with ``csv`` one of its tables."""
    if "csv" in visit.query:
        key = visit.query["csv"]
        name = f"{kind}-{key}-{it.first}-{it.last}.csv"
        if report.heat and key == HEAT:
            head = [visit.words.text("Day"), *map(str, range(24))]
            return _csv(head, [[day, *(count for count, _ in hours)] for day, hours in report.heat.days], name)
        table = next((each for each in report.tables if each.key == key), None)
        if table is None:
            raise NotFound("Not found")
        return _csv(table.head, [[each.value for each in row] for row in table.rows], name)
    seen, _ = await inboxes.page(view, 1, MOST_INBOXES)
    listed, _ = await tags.page(view, 1, MOST_TAGS)
    return visit.page(
        "reports/report.html",
        frame=await frame(view),
        reports=[(each, name, it.link(f"/reports/{each}")) for each, (name, _) in REPORTS.items()],
        kind=kind,
        title=title,
        it=it,
        report=report,
        presets=PRESETS,
        inboxes=seen,
        tags=[each for each, _ in listed],
        types=[(each.value, name) for each, name in TYPES.items()],
        pane="page",
    )


def _csv(head: list[str], rows: Sequence[Sequence[float | str | None]], name: str) -> Answer:
    """A table for spreadsheets: what one could take for a formula is text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    for row in rows:
        writer.writerow([_inert(each) for each in row])
    headers = [
        (b"content-disposition", f'attachment; filename="{name}"'.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    return Answer(200, text.getvalue().encode(), b"text/csv; charset=utf-8", headers)


def _inert(value: float | str | None) -> float | str | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _number(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and 0 < int(text) <= most else None


KINDS = [_page_of(kind, title, make) for kind, (title, make) in REPORTS.items()]
ROUTERS = [Router("/", route_handlers=[start, *KINDS, of_user, behind])]
