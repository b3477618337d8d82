"""Inboxes that are called otherwise, and their custom fields."""

from __future__ import annotations

import pytest

from deskhand.conversations.operations import fields as values
from deskhand.conversations.queries import one
from deskhand.inboxes import operations, queries
from deskhand.inboxes.model import CustomFieldUpdated
from deskhand.inboxes.operations import Wanted
from deskhand.inboxes.operations.fields import Choice
from deskhand.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from deskhand.mail.model import Options
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.queries import inboxes as mail_queries
from tests.given import Given
from tests.users.facts import facts

CARE = Wanted(name=" Care ", email="care@desk.test", after_reply_status="closed", assigns_replier=False)


async def test_an_inbox_is_called_otherwise_and_its_old_address_goes_on(given: Given) -> None:
    async with given.write(given.owner) as tx:
        await mail.want(tx, given.inbox, Options())
        await operations.change(tx, given.inbox, CARE)
        await operations.change(tx, given.inbox, CARE)
    async with given.read(given.owner) as view:
        it = await queries.get(view, given.inbox)
        addresses = await view.all(mail_queries.ADDRESSES, inbox_id=given.inbox)
    assert (it.name, it.email, it.after_reply_status, it.assigns_replier) == ("Care", "care@desk.test", "closed", False)
    assert addresses == ["care@desk.test", "help@desk.test"]
    assert len(await facts(given, "InboxUpdated")) == 1


async def test_an_address_of_another_inbox_is_refused(given: Given) -> None:
    other = await given.new_inbox("Care")
    async with given.write(given.owner) as tx:
        await mail.want(tx, given.inbox, Options())
        await mail.want(tx, other, Options())
    with pytest.raises(Conflict):
        async with given.write(given.owner) as tx:
            await operations.change(tx, given.inbox, CARE)
    async with given.read(given.owner) as view:
        assert (await queries.get(view, given.inbox)).email == "help@desk.test"


async def test_all_that_is_wrong_with_an_inbox_is_told(given: Given) -> None:
    wrong = Wanted(name=" ", email="nonsense", after_reply_status="gone", assigns_replier=True)
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid) as refused:
            await operations.change(tx, given.inbox, wrong)
    assert [each.path for each in refused.value.mistakes] == ["name", "email", "afterReplyStatus"]


async def test_only_who_manages_the_account_may(given: Given) -> None:
    ona = await given.user()
    await given.grant(given.inbox, ona)
    field = await given.field("Order", "singleline")
    async with given.write(ona) as tx:
        with pytest.raises(Forbidden):
            await operations.change(tx, given.inbox, CARE)
        with pytest.raises(Forbidden):
            await operations.change_field(tx, given.inbox, field, "Parcel", required=False)
        with pytest.raises(Forbidden):
            await operations.delete_field(tx, given.inbox, field)
        with pytest.raises(Forbidden):
            await operations.order_fields(tx, given.inbox, [field])


async def test_a_choice_that_goes_goes_from_conversations_too(given: Given) -> None:
    field = await given.field("Size", "dropdown", options=["S", "M", "L"])
    async with given.read(given.owner) as view:
        small, medium, large = (each.id for each in (await queries.fields(view, given.inbox))[0].options)
    one_, other = await given.conversation(), await given.conversation()
    async with given.write(given.owner) as tx:
        await values.set_fields(tx, one_, [(field, str(small))])
        await values.set_fields(tx, other, [(field, str(large))])

    choices = [Choice(large, "Large"), Choice(medium, "M"), Choice(None, "XL")]
    async with given.write(given.owner) as tx:
        await operations.change_field(tx, given.inbox, field, "Fit", required=True, choices=choices)

    async with given.read(given.owner) as view:
        (found,) = await queries.fields(view, given.inbox)
        left = await view.all(one.FIELDS, ids=[one_, other])
    assert (found.name, found.required, [each.label for each in found.options]) == ("Fit", True, ["Large", "M", "XL"])
    assert [(each.conversation_id, each.label) for each in left] == [(other, "Large")]
    assert await facts(given, "CustomFieldUpdated") == [
        CustomFieldUpdated(inbox_id=given.inbox, field_id=field, removed=(small,))
    ]


@pytest.mark.parametrize(
    ("name", "labels", "path"),
    [(" ", ["a"], "name"), ("Fit", ["a", "a"], "options"), ("Fit", [" "], "options"), ("Fit", ["x" * 256], "options")],
)
async def test_what_is_wrong_with_a_field_is_told(given: Given, name: str, labels: list[str], path: str) -> None:
    field = await given.field("Size", "dropdown", options=["S"])
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid) as refused:
            choices = [Choice(None, label) for label in labels]
            await operations.change_field(tx, given.inbox, field, name, required=False, choices=choices)
    assert [each.path for each in refused.value.mistakes] == [path]


async def test_a_choice_of_another_field_is_none_of_this(given: Given) -> None:
    field = await given.field("Size", "dropdown", options=["S"])
    async with given.write(given.owner) as tx:
        with pytest.raises(Invalid):
            await operations.change_field(tx, given.inbox, field, "Size", required=False, choices=[Choice(99_999, "x")])
        with pytest.raises(NotFound):
            await operations.change_field(tx, given.inbox, 99_999, "Size", required=False)


async def test_fields_are_put_in_order_and_deleted(given: Given) -> None:
    first, second, third = [await given.field(each, "singleline") for each in ("First", "Second", "Third")]
    it = await given.conversation()
    async with given.write(given.owner) as tx:
        await values.set_fields(tx, it, [(first, "x"), (third, "y")])
        await operations.order_fields(tx, given.inbox, [third, 99_999, first])
    async with given.read(given.owner) as view:
        assert [each.id for each in await queries.fields(view, given.inbox)] == [third, first, second]
    async with given.write(given.owner) as tx:
        await operations.delete_field(tx, given.inbox, third)
    async with given.read(given.owner) as view:
        assert [each.id for each in await queries.fields(view, given.inbox)] == [first, second]
        assert [each.value for each in await view.all(one.FIELDS, ids=[it])] == ["x"]
