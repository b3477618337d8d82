"""The facts of one conversation: order numbers, products, days, names. Each is made up when a letter first asks for it,
and stays, so that all letters of a conversation agree.

Values are HTML already.
"""

import html
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from deskhand.demo.customers import Persona
from deskhand.demo.goods import BEANS, GRINDS, PACKABLE, Goods, Product
from deskhand.demo.rhythm import DAY, HOUR

T = TypeVar("T")

_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "es": ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
}
_MONTHS = {
    language: tuple(names.split())
    for language, names in (
        ("en", "January February March April May June July August September October November December"),
        ("de", "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"),
        ("fr", "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
        ("es", "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre"),
    )
}
_DATES = {"en": "{} {}", "de": "{}. {}", "fr": "{} {}", "es": "{} de {}"}


class Facts(dict[str, str]):
    """Looks like a dict to `template % facts`; what is missing is made up."""

    __slots__ = ("created", "goods", "index", "language", "now", "product", "random", "who")

    product: Product

    def __init__(
        self, random: Callable[[], float], index: int, created: int, who: Persona, goods: Goods | None, language: str
    ) -> None:
        self.random = random
        self.index = index
        self.created = created
        self.now = created
        self.who = who
        self.goods = goods
        self.language = language

    def __missing__(self, key: str) -> str:
        if key[1] == "_":
            word = self[key[2:]]
            value = f"{key[0]}{'n' if word[0] in 'AEIOaeio' else ''} {word}"
        else:
            value = _MAKERS[key](self)
        self[key] = value
        return value

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def pass_on(self, now: int, agent: str) -> None:
        """Another letter of the desk: what was soon may be over."""
        self.now = now
        self["agent"] = agent
        self.pop("soon", None)
        self.pop("weekday", None)
        self.pop("daytime", None)

    def date(self, at: int) -> str:
        day = datetime.fromtimestamp(at, UTC)
        return _DATES[self.language].format(day.day, _MONTHS[self.language][day.month - 1])

    def weekday(self, at: int) -> str:
        return _WEEKDAYS[self.language][(at // DAY + 3) % 7]

    def money(self, cents: int) -> str:
        if self.language == "en":
            return f"€{cents // 100}.{cents % 100:02}" if cents % 100 else f"€{cents // 100}"
        return f"{cents // 100},{cents % 100:02} €"

    def number(self, below: int, above: int) -> int:
        """A whole number, both ends included."""
        return below + int(self.random() * (above - below + 1))


def _product(facts: Facts) -> str:
    facts.product = facts.pick((facts.goods or Goods.GEAR).products)
    return html.escape(facts.product.name, quote=False)


def _of_product(value: Callable[[Facts], str]) -> Callable[[Facts], str]:
    """A fact of the product, which is chosen first."""

    def make(facts: Facts) -> str:
        facts["product"]
        return value(facts)

    return make


def _soon(facts: Facts) -> str:
    """A working day two or three days on."""
    at = facts.now + facts.number(2, 3) * DAY
    weekday = (at // DAY + 3) % 7
    return facts.weekday(at + (7 - weekday) * DAY if weekday > 4 else at)


def _daytime(facts: Facts) -> str:
    hour = (facts.now // HOUR + 1) % 24
    return "Good morning" if 3 < hour < 12 else "Good afternoon" if 11 < hour < 18 else "Good evening"


def _saturday(facts: Facts) -> str:
    day = facts.created // DAY + facts.number(10, 40)
    at = (day + (5 - (day + 3) % 7) % 7) * DAY
    facts["class_day"] = datetime.fromtimestamp(at, UTC).date().isoformat()
    return facts.date(at)


def _code(facts: Facts) -> str:
    signs = "ACDEFGHJKLMNPQRTUVWXY34679"
    return "OV-" + "".join(facts.pick(signs) for _ in range(4)) + "-" + "".join(facts.pick(signs) for _ in range(4))


def _order(facts: Facts) -> str:
    # About six orders are shipped for each letter that comes.
    return f"K-{20_000 + facts.index * 6 - facts.number(0, 90)}"


def _vat(facts: Facts) -> str:
    return f"{facts.who.home.country} {facts.number(1_000_000, 9_999_999)}{facts.pick('ABCDFGHKLMNPRSTW')}"


_COURSES = ("Espresso basics", "Milk and pouring", "Filter at home", "Roasting day", "Tasting table")
_NEIGHBOURS = ("the bakery next door", "the house opposite", "the flat below", "the kiosk", "the concierge")

_MAKERS: dict[str, Callable[[Facts], str]] = {
    "first": lambda facts: facts.who.first,
    "last": lambda facts: facts.who.last,
    "name": lambda facts: f"{facts.who.first} {facts.who.last}",
    "email": lambda facts: facts.who.email,
    "city": lambda facts: facts.who.city,
    "street": lambda facts: facts.who.street,
    "postcode": lambda facts: facts.who.postcode,
    "country": lambda facts: facts.who.home.country,
    "org": lambda facts: html.escape(facts.who.organization.name, quote=False) if facts.who.organization else facts.who.last,
    "job": lambda facts: facts.who.job_title,
    "phone": lambda facts: facts.who.phone,
    "order": _order,
    "order2": lambda facts: f"K-{20_000 + facts.index * 6 - facts.number(91, 400)}",
    "product": _product,
    "noun": _of_product(lambda facts: facts.product.noun),
    "part": _of_product(lambda facts: facts.pick(facts.product.parts or ("lid",))),
    "colour": _of_product(lambda facts: facts.product.colours[0] if facts.product.colours else "black"),
    "colour2": _of_product(lambda facts: facts.product.colours[-1] if len(facts.product.colours) > 1 else "white"),
    "price": _of_product(lambda facts: facts.money(facts.product.price)),
    "cheaper": _of_product(lambda facts: facts.money(facts.product.price * 85 // 100)),
    "tenth": _of_product(lambda facts: facts.money(facts.product.price // 10)),
    "product2": lambda facts: facts.pick(PACKABLE).name,
    "product3": lambda facts: facts.pick(PACKABLE).name,
    "qty": lambda facts: str(facts.number(2, 6)),
    "qty2": lambda facts: str(facts.number(8, 40)),
    "serial": lambda facts: f"{facts.pick('ABCD')}{facts.number(21, 25)}-{facts.number(10_000, 99_999)}",
    "months": lambda facts: str(facts.number(3, 22)),
    "ordered": lambda facts: facts.date(facts.created - facts.number(5, 16) * DAY),
    "bought": lambda facts: facts.date(facts.created - facts.number(60, 500) * DAY),
    "past": lambda facts: facts.weekday(facts.created - facts.number(1, 6) * DAY),
    "soon": _soon,
    "daytime": _daytime,
    "weekday": lambda facts: facts.weekday(facts.now),
    "later": lambda facts: facts.date(facts.now + facts.number(9, 24) * DAY),
    "month": lambda facts: _MONTHS[facts.language][(datetime.fromtimestamp(facts.created, UTC).month + 1) % 12],
    "time": lambda facts: f"{facts.number(9, 17)}:{facts.pick(('00', '15', '30', '45'))}",
    "carrier": lambda facts: facts.pick(("NordPost", "ParcelNet", "Kestrel Express", "DropBee")),
    "tracking": lambda facts: f"{facts.pick('DKNP')}B-{facts.number(1000, 9999)}-{facts.number(100, 999)}",
    "depot": lambda facts: facts.pick(("Hamburg", "Copenhagen", "Jönköping", "Rotterdam", "Lübeck", "Liège")),
    "beans": lambda facts: facts.pick(BEANS),
    "beans2": lambda facts: BEANS[(BEANS.index(facts["beans"]) + facts.number(1, len(BEANS) - 1)) % len(BEANS)],
    "grind": lambda facts: facts.pick(GRINDS),
    "kilos": lambda facts: str(facts.number(4, 24)),
    "kilos2": lambda facts: str(int(facts["kilos"]) + facts.number(2, 12)),
    "setting": lambda facts: str(facts.number(4, 22)),
    "setting2": lambda facts: str(max(1, int(facts["setting"]) - facts.number(2, 3))),
    "version": lambda facts: f"{facts.number(2, 4)}.{facts.number(0, 9)}.{facts.number(0, 6)}",
    "batch": lambda facts: f"{facts.pick('RSTV')}{facts.number(1000, 9999)}",
    "code": _code,
    "voucher": lambda facts: facts.money(facts.number(2, 8) * 1000),
    "vat": _vat,
    "invoice": lambda facts: f"INV-{20_000 + facts.index * 6 - facts.number(0, 90)}",
    "last4": lambda facts: str(facts.number(1000, 9999)),
    "repair": lambda facts: f"R-{facts.number(3000, 9999)}",
    "course": lambda facts: facts.pick(_COURSES),
    "class_date": _saturday,
    "seats": lambda facts: str(facts.number(2, 7)),
    "issue": lambda facts: facts.pick(("spring", "summer", "autumn", "winter")),
    "pages": lambda facts: str(facts.number(2, 8)),
    "neighbour": lambda facts: facts.pick(_NEIGHBOURS),
}  # fmt: skip
