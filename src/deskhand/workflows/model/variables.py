"""Variables in texts: ``{%customer.firstName,fallback=there%}`` becomes a value, escaped; there is no code in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

VARIABLE = re.compile(r"\{%([A-Za-z.]{1,50})(?:,fallback=([^%{}]{0,500}))?%\}")
NAMES = (
    "assignee.firstName",
    "assignee.fullName",
    "assignee.lastName",
    "conversation.number",
    "conversation.subject",
    "customer.email",
    "customer.firstName",
    "customer.fullName",
    "customer.lastName",
    "customer.organization",
    "mailbox.email",
    "mailbox.name",
)


def rendered(text: str, values: Mapping[str, str]) -> str:
    """The text with its variables filled in; ``values`` are plain text by name. What has no value stays as it stands."""

    def fill(found: re.Match[str]) -> str:
        value = values.get(found[1])
        return found[0] if value is None else escape(value or found[2] or "")

    return VARIABLE.sub(fill, text)
