"""What a header says of a message's way: for whom it is (email rules 2.11), and through how many servers it came."""

from __future__ import annotations

import re
from email import policy
from email.parser import BytesParser

from deskhand.mail.reading.addresses import addresses

IN_ORDER = ("delivered-to", "x-original-to", "envelope-to", "to", "cc")
"""The headers that tell, the surest first: what delivery wrote down, then what the sender wished."""

LONGEST_HEADER = 256 * 1024
MOST = 500
MOST_HOPS = 50

_HOP = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)
_END = re.compile(rb"\r?\n\r?\n|\r\r")
_parser = BytesParser(policy=policy.compat32)


def recipients(content: bytes) -> list[list[str]]:
    """Who a message may be for, by header in order of trust; headers that name nobody are left out."""
    message = _parser.parsebytes(_head(content), headersonly=True)
    values: dict[str, list[str]] = {}
    for name, value in message.raw_items():
        values.setdefault(name.lower(), []).append(str(value))
    groups = [
        list(dict.fromkeys(it.address for value in values.get(name, []) for it in addresses(value, MOST))) for name in IN_ORDER
    ]
    return [each for each in groups if each]


def hops(content: bytes) -> int:
    """How many servers a message has been through; more than ``MOST_HOPS`` are a loop."""
    return len(_HOP.findall(_head(content)))


def _head(content: bytes) -> bytes:
    head = content[:LONGEST_HEADER]
    end = _END.search(head)
    return head[: end.start()] if end else head
