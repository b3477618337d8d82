"""Ratings: one by id for the API (contract 61 §3), and the customer's page behind a link that only they have.

Looking at the page changes nothing, so that programs which look through mail do not rate. What is sent needs no further
proof: the link is the only one there is, no cookie speaks for anybody, and who has no link cannot make another send it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from litestar import Request, Router

from deskhand.conversations.model import Rating
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Invalid, NotFound, Unmet
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.routes import PathId, get, post, raw_body
from deskhand.kernel.http.sessions import accepted
from deskhand.kernel.http.wire import parameters
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import customer_actor
from deskhand.kernel.transaction import Snapshot
from deskhand.ratings import operations, pages, queries
from deskhand.ratings.schemas import EXAMPLE, RatingBody, rating_body

FORM_BYTES = 64 * 1024
WORDS = {each.value: each for each in Rating}


@get("/{rating_id:str}", summary="Get Rating", errors=(400, 403, 404), example=EXAMPLE)
async def show(view: Snapshot, rating_id: PathId, origins: Origins) -> RatingBody:
    """What a customer thought of a reply."""
    return rating_body(await queries.get(view, rating_id), origins)


@get("/rate/{token:str}", summary="Rate a reply", public=True, documented=False)
async def ask(token: str, desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """The question, or the thanks; ``?rating=great`` only chooses beforehand."""
    chosen = dict(parameters(request.scope["query_string"])).get("rating")
    return await _page(request, desk, token, new=chosen if chosen in WORDS else None)


@post("/rate/{token:str}", summary="Send a rating", public=True, documented=False)
async def rate(token: str, desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """Take the rating, then show the page anew, so that reloading it sends nothing."""
    body = (await raw_body(request, FORM_BYTES)).decode(errors="replace")
    form = {name: value.replace("\0", "") for name, value in parse_qsl(body, keep_blank_values=True)}
    rating, comments = WORDS.get(form.get("rating", "")), form.get("comments", "").replace("\r\n", "\n")
    problem = None if rating else N_("Please choose one of the three.")
    if rating:
        try:
            async with desk.writing(customer_actor()) as tx:
                await operations.rate(tx, token, rating, comments, change_hours=desk.settings.rating_change_hours)
            return Answer(303, headers=[(b"location", f"/rate/{token}".encode()), (b"cache-control", b"no-store")])
        except NotFound:
            pass  # as the page says
        except (Invalid, Unmet) as error:
            too_long = isinstance(error, Invalid)
            problem = N_("This is too long: 2,000 characters at most.") if too_long else error.message
    return await _page(request, desk, token, chosen=form.get("rating"), comments=comments, problem=problem, status=400)


async def _page(
    request: Request[Any, Any, Any], desk: Desk, token: str, *, new: str | None = None, chosen: str | None = None, **values: Any
) -> Answer:
    """The page of a link; ``new`` is chosen where nothing was said yet."""
    async with desk.reading(customer_actor()) as view:
        words = await pages.words_for(view, accepted(request))
        try:
            asked = await queries.by_link(view, operations.link_hash(token))
        except NotFound:
            return pages.gone(words)
        chosen = chosen or (new if asked.rating is None else None)
        return pages.question(words, asked, view.now, desk.settings.rating_change_hours, chosen=chosen, **values)


ROUTERS = [Router("/v2/ratings", route_handlers=[show]), Router("/", route_handlers=[ask, rate])]
