"""Lists of addresses (RFC 5322 3.4, with what senders make of it): our own reading, compared with the stdlib's by the caller
where it matters who wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.utils import getaddresses

from deskhand.mail.reading.letter import Address
from deskhand.mail.reading.words import harmless, text

_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"?|<[^<>]*>?|[(),;:]|[^"<>(),;:]+|>', re.DOTALL)
_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+")


def addresses(value: str, most: int = 500) -> list[Address]:
    """The addresses of a header value as the parser hands it out: names decoded, groups opened, comments left out.

    What has no ``@`` or several is no address. At most so many.
    """
    found = []
    for name, address in _entries(value):
        made = _address(name, address)
        if made is not None:
            found.append(made)
        if len(found) == most:
            break
    return found


def sole(value: str) -> Address | None:
    """Who wrote: the only address of a From header, or None where there is none, are several, or two readings differ
    (CVE-2023-27043)."""
    found = addresses(value)
    try:
        other = [address for _, address in getaddresses([text(value)]) if "@" in address]
    except (RecursionError, IndexError):  # the stdlib's goes down with each "(" and trips over the end of some
        return None
    if len(found) != 1 or len(other) > 1:
        return None
    return found[0] if not other or _address("", other[0]) in (None, Address("", found[0].address)) else None


def _entries(value: str) -> Iterator[tuple[str, str]]:
    """Pairs of what stands before and in the angle brackets; without brackets the name is empty."""
    name, address, depth = "", "", 0
    for piece in _TOKEN.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif piece in ",;":
            yield from _entry(name, address)
            name = address = ""
        elif piece == ":" and "@" not in name and not address:
            name = ""  # the name of a group
        elif piece.startswith("<"):
            address = address or piece.strip("<>").strip()
        else:
            name += piece
    yield from _entry(name, address)


def _entry(name: str, address: str) -> Iterator[tuple[str, str]]:
    if address or name.strip():
        yield (name, address) if address else ("", name.strip())


def _address(name: str, address: str) -> Address | None:
    address = harmless(text(address).strip("<>\"' ").removeprefix("mailto:"))
    address = address.rpartition(":")[2] if address.startswith("@") else address  # a route of RFC 822
    if not _ADDRESS.fullmatch(address):
        return None
    local, _, domain = address.partition("@")
    return Address(_name(name), f"{local}@{shown_domain(domain)}")


def _name(value: str) -> str:
    value = value.strip()
    if len(value) >= 2 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return text(value).strip("\"' ")


def shown_domain(domain: str) -> str:
    """A domain in lower case, with what punycode hides; one that cannot be read stays as it is."""
    domain = domain.lower().rstrip(".")
    if "xn--" not in domain:
        return domain
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain
