"""The API against its own document: whatever schemathesis makes of it, answers are as documented and never 5xx.

``DESKHAND_SCHEMATHESIS_EXAMPLES=1000`` is the long run of R15; the usual one is short and the same each time.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from deskhand.app import api_routes
from deskhand.kernel.http.openapi import document
from deskhand.settings import Settings
from tests.conftest import DATABASES
from tests.contract.serving import Served, serving
from tests.contract.whole import REPORTS, SEGMENTS, SLUG, Whole, whole
from tests.given import Given
from tests.postgres import PostgresServer

EXAMPLES = int(os.environ.get("DESKHAND_SCHEMATHESIS_EXAMPLES", "12"))
LONG = EXAMPLES > 100
CHECKS: Any = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]

DOCUMENT = document(api_routes(), "0")
SCHEMA: Any = schemathesis.openapi.from_dict(DOCUMENT)
Operation = APIOperation[Any, Any, Any, Any]
OPERATIONS: list[Operation] = sorted(
    (each.ok() for each in SCHEMA.get_all_operations()),
    # What changes or takes things comes late, so that the others still find them as they were.
    key=lambda each: (["get", "post", "put", "patch", "delete"].index(each.method.lower()), -each.path.count("/"), each.path),
)

SEEN: defaultdict[str, Counter[int]] = defaultdict(Counter)
NUMBERS = count(1)
ONCE = ("pavel.lund@mail.example", "Lund Cykler", "lund.example", "lundcykler.example")
"""Of the examples: what nobody may have twice."""

HARD = {
    "DELETE /deskhand/v1/sessions/{name}",  # nobody is signed in with a browser
    "DELETE /v2/conversations/{conversationId}/threads/{threadId}/schedule",  # sent by the PATCH before
    "PATCH /v2/customers/{customerId}",  # its example removes an entry that is not there
    "PATCH /v2/customers/{customerId}/properties",  # its example names a property that is not there
    "POST /v2/customers/{customerId}/address",  # the customer has one
    "POST /deskhand/v1/conversations/{conversationId}/merge",  # nobody guesses the other's id
    "POST /deskhand/v1/conversations/{conversationId}/unmerge",  # and so nothing is merged
    "POST /deskhand/v1/conversations/{conversationId}/threads/{threadId}/recall",  # by then it is too late, or a colleague's
    "POST /deskhand/v1/conversations/{conversationId}/restore",  # it is not deleted when its turn comes
    "POST /deskhand/v1/customers/{customerId}/merge",
    "GET /deskhand/v1/workflows/{workflowId}/why",  # nobody guesses a conversation
    "GET /v3/conversations/search",  # nobody guesses a strict query
    "GET /v3/system-users/{systemUserId}",  # there are none
    "POST /v2/oauth2/token",  # nobody guesses a secret
    "POST /deskhand/v1/conversations/{conversationId}/writings/{kind}/send",  # nobody guesses a version
    "POST /deskhand/v1/mailboxes/{mailboxId}/writing/send",
    "PUT /deskhand/v1/conversations/{conversationId}/writings/{kind}",
    "PUT /deskhand/v1/mailboxes/{mailboxId}/writing",
}
"""What chance does not get right in a short run; tests of the rooms do."""


SAYING = ("reply", "notes", "customer", "chats", "phones")
"""Each has a conversation of its own, for a long run fills it."""


class Filled:
    """A server with one of everything, and the owner's session."""

    def __init__(self, served: Served) -> None:
        self.url = served.url
        self.whole, token, self.talks = served.run(_fill)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def real(self, path: str) -> dict[str, int | str]:
        """Ids and slugs of things that exist, for the path's parameters."""
        it: Whole = self.whole
        segment = path.split("/{entryId}")[0].rpartition("/")[2]
        known: dict[str, int | str] = {
            "conversationId": self.talks.get(path.rpartition("/")[2], it.conversation),
            "threadId": it.draft if path.endswith("/schedule") else it.thread,
            "attachmentId": it.attachment_of(path),
            "customerId": it.customer,
            "organizationId": it.organization,
            "slug": SLUG,
            "entryId": it.entries[SEGMENTS[segment]] if segment in SEGMENTS else 0,
            "mailboxId": it.inbox,
            "folderId": it.folder,
            "tagId": it.tag,
            "teamId": it.team,
            "userId": it.colleague,
            "replyId": it.saved_reply,
            "ratingId": it.rating,
            "chatId": it.chat,
            "workflowId": it.manual if path.endswith("/run") else it.workflow,
            "messageId": str(uuid.uuid4()),
            "viewId": it.saved_view,
            "kind": "reply",
        }
        return {name: value for name, value in known.items() if f"{{{name}}}" in path}

    def ask(self, path: str, query: dict[str, Any]) -> None:
        """Let a report be about somebody, and its intervals begin before they end."""
        if not path.startswith(REPORTS):
            return
        if "user" in query:
            query["user"] = self.whole.worker
        for first, last in (("start", "end"), ("previousStart", "previousEnd")):
            if isinstance(query.get(first), str) and isinstance(query.get(last), str):
                query[first], query[last] = sorted((query[first], query[last]))
            elif first != "start":
                query.pop(first, None)
                query.pop(last, None)

    def settle(self, body: Any) -> Any:
        """The same body about things that exist."""
        if isinstance(body, list):
            return [self.settle(each) for each in body]
        if body in ONCE:
            return f"x{next(NUMBERS)}.{body}"
        if not isinstance(body, dict):
            return body
        known: dict[str, Any] = {
            "mailboxId": self.whole.inbox,
            "user": self.whole.worker,
            "assignTo": self.whole.worker,
            "userIds": [self.whole.worker],
            "conversationIds": [self.whole.conversation],
            "ids": [self.whole.workflow],
        }
        settled = {name: known.get(name, self.settle(value)) for name, value in body.items()}
        if isinstance(settled.get("fields"), list):
            settled["fields"] = []
        if isinstance(settled.get("customer"), dict) and "id" in settled["customer"]:
            settled["customer"] = settled["customer"] | {"id": self.whole.customer}
        return settled


