"""Webhooks: made, listed, replaced, refused, removed."""

from desk import real
from steps import has, lacks, one, same

URL = "https://hook.example/in"


def keeps_webhooks(desk):
    desk.hs.webhooks.post(data={"url": URL, "events": ["convo.created"], "secret": desk.mark, "label": desk.mark})
    made = one(hook for hook in real(desk.hs.webhooks.get()) if hook.url == URL)
    has(made, id=int, state=str, notification=bool, payloadVersion=str, mailboxIds=list)
    same((made.state, made.payloadVersion, made.mailboxIds, made.label), ("enabled", "V2", [], desk.mark))
    lacks(made, "secret")
    desk.hs.webhooks.put(made.id, data={"url": made.url, "events": ["convo.assigned"], "secret": desk.mark})
    same(desk.hs.webhooks[made.id].get().events, ["convo.assigned"])
    desk.hs.webhooks.delete(made.id)
    same([hook for hook in real(desk.hs.webhooks.get()) if hook.url == URL], [])
