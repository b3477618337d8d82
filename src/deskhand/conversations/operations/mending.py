"""What looks wrong with something that is being written is put right by one click."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import StrEnum
from html import escape

from msgspec import UNSET, structs

from deskhand.conversations.operations import writings
from deskhand.conversations.operations.writings import Typed
from deskhand.conversations.queries import concerns
from deskhand.conversations.queries.writings import Place, Written
from deskhand.kernel.errors import Invalid
from deskhand.kernel.transaction import Transaction

TAG = re.compile(r"(<[^>]*>)")


class Mending(StrEnum):
    """A variable without a value gets one or is taken out; who is greeted gets the name of whom it goes to; recipients are
    those the conversation has now, or had when this was begun."""

    FILL = "fill"
    GREET = "greet"
    NOW = "now"
    TAKE_OUT = "take-out"
    THEN = "then"


async def mend(tx: Transaction, place: Place, it: Written, how: str, *, about: str = "", value: str = "") -> Written:
    """Put right what the actor writes in a place, as it was saved last; how it is now. ``about`` is the variable or the name
    that is wrong, ``value`` what a variable shall say. What is not there any more is left alone.

    Raises NotFound, Forbidden, Overtaken, Invalid("mend") for what is no mending.
    """
    if how not in set(Mending):
        raise Invalid("mend", "is none", rejected=how[:300])
    body, to, cc = it.body, it.to, it.cc
    if how == Mending.GREET:
        body = greeted(body, about, await concerns.right_name(tx, it) or about)
    elif how == Mending.TAKE_OUT:
        body = without(body, about)
    elif how == Mending.FILL and value:
        body = _in_text(body, lambda text: text.replace(escape(about, quote=False), escape(value, quote=False)))
    elif how in (Mending.NOW, Mending.THEN):
        now, then = await concerns.recipients(tx, it)
        to, cc = now if how == Mending.NOW or then is None else then
    kept = {name: getattr(it, name) for name in Typed.__struct_fields__ if name != "assign_to"}
    typed = Typed(**kept, assign_to=UNSET if it.assignee_id is None else it.assignee_id or None)
    return await writings.keep(tx, place, structs.replace(typed, body=body, to=to, cc=cc), version=it.version)


def greeted(html: str, wrong: str, right: str) -> str:
    """A greeting with another name: the first of that in the text."""
    named = re.compile(rf"(?<!\w){re.escape(escape(wrong, quote=False))}(?!\w)")
    left = 1

    def change(text: str) -> str:
        nonlocal left
        text, found = named.subn(lambda _: escape(right, quote=False), text, count=left) if left else (text, 0)
        left -= found
        return text

    return _in_text(html, change)


def without(html: str, variable: str) -> str:
    """A text without a variable, and without the blank before it."""
    named = re.compile(rf"[ \xa0]?{re.escape(escape(variable, quote=False))}")
    return _in_text(html, lambda text: named.sub("", text))


def _in_text(html: str, change: Callable[[str], str]) -> str:
    return "".join(each if each.startswith("<") else change(each) for each in TAG.split(html))
