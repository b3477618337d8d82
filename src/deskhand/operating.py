"""What an operator asks of a running server: is it alive, is it ready, how does it go, and how is its API used. Part of
the composition root."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from litestar import Request, Router
from prometheus_client import generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

from deskhand.kernel import jobs
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Unavailable
from deskhand.kernel.http import docs
from deskhand.kernel.http.answers import JSON, Answer, encode
from deskhand.kernel.http.door import BUCKETS_SECONDS, Call, Ways
from deskhand.kernel.http.hal import Origins
from deskhand.kernel.http.pages import HEADERS, HTML
from deskhand.kernel.http.routes import get
from deskhand.kernel.permissions import system_actor
from deskhand.mail.queries import health as mail
from deskhand.webhooks import queries as webhooks

LATE = timedelta(minutes=1)  # a job that waits longer than that after its moment says that no worker is at work
METRICS = b"text/plain; version=0.0.4; charset=utf-8"


@get("/health", summary="Liveness", public=True, documented=False)
async def health() -> Answer:
    """The process answers."""
    return Answer(200, encode({"status": "ok"}), JSON)


@get("/ready", summary="Readiness", public=True, documented=False)
async def ready(desk: Desk) -> Answer:
    """Whether the database, the jobs and the files work; 503 with what does not."""
    parts = {"database": "ok", "jobs": "ok", "webhooks": "ok", "mail": "ok", "files": "ok"}
    try:
        async with desk.reading(system_actor()) as view:
            (overdue,) = await view.all(jobs.OVERDUE, before=view.instant - LATE)
            (failed,) = await view.all(jobs.FAILED)
            troubles = await webhooks.troubles(view)
            letters = await mail.health(view)
        if troubles:  # their receivers' fault, not ours
            parts["webhooks"] = "ok, " + "; ".join(troubles)
        if letters.overdue:
            parts["mail"] = f"{letters.overdue} messages were not looked at: is a worker running?"
        elif problems := mail.troubles(letters):
            parts["mail"] = "ok, " + "; ".join(problems)
        if overdue:
            parts["jobs"] = f"{overdue} jobs are overdue: is a worker running?"
        elif failed:
            parts["jobs"] = f"ok, {failed} failed: see 'deskhand jobs'"
    except Unavailable as error:
        parts["database"] = error.message
    try:
        await desk.blobs.check()
    except Unavailable as error:
        parts["files"] = error.message
    fine = all(part.startswith("ok") for part in parts.values())
    return Answer(200 if fine else 503, encode({"status": "ok" if fine else "not ready", **parts}), JSON)


@get("/metrics", summary="Metrics", public=True, documented=False)
async def metrics(desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """Counts and durations for Prometheus; of this process, but for jobs, webhooks and mail, which are the account's."""
    call: Call = request.scope["deskhand"]  # type: ignore[typeddict-item]
    async with desk.reading(system_actor()) as view:
        (overdue,) = await view.all(jobs.OVERDUE, before=view.instant)
        (failed,) = await view.all(jobs.FAILED)
        (waiting,) = await view.all(jobs.WAITING)
        told = await webhooks.totals(view)
        letters = await mail.health(view)
    registry = CollectorRegistry()
    registry.register(_Collector(call.door.ways, {"due": overdue, "waiting": waiting, "failed": failed}, told))
    registry.register(_Mail(letters, at=desk.clock.now()))
    return Answer(200, generate_latest(registry), METRICS)


class _Collector(Collector):
    """Turns what the door counted into Prometheus' shapes at the moment it is asked."""

    def __init__(self, ways: Ways, jobs: dict[str, int], deliveries: dict[str, int]) -> None:
        self._ways = ways
        self._jobs = jobs
        self._deliveries = deliveries

    def collect(self) -> Iterator[Any]:
        seconds = HistogramMetricFamily(
            "deskhand_request_seconds", "Duration of requests", labels=["method", "route", "status"]
        )
        for (method, route, status), (count, total, *buckets) in sorted(self._ways.by_route.items()):
            reached, shares = 0.0, []
            for limit, within in zip(BUCKETS_SECONDS, buckets, strict=True):
                reached += within
                shares.append((str(limit), reached))
            shares.append(("+Inf", count))
            seconds.add_metric([method, route, str(status)], shares, total)
        yield seconds
        told = {"due": "Jobs that could run now", "waiting": "Jobs that will run, now or later", "failed": "Jobs that gave up"}
        for name, number in self._jobs.items():
            yield GaugeMetricFamily(f"deskhand_jobs_{name}", told[name], value=number)
        counted = self._deliveries
        yield GaugeMetricFamily(
            "deskhand_webhook_deliveries_waiting", "Webhook deliveries to be sent, now or later", value=counted["waiting"]
        )
        ended = CounterMetricFamily("deskhand_webhook_deliveries", "Webhook deliveries by how they ended", labels=["state"])
        for state in ("delivered", "discarded", "dropped"):
            ended.add_metric([state], counted[state])
        yield ended
        yield CounterMetricFamily(
            "deskhand_webhook_attempts_failed", "Attempts to deliver that failed", value=counted["failed"]
        )


class _Mail(Collector):
    """How mail goes, in Prometheus' shapes."""

    def __init__(self, it: mail.Health, *, at: datetime) -> None:
        self._it = it
        self._at = at

    def collect(self) -> Iterator[Any]:
        it = self._it
        waits = (self._at - it.queue.oldest).total_seconds() if it.queue.oldest else 0
        for name, told, value in (
            ("held", "Messages that wait for a person", it.held),
            ("waiting", "Messages that came in and were not looked at yet", it.waiting),
            ("queue", "Messages of ours that are to be sent", it.queue.total),
            ("queue_oldest_seconds", "For how long the oldest of those waits", max(waits, 0)),
        ):
            yield GaugeMetricFamily(f"deskhand_mail_{name}", told, value=value)
        failing = GaugeMetricFamily("deskhand_mail_failing", "Servers that fail", labels=["inbox", "direction"])
        for connection in it.connections:
            failing.add_metric([str(connection.inbox_id), connection.direction.value], float(connection in it.failing))
        yield failing
        there = GaugeMetricFamily("deskhand_mail_server_messages", "Messages in a fetched folder", labels=["inbox"])
        gap = GaugeMetricFamily("deskhand_mail_gap", "Messages of it that we may not have", labels=["inbox"])
        for cursor in it.cursors:
            there.add_metric([str(cursor.inbox_id)], cursor.server_count)
            gap.add_metric([str(cursor.inbox_id)], cursor.gap)
        yield from (there, gap)


def documentation(document: Callable[[], dict[str, Any]]) -> Router:
    """The API's document and the page made of it; ``document`` is asked once, at the first visit."""
    whole = cache(document)

    @lru_cache(maxsize=16)  # origins come from requests
    def page(origin: str) -> bytes:
        return docs.page(whole(), origin)

    @get("/openapi.json", summary="OpenAPI document", public=True, documented=False)
    async def openapi(origins: Origins) -> Answer:
        """What the API is, for programs."""
        return Answer(
            200, encode(whole() | {"servers": [{"url": origins.api}]}), JSON, [(b"access-control-allow-origin", b"*")]
        )

    @get("/docs", summary="Documentation", public=True, documented=False)
    async def documents(origins: Origins) -> Answer:
        """What the API is, for people."""
        return Answer(200, page(origins.api), HTML, HEADERS)

    return Router("/", route_handlers=[openapi, documents])


ROUTERS = [Router("/", route_handlers=[health, ready, metrics])]
