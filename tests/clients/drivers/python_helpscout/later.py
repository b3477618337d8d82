"""What Deskhand does not answer yet."""

from desk import real
from steps import has, moment, one, same


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
