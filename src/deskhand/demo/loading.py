"""Writing the demo into an empty account: the desk through the product's own operations, the letters by a bulk path.

The bulk path writes other rooms' tables directly, which nothing else may; a test compares what it wrote with what the
operations would have kept (counts, folders, search).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

from msgspec import Struct

from deskhand.demo import conversations as letters
from deskhand.demo import world as imagine
from deskhand.demo.addresses import mix
from deskhand.demo.model import DemoConversation, DemoProperty, World
from deskhand.demo.places import Ids, Places
from deskhand.demo.rows import Rows
from deskhand.demo.tables import INSERTS, NUMBERED
from deskhand.demo.workflows import add_webhook, add_workflows
from deskhand.inboxes import operations as inboxes
from deskhand.inboxes import queries as inbox_queries
from deskhand.kernel.clock import Clock
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import Conflict
from deskhand.kernel.permissions import Role, system_actor
from deskhand.kernel.transaction import Transaction
from deskhand.oauth import operations as oauth
from deskhand.properties import operations as properties
from deskhand.properties import queries as property_queries
from deskhand.properties.model import NewOption, NewProperty, Owner, PropertyType
from deskhand.reports import operations as reports
from deskhand.tags import operations as tags
from deskhand.users import operations as users
from deskhand.users import queries as user_queries
from deskhand.users.operations import NewUser

BATCH = 500
YEAR = timedelta(days=400)
PASSWORD_BYTES = 9


class SignIn(Struct, frozen=True):
    """Somebody who can sign in to the demo."""

    email: str
    password: str
    role: str


class Application(Struct, frozen=True):
    """A ready API application of the demo's owner."""

    id: str
    secret: str


class Loaded(Struct, frozen=True):
    """What to tell whoever asked for the demo."""

    users: list[SignIn]
    application: Application


class Standing(Clock):
    """A clock that stands still: the desk was set up before its first letter."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        return self._moment


async def load(desk: Desk, seed: int, count: int, until: datetime, advance: Callable[[int], None]) -> Loaded:
    """Fill an empty account: ``count`` conversations over the year before ``until`` (UTC).

    ``advance`` is told how many conversations were written since the last call. Raises Conflict when the account is not
    empty. The same seed, count and moment give the same data, but for passwords, secrets and the application's id.
    """
    async with desk.reading(system_actor()) as view:
        if await inbox_queries.all_ids(view) or (await user_queries.page(view, "user", 1, 1))[1]:
            raise Conflict("the account is not empty: demo data goes into an empty one, for example 'deskhand demo --data NEW'")
    world = imagine(seed)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    real, desk.clock = desk.clock, Standing(until - YEAR)
    try:
        async with desk.writing(system_actor()) as tx:
            places, application = await _furnish(tx, world, await users.hashed(password))
            await add_workflows(tx, world, places)
            await add_webhook(tx, desk.seal, desk.outbound.rules, secrets.token_urlsafe(PASSWORD_BYTES))
        rows = Rows(world, places, Ids())
        stream = letters(world, count, until)
        while batch := list(islice(stream, BATCH)):
            await _write(desk, rows, batch)
            advance(len(batch))
        upto = await desk.database.settled_event()
        async with desk.writing(system_actor()) as tx:
            await tx.synchronise_numbers(NUMBERED)
            await reports.note(tx, upto)
    finally:
        desk.clock = real
    signed = [SignIn(user.email, password, user.role.value) for user in world.users]
    return Loaded(signed, application)


async def _furnish(tx: Transaction, world: World, password_hash: str) -> tuple[Places, Application]:
    """The people, teams, inboxes, fields, tags and the application; where each got to."""
    user_ids = [
        await users.create(
            tx,
            NewUser(
                first_name=user.first,
                last_name=user.last,
                email=user.email,
                role=Role(user.role.value),
                timezone=user.timezone,
                job_title=user.job_title,
                phone=user.phone,
                password_hash=password_hash,
            ),
        )
        for user in world.users
    ]
    inbox_ids = []
    for place, inbox in enumerate(world.inboxes):
        inbox_id = await inboxes.create(tx, inbox.name, inbox.email, slug=f"{world.seed:08x}{place:08x}"[-16:])
        inbox_ids.append(inbox_id)
        for user in inbox.users:
            await inboxes.grant(tx, inbox_id, user_ids[user])
    team_ids = []
    for team in world.teams:
        team_id = await users.create_team(tx, team.name, [user_ids[member] for member in team.members], timezone=team.timezone)
        team_ids.append(team_id)
        for place in team.inboxes:
            await inboxes.grant(tx, inbox_ids[place], team_id)
    field_ids, options = [], []
    for field in world.fields:
        field_id = await inboxes.create_field(
            tx,
            inbox_ids[field.inbox],
            field.name,
            field.type.value,
            required=field.required,
            options=list(field.options),
        )
        field_ids.append(field_id)
        defined = {each.id: each for each in await inbox_queries.fields(tx, inbox_ids[field.inbox])}
        options.append({option.label: str(option.id) for option in defined[field_id].options})
    tag_ids = [await tags.create(tx, tag.name, color=tag.color) for tag in world.tags]
    await _define(tx, world)
    client_id, secret = await oauth.register(tx, f"{world.company} demo", user_ids[0])
    await tx.finish_now()
    folder_ids = await tx.all(Rows.FOLDERS)
    folders = {(each.inbox_id, each.type, each.user_id): each.id for each in folder_ids}
    defined_for = {owner: {each.slug: each for each in await property_queries.all_of(tx, owner)} for owner in Owner}
    property_list = [defined_for[_owner(each)][each.slug] for each in world.properties]
    places = Places(user_ids, team_ids, inbox_ids, field_ids, options, tag_ids, property_list, folders)
    return places, Application(client_id, secret)


async def _define(tx: Transaction, world: World) -> None:
    """The properties; the keys of options follow from the seed."""
    for place, each in enumerate(world.properties):
        keys = (str(UUID(int=mix(world.seed + place) << 64 | mix(number))) for number in range(len(each.options)))
        options = tuple(NewOption(label, key) for label, key in zip(each.options, keys, strict=True))
        await properties.create(tx, _owner(each), NewProperty(each.slug, PropertyType(each.type.value), each.name, options))


def _owner(it: DemoProperty) -> Owner:
    return Owner.ORGANIZATION if it.of_organizations else Owner.CUSTOMER


async def _write(desk: Desk, rows: Rows, batch: list[DemoConversation]) -> None:
    made = rows.of(batch)
    for content in made.files.values():
        await desk.blobs.put(content)
    async with desk.writing(system_actor()) as tx:
        for name, statement in INSERTS.items():
            if made.tables[name]:
                await tx.write_many(statement, made.tables[name])
        for (name, spread), change in made.counts.items():
            tx.count(name, change, spread=spread)
