"""Why a message came back: nobody is there, or it may be tried again. By its status (RFC 3463) and the server's words."""

from __future__ import annotations

import re

from msgspec import structs

from deskhand.mail.rules.bounce_model import Action, Outcome

LONGEST = 2000  # characters of a diagnostic that are read and kept

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_REPLY = re.compile(r"(?<![\d.-])([45]\d\d)(?:[ -]|$)")

_NO_USER = (
    r"user unknown|unknown user|user not exist|no such (?:user|recipient|address|mailbox|account|person|local user)",
    r"(?:user|recipient|address|mailbox|account|rcpt)(?:'s)?(?: name| address)? (?:was |is |could )?"
    r"(?:not (?:be )?(?:found|known|recognized)|unknown|invalid|nonexistent)",
    r"(?:user|recipient|account|address|mailbox|e-?mail|domain)\b[^.\n]{0,60} (?:does|do|did|may) ?(?:not|n't) exist",
    r"\S@\S{1,200} (?:is |does |do )?(?:not exist|not found|unknown)",
    r"(?:mailbox|user|recipient) (?:for )?\S{1,200} (?:is )?(?:not found|unknown)",
    r"(?:unknown|invalid|non-?existent|bad|illegal) "
    r"(?:recipient|user|mailbox|address|account|destination|alias|local[- ]part)",
    r"not a known user|user not local",
    r"not have a user|no (?:one|user|account) by that name|no mailbox (?:here )?by that name",
    r"addressee unknown|unknown e-?mail address|not listed in|recipnotfound|unrouteable address|undeliverable address",
    r"not a (?:valid|registered) (?:user|mailbox|recipient|gateway user)",
    r"isn't a (?:valid )?user|unknown or illegal alias",
    r"not our customer|doesn't have an? \S{1,60} account",
    r"(?:has|have) moved|moved to|no longer (?:on server|valid|at|with|works|employed|exists|available|in use)",
)
_NO_HOST = (
    r"unknown host|host unknown",
    r"no such (?:domain|host)|host (?:\S{1,100} )?not found(?!,? try again)|non-?existent host",
    r"host \S{1,200} does not exist",
    r"unknown domain|domain (?:name )?(?:not found|unknown|is not exist|is not reachable)",
    r"nxdomain|name or service not known|dns domain .{0,60} does not exist|no mx record found|couldn't find any host",
    r"null ?mx|indicated no smtp service|no valid recipients",
    r"does not accept (?:any )?(?:mail|e-?mail)|not accept(?:ing)? (?:any )?mail|no longer accepts? (?:e-?)?mail",
)
_NOBODY = re.compile("|".join((*_NO_USER, *_NO_HOST)), re.IGNORECASE)
_NO_SUCH_USER = re.compile("|".join(_NO_USER), re.IGNORECASE)
_SOMEBODY = re.compile(
    "|".join(
        (
            r"(?:mail ?box|inbox|account|user|recipient|disk|storage|folder)\b[^.\n]{0,50}\b(?:full|over ?quota|exceed|quota)",
            r"\bquota|over the (?:maximum|limit)",
            r"too (?:large|big|long|many)|size (?:exceeds|limit)|exceeds? the (?:maximum|size)",
            r"sender(?:'s)?(?: address| domain)?[^.\n]{0,40}(?:not found|not exist|rejected|unknown|invalid)",
            r"\bspam\b|spamhaus|block(?:ed|ing)\b|black ?list|blocklist|reputation|gr[ae]y ?list|\brelay",
            r"\bdmarc\b|\bspf\b|\bdkim\b|authenticat|virus|rate limit|throttl|policy|access denied",
            r"inactive|disabled|suspended|timed? ?out|deferred|not found,? try again|try again later",
        )
    ),
    re.IGNORECASE,
)
# What a server says at RCPT of whoever talks to it: our address, our host, our network.
_ABOUT_US = re.compile(
    r"\bsender\b|verif|mail from|client host|\bptr\b|reverse (?:dns|name|lookup)|your (?:ip|host|server|domain|address)"
    r"|(?:white|allow) ?list|dynamic|\b(?:helo|ehlo)\b",
    re.IGNORECASE,
)
# A server that took the recipient and refuses the message has a filter, whatever it calls it.
_AFTER_DATA = re.compile(
    r"end of data|in reply to (?:end of )?data|after (?:end of )?data|smtp command\W+data\b|\[(?:data|dot)\]",
    re.IGNORECASE,
)
# Cisco's gateways put their own guess before what the server said.
_GUESS = re.compile(r"\d\.\d\.\d - [A-Za-z ]{3,40} (?=[45]\d\d-)")
_HARD = frozenset(("1.1", "1.2", "1.3", "1.6", "1.10", "1.351", "4.4"))
_UNSURE = frozenset(("0.0", "1.0", "2.1", "3.0", "4.0", "5.0"))


def outcome(address: str, action: Action, status: str, diagnostic: str, *, final: str = "") -> Outcome:
    """An outcome with what its status and its words mean. A status of the words counts where that of the report says little."""
    words = diagnostic[:LONGEST]
    status = _finer(status, words)
    if action is Action.DELIVERED:
        return Outcome(address, action, status, words, final=final)
    temporary = is_temporary(status, words) or (action is Action.DELAYED and not status)
    return Outcome(address, action, status, words, is_hard=is_hard(status, words), is_temporary=temporary, final=final)


def is_hard(status: str, words: str) -> bool:
    """Whether nobody is there: no such user, no such host, gone elsewhere, or a host that takes no mail at all.

    Where words say both, that which they say first counts.
    """
    detail, words = status[2:], _GUESS.sub("", words)
    nobody, somebody = _NOBODY.search(words), _SOMEBODY.search(words)
    is_denied = somebody is not None and (nobody is None or somebody.start() < nobody.start())
    if detail in _HARD:
        return not is_denied
    return (not status or detail in _UNSURE) and nobody is not None and not is_denied and _AFTER_DATA.search(words) is None


def refuses_recipient(words: str) -> bool:
    """Whether a server that refuses at RCPT says that nobody is there: by its status, or of a user; not of us or our host, and
    not of a domain, which is known before anybody asks."""
    status = status_in(words)
    if _ABOUT_US.search(words) is not None or not is_hard(status, words):
        return False
    return status[2:] in _HARD or _NO_SUCH_USER.search(words) is not None


def refined(known: Outcome, words: str) -> Outcome:
    """An outcome whose own status says little, with what the report tells of it in words."""
    if known.action is Action.DELIVERED or (known.status and known.status[2:] not in _UNSURE):
        return known
    return structs.replace(known, is_hard=is_hard(known.status, f"{known.diagnostic}\n{words[:LONGEST]}"))


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
        inner = status_in(_GUESS.sub("", words))
        if inner and inner[2:] not in _UNSURE and (not status or inner[0] == status[0]):
            return inner
    return status or status_in(words)
