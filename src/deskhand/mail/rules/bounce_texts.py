"""Reports that follow no standard: whom they name, and what they say of them (qmail, Exim, Exchange, Notes and many more)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import structs

from deskhand.mail.reading.letter import Letter
from deskhand.mail.rules import markup
from deskhand.mail.rules.bounce_model import Action, Outcome
from deskhand.mail.rules.bounce_reasons import outcome

LONGEST = 65_536  # characters of a report that are looked at

ADDRESS = re.compile(
    r"[A-Za-z0-9!#$%&*+/=?^_{|}~.'\u0080-\U0010ffff-]{1,64}@[A-Za-z0-9\u0080-\U0010ffff.-]{1,200}[A-Za-z0-9\u0080-\U0010ffff]"
)

FAILED_SUBJECT = re.compile(
    r"\[bounce\]|error sending your (?:mail|message)|undeliver|failure notice"
    r"|delivery (?:status|failure|has failed|failed|report|problem|error|notification)|mail(?: system)? error|returned mail"
    r"|mail (?:delivery )?(?:fail|return|status)|non[- ]?deliver|not delivered|(?:could|can)(?: ?not|n't) be delivered"
    r"|returned to sender|message (?:delayed|not sent)|delivery delayed|mail delivery|unable to deliver"
    r"|warning: (?:message|could)|nondeliverable|unzustellbar|non remis|échec|no entregad|недоставлен|не доставлено"
    r"|non recapitabile|mancato recapito|onbestelbaar|rejected|mail could not|delay(?:ed)?\b.*mail|undelivered"
    r"|発信|配信|返信不可"
    r"|エラー",
    re.IGNORECASE,
)
FAILED_WORDS = re.compile(
    r"(?:could|can|was|were|been|be|is|has|have) ?(?:not|n't)(?: yet)?(?: be| been)? (?:able to (?:be )?)?deliver"
    r"|unable to (?:be )?deliver|undeliver|not be delivered"
    r"|delivery (?:to the following|has failed|failed|attempt|of your|error)|delivery status notification|did not reach"
    r"|was not delivered|returned to you|permanent error|permanent(?:ly)? fail|failed permanently|unknown user|user unknown"
    r"|no such user|bounce|was aborted|(?:were|was) rejected|returned message|message headers follow"
    r"|mailbox (?:is )?(?:full|unavailable)|rejected by|over quota|not deliver|no valid recipients|could not send"
    r"|delivery failure|delayed|konnte nicht|zugestellt werden|n'a pas pu être|no pudo ser entregado"
    r"|не может быть доставлено|недоставлен|could not be sent|exceeded the local limit",
    re.IGNORECASE,
)
_CODE = re.compile(r"(?<![\d.])[45]\.\d{1,2}\.\d{1,3}(?![\d.])|(?:^|[\s:(#])[45][0-7]\d[ -](?=[^\d\s])", re.MULTILINE)
_RETURNED = re.compile(
    r"[-=_*\s>]*(?:"
    r"this is a copy of|below this line|original message|the following is|returned message|the header of the original"
    r"|message headers? follow|your original message|unsent message|begin(?:ning)? of (?:the )?(?:original|returned)"
    r"|included is|message header|transcript of headers|mensaje original|message text follows"
    r"|text of (?:the )?(?:original|your)|original mail as follows|copy of (?:the|your) (?:message|mail)"
    r"|original message (?:header|follows)|end of message|the first \d+ lines of your"
    r")",
    re.IGNORECASE,
)
_HEADER = re.compile(r"(?:Received|Return-Path)\s?:", re.IGNORECASE)
_DELAY = re.compile(
    r"not yet been delivered|will (?:continue|keep) (?:to (?:try|be)|trying|to be)|has been (?:delayed|postponed)"
    r"|delivery (?:is |was )?delayed|still being|warning: message|warning only|advisory-only|no action is required"
    r"|(?:could not be|delayed) .{0,40}will be retried|do not need to resend",
    re.IGNORECASE,
)
_DELAY_SUBJECT = re.compile(r"\s*(?:warning\b|delay)", re.IGNORECASE)
_ALIAS = re.compile(r"\(generated from (\S{1,64}@[^\s)]{1,200})\)")
_NO_RECIPIENT = re.compile(
    r"\(generated from [^)\n]{1,300}\)|^[ \t>]*(?:message-?id|from|mail from|reply-to|sender|in-reply-to"
    r"|references)\s*:[^\n]{0,500}",
    re.IGNORECASE | re.MULTILINE,
)
_LINES_BELOW = 8
MOST = 100  # recipients of one report

_NEVER = re.compile(r"(?:postmaster|mailer-daemon|mail-daemon|abuse|support)@", re.IGNORECASE)


def notice(letter: Letter) -> str:
    """What the report says in its own words: its text up to where the message it is about begins."""
    found = []
    for leaf in letter.leaves:
        if leaf.type.startswith("multipart/"):
            found += leaf.content[:LONGEST].decode("utf-8", "replace").splitlines()  # its parts could not be told apart
        if leaf.text is None or leaf.type == "text/rfc822-headers":
            continue
        if leaf.type == "text/html":
            found += [each.text for each in markup.lines(leaf.text[: 4 * LONGEST])]
        else:
            found += leaf.text[:LONGEST].splitlines()
        if leaf.type == "text/plain" and any(each.strip() for each in found):
            break
    kept = []
    for number, line in enumerate(found):
        if number and (_RETURNED.match(line[:200]) or _HEADER.match(line)):
            break
        kept.append(line)
    return "\n".join(kept)[:LONGEST]


def outcomes(letter: Letter, returned: list[dict[str, str]]) -> list[Outcome]:
    """Whom a report names, each with the words that follow."""
    words = notice(letter)
    people = dict.fromkeys([*_addresses(", ".join(letter.every("X-Failed-Recipients"))), *named(letter, words)])
    if not people:
        people = dict.fromkeys(each for block in returned[:1] for each in _addresses(block.get("to", ""))[:1])
    return described(list(people)[:MOST], words, letter.subject)


def named(letter: Letter, words: str) -> list[str]:
    """The addresses in the words of a report that may be recipients: not ours, no ids, no authors."""
    ours = {each.address.lower() for each in (*letter.to, *letter.from_)}
    told = re.findall(r"^[ \t>]*RCPT TO:[ \t]*<?(\S{3,320}@[^\s<>]{1,255})", words, re.IGNORECASE | re.MULTILINE)
    found = told or _addresses(_NO_RECIPIENT.sub("", words))
    return [each for each in found if each.lower() not in ours and not _NEVER.match(each)]


def described(people: list[str], words: str, subject: str = "", *, is_temporary: bool | None = None) -> list[Outcome]:
    """An outcome for each address from the words of a report: the lines that name it and those below, else all."""
    delays = bool(_DELAY.search(words) or _DELAY_SUBJECT.match(subject)) if is_temporary is None else is_temporary
    action = Action.DELAYED if delays else Action.FAILED
    aliases = dict(_aliases(words))
    whole = " ".join(words.split())
    found: dict[str, Outcome] = {}
    for address in people:
        one = outcome(address, action, "", " ".join(near(address, people, words).split()))
        if not one.status and not one.is_hard and len(people) == 1:
            one = outcome(address, action, "", whole)
        original = aliases.get(address, address)
        found.setdefault(original, structs.replace(one, address=original, final="" if original == address else address))
    return list(found.values())


def _aliases(words: str) -> Iterator[tuple[str, str]]:
    """Where mail was sent on to, and whom it had been for, as Exim tells it."""
    for found in _ALIAS.finditer(words):
        for last in words[max(0, found.start() - 400) : found.start()].split()[-1:]:
            yield last, found[1]


def near(address: str, people: list[str], words: str) -> str:
    """The lines that name an address, each with those that follow up to the next address."""
    others = [each for each in people if each != address]
    kept, left = [], 0
    for line in words.splitlines():
        if address in line:
            left = _LINES_BELOW
        elif any(each in line for each in others):
            left = 0
        if left > 0:
            kept.append(line)
            left -= 1
    return "\n".join(kept)[:4000]


def _addresses(words: str) -> list[str]:
    return list(dict.fromkeys(each.strip("'") for each in ADDRESS.findall(words)))


def says_failed(letter: Letter) -> tuple[bool, bool, bool]:
    """Whether the subject says that something was not delivered, whether the words do, and whether they give a code."""
    words = notice(letter)[:4000]
    return (
        FAILED_SUBJECT.search(letter.subject[:500]) is not None,
        FAILED_WORDS.search(words) is not None,
        _CODE.search(words) is not None,
    )
