"""An organization to belong to: its room has no operations yet, so the row is made here."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from deskhand.kernel.storage.statements import param, write
from deskhand.organizations.tables import organizations
from tests.given import Given

ADD = write(
    insert(organizations)
    .values({name: param(name) for name in ("name", "name_key", "created_at", "updated_at")})
    .returning(organizations.c.id)
)


@pytest.fixture
async def organization(given: Given) -> int:
    """Nimbus Bikes."""
    async with given.write() as tx:
        return await tx.insert(ADD, name="Nimbus Bikes", name_key="nimbus bikes", created_at=tx.now, updated_at=tx.now)
