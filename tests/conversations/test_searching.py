"""The search language on a small desk made by hand (contract 30)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Status, ThreadType
from deskhand.conversations.operations.entries import NewThread
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.conversations.looking import V2, codes, create, ids, mistakes, patch, show, threads
from tests.given import Client, Given

PAVEL = {"email": "pavel@mail.test"}


class SmallDesk:
    """Five conversations, each found by something else."""

    def __init__(self, client: Client, given: Given) -> None:
        self.client, self.given = client, given
        self.ids: dict[str, int] = {}
        self.words: dict[str, str] = {}

    async def begin(self) -> None:
        client, given = self.client, self.given
        ona = await given.user("Ona", "Bell")
        await given.grant(given.inbox, ona)
        returns = await given.new_inbox("Returns")
        colour = await given.field("Colour", "singleline")
        alice = await given.customer("alice@x.test", "Alice", "Öberg")
        self.ids["a"] = await given.conversation(
            subject="Exchange please", text="<p>The seal was broken</p>", customer=alice, assign_to=given.owner,
            tags=["gift order eu", "vip"], fields=[(colour, "Deep Blue")],
        )  # fmt: skip
        bob = await given.customer("bob@sub.firm.test", "Bob", "")
        reply = NewThread(type=ThreadType.MESSAGE, text="A timeout, sorry", customer=bob, cc=["copy@firm.test"])
        said = NewThread(type=ThreadType.CUSTOMER, text="Nothing works", customer=bob)
        self.ids["b"] = await given.conversation(subject="My order", customer=bob, said=[said, reply], assign_to=None)
        mia = await given.customer("mia@mail.test", "Mia", "Lund")
        self.ids["c"] = await given.conversation(
            subject="Return of the wrong size", text="Broken, and the seal too", customer=mia, inbox=returns,
            status=Status.CLOSED, created_at=at("2013-06-01T12:00:00Z"), closed_at=at("2013-06-02T12:00:00Z"),
        )  # fmt: skip
        self.ids["d"] = await given.conversation(
            subject="50% off?", text="C'est l'été", customer=mia, assign_to=ona, status=Status.PENDING, tags=["vip"]
        )
        self.ids["e"] = await create(client, given, subject="Hello", type="phone", status="spam", bcc=[], threads=[
            {"type": "note", "text": "A note", "attachments": [
                {"fileName": "a.txt", "mimeType": "text/plain", "data": "aGk="}]},
        ])  # fmt: skip
        for name, id_ in self.ids.items():
            self.words[name] = str(id_)
        self.words |= {
            "owner": str(given.owner), "ona": str(ona), "alice": str(alice.id), "mia": str(mia.id), "bob": str(bob.id),
            "returns": str(returns), "colour": str(colour), "folder": str((await show(client, self.ids["c"]))["folderId"]),
            "number": str((await show(client, self.ids["b"]))["number"]),
        }  # fmt: skip

    async def found(self, query: str, **more: Any) -> str:
        """The letters of what a query finds, in order of making."""
        for name, value in self.words.items():
            query = query.replace(f"<{name}>", value)
        found = set(await ids(self.client, query=query, status="all", **more))
        return "".join(name for name, id_ in self.ids.items() if id_ in found)


def at(text: str) -> Any:
    from deskhand.kernel.http.wire import moment

    return moment(text)


@pytest.fixture
async def small(client: Client, given: Given) -> SmallDesk:
    desk = SmallDesk(client, given)
    await desk.begin()
    return desk


DOCUMENTED = [
    ('(subject:"exchange" OR subject:"return")', "ac"),
    ('(tag:"vip" AND status:"active")', "a"),
    ('(NOT email:"alice@x.test")', "bcde"),
    ('(subject:"order" AND NOT assigned:"Unassigned")', ""),
    ('(subject:"order" AND assigned:"Unassigned")', "b"),
    ("(email:(alice@x.test OR mia@mail.test))", "acd"),
    ("(createdAt:[2013-01-01T00:00:00Z TO 2013-12-31T23:59:59Z])", "c"),
    ("(modifiedAt:[NOW-7DAY TO *])", "abcde"),
    ("(createdAt:[2012 TO 2013-06-01])", ""),
    ("(createdAt:[2012 TO 2013-06-02])", "c"),
    ("(createdAt:[2013-05-01T00:00:00Z/YEAR TO 2014-05-01T00:00:00Z/YEAR])", "c"),
    ('(assigned:"ines" AND (customerIds: <alice> OR customerIds: <mia>))', "a"),
    ("(replyUserIds:(<owner> OR 45)", "b"),
    ('(body:"timeout") AND (createdAt:[2014-01-01T00:00:00Z TO *])', "b"),
    ('((body:"broken" OR body:"timeout")) AND (tag:"vip")', "a"),
    ("tag:vip", "ad"),
    ("number:<number>", "b"),
]
FIELDS = [
    ('"broken seal"', "ac"),
    ("broken timeout", ""),
    ('subject:"SIZE wrong"', "c"),
    ('body:"broken seal"', "ac"),
    ("body:ete", "d"),
    ('tag:"Gift Order EU"', "a"),
    ("tag:gift", ""),
    ("tag:gift*", "a"),
    ("email:firm.test", "b"),
    ("email:copy@firm.test", "b"),
    ("email:COPY@FIRM.TEST", "b"),
    ("email:sub.firm.test", "b"),
    ("email:mia*", "cd"),
    ("to:bob@sub.firm.test", "b"),
    ("cc:firm.test", "b"),
    ("cc:bob@sub.firm.test", ""),
    ("bcc:firm.test", ""),
    ('mailbox:"returns"', "c"),
    ("mailboxName:Returns", "c"),
    ("mailboxid:<returns>", "c"),
    ("MAILBOXID:<returns>", "c"),
    ("id:<d>", "d"),
    ("number:[1 TO 2]", "ab"),
    ("customerIds:<mia>", "cd"),
    ("customerIds:(<mia> OR <bob>)", "bcd"),
    ("assigned:okafor", "a"),
    ('assigned:"ona bell"', "d"),
    ('assigned:"on"', ""),
    ("assigned:unassigned", "bce"),
    ("assignedId:<ona>", "d"),
    ("attachments:true", "e"),
    ("attachment:false", "abcd"),
    ("status:open", "abd"),
    ("status:closed", "c"),
    ("createdAt:2013-06", "c"),
    ("closedAt:2013-06-02", "c"),
    ("closedAt:[* TO NOW]", "c"),
    ("waitingSince:[NOW-1HOUR TO *]", "abde"),
    ("modifiedSince:NOW-1DAY", "abcde"),
    ("type:phone", "e"),
    ("folder:<folder>", "c"),
    ("folderId:<folder>", "c"),
    ("customerName:oberg", "a"),
    ("customerName:Alice", "a"),
    ("customerEmail:mail.test", "cde"),
    ("via:user", "e"),
    ("source:api", "e"),
    ("source:web", "abcd"),
    ("customField.<colour>:blue", "a"),
    ('customField.<colour>:"deep blue"', "a"),
    ('customField.<colour>:"deep"', "a"),
    ('customField.<colour>:"blue deep"', ""),
    ("customField.<colour>:de*", "a"),
    ('customField.<colour>:""', "bcde"),
    ("Mia", "cd"),
    ("vip", "ad"),
    ("alice@x.test", "a"),
]
NEGATED = [
    ("NOT assignedId:<owner>", "bcde"),
    ("NOT closedAt:2013", "abde"),
    ("NOT tag:vip", "bce"),
    ("NOT body:broken", "bde"),
    ("NOT assigned:ines", "bcde"),
    ("NOT customField.<colour>:blue", "bcde"),
    ("NOT attachments:true", "abcd"),
    ("NOT (NOT tag:vip)", "ad"),
    ("-tag:vip", "bce"),
    ("!tag:vip +status:closed", "c"),
    ("NOT replyUserIds:<owner>", "acde"),
]
WILD = [
    ("subject:ex*", "a"),
    ("subject:*change", "a"),
    ("subject:ex*ge", "a"),
    ("subject:exchang?", "a"),
    ('subject:"ex*"', ""),
    ("body:*oken", "ac"),
    ("body:br*en", "ac"),
    ("subject:*", "abcde"),
    ("subject:50%", "d"),
    ("subject:%", ""),
    ("subject:_rder", ""),
    ("tag:*ip", "ad"),
    ("closedAt:*", "c"),
    ("assignedId:*", "ad"),
]  # fmt: skip


@pytest.mark.parametrize("batch", [DOCUMENTED, FIELDS, NEGATED, WILD], ids=["documented", "fields", "not", "wildcards"])
async def test_each_query_finds_what_it_says(small: SmallDesk, batch: list[tuple[str, str]]) -> None:
    found = {query: await small.found(query) for query, _ in batch}

    assert found == dict(batch)


async def test_every_change_is_found_at_once(client: Client, given: Given) -> None:
    customer = await given.customer("zoe@mail.test", "Zoe", "Quist")
    conversation = await given.conversation(customer=customer, subject="Parcel", text="Hello")
    here = f"{V2}/{conversation}"
    (said,) = await threads(client, conversation)

    async def finds(query: str) -> bool:
        return await ids(client, query=query, status="all") == [conversation]

    await client.post(f"{here}/reply", json={"text": "Carrier", "customer": PAVEL, "cc": ["c@copy.test"]})
    assert await finds("body:carrier AND body:hello AND cc:copy.test AND to:pavel@mail.test")
    change = {"op": "replace", "path": "/text", "value": "Goodbye"}
    await client.patch(f"{here}/threads/{said['id']}", json=change)
    assert await finds("body:goodbye")
    assert not await finds("body:hello")
    await patch(client, conversation, "/subject", "Lorry")
    assert await finds("subject:lorry")
    assert not await finds("subject:parcel")
    await client.put(f"{here}/tags", json={"tags": ["straße"]})
    assert await finds('tag:"Straße"')
    await client.put(f"{here}/tags", json={"tags": []})
    assert not await finds('tag:"straße"')
    await client.put(f"/v2/customers/{customer.id}", json={"firstName": "Anna", "lastName": "Berg"})
    assert await finds("customerName:berg")
    assert not await finds("customerName:quist")
    await client.delete(here)
    assert not await finds("body:goodbye")


async def test_line_items_and_drafts_are_not_searched(client: Client, given: Given) -> None:
    conversation = await given.conversation()
    await patch(client, conversation, "/status", "closed")
    await given.thread(conversation, ThreadType.MESSAGE, "Secret", draft=True)

    assert await ids(client, status="all", query="body:closed") == []
    assert await ids(client, status="all", query="body:secret") == []


async def test_words_of_an_erased_customer_are_found_no_more(client: Client, given: Given) -> None:
    customer = await given.customer()
    await given.conversation(customer=customer, subject="Parcel", text="Hello")

    assert (await client.delete(f"/v2/customers/{customer.id}")).status_code == 204

    for query in ("body:hello", "subject:parcel", "hello"):
        assert await ids(client, status="all", query=query) == []


async def test_adjacent_words_come_first_by_score_and_others_stay(client: Client, given: Given) -> None:
    exact = await given.conversation(subject="x", text="the broken seal")
    apart = await given.conversation(subject="x", text="a seal that is broken")
    await given.conversation(subject="x", text="broken")

    assert await ids(client, query='(body:"broken seal")', sortField="score") == [exact, apart]
    assert await ids(client, query='(body:"broken seal")', sortField="score", sortOrder="asc") == [apart, exact]
    assert await ids(client, query='(body:"broken seal")') == [apart, exact]
    assert await ids(client, query="(tag:none)", sortField="score") == []


class TestStrictPhrases:
    @pytest.fixture
    def settings(self, address: str, tmp_path: Any) -> Settings:
        data = str(tmp_path / "data")
        return Settings(
            data=data, database=address, origin="https://desk.test", strict_phrases=True,
            unknown_search_fields="match nothing",
        )  # fmt: skip

    async def test_quoted_words_must_stand_together_if_set_so(self, client: Client, given: Given) -> None:
        exact = await given.conversation(text="the broken seal")
        await given.conversation(text="a seal that is broken")

        assert await ids(client, query='(body:"broken seal")') == [exact]
        assert await ids(client, query='(body:"broken seal")', sortField="score") == [exact]

    async def test_an_unknown_field_finds_nothing_if_set_so(self, client: Client, given: Given) -> None:
        await given.conversation()

        assert await ids(client, query="(unknown:x)") == []
        assert len(await ids(client, query="(NOT unknown:x)")) == 1


@pytest.mark.parametrize(
    "query",
    ["subject:", "a)", '"a', "a AND", "OR", "unknown:x", "number:x", "createdAt:yesterday", "status:done",
     "attachments:perhaps", "createdAt:2026-01-01T00:00:00.000Z", "subject:[a TO b]", "customField.x:1", "a:b:c",
     "createdAt:[2026 TO", "(" * 30 + "a" + ")" * 30, "x " * 300, "x" * 5000],
)  # fmt: skip
async def test_a_broken_query_is_refused_with_its_place(client: Client, given: Given, query: str) -> None:
    refused = await client.get(V2, params={"query": query})

    assert list(mistakes(refused)) == ["query"]
    assert codes(refused) == {"query": "Invalid"}
    (error,) = refused.json()["_embedded"]["errors"]
    assert (error["source"], error["rejectedValue"]) == ("QUERY", query[:300])


async def test_moments_are_relative_to_now(client: Client, given: Given, clock: MovableClock) -> None:
    old = await given.conversation()
    clock.move(timedelta(hours=2))
    new = await given.conversation()

    assert await ids(client, query="(modifiedAt:[NOW-1HOUR TO *])") == [new]
    assert await ids(client, query="(createdAt:[* TO NOW-1HOUR])") == [old]


async def test_a_plus_in_an_address_is_found(client: Client, given: Given) -> None:
    made = await create(client, given, customer={"email": "kim+1@firm.test"})

    assert await ids(client, query='(email:"kim+1@firm.test")') == [made]
