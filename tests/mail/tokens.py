"""A provider of tokens, as Google and Microsoft answer: refresh, device flow, and what Dovecot asks about a token."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

USER = "help@desk.test"


class Tokens:
    """What it was asked, and what it gives. ``alive`` are the access tokens that mail servers take."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.alive: set[str] = set()
        self.life_seconds: Any = 3600
        self.error = ""
        self.status = 200
        self.body: bytes | None = None
        self.pending = 0
        """So many times a device is told to wait."""
        self.port = 0
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/token"

    def answer(self, path: str, form: dict[str, str]) -> tuple[int, bytes]:
        with self._lock:
            self.asked.append({"path": path, **form})
            if self.body is not None:
                return self.status, self.body
            if path == "/device":
                told = {"device_code": "d3v", "user_code": "WDJB-MJHT", "verification_uri": "https://example.com/device"}
                return 200, json.dumps({**told, "expires_in": 30, "interval": 0}).encode()
            if self.error:
                return 400, json.dumps({"error": self.error, "error_description": "Token has been revoked."}).encode()
            if self.pending:
                self.pending -= 1
                return 400, b'{"error": "authorization_pending"}'
            token = f"token-{len(self.asked)}"
            self.alive.add(token)
            return 200, json.dumps(
                {
                    "access_token": token,
                    "expires_in": self.life_seconds,
                    "token_type": "Bearer",
                    "refresh_token": f"next-{token}",
                }
            ).encode()


@contextmanager
def giving_tokens() -> Iterator[Tokens]:
    made = Tokens()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self._send(*made.answer(self.path, form))

        def do_GET(self) -> None:
            """Dovecot's introspection: whose token is it?"""
            asked = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
            alive = asked in made.alive
            self._send(200 if alive else 401, json.dumps({"email": USER} if alive else {"error": "invalid"}).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    running = threading.Thread(target=server.serve_forever, args=(0.02,))
    running.start()
    try:
        yield made
    finally:
        server.shutdown()
        running.join()
        server.server_close()