async def _fill(given: Given) -> tuple[Whole, str, dict[str, int]]:
    await given.begin()
    filled = await whole(given)
    talks = {each: await given.conversation(inbox=filled.inbox) for each in SAYING}
    return filled, await given.token(given.owner), talks


@pytest.fixture(scope="module")
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Filled]]:
    """One on each database: making a request takes longer than answering it, so each is sent to both."""
    with ExitStack() as running:
        found = []
        for kind in DATABASES:
            folder: Path = tmp_path_factory.mktemp(kind)
            if kind == "sqlite":
                shutil.copy(request.getfixturevalue("sqlite_template"), folder / "deskhand.db")
                address = f"sqlite:///{folder / 'deskhand.db'}"
            else:
                server: PostgresServer = request.getfixturevalue("postgres")
                address = server.new_database(like=request.getfixturevalue("postgres_template"))
            found.append(Filled(running.enter_context(serving(Settings(data=str(folder), database=address)))))
        yield found


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.label)
def test_answers_are_as_documented(servers: list[Filled], operation: Operation) -> None:
    cases = [operation.as_strategy(GenerationMode.POSITIVE)]
    if operation.body or operation.query or operation.path_parameters:
        cases.append(operation.as_strategy(GenerationMode.NEGATIVE))
    cases += [
        operation.as_strategy(GenerationMode.POSITIVE, body=example, media_type=kind) for kind, example in _examples(operation)
    ]

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=not LONG,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate] if not LONG else [Phase.generate, Phase.shrink],
    )
    @given(case=st.one_of(cases), hits=st.sampled_from([True, True, True, False]))
    def holds(case: Case[Any], hits: bool) -> None:
        if case.query:
            case.query.pop("wait", None)  # half a minute each, and nothing would come
        for each in servers:
            if hits:
                case.path_parameters.update(each.real(operation.path))
                each.ask(operation.path, case.query)
                if isinstance(case.body, (dict, list)):
                    case.body = each.settle(case.body)
            got = case.call_and_validate(each.url, session=each.session, checks=CHECKS)
            SEEN[operation.label][got.status_code] += 1

    holds()


def _examples(operation: Operation) -> list[tuple[str, Any]]:
    content = DOCUMENT["paths"][operation.path][operation.method.lower()].get("requestBody", {}).get("content", {})
    return [(kind, each["example"]) for kind, each in content.items() if "example" in each]


def test_it_was_no_empty_exercise(servers: list[Filled]) -> None:
    """Most operations succeeded at least once, so that what they answer has been compared."""
    if len(SEEN) < len(OPERATIONS):
        pytest.skip("only some operations were run")
    never = {label for label, found in SEEN.items() if not any(status < 300 for status in found)}

    assert never <= HARD, dict(SEEN)
