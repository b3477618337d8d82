"""Update Tags, Update Custom Fields, Update Thread (contract 10 §8, §9; 20 §5)."""

from __future__ import annotations

from typing import Any

import pytest

from deskhand.conversations.model import ThreadType
from tests.conversations.looking import V2, codes, create, ids, show, threads, watch
from tests.given import Client, Given


class TestTags:
    async def test_the_whole_list_is_replaced(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(tags=["eu", "gift"])
        facts = await watch(given)

        answer = await client.put(f"{V2}/{conversation}/tags", json={"tags": ["zebra", " GIFT ", "apple"]})

        assert answer.status_code == 204
        assert [each["tag"] for each in (await show(client, conversation))["tags"]] == ["gift", "zebra", "apple"]
        assert await facts.all() == [
            ("TagCreated", {"tag_id": 4}),
            ("TagCreated", {"tag_id": 5}),
            ("TagsChanged", {"conversation_id": conversation, "added": [4, 5], "removed": [2]}),
        ]
        listed = (await client.get("/v2/tags")).json()["_embedded"]["tags"]
        assert {each["name"]: each["ticketCount"] for each in listed} == {"apple": 1, "eu": 0, "gift": 1, "zebra": 1}

    @pytest.mark.parametrize("nothing", [[], None])
    async def test_nothing_clears(self, client: Client, given: Given, nothing: Any) -> None:
        conversation = await given.conversation(tags=["eu"])

        assert (await client.put(f"{V2}/{conversation}/tags", json={"tags": nothing})).status_code == 204

        assert (await show(client, conversation))["tags"] == []

    async def test_the_same_set_again_is_no_fact(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(tags=["eu", "gift"])
        facts = await watch(given)

        await client.put(f"{V2}/{conversation}/tags", json={"tags": ["Gift", "eu", "eu"]})

        assert await facts.names() == []

    async def test_the_list_must_be_given(self, client: Client, given: Given) -> None:
        conversation = await given.conversation()

        assert list(codes(await client.put(f"{V2}/{conversation}/tags", json={}))) == ["tags"]
        assert codes(await client.put(f"{V2}/{conversation}/tags", json={"tags": ["a,b"]})) == {"tags[0]": "Invalid"}

    async def test_a_colour_is_shown_in_hex(self, client: Client, given: Given) -> None:
        from deskhand.tags import operations as tags

        async with given.write() as tx:
            await tags.create(tx, "urgent", color="red")
        conversation = await given.conversation(tags=["urgent", "eu"])

        assert [each["color"] for each in (await show(client, conversation))["tags"]] == ["#E52F28", "#929499"]


class TestFields:
    async def test_what_is_not_listed_or_empty_is_removed(self, client: Client, given: Given) -> None:
        one, two, three = [await given.field(name, "singleline") for name in ("One", "Two", "Three")]
        conversation = await given.conversation(fields=[(one, "1"), (two, "2")])
        facts = await watch(given)
        values = [{"id": three, "value": "3"}, {"id": two, "value": ""}, {"id": one, "value": 10}]

        answer = await client.put(f"{V2}/{conversation}/fields", json={"fields": values})

        assert answer.status_code == 204
        shown = (await show(client, conversation))["customFields"]
        assert [(each["name"], each["value"]) for each in shown] == [("One", "10"), ("Three", "3")]
        assert await facts.all() == [("FieldsChanged", {"conversation_id": conversation})]

    async def test_the_same_values_again_are_no_fact(self, client: Client, given: Given) -> None:
        one = await given.field("One", "singleline")
        conversation = await given.conversation(fields=[(one, "1")])
        facts = await watch(given)

        await client.put(f"{V2}/{conversation}/fields", json={"fields": [{"id": one, "value": "1"}]})

        assert await facts.names() == []

    async def test_an_empty_list_clears(self, client: Client, given: Given) -> None:
        one = await given.field("One", "singleline")
        conversation = await given.conversation(fields=[(one, "1")])

        await client.put(f"{V2}/{conversation}/fields", json={"fields": []})

        assert (await show(client, conversation))["customFields"] == []

    @pytest.mark.parametrize(
        ("kind", "good", "bad"),
        [
            ("number", ["0", "-12.5", "9" * 255], ["", "1e3", "+1", "1.", " 1", "1,5", "٣", "9" * 256, "1\n"]),
            ("date", ["2026-02-28", "2024-02-29"], ["2026-02-29", "20260228", "2026-2-28", "2026-02-28T00:00:00Z"]),
            ("singleline", ["x" * 255, "é"], ["x" * 256]),
            ("multiline", ["x" * 15_000, "a\nb"], ["x" * 15_001]),
            ("dropdown", [], ["0", "Gold", "-1"]),
        ],
    )
    async def test_values_have_the_form_of_their_kind(
        self, client: Client, given: Given, kind: str, good: list[str], bad: list[str]
    ) -> None:
        field = await given.field("One", kind, options=["Gold"] if kind == "dropdown" else None)
        conversation = await given.conversation()

        for value in good:
            answer = await client.put(f"{V2}/{conversation}/fields", json={"fields": [{"id": field, "value": value}]})
            assert answer.status_code == 204, value
            assert (await show(client, conversation))["customFields"][0]["value"] == value
        for value in filter(None, bad):
            answer = await client.put(f"{V2}/{conversation}/fields", json={"fields": [{"id": field, "value": value}]})
            assert codes(answer) == {"fields[0].value": "Invalid"}, value


class TestUpdateThread:
    async def test_a_text_is_changed_and_the_first_is_kept(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(text="Frist")
        (said,) = await threads(client, conversation)
        here = f"{V2}/{conversation}/threads/{said['id']}"
        facts = await watch(given)

        for text in ("Second", "<b>Third</b>"):
            change = {"op": "replace", "path": "/text", "value": text}
            assert (await client.patch(here, json=change)).status_code == 204

        assert (await threads(client, conversation))[0]["body"] == "<b>Third</b>"
        assert (await show(client, conversation))["preview"] == "Third"
        assert await facts.all() == [("ThreadEdited", {"conversation_id": conversation, "thread_id": said["id"]})] * 2
        async with given.read() as view:
            from sqlalchemy import select

            from deskhand.conversations.tables import threads as rows
            from deskhand.kernel.storage.statements import read

            assert await view.all(read(select(rows.c.original_body), str)) == ["Frist"]

    async def test_an_older_text_leaves_the_preview(self, client: Client, given: Given) -> None:
        conversation = await given.conversation()
        (said,) = await threads(client, conversation)
        await given.thread(conversation, ThreadType.MESSAGE, "Newest")

        change = {"op": "replace", "path": "/text", "value": "Changed"}
        await client.patch(f"{V2}/{conversation}/threads/{said['id']}", json=change)

        assert (await show(client, conversation))["preview"] == "Newest"

    async def test_a_thread_is_hidden_and_shown_again(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(text="First")
        reply = await given.thread(conversation, ThreadType.MESSAGE, "Second")
        facts = await watch(given)

        for hidden in (True, True, False):
            change = {"op": "replace", "path": "/hidden", "value": hidden}
            assert (await client.patch(f"{V2}/{conversation}/threads/{reply}", json=change)).status_code == 204
            body = await show(client, conversation)
            assert (await threads(client, conversation))[0]["state"] == ("hidden" if hidden else "published")
            assert (body["threads"], body["preview"]) == ((1, "First") if hidden else (2, "Second"))

        assert [fact.get("hidden") for _, fact in await facts.all()] == [True, False]
        assert await ids(client, query="body:second") == [conversation]

    async def test_nothing_is_previewed_when_everything_is_hidden(self, client: Client, given: Given) -> None:
        conversation = await given.conversation(text="First")
        (said,) = await threads(client, conversation)

        change = {"op": "replace", "path": "/hidden", "value": True}
        await client.patch(f"{V2}/{conversation}/threads/{said['id']}", json=change)

        assert (await show(client, conversation))["preview"] == ""

    @pytest.mark.parametrize("kind", [ThreadType.NOTE, ThreadType.CHAT, ThreadType.PHONE, "draft"])
    async def test_only_customers_threads_and_replies_are_hidden(self, client: Client, given: Given, kind: Any) -> None:
        conversation = await given.conversation()
        is_draft = kind == "draft"
        thread = await given.thread(conversation, ThreadType.MESSAGE if is_draft else kind, draft=is_draft)

        change = {"op": "replace", "path": "/hidden", "value": True}
        assert (await client.patch(f"{V2}/{conversation}/threads/{thread}", json=change)).status_code == 412

    @pytest.mark.parametrize(
        ("body", "path"),
        [
            ({"op": "replace", "path": "/text", "value": ""}, "value"),
            ({"op": "replace", "path": "/text", "value": []}, "value"),
            ({"op": "replace", "path": "/text", "value": "\0"}, "value"),
            ({"op": "replace", "path": "/hidden", "value": "perhaps"}, "value"),
            ({"op": "replace", "path": "/hidden"}, "value"),
            ({"op": "remove", "path": "/text"}, "op"),
            ({"op": "replace", "path": "/status", "value": "closed"}, "path"),
        ],
    )
    async def test_a_mistake_names_op_path_or_value(
        self, client: Client, given: Given, body: dict[str, Any], path: str
    ) -> None:
        conversation = await given.conversation()
        (said,) = await threads(client, conversation)

        assert list(codes(await client.patch(f"{V2}/{conversation}/threads/{said['id']}", json=body))) == [path]

    async def test_a_line_item_has_no_text(self, client: Client, given: Given) -> None:
        conversation = await create(client, given)
        await client.patch(f"{V2}/{conversation}", json={"op": "replace", "path": "/status", "value": "closed"})
        item = (await threads(client, conversation))[0]

        change = {"op": "replace", "path": "/text", "value": "x"}
        assert (await client.patch(f"{V2}/{conversation}/threads/{item['id']}", json=change)).status_code == 412

    async def test_a_thread_of_another_conversation_is_not_found(self, client: Client, given: Given) -> None:
        conversation, other = await given.conversation(), await given.conversation()
        (said,) = await threads(client, other)

        change = {"op": "replace", "path": "/text", "value": "x"}
        assert (await client.patch(f"{V2}/{conversation}/threads/{said['id']}", json=change)).status_code == 404
