"""The document of the API and the page made of it: valid, whole, not stale, readable without a network."""

from __future__ import annotations

import html
import json
import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from deskhand.app import App, api_document
from tests.contract.raw import send
from tests.contract.whole import ROUTES

DOCUMENT = api_document()
OPERATIONS = [
    (f"{method.upper()} {path}", told) for path, methods in DOCUMENT["paths"].items() for method, told in methods.items()
]
COMMITTED = Path(__file__).parents[2] / "docs" / "openapi.json"
WITHOUT_EXAMPLE = {
    "POST /deskhand/v1/conversations/bulk",  # its example is of what is sent
    "GET /v2/conversations/{conversationId}/attachments/{attachmentId}/file",  # a file's bytes
    "GET /v2/conversations/{conversationId}/threads/{threadId}/original-source",
    "GET /v2/mailboxes/{mailboxId}/folders",
    "GET /v2/mailboxes/{mailboxId}/folders/{folderId}",
    "POST /deskhand/v1/webhook-deliveries/replay",  # the example is the body's
    "POST /deskhand/v1/workflows/dry-run",  # as here
    "POST /deskhand/v1/workflows/{workflowId}/dry-run",
    "POST /deskhand/v1/workflows/{workflowId}/replay",
    "POST /deskhand/v1/chats",  # theirs is of the body
    "PUT /deskhand/v1/chats/{chatId}/customer-messages/{messageId}",
    "PUT /deskhand/v1/conversations/{conversationId}/writings/{kind}",
    "PUT /deskhand/v1/mailboxes/{mailboxId}/writing",
    "PUT /v2/chats/{chatId}/messages/{messageId}",
}
CANNOT_BE_WRONG = {"GET /chat/v1/{chatId}", "GET /v2/users/me"}
REPORTED = {"GET /v2/conversations/{conversationId}/attachments/{attachmentId}/data"}
"""Their examples lack something; told to the room."""


def test_it_is_valid() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(DOCUMENT).validate()


def test_the_committed_copy_is_not_stale() -> None:
    assert json.loads(COMMITTED.read_text()) == DOCUMENT, "run: deskhand openapi > docs/openapi.json"


def test_the_command_prints_it() -> None:
    done = subprocess.run([sys.executable, "-m", "deskhand.cli", "openapi"], capture_output=True, text=True, check=True)

    assert json.loads(done.stdout) == DOCUMENT


def test_every_route_of_the_api_is_in_it() -> None:
    wanted = {name for name, _, endpoint in ROUTES if endpoint.documented}

    assert {name for name, _ in OPERATIONS} == wanted
    assert len({told["operationId"] for _, told in OPERATIONS}) == len(OPERATIONS)
    undocumented = {name for name, path, _ in ROUTES if path.startswith(("/v2", "/v3"))} - wanted
    assert undocumented == set()


@pytest.mark.parametrize(("name", "told"), OPERATIONS)
def test_an_operation_is_told_whole(name: str, told: dict[str, Any]) -> None:
    assert re.fullmatch(r"[A-Z][\w ]+", told["summary"])
    assert told["description"].endswith("."), "a sentence"
    assert "``" not in told["description"]
    assert told["tags"]
    assert [each["name"] for each in told["parameters"] if each["in"] == "path"] == re.findall(r"\{(\w+)\}", name)
    for content in told.get("requestBody", {}).get("content", {}).values():
        assert content["schema"]
        assert "example" in content
    successes = {status: each for status, each in told["responses"].items() if status < "300"}
    assert successes
    for answer in successes.values():
        for kind, content in answer.get("content", {}).items():
            assert content["schema"]
            assert "example" in content or kind == "*/*" or name in WITHOUT_EXAMPLE
    can_be_wrong = "requestBody" in told or any(
        each["in"] == "query" or "format" in each["schema"] for each in told["parameters"]
    )
    assert name in CANNOT_BE_WRONG or {"401"} | ({"400"} if can_be_wrong else set()) <= set(told["responses"])
    if told.get("security") != []:
        assert {"401", "403", "429"} <= set(told["responses"])


@pytest.mark.parametrize(("name", "told"), OPERATIONS)
def test_examples_are_what_their_shapes_say(name: str, told: dict[str, Any]) -> None:
    bodies = told.get("requestBody", {}).get("content", {}).values()
    answers = [each for answer in told["responses"].values() for each in answer.get("content", {}).values()]
    for content in [*bodies, *answers]:
        if "example" in content and name not in REPORTED:
            schema = {**content["schema"], "components": DOCUMENT["components"]}
            jsonschema_rs.validate(schema, content["example"])


def test_every_reference_leads_somewhere_and_nothing_is_left_over() -> None:
    text = json.dumps(DOCUMENT)
    for section, named in DOCUMENT["components"].items():
        for name in named:
            assert section == "securitySchemes" or f'"#/components/{section}/{name}"' in text or name == "Refused400", name
            assert re.fullmatch(r"[A-Za-z0-9-]+", name)
    for section, name in re.findall(r'"#/components/(\w+)/([^"]+)"', text):
        assert name in DOCUMENT["components"][section]


async def test_it_is_served_with_this_servers_origin_and_without_a_token(app: App) -> None:
    got = await send(app.door, "GET", "/openapi.json")

    assert got.status == 200
    assert got.headers["content-type"] == "application/json; charset=utf-8"
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.json() == DOCUMENT | {"servers": [{"url": "https://desk.test"}]}


class Page(HTMLParser):
    """What a browser would ask for, and what can be jumped to."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []
        self.ids: list[str] = []
        self.jumps: list[str] = []
        self.tags: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.styles += "style" in given or tag == "style"
        if tag == "link" or "src" in given:
            self.asked.append(given.get("href") or given.get("src") or "")
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and str(given.get("href")).startswith("#"):
            self.jumps.append(str(given["href"])[1:])


async def test_the_page_shows_every_endpoint_and_asks_nobody_else(app: App) -> None:
    got = await send(app.door, "GET", "/docs")
    text = got.body.decode()
    page = Page()
    page.feed(text)

    assert got.status == 200
    assert got.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in got.headers["content-security-policy"]
    assert page.asked
    assert all(address.startswith("/static/") for address in page.asked)
    assert "script" not in page.tags
    assert page.styles == 0
    assert len(page.ids) == len(set(page.ids))
    assert set(page.jumps) <= set(page.ids)
    for name, told in OPERATIONS:
        assert told["operationId"] in page.ids
        assert f"<code>{name.partition(' ')[2].replace('/', '&#x2f;')}</code>" in text or name.partition(" ")[2] in text
        assert told["summary"] in text
    for address in page.asked:
        assert (await send(app.door, "GET", address)).status == 200, address


async def test_the_page_can_be_read_with_a_screen_reader(app: App) -> None:
    page = Page()
    page.feed((await send(app.door, "GET", "/docs")).body.decode())

    assert page.tags.count("h1") == 1
    assert page.tags.count("main") == 1
    assert page.tags.count("nav") == 1
    assert page.tags.count("caption") == page.tags.count("table")


async def test_a_curl_line_is_what_a_shell_understands(app: App) -> None:
    text = (await send(app.door, "GET", "/docs")).body.decode()
    lines = [html.unescape(found) for found in re.findall(r"<code>(curl .*?)</code>", text, re.DOTALL)]

    assert len(lines) == len(OPERATIONS)
    for line in lines:
        words = shlex.split(line.replace("\\\n", " "))
        assert re.match(r"https://desk\.test/(v2|v3|chat/v1|deskhand/v1)/", words[1])
        if "-d" in words:
            json.loads(words[words.index("-d") + 1])
