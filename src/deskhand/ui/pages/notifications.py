"""What one was told: the list behind the bell, and for a page that is hidden what came since."""

from __future__ import annotations

from litestar import Router
from msgspec import Struct

from deskhand.kernel.errors import Invalid
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.kernel.words import Words
from deskhand.notifications import operations, queries
from deskhand.notifications.queries import Notification
from deskhand.ui.door import Done, Form, Visit, act, page, to_script
from deskhand.ui.frame import frame
from deskhand.ui.live.hub import live_of
from deskhand.ui.people import Face, face
from deskhand.users.model import Occasion

SIZE = 50
MOST_NEWS = 5
SAID = {
    Occasion.NEW_CONVERSATION: "%(who)s began a conversation",
    Occasion.ASSIGNED_TO_ME: "%(who)s assigned it to you",
    Occasion.ASSIGNED_TO_MY_TEAM: "%(who)s assigned it to a team of yours",
    Occasion.ASSIGNED_TO_OTHERS: "%(who)s assigned it to somebody else",
    Occasion.CUSTOMER_REPLIED_TO_MINE: "%(who)s replied to you",
    Occasion.CUSTOMER_REPLIED_TO_UNASSIGNED: "%(who)s replied, and it is nobody's",
    Occasion.CUSTOMER_REPLIED_TO_OTHERS: "%(who)s replied to somebody else",
    Occasion.COLLEAGUE_WROTE_IN_MINE: "%(who)s wrote in one of yours",
    Occasion.COLLEAGUE_WROTE_IN_UNASSIGNED: "%(who)s wrote in one that is nobody's",
    Occasion.COLLEAGUE_WROTE_IN_OTHERS: "%(who)s wrote in somebody else's",
    Occasion.MENTIONED: "%(who)s mentioned you",
    Occasion.FOLLOWED: "%(who)s did something in one that you follow",
    Occasion.RATED: "%(who)s rated a reply of yours",
}
BY_ITSELF = {
    Occasion.ASSIGNED_TO_ME: "It is yours now",
    Occasion.ASSIGNED_TO_MY_TEAM: "It is a team's of yours now",
    Occasion.ASSIGNED_TO_OTHERS: "It is somebody else's now",
}
"""What nobody did: routing, say, or a workflow."""


class News(Struct, frozen=True):
    """One of them as it is shown; ``href`` leads to what it is about."""

    id: int
    face: Face
    said: str
    it: Notification
    href: str


@page("/notifications", title="Notifications")
async def index(view: Snapshot, visit: Visit) -> Answer:
    """The newest, or those behind ``before``."""
    text = visit.query.get("before", "")
    before = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    found = await queries.page(view, SIZE + 1, before=before)
    around = await frame(view)
    return visit.page(
        "notifications/list.html",
        frame=around,
        news=[_news(each, visit.words) for each in found[:SIZE]],
        older=f"/notifications?before={found[SIZE - 1].id}" if len(found) > SIZE else "",
        live=f"/live/{around.inbox.id}?after={visit.place}" if around.inbox and before is None else "",
        pane="page",
    )


@page("/notifications/news", title="What one was told since")
async def news(view: Snapshot, visit: Visit) -> Answer:
    """Those not read behind ``after``, of which the last is told too; a piece for scripts."""
    text = visit.query.get("after", "")
    after = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    newest = await queries.page(view, 1)
    found = [] if after is None else await queries.page(view, MOST_NEWS, unread=True)
    told = [_news(each, visit.words) for each in reversed(found) if after is not None and each.id > after]
    return to_script(
        {
            "last": newest[0].id if newest else 0,
            "told": [{"id": it.id, "title": it.said, "body": it.it.subject, "href": it.href} for it in told],
        }
    )


@act("/notifications/read", title="Read all that one was told", shown_by=index)
async def read_all(tx: Transaction, visit: Visit, form: Form) -> Done:
    """Up to ``up_to``: what came since the page was made stays unread."""
    last_id = form.number("up_to")
    if last_id is None:
        raise Invalid("up_to", visit.words.text("is missing"))
    await operations.read_up_to(tx, last_id)
    live_of(visit.desk).read_by(visit.user.id)
    return Done("/notifications", visit.words.text("All are read"))


@act("/notifications/{notification_id:str}/read", title="Read one of them")
async def read(tx: Transaction, visit: Visit, form: Form, notification_id: PathId) -> Done:
    """For whoever need not open it."""
    await operations.read(tx, notification_id)
    live_of(visit.desk).read_by(visit.user.id)
    return Done("/notifications")


def _news(it: Notification, words: Words) -> News:
    who = face(it.customer_id, it.customer_first, it.customer_last)
    if it.by_user_id is not None:
        who = face(it.by_user_id, it.user_first, it.user_last)
    elif it.occasion in BY_ITSELF:
        return News(it.id, who, words.text(BY_ITSELF[it.occasion]), it, _address(it))
    return News(it.id, who, words.text(SAID[it.occasion], who=who.name), it, _address(it))


def _address(it: Notification) -> str:
    return f"/conversation/{it.conversation_id}/{it.number}" + (f"#thread-{it.thread_id}" if it.thread_id else "")


ROUTERS = [Router("/", route_handlers=[index, news, read_all, read])]
