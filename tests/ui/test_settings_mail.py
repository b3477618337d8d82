"""An inbox is connected to servers on this machine, and its domain looked at."""

from __future__ import annotations

import pytest
from msgspec import structs

from deskhand.mail import checking
from deskhand.settings import Settings
from tests.given import Given
from tests.mail.sending.peers import peer
from tests.mail.sending.test_checking import Zone
from tests.ui.conftest import Browser


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return structs.replace(settings, mail_networks=("127.0.0.0/8",))


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        ({"_dmarc.desk.test": ["v=DMARC1; p=reject"]}, "missing or wrong: SPF, DKIM. See"),
        ({"desk.test": ["v=spf1 +all"]}, "missing or wrong: SPF, DKIM, DMARC. See"),
    ],
)
async def test_connecting_tells_what_a_domain_lacks(
    given: Given, ines: Browser, monkeypatch: pytest.MonkeyPatch, texts: dict[str, list[str]], told: str
) -> None:
    monkeypatch.setattr(checking, "SystemResolver", lambda: Zone(texts))
    async with peer() as there:
        form = {
            "form": "out",
            "out-host": "127.0.0.1",
            "out-port": str(there.port),
            "out-security": "none",
            "out-nobody": "yes",
        }
        done = await ines.post(f"/settings/inboxes/{given.inbox}/mail", data=form, follow_redirects=True)
    assert "It works." in done.text
    assert told in done.text
