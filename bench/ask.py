"""One request at a time, for preparing and for worst cases."""

from __future__ import annotations

import http.client
import time
from dataclasses import dataclass

from bench.servers import Running


@dataclass(frozen=True)
class Answer:
    """What came back, with lower-case header names, and how long it took in seconds."""

    status: int
    headers: dict[str, str]
    body: bytes
    seconds: float


def ask(server: Running, method: str, path: str, body: bytes | None = None) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Authorization": f"Bearer {server.token}", "Host": "desk.test"}
    if body is not None:
        headers["Content-Type"] = "application/json"
    began = time.perf_counter()
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    content = answer.read()
    seconds = time.perf_counter() - began
    connection.close()
    if answer.status >= 300:
        raise RuntimeError(f"{method} {path} answers {answer.status}: {content[:300]!r}")
    return Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, content, seconds)
