"""Reports."""

from steps import check, has, moment

KINDS = ("company", "conversations", "happiness", "happiness/ratings", "productivity", "user", "chat", "email", "phone", "docs")


def reads_reports(desk):
    span = f"start={moment(days=-30)}&end={moment()}"
    for kind in KINDS:
        extra = f"&user={desk.me.id}" if kind == "user" else ""
        (found,) = desk.hs.hit(f"reports/{kind}?{span}{extra}", "get")
        if kind == "happiness/ratings":
            has(found, results=list, page=int, count=int, pages=int)
        else:
            has(found, current=dict)
            check("previous" not in found, kind)


def reads_a_series(desk):
    span = f"start={moment(days=-10)}&end={moment()}&viewBy=day"
    (found,) = desk.hs.hit(f"reports/conversations/received-messages?{span}", "get")
    check(10 <= len(found["current"]) <= 11, found)
    has(found["current"][0], date=str, messages=int)
