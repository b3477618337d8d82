"""What tests begin with: people, inboxes, customers and conversations, made through the product's own operations."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import httpx

from deskhand.access import actor_of
from deskhand.app import App
from deskhand.conversations.model import ConversationType, Status, ThreadType
from deskhand.conversations.operations import creating, threads
from deskhand.conversations.operations.entries import NewThread
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven, CustomerRef
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import Actor, Permission, Role, system_actor
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.oauth import operations as oauth
from deskhand.oauth import queries as oauth_queries
from deskhand.organizations import operations as organizations
from deskhand.organizations.model import Details
from deskhand.properties import operations as properties
from deskhand.properties.model import NewOption, NewProperty, Owner, PropertyType
from deskhand.users import operations as users
from deskhand.users.operations import NewUser

Client = httpx.AsyncClient
ORIGIN = "https://desk.test"
YEARS_SECONDS = 200 * 365 * 86_400  # tokens outlive whatever a test does to its clock


class Given:
    """Builders; every one commits."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.desk = app.desk
        self.owner = 0
        self.inbox = 0

    async def begin(self) -> None:
        """An owner and an inbox called Help."""
        self.owner = await self.user("Ines", "Okafor", role=Role.OWNER)
        self.inbox = await self.new_inbox("Help")

    async def user(
        self, first: str = "Ona", last: str = "Bell", *, role: Role = Role.USER, may: tuple[Permission, ...] = ()
    ) -> int:
        """A user who is active; ``may`` is granted beside the role."""
        async with self.write() as tx:
            new = NewUser(
                first_name=first,
                last_name=last,
                email=f"{first.lower()}.{secrets.token_hex(3)}@desk.test",
                role=role,
                password_hash="none",
                granted=[each.value for each in may],
            )
            return await users.create(tx, new)

    async def team(self, name: str, members: list[int]) -> int:
        async with self.write() as tx:
            return await users.create_team(tx, name, members)

    async def new_inbox(self, name: str, *, workers: tuple[int, ...] = (), **given: Any) -> int:
        """An inbox, and who works in it."""
        async with self.write() as tx:
            inbox_id = await inboxes.create(tx, name, f"{name.lower()}@desk.test", **given)
            for each in workers:
                await inboxes.grant(tx, inbox_id, each)
            return inbox_id

    async def grant(self, inbox_id: int, user_id: int) -> None:
        """Let a user or team work in an inbox."""
        async with self.write() as tx:
            await inboxes.grant(tx, inbox_id, user_id)

    async def field(self, name: str, type_: str, *, options: list[str] | None = None, inbox: int | None = None) -> int:
        """A custom field of the inbox."""
        async with self.write() as tx:
            return await inboxes.create_field(tx, inbox or self.inbox, name, type_, options=options)

    async def customer(self, email: str = "", first: str = "Pavel", last: str = "Lund") -> CustomerRef:
        async with self.write() as tx:
            email = email or f"{first.lower()}.{secrets.token_hex(3)}@mail.test"
            return await customers.find_or_create(tx, CustomerGiven(email=email, first_name=first, last_name=last), "")

    async def organization(self, name: str, *domains: str) -> int:
        async with self.write() as tx:
            return await organizations.create(tx, Details(name=name, domains=domains))

    async def property(self, owner: Owner, slug: str, type_: PropertyType, *options: str) -> None:
        """A property of customers or organizations; its name is the slug."""
        async with self.write() as tx:
            new = NewProperty(slug, type_, slug, tuple(NewOption(label) for label in options))
            await properties.create(tx, owner, new)

    async def conversation(
        self,
        *,
        subject: str = "Parcel never left the depot",
        text: str = "Hello, the tracking page has not moved.",
        status: Status = Status.ACTIVE,
        customer: CustomerRef | None = None,
        inbox: int | None = None,
        by: int | None = None,
        said: list[NewThread] | None = None,
        **more: Any,
    ) -> int:
        """A conversation; without ``said`` its only thread is the customer's ``text``."""
        customer = customer or await self.customer()
        async with self.write(by or self.owner) as tx:
            began = await creating.create(
                tx,
                creating.NewConversation(
                    inbox_id=inbox or self.inbox,
                    type=ConversationType.EMAIL,
                    status=status,
                    subject=subject,
                    customer=customer,
                    threads=said or [NewThread(type=ThreadType.CUSTOMER, text=text, customer=customer)],
                    **more,
                ),
            )
            return began.id

    async def thread(self, conversation_id: int, type_: ThreadType, text: str = "More.", **more: Any) -> int:
        async with self.write(more.pop("by", self.owner)) as tx:
            return await threads.add(tx, conversation_id, NewThread(type=type_, text=text, **more))

    async def token(self, user_id: int) -> str:
        """An access token that acts as the user."""
        async with self.write() as tx:
            client_id, _ = await oauth.register(tx, "Test", user_id)
            application = await oauth_queries.application(tx, client_id)
            assert application is not None
            return (await oauth.grant_to_owner(tx, application, YEARS_SECONDS)).access

    @asynccontextmanager
    async def client(self, user_id: int | None, **headers: str) -> AsyncIterator[Client]:
        """An API client with a user's token; with None without a token."""
        if user_id is not None:
            headers["Authorization"] = f"Bearer {await self.token(user_id)}"
        transport = httpx.ASGITransport(self.app.door, raise_app_exceptions=False)  # type: ignore[arg-type]
        async with Client(transport=transport, base_url=ORIGIN, headers=headers) as made:
            yield made

    @asynccontextmanager
    async def write(self, user_id: int | None = None) -> AsyncIterator[Transaction]:
        """An operation by a user; with None by the desk itself."""
        async with self.desk.writing(await self.actor(user_id)) as tx:
            yield tx

    @asynccontextmanager
    async def read(self, user_id: int | None = None) -> AsyncIterator[Snapshot]:
        """A read by a user; with None by the desk itself."""
        async with self.desk.reading(await self.actor(user_id)) as view:
            yield view

    async def actor(self, user_id: int | None) -> Actor:
        if user_id is None:
            return system_actor()
        async with self.desk.reading(system_actor()) as view:
            found = await actor_of(view, user_id)
        assert found is not None
        return found


def later(moment: datetime) -> str:
    """A moment as the wire has it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
