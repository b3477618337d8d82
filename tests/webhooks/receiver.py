"""A receiver of webhooks, as its owner would write it: the standard library, a thread, and nothing of ours.

It verifies both signatures by itself, keeps what it got, and answers what it is told to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "tr0ut-lake-88"


class Got:
    """One request that came in."""

    def __init__(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.path = path
        self.headers = {name.lower(): value for name, value in headers.items()}
        self.body = body
        self.at = time.time()

    @property
    def event(self) -> str:
        return self.headers["x-helpscout-event"]

    @property
    def id(self) -> str:
        return self.headers["x-helpscout-delivery"]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Receiver:
    """Where it listens, what it got in order, and how it answers."""

    def __init__(self) -> None:
        self.got: list[Got] = []
        self.unsigned: list[Got] = []
        self.answer: Callable[[Any, Got], None] = lambda handler, got: plain(handler, 200, b"thanks")
        self.port = 0
        self.scheme = "http"
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    @property
    def events(self) -> list[str]:
        return [each.event for each in self.got]

    def statuses(self, *statuses: int) -> None:
        """Answer these in turn, the last for ever."""
        left = list(statuses)

        def answer(handler: Any, got: Got) -> None:
            plain(handler, left.pop(0) if len(left) > 1 else left[0])

        self.answer = answer

    def take(self, handler: Any) -> None:
        size = int(handler.headers.get("content-length", 0))
        body = handler.rfile.read(size)
        if len(body) < size:
            return  # the sender died in the middle: there was no request
        got = Got(handler.path, dict(handler.headers.items()), body)
        self.got.append(got)
        if not verifies(got):
            self.unsigned.append(got)
        self.answer(handler, got)


def verifies(got: Got, secret: str = SECRET) -> bool:
    """Both headers, as docs/webhooks.md tells receivers to check them."""
    plain_sum = base64.b64encode(hmac.new(secret.encode(), got.body, hashlib.sha1).digest()).decode()
    parts = dict(part.split("=", 1) for part in got.headers.get("deskhand-signature", "t=0,id=,v1=").split(","))
    signed = f"{parts['t']}.{parts['id']}.".encode() + got.body
    dated_sum = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return (
        hmac.compare_digest(plain_sum, got.headers.get("x-helpscout-signature", ""))
        and hmac.compare_digest(dated_sum, parts["v1"])
        and parts["id"] == got.headers.get("x-helpscout-delivery")
    )


def plain(handler: Any, status: int, body: bytes = b"", **headers: str) -> None:
    """An answer as it should be."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving(context: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """A receiver on a free port; with a context over TLS."""
    it = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            try:
                it.take(self)
            except OSError:
                pass  # the caller had enough

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 256

        def handle_error(self, *_: Any) -> None:
            """A handshake that the other side refuses is what some tests want."""

        def get_request(self) -> tuple[socket.socket, Any]:
            request, address = super().get_request()
            if context is not None:
                request = context.wrap_socket(request, server_side=True, do_handshake_on_connect=False)
            return request, address

    server = Server(("127.0.0.1", 0), Handler)
    it.port = server.server_address[1]
    it.scheme = "https" if context else "http"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield it
    finally:
        it.stopped.set()
        server.shutdown()
        server.server_close()
