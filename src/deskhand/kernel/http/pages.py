"""Server-rendered pages: minijinja templates, escaped by place, behind a policy that lets nothing from elsewhere in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minijinja import Environment

from deskhand.kernel.http.answers import Answer, Header

HTML = b"text/html; charset=utf-8"
POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: list[Header] = [
    (b"content-security-policy", POLICY),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
]


class Templates:
    """The templates of a folder."""

    def __init__(self, folder: Path) -> None:
        sources = {path.name: path.read_text() for path in folder.glob("*.html")}
        self._environment = Environment(templates=sources)

    def page(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        """A whole page."""
        return Answer(status, self._environment.render_template(template, **values).encode(), HTML, HEADERS)
