"""Links whose words name another place than the one that they lead to (email rules 6.5)."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape
from urllib.parse import urlsplit

from deskhand.kernel.html import plain_text
from deskhand.mail.rules.verdict import is_public, organization

_LINK = re.compile(
    r'<a [^<>]{0,4000}?href="(https?:[^"]{1,4000})"[^<>]{0,4000}>((?:(?!</a>).){1,2000})</a>', re.DOTALL | re.IGNORECASE
)
_NAMED = re.compile(r"(?:https?://)?((?:[\w-]{1,63}\.){1,10}[\w-]{2,63})(?::\d{1,5})?(?:[/?#]\S{0,2000})?", re.IGNORECASE)


def with_notices(html: str, told: Callable[[str], str]) -> str:
    """Clean HTML in which what is ``told`` of a host stands behind each link that names another organization's."""

    def noted(found: re.Match[str]) -> str:
        named = _NAMED.fullmatch(plain_text(found[2]).strip())
        leads_to = _host(unescape(found[1]))
        if named is None or not is_public(named[1]) or organization(named[1]) == organization(leads_to):
            return found[0]
        return f"{found[0]} <small>{escape(told(leads_to))}</small>"

    return _LINK.sub(noted, html) if "<a " in html else html


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or address
    except ValueError:  # no address at all: told as it stands
        return address
