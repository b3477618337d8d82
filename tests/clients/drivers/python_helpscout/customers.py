"""Customers with their entries and address."""

from desk import entries, paths, real, refusal
from steps import check, has, lacks, moment, one, same


def creates_a_customer_with_everything(desk):
    desk.hs.customers.post(
        data={
            "firstName": "Pavel",
            "lastName": f"Lund{desk.mark}",
            "jobTitle": "Baker",
            "location": "Lisbon",
            "background": "Prefers phone in the morning.",
            "gender": "male",
            "age": "30-35",
            "photoType": "unknown",
            "emails": [{"type": "work", "value": desk.email}],
            "phones": [{"type": "mobile", "value": "+351 555 0100"}],
            "chats": [{"type": "skype", "value": "pavel"}],
            "socialProfiles": [{"type": "twitter", "value": "@pavel"}],
            "websites": [{"value": "https://bakery.example"}],
            "address": {"city": "Lisbon", "country": "PT", "lines": ["Rua A 1", "2 Esq"], "postalCode": "1000-001"},
        }
    )
    made = one(real(desk.hs.customers.get(params={"query": f'(email:"{desk.email}")'})))
    has(made, id=int, createdAt=str, updatedAt=str, photoType=str, draft=bool, conversationCount=int)
    same((made.firstName, made.gender, made.age, made.jobTitle), ("Pavel", "Male", "30-35", "Baker"))
    same(made.background, "Prefers phone in the morning.")
    lacks(made, "organization", "organizationId")
    embedded = made._embedded
    same([email["value"] for email in embedded["emails"]], [desk.email])
    same([profile["type"] for profile in embedded["social_profiles"]], ["twitter"])
    same([site["value"] for site in embedded["websites"]], ["https://bakery.example"])
    same((embedded["phones"][0]["type"], embedded["chats"][0]["type"]), ("mobile", "skype"))
    same(embedded["properties"], [])
    same((embedded["address"]["lines"], embedded["address"]["country"]), (["Rua A 1", "2 Esq"], "PT"))
    lacks(embedded["address"], "state")
    desk.customer_id = made.id
    same(desk.customer.get().lastName, f"Lund{desk.mark}")


def refuses_a_second_customer_with_the_address(desk):
    lacks(refusal(desk.hs.customers.post, data={"firstName": "Double", "emails": [{"value": desk.email}]}), "_embedded")
    error = refusal(desk.hs.customers.post, data={"firstName": "x" * 41, "gender": "maybe"})
    same(error["message"], "Bad request")
    same(sorted(paths(error)), ["firstName", "gender"])


def lists_and_filters_customers(desk):
    everyone = real(desk.hs.customers.get(params={"sortField": "modifiedAt", "sortOrder": "asc"}))
    same(len({customer.id for customer in everyone}), len(everyone))
    check(len(everyone) > 1, "the demo account has no customers")
    same([one.updatedAt for one in everyone], sorted(one.updatedAt for one in everyone))

    newest_first = real(desk.hs.customers.get(params={"modifiedSince": moment(minutes=-10)}))
    check(desk.customer_id in [customer.id for customer in newest_first], newest_first)
    named = real(desk.hs.customers.get(params={"firstName": "pavel", "lastName": f"Lund{desk.mark}"}))
    same([customer.id for customer in named], [desk.customer_id])
    same(real(desk.hs.customers.get(params={"lastName": f"Nobody{desk.mark}"})), [])
    same(paths(refusal(desk.hs.customers.get, params={"sortField": "shoeSize"})), ["sortField"])


def overwrites_and_patches_a_customer(desk):
    desk.customer.put(data={"firstName": "Pawel", "lastName": f"Lund{desk.mark}", "background": "Rings twice."})
    after = desk.customer.get()
    same((after.firstName, after.background), ("Pawel", "Rings twice."))
    lacks(after, "jobTitle", "location", "age")
    same(len(after._embedded["emails"]), 1)

    desk.customer.patch(
        data=[
            {"op": "replace", "path": "/firstName", "value": "Pavel"},
            {"op": "remove", "path": "/background"},
            {"op": "add", "path": "/emails", "value": {"type": "home", "value": f"home.{desk.email}"}},
            {"op": "replace", "path": "/address/city", "value": "Porto"},
        ]
    )
    after = desk.customer.get()
    same((after.firstName, after.background), ("Pavel", ""))
    same([email["type"] for email in after._embedded["emails"]], ["work", "home"])
    same(after._embedded["address"]["city"], "Porto")
    refusal(desk.customer.patch, data={"op": "replace", "path": "/firstName", "value": "Not a list"})


def keeps_a_customers_entries(desk):
    for collection, first, second in (
        ("emails", {"type": "other", "value": f"x.{desk.email}"}, {"type": "home", "value": f"y.{desk.email}"}),
        ("phones", {"type": "work", "value": "555-0100"}, {"type": "fax", "value": "555-0101"}),
        ("chats", {"type": "xmpp", "value": "pavel@chat.example"}, {"type": "other", "value": "pavel"}),
        ("social-profiles", {"type": "linkedin", "value": "pavel"}, {"type": "forsquare", "value": "@lund"}),
        ("websites", {"value": "https://one.example"}, {"value": "https://two.example"}),
    ):
        requester = desk.customer[collection]
        before = entries(requester, collection)
        requester.post(data=first)
        made = one(item for item in entries(requester, collection) if item["value"] == first["value"])
        has(made, id=int, value=str, _links=dict)

        requester.put(made["id"], data=second)
        changed = one(item for item in entries(requester, collection) if item["id"] == made["id"])
        same({name: changed[name] for name in second}, second)

        requester.delete(made["id"])
        same(entries(requester, collection), before)
        for item in before:
            requester.delete(item["id"])
        same(entries(requester, collection), [])
        refusal(requester.delete, made["id"])
    desk.customer.emails.post(data={"type": "work", "value": desk.email})


def keeps_a_customers_address(desk):
    desk.customer.address.delete()
    same(refusal(desk.customer.address.get)["message"], "Not found")
    lacks(desk.customer.get()._embedded, "address")

    desk.customer.address.post(data={"city": "Lisbon", "country": "PT", "lines": ["Rua B 2"]})
    desk.customer.address.put(data={"city": "Faro", "state": "F", "country": "PT", "postalCode": None, "lines": []})
    address = one(desk.customer.address.get())
    same((address.city, address.state, address.country, address.lines), ("Faro", "F", "PT", []))
    lacks(address, "postalCode")
    same(paths(refusal(desk.customer.address.put, data={"city": "Faro"})), ["country"])


def looks_a_customer_up_by_exact_address(desk):
    found = desk.hs.hit("/v3/customers", "get", params={"email": desk.email})[0]
    lacks(found, "page")
    same([customer["id"] for customer in found["_embedded"]["customers"]], [desk.customer_id])
