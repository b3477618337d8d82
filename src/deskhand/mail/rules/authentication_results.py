"""What a server we trust wrote into Authentication-Results (RFC 8601)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from deskhand.mail.rules.verdict import Policy, Result, Signature, Verdict, ascii_domain, result_of, same

LONGEST = 16_384  # characters of a header that are read

_PIECE = re.compile(r'"(?:\\.|[^"\\])*"|[();]|[^"();]+|"', re.DOTALL)
_METHOD = re.compile(r"\s*([a-zA-Z][\w-]{0,30})\s*(?:/\s*\d+\s*)?=\s*([a-zA-Z]{1,20})")
_PROPERTY = re.compile(r"([a-z]{2,12})\s*\.\s*([a-zA-Z][\w-]{0,30})\s*=\s*(\"(?:\\.|[^\"\\])*\"|[^\s;]+)")
_POLICY = re.compile(r"\bp\s*=\s*(none|quarantine|reject)\b|\bdis\s*=\s*(none|quarantine|reject)\b", re.IGNORECASE)


def claimed(values: list[str], trusted: Collection[str], from_domain: str) -> Verdict | None:
    """The verdict of the topmost header whose server is trusted, or None. ``values`` are the headers as they came, not decoded.

    Servers are compared without case; an empty name stands for those that give none (Exchange Online). Alignment is reckoned
    here, from the domains they tell.
    """
    names = {each.lower() for each in trusted}
    for value in values:
        parts = list(_parts(value[:LONGEST]))
        server = "" if "=" in parts[0][0] else re.split(r"\s", parts[0][0].strip(), maxsplit=1)[0].strip('"').lower()
        if server in names:
            return _verdict(parts if not server else parts[1:], server, from_domain)
    return None


def _verdict(parts: list[tuple[str, str]], server: str, from_domain: str) -> Verdict:
    spf, spf_domain, dmarc, policy, arc, arc_domain = Result.NONE, "", Result.NONE, Policy.UNKNOWN, Result.NONE, ""
    signatures: list[Signature] = []
    seen: set[str] = set()
    for part, comments in parts:
        method = _METHOD.match(part)
        if method is None:
            continue
        name, result = method[1].lower(), result_of(method[2])
        told = {f"{each[1].lower()}.{each[2].lower()}": each[3].strip('"') for each in _PROPERTY.finditer(part, method.end())}
        if name == "dkim" and len(signatures) < 20:
            domain = _domain(told.get("header.d", "") or told.get("header.i", ""))
            signatures.append(Signature(domain, told.get("header.s", ""), result, same(domain, from_domain)))
        elif name not in seen:
            seen.add(name)
            if name == "spf":
                spf, spf_domain = (
                    result,
                    _domain(told.get("smtp.mailfrom", "") or told.get("smtp.mail", "") or told.get("smtp.helo", "")),
                )
            elif name == "dmarc" and same(told.get("header.from", from_domain), from_domain, is_strict=True):
                dmarc, policy = result, _policy(told.get("policy.published-domain-policy", ""), comments)
            elif name == "arc":
                arc, arc_domain = (
                    result,
                    _domain(told.get("header.oldest-pass", "") if "." in told.get("header.oldest-pass", "") else ""),
                )
    return Verdict(
        server=server,
        from_domain=from_domain,
        spf=spf,
        spf_domain=spf_domain,
        spf_is_aligned=same(spf_domain, from_domain),
        dkim=tuple(signatures),
        dmarc=dmarc,
        policy=policy,
        arc=arc,
        arc_domain=arc_domain,
    )


def _policy(told: str, comments: str) -> Policy:
    """The policy of the domain, which has no place of its own but is told by many in a comment: ``(p=REJECT sp=…)``."""
    found = re.fullmatch(r"none|quarantine|reject", told.lower()) or _POLICY.search(comments)
    return (
        Policy(next(each for each in (found[0], *found.groups()) if each and "=" not in each).lower())
        if found
        else Policy.UNKNOWN
    )


def _domain(value: str) -> str:
    """The domain of an address, of ``@domain`` or of a domain."""
    return ascii_domain(value.strip("<>").rpartition("@")[2])


def _parts(value: str) -> Iterator[tuple[str, str]]:
    """What stands between semicolons, and the comments in it. Neither counts inside of the other, or of quotes."""
    part, comments, depth = "", "", 0
    for piece in _PIECE.findall(value):
        if piece == "(":
            depth += 1
        elif piece == ")":
            depth = max(0, depth - 1)
        elif depth:
            comments += piece
        elif piece == ";":
            yield part, comments
            part = comments = ""
        else:
            part += piece
    yield part, comments
