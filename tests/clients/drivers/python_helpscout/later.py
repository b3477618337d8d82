"""What Deskhand does not answer yet."""

from desk import entries, real
from steps import has, moment, one, same


def keeps_organizations(desk):
    name = f"Nimbus {desk.mark}"
    desk.hs.organizations.post(data={"name": name, "domains": ["nimbus.example"]})
    made = one(each for each in real(desk.hs.organizations.get()) if each.name == name)
    desk.hs.organizations.put(made.id, data={"name": f"{name} Bikes"})
    has(desk.hs.organizations.get(made.id, params={"includeCounts": "true"}), customerCount=int)
    real(desk.hs.organizations[made.id].customers.get())
    real(desk.hs.organizations[made.id].conversations.get())
    desk.hs.organizations.delete(made.id)


def lists_property_definitions(desk):
    for definition in entries(getattr(desk.hs, "customer-properties"), "customer-properties"):
        has(definition, slug=str, name=str, type=str)


def lists_workflows(desk):
    for workflow in real(desk.hs.workflows.get()):
        has(workflow, mailboxId=int, type=str, status=str, order=int, name=str, modifiedAt=str)


def keeps_saved_replies(desk):
    endpoint = f"mailboxes/{desk.inbox_id}/saved-replies"
    desk.hs.hit(endpoint, "post", data={"name": f"Refund {desk.mark}", "text": "Five <b>days</b>."})
    listed = desk.hs.hit(endpoint, "get")[0]  # a bare array, which `.get()` cannot read
    made = one(reply for reply in listed if reply["name"] == f"Refund {desk.mark}")
    desk.hs.hit(endpoint, "put", made["id"], data={"name": made["name"], "text": "Six days."})
    same(desk.hs.hit(endpoint, "get", made["id"])[0]["text"], "Six days.")
    desk.hs.hit(endpoint, "delete", made["id"])


def reads_ratings_and_reports(desk):
    span = f"start={moment(days=-30)}&end={moment()}"
    reports = ("company", "conversations", "happiness", "happiness/ratings", "productivity", "user", "chat", "email")
    for report in reports:
        extra = f"&user={desk.me.id}" if report == "user" else ""
        has(desk.hs.hit(f"reports/{report}?{span}{extra}", "get")[0])
