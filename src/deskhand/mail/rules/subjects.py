"""Subjects without what answering and sending on puts before them."""

from __future__ import annotations

import re

_PREFIX = re.compile(
    r"\s*(?:\[[^\[\]]{1,60}\]"  # what a mailing list puts there
    r"|(?:re|aw|sv|antw|odp|ynt|res|rif|vá|vs|tr|r|fwd?|wg|vl|doorst|rv|enc|pd|i|ref|atb|απ|πρθ|отв|ответ"
    r"|回复|答复|回覆|转发|轉寄|返信|転送|답장|전달)(?:\s?[\[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:：])",
    re.IGNORECASE,
)
_TAG = re.compile(r"\s*\[#\d{1,18}\]\s*")
MOST_PREFIXES = 20


def bare(subject: str) -> str:
    """What a subject is about: no prefixes, no name of a list, no number of ours."""
    subject = _TAG.sub(" ", subject)
    for _ in range(MOST_PREFIXES):
        found = _PREFIX.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return " ".join(subject.split())


def same(one: str, other: str) -> bool:
    """Whether two subjects are about the same; an empty one is about anything."""
    first, second = bare(one).casefold(), bare(other).casefold()
    return not first or not second or first == second
