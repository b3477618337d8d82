"""An account with something of everything, and places to move it to."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs
from sqlalchemy import insert

from deskhand.conversations import jobs as conversation_jobs
from deskhand.conversations.model import ConversationCreated, ThreadType
from deskhand.conversations.operations import merging
from deskhand.kernel.storage.statements import param, write
from deskhand.mail.connecting.keys import new_key
from deskhand.mail.model import Authentication, Direction, Options, Secrets, Security
from deskhand.mail.operations import connecting, cursors
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.operations.brakes import hush
from deskhand.mail.operations.connecting import NewConnection
from deskhand.mail.queries.cursors import Cursor
from deskhand.properties.model import Owner, PropertyType
from deskhand.webhooks.tables import attempts
from tests.conftest import DATABASES, MovableClock
from tests.contract.whole import Whole, whole
from tests.given import Given
from tests.mail.post import Post, letter
from tests.moving.accounts import Places

KEY = new_key()  # once: making one takes a while
TRIED = write(
    insert(attempts).values(
        delivery_id=param("delivery_id"),
        at=param("at"),
        milliseconds=12,
        url="https://hooks.test/in",
        sent_headers={"Content-Type": "application/json"},
        status=500,
        headers={},
        body=b"\x00\xff",
        is_cut=False,
    )
)


@pytest.fixture
async def vault(given: Given) -> Whole:
    """One of everything, and what else has rows of its own: values, options, routing, a status, a run, a try of a delivery."""
    made = await whole(given)
    for owner in Owner:
        await given.property(owner, "plan", PropertyType.DROPDOWN, "Gold", "Tin")
    async with given.client(given.owner) as client:
        changed = [
            await client.patch(
                f"/v2/customers/{made.customer}/properties", json=[{"op": "replace", "path": "/club", "value": "Ride"}]
            ),
            await client.put(f"/v2/organizations/{made.organization}/properties/club", json={"value": "Ride"}),
            await client.put(
                f"/v2/mailboxes/{made.inbox}/routing",
                json={"state": "enabled", "assignmentLimit": 5, "assignmentMethod": "balanced", "userIds": [made.worker]},
            ),
            await client.put(f"/v2/users/{made.worker}/status", json={"status": "away"}),
            await client.put(f"/deskhand/v1/customers/{made.customer}/pictures"),
            await client.post(f"/v2/workflows/{made.manual}/run", json={"conversationIds": [made.conversation]}),
        ]
        note = await given.field("Note", "singleline", inbox=made.inbox)
        fields = {"fields": [{"id": note, "value": "Blue"}]}
        changed.append(await client.put(f"/v2/conversations/{made.conversation}/fields", json=fields))
    assert {each.status_code // 100 for each in changed} == {2}, [each.text for each in changed]
    async with given.write(given.owner) as tx:
        await merging.merge(tx, made.twin, into=made.conversation)
    waits = await given.conversation(inbox=made.inbox)
    await conversation_jobs.route(given.desk, ConversationCreated(conversation_id=waits))
    async with given.write() as tx:
        await tx.write(TRIED, delivery_id=made.delivery, at=tx.instant)
    await _mail(given, made.inbox)
    return made


async def _mail(given: Given, inbox_id: int) -> None:
    """An inbox with mail: servers, a key, a letter that came, an answer that waits to leave, an address that gets nothing."""
    server = NewConnection(
        host="mail.desk.test",
        port=993,
        security=Security.TLS,
        authentication=Authentication.PASSWORD,
        username="help",
        secrets=Secrets(password="p1"),
    )
    async with given.write() as tx:
        await mail.want(tx, inbox_id, Options(undo_seconds=30, trusted_servers=["mx.desk.test"]))
        await connecting.connect(tx, inbox_id, Direction.IN, server)
        await connecting.connect(tx, inbox_id, Direction.OUT, structs.replace(server, port=465))
        await mail.keep_key(tx, inbox_id, selector="desk", secret=KEY)
        await cursors.go_on(tx, None, Cursor(inbox_id, "INBOX", 7, 12, 12, 13, tx.instant))
        await hush(tx, "robot@mail.test", "it answers everything")
    post = Post(given, MovableClock())
    seen = await post.bring(letter(Message_ID="<a@mail.test>", files={"a.bin": b"\0\xff"}), inbox=inbox_id)
    await post.take(letter(Message_ID="<held@mail.test>"), inbox=inbox_id, reason="to be looked at")
    await given.thread(seen.conversation_id or 0, ThreadType.MESSAGE, "On its way.")


@pytest.fixture
def places(request: pytest.FixtureRequest, tmp_path: Path) -> Places:
    return Places(request, tmp_path, DATABASES)
