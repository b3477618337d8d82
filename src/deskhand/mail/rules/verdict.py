"""Whether a message comes from where it says: results, by the words of RFC 8601, and what may be concluded from them."""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from msgspec import Struct
from publicsuffixlist import PublicSuffixList


class Result(StrEnum):
    """What a check came to (RFC 8601 2.7)."""

    NONE = "none"
    PASS = "pass"  # noqa: S105 - it is no password
    FAIL = "fail"
    SOFTFAIL = "softfail"
    NEUTRAL = "neutral"
    POLICY = "policy"
    TEMPERROR = "temperror"
    PERMERROR = "permerror"


class Policy(StrEnum):
    """What a domain asks for where DMARC fails. ``UNKNOWN``: nobody told us."""

    UNKNOWN = ""
    NONE = "none"
    QUARANTINE = "quarantine"
    REJECT = "reject"


class Signature(Struct, frozen=True):
    """A DKIM signature: the domain that signed, in lower case, and whether that is the domain of From (RFC 7489 3.1.1)."""

    domain: str
    selector: str
    result: Result
    is_aligned: bool = False


class Verdict(Struct, frozen=True, kw_only=True):
    """What is known of a message's origin. ``server`` is who looked: a name of Authentication-Results, or empty for ourselves.

    ``from_domain`` is that of the only From address, empty where there is none or are several; ``spf_domain`` is that of the
    envelope, or of HELO for the null path.
    """

    server: str = ""
    from_domain: str = ""
    spf: Result = Result.NONE
    spf_domain: str = ""
    spf_is_aligned: bool = False
    dkim: tuple[Signature, ...] = ()
    dmarc: Result = Result.NONE
    policy: Policy = Policy.UNKNOWN
    arc: Result = Result.NONE
    arc_domain: str = ""

    @property
    def is_proved(self) -> bool:
        """Whether the domain of From answers for the message: DMARC passes, or a signature of that domain does."""
        return bool(self.from_domain) and (
            self.dmarc is Result.PASS or any(each.is_aligned and each.result is Result.PASS for each in self.dkim)
        )

    @property
    def is_suspect(self) -> bool:
        """Whether the domain of From says that it did not send this."""
        return self.dmarc is Result.FAIL and not self.is_proved


def result_of(word: str) -> Result:
    """A result by its name; ``hardfail`` and the like are what they once were called, an unknown one counts for nothing."""
    word = word.lower()
    try:
        return Result(
            {"hardfail": "fail", "permfail": "permerror", "tempfail": "temperror", "error": "temperror"}.get(word, word)
        )
    except ValueError:
        return Result.NONE


def same(domain: str, other: str, *, is_strict: bool = False) -> bool:
    """Whether two domains are aligned: the same, or unless strict those of one organization."""
    domain, other = ascii_domain(domain), ascii_domain(other)
    if not domain or not other:
        return False
    return domain == other or (not is_strict and organization(domain) == organization(other))


def organization(domain: str) -> str:
    """The domain that an organization registered, by the public suffix list; the domain itself where it is a suffix."""
    domain = ascii_domain(domain)
    return _suffixes().privatesuffix(domain) or domain


def is_public(domain: str) -> bool:
    """Whether a domain lies under a suffix that is known: ``report.pdf`` does not."""
    return _suffixes().publicsuffix(ascii_domain(domain), accept_unknown=False) is not None


def ascii_domain(domain: str) -> str:
    """A domain in lower case as DNS has it."""
    domain = domain.strip().rstrip(".").lower()
    if domain.isascii():
        return domain
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()
