"""Drives helpscout-mailbox 1.2.0: `HelpScoutClient`, all sixteen methods and what they do when the token is refused.

The host is in two module constants that the methods read at each call, so it is set on the module at run time.
"""

import os
import uuid
from datetime import UTC, date, datetime, timedelta

import helpscout_mailbox.client as module
from helpscout_mailbox.client import HelpScoutClient, HelpScoutError, parse_created_at
from steps import Account, check, has, main, moment, one, same


class Desk:
    """A signed-in client and what earlier steps made."""

    def __init__(self, account: Account):
        module.BASE_URL = f"{account.origin}/v2"
        module.TOKEN_URL = f"{account.origin}/v2/oauth2/token"
        os.environ[module.APP_ID_ENVVAR] = account.application
        os.environ[module.APP_SECRET_ENVVAR] = account.secret
        self.mark = uuid.uuid4().hex[:10]
        self.subject = f"Customer Invoice {self.mark}"
        self.email = f"kim.{self.mark}@mail.example"

    def threads(self, kind):
        return [thread for thread in self.client.conversation_threads(self.conversation_id) if thread["type"] == kind]


def refuses_a_wrong_secret(_desk):
    secret = os.environ.pop(module.APP_SECRET_ENVVAR)
    os.environ[module.APP_SECRET_ENVVAR] = "wrong"
    try:
        HelpScoutClient()
    except HelpScoutError as error:
        check("invalid_client" in str(error), str(error))
    else:
        raise AssertionError("signed in with a wrong secret")
    finally:
        os.environ[module.APP_SECRET_ENVVAR] = secret


def signs_in(desk):
    desk.client = HelpScoutClient()
    check(desk.client._token_expires_at > datetime.now(UTC).timestamp(), "the token has expired already")
    # The client has no call for inboxes; users of it know theirs by heart.
    inboxes = desk.client._get("/mailboxes")["_embedded"]["mailboxes"]
    desk.inbox_id = inboxes[0]["id"]


def renews_a_stale_token(desk):
    desk.client._session.headers["Authorization"] = "Bearer stale"
    desk.client._get("/mailboxes")
    check(desk.client._session.headers["Authorization"] != "Bearer stale", "still the stale one")


def create_conversation(desk):
    desk.conversation_id = desk.client.create_conversation(
        desk.inbox_id, desk.subject, desk.email, "<p>Your invoice is attached.</p>", tags=["invoice"], status="pending"
    )
    check(isinstance(desk.conversation_id, int), desk.conversation_id)


def get_conversation(desk):
    found = desk.client.get_conversation(desk.conversation_id)
    same((found["subject"], found["status"], found["state"]), (desk.subject, "pending", "published"))
    same(found["primaryCustomer"]["email"], desk.email)
    same(found["source"], {"type": "api", "via": "user"})
    same(parse_created_at(found), datetime.now(UTC).date())
    desk.customer_id = found["primaryCustomer"]["id"]


def get_conversation_that_is_not_there(desk):
    try:
        desk.client.get_conversation(987654321)
    except HelpScoutError as error:
        check("failed (404)" in str(error), str(error))
        check("Not found" in str(error), str(error))
    else:
        raise AssertionError("found it")


def search_conversations(desk):
    today = datetime.now(UTC).date()
    found = list(desk.client.search_conversations(f'subject:"{desk.subject}"', today))
    same([conversation["id"] for conversation in found], [desk.conversation_id])
    same(list(desk.client.search_conversations(f'subject:"{desk.subject}"', today + timedelta(days=2))), [])
    same(list(desk.client.search_conversations(f'subject:"nothing{desk.mark}"', today)), [])


def search_conversations_over_several_pages(desk):
    found = list(desk.client.search_conversations("createdAt:[2000-01-01T00:00:00Z TO *]", date(2000, 1, 1)))
    check(len(found) > 25, "only one page", len(found))
    same(len({conversation["id"] for conversation in found}), len(found))
    created = [conversation["createdAt"] for conversation in found]
    same(created, sorted(created, reverse=True))


def add_note(desk):
    desk.note_id = desk.client.add_note(desk.conversation_id, "Sent the <b>invoice</b>.")
    same([thread["id"] for thread in desk.threads("note")], [desk.note_id])


