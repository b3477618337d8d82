"""Customers and organizations: what is known, changed in place, made one, erased."""

from __future__ import annotations

from deskhand.customers.queries import one
from deskhand.organizations import queries as organizations
from deskhand.properties.model import Owner, PropertyType
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to

HOSTILE = "<script>alert(1)</script>"


async def test_a_customer_stands_with_all_they_wrote_where_one_may_look(
    given: Given, ines: Browser, browsing: Browsing
) -> None:
    pavel = await given.customer("pavel@mail.test")
    await given.conversation(subject="Cracked hopper", customer=pavel)
    outsider = await given.user("Out")
    await given.grant(await given.new_inbox("Other"), outsider)

    assert "Cracked hopper" in (await ines.get(f"/customers/{pavel.id}")).text
    theirs = await (await browsing(outsider)).get(f"/customers/{pavel.id}")
    assert "Pavel Lund" in theirs.text
    assert "Cracked hopper" not in theirs.text


async def test_customers_are_listed_and_found(given: Given, ines: Browser) -> None:
    await given.customer("pavel@mail.test")
    await given.customer("mara@mail.test", first="Mara", last=HOSTILE)
    listed = (await ines.get("/customers")).text
    assert "Pavel Lund" in listed
    assert HOSTILE not in listed
    assert "Pavel" not in (await ines.get("/customers?q=mara")).text
    assert "cannot be searched for" in (await ines.get("/customers?q=nofield:x")).text


async def test_a_customer_is_added_or_what_was_typed_stands_there_still(given: Given, ines: Browser) -> None:
    wrong = await ines.post("/customers/new", data={"firstName": "Mara", "email": "no address"})
    assert wrong.status_code == 400
    assert 'value="Mara"' in wrong.text
    made = await ines.post("/customers/new", data={"firstName": "Mara", "email": "mara@mail.test"})
    assert "Mara" in (await ines.get(made.headers["location"])).text


async def test_a_profile_is_changed_and_what_the_form_does_not_show_stays(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    await ines.post(f"/customers/{pavel.id}", data={"firstName": "Pavel", "lastName": "Novak", "gender": "male"})
    async with given.read() as view:
        it = await one.get(view, pavel.id)
    assert (it.last_name, it.email, it.gender.value) == ("Novak", "pavel@mail.test", "male")


async def test_of_two_who_change_a_profile_the_second_is_asked(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    changed = {"firstName": "Paul", "version": "0123456789abcdef", "form": "profile"}
    asked = await ines.post(f"/customers/{pavel.id}", data=changed)
    assert asked.status_code == 409
    assert 'value="Paul"' in asked.text


async def test_addresses_come_and_go_and_nobody_has_one_twice(given: Given, ines: Browser) -> None:
    pavel, mara = await given.customer("pavel@mail.test"), await given.customer("mara@mail.test", first="Mara")
    taken = await ines.post(
        f"/customers/{pavel.id}/entries", data={"kind": "email", "value": "mara@mail.test", "form": "entry"}
    )
    assert taken.status_code == 409
    assert (await ines.post(f"/customers/{pavel.id}/entries", data={"kind": "phone", "value": "555 0100"})).status_code == 303
    async with given.read() as view:
        entry = (await one.entries_of(view, [mara.id]))[mara.id][0]
    gone = await ines.post(f"/customers/{mara.id}/entries/remove", data={"kind": "email", "entry": str(entry.id)})
    assert gone.status_code == 303
    async with given.read() as view:
        assert await one.entries_of(view, [mara.id]) == {}


async def test_where_a_customer_lives(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    wrong = await ines.post(f"/customers/{pavel.id}/address", data={"city": "Lund", "country": "Sweden", "form": "address"})
    assert wrong.status_code == 400
    await ines.post(f"/customers/{pavel.id}/address", data={"city": "Lund", "country": "se"})
    async with given.read() as view:
        it = await one.get(view, pavel.id)
    assert it.address is not None
    assert it.address.country == "SE"
    await ines.post(f"/customers/{pavel.id}/address", data={"city": ""})
    async with given.read() as view:
        assert (await one.get(view, pavel.id)).address is None


async def test_properties_are_set_and_taken_away(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    await given.property(Owner.CUSTOMER, "plan", PropertyType.DROPDOWN, "Gold", "Silver")
    await ines.post(f"/customers/{pavel.id}/properties", data={"p-plan": "Gold"})
    async with given.read() as view:
        assert [each.label for each in (await one.values_of(view, [pavel.id]))[pavel.id]] == ["Gold"]
    assert (await ines.post(f"/customers/{pavel.id}/properties", data={"p-plan": "Bronze"})).status_code == 400
    await ines.post(f"/customers/{pavel.id}/properties", data={"p-plan": ""})
    async with given.read() as view:
        assert await one.values_of(view, [pavel.id]) == {}


async def test_two_customers_become_one(given: Given, ines: Browser) -> None:
    pavel, mara = await given.customer("pavel@mail.test"), await given.customer("mara@mail.test", first="Mara")
    nobody = await ines.post(f"/customers/{pavel.id}/merge", data={"into": "no@mail.test"})
    assert nobody.status_code == 400
    done = await ines.post(f"/customers/{pavel.id}/merge", data={"into": "mara@mail.test"})
    assert leads_to(done) == f"/customers/{mara.id}"
    assert (await ines.get(f"/customers/{pavel.id}")).status_code == 404


async def test_who_erases_a_customer_says_that_they_are_sure(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    assert (await ines.post(f"/customers/{pavel.id}/erase")).status_code == 400
    assert (await ines.post(f"/customers/{pavel.id}/erase", data={"sure": "yes"})).status_code == 303


async def test_an_organization_is_made_changed_and_deleted(given: Given, ines: Browser) -> None:
    made = await ines.post("/organizations/new", data={"name": "Lund Cykler", "domains": "lund.test\nlundcykler.test"})
    to = leads_to(made)
    member = await given.customer("ada@lund.test", first="Ada")
    await given.conversation(subject="Two bikes", customer=member)
    page = (await ines.get(to)).text
    assert "Two bikes" in page
    assert "ada@lund.test" in page
    assert "Lund Cykler" in (await ines.get("/organizations")).text

    await ines.post(to, data={"name": "Lund Bikes", "domains": "lund.test"})
    async with given.read() as view:
        assert (await organizations.get(view, int(to.rpartition("/")[2]))).name == "Lund Bikes"
    wrong = await ines.post(to, data={"name": "Lund Bikes", "domains": "not a host", "form": "organization"})
    assert wrong.status_code == 400
    assert "not a host" in wrong.text
    await ines.post(f"{to}/delete")
    assert (await ines.get(to)).status_code == 404
