"""Inboxes with their folders, custom fields, routing and saved replies; tags."""

from desk import real
from steps import check, has, one, same


def lists_inboxes(desk):
    inboxes = real(desk.hs.mailboxes.get())
    check(len(inboxes) >= 2, "the demo account needs two inboxes", inboxes)
    for inbox in inboxes:
        has(inbox, id=int, name=str, slug=str, email=str, createdAt=str, updatedAt=str, _links=dict)
        links = {name: link["href"] for name, link in inbox._links.items()}
        here = f"{desk.account.origin}/v2/mailboxes/{inbox.id}"
        same(links, {"fields": f"{here}/fields/", "folders": f"{here}/folders/", "self": here})
    desk.inboxes = inboxes
    same(desk.hs.mailboxes[inboxes[0].id].get(), inboxes[0])


def lists_folders(desk):
    for inbox in desk.inboxes:
        folders = real(desk.hs.mailboxes[inbox.id].folders.get())
        for folder in folders:
            has(folder, id=int, name=str, type=str, userId=int, totalCount=int, activeCount=int, updatedAt=str)
        kinds = [folder.type for folder in folders]
        for kind in ("open", "mytickets", "drafts", "assigned", "closed", "spam"):
            same(kinds.count(kind), 1)


def lists_custom_fields(desk):
    desk.fields = {}
    for inbox in desk.inboxes:
        for field in real(desk.hs.mailboxes[inbox.id].fields.get()):
            has(field, id=int, name=str, type=str, order=int, required=bool)
            if field.type == "dropdown":
                check(field.options, "a dropdown without options", field)
                for option in field.options:
                    has(option, id=int, order=int, label=str)
                desk.fields.setdefault(inbox.id, field)
    check(desk.fields, "no inbox of the demo account has a dropdown field")
    desk.inbox_id, desk.field = next(iter(desk.fields.items()))
    desk.other_inbox_id = next(inbox.id for inbox in desk.inboxes if inbox.id != desk.inbox_id)


def configures_routing(desk):
    routing = desk.hs.mailboxes[desk.inbox_id].routing
    before = one(routing.get())
    has(before, state=str, userIds=list)

    wanted = {"state": "enabled", "assignmentLimit": 25, "assignmentMethod": "balanced", "userIds": [desk.me.id]}
    routing.put(data=wanted)
    after = one(routing.get())
    same({name: getattr(after, name) for name in wanted}, wanted)

    routing.put(data=wanted | {"state": "disabled", "userIds": []})
    same(one(routing.get()).state, "disabled")


def keeps_saved_replies(desk):
    endpoint = f"mailboxes/{desk.inbox_id}/saved-replies"
    desk.hs.hit(endpoint, "post", data={"name": f"Refund {desk.mark}", "text": "Five <b>days</b>."})
    listed = desk.hs.hit(endpoint, "get")[0]  # a bare array, which `.get()` cannot read
    made = one(reply for reply in listed if reply["name"] == f"Refund {desk.mark}")
    desk.hs.hit(endpoint, "put", made["id"], data={"name": made["name"], "text": "Six days."})
    same(desk.hs.hit(endpoint, "get", made["id"])[0]["text"], "Six days.")
    desk.hs.hit(endpoint, "delete", made["id"])


def lists_tags(desk):
    tags = real(desk.hs.tags.get())
    check(tags, "the demo account has no tags")
    for tag in tags:
        has(tag, id=int, slug=str, name=str, color=str, createdAt=str, ticketCount=int)
    same(desk.hs.tags[tags[0].id].get().name, tags[0].name)
