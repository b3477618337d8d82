"""What Ostrander & Vale make and sell. Prices in cents."""

from enum import Enum

import msgspec


class Product(msgspec.Struct, frozen=True):
    """Something with a price, parts that can break, and colours to confuse."""

    name: str
    noun: str
    option: str
    """The label in the custom field Product."""
    price: int
    parts: tuple[str, ...] = ()
    colours: tuple[str, ...] = ()


_GRINDERS = (
    Product("Vale 64 grinder", "grinder", "Grinder", 38900, ("hopper", "lower burr", "lock ring", "grounds funnel"),
            ("black", "sand", "forest green")),
    Product("Vale 83 grinder", "grinder", "Grinder", 64900, ("hopper lid", "burr carrier", "dosing fork", "grounds funnel"),
            ("black", "white")),
    Product("Tern hand grinder", "hand grinder", "Grinder", 11900, ("crank", "axle bearing", "catch cup", "adjusting dial"),
            ("steel", "copper", "night blue")),
)  # fmt: skip
_MACHINES = (
    Product("Ostrander One", "espresso machine", "Espresso machine", 129000,
            ("drip tray", "steam wand", "group gasket", "tank lid"), ("cream", "black")),
    Product("Ostrander Duo", "espresso machine", "Espresso machine", 219000,
            ("water tank", "steam knob", "pressure gauge", "drip grid"), ("steel", "black")),
)  # fmt: skip
_KETTLES = (
    Product("Harbour kettle", "kettle", "Kettle", 8900, ("lid knob", "base plate", "handle screw"), ("white", "black", "sand")),
    Product("Harbour Pro kettle", "kettle", "Kettle", 14900, ("temperature dial", "base plate", "lid"), ("black", "copper")),
)
_SCALES = (
    Product("Pebble scale", "scale", "Scale", 6900, ("battery door", "silicone mat", "charging cable"), ("grey", "white")),
    Product(
        "Pebble Plus scale", "scale", "Scale", 12900, ("display cover", "silicone mat", "charging cable"), ("grey", "black")
    ),
)
_BREWERS = (
    Product("Lantern dripper", "dripper", "Brewer", 3400, ("stand", "filter holder"), ("white", "clay", "moss")),
    Product("Drift French press", "French press", "Brewer", 5400, ("lid hinge", "sieve", "glass beaker"), ("black", "oak")),
    Product("Slow Bell cold brewer", "cold brewer", "Brewer", 6400, ("drip valve", "lower jug", "lid"), ("clear", "smoke")),
)
_SMALL = (
    Product("walnut tamper, 58 mm", "tamper", "Accessory", 4900, ("base", "handle"), ("walnut",)),
    Product("Ostrander portafilter, 58 mm", "portafilter", "Accessory", 7900, ("basket", "spout"), ("oak", "black")),
    Product("milk jug, 350 ml", "milk jug", "Accessory", 2900, ("spout guard",), ("steel", "white")),
    Product("Lantern carafe set", "carafe", "Accessory", 4400, ("lid", "sleeve"), ("clear", "smoke")),
)

BEANS = ("Night Ferry", "Low Tide Decaf", "Yirga Morning", "Harvest No. 12", "Granary Blend", "Fog Signal", "Plum Quay")
GRINDS = ("espresso", "moka pot", "filter", "French press", "AeroPress")
_BAGS = tuple(Product(f"{name}, 1 kg", "beans", "Beans", 3200 + 150 * place) for place, name in enumerate(BEANS))


class Goods(Enum):
    """What a kind of letter may be about."""

    GEAR = (*_GRINDERS, *_GRINDERS, *_MACHINES, *_KETTLES, *_SCALES, *_BREWERS, *_SMALL)
    FRAGILE = (*_GRINDERS, *_KETTLES, *_BREWERS, *_MACHINES, _SMALL[3])
    ELECTRIC = (*_GRINDERS[:2], *_MACHINES, *_KETTLES, *_SCALES)
    MAINS = (*_GRINDERS[:2], *_MACHINES, *_KETTLES)
    GRINDERS = _GRINDERS
    BIG_GRINDERS = _GRINDERS[:2]
    MACHINES = _MACHINES
    KETTLES = _KETTLES
    SCALES = _SCALES
    BREWERS = _BREWERS
    COLOURED = (*_GRINDERS, *_KETTLES, *_BREWERS)
    BEANS = _BAGS

    @property
    def products(self) -> tuple[Product, ...]:
        products: tuple[Product, ...] = self.value
        return products


PACKABLE = (*_KETTLES, *_SCALES, *_BREWERS, *_SMALL, *_BAGS)
"""What people put into a parcel besides."""
