"""Customers: each with an address of their own, only reserved domains, within the limits of the contract."""

import re
from datetime import UTC, datetime

import pytest

from deskhand.demo import conversations, world
from deskhand.demo.addresses import identity, mix
from deskhand.demo.firms import firm
from deskhand.demo.model import DemoConversation, DemoCustomer
from deskhand.demo.names import CULTURES
from deskhand.properties.model import Option, Owner, Property, PropertyType, value_of

UNTIL = datetime(2026, 3, 4, 11, 16, tzinfo=UTC)
RESERVED = re.compile(r"[a-z0-9._-]+@([a-z0-9-]+\.)+(example|test)")
ANY_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
ANY_LINK = re.compile(r"https?://([^/\s\"<]+)")
DESK = world(3)


@pytest.fixture(scope="module")
def told() -> list[DemoConversation]:
    return list(conversations(DESK, 5000, UNTIL))


@pytest.fixture(scope="module")
def customers(told: list[DemoConversation]) -> list[DemoCustomer]:
    return [conversation.new_customer for conversation in told if conversation.new_customer]


def test_a_customer_is_introduced_once_and_before_coming_back(told: list[DemoConversation]) -> None:
    known = 0
    for conversation in told:
        if conversation.new_customer:
            assert conversation.new_customer.index == conversation.customer == known
            known += 1
        assert conversation.customer < known


def test_there_is_a_customer_for_every_two_and_a_half_conversations(customers: list[DemoCustomer]) -> None:
    assert 2.1 < 5000 / len(customers) < 2.9


def test_some_write_often(told: list[DemoConversation]) -> None:
    counts = [0] * len(told)
    for conversation in told:
        counts[conversation.customer] += 1

    assert max(counts) > 15


def test_no_address_belongs_to_two(customers: list[DemoCustomer]) -> None:
    addresses = [email.value for customer in customers for email in customer.emails]

    assert len(addresses) == len(set(addresses))


def test_no_address_belongs_to_two_among_half_a_million() -> None:
    seen = {identity(5, number, mix(number))[4:] for number in range(500_000)}

    assert len(seen) == 500_000


def test_no_family_name_stands_in_two_cultures() -> None:
    families = [family.partition("=")[0] for culture in CULTURES for family in culture.families]

    assert len(families) == len(set(families))


def test_every_address_is_reserved(told: list[DemoConversation], customers: list[DemoCustomer]) -> None:
    addresses = [email.value for customer in customers for email in customer.emails]
    addresses += [user.email for user in DESK.users] + [inbox.email for inbox in DESK.inboxes]
    for conversation in told:
        for thread in conversation.threads:
            addresses += [*thread.cc, *thread.bcc, *ANY_ADDRESS.findall(thread.body)]

    assert not [address for address in addresses if not RESERVED.fullmatch(address.lower())]


def test_every_link_is_reserved(told: list[DemoConversation], customers: list[DemoCustomer]) -> None:
    hosts = {host for conversation in told for thread in conversation.threads for host in ANY_LINK.findall(thread.body)}
    hosts |= {host for customer in customers for site in customer.websites for host in ANY_LINK.findall(site)}

    assert hosts
    assert all(host.endswith((".example", ".test")) for host in hosts)


def test_customers_fit_the_contract(customers: list[DemoCustomer]) -> None:
    for customer in customers:
        assert 1 <= len(customer.first) <= 40
        assert 1 <= len(customer.last) <= 40
        assert len(customer.job_title or "") <= 60
        assert len(customer.location or "") <= 60
        assert len(customer.background) <= 200
        assert customer.gender in {"male", "female", "unknown"}
        assert {email.type for email in customer.emails} <= {"home", "work", "other"}
        assert {phone.type for phone in customer.phones} <= {"home", "work", "mobile", "fax", "pager", "other"}
        assert {social.type for social in customer.socials} <= {"twitter", "facebook", "linkedin", "youtube"}


def test_colleagues_share_a_firm(customers: list[DemoCustomer]) -> None:
    firms = [customer.organization for customer in customers if customer.organization]
    by_index = {firm.index: firm for firm in firms}

    assert len(by_index) < len(firms)
    assert all(by_index[firm.index] == firm for firm in firms)
    assert len({firm.domain for firm in by_index.values()}) == len(by_index)
    assert len({firm.name for firm in by_index.values()}) == len(by_index)


def test_no_name_or_domain_belongs_to_two_of_many_firms() -> None:
    firms = [firm(5, number, "SE", media=media) for number in range(30_000) for media in (False, True)]

    assert len({each.name.casefold() for each in firms}) == len(firms)
    assert len({each.domain for each in firms}) == len(firms)


def test_property_values_are_what_their_properties_take(customers: list[DemoCustomer]) -> None:
    firms = {each.organization.index: each.organization for each in customers if each.organization}
    given = [(place, value, False) for each in customers for place, value in each.properties]
    given += [(place, value, True) for each in firms.values() for place, value in each.properties]

    for place, value, of_organizations in given:
        it = DESK.properties[place]
        options = [Option(number, str(number), label) for number, label in enumerate(it.options)]
        owner = Owner.ORGANIZATION if of_organizations else Owner.CUSTOMER
        found = value_of(Property(1, owner, it.slug, PropertyType(it.type.value), it.name, options), value)
        assert it.of_organizations is of_organizations
        assert found is not None
        assert found.option_id is not None or found.text == value
    assert {place for place, _, _ in given} == set(range(len(DESK.properties)))
    assert 0.3 < sum(bool(each.properties) for each in customers) / len(customers) < 0.5


def test_some_names_are_in_a_script_of_their_own(customers: list[DemoCustomer]) -> None:
    first_letters = {customer.first[0] for customer in customers}

    assert any("\u0590" <= letter <= "\u06ff" for letter in first_letters)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in first_letters)
