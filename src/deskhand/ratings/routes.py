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
from deskhand.kernel.http.wire import parameters
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
    async with desk.reading(customer_actor()) as view:
        try:
            asked = await queries.by_link(view, operations.link_hash(token))
        except NotFound:
            return pages.gone()
        is_new = asked.rating is None and chosen in WORDS
        return pages.question(asked, view.now, desk.settings.rating_change_hours, chosen=chosen if is_new else None)


@post("/rate/{token:str}", summary="Send a rating", public=True, documented=False)
async def rate(token: str, desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """Take the rating, then show the page anew, so that reloading it sends nothing."""
    body = (await raw_body(request, FORM_BYTES)).decode(errors="replace")
    form = {name: value.replace("\0", "") for name, value in parse_qsl(body, keep_blank_values=True)}
    rating, comments = WORDS.get(form.get("rating", "")), form.get("comments", "").replace("\r\n", "\n")
    hours = desk.settings.rating_change_hours
    problem = None if rating else "Please choose one of the three."
    if rating:
        try:
            async with desk.writing(customer_actor()) as tx:
                await operations.rate(tx, token, rating, comments, change_hours=hours)
            return Answer(303, headers=[(b"location", f"/rate/{token}".encode()), (b"cache-control", b"no-store")])
        except NotFound:
            return pages.gone()
        except (Invalid, Unmet) as error:
            problem = "This is too long: 2,000 characters at most." if isinstance(error, Invalid) else error.message
    async with desk.reading(customer_actor()) as view:
        try:
            asked = await queries.by_link(view, operations.link_hash(token))
        except NotFound:
            return pages.gone()
        return pages.question(asked, view.now, hours, chosen=form.get("rating"), comments=comments, problem=problem, status=400)


ROUTERS = [Router("/v2/ratings", route_handlers=[show]), Router("/", route_handlers=[ask, rate])]
