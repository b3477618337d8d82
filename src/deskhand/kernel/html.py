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
PREVIEW_CHARACTERS = 200

ATTRIBUTES = {**{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}, "*": {"dir", "lang", "title"}}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}


def clean(html: str) -> str:
    """The HTML without anything that acts: scripts, handlers, styles, frames, forms, unknown URL schemes."""
    if PLAIN.fullmatch(html):
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


@lru_cache(maxsize=4096)
def _cleaned(html: str) -> str:
    return nh3.clean(html, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)
