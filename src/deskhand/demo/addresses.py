"""A name and an address for each number, no address twice: one walk, well stirred, through all names and mail providers."""

import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from deskhand.demo.names import CULTURES, Culture

_WORD = (1 << 64) - 1
_FIRST_DAY, _DAYS = date(2018, 1, 1), 2200


class Identity(NamedTuple):
    """Who somebody is by name and mail address."""

    first: str
    last: str
    woman: bool
    culture: Culture
    local: str
    """Part of the address before the @, in ASCII."""
    domain: str


def mix(number: int) -> int:
    """64 well stirred bits of a number (splitmix64): the same everywhere, unlike hash()."""
    number = (number + 0x9E3779B97F4A7C15) & _WORD
    number = ((number ^ (number >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    number = ((number ^ (number >> 27)) * 0x94D049BB133111EB) & _WORD
    return number ^ (number >> 31)


def identity(seed: int, number: int, chance: int) -> Identity:
    """Who customer `number` is; `chance` decides on the year in some addresses."""
    provider, name = divmod(_scatter(seed, number), len(_NAMES))
    first, last, woman, culture, local = _NAMES[name]
    turn, provider = divmod(provider, len(_PROVIDERS))
    domain, style = _PROVIDERS[provider]
    if style == "year":
        local += str(56 + chance % 44)
    elif style == "swap":
        given, _, family = local.partition(".")
        local = f"{family}.{given}"
    elif style != ".":
        local = local.replace(".", style)
    return Identity(first, last, woman, culture, f"{local}{turn + 1}" if turn else local, domain)


def ascii_name(name: str) -> str:
    """A name as it stands in an address: small letters, no accents, no blanks."""
    folded = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    return "".join(sign for sign in folded if sign.isascii() and (sign.isalnum() or sign == "-")).lower()


def day(number: int) -> str:
    """A day in the years before the demo begins, as ``2021-05-30``."""
    return (_FIRST_DAY + timedelta(days=number % _DAYS)).isoformat()


def _scatter(seed: int, number: int) -> int:
    """A place of its own: rounds of stirring that lose nothing, until it fits. Numbers beyond all places begin anew."""
    turn, number = divmod(number, _PLACES)
    key = mix(seed)
    while True:
        number = (number ^ key) * 0x9E3B5 & _MASK
        number ^= number >> _HALF
        number = number * 0x5F357 & _MASK
        number ^= number >> _HALF
        if number < _PLACES:
            return turn * _PLACES + number


_LETTERS = str.maketrans(
    {
        "ø": "o",
        "Ø": "O",
        "æ": "ae",
        "ß": "ss",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ı": "i",
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
    }
)


def _names() -> tuple[tuple[str, str, bool, Culture, str], ...]:
    out = []
    for culture in CULTURES:
        given = [(name, True) for name in culture.women] + [(name, False) for name in culture.men]
        for first, woman in given:
            for family in culture.families:
                first_latin, _, first_own = first.partition("=")
                last_latin, _, last_own = family.partition("=")
                own = first_own and last_own
                local = f"{ascii_name(first_latin)}.{ascii_name(last_latin)}"
                out.append((first_own if own else first_latin, last_own if own else last_latin, woman, culture, local))
    return tuple(out)


_NAMES = _names()
_PROVIDERS = tuple(
    (f"{name}.{ending}", style)
    for ending in ("example", "test")
    for name, style in (
        ("mail", "."),
        ("postbox", "."),
        ("inbox", "year"),
        ("letterbox", "."),
        ("fastmail", "-"),
        ("webpost", "swap"),
        ("mymail", "year"),
        ("homenet", "."),
        ("freemail", "_"),
        ("quickpost", "."),
        ("bluemail", "year"),
        ("northnet", "."),
        ("cloudpost", "swap"),
        ("citymail", "."),
        ("telemail", "-"),
    )
)
# Just below a power of two, or the walk steps aside too often.
_PLACES = len(_NAMES) * len(_PROVIDERS)
_BITS = _PLACES.bit_length()
_MASK = (1 << _BITS) - 1
_HALF = _BITS // 2
