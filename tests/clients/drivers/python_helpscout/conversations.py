"""Conversations."""

import base64

from desk import PIXEL, paths, real, refusal
from steps import check, has, lacks, moment, one, same


def creates_a_conversation_with_everything(desk):
    who = {"email": desk.email}
    desk.hs.conversations.post(
        data={
            "subject": desk.subject,
            "type": "email",
            "mailboxId": desk.inbox_id,
            "status": "pending",
            "assignTo": desk.me.id,
            "customer": who,
            "tags": [f"parcel-{desk.mark}", "EU"],
            "fields": [{"id": desk.field.id, "value": str(desk.field.options[0]["id"])}],
            "threads": [
                {
                    "type": "customer",
                    "customer": who,
                    "text": "Hello, the tracking page has not moved.",
                    "cc": ["warehouse@shop.example"],
                    "attachments": [
                        {"fileName": "slip.png", "mimeType": "image/png", "data": base64.b64encode(PIXEL).decode()}
                    ],
                },
                {"type": "note", "text": "Rang the depot."},
                {"type": "reply", "customer": who, "text": "It is on its way."},
            ],
        }
    )
    made = one(desk.find())
    desk.conversation_id, desk.number = made.id, made.number
    has(made, id=int, number=int, folderId=int, preview=str, createdAt=str, userUpdatedAt=str, closedBy=int, bcc=list)
    same((made.subject, made.type, made.status, made.state), (desk.subject, "email", "pending", "published"))
    same((made.mailboxId, made.assignee["id"], made.assignee["type"]), (desk.inbox_id, desk.me.id, "user"))
    same((made.source, made.createdBy["type"]), ({"type": "api", "via": "customer"}, "customer"))
    same((made.primaryCustomer["id"], made.primaryCustomer["email"]), (desk.customer_id, desk.email))
    same(made.threads, 2)  # a count; notes are left out
    same({tag["tag"] for tag in made.tags}, {f"parcel-{desk.mark}", "eu"})
    check(all(tag["color"].startswith("#") for tag in made.tags), made.tags)
    option = desk.field.options[0]
    field = one(made.customFields)
    same((field["id"], field["value"], field["text"]), (desk.field.id, str(option["id"]), option["label"]))
    has(made.customerWaitingSince, time=str, friendly=str)
    lacks(made, "closedAt", "closedByUser", "snooze", "nextEvent", "_embedded")
    same(made.closedBy, 0)

    here = f"{desk.account.origin}/v2"
    links = {name: link["href"] for name, link in made._links.items()}
    same(links["self"], f"{here}/conversations/{made.id}")
    same(links["threads"], f"{here}/conversations/{made.id}/threads/")
    same(links["mailbox"], f"{here}/mailboxes/{desk.inbox_id}")
    same(links["primaryCustomer"], f"{here}/customers/{desk.customer_id}")
    same(links["createdByCustomer"], f"{here}/customers/{desk.customer_id}")
    check(links["web"].endswith(f"/conversation/{made.id}/{made.number}"), links)


def creates_chats_calls_and_imported_history(desk):
    who = {"email": desk.email}
    for kind, thread in (("chat", "chat"), ("phone", "phone")):
        subject = f"{kind} {desk.mark}"
        desk.hs.conversations.post(
            data={
                "subject": subject,
                "type": kind,
                "mailboxId": str(desk.inbox_id),  # numbers as strings are taken
                "status": "active",
                "customer": who,
                "threads": [{"type": thread, "customer": who, "text": "Hello?"}],
            }
        )
        made = one(desk.find(subject))
        same((made.type, made.status, made.threads), (kind, "active", 1))
        lacks(made, "assignee")

    desk.hs.conversations.post(
        data={
            "subject": f"history {desk.mark}",
            "type": "email",
            "mailboxId": desk.inbox_id,
            "status": "closed",
            "customer": who,
            "imported": True,
            "createdAt": "2019-04-02T06:05:04Z",
            "closedAt": "2019-04-03T06:05:04Z",
            "assignTo": None,
            "threads": [{"type": "customer", "customer": who, "text": "Old.", "createdAt": "2019-04-02T06:05:04Z"}],
        }
    )
    made = one(desk.find(f"history {desk.mark}"))
    same((made.createdAt, made.closedAt), ("2019-04-02T06:05:04Z", "2019-04-03T06:05:04Z"))
    desk.history_id = made.id


