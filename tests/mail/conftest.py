"""An account whose mail servers may be on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskhand.settings import Settings
from tests.mail.tokens import Tokens, giving_tokens

HERE = ("127.0.0.0/8",)


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
