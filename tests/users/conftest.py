"""What tests of people share."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from deskhand.users.operations import passwords


@pytest.fixture(autouse=True)
def hashes_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed as weakly as tests need it."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
