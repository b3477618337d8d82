"""Subjects without what answering and sending on puts before them."""

from __future__ import annotations

import re

# As mail programs write them in their languages.
_ANSWERED = r"re|aw|sv|antw?|odp|ynt|res|rif|ref|vá|vs|r|atb|απ|отв|ответ|回复|答复|回覆|返信|답장"
_SENT_ON = r"fwd?|wg|tr|vl|doorst|rv|enc|pd|i|πρθ|转发|轉寄|転送|전달"
_COLON = r"(?:\s?[\[(]\d{1,3}[\])]|\^\d{1,3})?\s?[:：]"  # also counted: Re[2]:
_LIST = r"\[[^\[\]]{1,60}\]"  # what a mailing list puts there
_ANSWER = re.compile(rf"\s*(?:{_ANSWERED}){_COLON}", re.IGNORECASE)
_PREFIX = re.compile(rf"\s*(?:{_LIST}|(?:{_ANSWERED}|{_SENT_ON}){_COLON})", re.IGNORECASE)
_TAG = re.compile(r"\s*\[#\d{1,18}\]\s*")
MOST_PREFIXES = 20


def bare(subject: str) -> str:
    """What a subject is about: no prefixes, no name of a list, no number of ours."""
    return _without(_PREFIX, subject)


def unanswered(subject: str) -> str:
    """A subject as it was before anybody answered; that it was sent on, and the name of a list, stay."""
    return _without(_ANSWER, subject)


def _without(prefix: re.Pattern[str], subject: str) -> str:
    subject = _TAG.sub(" ", subject)
    for _ in range(MOST_PREFIXES):
        found = prefix.match(subject)
        if found is None:
            break
        subject = subject[found.end() :]
    return " ".join(subject.split())


def same(one: str, other: str) -> bool:
    """Whether two subjects are about the same; an empty one is about anything."""
    first, second = bare(one).casefold(), bare(other).casefold()
    return not first or not second or first == second
