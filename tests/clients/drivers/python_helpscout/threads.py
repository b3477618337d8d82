"""Threads, attachments, drafts; and the end of what was made."""

import base64

from desk import PIXEL, paths, real, refusal
from steps import has, lacks, moment, one, same


def adds_threads_of_each_kind(desk):
    who = {"id": desk.customer_id}
    desk.conversation.notes.post(data={"text": f"note {desk.mark}", "status": "pending"})
    desk.conversation.reply.post(data={"text": f"<b>reply</b> {desk.mark}", "customer": who, "bcc": ["boss@shop.example"]})
    desk.conversation["customer"].post(data={"text": f"customer {desk.mark}", "customer": {"email": desk.email}})
    desk.conversation.chats.post(data={"text": f"chat {desk.mark}", "customer": who})
    desk.conversation.phones.post(data={"text": f"phone {desk.mark}", "customer": who})

    made = {thread.type: thread for thread in reversed(desk.threads()) if desk.mark in getattr(thread, "body", "")}
    same(set(made), {"note", "message", "customer", "chat", "phone"})
    for thread in made.values():
        has(
            thread,
            id=int,
            status=str,
            state=str,
            action=dict,
            source=dict,
            createdBy=dict,
            createdAt=str,
            _embedded=dict,
        )
        has(thread, to=list, cc=list, bcc=list, body=str, customer=dict)
        same((thread.state, thread._embedded["attachments"]), ("published", []))
        lacks(thread.customer, "type")
        lacks(thread._links, "self")
    same(made["message"].bcc, ["boss@shop.example"])
    same((made["note"].createdBy["type"], made["customer"].createdBy["type"]), ("user", "customer"))
    same(desk.conversation.get().status, "active")  # the customer wrote last
    newest_first = [thread.createdAt for thread in desk.threads()]
    same(newest_first, sorted(newest_first, reverse=True))

    same(paths(refusal(desk.conversation.notes.post, data={"text": ""})), ["text"])
    refusal(desk.conversation.reply.post, data={"text": "to whom?"})


def edits_and_hides_a_thread(desk):
    reply = next(thread for thread in desk.threads("message") if desk.mark in thread.body)
    patch = desk.conversation.threads[reply.id].patch
    patch(data={"op": "replace", "path": "/text", "value": f"edited {desk.mark}"})
    patch(data={"op": "replace", "path": "/hidden", "value": True})
    after = one(thread for thread in desk.threads() if thread.id == reply.id)
    same((after.body, after.state), (f"edited {desk.mark}", "hidden"))
    patch(data={"op": "replace", "path": "/hidden", "value": False})
    same(one(thread for thread in desk.threads() if thread.id == reply.id).state, "published")
    refusal(
        desk.hs.conversations[desk.history_id].threads[reply.id].patch,
        data={"op": "replace", "path": "/text", "value": "x"},
    )


def schedules_a_draft(desk):
    body = {"text": f"draft {desk.mark}", "customer": {"id": desk.customer_id}, "draft": True}
    desk.conversation.reply.post(data=body)

    def draft():
        return one(thread for thread in desk.threads("message") if thread.body == body["text"])

    same(draft().state, "draft")
    schedule = desk.conversation.threads[draft().id].schedule
    due = moment(days=1)
    schedule.put(data={"scheduledFor": due, "unscheduleOnCustomerReply": True})
    same((draft().scheduled["scheduledFor"], draft().scheduled["unscheduleOnCustomerReply"]), (due, True))
    same(desk.conversation.get().nextEvent["eventType"], "scheduled")

    schedule.delete()
    lacks(draft(), "scheduled")
    schedule.put(data={"scheduledFor": due, "unscheduleOnCustomerReply": False})
    schedule.patch(data={"op": "replace", "path": "/state", "value": "published"})
    same(draft().state, "published")
    lacks(draft(), "scheduled")


def publishes_a_draft_conversation(desk):
    subject = f"draft {desk.mark}"
    who = {"email": desk.email}
    desk.hs.conversations.post(
        data={
            "subject": subject,
            "type": "email",
            "mailboxId": desk.inbox_id,
            "status": "active",
            "customer": who,
            "threads": [{"type": "reply", "customer": who, "text": "Not yet.", "draft": True}],
        }
    )
    same(desk.find(subject), [])  # drafts are in their folder only
    drafts = one(folder for folder in real(desk.hs.mailboxes[desk.inbox_id].folders.get()) if folder.type == "drafts")
    made = one(desk.find(subject, folder=drafts.id))
    same(made.state, "draft")

    desk.hs.conversations[made.id].patch(data={"op": "replace", "path": "/draft", "value": False})
    same(one(desk.find(subject)).state, "published")


def keeps_attachments(desk):
    thread = next(thread for thread in desk.threads("note") if desk.mark in thread.body)
    body = {"fileName": "receipt ü.png", "mimeType": "image/png", "data": base64.b64encode(PIXEL).decode()}
    desk.conversation.threads[thread.id].attachments.post(data=body)

    def attached():
        return one(found for found in desk.threads() if found.id == thread.id)._embedded["attachments"]

    file = one(attached())
    same((file["filename"], file["mimeType"], file["size"]), ("receipt ü.png", "image/png", len(PIXEL)))
    same((file["width"], file["height"], file["state"]), (1, 1, "valid"))
    here = f"conversations/{desk.conversation_id}/attachments/{file['id']}"
    same(file["_links"]["data"]["href"], f"{desk.account.origin}/v2/{here}/data")
    # `.data.get()` takes the member `data` for a list of objects, so the document is asked for as it is.
    same(base64.b64decode(desk.hs.hit(f"{here}/data", "get")[0]["data"]), PIXEL)

    desk.conversation.attachments.delete(file["id"])
    same(attached(), [])
    refusal(desk.hs.hit, f"{here}/data", "get")
    bad = refusal(desk.conversation.threads[thread.id].attachments.post, data=body | {"data": "%%%"})
    same(paths(bad), ["data"])


def has_no_original_source_for_what_came_through_the_api(desk):
    thread = desk.threads("note")[0]
    same(refusal(desk.conversation.threads[thread.id]["original-source"].get)["message"], "Not found")


def deletes_a_conversation(desk):
    desk.hs.conversations.delete(desk.history_id)
    same(refusal(desk.hs.conversations[desk.history_id].get)["message"], "Not found")
    same(refusal(desk.hs.conversations.delete, desk.history_id)["message"], "Not found")
    same(desk.find(f"history {desk.mark}"), [])


def deletes_a_customer_with_their_conversations(desk):
    desk.hs.customers.delete(desk.customer_id)
    same(refusal(desk.customer.get)["message"], "Not found")
    same(refusal(desk.conversation.get)["message"], "Not found")
