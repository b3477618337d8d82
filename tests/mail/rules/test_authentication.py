"""Our own check of who speaks. Names are looked up in a table: nothing here asks the network."""

from __future__ import annotations

from collections.abc import Sequence

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from deskhand.mail.rules.authentication import Policy, Result, Verdict, check
from tests.mail.rules.letters import raw

KEY = rsa.generate_private_key(public_exponent=65537, key_size=1024)
PRIVATE = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
)
PUBLIC = "".join(
    KEY.public_key()
    .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    .decode()
    .splitlines()[1:-1]
)
HERE, ELSEWHERE = "192.0.2.7", "198.51.100.9"

RECORDS = {
    ("marsh.example", "TXT"): ["v=spf1 ip4:192.0.2.7 -all", "unrelated"],
    ("_dmarc.marsh.example", "TXT"): ["v=DMARC1; p=reject; sp=quarantine"],
    ("k._domainkey.marsh.example", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    ("k._domainkey.other.example", "TXT"): [f"v=DKIM1; k=rsa; p={PUBLIC}"],
    ("other.example", "TXT"): ["v=spf1 a mx include:marsh.example ~all"],
    ("other.example", "A"): ["192.0.2.8"],
    ("other.example", "MX"): ["10 mx.other.example."],
    ("mx.other.example", "A"): ["192.0.2.9"],
    ("strict.example", "TXT"): ["v=spf1 ip4:192.0.2.7 -all"],
    ("mail.strict.example", "TXT"): ["v=spf1 ip4:192.0.2.7 -all"],
    ("_dmarc.strict.example", "TXT"): ["v=DMARC1; p=quarantine; aspf=s; adkim=s"],
    ("helo.example", "TXT"): ["v=spf1 ip4:192.0.2.7 -all"],
    ("loop.example", "TXT"): ["v=spf1 include:loop.example -all"],
    ("void.example", "TXT"): ["v=spf1 a:x1.example a:x2.example a:x3.example +all"],
    ("twice.example", "TXT"): ["v=spf1 -all", "v=spf1 +all"],
    ("_dmarc.twice.example", "TXT"): ["v=DMARC1; p=reject", "v=DMARC1; p=none"],
}


def names(name: str, type: str) -> Sequence[str]:
    return RECORDS.get((name, type), [])


def checked(message: bytes, mail_from: str = "mia@marsh.example", ip: str = HERE, helo: str = "helo.example") -> Verdict:
    return check(message, ip, helo, mail_from, names)


def signed(message: bytes, domain: str = "marsh.example") -> bytes:
    signature: bytes = dkim.sign(message, b"k", domain.encode(), PRIVATE, include_headers=[b"from", b"subject"])
    return signature + message


def test_who_sends_from_where_the_domain_says_is_proved_by_dmarc() -> None:
    found = checked(raw())

    assert (found.spf, found.spf_domain, found.spf_is_aligned) == (Result.PASS, "marsh.example", True)
    assert (found.dmarc, found.policy, found.from_domain) == (Result.PASS, Policy.REJECT, "marsh.example")
    assert found.is_proved
    assert not found.is_suspect


def test_who_sends_from_elsewhere_is_suspect() -> None:
    found = checked(raw(), ip=ELSEWHERE)

    assert (found.spf, found.dmarc) == (Result.FAIL, Result.FAIL)
    assert not found.is_proved
    assert found.is_suspect


def test_a_signature_of_the_domain_proves_what_comes_from_elsewhere() -> None:
    found = checked(signed(raw()), ip=ELSEWHERE)

    assert [(each.domain, each.selector, each.result, each.is_aligned) for each in found.dkim] == [
        ("marsh.example", "k", Result.PASS, True)
    ]
    assert (found.dmarc, found.is_proved) == (Result.PASS, True)


def test_a_message_that_was_changed_on_its_way_is_not_proved() -> None:
    found = checked(signed(raw()).replace(b"Hello", b"Send money"), ip=ELSEWHERE)

    assert found.dkim[0].result is Result.FAIL
    assert not found.is_proved


def test_a_signature_of_somebody_else_proves_nothing() -> None:
    found = checked(signed(raw(), "other.example"), ip=ELSEWHERE)

    assert (found.dkim[0].result, found.dkim[0].is_aligned) == (Result.PASS, False)
    assert (found.dmarc, found.is_proved) == (Result.FAIL, False)


def test_an_envelope_of_somebody_else_proves_nothing() -> None:
    found = checked(raw(), mail_from="x@other.example")

    assert (found.spf, found.spf_is_aligned, found.dmarc) == (Result.PASS, False, Result.FAIL)


def test_a_signature_of_only_the_beginning_does_not_count() -> None:
    message = raw()
    signature = dkim.sign(message, b"k", b"marsh.example", PRIVATE, include_headers=[b"from"], length=True)

    found = checked(signature + message + b"\r\nAnd send money", ip=ELSEWHERE)

    assert found.dkim[0].result is Result.POLICY
    assert not found.is_proved


def test_a_second_from_makes_the_message_nobodys() -> None:
    message = b"From: boss@marsh.example\r\n" + raw()

    found = checked(message)

    assert (found.from_domain, found.dmarc, found.is_proved) == ("", Result.PERMERROR, False)


@pytest.mark.parametrize("ip", ["192.0.2.8", "192.0.2.9", "192.0.2.7"])
def test_addresses_mail_servers_and_inclusions_are_followed(ip: str) -> None:
    assert checked(raw(), mail_from="x@other.example", ip=ip).spf is Result.PASS


@pytest.mark.parametrize(
    ("mail_from", "ip", "result"),
    [
        ("x@other.example", ELSEWHERE, Result.SOFTFAIL),
        ("x@nothing.example", HERE, Result.NONE),
        ("x@loop.example", HERE, Result.PERMERROR),
        ("x@twice.example", HERE, Result.PERMERROR),
        ("x@void.example", HERE, Result.PERMERROR),
        ("mia@marsh.example", "127.0.0.1", Result.NONE),
        ("mia@marsh.example", "no address", Result.NONE),
        ("mia@marsh.example", "2001:db8::1", Result.FAIL),
    ],
)
def test_other_results_of_spf(mail_from: str, ip: str, result: Result) -> None:
    assert checked(raw(), mail_from=mail_from, ip=ip).spf is result


def test_on_the_null_path_the_name_of_the_server_is_looked_at() -> None:
    found = checked(raw(), mail_from="")

    assert (found.spf, found.spf_domain) == (Result.PASS, "helo.example")
    assert found.dmarc is Result.FAIL


def test_a_domain_without_a_record_has_that_of_its_organization() -> None:
    found = checked(raw(From="mia@shop.marsh.example"), ip=ELSEWHERE)

    assert (found.dmarc, found.policy) == (Result.FAIL, Policy.QUARANTINE)


def test_domains_of_one_organization_are_aligned_unless_it_is_strict() -> None:
    assert checked(raw(From="mia@shop.marsh.example")).dmarc is Result.PASS
    assert checked(raw(From="mia@strict.example"), mail_from="x@mail.strict.example").dmarc is Result.FAIL
    assert checked(raw(From="mia@strict.example"), mail_from="x@strict.example").dmarc is Result.PASS


def test_two_customers_of_one_registry_are_strangers() -> None:
    found = check(raw(From="mia@marsh.co.uk"), HERE, "x", "x@other.co.uk", lambda *_: ["v=spf1 +all"])

    assert (found.spf, found.spf_is_aligned) == (Result.PASS, False)


def test_a_domain_that_publishes_nothing_or_twice_has_no_dmarc() -> None:
    assert checked(raw(From="x@nothing.example")).dmarc is Result.NONE
    assert checked(raw(From="x@twice.example")).dmarc is Result.NONE


def test_names_that_do_not_answer_are_no_verdict() -> None:
    def silent(name: str, type: str) -> Sequence[str]:
        raise TimeoutError

    found = check(signed(raw()), HERE, "helo.example", "mia@marsh.example", silent)

    assert (found.spf, found.dkim[0].result, found.dmarc) == (Result.TEMPERROR, Result.TEMPERROR, Result.TEMPERROR)
    assert not found.is_proved
    assert not found.is_suspect


def test_a_key_that_does_not_answer_leaves_dmarc_open() -> None:
    def half(name: str, type: str) -> Sequence[str]:
        if "_domainkey" in name:
            raise TimeoutError
        return names(name, type)

    assert check(signed(raw()), ELSEWHERE, "helo.example", "mia@marsh.example", half).dmarc is Result.TEMPERROR


def test_only_so_many_signatures_are_looked_at() -> None:
    message = raw()
    signature: bytes = dkim.sign(message, b"k", b"marsh.example", PRIVATE)

    assert len(checked(signature * 30 + message).dkim) == 10


@pytest.mark.parametrize(
    "value", ["", "v=1", "v=1; a=rsa-sha256; d=marsh.example; s=k; b=!; bh=!; h=from", "\x00", "d=" + "a." * 500]
)
def test_a_signature_that_cannot_be_read_is_none(value: str) -> None:
    found = checked(raw(DKIM_Signature=value))

    assert found.dkim[0].result in (Result.FAIL, Result.PERMERROR)
