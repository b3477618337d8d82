"""Example bodies and answers for the documentation."""

from __future__ import annotations

from typing import Any

API = "https://desk.example.org/v2"
HERE = f"{API}/customers/90311"

ADDRESS: dict[str, Any] = {
    "city": "Aarhus",
    "lines": ["Havnegade 12", "2. th"],
    "state": "Midtjylland",
    "postalCode": "8000",
    "country": "DK",
}
CUSTOMER: dict[str, Any] = {
    "id": 90311,
    "firstName": "Pavel",
    "lastName": "Lund",
    "gender": "Unknown",
    "jobTitle": "Workshop lead",
    "location": "Aarhus",
    "organization": "Lund Cykler",
    "organizationId": 812,
    "photoType": "unknown",
    "conversationCount": 10,
    "createdAt": "2026-01-09T12:30:00Z",
    "updatedAt": "2026-02-03T08:14:22Z",
    "background": "Prefers the phone in the morning.",
    "draft": False,
    "_embedded": {
        "emails": [{"id": 401, "value": "pavel.lund@mail.example", "type": "work"}],
        "phones": [{"id": 402, "value": "+45 5550 0100", "type": "mobile"}],
        "chats": [],
        "social_profiles": [],
        "websites": [{"id": 405, "value": "https://lund.example"}],
        "properties": [
            {
                "type": "dropdown",
                "slug": "club",
                "name": "Coffee club",
                "value": "6a1f3c52-7d10-4b8e-9f55-0c2d4e6a8b10",
                "text": "Filter",
                "source": {"name": "api"},
            }
        ],
        "address": ADDRESS,
    },
    "_links": {
        "address": {"href": f"{HERE}/address/"},
        "chats": {"href": f"{HERE}/chats/"},
        "emails": {"href": f"{HERE}/emails/"},
        "organization": {"href": f"{API}/organizations/812"},
        "phones": {"href": f"{HERE}/phones/"},
        "self": {"href": HERE},
        "social-profiles": {"href": f"{HERE}/social-profiles/"},
        "websites": {"href": f"{HERE}/websites/"},
    },
}
LIST: dict[str, Any] = {
    "_embedded": {"customers": [CUSTOMER]},
    "_links": {
        "first": {"href": f"{API}/customers?page=1"},
        "last": {"href": f"{API}/customers?page=1"},
        "page": {"href": f"{API}/customers{{?page}}", "templated": True},
        "self": {"href": f"{API}/customers?page=1"},
    },
    "page": {"size": 50, "totalElements": 1, "totalPages": 1, "number": 1},
}
STRETCH: dict[str, Any] = {
    "_embedded": {"customers": [CUSTOMER]},
    "_links": {
        "first": {"href": "https://desk.example.org/v3/customers"},
        "self": {"href": "https://desk.example.org/v3/customers"},
    },
}
CREATE: dict[str, Any] = {
    "firstName": "Pavel",
    "lastName": "Lund",
    "jobTitle": "Workshop lead",
    "emails": [{"type": "work", "value": "pavel.lund@mail.example"}],
    "phones": [{"type": "mobile", "value": "+45 5550 0100"}],
    "socialProfiles": [{"type": "twitter", "value": "@lundcykler"}],
    "websites": [{"value": "https://lund.example"}],
    "address": ADDRESS,
}
OVERWRITE: dict[str, Any] = {
    "firstName": "Pavel",
    "lastName": "Lund",
    "jobTitle": "Owner",
    "location": "Aarhus",
    "background": "Took over the shop in January.",
}
PATCH: list[dict[str, Any]] = [
    {"op": "replace", "path": "/jobTitle", "value": "Owner"},
    {"op": "add", "path": "/phones", "value": {"type": "mobile", "value": "+45 5550 0100"}},
    {"op": "remove", "path": "/chats/403"},
]
PATCH_PROPERTIES: list[dict[str, Any]] = [
    {"op": "replace", "path": "/club", "value": "Filter"},
    {"op": "remove", "path": "/customer-since"},
]
ADDRESS_ITEM: dict[str, Any] = {**ADDRESS, "_links": {"self": {"href": f"{HERE}/address"}}}

EMAIL: dict[str, Any] = {"type": "work", "value": "pavel.lund@mail.example"}
PHONE: dict[str, Any] = {"type": "mobile", "value": "+45 5550 0100"}
CHAT: dict[str, Any] = {"type": "skype", "value": "lundcykler"}
SOCIAL_PROFILE: dict[str, Any] = {"type": "twitter", "value": "@lundcykler"}
WEBSITE: dict[str, Any] = {"value": "https://lund.example"}


def entry(segment: str, entry_id: int, content: dict[str, Any]) -> dict[str, Any]:
    """An entry on its own."""
    return {
        "id": entry_id,
        **dict(sorted(content.items(), reverse=True)),
        "_links": {"self": {"href": f"{HERE}/{segment}/{entry_id}"}},
    }


def entries(segment: str, entry_id: int, content: dict[str, Any]) -> dict[str, Any]:
    """A list with one entry."""
    return {
        "_embedded": {segment: [entry(segment, entry_id, content)]},
        "_links": {"self": {"href": f"{HERE}/{segment}"}},
    }
