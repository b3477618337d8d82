"""A signed-in client, and how its answers are read."""

import base64
import json
import uuid

from helpscout import HelpScout
from helpscout.exceptions import HelpScoutException
from steps import Account

PIXEL = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")


class Desk:
    """A signed-in client and what earlier steps found or made."""

    def __init__(self, account: Account):
        self.account = account
        self.hs = self.client()
        self.mark = uuid.uuid4().hex[:10]  # in what this run makes, to find it again
        self.subject = f"Parcel {self.mark} never left the depot"
        self.email = f"pavel.{self.mark}@mail.example"

    def client(self, secret=None):
        return HelpScout(
            self.account.application,
            secret or self.account.secret,
            base_url=f"{self.account.origin}/v2/",
            sleep_on_rate_limit_exceeded=False,
        )

    @property
    def conversation(self):
        """The one that most steps work on, as a requester: its attributes are its sub-resources."""
        return self.hs.conversations[self.conversation_id]

    @property
    def customer(self):
        return self.hs.customers[self.customer_id]

    def find(self, subject=None, **filters):
        """Conversations by their subject, in any status."""
        query = f'(subject:"{subject or self.subject}")'
        return real(self.hs.conversations.get(params={"status": "all", "query": query, **filters}))

    def threads(self, kind=None):
        listed = real(self.conversation.threads.get())
        return [thread for thread in listed if kind is None or thread.type == kind]


def real(objects):
    """The objects of a list. The client makes one of an empty list's document, which has no id."""
    return [thing for thing in objects if hasattr(thing, "id")]


def entries(requester, name):
    """The items of a list without a page block, which the client hands over as one object."""
    found = requester.get()
    document = found[0] if isinstance(found, list) else found
    return getattr(document, "_embedded", {}).get(name, [])


def refusal(call, *args, **kwargs):
    """The error document of a call that must be refused."""
    try:
        call(*args, **kwargs)
    except HelpScoutException as error:
        return json.loads(str(error))
    raise AssertionError("was not refused")


def paths(error):
    return [item["path"] for item in error["_embedded"]["errors"]]
