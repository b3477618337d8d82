"""The worst that a list can be asked: every sort with every status, deep pages, and each field of the search language."""

from __future__ import annotations

import statistics
from urllib.parse import quote, urlencode

from bench import servers
from bench.ask import ask
from bench.servers import Account, Running

SORTS = (
    "createdAt", "customerEmail", "customerName", "mailboxid", "modifiedAt", "number", "score", "status", "subject",
    "waitingSince",
)  # fmt: skip
STATUSES = ("active", "all", "closed", "open", "pending", "spam")
QUERIES = (
    "hello", '"kind regards"', "*ome*", "subject:grinder", "subject:*rin*", "body:thank", 'body:"thank you" AND NOT tag:vip',
    "tag:shipping", "tag:s*", "email:freemail.test", "email:a*", 'mailbox:"Support"', "mailboxid:1", "number:[1 TO 100000]",
    "id:[1 TO *]", "customerIds:[1 TO 1000]", "customerName:lund", "customerEmail:freemail.test", 'assigned:"ines"',
    "assigned:Unassigned", "assignedId:3", "replyUserIds:(1 OR 2)", "attachments:true", "attachments:false", "status:closed",
    "createdAt:[2026-01-01T00:00:00Z TO *]", "modifiedAt:[* TO 2026-06-01]", "closedAt:[2026-05 TO 2026-06]",
    "waitingSince:[NOW-1YEAR TO *]", "type:chat", "via:customer", "source:email", "to:freemail.test", "cc:example",
    "customField.2:grinder", "folder:17", "NOT body:hello", "(hello OR thanks) AND NOT (tag:refund OR tag:vip)",
)  # fmt: skip
TIMES = 3


def worst_cases(it: Account) -> None:
    """Wall milliseconds, the median of three, the ten slowest of each kind and the bound over all."""
    with servers.product(it) as server:
        lists = [
            f"/v2/conversations?{urlencode({'status': status, 'sortField': sort, 'sortOrder': order, 'page': page})}"
            for status in STATUSES
            for sort in SORTS
            for order in ("asc", "desc")
            for page in (1, 1000)
        ]
        _report(server, "sortField, status and page 1 or 1,000", lists)
        searches = [f"/v2/conversations?status=all&query={quote(query)}" for query in QUERIES]
        _report(server, "search, every field", searches + [f"{each}&sortField=score" for each in searches[:6]])
        filters = ["tag=shipping", "tag=refund,vip", "assigned_to=1", "assigned_to=12", "modifiedSince=2026-01-01T00:00:00Z"]
        filters += ["folder=17", "folder=16", "mailbox=1", "mailbox=3,4", "mailbox=1&customFieldsByIds=2:grinder"]
        _report(server, "filters", [f"/v2/conversations?status=all&{each}" for each in filters])


def _report(server: Running, name: str, paths: list[str]) -> None:
    taken = {path: statistics.median(ask(server, "GET", path).seconds for _ in range(TIMES)) * 1000 for path in paths}
    slowest = sorted(taken.items(), key=lambda each: -each[1])
    print(f"-- worst cases: {name}: {len(paths)} requests, median {statistics.median(taken.values()):.1f} ms, "
          f"worst {slowest[0][1]:.0f} ms")  # fmt: skip
    for path, milliseconds in slowest[:10]:
        print(f"   {milliseconds:8.1f} ms  {path}")