def conversation_threads(desk):
    for thread in desk.client.conversation_threads(desk.conversation_id):
        has(thread, id=int, type=str, status=str, state=str, createdAt=str, createdBy=dict, to=list, _embedded=dict)
        has(thread["_embedded"], attachments=list)


def conversation_body(desk):
    body = desk.client.conversation_body(desk.conversation_id)
    check("Your invoice is attached." in body, body)
    check("Sent the <b>invoice</b>." in body, body)


def update_thread_text(desk):
    desk.client.update_thread_text(desk.conversation_id, desk.note_id, "Sent it <i>twice</i>.")
    same(one(desk.threads("note"))["body"], "Sent it <i>twice</i>.")


def upload_attachment_and_attachment_data(desk):
    content = bytes(range(256)) * 40
    desk.client.upload_attachment(desk.conversation_id, desk.note_id, "invoice.pdf", content)
    attached = one(one(desk.threads("note"))["_embedded"]["attachments"])
    same((attached["filename"], attached["mimeType"], attached["size"]), ("invoice.pdf", "application/pdf", 10240))
    same(desk.client.attachment_data(desk.conversation_id, attached["id"]), content)


def create_reply(desk):
    reply_id = desk.client.create_reply(desk.conversation_id, desk.customer_id, "Paid, thank you.")
    reply = one(thread for thread in desk.threads("message") if thread["id"] == reply_id)
    same((reply["state"], reply["createdBy"]["type"], reply["customer"]["id"]), ("published", "user", desk.customer_id))
    same(desk.client.get_conversation(desk.conversation_id)["status"], "active")


def create_reply_as_draft_and_send_draft(desk):
    draft_id = desk.client.create_reply(desk.conversation_id, desk.customer_id, "One more thing.", draft=True)
    same(one(thread for thread in desk.threads("message") if thread["id"] == draft_id)["state"], "draft")

    desk.client.send_draft(desk.conversation_id, draft_id)
    same(one(thread for thread in desk.threads("message") if thread["id"] == draft_id)["state"], "published")


def create_conversation_as_draft_and_send_draft(desk):
    made = desk.client.create_conversation(desk.inbox_id, f"Draft {desk.mark}", desk.email, "Soon.", draft=True)
    same(desk.client.get_conversation(made)["state"], "draft")
    draft = one(thread for thread in desk.client.conversation_threads(made) if thread["type"] == "message")
    same(draft["state"], "draft")

    desk.client.send_draft(made, draft["id"])
    same(desk.client.get_conversation(made)["state"], "published")


def snooze_conversation(desk):
    until = datetime.now(UTC) + timedelta(days=3)
    desk.client.snooze_conversation(desk.conversation_id, until, unsnooze_on_customer_reply=False)
    snooze = desk.client.get_conversation(desk.conversation_id)["snooze"]
    same((snooze["snoozedUntil"][:10], snooze["unsnoozeOnCustomerReply"]), (moment(days=3)[:10], False))
    try:
        desk.client.snooze_conversation(desk.conversation_id, datetime.now(UTC) - timedelta(days=1))
    except HelpScoutError as error:
        check("failed (400)" in str(error), str(error))
    else:
        raise AssertionError("snoozed until yesterday")


def add_tags(desk):
    desk.client.add_tags(desk.conversation_id, ["paid", "invoice"])
    found = desk.client.get_conversation(desk.conversation_id)
    same({tag["tag"] for tag in found["tags"]}, {"invoice", "paid"})


def close_conversation(desk):
    desk.client.close_conversation(desk.conversation_id)
    found = desk.client.get_conversation(desk.conversation_id)
    same(found["status"], "closed")
    has(found, closedAt=str, closedBy=int, closedByUser=dict)


STEPS = (
    refuses_a_wrong_secret,
    signs_in,
    renews_a_stale_token,
    create_conversation,
    get_conversation,
    get_conversation_that_is_not_there,
    search_conversations,
    search_conversations_over_several_pages,
    add_note,
    conversation_threads,
    conversation_body,
    update_thread_text,
    upload_attachment_and_attachment_data,
    create_reply,
    create_reply_as_draft_and_send_draft,
    create_conversation_as_draft_and_send_draft,
    snooze_conversation,
    add_tags,
    close_conversation,
)

LATER = ()

if __name__ == "__main__":
    main(STEPS, LATER, Desk)
