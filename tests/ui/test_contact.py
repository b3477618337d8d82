"""What stands beside a conversation of its customer, and changing it there."""

from __future__ import annotations

from deskhand.conversations.model import Rating, ThreadType
from deskhand.conversations.operations import rating, tagging
from deskhand.customers.model import EntryKind
from deskhand.customers.queries import one
from deskhand.properties.model import Owner, PropertyType
from tests.given import Given
from tests.ui.conftest import Browser
from tests.ui.reading import undone, version_in


async def known(given: Given, customer_id: int) -> list[str]:
    async with given.read() as view:
        it = await one.get(view, customer_id)
        entries = (await one.entries_of(view, [customer_id])).get(customer_id, [])
    return [f"{it.first_name} {it.last_name}", *(f"{each.type} {each.value}" for each in entries)]


async def test_a_contact_is_changed_beside_a_conversation_and_undone(given: Given, ines: Browser) -> None:
    pavel = await given.customer("pavel@mail.test")
    it = await given.conversation(customer=pavel)
    async with given.read() as view:
        (address,) = await one.entries(view, pavel.id, EntryKind.EMAIL)
    before = await known(given, pavel.id)
    page = (await ines.get(f"/conversation/{it}/1")).text
    assert 'href="mailto:pavel' in page
    form = {
        "back": f"/conversation/{it}/1",
        "version": version_in(page),
        "firstName": "Pavla",
        "lastName": "Lund",
        f"email-{address.id}": "",
        "email-new-work": "pavla@mail.test",
        "phone-new-work": "+46 40 123",
    }

    done = await ines.post(f"/customers/{pavel.id}/contact", data=form, follow_redirects=True)
    assert done.url.path == f"/conversation/{it}/1"
    assert 'href="tel:' in done.text
    assert await known(given, pavel.id) == ["Pavla Lund", "work pavla@mail.test", "work +46 40 123"]
    late = await ines.post(f"/customers/{pavel.id}/contact", data=form)
    assert late.status_code == 409
    await undone(ines, done.text)
    assert await known(given, pavel.id) == before


async def test_what_is_wrong_with_a_contact_is_named_and_nothing_changed(given: Given, ines: Browser) -> None:
    other, pavel = await given.customer("other@mail.test"), await given.customer("pavel@mail.test")
    before = await known(given, pavel.id)
    for wrong, status in (
        ({"email-new-work": "nonsense"}, 400),
        ({"email-new-nonsense": "a@mail.test"}, 400),
        ({"phone-new-work": "1" * 61}, 400),
        ({"firstName": "x" * 41}, 400),
        ({"email-new-work": other.email}, 409),
    ):
        refused = await ines.post(f"/customers/{pavel.id}/contact", data={"lastName": "Changed", **wrong})
        assert refused.status_code == status, wrong
    assert await known(given, pavel.id) == before


async def test_properties_rating_organization_and_tags_stand_beside_it(given: Given, ines: Browser) -> None:
    await given.property(Owner.CUSTOMER, "plan", PropertyType.TEXT)
    pavel = await given.customer("pavel@mail.test")
    it, earlier = await given.conversation(customer=pavel), await given.conversation(customer=pavel)
    reply = await given.thread(earlier, ThreadType.MESSAGE, user_id=given.owner)
    async with given.write(given.owner) as tx:
        await rating.rate(tx, earlier, reply, Rating.GREAT, "So quick!")
        await tagging.set_tags(tx, earlier, ["warranty"])

    page = (
        await ines.post(
            f"/customers/{pavel.id}/contact", data={"back": f"/conversation/{it}/1", "p-plan": "Gold"}, follow_redirects=True
        )
    ).text
    beside = page[page.index('id="beside"') :]
    for each in ("Gold", "So quick!", f"#thread-{reply}", "warranty"):
        assert each in beside, each
    await undone(ines, page)
    async with given.read() as view:
        assert await one.values_of(view, [pavel.id]) == {}
