"""Whether the world will believe an inbox's mail: the SPF, DKIM and DMARC records of its domain, and what to add."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import StrEnum
from typing import Protocol

import dns.asyncresolver
import dns.exception
import dns.resolver
from msgspec import Struct

from deskhand.kernel.desk import Desk
from deskhand.kernel.permissions import system_actor
from deskhand.kernel.sealing import Unsealable
from deskhand.mail.composing.signing import NoKey, record
from deskhand.mail.model import Direction, key_name
from deskhand.mail.queries.inboxes import CONNECTION, KEY, MailInbox
from deskhand.mail.sending.routes import machines

SECONDS = 5.0
PROVIDERS = {
    "amazonaws.com": "amazonses.com",
    "gmail.com": "_spf.google.com",
    "google.com": "_spf.google.com",
    "googlemail.com": "_spf.google.com",
    "mailgun.org": "mailgun.org",
    "office365.com": "spf.protection.outlook.com",
    "outlook.com": "spf.protection.outlook.com",
    "postmarkapp.com": "spf.mtasv.net",
    "sendgrid.net": "sendgrid.net",
    "zoho.com": "zoho.com",
}
"""What a provider wants SPF to include, by the end of its servers' names."""


class Grade(StrEnum):
    """``unknown``: nobody could say just now."""

    GOOD = "good"
    MISSING = "missing"
    WRONG = "wrong"
    UNKNOWN = "unknown"


class Finding(Struct, frozen=True):
    """What was found under a name, and, where something is to be done, the very record that should stand there."""

    check: str
    grade: Grade
    name: str
    words: str
    add: str = ""


class Unanswered(Exception):
    """The name servers did not answer."""


class Resolver(Protocol):
    """Who is asked for TXT records."""

    async def txt(self, name: str) -> list[str]:
        """The texts of a name, none if it has none. Raises Unanswered."""
        ...


class SystemResolver:
    """The name servers that the machine asks."""

    async def txt(self, name: str) -> list[str]:
        try:
            found = await dns.asyncresolver.resolve(name, "TXT", lifetime=SECONDS)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise Unanswered(str(error)) from None
        return [b"".join(each.strings).decode("utf-8", "replace") for each in found]


async def check_domain(
    desk: Desk, inbox: MailInbox, resolver: Resolver | None = None, *, seconds: float | None = None
) -> list[Finding]:
    """What the world finds about an inbox's domain, in five seconds or those given: SPF, DKIM, DMARC, in this order."""
    async with desk.reading(system_actor()) as view:
        connection = await view.first(CONNECTION, inbox_id=inbox.id, direction=Direction.OUT)
        key = await view.first(KEY, inbox_id=inbox.id)
    route = connection or machines(desk.settings)
    asks = resolver or SystemResolver()
    domain = _ascii(inbox.domain)
    selector, wanted = "", ""
    if key is not None:
        try:
            selector, wanted = key.selector, record(desk.seal.open(key.secret, key_name(key.id)))
        except (Unsealable, NoKey) as error:
            wanted = f"unreadable: {error}"
    checks = (
        ("spf", domain, _spf(asks, domain, route.host if route else "")),
        ("dkim", f"{selector or '…'}._domainkey.{domain}", _dkim(asks, domain, selector, wanted)),
        ("dmarc", f"_dmarc.{domain}", _dmarc(asks, domain)),
    )
    return list(await asyncio.gather(*(_in_time(name, where, check, seconds or SECONDS) for name, where, check in checks)))


async def _in_time(name: str, where: str, check: Coroutine[None, None, Finding], seconds: float) -> Finding:
    try:
        async with asyncio.timeout(seconds):
            return await check
    except (TimeoutError, Unanswered):
        return Finding(name, Grade.UNKNOWN, where, "the name servers did not answer; ask again later")


async def _spf(asks: Resolver, domain: str, host: str) -> Finding:
    """Which machines may send for the domain; that ours is among them is only seen where its name says so."""
    found = [each for each in await asks.txt(domain) if each.lower().split(" ")[0] == "v=spf1"]
    include = _include(host)
    wanted = f"v=spf1 {include} ~all"
    if not found:
        words = f"nothing says that {host or 'your mail server'} may send for {domain}"
        return Finding("spf", Grade.MISSING, domain, words, wanted)
    if len(found) > 1:
        return Finding("spf", Grade.WRONG, domain, "there are several SPF records, so none counts", wanted)
    terms = found[0].lower().split()
    if terms[-1] == "+all" or "all" in terms:
        return Finding("spf", Grade.WRONG, domain, "it lets everybody send for the domain", wanted)
    if include.startswith("include:") and include not in terms:
        words = f"it does not name {include.removeprefix('include:')}, by which this inbox sends"
        return Finding("spf", Grade.WRONG, domain, words, _with(found[0], include))
    return Finding("spf", Grade.GOOD, domain, found[0])


async def _dkim(asks: Resolver, domain: str, selector: str, wanted: str) -> Finding:
    if not selector:
        words = "mail is not signed here; if your provider signs it, that is fine, else make a key: 'deskhand inbox key'"
        return Finding("dkim", Grade.MISSING, domain, words)
    name = f"{selector}._domainkey.{domain}"
    found = [each for each in await asks.txt(name) if "p=" in each]
    if not found:
        return Finding("dkim", Grade.MISSING, name, "mail is signed, but nobody can check it", wanted)
    if _key_of(wanted) not in [_key_of(each) for each in found]:
        return Finding("dkim", Grade.WRONG, name, "it names another key than the one we sign with", wanted)
    return Finding("dkim", Grade.GOOD, name, "it names the key we sign with")


async def _dmarc(asks: Resolver, domain: str) -> Finding:
    """A domain without a record of its own follows that of the domain above it."""
    labels = domain.split(".")
    for number in range(max(1, len(labels) - 1)):
        name = f"_dmarc.{'.'.join(labels[number:])}"
        found = [each for each in await asks.txt(name) if each.lower().replace(" ", "").startswith("v=dmarc1")]
        if len(found) > 1:
            return Finding("dmarc", Grade.WRONG, name, "there are several DMARC records, so none counts", found[0])
        if found and "p=" not in found[0].lower():
            return Finding(
                "dmarc", Grade.WRONG, name, "it states no policy", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}"
            )
        if found:
            return Finding("dmarc", Grade.GOOD, name, found[0])
    words = "nothing says what becomes of mail that only claims to be yours"
    return Finding("dmarc", Grade.MISSING, f"_dmarc.{domain}", words, f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")


def _include(host: str) -> str:
    """What SPF must name for a server: providers publish a record of their own, anybody else's machine is named itself."""
    for ending, name in PROVIDERS.items():
        if host == ending or host.endswith(f".{ending}"):
            return f"include:{name}"
    return f"a:{host}" if host else "mx"


def _with(found: str, include: str) -> str:
    first, _, rest = found.partition(" ")
    return f"{first} {include} {rest}".strip()


def _key_of(text: str) -> str:
    """The key in a DKIM record, whatever stands around it."""
    tags = (each.partition("=") for each in text.replace(" ", "").split(";"))
    return next((value for name, _, value in tags if name == "p"), "")


def _ascii(domain: str) -> str:
    try:
        return domain.encode("idna").decode()
    except UnicodeError:
        return domain
