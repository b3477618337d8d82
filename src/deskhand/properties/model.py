"""The vocabulary of properties: types, options, what a value may be, facts (contract 51 §3 to §6)."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from msgspec import UNSET, Struct

from deskhand.kernel.events import Event

MOST_PROPERTIES = 50
MOST_OPTIONS = 100
LONGEST_TEXT = 255
LONGEST_URL = 2000
SMALLEST, LARGEST = -(2**63), 2**63 - 1
RESERVED = frozenset({"company", "email", "jobTitle", "name"})
"""Slugs that no property of customers may have."""

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
HOST = re.compile(rf"{_LABEL}(?:\.{_LABEL})+")
URL = re.compile(rf"(?:https?://{_LABEL}(?:\.{_LABEL})*|{_LABEL}(?:\.{_LABEL})+)\.?(?::\d{{1,5}})?(?:[/?#]\S*)?", re.IGNORECASE)
SLUG = re.compile(r"[A-Za-z0-9_-]{1,120}")
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
WHOLE_NUMBER = re.compile(r"-?\d{1,19}", re.ASCII)
NUMBER = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)


class Owner(StrEnum):
    """Whose property it is."""

    CUSTOMER = "customer"
    ORGANIZATION = "organization"


class PropertyType(StrEnum):
    """What a value is."""

    DATE = "date"
    DROPDOWN = "dropdown"
    NUMBER = "number"
    TEXT = "text"
    URL = "url"


class Option(Struct, frozen=True):
    """A choice of a dropdown; ``key`` is a UUID, which only customers' properties show."""

    id: int
    key: str
    label: str


class Property(Struct, frozen=True):
    """A definition; ``options`` only for a dropdown, in order."""

    id: int
    owner: Owner
    slug: str
    type: PropertyType
    name: str
    options: list[Option]


class NewOption(Struct, frozen=True):
    """A choice to offer; without a ``key`` it is the one of that label, or gets a key."""

    label: str
    key: str | None = None


class NewProperty(Struct, frozen=True):
    """A property to define, already checked."""

    slug: str
    type: PropertyType
    name: str
    options: tuple[NewOption, ...] = ()


class Value(Struct, frozen=True):
    """What is stored of a value; of a dropdown the key of the option, and its id."""

    text: str
    option_id: int | None = None


class PropertyCreated(Event, frozen=True):
    """There is another property."""

    property_id: int
    owner: Owner


class PropertyUpdated(Event, frozen=True):
    """A property has another name or other options; values of options that are gone went with them."""

    property_id: int
    owner: Owner


class PropertyDeleted(Event, frozen=True):
    """A property is gone, with every value."""

    property_id: int
    owner: Owner


def value_of(it: Property, given: object) -> Value | None:
    """What is stored of a value from the wire; None if it takes the value away. Raises ValueError saying what is wrong."""
    text = _text(given)
    if not text:
        return None
    if it.type is PropertyType.DROPDOWN:
        return _choice(it, text)
    mistake = _mistake(it, text)
    if mistake:
        raise ValueError(mistake)
    return Value(str(int(text)) if _is_whole(it) else text)


def shown(given: object) -> object:
    """What a refusal repeats of a value: 300 characters of a text, nothing of what is none."""
    return given[:300] if isinstance(given, str) else UNSET


def is_slug(text: str) -> bool:
    """Whether a property may be called this in addresses."""
    return SLUG.fullmatch(text) is not None


def is_host(text: str) -> bool:
    """Whether this is a host's name with a dot in it, in any script."""
    return len(text) <= 253 and HOST.fullmatch(text) is not None


def _text(given: object) -> str:
    """A value as text, trimmed; numbers are taken for the text they are written as."""
    if given is None:
        return ""
    if isinstance(given, (bool, list, dict)):
        raise ValueError("must be a string")
    if isinstance(given, int) and not SMALLEST <= given <= LARGEST:
        raise ValueError("must be a 64-bit number")
    text = str(given).strip()
    if "\0" in text:
        raise ValueError("must not contain the character U+0000")
    return text


def _choice(it: Property, text: str) -> Value:
    """Of customers by key or label, of organizations by label (contract 51 §4, §6)."""
    by_key = it.owner is Owner.CUSTOMER
    for each in it.options:
        if text == each.label or (by_key and text.lower() == each.key):
            return Value(each.key, each.id)
    told = ", ".join(f"'{each.label}'" for each in it.options)
    raise ValueError(f"Expected one of these: {told}")


def _mistake(it: Property, text: str) -> str | None:
    match it.type:
        case PropertyType.DATE:
            return None if _is_date(text) else "must be a date with the format yyyy-MM-dd"
        case PropertyType.NUMBER if _is_whole(it):
            fits = WHOLE_NUMBER.fullmatch(text) and SMALLEST <= int(text) <= LARGEST
            return None if fits else "must be a whole 64-bit number"
        case PropertyType.NUMBER:
            return None if NUMBER.fullmatch(text) else "must be a number"
        case PropertyType.URL:
            return None if len(text) <= LONGEST_URL and URL.fullmatch(text) else "must be a URL"
    return None if len(text) <= LONGEST_TEXT else f"size must be between 0 and {LONGEST_TEXT}"


def _is_whole(it: Property) -> bool:
    return it.type is PropertyType.NUMBER and it.owner is Owner.CUSTOMER


def _is_date(text: str) -> bool:
    if not DATE.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
