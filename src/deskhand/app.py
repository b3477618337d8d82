"""The composition root: settings become an account at work and its ASGI application. The only file that knows everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.exceptions import HTTPException
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.static_files import create_static_files_router
from msgspec import Struct

from deskhand import operating
from deskhand.access import Access
from deskhand.account import make_desk
from deskhand.chats import routes as chats
from deskhand.conversations import routes as conversations
from deskhand.conversations.queries import one as conversation_queries
from deskhand.customers import routes as customers
from deskhand.customers.queries import one as customer_queries
from deskhand.inboxes import routes as inboxes
from deskhand.kernel.clock import Clock
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import DeskError
from deskhand.kernel.http import audit, feed
from deskhand.kernel.http.door import Call, Door
from deskhand.kernel.http.errors import answer_to
from deskhand.kernel.http.gate import Gate
from deskhand.kernel.http.openapi import document
from deskhand.kernel.http.routes import RouteHandler
from deskhand.kernel.jobs import Worker
from deskhand.kernel.log import Log
from deskhand.mail import routes as mail
from deskhand.mail.doors.imap import Fetcher
from deskhand.mail.doors.receiver import Receiver
from deskhand.mail.processing import Processor
from deskhand.mail.sending.sender import MailSender
from deskhand.moving import routes as moving
from deskhand.notifications import routes as notifications
from deskhand.oauth import routes as oauth
from deskhand.organizations import routes as organizations
from deskhand.properties import routes as properties
from deskhand.ratings import routes as ratings
from deskhand.reports import routes as reports
from deskhand.reports.keeping import Keeper
from deskhand.settings import Settings
from deskhand.tags import routes as tags
from deskhand.ui import routes as pages
from deskhand.ui.refusing import RefusedPage, shows_pages
from deskhand.users import routes as users
from deskhand.webhooks import routes as webhooks
from deskhand.webhooks.sending import Sender
from deskhand.workflows import routes as workflows
from deskhand.workflows.queries import definitions as workflow_queries

VERSIONS = {
    "conversation_id": conversation_queries.version,
    "customer_id": customer_queries.version,
    "workflow_id": workflow_queries.version,
}
STATIC = Path(__file__).parent / "ui" / "static"
SHORTER = DefineMiddleware(CompressionMiddleware, config=CompressionConfig(backend="gzip", exclude=r"\.woff2$"))

log = Log(__name__)


class App(Struct, frozen=True):
    """An account at work: ``door`` is the ASGI application; opening and closing happen in its lifespan."""

    desk: Desk
    door: Door
    worker: Worker
    sender: Sender
    mail_sender: MailSender
    litestar: Litestar


def make_app(settings: Settings, clock: Clock | None = None, *, works: bool = True, litestar: Litestar | None = None) -> App:
    """The application; with ``works`` it also runs the account's jobs, sends its deliveries and mail, and keeps reports.

    ``litestar`` may serve several accounts, if whoever makes them opens and closes each.
    """
    desk = make_desk(settings, clock)
    worker, sender, mail_sender = Worker(desk), Sender(desk), MailSender(desk)
    receivers = [Receiver(desk, *settings.smtp_address)] if settings.smtp_address else []
    loops: list[_Loop] = [worker, sender, Keeper(desk), Processor(desk), Fetcher(desk), mail_sender, *receivers]
    litestar = litestar or make_litestar(_alive(desk, loops if works else []))
    access = Access(desk)
    door = Door(
        litestar,
        desk,
        access.authenticate,
        visitor=access.visitor,
        origin=settings.origin,
        web_origin=settings.web_origin,
        trusted_proxies=settings.trusted_proxies,
        rate_limit=settings.rate_limit,
        error_docs=settings.error_docs,
        versions=VERSIONS,
    )
    return App(desk, door, worker, sender, mail_sender, litestar)


def make_litestar(*lifespan: Any) -> Litestar:
    """All routes, which know no account: each request brings its own with the door that it came through."""
    static = create_static_files_router(
        "/static", [STATIC], opt={"public": True}, include_in_schema=False, middleware=[SHORTER]
    )
    return Litestar(
        route_handlers=[*api_routes(), *pages.ROUTERS, *operating.ROUTERS, operating.documentation(api_document), static],
        middleware=[Gate],
        exception_handlers={Exception: _refuse, HTTPException: _refuse},
        openapi_config=None,
        lifespan=lifespan,
        logging_config=None,
        request_max_body_size=None,
    )


def api_routes() -> list[Router]:
    """Every route of the vendor's API, the token endpoint, and our own below ``/deskhand/v1``."""
    rooms = (
        oauth,
        chats,
        conversations,
        customers,
        inboxes,
        mail,
        notifications,
        organizations,
        properties,
        ratings,
        reports,
        tags,
        users,
        webhooks,
        workflows,
        audit,
        feed,
        moving,
    )
    return _merged([router for room in rooms for router in room.ROUTERS])


def api_document() -> dict[str, Any]:
    """The OpenAPI document of the API."""
    return document(api_routes(), version("deskhand"))


def _merged(routers: list[Router]) -> list[Router]:
    """One router for each address: a room may answer one method of another's, and Litestar takes an address only once."""
    by_path: dict[str, dict[int, RouteHandler]] = {}
    for router in routers:
        for route in router.routes:
            for handler in getattr(route, "route_handlers", ()):
                if isinstance(handler, RouteHandler):
                    by_path.setdefault(router.path, {})[id(handler.endpoint)] = handler
    return [Router(path, route_handlers=list(handlers.values())) for path, handlers in by_path.items()]


class _Loop(Protocol):
    async def run(self) -> None: ...

    def stop(self) -> None: ...


def _alive(desk: Desk, loops: list[_Loop]) -> Any:
    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        await desk.database.open()
        await desk.database.listen(lambda message: desk.access_changed())
        working = [asyncio.create_task(each.run()) for each in loops]
        try:
            yield
        finally:
            for each in loops:
                each.stop()
            await asyncio.gather(*working)
            await desk.database.close()

    return lifespan


def _refuse(request: Request[Any, Any, Any], error: Exception) -> Any:
    """Refusals of the gate and of Litestar itself (404, 405), and for anything else an answer without details."""
    call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
    if not isinstance(error, DeskError) and not (isinstance(error, HTTPException) and error.status_code < 500):
        log.error("a bug", error=error, correlation_id=call.log_ref)
    return RefusedPage(request, error) if shows_pages(request) else answer_to(error, call.log_ref, call.door.error_docs, "")
