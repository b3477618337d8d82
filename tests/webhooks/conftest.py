"""What webhook tests share: a receiver, an account that may reach it, and who subscribes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from deskhand.app import App
from deskhand.settings import Settings
from deskhand.webhooks.sending import Sender
from tests.given import Client
from tests.webhooks.receiver import SECRET, Receiver, receiving


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    plain = Settings(data=str(tmp_path / "data"), database=address, origin="https://desk.test")
    return structs.replace(plain, outbound_networks=("127.0.0.0/8",))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as made:
        yield made


@pytest.fixture
def sender(app: App) -> Sender:
    """Sends when a test says so."""
    return app.sender


class Hooks:
    """Subscribes through the API."""

    def __init__(self, client: Client) -> None:
        self.client = client

    async def add(self, url: str, *events: str, **more: Any) -> int:
        body = {"url": url, "events": list(events), "secret": SECRET, **more}
        made = await self.client.post("/v2/webhooks", json=body)
        assert made.status_code == 201, made.text
        return int(made.headers["resource-id"])

    async def get(self, webhook_id: int) -> Any:
        return (await self.client.get(f"/v2/webhooks/{webhook_id}")).json()

    async def deliveries(self, **query: Any) -> list[Any]:
        """The ledger, oldest first."""
        got = await self.client.get("/deskhand/v1/webhook-deliveries", params=query)
        assert got.status_code == 200, got.text
        return list(reversed(got.json().get("_embedded", {}).get("deliveries", [])))


@pytest.fixture
def hooks(client: Client) -> Hooks:
    return Hooks(client)
