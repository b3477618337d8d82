"""The database is away while a message is on its way: what a server took is noted as soon as it is back, and sent once."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from deskhand.app import App
from deskhand.kernel.errors import Unavailable
from deskhand.mail.operations import tries
from deskhand.mail.sending import sender as sending
from deskhand.mail.sending.sender import MailSender
from tests.given import Given
from tests.mail.sending.conftest import Mail
from tests.mail.sending.peers import Peer


async def test_what_a_server_took_is_noted_when_the_database_is_back(
    mail: Mail, server: Peer, sender: MailSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, away = tries.note, [1, 2, 3]

    async def restarting(*them: Any) -> bool:
        if away:
            away.pop()
            raise Unavailable("the database restarts")
        return await note(*them)

    monkeypatch.setattr(tries, "note", restarting)
    monkeypatch.setattr(sending, "NOTES_AGAIN_SECONDS", 0.01)
    await mail.through(server.port)
    await mail.leaves()
    await sender.run_due()

    assert len(server.got) == 1
    assert await mail.states() == ["sent"]


async def test_a_lease_that_could_not_be_renewed_is_renewed_the_next_time(
    app: App, given: Given, mail: Mail, sender: MailSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    await mail.begin()
    await mail.leaves()
    async with given.write() as tx:
        it = await tries.claim(tx, given.inbox, sender._token)
    assert it is not None
    writing, away = app.desk.writing, [1]

    def restarting(*them: Any, **more: Any) -> Any:
        if away:
            away.pop()
            raise Unavailable("the database restarts")
        return writing(*them, **more)

    monkeypatch.setattr(app.desk, "writing", restarting)
    monkeypatch.setattr(sending, "LEASE_SECONDS", 0.3)
    renewing = asyncio.create_task(sender._renew(it))
    await asyncio.wait([renewing], timeout=0.5)
    renewing.cancel()
    await asyncio.wait([renewing])

    assert away == []
    now = (await mail.only()).leased_until
    assert now is not None
    assert it.leased_until is not None
    assert now > it.leased_until
