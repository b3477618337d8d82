"""Example bodies and answers for the documentation."""

from __future__ import annotations

from typing import Any

API = "https://desk.example.org/v2"

PAVEL = {
    "id": 90311,
    "type": "customer",
    "first": "Pavel",
    "last": "Lund",
    "email": "pavel.lund@mail.example",
}
CONVERSATION: dict[str, Any] = {
    "id": 41007,
    "number": 1882,
    "threads": 1,
    "type": "email",
    "folderId": 7301,
    "status": "active",
    "state": "published",
    "subject": "Parcel never left the depot",
    "preview": "Hello, the tracking page has not moved.",
    "mailboxId": 61,
    "createdBy": PAVEL,
    "createdAt": "2026-02-03T08:14:22Z",
    "closedBy": 0,
    "userUpdatedAt": "2026-02-03T08:14:22Z",
    "customerWaitingSince": {"time": "2026-02-03T08:14:22Z", "friendly": "Feb 3", "latestReplyFrom": "customer"},
    "source": {"type": "api", "via": "customer"},
    "tags": [{"id": 118, "color": "#929499", "tag": "shipping"}],
    "cc": [],
    "bcc": [],
    "primaryCustomer": PAVEL,
    "customFields": [{"id": 15, "name": "Carrier", "value": "2207", "text": "NordPost"}],
    "_links": {
        "closedBy": {"href": f"{API}/users/0"},
        "createdByCustomer": {"href": f"{API}/customers/90311"},
        "mailbox": {"href": f"{API}/mailboxes/61"},
        "primaryCustomer": {"href": f"{API}/customers/90311"},
        "self": {"href": f"{API}/conversations/41007"},
        "threads": {"href": f"{API}/conversations/41007/threads/"},
        "web": {"href": "https://desk.example.org/conversation/41007/1882"},
    },
}


def _page(address: str, name: str, item: Any) -> dict[str, Any]:
    return {
        "_embedded": {name: [item]},
        "_links": {
            "first": {"href": f"{address}?page=1"},
            "last": {"href": f"{address}?page=1"},
            "page": {"href": f"{address}{{?page}}", "templated": True},
            "self": {"href": f"{address}?page=1"},
        },
        "page": {"size": 25, "totalElements": 1, "totalPages": 1, "number": 1},
    }


LIST = _page(f"{API}/conversations", "conversations", CONVERSATION)
V3 = "https://desk.example.org/v3/conversations"
RUN = {
    "_embedded": {"conversations": [CONVERSATION]},
    "_links": {
        "first": {"href": f"{V3}?status=active"},
        "next": {"href": f"{V3}?status=active&cursor=NDEwMDc"},
        "self": {"href": f"{V3}?status=active"},
    },
}
THREAD: dict[str, Any] = {
    "id": 880133,
    "type": "customer",
    "status": "active",
    "state": "published",
    "action": {"type": "default", "associatedEntities": {}},
    "body": "Hello, the tracking page has not moved.",
    "source": {"type": "api", "via": "customer"},
    "customer": {key: value for key, value in PAVEL.items() if key != "type"},
    "createdBy": PAVEL,
    "savedReplyId": 0,
    "to": [],
    "cc": [],
    "bcc": [],
    "createdAt": "2026-02-03T08:14:22Z",
    "_embedded": {"attachments": []},
    "_links": {
        "createdByCustomer": {"href": f"{API}/customers/90311"},
        "customer": {"href": f"{API}/customers/90311"},
    },
}
THREADS = _page(f"{API}/conversations/41007/threads/", "threads", THREAD)
CREATE = {
    "subject": "Parcel never left the depot",
    "customer": {"email": "pavel.lund@mail.example", "firstName": "Pavel", "lastName": "Lund"},
    "mailboxId": 61,
    "type": "email",
    "status": "active",
    "assignTo": None,
    "threads": [
        {
            "type": "customer",
            "customer": {"email": "pavel.lund@mail.example"},
            "text": "Hello, the tracking page has not moved.",
        }
    ],
    "tags": ["shipping"],
    "fields": [{"id": 15, "value": "2207"}],
}
PATCH = {"op": "replace", "path": "/subject", "value": "Parcel lost in depot"}
PATCH_TEXT = {"op": "replace", "path": "/text", "value": "Hello, the tracking page has not moved since Monday."}
FIELDS = {"fields": [{"id": 15, "value": "2207"}]}
SNOOZE = {"snoozedUntil": "2027-03-01T09:00:00Z", "unsnoozeOnCustomerReply": True}
SCHEDULE = {"scheduledFor": "2027-03-01T09:00:00Z", "unscheduleOnCustomerReply": False, "sendAsCreator": False}
SEND_NOW = {"op": "replace", "path": "/state", "value": "published"}
REPLY = {"text": "We have asked the carrier and will write tomorrow.", "customer": {"id": 90311}, "status": "pending"}
NOTE = {"text": "The carrier lost two pallets on Monday."}
SAID = {"text": "It is still not here.", "customer": {"email": "pavel.lund@mail.example"}}
