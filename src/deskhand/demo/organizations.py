"""The rows of organizations and of the values of properties."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from deskhand.demo.model import DemoCustomer
from deskhand.demo.places import Ids, Made, Places
from deskhand.kernel.transaction import SHARDS
from deskhand.organizations.model import COUNT, name_key


class Organizations:
    """Remembers which organizations there are already."""

    def __init__(self, places: Places, ids: Ids) -> None:
        self._places = places
        self._ids = ids
        self._known: dict[int, int] = {}

    def of(self, made: Made, it: DemoCustomer, now: datetime) -> int | None:
        """The id of a new customer's organization, which comes with its first member."""
        firm = it.organization
        if firm is None:
            return None
        found = self._known.get(firm.index)
        if found is None:
            found = self._known[firm.index] = next(self._ids.organization)
            made.tables["organizations"].append(
                {
                    "id": found,
                    "name": firm.name,
                    "name_key": name_key(firm.name),
                    "website": f"www.{firm.domain}",
                    "description": firm.description,
                    "location": firm.country,
                    "logo_url": None,
                    "note": firm.note,
                    "phones": [each.value for each in it.phones],
                    "brand_color": firm.brand_color,
                    "created_at": now,
                    "updated_at": now,
                }
            )
            made.tables["organization_domains"].append({"domain": firm.domain, "organization_id": found, "position": 0})
            for property_id, value, option_id in stored(self._places, firm.properties):
                row = {"organization_id": found, "property_id": property_id, "value": value, "option_id": option_id}
                made.tables["organization_values"].append(row)
            made.counts[COUNT, found % SHARDS] += 1
        record_activity(made, found, now, customers=1)
        return found


def record_activity(made: Made, organization_id: int, at: datetime, *, customers: int = 0, conversations: int = 0) -> None:
    """There are so many more members and conversations, and something happened then."""
    made.tables["organization_activity"].append(
        {
            "organization_id": organization_id,
            "customer_count": customers,
            "conversation_count": conversations,
            "last_interaction_at": at,
        }
    )


def stored(places: Places, given: tuple[tuple[int, str], ...]) -> Iterator[tuple[int, str, int | None]]:
    """Properties with what is stored of their values; of a dropdown the key and the id of the option."""
    for place, text in given:
        definition = places.properties[place]
        chosen = next((each for each in definition.options if each.label == text), None)
        yield (definition.id, chosen.key, chosen.id) if chosen else (definition.id, text, None)
