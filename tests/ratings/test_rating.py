"""Asking a customer what they think, through a link that only they have, and telling of it (contract 61 §3)."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from typing import Any

import pytest

from deskhand.conversations.model import Rating, ThreadType
from deskhand.kernel import log
from deskhand.kernel.errors import NotFound, Unmet
from deskhand.ratings import operations
from deskhand.ratings.model import RatingChanged, RatingReceived
from tests.conftest import MovableClock
from tests.contract.raw import send
from tests.given import Client, Given

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Asked:
    """A reply whose customer was asked."""

    def __init__(self, conversation: int, thread: int, path: str) -> None:
        self.conversation = conversation
        self.thread = thread
        self.path = path
        self.token = path.rpartition("/")[2]


@pytest.fixture
async def asked(given: Given) -> Asked:
    conversation = await given.conversation()
    thread = await given.thread(conversation, ThreadType.MESSAGE, "It is on its way.")
    return Asked(conversation, thread, await link(given, conversation, thread))


async def link(given: Given, conversation: int, thread: int, days: int = 60) -> str:
    async with given.write() as tx:
        made = await operations.rating_link(tx, conversation, thread, origin="https://desk.test", days=days)
    return made.removeprefix("https://desk.test")


async def click(given: Given, path: str, rating: str | None = "great", comments: str = "", **more: Any) -> Any:
    form = {"comments": comments} | ({"rating": rating} if rating else {}) | more
    async with given.client(None) as client:
        return await client.post(path, data=form)


async def page(given: Given, path: str) -> Any:
    async with given.client(None) as client:
        return await client.get(path)


async def thread_of(client: Client, it: Asked) -> dict[str, Any]:
    listed = (await client.get(f"/v2/conversations/{it.conversation}/threads")).json()["_embedded"]["threads"]
    return next(each for each in listed if each["id"] == it.thread)


async def test_a_rating_is_told_whole(client: Client, given: Given, asked: Asked) -> None:
    assert (await click(given, asked.path, comments=" Quick answer \r\n Thanks ")).status_code == 303
    shown = (await client.get("/v2/ratings/1")).json()
    customer = (await thread_of(client, asked))["customer"]

    api = "https://desk.test/v2"
    assert shown == {
        "id": 1,
        "customer": {"id": customer["id"], "email": customer["email"], "firstName": "Pavel", "lastName": "Lund"},
        "threadId": asked.thread,
        "conversationId": asked.conversation,
        "conversationNumber": 1,
        "mailboxId": given.inbox,
        "rating": "great",
        "user": {
            "id": given.owner,
            "email": (await client.get("/v2/users/me")).json()["email"],
            "firstName": "Ines",
            "lastName": "Okafor",
        },
        "comments": "Quick answer \n Thanks",
        "createdAt": shown["createdAt"],
        "_links": {
            "conversation": {"href": f"{api}/conversations/{asked.conversation}"},
            "customer": {"href": f"{api}/customers/{customer['id']}"},
            "mailbox": {"href": f"{api}/mailboxes/{given.inbox}"},
            "self": {"href": f"{api}/ratings/1"},
            "user": {"href": f"{api}/users/{given.owner}"},
        },
    }
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", shown["createdAt"])


@pytest.mark.parametrize("word", ["great", "okay", "not_good"])
async def test_the_reply_carries_it(client: Client, given: Given, asked: Asked, word: str) -> None:
    assert "rating" not in await thread_of(client, asked)
    await click(given, asked.path, word)

    thread = await thread_of(client, asked)
    assert thread["rating"] == {"customerId": thread["customer"]["id"], "rating": word}
    embedded = (await client.get(f"/v2/conversations/{asked.conversation}?embed=threads")).json()["_embedded"]["threads"]
    assert thread in embedded
    rating = (await client.get("/v2/ratings/1")).json()
    assert (rating["rating"], "comments" in rating, "modifiedAt" in rating) == (word, False, False)


async def test_it_can_be_changed_for_a_while(client: Client, given: Given, asked: Asked, clock: MovableClock) -> None:
    await click(given, asked.path, "great")
    clock.move(timedelta(hours=71))
    assert (await click(given, asked.path, "not_good", "It broke.")).status_code == 303
    changed = (await client.get("/v2/ratings/1")).json()
    clock.move(timedelta(hours=2))
    late = await click(given, asked.path, "great")

    assert (changed["rating"], changed["comments"]) == ("not_good", "It broke.")
    assert changed["modifiedAt"] > changed["createdAt"]
    assert late.status_code == 400
    assert "can no longer be changed" in late.text
    assert (await client.get("/v2/ratings/1")).json() == changed


async def test_a_reply_has_one_rating_however_many_links(client: Client, given: Given, asked: Asked) -> None:
    again = await link(given, asked.conversation, asked.thread)
    await click(given, asked.path, "great")
    await click(given, again, "okay")

    assert again != asked.path
    assert (await client.get("/v2/ratings/1")).json()["rating"] == "okay"
    assert (await client.get("/v2/ratings/2")).status_code == 404


async def test_looking_changes_nothing(client: Client, given: Given, asked: Asked) -> None:
    before = (await client.get(f"/v2/conversations/{asked.conversation}?embed=threads")).json()
    for path in (asked.path, f"{asked.path}?rating=great", f"{asked.path}?rating=x&rating=%00"):
        got = await page(given, path)
        assert got.status_code == 200
    async with given.client(None) as stranger:
        assert (await stranger.head(f"{asked.path}?rating=great")).status_code == 200

    assert (await client.get(f"/v2/conversations/{asked.conversation}?embed=threads")).json() == before
    assert (await client.get("/v2/ratings/1")).status_code == 404


async def test_a_word_in_the_address_only_chooses_beforehand(given: Given, asked: Asked) -> None:
    def chosen(text: str) -> list[str]:
        return re.findall(r'value="(\w+)" required checked', text)

    assert chosen((await page(given, asked.path)).text) == []
    assert chosen((await page(given, f"{asked.path}?rating=okay")).text) == ["okay"]
    await click(given, asked.path, "great")
    assert chosen((await page(given, f"{asked.path}?rating=okay")).text) == ["great"]


async def test_the_page_is_in_the_language_of_the_customer(given: Given, asked: Asked) -> None:
    async with given.client(None) as client:
        page = (await client.get(asked.path, headers={"Accept-Language": "de-CH,en;q=0.5"})).text
        wrong = (await client.post(asked.path, headers={"Accept-Language": "de"})).text
        gone = (await client.get("/rate/x", headers={"Accept-Language": "de"})).text
    assert '<html lang="de" dir="ltr">' in page
    assert "Wie war unsere Antwort?" in page
    assert "Bitte wählen Sie eine der drei Möglichkeiten." in wrong
    assert "Dieser Link funktioniert nicht mehr" in gone


async def test_the_page_is_kept_from_others(given: Given, asked: Asked) -> None:
    for got in (await page(given, asked.path), await page(given, "/rate/nothing")):
        assert got.headers["x-robots-tag"] == "noindex, nofollow, noarchive"
        assert '<meta name="robots" content="noindex, nofollow">' in got.text
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["referrer-policy"] == "same-origin"
        assert "default-src 'none'" in got.headers["content-security-policy"]
        assert "set-cookie" not in got.headers
        assert "<script" not in got.text
        assert "style=" not in got.text


async def test_what_people_wrote_cannot_act_on_the_page(given: Given) -> None:
    conversation = await given.conversation(subject='<script>alert(1)</script>"')
    path = await link(given, conversation, await given.thread(conversation, ThreadType.MESSAGE))
    first = await page(given, path)
    await click(given, path, comments="</textarea><script>alert(2)</script>")

    for got in (first, await page(given, path)):
        assert "<script" not in got.text
        assert "&lt;script&gt;" in got.text


@pytest.mark.parametrize(
    ("rating", "comments", "told"),
    [
        (None, "Nice", "Please choose one of the three."),
        ("perfect", "Nice", "Please choose one of the three."),
        ("great", "x" * 2001, "This is too long"),
    ],
)
async def test_what_is_wrong_is_told_and_the_words_are_kept(
    client: Client, given: Given, asked: Asked, rating: str | None, comments: str, told: str
) -> None:
    got = await click(given, asked.path, rating, comments)

    assert got.status_code == 400
    assert told in got.text
    assert comments in got.text
    assert (await client.get("/v2/ratings/1")).status_code == 404


@pytest.mark.parametrize("body", [b"", b"\xff=\0&rating=great%00", b"rating", b"=&=&", b"rating=great&comments=%00%ED%A0%80ok"])
async def test_a_strange_form_is_answered(given: Given, asked: Asked, body: bytes) -> None:
    got = await send(given.app.door, "POST", asked.path, body, headers=list(FORM.items()))

    assert got.status in (303, 400)


async def test_a_form_that_is_too_large_is_refused(given: Given, asked: Asked) -> None:
    got = await send(given.app.door, "POST", asked.path, b"x" * 70_000, headers=list(FORM.items()))

    assert got.status == 413


async def gone(given: Given, path: str) -> None:
    for got in (await page(given, path), await click(given, path), await click(given, path, None)):
        assert got.status_code == 404
        assert "This link no longer works" in got.text


@pytest.mark.parametrize("token", ["x", "0" * 43, "a%00b", "é", "%ff", "x" * 5000])
async def test_a_wrong_link_leads_nowhere(given: Given, asked: Asked, token: str) -> None:
    got = await page(given, f"/rate/{token}")

    assert got.status_code in (400, 404)


async def test_a_link_ends_with_its_days_with_the_reply_and_with_the_conversation(
    client: Client, given: Given, clock: MovableClock
) -> None:
    conversation = await given.conversation()
    thread = await given.thread(conversation, ThreadType.MESSAGE)
    short, long = await link(given, conversation, thread, days=1), await link(given, conversation, thread, days=9)
    here = f"/v2/conversations/{conversation}"
    clock.move(timedelta(days=2))
    await gone(given, short)
    assert (await page(given, long)).status_code == 200

    hide = {"op": "replace", "path": "/hidden", "value": True}
    await client.patch(f"{here}/threads/{thread}", json=hide)
    await gone(given, long)
    await client.patch(f"{here}/threads/{thread}", json=hide | {"value": False})
    assert (await page(given, long)).status_code == 200
    await client.delete(here)
    await gone(given, long)


async def test_a_link_is_kept_as_a_hash_and_not_logged(given: Given, asked: Asked, monkeypatch: pytest.MonkeyPatch) -> None:
    logged = io.StringIO()
    monkeypatch.setattr(log._output, "stream", logged)
    await page(given, asked.path)
    async with given.read() as view:
        rows = await view._session.rows("SELECT hash FROM rating_links", ())

    assert len(asked.token) == 43
    assert bytes(rows[0][0]) == operations.link_hash(asked.token)
    assert "/rate/…" in logged.getvalue()
    assert asked.token not in logged.getvalue()


@pytest.mark.parametrize("kind", [ThreadType.NOTE, ThreadType.CUSTOMER])
async def test_only_a_sent_reply_can_be_rated(given: Given, kind: ThreadType) -> None:
    conversation = await given.conversation()
    customer = await given.customer()
    thread = await given.thread(conversation, kind, customer=customer)
    draft = await given.thread(conversation, ThreadType.MESSAGE, draft=True)

    for each in (thread, draft):
        with pytest.raises(Unmet):
            await link(given, conversation, each)
    with pytest.raises(NotFound):
        await link(given, await given.conversation(), thread)


async def test_facts_are_recorded_when_something_is_said(given: Given, asked: Asked) -> None:
    where = {"rating_id": 1, "conversation_id": asked.conversation, "thread_id": asked.thread}
    async with given.write() as tx:
        for word, comments in ((Rating.GREAT, ""), (Rating.GREAT, " "), (Rating.OKAY, "Hm."), (Rating.OKAY, "Hm.")):
            await operations.rate(tx, asked.token, word, comments, change_hours=1)
        await tx.finish_now()

        assert tx.recorded == [RatingReceived(rating=Rating.GREAT, **where), RatingChanged(rating=Rating.OKAY, **where)]


async def test_who_does_not_see_the_inbox_does_not_see_the_rating(given: Given, asked: Asked) -> None:
    await click(given, asked.path)
    async with given.client(await given.user()) as stranger:
        assert (await stranger.get("/v2/ratings/1")).status_code == 404


async def test_it_goes_with_the_conversation_and_the_customer(client: Client, given: Given, asked: Asked) -> None:
    await click(given, asked.path)
    customer = (await thread_of(client, asked))["customer"]["id"]
    await client.delete(f"/v2/conversations/{asked.conversation}")
    assert (await client.get("/v2/ratings/1")).status_code == 404

    assert (await client.delete(f"/v2/customers/{customer}")).status_code == 204
    async with given.read() as view:
        rows = [await view._session.rows(f"SELECT count(*) FROM {name}", ()) for name in ("ratings", "rating_links")]
    assert [each[0][0] for each in rows] == [0, 0]


async def test_a_rated_conversation_was_modified(client: Client, given: Given, asked: Asked, clock: MovableClock) -> None:
    """So that who copies conversations comes by again."""
    clock.move(timedelta(hours=1))
    since = (clock.now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    listed = f"/v2/conversations?modifiedSince={since}"
    assert (await client.get(listed)).json()["page"]["totalElements"] == 0
    await click(given, asked.path)

    assert (await client.get(listed)).json()["page"]["totalElements"] == 1
