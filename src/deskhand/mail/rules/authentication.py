"""Who speaks (email rules 5.1): what a trusted server found, or our own check of SPF, DKIM, DMARC and ARC.

Our check asks the DNS by a function it is given, and waits as long as that does: callers run it in a process of its own.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection, Sequence
from email import policy
from email.parser import BytesHeaderParser

import dkim
import spf
from msgspec import structs

from deskhand.mail.reading.addresses import sole
from deskhand.mail.rules.authentication_results import claimed
from deskhand.mail.rules.verdict import Policy, Result, Signature, Verdict, ascii_domain, organization, result_of, same

__all__ = ["Policy", "Resolver", "Result", "Signature", "Verdict", "check", "told"]

Resolver = Callable[[str, str], Sequence[str]]
"""``(name, type) -> answers``; types are TXT (the strings of a record joined), A, AAAA, MX (``10 host``) and PTR.

No such record: an empty sequence. No answer: it raises OSError, of which TimeoutError is one."""

MOST_SIGNATURES = 10

_PARSER = BytesHeaderParser(policy=policy.compat32)
_TAG = re.compile(r"\s*([a-zA-Z]{1,10})\s*=\s*([^;]{0,400})")


def told(raw: bytes, trusted: Collection[str]) -> Verdict | None:
    """What the topmost Authentication-Results of a trusted server says of a message, or None. ``trusted`` are names of servers.

    Only for mail whose way in we did not see: from an account that a provider fills (RFC 8601).
    """
    headers = _PARSER.parsebytes(raw)
    values = [_unfolded(each) for each in headers.get_all("Authentication-Results", [])]
    return claimed(values, trusted, _from_domain([_unfolded(each) for each in headers.get_all("From", [])]))


def check(raw: bytes, ip: str, helo: str, mail_from: str, resolver: Resolver) -> Verdict:
    """Check a message that came through our own door. ``ip`` is the client's; ``mail_from`` is empty for the null path."""
    headers = _PARSER.parsebytes(raw)
    from_domain = _from_domain([_unfolded(each) for each in headers.get_all("From", [])])
    spf_result, spf_domain = _spf(ip, helo, mail_from, resolver)
    signatures = _signatures(raw, [_unfolded(each) for each in headers.get_all("DKIM-Signature", [])], resolver)
    arc, arc_domain = _arc(raw, resolver)
    verdict = Verdict(
        from_domain=from_domain, spf=spf_result, spf_domain=spf_domain, dkim=signatures, arc=arc, arc_domain=arc_domain
    )
    return _with_dmarc(verdict, resolver)


def _from_domain(values: list[str]) -> str:
    """The domain of the only author; none where there are several, for programs differ in whom they show."""
    author = sole(values[0]) if len(values) == 1 else None
    return ascii_domain(author.address.rpartition("@")[2]) if author else ""


def _unfolded(value: object) -> str:
    return re.sub(r"\r?\n[ \t]*", " ", str(value))


class _Question(spf.query):  # type: ignore[misc]
    """pyspf's evaluation of RFC 7208, which asks our resolver and nobody else."""

    def __init__(self, ip: str, sender: str, helo: str, resolver: Resolver) -> None:
        super().__init__(i=ip, s=sender, h=helo)
        self._resolver = resolver

    def dns(self, name: str, qtype: str, cnames: object = None, ignore_void: bool = False) -> list[object]:  # noqa: FBT001
        name = str(name).rstrip(".").lower()
        if not name or any(not 0 < len(each) < 64 for each in name.split(".")):
            return []
        if (name, qtype) not in self.cache:
            try:
                answers = [] if qtype == "SPF" else list(self._resolver(name, qtype))
            except OSError as problem:
                raise spf.TempError(f"no answer: {problem}") from problem
            self.cache[name, qtype] = [each for answer in answers if (each := _as_spf_wants(answer, qtype)) is not None]
        found: list[object] = self.cache[name, qtype]
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError("too many questions without an answer")
        return found


def _as_spf_wants(answer: str, type: str) -> object:
    if type == "TXT":
        return (answer.encode("utf-8", "replace"),)
    if type == "MX":
        preference, _, host = answer.partition(" ")
        return (int(preference), host.rstrip(".")) if preference.isdecimal() else None
    return answer.rstrip(".")


def _spf(ip: str, helo: str, mail_from: str, resolver: Resolver) -> tuple[Result, str]:
    sender = mail_from.strip("<> ")
    domain = ascii_domain(sender.rpartition("@")[2] if sender else helo)
    try:
        is_near = ipaddress.ip_address(ip).is_loopback
    except ValueError:
        is_near = True
    if is_near or not domain:
        return Result.NONE, domain  # nobody's network: it would pass for everybody
    try:
        result = _Question(ip, sender, helo, resolver).check()[0]
    except Exception:  # noqa: BLE001 - it evaluates what strangers publish
        return Result.PERMERROR, domain
    return result_of(result), domain