def tells_all_that_is_wrong_with_a_new_conversation(desk):
    body = {"subject": "", "type": "fax", "mailboxId": desk.inbox_id, "customer": {"email": desk.email}}
    error = refusal(desk.hs.conversations.post, data=body)
    has(error, logRef=str, message=str, _links=dict)
    check({"subject", "type", "status", "threads"} <= set(paths(error)), error)
    same({item["source"] for item in error["_embedded"]["errors"]}, {"JSON"})


def pages_through_all_conversations(desk):
    listed = real(desk.hs.conversations.get(params={"status": "all"}))
    check(len(listed) > 25, "only one page of conversations", len(listed))
    same(len({conversation.id for conversation in listed}), len(listed))
    same([one.createdAt for one in listed], sorted((one.createdAt for one in listed), reverse=True))
    check({"active", "closed"} <= {conversation.status for conversation in listed}, "statuses")


def filters_conversations(desk):
    made = desk.conversation.get()
    for filters in (
        {"status": "pending", "mailbox": desk.inbox_id},
        {"status": "open", "mailbox": f"{desk.inbox_id},{desk.other_inbox_id}"},
        {"status": "all", "tag": f"parcel-{desk.mark},no-such-tag"},
        {"status": "all", "assigned_to": desk.me.id, "modifiedSince": moment(minutes=-10)},
        {"status": "all", "number": desk.number},
        {"status": "all", "folder": made.folderId},
        {
            "status": "all",
            "mailbox": desk.inbox_id,
            "customFieldsByIds": f"{desk.field.id}:{made.customFields[0]['value']}",
        },
        {"status": "all", "query": f"(number:{desk.number})"},
        {"status": "all", "query": f"(id:{made.id} OR id:987654321)"},
        {"status": "all", "query": f'(tag:"parcel-{desk.mark}" AND mailboxid:{desk.inbox_id})'},
        {"status": "all", "query": f'(email:"{desk.email}")'},
        {"status": "all", "query": f"(customerIds:{desk.customer_id})"},
        {"status": "all", "query": f'(body:"tracking page" AND createdAt:[{moment(minutes=-10)} TO *])'},
        {"status": "all", "query": f'(attachments:true AND subject:"{desk.mark}")'},
    ):
        found = real(desk.hs.conversations.get(params=filters))
        check(desk.conversation_id in [conversation.id for conversation in found], filters, len(found))
    check(desk.conversation_id not in [one.id for one in real(desk.hs.conversations.get())], "active is the default")
    same(real(desk.hs.conversations.get(params={"status": "all", "tag": f"none-{desk.mark}"})), [])


def sorts_conversations(desk):
    fields = ("createdAt", "customerEmail", "customerName", "mailboxid", "modifiedAt", "number", "score", "status")
    for field in (*fields, "subject", "waitingSince"):
        listed = desk.find(desk.mark, sortField=field, sortOrder="asc")
        check(len(listed) >= 4, field, len(listed))
    numbers = [conversation.number for conversation in desk.find(desk.mark, sortField="number", sortOrder="asc")]
    same(numbers, sorted(numbers))
    for name in ("status", "sortField", "sortOrder", "embed"):
        same(paths(refusal(desk.hs.conversations.get, params={name: "bogus"})), [name])


def embeds_threads(desk):
    for conversation in (desk.conversation.get(params={"embed": "threads"}), one(desk.find(embed="threads"))):
        threads = [thread for thread in conversation._embedded["threads"] if thread["type"] != "lineitem"]
        same([thread["type"] for thread in threads], ["message", "note", "customer"])


def reads_a_conversation_through_v3(desk):
    found = desk.hs.hit(f"/v3/conversations/{desk.conversation_id}", "get")[0]
    same((found["id"], found["createdBy"]["type"]), (desk.conversation_id, "customer"))


def answers_for_unknown_conversations(desk):
    same(refusal(desk.hs.conversations[987654321].get)["message"], "Not found")
    refusal(desk.hs.conversations["abc"].get)
    refusal(desk.hs.conversations[987654321].threads.get)


