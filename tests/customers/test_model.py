"""What an email address looks like, and how people are compared."""

from __future__ import annotations

import pytest

from deskhand.customers.model import CustomerRef, email_domain, email_key, is_country, name_key
from deskhand.kernel.emails import is_email


@pytest.mark.parametrize(
    "text",
    [
        "ada@nimbus.test",
        "Ada.Quill+parts@mail.nimbus.test",
        "o'neil@nimbus.test",
        "a@b",
        "post@müller.example",
        "почта@пример.испытание",
        "x" * 64 + "@nimbus.test",
        "ada@" + ".".join(["n" * 63] * 2) + ".test",
    ],
)
def test_an_address_mail_can_go_to(text: str) -> None:
    assert is_email(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "@nimbus.test",
        "ada@",
        "ada@.test",
        "ada@nimbus.",
        "ada@nimbus..test",
        "ada@-nimbus.test",
        ".ada@nimbus.test",
        "ada.@nimbus.test",
        "ada..q@nimbus.test",
        "ada quill@nimbus.test",
        "ada@nimbus test",
        "ada@nim\u00a0bus.test",
        "ada@nimbus.test\n",
        "ada@quill@nimbus.test",
        "Ada <ada@nimbus.test>",
        "ada,bo@nimbus.test",
        "ada\x00@nimbus.test",
        "x" * 65 + "@nimbus.test",
        "ada@" + "n" * 64 + ".test",
        "ada@" + ".".join(["n" * 60] * 5),
    ],
)
def test_no_address_mail_can_go_to(text: str) -> None:
    assert not is_email(text)


def test_a_hostile_address_is_refused() -> None:
    # Whoever looked at each place from each other would not come back.
    assert not is_email("a." * 500_000 + "@" + "b." * 500_000)
    assert not is_email("@" * 1_000_000)


def test_addresses_are_compared_without_case() -> None:
    assert email_key(" Ada@NIMBUS.test ") == "ada@nimbus.test"
    assert email_domain("Ada@NIMBUS.test") == "nimbus.test"


def test_names_are_sorted_by_their_folded_words() -> None:
    assert name_key("Élodie", "O'Brien") == "elodie o brien"
    assert name_key(None, "Quill") == "quill"
    assert name_key(None, None) == ""


def test_a_reference_has_one_name() -> None:
    assert CustomerRef(1, "Ada", "Quill", None, "ada quill").name == "Ada Quill"
    assert CustomerRef(1, None, "Quill", None, "quill").name == "Quill"
    assert CustomerRef(1, None, None, "ada@nimbus.test", "").name == ""


def test_a_country_is_a_code_of_the_standard_in_capitals() -> None:
    assert is_country("PT")
    assert not is_country("pt")
    assert not is_country("ZZ")
    assert not is_country("")
