"""What looks wrong with an answer before it goes: rules over its words and recipients. Each asks, none forbids."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.fulltext import fold


class ConcernKind(StrEnum):
    """What may be wrong: a file is named and there is none, a variable has no value, the greeting is for somebody else,
    somebody who gets copies would get none, somebody who got them and left would, somebody answered meanwhile."""

    ANSWERED = "answered"
    FILE = "file"
    GREETING = "greeting"
    LEFT_OUT = "left-out"
    NO_LONGER = "no-longer"
    PLACEHOLDER = "placeholder"


class Concern(Struct, frozen=True):
    """Something to ask about; ``about`` says what it is: the word, the variable, the name, the address, the thread's id."""

    kind: ConcernKind
    about: str

    @property
    def key(self) -> str:
        """What whoever was asked says yes to; something else of the same kind is asked again."""
        return f"{self.kind}:{self.about}"


_QUOTE = re.compile(r"<blockquote\b(?:(?!<blockquote\b).)*?</blockquote>", re.IGNORECASE | re.DOTALL)
_QUOTED_LINE = re.compile(r"^\s*>.*$", re.MULTILINE)
_FILE = re.compile(
    r"""\b(?:attach(?:ed|ing|ment|ments)?|enclosed|anbei|anhang|anhänge[n]?|angehängt\w*|angefügt\w*|beigefügt\w*|beiliegend\w*
    |pi[eè]ces?\sjointes?|ci-joint\w*|adjunt[oa]s?|anexo?s?|allegat[oi]|bijlage[n]?|bijgevoegd)\b""",
    re.IGNORECASE | re.VERBOSE,
)
_PLACEHOLDER = re.compile(r"\{%[^%{}\n]{1,200}%\}|\{\{[^{}\n]{1,200}\}\}")
_GREETING = re.compile(
    r"""^\W*(?:hello|hi|hey|dear|good\s(?:morning|afternoon|evening|day)|hallo|hi|moin|servus|lieber?|guten\s(?:tag|morgen|abend)
    |sehr\sgeehrte[rs]?|bonjour|ch[eè]re?|hola|estimad[oa]|ciao|caro|cara|beste)
    [ \t]+(?:(?:mr|mrs|ms|dr|herr|frau|herrn|mme|m|sr|sra)\b\.?[ \t]+)*
    (?P<name>[^\W\d_][\w'’.-]*)""",
    re.IGNORECASE | re.VERBOSE | re.MULTILINE,
)
# fmt: off
_ANYBODY = frozenset({
    "again", "all", "alle", "allerseits", "and", "colleagues", "community", "customer", "damen", "dear", "everybody",
    "everyone", "folks", "friend", "friends", "guys", "herren", "kollegen", "kunde", "kundin", "ladies", "madam", "sir",
    "sirs", "support", "team", "there", "to", "together", "tous", "toutes", "welcome", "world", "zusammen",
})
"""Who may be greeted though nobody is called so."""
# fmt: on
GREETING_LINES = 3
MOST_NESTED = 50  # quotes within quotes; what is deeper counts as one's own
SAME_LETTERS = 3


def own_words(html: str) -> str:
    """What somebody wrote themselves, as text: without what they quote."""
    for _ in range(MOST_NESTED):
        without = _QUOTE.sub("", html)
        if without == html:
            break
        html = without
    return _QUOTED_LINE.sub("", plain_text(html))


def missing_file(words: str, *, has_files: bool) -> list[Concern]:
    """A file is named, in one of the languages we know it in, and none goes along."""
    found = None if has_files else _FILE.search(words)
    return [Concern(ConcernKind.FILE, found[0].lower())] if found else []


def open_placeholders(words: str) -> list[Concern]:
    """Variables that nothing was filled in for."""
    return [Concern(ConcernKind.PLACEHOLDER, each) for each in dict.fromkeys(_PLACEHOLDER.findall(words))]


def strange_greeting(words: str, names: Iterable[str]) -> list[Concern]:
    """The greeting is for a name that nobody it goes to has. Where none of their ``names`` is known, nothing is asked."""
    known = {each for name in names for each in fold(name)}
    beginning = "\n".join([line for line in words.splitlines() if line.strip()][:GREETING_LINES])
    found = _GREETING.search(beginning)
    if not known or found is None or not found["name"][0].isupper():
        return []
    greeted = fold(found["name"])
    if not greeted or greeted[0] in _ANYBODY or any(_is_same(each, other) for each in greeted for other in known):
        return []
    return [Concern(ConcernKind.GREETING, found["name"].rstrip(".-'’"))]


def changed_recipients(given: Iterable[str], *, then: Iterable[str], now: Iterable[str]) -> list[Concern]:
    """Who gets the conversation's mail ``now`` and is not among those ``given``; and who is among them, got it when this was
    begun, and does no longer."""
    there, present = {each.lower() for each in given}, {each.lower(): each for each in now}
    left_out = [Concern(ConcernKind.LEFT_OUT, each) for key, each in present.items() if key not in there]
    gone = {each.lower(): each for each in then if each.lower() not in present}
    return left_out + [Concern(ConcernKind.NO_LONGER, each) for key, each in gone.items() if key in there]


def _is_same(one: str, other: str) -> bool:
    """Whether two names may be one: the same, or a short form."""
    short, long = sorted((one, other), key=len)
    return one == other or (len(short) >= SAME_LETTERS and long.startswith(short))