def changes_subject_status_and_owner(desk):
    patch = desk.conversation.patch
    patch(data={"op": "replace", "path": "/subject", "value": f"{desk.subject}!"})
    patch(data={"op": "replace", "path": "/status", "value": "closed"})
    closed = desk.conversation.get()
    same((closed.subject, closed.status), (f"{desk.subject}!", "closed"))
    has(closed, closedAt=str, closedByUser=dict)
    same(closed.closedBy, desk.me.id)

    patch(data={"op": "replace", "path": "/status", "value": "active"})
    patch(data={"op": "remove", "path": "/assignTo"})
    lacks(desk.conversation.get(), "assignee", "closedAt")
    patch(data={"op": "replace", "path": "/assignTo", "value": desk.team.id})
    same(desk.conversation.get().assignee["type"], "team")
    patch(data={"op": "replace", "path": "/assignTo", "value": desk.me.id})
    patch(data={"op": "replace", "path": "/subject", "value": desk.subject})

    actions = [thread.action["type"] for thread in desk.threads("lineitem")]
    check({"changed-ticket-status", "changed-ticket-assignee"} <= set(actions), actions)
    for body in ({"op": "add", "path": "/subject", "value": "x"}, {"op": "replace", "path": "/nose", "value": 1}):
        refusal(patch, data=body)


def changes_the_customer(desk):
    other = next(customer for customer in real(desk.hs.customers.get()) if customer.id != desk.customer_id)
    desk.conversation.patch(data={"op": "replace", "path": "/primaryCustomer.id", "value": other.id})
    same(desk.conversation.get().primaryCustomer["id"], other.id)
    desk.conversation.patch(data={"op": "replace", "path": "/primaryCustomer.id", "value": desk.customer_id})
    same(desk.conversation.get().primaryCustomer["id"], desk.customer_id)


def moves_to_another_inbox_and_back(desk):
    for inbox_id in (desk.other_inbox_id, desk.inbox_id):
        desk.conversation.patch(data={"op": "move", "path": "/mailboxId", "value": inbox_id})
        same(desk.conversation.get().mailboxId, inbox_id)
    check("moved-from-mailbox" in [thread.action["type"] for thread in desk.threads("lineitem")], "no line item")


def replaces_tags(desk):
    desk.conversation.tags.put(data={"tags": ["Gift Order", "gift order", "vip"]})
    same([tag["tag"] for tag in desk.conversation.get().tags], ["gift order", "vip"])
    check("vip" in [tag.name for tag in real(desk.hs.tags.get())], "the new tag is not listed")
    desk.conversation.tags.put(data={"tags": []})
    same(desk.conversation.get().tags, [])


def replaces_custom_fields(desk):
    option = desk.field.options[-1]
    desk.conversation.fields.put(data={"fields": [{"id": desk.field.id, "value": str(option["id"])}]})
    same(one(desk.conversation.get().customFields)["text"], option["label"])
    for fields, path in (
        ([{"id": 987654321, "value": "x"}], "fields[0].id"),
        ([{"id": desk.field.id, "value": "no option"}], "fields[0].value"),
    ):
        same(paths(refusal(desk.conversation.fields.put, data={"fields": fields})), [path])
    desk.conversation.fields.put(data={"fields": []})
    same(desk.conversation.get().customFields, [])


def snoozes_and_wakes(desk):
    until = moment(days=2)
    desk.conversation.snooze.put(data={"snoozedUntil": until, "unsnoozeOnCustomerReply": True})
    snoozed = desk.conversation.get()
    same(snoozed.snooze, {"snoozedBy": desk.me.id, "snoozedUntil": until, "unsnoozeOnCustomerReply": True})
    same((snoozed.nextEvent["eventType"], snoozed.nextEvent["time"]), ("snooze", until))

    desk.conversation.snooze.delete()
    lacks(desk.conversation.get(), "snooze", "nextEvent")
    for wrong in (moment(days=-1), "2030-01-01T00:00:00.123Z"):
        body = {"snoozedUntil": wrong, "unsnoozeOnCustomerReply": True}
        same(paths(refusal(desk.conversation.snooze.put, data=body)), ["snoozedUntil"])
