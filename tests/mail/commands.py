"""Commands on an account of their own, in this process, as tests/cli does it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from deskhand.migrations.run import upgrade
from tests.cli.test_commands import Done


class Account:
    """An account that commands work on."""

    def __init__(self, folder: Path) -> None:
        self.data = folder / "data"
        self.data.mkdir()
        asyncio.run(upgrade(f"sqlite:///{self.data / 'deskhand.db'}"))
        self.variables = {"DESKHAND_MAIL_NETWORKS": "127.0.0.0/8", "DESKHAND_OUTBOUND_NETWORKS": "127.0.0.0/8"}

    def do(self, *words: str, typed: str | bytes = "", fails: int = 0, **more: str) -> str:
        """What a command says; it must end as told."""
        done = Done(*words, data=self.data, typed=typed, **(self.variables | more))
        assert done.code == fails, (done.code, done.out, done.err)
        return done.err if fails else done.out
