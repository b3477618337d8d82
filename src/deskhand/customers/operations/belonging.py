"""Who belongs to an organization when it changes: whose address has one of its domains, and what its name makes of them.

The first members follow at once; a job takes the rest, a hundred at a time, so that no change of an organization waits for
all of its people.
"""

from __future__ import annotations

from sqlalchemy import null, select, update

from deskhand.customers.operations.core import keep_text, settle
from deskhand.customers.queries import one
from deskhand.customers.tables import customer_entries, customers
from deskhand.kernel.permissions import Permission
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import any_of, param, read, write
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.organizations import operations as organizations
from deskhand.organizations import queries as organization_queries
from deskhand.organizations.model import OrganizationCreated, OrganizationUpdated

AT_ONCE = 100
EVERYBODY = 2**62

c, e = customers.c, customer_entries.c
_of = c.organization_id == param("organization_id")
_text = {"organization": param("name"), "organization_key": param("key"), "updated_at": param("now")}
NEWCOMERS = read(
    select(e.customer_id)
    .distinct()
    .join_from(customer_entries, customers, c.id == e.customer_id)
    .where(any_of(e.email_domain, "domains"), c.organization_id.is_(None))
    .order_by(e.customer_id)
    .limit(param("most")),
    int,
)
MISNAMED = read(select(c.id).where(_of, c.organization.is_distinct_from(param("name"))).limit(param("most")), int)
RENAME = write(update(customers).where(any_of(c.id, "ids"), _of).values(_text))
DISSOLVE = write(update(customers).where(_of).values({**_text, "organization_id": null()}))


async def follow_organization(tx: Transaction, event: OrganizationCreated | OrganizationUpdated) -> None:
    """The first hundred who belong to it by a new domain, and the first hundred members of one that was renamed."""
    if event.domains:
        await welcome(tx, event.organization_id, await newcomers(tx, event.organization_id, AT_ONCE))
    if isinstance(event, OrganizationUpdated) and event.renamed:
        await rename(tx, event.organization_id, await misnamed(tx, event.organization_id, AT_ONCE))


async def newcomers(view: Snapshot, organization_id: int, most: int = EVERYBODY) -> list[int]:
    """Customers without an organization who have an address with one of its domains."""
    domains = (await organization_queries.domains_of(view, [organization_id])).get(organization_id, [])
    return await view.all_slowly(NEWCOMERS, domains=domains, most=most) if domains else []


async def misnamed(view: Snapshot, organization_id: int, most: int = EVERYBODY) -> list[int]:
    """Members whose text is not the organization's name."""
    found = await organization_queries.find(view, organization_id)
    return await view.all_slowly(MISNAMED, organization_id=organization_id, name=found.name, most=most) if found else []


async def welcome(tx: Transaction, organization_id: int, ids: list[int]) -> None:
    """Make members of these customers, unless they belong somewhere by now."""
    organization = await organization_queries.find(tx, organization_id)
    if organization is None:
        return
    for each in await tx.all(one.LOCK_SEVERAL, ids=ids):
        if each.organization_id is None:
            await settle(tx, each, organization_id=organization.id, organization=organization.name)


async def rename(tx: Transaction, organization_id: int, ids: list[int]) -> None:
    """Write the organization's name to these members, for search. Nothing is recorded: it was the organization that
    changed."""
    organization = await organization_queries.find(tx, organization_id)
    if organization is None:
        return
    name = organization.name
    await tx.write(RENAME, ids=ids, organization_id=organization_id, name=name, key=indexable(name), now=tx.instant)
    entries = await one.entries_of(tx, ids)
    for each in await tx.all(one.ROWS, ids=ids):
        if each.organization_id == organization_id:
            await keep_text(tx, each.id, each.first_name, each.last_name, name, entries.get(each.id, []))


async def dissolve(tx: Transaction, organization_id: int) -> None:
    """Remove an organization: its members stay, without it but with its name as their text.

    Raises NotFound, Forbidden. Source: contract 51 §2.
    """
    it = await organization_queries.get(tx, organization_id)
    tx.actor.must(Permission.EDIT_CUSTOMERS)
    await tx.write(DISSOLVE, organization_id=it.id, name=it.name, key=indexable(it.name), now=tx.instant)
    await organizations.delete(tx, it.id)
