"""The requests that are measured."""

from __future__ import annotations

import json
from dataclasses import dataclass

TEXT = (
    "Hello, the tracking page has not moved since Monday. Could you please look where the parcel is? "
    "The order is K-22984, and it was to be here on Thursday.<br />Kind regards,<br />Pavel"
)


@dataclass(frozen=True)
class Sample:
    """List of 25, one conversation with 20 threads, create: method, path and body."""

    token: str
    conversation: int

    def named(self) -> dict[str, tuple[str, str, bytes]]:
        customer = {"email": "pavel.lund@mail.test", "firstName": "Pavel", "lastName": "Lund"}
        create = {
            "subject": "Where is order K-22984?",
            "customer": customer,
            "mailboxId": 1,
            "type": "email",
            "status": "active",
            "threads": [{"type": "customer", "customer": customer, "text": TEXT}],
        }
        return {
            "list": ("GET", "/v2/conversations", b""),
            "one": ("GET", f"/v2/conversations/{self.conversation}?embed=threads", b""),
            "create": ("POST", "/v2/conversations", json.dumps(create).encode()),
        }
