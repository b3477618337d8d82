"""How a letter came, in words: by which door and when, what placed it, what is known of its sender, what could not be read."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskhand.kernel.languages import N_
from deskhand.kernel.words import Words
from deskhand.mail.model import Door, Rule
from deskhand.mail.queries.shown import Came
from deskhand.mail.reading.letter import Limit
from deskhand.mail.rules.verdict import Verdict

OLDEST, NEWEST = timedelta(days=3653), timedelta(days=1)
"""How far from its arrival what a letter says of its own date is believed enough to be shown (email rules 3.7)."""

DOORS = {
    Door.IMAP: N_("fetched from its inbox (IMAP)"),
    Door.PIPE: N_("handed over by a mail server"),
    Door.SMTP: N_("by SMTP"),
}
RULES = {
    Rule.TOKEN: N_("the reply token in its recipient"),
    Rule.OUR_ID: N_("it answers a letter of ours"),
    Rule.KNOWN_ID: N_("it answers a letter that is known here"),
    Rule.REFERENCE: N_("a letter that it refers to"),
    Rule.ALIAS: N_("an id that a mail server gave to a letter of ours"),
    Rule.HIDDEN: N_("the hidden mark in what it quotes"),
    Rule.SUBJECT: N_("the number in its subject"),
    Rule.REPORT: N_("it reports on a letter of ours"),
    Rule.NONE: N_("it names no conversation"),
}
PARTIAL = {
    Limit.SIZE: N_("the message is too large"),
    Limit.HEADER_BLOCK: N_("its headers are too long"),
    Limit.HEADER: N_("a header is too long"),
    Limit.HEADERS: N_("it has too many headers"),
    Limit.DEPTH: N_("its parts lie too deep in one another"),
    Limit.PARTS: N_("it has too many parts"),
    Limit.ADDRESSES: N_("it names too many people"),
    "html": N_("its HTML is too large to be shown"),
}


def facts(it: Came, written: datetime | None, words: Words) -> list[tuple[str, str]]:
    """Pairs of what is told and how it is, for a list; ``written`` is what the letter says of its date."""
    came = words.text(DOORS[it.door]) + (f", {it.peer}" if it.peer else "")
    told = [
        (words.text("Arrived"), f"{words.exact(it.received_at)}, {came}"),
        (words.text("Placed here because of"), words.text(RULES[it.rule]) if it.rule else ""),
        (words.text("Its sender"), _judged(it.verdict) if it.verdict else words.text("was not checked")),
        (words.text("Not all was read"), ", ".join(words.text(PARTIAL.get(each, each)) for each in (it.partial or "").split())),
    ]
    if written is not None and -OLDEST <= written - it.received_at <= NEWEST:
        told.insert(0, (words.text("Written, as it says"), words.exact(written)))
    return [(name, value) for name, value in told if value]


def _judged(it: Verdict) -> str:
    """Results by the names of RFC 8601."""
    dkim = ", ".join(f"{each.result} ({each.domain})" for each in it.dkim) or "none"
    policy = f" (p={it.policy})" if it.policy else ""
    return f"SPF {it.spf}{f' ({it.spf_domain})' if it.spf_domain else ''}; DKIM {dkim}; DMARC {it.dmarc}{policy}"
