"""The desk of Ostrander & Vale, who make coffee gear in Malmö, roast a little and teach on Saturdays."""

from deskhand.demo.model import (
    DemoField,
    DemoInbox,
    DemoProperty,
    DemoTag,
    DemoTeam,
    DemoUser,
    FieldType,
    PropertyType,
    Role,
    World,
)

COMPANY = "Ostrander & Vale"
DOMAIN = "ostrandervale.example"
SUPPORT, WHOLESALE, SCHOOL, PRESS = range(4)
REPAIRS, ORDERS, CAFES = range(3)

_EUROPE = "Europe/Stockholm"
_AMERICA = "America/Toronto"

_PEOPLE = (
    ("Ines", "Duarte", Role.OWNER, "Head of support", _EUROPE),
    ("Tomasz", "Wrona", Role.ADMIN, "Orders and billing", _EUROPE),
    ("Joel", "Okafor", Role.USER, "Repair bench", _EUROPE),
    ("Mei-Lin", "Sato", Role.USER, "Brew school", _EUROPE),
    ("Priya", "Raman", Role.ADMIN, "Wholesale and press", _EUROPE),
    ("Birgit", "Reponen", Role.USER, "Repair bench", _EUROPE),
    ("Camille", "Aubertin", Role.USER, "Support", _EUROPE),
    ("Dana", "Whitlock", Role.USER, "Support, Americas", _AMERICA),
    ("Andre", "Batiste", Role.USER, "Orders, Americas", _AMERICA),
    ("Graciela", "Ponsard", Role.USER, "Wholesale, Americas", _AMERICA),
    ("Noor", "Haddadin", Role.USER, "Support", _EUROPE),
)

# Seconds of the UTC day.
OFFICE_HOURS = {_EUROPE: (7 * 3600, 16 * 3600), _AMERICA: (13 * 3600 + 1800, 22 * 3600)}

_INBOXES = (
    ("Support", "help", (0, 1, 2, 4, 5, 6, 7, 8, 10)),
    ("Wholesale", "cafes", (0, 1, 4, 9)),
    ("Brew school", "school", (0, 3, 7)),
    ("Press", "press", (0, 4, 9)),
)

_TAGS = (
    ("shipping", "blue"), ("lost parcel", "blue"), ("damaged", "red"), ("wrong item", "orange"), ("missing part", "orange"),
    ("customs", "brown"), ("address", "grey"), ("returns", "orange"), ("refund", "orange"), ("cancellation", "grey"),
    ("invoice", "purple"), ("payment", "purple"), ("gift card", "purple"), ("discount", "yellow"),
    ("subscription", "green"), ("beans", "brown"), ("how-to", "green"), ("warranty", "red"), ("spare parts", "red"),
    ("firmware", "black"), ("app", "black"), ("account", "grey"), ("privacy", "black"), ("praise", "yellow"),
    ("idea", "yellow"), ("wholesale", "green"), ("b2b", "green"), ("vip", "yellow"), ("brew-class", "blue"),
    ("press", "purple"), ("jobs", "grey"), ("urgent", "red"), ("compatibility", "green"),
)  # fmt: skip

PRODUCT_OPTIONS = ("Grinder", "Espresso machine", "Kettle", "Scale", "Brewer", "Beans", "Accessory")
REASONS = ("Delivery", "Damage", "Return", "Payment", "Subscription", "Advice", "Repair", "Account", "Other")
BUSINESS_TYPES = ("Café", "Roastery", "Office", "Hotel", "Shop", "Restaurant")

(ORDER_NUMBER, PRODUCT, REASON, REFUND, SERIAL, BUSINESS_TYPE, PACKING, CLASS_DATE, SEATS) = range(9)

_FIELDS = (
    DemoField(SUPPORT, "Order number", FieldType.SINGLELINE),
    DemoField(SUPPORT, "Product", FieldType.DROPDOWN, PRODUCT_OPTIONS),
    DemoField(SUPPORT, "Reason", FieldType.DROPDOWN, REASONS, required=True),
    DemoField(SUPPORT, "Refund in euros", FieldType.NUMBER),
    DemoField(SUPPORT, "Serial number", FieldType.SINGLELINE),
    DemoField(WHOLESALE, "Kind of business", FieldType.DROPDOWN, BUSINESS_TYPES),
    DemoField(WHOLESALE, "Packing notes", FieldType.MULTILINE),
    DemoField(SCHOOL, "Date of the class", FieldType.DATE),
    DemoField(SCHOOL, "Seats", FieldType.NUMBER),
)

CLUBS = ("Filter", "Espresso", "Decaf")
(CLUB, ORDERED, CUSTOMER_SINCE, BLOG, KIND, SEATS_INSIDE, PARTNER_SINCE, MENU) = range(8)

_PROPERTIES = (
    DemoProperty(False, "club", "Coffee club", PropertyType.DROPDOWN, CLUBS),
    DemoProperty(False, "orders", "Orders so far", PropertyType.NUMBER),
    DemoProperty(False, "customer-since", "Customer since", PropertyType.DATE),
    DemoProperty(False, "blog", "Blog", PropertyType.URL),
    DemoProperty(True, "kind", "Kind of business", PropertyType.DROPDOWN, BUSINESS_TYPES),
    DemoProperty(True, "seats", "Seats inside", PropertyType.NUMBER),
    DemoProperty(True, "partner-since", "Partner since", PropertyType.DATE),
    DemoProperty(True, "menu", "Menu", PropertyType.URL),
)


def world(seed: int) -> World:
    """The small lists: users, teams, inboxes, tags, fields. The same people for every seed; the seed tells the letters."""
    return World(
        seed=seed,
        company=COMPANY,
        inboxes=tuple(
            DemoInbox(name, f"{box}@{DOMAIN}", users, f"<p>Ostrander &amp; Vale, {name}<br />https://{DOMAIN}</p>")
            for name, box, users in _INBOXES
        ),
        users=tuple(_user(place, *person) for place, person in enumerate(_PEOPLE)),
        teams=(
            DemoTeam("Repairs", "repairs", "RE", _EUROPE, (2, 4, 5, 6), (SUPPORT,)),
            DemoTeam("Orders", "orders", "OR", _EUROPE, (1, 7, 8), (SUPPORT, WHOLESALE)),
            DemoTeam("Cafés", "cafes", "CA", _EUROPE, (0, 4, 9), (WHOLESALE, PRESS)),
        ),
        tags=tuple(DemoTag(name, color) for name, color in _TAGS),
        fields=_FIELDS,
        properties=_PROPERTIES,
    )


def _user(place: int, first: str, last: str, role: Role, job_title: str, timezone: str) -> DemoUser:
    mention = first.lower().replace("-", "")
    return DemoUser(
        first=first,
        last=last,
        email=f"{mention}@{DOMAIN}",
        role=role,
        job_title=job_title,
        timezone=timezone,
        mention=mention,
        initials=first[0] + last[0],
        phone=f"+46 40 555 01{place:02}",
    )
