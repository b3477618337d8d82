"""An account whose mail servers may be on this machine; an inbox that has mail, and letters that reach it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskhand.mail import checking
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.post import Post
from tests.mail.tokens import Tokens, giving_tokens

HERE = ("127.0.0.0/8",)


class NobodyKnows:
    """Name servers that have no record of anybody."""

    async def txt(self, name: str) -> list[str]:
        return []


@pytest.fixture(autouse=True)
def no_name_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test asks the name servers of the machine."""
    monkeypatch.setattr(checking, "SystemResolver", NobodyKnows)


@pytest.fixture
def settings(address: str, tmp_path: Path) -> Settings:
    return Settings(
        data=str(tmp_path / "data"),
        database=address,
        origin="https://desk.test",
        outbound_networks=HERE,
        mail_networks=HERE,
    )


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    with giving_tokens() as made:
        yield made


@pytest.fixture
async def post(given: Given, clock: MovableClock) -> Post:
    made = Post(given, clock)
    await made.begin()
    return made
