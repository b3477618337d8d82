"""HTML from people we do not know: kept as it came, cleaned on the way out, and read as plain text for search."""

from __future__ import annotations

import re
from functools import lru_cache
from html import unescape

import nh3

# Only tags without attributes that are harmless by themselves: nothing to clean, and most letters are just this.
PLAIN = re.compile(r"[^<\0]*(?:</?(?:p|br|b|i|u|em|strong|div|ul|ol|li|blockquote|pre|code|span|h[1-4])(?: ?/)?>[^<\0]*)*")
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|p|div|hr)\b[^>]*>", re.IGNORECASE)
TAGS = re.compile(r"</?(?:p|br|b|i|u|em|strong|div|ul|ol|li|blockquote|pre|code|span|h[1-4])(?: ?/)?>")
PAIRED = re.compile(r"<(/?)(?!br)([a-z1-6]+)")  # in what PLAIN took
PREVIEW_CHARACTERS = 200

ATTRIBUTES = {**{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}, "*": {"dir", "lang", "title"}}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}


def clean(html: str) -> str:
    """The HTML without anything that acts: scripts, handlers, styles, frames, forms, unknown URL schemes."""
    if "<" not in html or (PLAIN.fullmatch(html) and _balanced(html)):
        return html
    return _cleaned(html)


def plain_text(html: str) -> str:
    """What a reader sees, without mark-up; line breaks where blocks end."""
    if "<" not in html:
        return unescape(html) if "&" in html else html
    broken = BREAKS.sub("\n", html)
    if PLAIN.fullmatch(broken):
        return unescape(TAGS.sub("", broken))
    return unescape(nh3.clean(broken, tags=set(), attributes={}, link_rel=None))


def preview(text: str) -> str:
    """The first 200 characters of a plain text on one line; runs of spaces stay (contract 10 §2.2)."""
    return re.sub(r"\s*\n\s*", " ", text[: PREVIEW_CHARACTERS * 4].strip())[:PREVIEW_CHARACTERS]


def _balanced(html: str) -> bool:
    """Whether each tag is closed where it should be: else it would reach beyond the letter into the page around it."""
    still_open: list[str] = []
    for slash, name in PAIRED.findall(html):
        if not slash:
            still_open.append(name)
        elif not still_open or still_open.pop() != name:
            return False
    return not still_open


@lru_cache(maxsize=4096)
def _cleaned(html: str) -> str:
    return nh3.clean(html, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
