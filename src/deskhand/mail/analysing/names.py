"""Asking the DNS for what the check of a sender needs."""

from __future__ import annotations

from collections.abc import Sequence

import dns.exception
import dns.resolver

from deskhand.mail.rules.authentication import Resolver

SECONDS = 4.0


def resolver(nameservers: list[str]) -> Resolver:
    """A function that asks these servers (``address:port``), or the system's."""
    asking = dns.resolver.Resolver(configure=not nameservers)
    asking.lifetime = SECONDS
    if nameservers:
        asking.nameservers = [each.rpartition(":")[0] for each in nameservers]
        asking.port = int(nameservers[0].rpartition(":")[2])

    def ask(name: str, type: str) -> Sequence[str]:
        try:
            return [_text(each, type) for each in asking.resolve(name, type, raise_on_no_answer=False)]
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except dns.exception.DNSException as error:
            raise OSError(str(error)) from error

    return ask


def _text(record: object, type: str) -> str:
    strings = getattr(record, "strings", None)
    return b"".join(strings).decode("utf-8", "replace") if type == "TXT" and strings is not None else str(record)
