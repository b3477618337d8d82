"""What the value of a property may be (contract 51 §4, §6)."""

from __future__ import annotations

import pytest

from deskhand.properties.model import Option, Owner, Property, PropertyType, Value, is_host, value_of

OPTIONS = [Option(1, "7d0c7f0e-1111-4222-8333-944445555666", "Gold"), Option(2, "7d0c7f0e-1111-4222-8333-944445555667", "Tin")]


def of(owner: Owner, type_: PropertyType) -> Property:
    return Property(1, owner, "it", type_, "It", OPTIONS if type_ is PropertyType.DROPDOWN else [])


@pytest.mark.parametrize(
    ("type_", "given", "stored"),
    [
        (PropertyType.NUMBER, 25, "25"),
        (PropertyType.NUMBER, "25", "25"),
        (PropertyType.NUMBER, "007", "7"),
        (PropertyType.NUMBER, -(2**63), "-9223372036854775808"),
        (PropertyType.NUMBER, "9223372036854775807", "9223372036854775807"),
        (PropertyType.TEXT, "  x" + "y" * 252 + " ", "x" + "y" * 252),
        (PropertyType.TEXT, "z" * 255, "z" * 255),
        (PropertyType.TEXT, 7, "7"),
        (PropertyType.URL, "example.test", "example.test"),
        (PropertyType.URL, "https://example.test:8080/a?b#c", "https://example.test:8080/a?b#c"),
        (PropertyType.URL, "HTTP://localhost", "HTTP://localhost"),
        (PropertyType.URL, "bücher.test/ä", "bücher.test/ä"),
        (PropertyType.DATE, "2024-02-29", "2024-02-29"),
        (PropertyType.DROPDOWN, "Gold", OPTIONS[0].key),
        (PropertyType.DROPDOWN, OPTIONS[1].key.upper(), OPTIONS[1].key),
    ],
)
def test_a_customers_value_is_stored(type_: PropertyType, given: object, stored: str) -> None:
    found = value_of(of(Owner.CUSTOMER, type_), given)

    assert found is not None
    assert found.text == stored
    assert (found.option_id is not None) == (type_ is PropertyType.DROPDOWN)


@pytest.mark.parametrize(
    ("type_", "given"),
    [
        (PropertyType.NUMBER, 2.5),
        (PropertyType.NUMBER, 5.0),
        (PropertyType.NUMBER, "2.5"),
        (PropertyType.NUMBER, 2**63),
        (PropertyType.NUMBER, 10**400),
        (PropertyType.NUMBER, "-9223372036854775809"),
        (PropertyType.NUMBER, "٣"),
        (PropertyType.NUMBER, True),
        (PropertyType.NUMBER, "many"),
        (PropertyType.TEXT, "z" * 256),
        (PropertyType.TEXT, "a\0b"),
        (PropertyType.TEXT, ["a"]),
        (PropertyType.TEXT, {"a": 1}),
        (PropertyType.URL, "not a host"),
        (PropertyType.URL, "javascript:alert(1)"),
        (PropertyType.URL, "ftp://example.test"),
        (PropertyType.URL, "example.test/" + "a" * 2000),
        (PropertyType.DATE, "2023-02-29"),
        (PropertyType.DATE, "2024-2-9"),
        (PropertyType.DATE, "20240229"),
        (PropertyType.DATE, "2024-W01-1"),
        (PropertyType.DATE, 20240229),
        (PropertyType.DROPDOWN, "gold"),
        (PropertyType.DROPDOWN, "Silver"),
    ],
)
def test_a_customers_value_is_refused(type_: PropertyType, given: object) -> None:
    with pytest.raises(ValueError, match=r"must|size|Expected"):
        value_of(of(Owner.CUSTOMER, type_), given)


@pytest.mark.parametrize("type_", list(PropertyType))
@pytest.mark.parametrize("given", [None, "", "   "])
def test_nothing_takes_a_value_away(type_: PropertyType, given: object) -> None:
    assert value_of(of(Owner.CUSTOMER, type_), given) is None
    assert value_of(of(Owner.ORGANIZATION, type_), given) is None


@pytest.mark.parametrize(("given", "stored"), [("100", "100"), (100, "100"), (2.5, "2.5"), ("-0.50", "-0.50"), ("007", "007")])
def test_an_organizations_number_may_have_decimals_and_stays_as_it_was_written(given: object, stored: str) -> None:
    assert value_of(of(Owner.ORGANIZATION, PropertyType.NUMBER), given) == Value(stored)


@pytest.mark.parametrize("given", ["1e5", 1e300, "1,5", "."])
def test_an_organizations_number_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="must be a number"):
        value_of(of(Owner.ORGANIZATION, PropertyType.NUMBER), given)


def test_an_organizations_option_is_named_by_its_label_only() -> None:
    assert value_of(of(Owner.ORGANIZATION, PropertyType.DROPDOWN), "Tin") == Value(OPTIONS[1].key, 2)
    with pytest.raises(ValueError, match="Expected one of these: 'Gold', 'Tin'"):
        value_of(of(Owner.ORGANIZATION, PropertyType.DROPDOWN), OPTIONS[1].key)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("nimbus.test", True),
        ("a.b-c.test", True),
        ("bücher.test", True),
        ("nimbus", False),
        ("nimbus.test.", False),
        ("-nimbus.test", False),
        ("nim bus.test", False),
        ("https://nimbus.test", False),
        ("@nimbus.test", False),
        ("a." * 127 + "test", False),
        ("", False),
    ],
)
def test_what_a_host_is(text: str, answer: bool) -> None:
    assert is_host(text) is answer
