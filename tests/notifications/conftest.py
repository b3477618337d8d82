"""What tests of notifications share: people with wishes, and what they were told."""

from __future__ import annotations

import pytest
from msgspec import Struct

from deskhand.notifications import queries
from deskhand.users import operations as users
from deskhand.users.model import Occasion
from tests.given import Given


class Told(Struct):
    """Says what people want, and looks at what they got."""

    given: Given

    async def wants(self, user_id: int, *occasions: Occasion) -> None:
        """In the browser; by mail nothing."""
        async with self.given.write(user_id) as tx:
            await users.choose_notifications(tx, in_browser=occasions, by_mail=())

    async def worker(self, first: str, *occasions: Occasion) -> int:
        """A user who works in the inbox; without occasions they want what is usual."""
        user_id = await self.given.user(first)
        await self.given.grant(self.given.inbox, user_id)
        if occasions:
            await self.wants(user_id, *occasions)
        return user_id

    async def of(self, user_id: int) -> list[str]:
        """As what they were told, oldest first."""
        async with self.given.read(user_id) as view:
            return [each.occasion.value for each in reversed(await queries.page(view, 100))]


@pytest.fixture
def told(given: Given) -> Told:
    return Told(given)
