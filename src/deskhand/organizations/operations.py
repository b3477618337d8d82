"""Organizations (contract 51 §2, §4). Who belongs to one is decided with the customers; they tell what to count here."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import UNSET
from sqlalchemy import delete as delete_from
from sqlalchemy import insert, update

from deskhand.kernel.errors import Conflict, Invalid, NotFound
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.statements import param, upsert, write
from deskhand.kernel.transaction import Transaction
from deskhand.organizations import queries
from deskhand.organizations.model import (
    COUNT,
    Details,
    OrganizationCreated,
    OrganizationDeleted,
    OrganizationUpdated,
    name_key,
)
from deskhand.organizations.tables import (
    organization_activity,
    organization_domains,
    organization_values,
    organizations,
)
from deskhand.properties import queries as properties
from deskhand.properties.model import Owner, shown, value_of

COLUMNS = ("name", "name_key", "website", "description", "location", "logo_url", "note", "phones", "brand_color", "updated_at")
ADD = write(
    insert(organizations).values({name: param(name) for name in (*COLUMNS, "created_at")}).returning(organizations.c.id)
)
SET = write(
    update(organizations).where(organizations.c.id == param("organization_id")).values({name: param(name) for name in COLUMNS})
)
DELETE = write(delete_from(organizations).where(organizations.c.id == param("organization_id")))
FORGET_DOMAINS = write(
    delete_from(organization_domains).where(organization_domains.c.organization_id == param("organization_id"))
)
ADD_DOMAIN = write(
    insert(organization_domains).values({name: param(name) for name in ("domain", "organization_id", "position")})
)
BEGIN = write(
    insert(organization_activity).values(
        organization_id=param("organization_id"),
        customer_count=0,
        conversation_count=0,
        last_interaction_at=param("last_interaction_at"),
    )
)
_here = organization_activity.c.organization_id == param("organization_id")
ADD_TO = write(
    update(organization_activity)
    .where(_here)
    .values(
        customer_count=organization_activity.c.customer_count + param("customers"),
        conversation_count=organization_activity.c.conversation_count + param("conversations"),
    )
)
TOUCH = write(
    update(organization_activity)
    .where(_here, organization_activity.c.last_interaction_at < param("at"))
    .values(last_interaction_at=param("at"))
)
_value = upsert(organization_values).values(
    {name: param(name) for name in ("organization_id", "property_id", "value", "option_id")}
)
SET_VALUE = write(
    _value.on_conflict_do_update(
        index_elements=["organization_id", "property_id"],
        set_={"value": _value.excluded.value, "option_id": _value.excluded.option_id},
    )
)
CLEAR_VALUE = write(
    delete_from(organization_values).where(
        organization_values.c.organization_id == param("organization_id"),
        organization_values.c.property_id == param("property_id"),
    )
)
RENEW = write(
    update(organizations).where(organizations.c.id == param("organization_id")).values(updated_at=param("updated_at"))
)


async def create(tx: Transaction, new: Details) -> int:
    """Add an organization; its id. Customers with an address of its domains become members (``customers.operations``).

    Raises Forbidden, Conflict for a name or domain that another one has. Source: Mailbox API 2.0, "Create Organization".
    """
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    await _check_free(tx, new, None)
    organization_id = await tx.insert(ADD, **_columns(tx, new, None), created_at=tx.now)
    # One without conversations counts from when it was made.
    await tx.write(BEGIN, organization_id=organization_id, last_interaction_at=tx.now)
    await _keep_domains(tx, organization_id, new.domains)
    tx.count(COUNT, 1, spread=organization_id)
    tx.record(OrganizationCreated(organization_id=organization_id, domains=new.domains))
    return organization_id


async def overwrite(tx: Transaction, organization_id: int, new: Details) -> None:
    """Replace all that is told of an organization but its properties; members stay members, whatever the domains.

    Raises NotFound, Forbidden, Conflict as ``create`` does. Source: Mailbox API 2.0, "Update Organization".
    """
    before = await queries.locked(tx, organization_id)
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    await _check_free(tx, new, organization_id)
    had = (await queries.domains_of(tx, [organization_id])).get(organization_id, [])
    await tx.write(SET, organization_id=organization_id, **_columns(tx, new, before.logo_url))
    if list(new.domains) != had:
        await tx.write(FORGET_DOMAINS, organization_id=organization_id)
        await _keep_domains(tx, organization_id, new.domains)
    added = tuple(each for each in new.domains if each not in had)
    tx.record(OrganizationUpdated(organization_id=organization_id, renamed=new.name != before.name, domains=added))


async def delete(tx: Transaction, organization_id: int) -> None:
    """Remove an organization that has no members any more, with its values. Raises NotFound; the caller asked for the
    right."""
    if not await tx.write(DELETE, organization_id=organization_id):
        raise NotFound("Not found")
    tx.count(COUNT, -1, spread=organization_id)
    tx.record(OrganizationDeleted(organization_id=organization_id))


async def move_member(tx: Transaction, before: int | None, after: int | None, *, conversations: int) -> None:
    """A customer with so many conversations left an organization (or none) and came to another (or none)."""
    # In one order for everybody, so that two such moves do not wait for each other.
    for organization_id, sign in sorted((each, sign) for each, sign in ((before, -1), (after, 1)) if each is not None):
        await tx.write(ADD_TO, organization_id=organization_id, customers=sign, conversations=sign * conversations)


async def count_conversations(tx: Transaction, organization_id: int, change: int) -> None:
    """The members have ``change`` more conversations (fewer if negative), of those that are not deleted."""
    await tx.write(ADD_TO, organization_id=organization_id, customers=0, conversations=change)


async def interacted(tx: Transaction, organization_id: int, at: datetime) -> None:
    """A conversation of a member changed; an earlier moment than the last one does nothing, and none is taken back."""
    await tx.write(TOUCH, organization_id=organization_id, at=at)


async def set_value(tx: Transaction, organization_id: int, slug: str, given: object) -> None:
    """Give an organization the value of a property; nothing, or an empty text, takes it away.

    Raises NotFound for either, Forbidden, Invalid("value"). Source: Mailbox API 2.0, "Update Organization Property Value".
    """
    await queries.locked(tx, organization_id)
    definition = await properties.get(tx, Owner.ORGANIZATION, slug)
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    try:
        value = value_of(definition, given)
    except ValueError as error:
        raise Invalid("value", str(error), rejected=shown(given)) from None
    here = {"organization_id": organization_id, "property_id": definition.id}
    if value is None:
        await tx.write(CLEAR_VALUE, **here)
    else:
        await tx.write(SET_VALUE, **here, value=value.text, option_id=value.option_id)
    await tx.write(RENEW, organization_id=organization_id, updated_at=tx.now)
    tx.record(OrganizationUpdated(organization_id=organization_id))


def _columns(tx: Transaction, new: Details, logo_url: str | None) -> dict[str, Any]:
    given = {name: getattr(new, name) for name in ("name", "website", "description", "location", "note", "brand_color")}
    return {
        **given,
        "name_key": name_key(new.name),
        "logo_url": logo_url if new.logo_url is UNSET else new.logo_url,
        "phones": list(new.phones),
        "updated_at": tx.now,
    }


async def _keep_domains(tx: Transaction, organization_id: int, domains: tuple[str, ...]) -> None:
    for position, domain in enumerate(domains):
        await tx.write(ADD_DOMAIN, organization_id=organization_id, domain=domain, position=position)


async def _check_free(tx: Transaction, new: Details, organization_id: int | None) -> None:
    """Raises Conflict if another organization has the name or one of the domains."""
    if await tx.first(queries.NAMED, name_key=name_key(new.name)) not in (None, organization_id):
        raise Conflict(f"There is an organization called {new.name}")
    for held in await tx.all(queries.HOLDERS, domains=list(new.domains)):
        if held.organization_id != organization_id:
            raise Conflict(f"The domain {held.domain} belongs to organization {held.organization_id}")
