"""What the vendor writes, for the tests of the wire."""

from __future__ import annotations

from typing import Any

DOCS = "http://developer.helpscout.net/mailbox-api/overview/errors"
HAL = "application/hal+json;charset=UTF-8"
VND_ERROR = "application/vnd.error+json"
CREATE: dict[str, Any] = {
    "subject": "Parcel",
    "customer": {"email": "pavel@mail.test"},
    "type": "email",
    "status": "active",
    "threads": [{"type": "customer", "customer": {"email": "pavel@mail.test"}, "text": "Hello"}],
}


def codes(got: Any) -> dict[str, str]:
    """Path -> code of each mistake."""
    body = got.json()
    return {each["path"]: each["_links"]["about"]["href"].partition("#")[2] for each in body["_embedded"]["errors"]}
