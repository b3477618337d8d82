"""Customers as a pure function of seed and number: nothing is kept of a million but who wrote, four bytes each.

A `Persona` is what a letter needs; `customer` adds what the desk knows besides.
"""

from array import array
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple

from deskhand.demo.addresses import day, identity, mix
from deskhand.demo.firms import firm
from deskhand.demo.model import DemoAddress, DemoCustomer, DemoOrganization, Entry
from deskhand.demo.names import CULTURES, Culture
from deskhand.demo.world import BLOG, CLUB, CLUBS, CUSTOMER_SINCE, ORDERED


class Kind(IntEnum):
    """What brings somebody to the desk."""

    PERSON = 0
    BUSINESS = 1
    MEDIA = 2
    STRANGER = 3


# How often a letter is from somebody new, by kind.
_NEW = (0.4, 0.13, 0.6, 1.0)


class Persona(NamedTuple):
    """A customer as far as letters need one."""

    number: int
    kind: Kind
    first: str
    last: str
    local: str
    """Part of the address before the @, in ASCII."""
    domain: str
    woman: bool
    culture: Culture
    home: Culture
    """Where they live or work, which need not be where the name is from."""
    door: int
    """Bits for the postal address."""
    organization: DemoOrganization | None
    chance: int
    """64 bits of their own, for habits that stay."""

    @property
    def email(self) -> str:
        return f"{self.local}@{self.domain}"

    @property
    def city(self) -> str:
        return self.home.places[self.door % len(self.home.places)][0]

    @property
    def postcode(self) -> str:
        return _digits(self.home.places[self.door % len(self.home.places)][1], self.door >> 8)

    @property
    def street(self) -> str:
        return f"{self.home.streets[(self.door >> 4) % len(self.home.streets)]} {(self.door >> 32) % 94 + 1}"

    @property
    def phone(self) -> str:
        return _digits(f"{self.home.dial} {(self.chance >> 40) % 60 + 20} 555 ####", self.chance >> 12)

    @property
    def job_title(self) -> str:
        titles = _MEDIA_JOBS if self.kind is Kind.MEDIA else _CAFE_JOBS
        return titles[(self.chance >> 16) % len(titles)]


class Crowd:
    """Who has written so far, by kind."""

    def __init__(self, seed: int, random: Callable[[], float]) -> None:
        self._seed = seed
        self._random = random
        self._members = [array("I") for _ in Kind]
        self._count = 0

    def choose(self, kind: Kind) -> tuple[Persona, bool]:
        """Somebody of this kind, and whether they are new. Some come back soon, and the early ones often."""
        members = self._members[kind]
        known = len(members)
        random = self._random
        if known == 0 or random() < _NEW[kind]:
            number = self._count
            members.append(number)
            self._count += 1
            return persona(self._seed, number, kind, known), True
        if random() < 0.5:
            place = known - 1 - int(random() * random() * min(known, 600))
        else:
            place = int(random() * random() * random() * known)
        return persona(self._seed, members[place], kind, place), False


def persona(seed: int, number: int, kind: Kind, ordinal: int) -> Persona:
    """Customer `number`, the `ordinal`-th of their kind."""
    chance = mix(seed * 1_000_003 + number)
    first, last, woman, culture, local, domain = identity(seed, number, chance)
    if kind is not Kind.BUSINESS and kind is not Kind.MEDIA:
        return Persona(number, kind, first, last, local, domain, woman, culture, culture, chance, None, chance)
    # Two colleagues share a firm and its door, wherever their names come from.
    door = mix(seed + (ordinal // 2 << 8) + kind)
    home = CULTURES[door % len(CULTURES)]
    organization = firm(seed, ordinal // 2, home.country, media=kind is Kind.MEDIA)
    return Persona(number, kind, first, last, local, organization.domain, woman, culture, home, door, organization, chance)


def customer(who: Persona) -> DemoCustomer:
    """All the desk knows of them. Most have left little more than an address."""
    chance = mix(who.chance)
    business = who.organization is not None
    emails = [Entry("work" if business else "home" if chance & 1 else "other", who.email)]
    if chance % 11 == 0:
        emails.append(Entry("other", f"{who.local}@web.{who.domain}"))
    knows_phone = business or chance % 10 < 3
    knows_address = chance % 7 < (6 if business else 3)
    handle = who.local.replace(".", "").replace("-", "")
    return DemoCustomer(
        index=who.number,
        first=who.first,
        last=who.last,
        emails=tuple(emails),
        phones=(Entry("work" if business else "mobile", who.phone),) if knows_phone else (),
        chats=(Entry("skype", handle),) if chance % 61 == 0 else (),
        socials=(Entry(_SOCIALS[chance % 4], f"@{handle}"),) if chance % 23 == 0 else (),
        websites=(f"https://{who.domain}",) if business and chance % 3 else (),
        organization=who.organization,
        job_title=who.job_title if business else None,
        location=f"{who.city}, {who.home.country}" if chance % 5 < 3 else None,
        gender=("female" if who.woman else "male") if chance % 4 == 0 else "unknown",
        age=_AGES[(chance >> 20) % len(_AGES)] if chance % 13 == 0 else None,
        background=_BACKGROUNDS[(chance >> 24) % len(_BACKGROUNDS)] if chance % 9 == 0 else "",
        address=DemoAddress((who.street,), who.city, who.postcode, who.home.country) if knows_address else None,
        properties=_properties(who, handle),
    )


def _properties(who: Persona, handle: str) -> tuple[tuple[int, str], ...]:
    """What the desk wrote down; of most people nothing."""
    chance = mix(who.chance + 1)
    values = []
    if who.kind is Kind.PERSON and chance % 6 == 0:
        values.append((CLUB, CLUBS[(chance >> 8) % len(CLUBS)]))
        values.append((CUSTOMER_SINCE, day(chance >> 16)))
    if chance % 4 == 0:
        values.append((ORDERED, str((chance >> 24) % 40 + 1)))
    if chance % 29 == 0:
        values.append((BLOG, f"{handle}.{who.domain}"))
    return tuple(values)


def _digits(form: str, chance: int) -> str:
    out = ""
    for sign in form:
        if sign == "#":
            chance, digit = divmod(chance, 10)
            out += str(digit)
        else:
            out += sign
    return out


_CAFE_JOBS = ("Owner", "Head barista", "Purchasing", "Office manager", "General manager", "Bookkeeping", "Head of coffee")
_MEDIA_JOBS = ("Editor", "Reporter", "Picture editor", "Producer", "Freelance writer")
_SOCIALS = ("twitter", "facebook", "linkedin", "youtube")
_AGES = ("18-25", "25-30", "30-35", "35-45", "45-55", "60s")
_BACKGROUNDS = (
    "Prefers phone in the morning.",
    "Bought at the Malmö shop, no order online.",
    "Writes long letters, reads short ones.",
    "Has helped us test the Pebble app.",
    "Ring the bell twice, the first one is broken.",
    "Won a class voucher at the fair.",
    "Allergic to phone calls. Mail only.",
    "Reviews gear on a blog, kind and exact.",
    "Moves house often: check the address.",
)
