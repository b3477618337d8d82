"""What Deskhand does not answer yet."""

from steps import has, moment


def reads_ratings_and_reports(desk):
    span = f"start={moment(days=-30)}&end={moment()}"
    reports = ("company", "conversations", "happiness", "happiness/ratings", "productivity", "user", "chat", "email")
    for report in reports:
        extra = f"&user={desk.me.id}" if report == "user" else ""
        has(desk.hs.hit(f"reports/{report}?{span}{extra}", "get")[0])
