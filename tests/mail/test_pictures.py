"""Pictures that lie elsewhere: not fetched until somebody wants to see them, and then by us."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from deskhand.kernel.html import clean, with_remote_pictures
from deskhand.mail.operations import links
from tests.given import Given

PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000002000000020802000000fdd49a73")
DOT = PNG.replace(b"\x00\x00\x00\x02\x00\x00\x00\x02", b"\x00\x00\x00\x01\x00\x00\x00\x01")


class Shelf:
    """A server elsewhere with one picture, and what it was asked."""

    def __init__(self) -> None:
        self.body = PNG
        self.asked: list[dict[str, str]] = []
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.asked.append({name.lower(): value for name, value in self.headers.items()})
                self.send_response(200)
                self.send_header("Set-Cookie", "a=b")
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(shelf.body)))
                self.end_headers()
                self.wfile.write(shelf.body)

            def log_message(self, format: str, *args: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/a.png"


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


def test_remote_pictures_are_blocked_and_counted() -> None:
    html = clean('<p><img src="https://x.test/a.png" alt="A"><img src="cid:b"><a href="https://x.test">x</a></p>')
    shown, blocked = with_remote_pictures(html, None)
    assert (blocked, "x.test/a.png" in shown, 'alt="A"' in shown, "cid:b" in shown) == (1, False, True, True)
    assert 'rel="noopener noreferrer nofollow"' in shown


def test_or_come_from_here() -> None:
    html = clean('<img src="https://x.test/a.png?b=1&amp;c=2">')
    shown, _ = with_remote_pictures(html, lambda url: f"/here/{len(url)}")
    assert shown == f'<img src="/here/{len("https://x.test/a.png?b=1&c=2")}">'


async def test_we_fetch_a_picture_for_who_reads(given: Given, shelf: Shelf) -> None:
    found = await fetched(given, shelf.url)
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, PNG, "image/png")
    assert "set-cookie" not in found.headers
    assert "sandbox" in found.headers["content-security-policy"]
    (asked,) = shelf.asked
    assert not {"cookie", "referer", "authorization"} & set(asked)


@pytest.mark.parametrize(
    "body",
    [DOT, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>", b"", PNG + b"x" * (5 * 2**20)],
    ids=["dot", "svg", "html", "nothing", "huge"],
)
async def test_nothing_else(given: Given, shelf: Shelf, body: bytes) -> None:
    shelf.body = body
    assert (await fetched(given, shelf.url)).status_code == 404


async def test_we_fetch_only_what_we_wrote_ourselves(given: Given, shelf: Shelf) -> None:
    link = links.remote(given.desk.settings, shelf.url)
    head, _, tail = link.rpartition(".")
    other = links.remote(given.desk.settings, "https://other.test/").rpartition(".")[2]
    async with given.client(None) as client:
        for forged in (f"{head}.{other}", f"{head[:-2]}AA.{tail}", "/mail/remote/x", "/mail/remote/.", f"{link}x"):
            assert (await client.get(forged)).status_code == 404, forged
    assert shelf.asked == []


async def test_and_nothing_from_inside(given: Given) -> None:
    assert (await fetched(given, "http://169.254.169.254/latest/meta-data")).status_code == 404


async def fetched(given: Given, url: str) -> httpx.Response:
    async with given.client(None) as client:
        return await client.get(links.remote(given.desk.settings, url))