def _signatures(raw: bytes, headers: list[str], resolver: Resolver) -> tuple[Signature, ...]:
    found = []
    for number, header in enumerate(headers[:MOST_SIGNATURES]):
        tags = _tags(header)
        asked = _Keys(resolver)
        try:
            is_valid = dkim.DKIM(raw, timeout=5).verify(idx=number, dnsfunc=asked)
            result = Result.PASS if is_valid else Result.FAIL
        except dkim.ValidationError:
            result = Result.FAIL
        except Exception:  # noqa: BLE001 - its parser meets whatever strangers send
            result = Result.PERMERROR
        if asked.is_unanswered:
            result = Result.TEMPERROR
        elif result is Result.PASS and "l" in tags:
            result = Result.POLICY  # it signs the beginning only, and anybody may write on
        found.append(Signature(ascii_domain(tags.get("d", "")), tags.get("s", ""), result))
    return tuple(found)


def _arc(raw: bytes, resolver: Resolver) -> tuple[Result, str]:
    try:
        result, seals, _ = dkim.arc_verify(raw, dnsfunc=_Keys(resolver))
    except Exception:  # noqa: BLE001 - its parser meets whatever strangers send
        return Result.FAIL, ""
    # None: the chain ended before us, for somebody had found it broken.
    found = result_of(result.decode()) if result else Result.NONE
    newest = seals[0].get("as-domain", b"") if seals else b""
    return found, newest.decode("ascii", "replace").lower() if found is Result.PASS else ""


class _Keys:
    """Where dkimpy gets its keys from."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self.is_unanswered = False

    def __call__(self, name: bytes | str, timeout: int = 5) -> bytes | None:
        asked = (name.decode("ascii", "replace") if isinstance(name, bytes) else name).rstrip(".")
        try:
            answers = self._resolver(asked, "TXT")
        except OSError:
            self.is_unanswered = True
            return None
        return answers[0].encode("utf-8", "replace") if answers else None


def _with_dmarc(verdict: Verdict, resolver: Resolver) -> Verdict:
    """The verdict with alignment and what DMARC makes of it (RFC 7489 6.6)."""
    if not verdict.from_domain:
        return structs.replace(verdict, dmarc=Result.PERMERROR)
    try:
        record, is_own = _record(verdict.from_domain, resolver)
    except OSError:
        record, is_own = None, True
    tags = record or {}
    signatures = tuple(
        structs.replace(each, is_aligned=same(each.domain, verdict.from_domain, is_strict=tags.get("adkim") == "s"))
        for each in verdict.dkim
    )
    spf_is_aligned = same(verdict.spf_domain, verdict.from_domain, is_strict=tags.get("aspf") == "s")
    verdict = structs.replace(verdict, dkim=signatures, spf_is_aligned=spf_is_aligned)
    if record is None:
        return structs.replace(verdict, dmarc=Result.TEMPERROR)
    if not record:
        return verdict
    passes = (verdict.spf is Result.PASS and spf_is_aligned) or any(
        each.is_aligned and each.result is Result.PASS for each in signatures
    )
    is_unsure = (verdict.spf is Result.TEMPERROR and spf_is_aligned) or any(
        each.is_aligned and each.result is Result.TEMPERROR for each in signatures
    )
    result = Result.PASS if passes else Result.TEMPERROR if is_unsure else Result.FAIL
    return structs.replace(verdict, dmarc=result, policy=_policy(tags, is_own=is_own))


def _record(domain: str, resolver: Resolver) -> tuple[dict[str, str], bool]:
    """The tags of the domain's own record, else of its organization's; none where there is no record or several."""
    for each in dict.fromkeys((domain, organization(domain))):
        found = [one for one in resolver(f"_dmarc.{each}", "TXT") if re.match(r"\s*v\s*=\s*DMARC1\s*(?:;|$)", one)]
        if len(found) == 1:
            return _tags(found[0]), each == domain
    return {}, True


def _policy(tags: dict[str, str], *, is_own: bool) -> Policy:
    word = (tags.get("p", "") if is_own else tags.get("sp", "") or tags.get("p", "")).lower()
    return Policy(word) if word in ("none", "quarantine", "reject") else Policy.NONE


def _tags(record: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in record.split(";")[:50]:
        if (tag := _TAG.match(part)) is not None:
            found.setdefault(tag[1].lower(), tag[2].strip())
    return found
