"""List Conversations: orders, pages and their links, custom fields (contract 10 §3, 00 §5.1)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status
from tests.conftest import MovableClock
from tests.conversations.looking import V2, create, ids, mistakes, patch
from tests.given import Client, Given

SORTS = (
    "createdAt",
    "customerEmail",
    "customerName",
    "mailboxid",
    "modifiedAt",
    "number",
    "score",
    "status",
    "subject",
    "waitingSince",
)


async def a_mixed_desk(given: Given, client: Client, clock: MovableClock) -> list[dict[str, Any]]:
    """Conversations with many equal keys, as the API shows them."""
    second = await given.new_inbox("Returns")
    people = [await given.customer(f"{name}@mail.test", name, "Lund") for name in ("Zoe", "ada", "Émile")]
    for position in range(12):
        made = await given.conversation(
            subject=("Zebra", "apple", "Äpfel", "zebra!")[position % 4],
            customer=people[position % 3],
            inbox=(given.inbox, second)[position % 2],
            status=list(Status)[position % 3],
        )
        if position % 4 == 0:
            clock.move(timedelta(hours=1))
        if position % 5 == 0:
            await patch(client, made, "/subject", "Moved")
    listed: list[dict[str, Any]] = (await client.get(f"{V2}?status=all")).json()["_embedded"]["conversations"]
    assert len(listed) == 12
    return listed


def key_of(field: str, it: dict[str, Any], modified: dict[int, int]) -> Any:
    folded = it["subject"].casefold().replace("ä", "a").rstrip("!")
    name = f"{it['primaryCustomer']['first']} {it['primaryCustomer']['last']}".casefold().replace("é", "e")
    return {
        "createdAt": it["createdAt"],
        "customerEmail": it["primaryCustomer"]["email"],
        "customerName": name,
        "mailboxid": it["mailboxId"],
        "modifiedAt": modified[it["id"]],
        "number": it["number"],
        "score": it["createdAt"],
        "status": it["status"],
        "subject": folded,
        "waitingSince": it["customerWaitingSince"]["time"],
    }[field]


@pytest.mark.parametrize("field", SORTS)
async def test_every_order_is_total_in_both_directions(client: Client, given: Given, clock: MovableClock, field: str) -> None:
    listed = await a_mixed_desk(given, client, clock)
    newest = await ids(client, status="all", sortField="modifiedAt", sortOrder="asc")
    modified = {each: place for place, each in enumerate(newest)}
    expected = [it["id"] for it in sorted(listed, key=lambda it: (key_of(field, it, modified), it["id"]))]

    assert await ids(client, status="all", sortField=field, sortOrder="asc") == expected
    assert await ids(client, status="all", sortField=field, sortOrder="desc") == expected[::-1]
    assert await ids(client, status="all", sortField=field, sortOrder="DESC") == expected[::-1]
    narrowed = await ids(client, status="all", sortField=field, sortOrder="asc", query="number:[1 TO 999]")
    assert narrowed == expected


async def test_a_conversation_that_was_changed_is_the_last_modified(client: Client, given: Given) -> None:
    first, second = await given.conversation(), await given.conversation()

    await patch(client, first, "/subject", "Changed")

    assert await ids(client, sortField="modifiedAt") == [first, second]


@pytest.mark.parametrize("narrowed", [False, True])
async def test_pages_are_linked_and_together_hold_everything_once(client: Client, given: Given, narrowed: bool) -> None:
    customer = await given.customer()
    made = [await given.conversation(customer=customer, tags=["gift"]) for _ in range(53)]
    asked = {"sortField": "number", "sortOrder": "asc"} | ({"tag": "gift"} if narrowed else {})
    here = "https://desk.test/v2/conversations?sortField=number&sortOrder=asc" + ("&tag=gift" if narrowed else "")

    pages = [(await client.get(V2, params=asked | {"page": page})).json() for page in (1, 2, 3, 4)]

    assert [each["id"] for page in pages[:3] for each in page["_embedded"]["conversations"]] == made
    assert [page["page"] for page in pages] == [
        {"size": 25, "totalElements": 53, "totalPages": 3, "number": number} for number in (1, 2, 3, 4)
    ]
    links = [{name: link["href"] for name, link in page["_links"].items()} for page in pages]
    around = {"first": f"{here}&page=1", "last": f"{here}&page=3", "page": f"{here}{{&page}}"}
    assert links[0] == around | {"self": f"{here}&page=1", "next": f"{here}&page=2"}
    assert links[1] == around | {"self": f"{here}&page=2", "next": f"{here}&page=3", "previous": f"{here}&page=1"}
    assert links[2] == around | {"self": f"{here}&page=3", "previous": f"{here}&page=2"}
    assert list(links[1]) == sorted(links[1])
    assert "_embedded" not in pages[3]


async def test_links_encode_what_was_asked(client: Client) -> None:
    listed = (await client.get(V2, params={"query": '(tag:"a & b")', "page": 1})).json()

    assert listed["_links"]["self"]["href"] == f"https://desk.test{V2}?query=%28tag%3A%22a+%26+b%22%29&page=1"


class TestCustomFields:
    async def test_values_are_matched_as_their_kind_asks(self, client: Client, given: Given) -> None:
        line, number, date = [await given.field(kind, kind) for kind in ("singleline", "number", "date")]
        choice = await given.field("Carrier", "dropdown", options=["NordPost", "Südpost"])
        options = (await client.get(f"/v2/mailboxes/{given.inbox}/fields")).json()["_embedded"]["fields"][-1]["options"]
        nord = str(options[0]["id"])
        one = await create(client, given, fields=[
            {"id": line, "value": "Deep Blue, matte!"}, {"id": number, "value": "-5"},
            {"id": date, "value": "2026-01-31"}, {"id": choice, "value": nord},
        ])  # fmt: skip
        two = await create(client, given, fields=[{"id": line, "value": "Blueish"}, {"id": number, "value": "5"}])

        async def found(*asked: str) -> list[int]:
            return await ids(client, mailbox=given.inbox, customFieldsByIds=list(asked))

        assert await found(f"{line}:blue") == [one]
        assert await found(f"{line}:MATTE deep") == [one]
        assert await found(f"{line}:matte blue green") == []
        assert await found(f"{number}:5") == [two]
        assert await found(f"{number}:-5") == [one]
        assert await found(f"{date}:2026-01-31") == [one]
        assert await found(f"{date}:2026-01") == []
        assert await found(f"{choice}:{nord}") == [one]
        assert await found(f"{choice}:nordpost") == [one]
        assert await found(f"{choice}:Südpost") == []
        assert await found(f"{line}:blue,{number}:-5") == [one]
        assert await found(f"{line}:blue", f"{number}:5") == []

    async def test_they_must_be_combined_with_an_inbox(self, client: Client, given: Given) -> None:
        line = await given.field("Colour", "singleline")

        refused = await client.get(V2, params={"customFieldsByIds": f"{line}:blue"})

        assert mistakes(refused) == {"customFieldsByIds": "must be combined with mailbox"}

    async def test_what_is_no_field_of_a_single_line_is_refused(self, client: Client, given: Given) -> None:
        text = await given.field("Story", "multiline")
        elsewhere = await given.field("Colour", "singleline", inbox=await given.new_inbox("Returns"))

        for asked in (f"{text}:x", f"{elsewhere}:x", "999:x", "x:1", "14", "²:1", "9999999999999999999:x"):
            refused = await client.get(V2, params={"mailbox": given.inbox, "customFieldsByIds": asked})
            assert list(mistakes(refused)) == ["customFieldsByIds"], asked
            assert refused.json()["_embedded"]["errors"][0]["rejectedValue"] == asked

    async def test_fields_of_an_inbox_one_does_not_see_are_not_known(self, given: Given) -> None:
        ona = await given.user()
        line = await given.field("Colour", "singleline")

        async with given.client(ona) as client:
            refused = await client.get(V2, params={"mailbox": given.inbox, "customFieldsByIds": f"{line}:blue"})

        assert refused.status_code == 400
