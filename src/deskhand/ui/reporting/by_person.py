"""What customers thought, and what one person or team did."""

from __future__ import annotations

from msgspec import UNSET

from deskhand.kernel.http.hal import Origins
from deskhand.kernel.transaction import Snapshot
from deskhand.kernel.words import Words
from deskhand.reports.bodies import account, lists, people
from deskhand.reports.queries.scope import Scope, scope
from deskhand.reports.schemas.requests import RatingsQuery
from deskhand.ui.reporting.asking import Wanted
from deskhand.ui.reporting.making import Report, count, over_time
from deskhand.ui.reporting.parts import Cell, Drawing, Table, Unit, number, written

MOST_RATINGS = 50
NOWHERE = Origins("", "")  # a page needs no links


async def happiness(view: Snapshot, it: Wanted, words: Words) -> Report:
    """What customers thought of replies."""
    here = scope(view.actor, it.asked.filter)
    return await _happy(view, it, words, here)


async def person(view: Snapshot, it: Wanted, words: Words, user_id: int) -> tuple[str, Report]:
    """Somebody's name, or a team's, and what they did. Raises NotFound."""
    found = await people.user(view, it.asked, user_id, NOWHERE)
    _, theirs = await people.of_person(view, it.asked, user_id)
    now, deltas = found.current, found.deltas
    numbers = [
        number(words, words.text("Customers helped"), now, deltas, "customers_helped", less_is_better=False),
        number(words, words.text("Replies sent"), now, deltas, "total_replies", less_is_better=False),
        number(words, words.text("Replies a day"), now, deltas, "replies_per_day", Unit.DECIMAL, less_is_better=False),
        number(words, words.text("Answer, mean"), now, deltas, "response_time", Unit.SECONDS, less_is_better=True),
        number(words, words.text("Resolution, mean"), now, deltas, "resolution_time", Unit.SECONDS, less_is_better=True),
        number(words, words.text("Resolved"), now, deltas, "resolved", less_is_better=False),
        number(words, words.text("Closed"), now, deltas, "closed"),
        number(words, words.text("Happiness"), now, deltas, "happiness_score", Unit.DECIMAL, less_is_better=False, points=True),
    ]
    tables = [
        await over_time(view, it, words, "replies", words.text("Replies sent"), "total_replies", here=theirs),
        await over_time(view, it, words, "customers", words.text("Customers helped"), "customers_helped", here=theirs),
        await over_time(view, it, words, "resolved", words.text("Resolved"), "resolved", here=theirs),
    ]
    ratings = await _happy(view, it, words, theirs)
    return found.user.name, Report(numbers, [*tables, *ratings.tables])


async def _happy(view: Snapshot, it: Wanted, words: Words, here: Scope) -> Report:
    found = await account.happy(view, it.asked, here)
    now, deltas = found.current, found.deltas
    numbers = [
        number(
            words,
            words.text("Happiness score"),
            now,
            deltas,
            "happiness_score",
            Unit.DECIMAL,
            less_is_better=False,
            points=True,
        ),
        number(words, words.text("Great"), now, deltas, "great", Unit.PERCENT, less_is_better=False, points=True),
        number(words, words.text("Okay"), now, deltas, "okay", Unit.PERCENT, points=True),
        number(words, words.text("Not good"), now, deltas, "not_good", Unit.PERCENT, less_is_better=True, points=True),
        number(words, words.text("Ratings"), now, UNSET, "ratings_count"),
    ]
    kinds = [(words.text("Great"), now.great, now.great_count), (words.text("Okay"), now.okay, now.okay_count)]
    kinds.append((words.text("Not good"), now.not_good, now.not_good_count))
    rows = [
        [Cell(name, name), Cell(written(share, Unit.PERCENT, words), share), count(many, words)] for name, share, many in kinds
    ]
    head = [words.text("Rating"), words.text("Share"), words.text("Count")]
    query = RatingsQuery(start=it.asked.span.start, end=it.asked.span.end)
    given = await lists.ratings(view, it.asked, here, query, MOST_RATINGS)
    kinds_by_id = {1: words.text("Great"), 2: words.text("Okay"), 3: words.text("Not good")}
    rated = [
        [
            Cell(words.short(each.rating_created_at), words.exact(each.rating_created_at)),
            Cell(kinds_by_id.get(each.rating_id, "–"), kinds_by_id.get(each.rating_id, "")),
            Cell(each.rating_customer_name or "–", each.rating_customer_name),
            Cell(each.rating_user_name or "–", each.rating_user_name),
            Cell(each.rating_comments or "", each.rating_comments or ""),
            Cell(f"#{each.number}", each.number, f"/conversation/{each.id}/{each.number}#thread-{each.threadid}"),
        ]
        for each in given.results
    ]
    heads = [words.text("When"), words.text("Rating"), words.text("Customer"), words.text("User"), words.text("Comment")]
    tables = [
        Table("ratings", words.text("Ratings by kind"), head, rows, Drawing.SHARES),
        Table("rated", words.text("Newest ratings"), [*heads, words.text("Conversation")], rated),
    ]
    return Report(numbers, tables)
