"""The reads of v3: cursors, exact addresses, the strict language, real person types (contract 00 §14, 30 §8)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations import merging
from deskhand.conversations.operations.entries import NewThread
from deskhand.kernel.jobs import Worker
from tests.contract.vendor import codes
from tests.given import Client, Given

V3 = "/v3/conversations"


@pytest.fixture
def settings(settings: Any) -> Any:
    """Pages of three, so that few conversations make several."""
    return msgspec.structs.replace(settings, page_size_conversations=3)


def ids(got: Any) -> list[int]:
    assert got.status_code == 200, got.text
    return [each["id"] for each in got.json().get("_embedded", {}).get("conversations", [])]


async def all_of(client: Client, path: str) -> list[list[int]]:
    """Every piece of a list, by its links."""
    pieces = []
    at: str | None = path
    while at:
        got = await client.get(at)
        pieces.append(ids(got))
        at = got.json()["_links"].get("next", {}).get("href")
    return pieces


async def test_the_list_runs_down_by_id_through_every_status(client: Client, given: Given) -> None:
    made = [await given.conversation(status=each) for each in (*Status, *Status)]
    gone = await given.conversation()
    await client.delete(f"/v2/conversations/{gone}")

    assert await all_of(client, V3) == [made[:4:-1], made[4:1:-1], made[1::-1]]


async def test_its_links_carry_the_filters_and_nothing_is_counted(client: Client, given: Given) -> None:
    made = [await given.conversation() for _ in range(4)]
    first = (await client.get(f"{V3}?status=active&mailbox={given.inbox}&unknown=%26")).json()

    here = f"https://desk.test{V3}?status=active&mailbox={given.inbox}&unknown=%26"
    cursor = first["_links"]["next"]["href"].rpartition("cursor=")[2]
    assert first["_links"] == {
        "first": {"href": here},
        "next": {"href": f"{here}&cursor={cursor}"},
        "self": {"href": here},
    }
    assert list(first) == ["_embedded", "_links"]
    last = (await client.get(first["_links"]["next"]["href"])).json()
    assert last["_links"] == {"first": {"href": here}, "self": {"href": f"{here}&cursor={cursor}"}}
    assert [each["id"] for each in last["_embedded"]["conversations"]] == made[:1]


async def test_what_comes_meanwhile_shifts_nothing(client: Client, given: Given) -> None:
    made = [await given.conversation() for _ in range(6)]
    first = await client.get(V3)
    await given.conversation()
    await client.delete(f"/v2/conversations/{made[5]}")

    assert ids(await client.get(first.json()["_links"]["next"]["href"])) == made[2::-1]


async def test_an_empty_list_has_no_embedded(client: Client) -> None:
    assert (await client.get(V3)).json() == {
        "_links": {"first": {"href": f"https://desk.test{V3}"}, "self": {"href": f"https://desk.test{V3}"}}
    }


async def test_items_are_as_in_v2(client: Client, given: Given) -> None:
    made = await given.conversation()
    (listed,) = (await client.get(f"{V3}?embed=threads")).json()["_embedded"]["conversations"]

    assert listed == (await client.get(f"/v2/conversations/{made}?embed=threads")).json()
    assert listed == (await client.get(f"{V3}/{made}?embed=threads")).json()


async def test_an_address_is_matched_exactly_whichever_of_the_customers_it_is(client: Client, given: Given) -> None:
    pavel = await given.customer("pavel@mail.test")
    await client.post(f"/v2/customers/{pavel.id}/emails", json={"type": "home", "value": "Lund@Home.test"})
    theirs = [await given.conversation(customer=pavel, status=each) for each in (Status.ACTIVE, Status.SPAM)]
    await given.conversation()

    for email in ("pavel@mail.test", "PAVEL@mail.test", "lund@home.test"):
        assert ids(await client.get(V3, params={"email": email})) == theirs[::-1]
    assert ids(await client.get(V3, params={"email": "pavel@mail.test", "status": "spam"})) == theirs[1:]
    for email in ("mail.test", "pavel", "nobody@mail.test", ""):
        assert ids(await client.get(V3, params={"email": email})) == []


async def test_v2s_filters_hold_together(client: Client, given: Given) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    made = await given.conversation(tags=["gift"], assign_to=ona, status=Status.PENDING)
    await given.conversation(tags=["gift"])
    number = (await client.get(f"/v2/conversations/{made}")).json()["number"]

    for query in (
        "tag=gift&status=pending",
        f"assigned_to={ona}",
        f"number={number}",
        f"tag=gift&assigned_to={ona}&number={number}&mailbox={given.inbox}&status=open&modifiedSince=2020-01-01T00:00:00Z",
    ):
        assert ids(await client.get(f"{V3}?{query}")) == [made], query
    assert ids(await client.get(f"{V3}?tag=gift&status=spam")) == []
    assert ids(await client.get(f"{V3}?mailbox=999")) == []


async def test_narrowed_lists_go_on_too(client: Client, given: Given) -> None:
    made = [await given.conversation(tags=["gift"]) for _ in range(5)]
    await given.conversation()

    assert await all_of(client, f"{V3}?tag=gift") == [made[:1:-1], made[1::-1]]


async def test_a_folder_can_be_read_drafts_too(client: Client, given: Given) -> None:
    draft = await given.conversation(said=[NewThread(type=ThreadType.MESSAGE, text="Soon.", draft=True)])
    folders = (await client.get(f"/v2/mailboxes/{given.inbox}/folders")).json()["_embedded"]["folders"]
    drafts = next(each["id"] for each in folders if each["type"] == "drafts")

    assert ids(await client.get(V3)) == []
    assert ids(await client.get(f"{V3}?folder={drafts}")) == [draft]


async def test_only_what_one_sees(given: Given) -> None:
    ona = await given.user()
    inbox = await given.new_inbox("Returns", workers=(ona,))
    hidden, seen = await given.conversation(), await given.conversation(inbox=inbox)
    async with given.client(ona) as client:
        assert ids(await client.get(V3)) == [seen]
        assert ids(await client.get(f"{V3}/search?query=id:{hidden}")) == []
        assert (await client.get(f"{V3}/{hidden}")).status_code == 404
        assert (await client.get(f"{V3}/{hidden}/threads")).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "!!", "a" * 500, "é", "%00", "LTE", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTA"])
async def test_a_wrong_cursor_is_named(client: Client, cursor: str) -> None:
    for path in (f"{V3}?cursor={cursor}", f"{V3}/search?query=id:1&cursor={cursor}"):
        got = await client.get(path)
        assert got.status_code == 400
        assert list(codes(got)) == ["cursor"]


async def test_wrong_filters_are_named_and_unknown_ones_ignored(client: Client) -> None:
    got = await client.get(f"{V3}?status=done&embed=all&mailbox=x&number=0")

    assert set(codes(got)) == {"status", "embed", "mailbox", "number"}
    assert (await client.get(f"{V3}?sortField=whatever&page=0&query=((")).status_code == 200


async def test_the_desks_own_acts_are_a_system_users_in_v3_and_a_users_in_v2(client: Client, given: Given) -> None:
    body = {"state": "enabled", "assignmentLimit": 9, "assignmentMethod": "balanced", "userIds": [given.owner]}
    await client.put(f"/v2/mailboxes/{given.inbox}/routing", json=body)
    made = await given.conversation()
    await Worker(given.desk).run_due()

    for version, word in (("v2", "user"), ("v3", "system_user")):
        listed = (await client.get(f"/{version}/conversations/{made}/threads")).json()
        embedded = (await client.get(f"/{version}/conversations/{made}?embed=threads")).json()["_embedded"]["threads"]
        assert [each["createdBy"]["type"] for each in listed["_embedded"]["threads"]] == [word, "customer"]
        assert [each["createdBy"]["type"] for each in embedded] == [word, "customer"]
        assert embedded[0]["createdBy"] == {"id": 0, "type": word, "first": "Deskhand", "last": ""}


async def test_threads_page_as_in_v2(client: Client, given: Given) -> None:
    made = await given.conversation()
    for _ in range(4):
        await given.thread(made, ThreadType.NOTE)
    two, three = [(await client.get(f"/{each}/conversations/{made}/threads?page=2")).json() for each in ("v2", "v3")]

    assert three["_links"]["first"]["href"] == f"https://desk.test{V3}/{made}/threads/?page=1"
    assert (three["_embedded"], three["page"]) == (two["_embedded"], two["page"])


async def test_a_merged_one_redirects_within_v3(client: Client, given: Given) -> None:
    old, new = await given.conversation(), await given.conversation()
    async with given.write(given.owner) as tx:
        await merging.merge(tx, old, into=new)
    got = await client.get(f"{V3}/{old}")

    assert (got.status_code, got.text) == (301, "")
    assert got.headers["location"] == f"https://desk.test{V3}/{new}"
    assert (await client.get(f"{V3}/{old}/threads")).status_code == 404


async def test_a_search_looks_through_every_status_newest_first(client: Client, given: Given) -> None:
    made = [await given.conversation(subject="Invoice", status=each) for each in Status]
    await given.conversation(subject="Parcel")
    first = await client.get(f"{V3}/search?query=subject:invoice")
    second = await client.get(first.json()["_links"]["next"]["href"])

    assert ids(first) == made[:0:-1]
    assert ids(second) == made[:1]
    assert first.json()["page"] == {"size": 3, "totalElements": 4, "totalPages": 2, "number": 1}
    assert ids(await client.get(f"{V3}/search?query=subject:invoice AND status:closed")) == [made[1]]


async def test_a_search_takes_and_embeds(client: Client, given: Given) -> None:
    made = await given.conversation(tags=["gift"], customer=await given.customer("pavel@mail.test"))
    queries = ['tag:"gift" AND NOT status:closed', "(email:pavel@mail.test OR tag:x)", f"id:{made}", "createdAt:[2020 TO *]"]
    for query in queries:
        got = await client.get(f"{V3}/search", params={"query": query, "embed": "threads"})
        assert ids(got) == [made], query
        assert got.json()["_embedded"]["conversations"][0]["_embedded"]["threads"]


async def test_a_search_goes_on_below_a_cursor(client: Client, given: Given) -> None:
    made = [await given.conversation() for _ in range(5)]
    cursor = (await client.get(V3)).json()["_links"]["next"]["href"].rpartition("cursor=")[2]
    got = await client.get(f"{V3}/search?query=status:active&cursor={cursor}")

    assert ids(got) == made[1::-1]
    assert got.json()["page"]["totalElements"] == 2


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "invoice",
        '"billing issue"',
        "tag:gift status:active",
        "-tag:gift",
        "+tag:gift",
        "!tag:gift",
        "subject:invoce~",
        "subject:invoice^2",
        "colour:red",
        "tag:",
        "(tag:gift))",
        "tag:gift AND",
    ],
)
async def test_the_language_is_strict(client: Client, query: str) -> None:
    got = await client.get(f"{V3}/search", params={"query": query})

    assert got.status_code == 400
    (mistake,) = got.json()["_embedded"]["errors"]
    assert (mistake["path"], mistake["source"]) == ("query", "QUERY")


async def test_a_search_without_a_query_is_refused(client: Client) -> None:
    got = await client.get(f"{V3}/search")

    assert codes(got) == {"query": "NotEmpty"}


async def test_unknown_fields_are_refused_even_where_v2_lets_them_pass(given: Given, settings: Any) -> None:
    given.desk.settings = msgspec.structs.replace(settings, unknown_search_fields="match nothing")
    async with given.client(given.owner) as client:
        assert (await client.get("/v2/conversations?query=colour:red")).status_code == 200
        assert (await client.get(f"{V3}/search?query=colour:red")).status_code == 400


async def test_there_are_no_system_users(client: Client) -> None:
    got = await client.get("/v3/system-users")

    assert got.json()["page"] == {"size": 50, "totalElements": 0, "totalPages": 0, "number": 1}
    assert "_embedded" not in got.json()
    assert got.json()["_links"]["self"]["href"] == "https://desk.test/v3/system-users?page=1"
    assert (await client.get("/v3/system-users/1")).status_code == 404
    assert codes(await client.get("/v3/system-users/x")) == {"systemUserId": "InvalidId"}
