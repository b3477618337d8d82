"""Reading properties; they belong to the account, so everybody with a token sees them. There are 50 at most."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import func, select

from deskhand.kernel.errors import NotFound
from deskhand.kernel.storage.statements import param, read
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.properties.model import Option, Owner, Property, PropertyType, is_slug
from deskhand.properties.tables import properties, property_options


class Definition(Struct, frozen=True):
    """A property without its options."""

    id: int
    owner: Owner
    slug: str
    type: PropertyType
    name: str


class Choice(Struct, frozen=True):
    """An option of some dropdown."""

    property_id: int
    id: int
    key: str
    label: str


p, o = properties.c, property_options.c
_definition = select(*(p[name] for name in Definition.__struct_fields__)).where(p.owner == param("owner"))
LISTED = read(_definition.order_by(p.id), Definition)
ONE = read(_definition.where(p.slug == param("slug")), Definition)
LOCK = read(_definition.where(p.slug == param("slug")).with_for_update(), Definition)
COUNT = read(select(func.count()).select_from(properties).where(p.owner == param("owner")), int)
OPTIONS = read(
    select(*(o[name] for name in Choice.__struct_fields__))
    .join_from(property_options, properties, p.id == o.property_id)
    .where(p.owner == param("owner"))
    .order_by(o.property_id, o.position, o.id),
    Choice,
)


async def all_of(view: Snapshot, owner: Owner) -> list[Property]:
    """Every property of customers, or of organizations, oldest first."""
    return await _with_options(view, owner, await view.all(LISTED, owner=owner))


async def get(view: Snapshot, owner: Owner, slug: str) -> Property:
    """A property by its slug. Raises NotFound."""
    found = await view.all(ONE, owner=owner, slug=slug) if is_slug(slug) else []
    return await _only(view, owner, found)


async def locked(tx: Transaction, owner: Owner, slug: str) -> Property:
    """A property that is going to be changed: nobody else changes it before the operation ends. Raises NotFound."""
    found = await tx.all(LOCK, owner=owner, slug=slug) if is_slug(slug) else []
    return await _only(tx, owner, found)


async def _only(view: Snapshot, owner: Owner, found: list[Definition]) -> Property:
    if not found:
        raise NotFound("Not found")
    return (await _with_options(view, owner, found))[0]


async def _with_options(view: Snapshot, owner: Owner, found: list[Definition]) -> list[Property]:
    options: dict[int, list[Option]] = {}
    if any(each.type is PropertyType.DROPDOWN for each in found):
        for each in await view.all(OPTIONS, owner=owner):
            options.setdefault(each.property_id, []).append(Option(each.id, each.key, each.label))
    return [Property(it.id, it.owner, it.slug, it.type, it.name, options.get(it.id, [])) for it in found]
