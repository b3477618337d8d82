"""Cafés, offices and papers: firms whose people write to the desk. Two share each firm."""

from deskhand.demo.addresses import ascii_name, day, mix
from deskhand.demo.model import DemoOrganization
from deskhand.demo.world import KIND, MENU, PARTNER_SINCE, SEATS_INSIDE


def firm(seed: int, number: int, country: str, *, media: bool) -> DemoOrganization:
    """The firm of this number; media and others are counted apart."""
    total = len(_FIRST) * len(_SECOND)
    turn, place = divmod(number, total)
    second, first = divmod((place * 787 + mix(seed)) % total, len(_FIRST))
    name = f"{_FIRST[first]} {_SECOND[second]}"
    forms = _MEDIA_FORMS if media else _CAFE_FORMS
    form, description = forms[mix(seed + number) % len(forms)]
    again = str(turn + 1) if turn else ""
    domain = f"{ascii_name(name)}{'-press' if media else ''}{again}.{'test' if number % 5 == 0 else 'example'}"
    chance = mix(seed * 131 + number * 2 + media)
    return DemoOrganization(
        index=number * 2 + media,
        name=f"{form.format(name)} {again}".rstrip(),
        domain=domain,
        country=country,
        description=description,
        brand_color=f"#{mix(number + 7) & 0x7F7F7F:06X}",
        note=_NOTES[(chance >> 8) % len(_NOTES)] if chance % 4 == 0 else None,
        properties=() if media else _properties(description, domain, chance),
    )


def business(organization: DemoOrganization) -> str:
    """The label for the custom field "Kind of business"."""
    return _kind(organization.description)


def _kind(description: str) -> str:
    return _BUSINESS.get(description, "Café")


def _properties(description: str, domain: str, chance: int) -> tuple[tuple[int, str], ...]:
    """What the desk wrote down of a firm that buys; of one in five only what it is."""
    values = [(KIND, _kind(description))]
    if chance % 5:
        values.append((SEATS_INSIDE, str(chance >> 16 & 63)))
        values.append((PARTNER_SINCE, day(chance >> 24)))
    if chance % 7 == 0:
        values.append((MENU, f"https://{domain}/menu"))
    return tuple(values)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FIRST = _words("""
    Norrsken Copper Harbour Blue Little Quiet Paper Amber Old Slow Second Corner Garden Iron Lucky Velvet Silver Morning
    Winter Salt Hollow Cedar Twin Lantern Red Meadow Stone Bright Open Wandering Foxglove Juniper Linden Marble
""")
_SECOND = _words("""
    Door Fox Kettle Heron Table Yard Anchor Spoon Window Sparrow Bridge Mill Room Bell Garden Oak Wharf Ladder Needle
    Compass Hare Orchard Station Pocket Moth Gate Otter Plum Canal Thimble Vale Wren Acre
""")
_CAFE_FORMS = (
    ("Café {}", "Neighbourhood café"),
    ("{} Coffee", "Café with two branches"),
    ("{} Roasters", "Roastery and café"),
    ("Hotel {}", "Small hotel with a breakfast bar"),
    ("Studio {}", "Design office with a good machine"),
    ("{} Bakery", "Bakery that serves coffee"),
    ("{} & Daughters", "Family restaurant"),
    ("{} Books", "Bookshop with a bar"),
)
_MEDIA_FORMS = (
    ("{} Magazine", "Magazine for food and travel"),
    ("The {} Post", "Regional newspaper"),
    ("{} Podcast", "Podcast on crafts"),
    ("{} Weekly", "Weekly for the trade"),
    ("{} Films", "Small film company"),
)
_NOTES = (
    "Deliver before eight, the door is on the yard.",
    "Pays by the end of the month.",
    "Takes the guest roast when there is one.",
    "Two machines on loan until spring.",
)
_BUSINESS = {
    "Roastery and café": "Roastery",
    "Small hotel with a breakfast bar": "Hotel",
    "Design office with a good machine": "Office",
    "Bakery that serves coffee": "Shop",
    "Family restaurant": "Restaurant",
    "Bookshop with a bar": "Shop",
}
