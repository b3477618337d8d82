"""Server-rendered pages: minijinja templates, escaped by place, behind a policy that lets nothing from elsewhere in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from minijinja import Environment

from deskhand.kernel.http.answers import Answer, Header
from deskhand.kernel.languages import LANGUAGES
from deskhand.kernel.words import Words

FRAMES = Path(__file__).parent / "templates"
NAME = "Deskhand"

HTML = b"text/html; charset=utf-8"
POLICY = (
    b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    b"base-uri 'none'; frame-ancestors 'none'"
)
PLACES = b"; form-action 'self'; frame-src 'self'"
"""For pages whose forms lead nowhere else, and that frame letters: what oauth's consent may not have, which redirects."""
HEADERS: list[Header] = [
    (b"content-security-policy", POLICY),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
]


class Templates:
    """The templates of a folder, and of the folders in it; they stand in the frames that all pages share."""

    def __init__(self, folder: Path, *, policy: bytes = POLICY) -> None:
        sources = {
            path.relative_to(root).as_posix(): path.read_text()
            for root in (FRAMES, folder)
            for path in sorted(root.rglob("*.html"))
        }
        self._environment = Environment(templates=sources, trim_blocks=True, lstrip_blocks=True)
        self._headers = [(b"content-security-policy", policy), *HEADERS[1:]]

    def page(self, template: str, *, status: int = 200, **values: Any) -> Answer:
        """A whole page."""
        return Answer(status, self.piece(template, **values).encode(), HTML, self._headers)

    def piece(self, template: str, **values: Any) -> str:
        """A part of one."""
        return self._environment.render_template(template, **values)


def spoken(words: Words, name: str = "", theme: str = "") -> dict[str, Any]:
    """What every page of people needs: its texts, the account's name, and ``light``, ``dark`` or as the system has it."""
    return {
        "words": words,
        "_": words.text,
        "n_": words.plural,
        "told_": words.told,
        "languages": LANGUAGES,
        "desk": name or NAME,
        "theme": theme,
    }
