"""Who a conversation is about: found by id or address, else made (contract 10 §4.2)."""

from __future__ import annotations

import pytest

from deskhand.customers import operations, queries
from deskhand.customers.model import CustomerCreated, CustomerGiven, CustomerRef
from deskhand.customers.queries import one
from deskhand.kernel.errors import Code, Invalid
from deskhand.kernel.transaction import Transaction
from tests.customers.facts import facts, found_by, show
from tests.given import Client, Given


async def find(given: Given, **told: object) -> CustomerRef:
    async with given.write() as tx:
        return await operations.find_or_create(tx, CustomerGiven(**told), "customer")  # type: ignore[arg-type]


async def refused(given: Given, **told: object) -> tuple[str, str, Code]:
    with pytest.raises(Invalid) as caught:
        await find(given, **told)
    (mistake,) = caught.value.mistakes
    return mistake.path, mistake.message, mistake.code


async def test_an_unknown_address_makes_a_customer_of_what_is_told(given: Given, client: Client) -> None:
    made = await find(
        given,
        email=" Ada@Nimbus.test ",
        first_name="Ada",
        last_name="Quill",
        phone="+351 555 0100",
        gender="FEMALE",
        photo_type="Gravatar",
        organization="Nimbus Bikes",
        job_title="",
    )

    assert made == CustomerRef(made.id, "Ada", "Quill", "Ada@Nimbus.test", "ada quill")
    body = await show(client, made.id)
    assert (body["gender"], body["photoType"], body["organization"]) == ("Female", "gravatar", "Nimbus Bikes")
    assert "jobTitle" not in body
    assert [each["value"] for each in body["_embedded"]["emails"]] == ["Ada@Nimbus.test"]
    assert [(each["type"], each["value"]) for each in body["_embedded"]["phones"]] == [("work", "+351 555 0100")]
    assert await facts(given) == [("CustomerCreated", {"customer_id": made.id})]
    assert await found_by(given, "nimbus bikes quill") == [made.id]


async def test_a_known_address_in_any_case_finds_its_customer_and_ignores_the_rest(given: Given) -> None:
    ada = await find(given, email="ada@nimbus.test", first_name="Ada")

    found = await find(given, email="ADA@nimbus.TEST", first_name="Bo", gender="robot")

    assert found == ada
    assert len(await facts(given)) == 1


async def test_a_second_address_finds_its_customer_too(given: Given, client: Client) -> None:
    ada = await find(given, email="ada@nimbus.test")
    await client.post(f"/v2/customers/{ada.id}/emails", json={"value": "ada@home.test"})

    found = await find(given, email="ada@home.test")

    assert (found.id, found.email) == (ada.id, "ada@nimbus.test")


async def test_a_known_address_costs_one_statement(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = await find(given, email="ada@nimbus.test")
    asked = []
    every = Transaction.all

    async def counted(self: Transaction, statement: object, **values: object) -> object:
        asked.append(statement)
        return await every(self, statement, **values)  # type: ignore[arg-type]

    async with given.write() as tx:
        monkeypatch.setattr(Transaction, "all", counted)
        found = await operations.find_or_create(tx, CustomerGiven(email="Ada@nimbus.test"), "customer")

    assert found == ada
    assert asked == [one.REFERENCE_BY_EMAIL]
    assert tx.recorded == []


async def test_an_id_wins_over_the_address(given: Given) -> None:
    ada = await find(given, email="ada@nimbus.test")
    bo = await find(given, email="bo@nimbus.test")

    assert (await find(given, id=ada.id, email=bo.email)).id == ada.id


async def test_an_unknown_id_is_refused(given: Given) -> None:
    assert await refused(given, id=7, email="ada@nimbus.test") == ("customer.id", "is not a customer", Code.INVALID)


@pytest.mark.parametrize("email", [None, "", "  "])
async def test_neither_id_nor_address_is_refused(given: Given, email: str | None) -> None:
    assert await refused(given, email=email) == ("customer.email", "may not be empty", Code.NOT_EMPTY)


async def test_what_is_no_address_is_refused(given: Given) -> None:
    told = ("customer.email", "not a well-formed email address", Code.EMAIL)

    assert await refused(given, email="ada at nimbus") == told
    assert await facts(given) == []


async def test_words_of_somebody_new_are_checked(given: Given) -> None:
    path, message, code = await refused(given, email="ada@nimbus.test", gender="robot")

    assert (path, code) == ("customer.gender", Code.ENUM_VALUE)
    assert message == "Expected one of these: 'female', 'male', 'unknown'"
    assert (await refused(given, email="ada@nimbus.test", photo_type="painting"))[0] == "customer.photoType"


async def test_who_is_made_inside_an_operation_is_recorded_and_counted(given: Given) -> None:
    async with given.write() as tx:
        made = await operations.find_or_create(tx, CustomerGiven(email="ada@nimbus.test"), "customer")

    assert tx.recorded == [CustomerCreated(customer_id=made.id)]
    async with given.read() as view:
        assert await view.counts(["customers"]) == {"customers": 1}
        assert await queries.reference(view, made.id) == made
        assert await queries.reference(view, made.id + 1) is None
