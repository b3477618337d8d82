"""``script/bench``: what requests cost beside a floor, at two sizes of the desk, how bad the worst ones are, and how much goes
on behind them.

Prints microseconds of the server's CPU per request and ratios. Times depend on the machine; the ratios are the point:
product and floor are measured in turn, several rounds, and the median is told.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import statistics
import urllib.parse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psutil

from bench import servers
from bench.ask import ask
from bench.behind import behind
from bench.live import live
from bench.load import Request, measure, request
from bench.mail import mail_in
from bench.mail_out import mail_out
from bench.moving import moving
from bench.pages import pages
from bench.reports import reports
from bench.requests import Sample
from bench.servers import Account, Running
from bench.worst import worst_cases
from tests.postgres import postgres_server

ROUNDS = 5
TIMES = {"list": 1000, "one": 1000, "create": 600, "get": 1000, "search": 600}
NEEDLE = "haystackneedle"
PARTS = ["behind", "requests", "reports", "mail", "moving", "pages", "live"]
SMALL = {"live"}  # what needs no large account
WANTED = {"sqlite": {"list": 80, "one": 65, "create": 60}, "postgresql": {"list": 75, "one": 60, "create": 55}}


def main() -> None:
    options = _options()
    with ExitStack() as stack:
        for kind in options.database:
            new_address = _addresses(stack, kind)
            size = options.small if set(options.only) <= SMALL else options.conversations
            large = servers.account(options.folder / f"{kind}-{size}", size, new_address("l"))
            small = servers.account(options.folder / f"{kind}-{options.small}", options.small, new_address("s"))
            if "behind" in options.only:
                print(f"\n== {kind}: behind requests")
                behind(new_address("b"))
            if "requests" in options.only:
                print(f"\n== {kind}: {options.conversations:,} conversations, one process, authentication on")
                beside_the_floor(large, kind, options.rounds)
                two_sizes(small, large, options)
                if options.worst:
                    worst_cases(large)
            if "reports" in options.only:
                print(f"\n== {kind}: reports over a year, {options.conversations:,} conversations")
                reports(large)
            if "mail" in options.only:
                print(f"\n== {kind}: mail, one core")
                mail_in(small, large)
                mail_out(new_address("m"))
            if "moving" in options.only:
                print(f"\n== {kind}: out as a file, and in again")
                moving(small, large, new_address)
            if "pages" in options.only:
                print(f"\n== {kind}: pages, {options.conversations:,} conversations, one process")
                pages(large)
            if "live" in options.only:
                print(f"\n== {kind}: open pages, one process, {size:,} conversations")
                live(large)


def beside_the_floor(it: Account, kind: str, rounds: int) -> None:
    """Product and floor in turn: CPU per request and the ratio of their rates."""
    with servers.product(it) as ours:
        idle = psutil.Process(ours.pid).memory_info().rss / 2**20
        print(f"start {ours.seconds:.2f} s, idle memory {idle:.0f} MB")
        conversation = _with_threads(ours, 20)
        with servers.floor(it, ours.token, conversation) as bare:
            for name, (method, path, body) in Sample(ours.token, conversation).named().items():
                status = 201 if method == "POST" else 200
                sent = request(method, path, ours.token, body or None, status=status)
                costs: dict[str, list[float]] = {"ours": [], "floor": []}
                for _ in range(rounds):
                    for who, server in (("ours", ours), ("floor", bare)):
                        costs[who].append(_cost(server, _always(sent), TIMES[name]))
                ratio = statistics.median(b / a for a, b in zip(costs["ours"], costs["floor"], strict=True)) * 100
                a, b = statistics.median(costs["ours"]), statistics.median(costs["floor"])
                print(f"{name:<8} {a:7.0f} µs, floor {b:7.0f} µs: {ratio:3.0f} % of its rate (wanted {WANTED[kind][name]} %)")


def _always(sent: Request) -> Callable[[], Iterator[Request]]:
    return lambda: itertools.repeat(sent)


def two_sizes(small: Account, large: Account, options: argparse.Namespace) -> None:
    """The same requests on a small and a large desk: how the cost grows."""
    print(f"-- growth from {options.small:,} to {options.conversations:,}")
    with servers.product(small) as few, servers.product(large) as many:
        for server in (few, many):
            _hide_needle(server)
        for name in ("list", "get", "create", "search"):
            costs: dict[str, list[float]] = {"few": [], "many": []}
            for _ in range(options.rounds):
                for who, server in (("few", few), ("many", many)):
                    costs[who].append(_cost(server, _requests(name, server, options.small - 100), TIMES[name]))
            ratio = statistics.median(b / a for a, b in zip(costs["few"], costs["many"], strict=True))
            a, b = statistics.median(costs["few"]), statistics.median(costs["many"])
            print(f"{name:<8} {a:7.0f} µs -> {b:7.0f} µs: {ratio:4.2f} times (wanted at most 1.30)")


def _hide_needle(server: Running) -> None:
    """A few conversations that a search finds among all the others, as many on a small desk as on a large one."""
    found = ask(server, "GET", f"/v2/conversations?status=all&query={NEEDLE}")
    if json.loads(found.body)["page"]["totalElements"]:
        return
    for _ in range(3):
        body = json.loads(Sample(server.token, 1).named()["create"][2])
        body["subject"], body["threads"][0]["text"], body["tags"] = NEEDLE, f"Where is {NEEDLE}?", ["needle"]
        ask(server, "POST", "/v2/conversations", json.dumps(body).encode())


def _requests(name: str, server: Running, most: int) -> Callable[[], Iterator[Request]]:
    sample = Sample(server.token, 1).named()
    if name == "create":
        method, path, body = sample["create"]
        return lambda: itertools.repeat(request(method, path, server.token, body, status=201))
    paths = {
        "list": ["/v2/conversations"],
        "get": [f"/v2/conversations/{number}" for number in range(100, most, 7)],
        "search": [
            "/v2/conversations?status=all&query=" + urllib.parse.quote(each)
            for each in (f'(body:"{NEEDLE}")', "(number:1882)", f"(subject:{NEEDLE} AND tag:needle)")
        ],
    }[name]
    sent = [request("GET", path, server.token) for path in paths]
    return lambda: itertools.cycle(sent)


def _cost(server: Running, make: Callable[[], Iterator[Request]], count: int) -> float:
    asyncio.run(measure(server.port, [server.pid], make, max(20, count // 10)))
    return asyncio.run(measure(server.port, [server.pid], make, count)).microseconds


def _with_threads(server: Running, wanted: int) -> int:
    """The id of a conversation that gets exactly so many threads."""
    made = ask(server, "POST", Sample(server.token, 0).named()["create"][1], Sample(server.token, 0).named()["create"][2])
    conversation = int(made.headers["resource-id"])
    body = (
        b'{"text": "We have asked the carrier and will write again tomorrow.", "customer": {"email": "pavel.lund@mail.test"}}'
    )
    for _ in range(wanted - 1):
        ask(server, "POST", f"/v2/conversations/{conversation}/customer", body)
    return conversation


def _addresses(stack: ExitStack, kind: str) -> Callable[[str], str]:
    if kind == "sqlite":
        return lambda _: ""
    server = stack.enter_context(postgres_server())
    return lambda _: server.new_database()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench", description=__doc__)
    parser.add_argument("--conversations", type=int, default=200_000)
    parser.add_argument("--small", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--database", nargs="+", choices=["sqlite", "postgresql"], default=["sqlite", "postgresql"])
    parser.add_argument("--folder", type=Path, default=Path("tmp/bench"), help="where demo data is kept between runs")
    parser.add_argument("--no-worst", dest="worst", action="store_false", help="leave out the worst cases")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="which parts, else all")
    parser.add_argument("--pages", dest="only", action="store_const", const=["pages"], help="the same as --only pages")
    parser.add_argument("--live", dest="only", action="store_const", const=["live"], help="the same as --only live")
    return parser.parse_args()


if __name__ == "__main__":
    main()
