"""HTML from people we do not know: kept as it came, cleaned on the way out, and read as plain text for search."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape, unescape
from urllib.parse import unquote

import nh3

# Only tags without attributes that are harmless by themselves: nothing to clean, and most letters are just this.
PLAIN = re.compile(r"[^<\0]*(?:</?(?:p|br|b|i|u|em|strong|div|ul|ol|li|blockquote|pre|code|span|h[1-4])(?: ?/)?>[^<\0]*)*")
BREAKS = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6]|/blockquote|p|div|hr)\b[^>]*>", re.IGNORECASE)
TAGS = re.compile(r"</?(?:p|br|b|i|u|em|strong|div|ul|ol|li|blockquote|pre|code|span|h[1-4])(?: ?/)?>")
PAIRED = re.compile(r"<(/?)(?!br)([a-z1-6]+)")  # in what PLAIN took
PREVIEW_CHARACTERS = 200

ATTRIBUTES = {**{tag: set(names) for tag, names in nh3.ALLOWED_ATTRIBUTES.items()}, "*": {"dir", "lang", "style", "title"}}
SCHEMES = {"http", "https", "mailto", "tel", "cid"}
# fmt: off
STYLES = {
    "background-color", "border", "border-bottom", "border-bottom-color", "border-bottom-style", "border-bottom-width",
    "border-collapse", "border-color", "border-left", "border-left-color", "border-left-style", "border-left-width",
    "border-radius", "border-right", "border-right-color", "border-right-style", "border-right-width", "border-spacing",
    "border-style", "border-top", "border-top-color", "border-top-style", "border-top-width", "border-width", "clear",
    "color", "direction", "display", "float", "font", "font-family", "font-size", "font-style", "font-variant",
    "font-weight", "height", "letter-spacing", "line-height", "list-style-type", "margin", "margin-bottom", "margin-left",
    "margin-right", "margin-top", "max-height", "max-width", "min-height", "min-width", "padding", "padding-bottom",
    "padding-left", "padding-right", "padding-top", "table-layout", "text-align", "text-decoration", "text-indent",
    "text-transform", "unicode-bidi", "vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap",
}
# fmt: on
"""What a style may say: how text and tables look; nothing that leaves its place, covers others, or is fetched."""

# No escapes and no functions but colours: so nothing is fetched, and nothing can be hidden from the list.
STYLE_VALUE = re.compile(r"(?:[^(){}\\@<>]|\b(?:rgb|rgba|hsl|hsla)\([\d\s.,%/]{1,60}\)){0,300}", re.IGNORECASE)
REMOTE = re.compile(r'(<img\b[^>]*?)\bsrc="(https?:[^"]{1,4000})"([^>]*)', re.IGNORECASE)
TINY = re.compile(
    r'(?<![\w-])(?:width|height)\s*(?:="|:)\s*[01](?:px)?\s*[";]', re.IGNORECASE
)  # it only tells that it was fetched
LINK = re.compile(r"<a ")
CID = re.compile(r"""\bcid:([^"'<>\s)]{1,1000})""", re.IGNORECASE)
NAMED = re.compile(r'(<img\b[^>]*?\bsrc=")cid:([^"]{1,1000})"', re.IGNORECASE)  # as the cleaning writes it


def clean(html: str) -> str:
    """The HTML without anything that acts: scripts, handlers, styles, frames, forms, unknown URL schemes."""
    if "<" not in html or (PLAIN.fullmatch(html) and _balanced(html)):
        return html
    return _cleaned(html)


def as_html(text: str) -> str:
    """Plain text as HTML; line ends and runs of spaces are kept."""
    return escape(text, quote=False).replace("  ", "&nbsp; ").replace("\n", "<br>\n")


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


def pictures_in(html: str) -> set[str]:
    """The content ids of the pictures that HTML names (``cid:``), as they stand there and with percent signs read."""
    names = {unescape(each) for each in CID.findall(html)}
    return names | {unquote(each) for each in names}


def with_pictures(html: str, pictures: Mapping[str, str]) -> str:
    """Clean HTML whose pictures that came with it (``cid:``) have addresses, by content id; unknown ones stay as they are."""
    if not pictures or "cid:" not in html:
        return html

    def addressed(found: re.Match[str]) -> str:
        name = unescape(found[2])
        address = pictures.get(name) or pictures.get(unquote(name))
        return found[0] if address is None else f'{found[1]}{escape(address)}"'

    return NAMED.sub(addressed, html)


def with_remote_pictures(html: str, address: Callable[[str], str] | None) -> tuple[str, int]:
    """Clean HTML for a page, whose remote pictures come from the address that is given for theirs, or with None not at all;
    and how many there are. What is one pixel wide or high never comes and
    counts for nothing. Links say nothing of where they were followed."""
    blocked = 0

    def addressed(found: re.Match[str]) -> str:
        nonlocal blocked
        if TINY.search(found[1]) or TINY.search(found[3]):
            return found[1] + found[3]
        blocked += 1
        return found[1] + ("" if address is None else f'src="{escape(address(unescape(found[2])))}"') + found[3]

    html = REMOTE.sub(addressed, html)
    return LINK.sub('<a rel="noopener noreferrer nofollow" target="_blank" ', html), blocked


@lru_cache(maxsize=4096)
def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        filter_style_properties=STYLES,
        link_rel=None,
        strip_comments=True,
        url_relative="deny",
        url_schemes=SCHEMES,
    )


def _attribute(tag: str, name: str, value: str) -> str | None:
    """An attribute as it may stay; of a style those declarations that only say how something looks."""
    if name != "style":
        return value
    kept = [each.strip() for each in value.split(";") if STYLE_VALUE.fullmatch(each) and _property(each) in STYLES]
    return "; ".join(kept) or None


def _property(declaration: str) -> str:
    return declaration.partition(":")[0].strip().lower()
