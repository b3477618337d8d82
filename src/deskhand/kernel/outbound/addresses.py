"""Where a request of ours may go: rules about URLs and IP addresses, without any network.

A URL tells little: ``http://2130706433/``, ``http://0x7f.1/`` and a name that answers 127.0.0.1 are one machine. So a URL is
only read here; what decides is the address that its name has at the moment of the request.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import quote, urlsplit

from msgspec import Struct

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2048
PORTS = {"http": 80, "https": 443}
MAIL_PORTS = (25, 143, 465, 587, 993, 2525)
SPECIAL_4 = [
    ip_network(each)
    for each in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
]
"""IANA's registry of special addresses, and all above 224: multicast, reserved, broadcast."""
GLOBAL_6 = ip_network("2000::/3")
SPECIAL_6 = [ip_network(each) for each in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")]
"""What of the global range is none: Teredo and other protocols, documentation, 6to4 (an IPv4 address inside)."""
NAT64 = IPv6Network("64:ff9b::/96")

NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")


class BadAddress(ValueError):
    """Not a URL, or one that must not be asked; the message says why."""


class Target(Struct, frozen=True):
    """A URL, read. ``host`` is a name in ASCII or an IP address without brackets, ``path`` has the query with it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        """The host as it stands in a URL, with the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Rules(Struct, frozen=True):
    """What the operator allows. Addresses in ``networks`` may be private, and be asked at any port."""

    networks: tuple[Network, ...] = ()
    ports: tuple[int, ...] = (80, 443)
    allows_http: bool = True

    def check(self, target: Target) -> None:
        """What can be said without looking the name up. Raises BadAddress."""
        if target.scheme == "http" and not self.allows_http:
            raise BadAddress("must start with https://")
        written = literal(target.host)
        if written is not None:
            self.check_address(written, target.port)
        elif target.port not in self.ports and not self.networks:
            raise BadAddress(f"must not name port {target.port}")

    def check_address(self, address: Address, port: int) -> None:
        """Whether a request may go to an address. Raises BadAddress."""
        plain = unwrapped(address)
        if any(plain.version == each.version and plain in each for each in self.networks):
            return
        if is_special(plain):
            raise BadAddress(f"{address} is not a public address")
        if port not in self.ports:
            raise BadAddress(f"must not name port {port}")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Networks as an operator writes them: ``10.1.0.0/16``, ``192.168.1.7``. Raises ValueError."""
    return tuple(ip_network(text) for text in texts)


def read(url: str) -> Target:
    """A URL in parts. Raises BadAddress for what is none, or has a user name in it."""
    if len(url) > LONGEST_URL:
        raise BadAddress(f"must have at most {LONGEST_URL} characters")
    if UNSAFE.search(url):
        raise BadAddress("must be a URL without spaces")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadAddress("must be a URL") from None
    scheme = parts.scheme.lower()
    if scheme not in PORTS:
        raise BadAddress("must start with http:// or https://")
    if "@" in parts.netloc:
        raise BadAddress("must not contain a user name")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|{}^`\"<>")
    return Target(scheme, plain_host(parts.hostname), port or PORTS[scheme], f"{path}?{query}" if query else path)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped or NAT64), else the address itself."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in NAT64:
            return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_special(address: Address) -> bool:
    """Whether an address is private, loopback, link-local, multicast, reserved, or hides another one."""
    if isinstance(address, IPv4Address):
        return any(address in each for each in SPECIAL_4)
    return address not in GLOBAL_6 or any(address in each for each in SPECIAL_6)


def plain_host(given: str | None) -> str:
    """A host in ASCII, as a URL or a person names it. Raises BadAddress."""
    host = given or ""
    if ":" in host:
        if literal(host) is None:
            raise BadAddress("must have a valid host")
        return host
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        raise BadAddress("must have a valid host") from None
    if len(name) > 253 or not NAME.fullmatch(name):
        raise BadAddress("must have a valid host")
    return name.rstrip(".")


def literal(host: str) -> Address | None:
    """The address that a host is written as, also in the odd spellings that the system reads: decimal, octal, hex, short."""
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except OSError:
        return None
