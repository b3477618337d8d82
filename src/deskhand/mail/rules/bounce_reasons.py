"""Why a message came back: whether nobody is there, or it may be tried again. From the status (RFC 3463) and the server's words."""

from __future__ import annotations

import re

from deskhand.mail.rules.bounce_model import Action, Outcome

LONGEST = 2000  # characters of a diagnostic that are read and kept

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.-])([45]\d\d)(?:[ -]|$)")

_NOBODY = re.compile(
    r"user unknown|unknown user|no such (?:user|recipient|address|mailbox|account|person|local user)|user not found|not found in (?:the )?(?:directory|address book)"
    r"|(?:user|recipient|account|address|mailbox|e-?mail|domain)\b[^.\n]{0,60} (?:does not|doesn't|do not|did not|didn't) exist"
    r"|no mailbox (?:here )?by that name|not listed in|(?:unknown|invalid|nonexistent|non-existent|bad) (?:recipient|user|mailbox|address|account|destination|local[- ]part)"
    r"|(?:recipient|user|address|mailbox|account)(?: name)? (?:is )?(?:not recognized|unknown|invalid|not known|not found|nonexistent)"
    r"|recipient(?:'s)? (?:address )?(?:was )?not found|recipnotfound|not a valid (?:user|mailbox|recipient)|isn't a (?:valid )?user|not our customer"
    r"|doesn't have an? [^\s]{1,60} account|unknown or illegal alias|no account by that name|mailbox (?:not found|unavailable or)|unrouteable address"
    r"|(?:has|have) moved|moved to|no longer (?:on server|valid|at|with|works|employed|exists|available|in use)"
    r"|host (?:unknown|not found)|unknown host|no such (?:domain|host)|domain (?:not found|unknown|does not exist|is not exist)|name or service not known"
    r"|domain name not found|nxdomain|unknown domain|couldn't find any host|could not find a gateway|bad destination|unresolvable|dns domain .{0,60} does not exist"
    r"|null ?mx|does not accept (?:any )?(?:mail|e-?mail)|no valid recipients|mail is not accepted|not accept (?:any )?mail",
    re.IGNORECASE,
)
_SOMEBODY = re.compile(
    r"(?:mailbox|mail ?box|inbox|account|user|recipient|disk|storage|folder)\b[^.\n]{0,50}\b(?:full|over ?quota|exceed|quota)|quota|over the (?:maximum|limit)"
    r"|\bspam\b|spamhaus|block(?:ed|ing)?\b|black ?list|blocklist|reputation|greylist|relay|\bdmarc\b|\bspf\b|\bdkim\b|authenticat"
    r"|too (?:large|big|long|many)|size (?:exceeds|limit)|virus|rate limit|throttl|policy|access denied|inactive|disabled|suspended|timed? ?out|deferred",
    re.IGNORECASE,
)
_HARD = frozenset(("1.1", "1.2", "1.3", "1.6", "1.10", "4.4"))
_UNSURE = frozenset(("0.0", "1.0", "3.0", "4.0", "5.0", "2.0"))


def outcome(address: str, action: Action, status: str, diagnostic: str, *, final: str = "") -> Outcome:
    """An outcome with what its status and its words mean. A status of the words counts where that of the report says little."""
    words = diagnostic[:LONGEST]
    status = _finer(status, words)
    if action is Action.DELIVERED:
        return Outcome(address, action, status, words, final=final)
    temporary = is_temporary(status, words) or (action is Action.DELAYED and not status)
    return Outcome(address, action, status, words, is_hard=is_hard(status, words), is_temporary=temporary, final=final)


def is_hard(status: str, words: str) -> bool:
    """Whether nobody is there: no such user, no such host, gone elsewhere, or a host that takes no mail at all."""
    detail = status[2:]
    if _SOMEBODY.search(words) is not None:
        return False
    if detail in _HARD:
        return True
    return (not status or detail in _UNSURE) and _NOBODY.search(words) is not None


def is_temporary(status: str, words: str) -> bool:
    """Whether it may be tried again: a status or a reply that begins with 4."""
    if status:
        return status[0] == "4"
    code = _REPLY.search(words)
    return code is not None and code[1][0] == "4"


def status_in(words: str) -> str:
    """The first enhanced status in the words of a server, or empty."""
    found = _STATUS.search(words)
    return found.group() if found else ""


def _finer(status: str, words: str) -> str:
    if not status or status[2:] in _UNSURE:
        inner = status_in(words)
        if inner and inner[2:] not in _UNSURE and (not status or inner[0] == status[0]):
            return inner
    return status or status_in(words)
