"""What people type as text and we keep as HTML, and the other way round: whoever types no tag need not know of any."""

from __future__ import annotations

import re
from html import unescape

from deskhand.kernel.html import as_html

TAG = re.compile(r"</?[a-zA-Z][^<>]*>")


def as_typed(html: str) -> str:
    """For a form: plain where nothing would be lost, else the HTML itself."""
    text = unescape(html.replace("<br>\n", "\n").replace("&nbsp; ", "  "))
    return text if as_html(text) == html and not TAG.search(text) else html


def as_kept(text: str) -> str:
    """HTML is kept as it was typed, plain text becomes HTML."""
    text = text.strip()
    return text if TAG.search(text) else as_html(text)
