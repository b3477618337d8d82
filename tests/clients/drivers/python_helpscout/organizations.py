"""Organizations with their members, and the properties of both."""

from desk import entries, paths, real, refusal
from steps import check, has, lacks, one, same


def keeps_organizations(desk):
    name, host = f"Nimbus {desk.mark}", f"{desk.mark}.nimbus.example"
    desk.hs.organizations.post(data={"name": name, "domains": [host], "logoUrl": "https://cdn.example/o.png", "location": "PT"})
    made = one(each for each in real(desk.hs.organizations.get(params={"sort": "name,asc"})) if each.name == name)
    same((made.domains, made.phones, made.location), ([host], [], "PT"))
    lacks(made, "website", "customerCount", "properties")
    lacks(refusal(desk.hs.organizations.post, data={"name": name}), "_embedded")
    same(paths(refusal(desk.hs.organizations.get, params={"sort": "shoeSize"})), ["sort"])

    desk.hs.organizations.put(made.id, data={"name": f"{name} Bikes", "domains": [host]})
    after = desk.hs.organizations.get(made.id, params={"includeCounts": "true"})
    same((after.name, after.logoUrl, after.customerCount), (f"{name} Bikes", "https://cdn.example/o.png", 0))
    lacks(after, "location")
    desk.organization_id, desk.host = made.id, host


def has_members_by_their_address(desk):
    desk.customer.emails.post(data={"type": "work", "value": f"pavel@{desk.host}"})
    member = desk.customer.get()
    same(member.organizationId, desk.organization_id)
    same([each.id for each in real(desk.hs.organizations[desk.organization_id].customers.get())], [desk.customer_id])
    for conversation in real(desk.hs.organizations[desk.organization_id].conversations.get()):
        same(conversation.primaryCustomer["id"], desk.customer_id)
    counted = desk.hs.organizations.get(desk.organization_id, params={"includeCounts": "true"})
    same(counted.customerCount, 1)


def keeps_property_definitions(desk):
    properties = getattr(desk.hs, "customer-properties")
    known = entries(properties, "customer-properties")
    check(known, "the demo account has no properties")
    for definition in known:
        has(definition, slug=str, name=str, type=str)
    desk.slug = f"plan-{desk.mark}"
    options = [{"label": "Gold"}, {"label": "Tin"}]
    properties.post(data={"type": "dropdown", "slug": desk.slug, "name": "Plan", "options": options})
    made = one(each for each in entries(properties, "customer-properties") if each["slug"] == desk.slug)
    has(made["options"][0], id=str, label=str)

    desk.hs.hit("organizations/properties", "post", data={"type": "number", "slug": desk.slug, "name": "Seats"})
    same(desk.hs.hit(f"organizations/properties/{desk.slug}", "get")[0]["name"], "Seats")


def keeps_property_values(desk):
    place = f"customers/{desk.customer_id}/properties"
    desk.hs.hit(place, "patch", data=[{"op": "replace", "path": f"/{desk.slug}", "value": "Tin"}])
    value = one(each for each in desk.customer.get()._embedded["properties"] if each["slug"] == desk.slug)
    same((value["text"], value["source"]), ("Tin", {"name": "api"}))

    desk.hs.hit(f"organizations/{desk.organization_id}/properties/{desk.slug}", "put", data={"value": "25"})
    found = desk.hs.organizations.get(desk.organization_id, params={"includeProperties": "true"})
    same([(each["slug"], each["value"]) for each in found.properties], [(desk.slug, "25")])


def deletes_properties_and_organizations(desk):
    desk.hs.hit(f"customer-properties/{desk.slug}", "delete")
    desk.hs.hit(f"organizations/properties/{desk.slug}", "delete")
    same([each for each in desk.customer.get()._embedded["properties"] if each["slug"] == desk.slug], [])
    desk.hs.organizations.delete(desk.organization_id)
    lacks(desk.customer.get(), "organizationId")
