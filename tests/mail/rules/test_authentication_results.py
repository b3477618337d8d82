"""What servers tell of who speaks, and which of them is believed."""

from __future__ import annotations

import pytest

from deskhand.mail.rules.authentication import Policy, Result, Verdict, told
from deskhand.mail.rules.verdict import organization, same
from tests.mail.rules.letters import raw

GOOGLE = (
    "mx.google.com; dkim=pass header.i=@marsh.example header.s=k header.b=AbC;"
    " spf=pass (google.com: domain of mia@marsh.example designates 192.0.2.7) smtp.mailfrom=mia@marsh.example;"
    " dmarc=pass (p=REJECT sp=NONE dis=NONE) header.from=marsh.example"
)
MICROSOFT = (
    "spf=pass (sender IP is 192.0.2.7) smtp.mailfrom=marsh.example; dkim=fail (no key) header.d=marsh.example;"
    "dmarc=pass action=none header.from=marsh.example;compauth=pass reason=100"
)


def verdict(*values: str, trusted: tuple[str, ...] = ("mx.google.com",), **headers: str) -> Verdict | None:
    above = "".join(f"Authentication-Results: {each}\r\n" for each in values)
    return told(above.encode() + raw(**headers), trusted)


def test_results_of_a_trusted_server_are_read() -> None:
    found = verdict(GOOGLE)

    assert found is not None
    assert found.server == "mx.google.com"
    assert (found.spf, found.spf_domain, found.spf_is_aligned) == (Result.PASS, "marsh.example", True)
    assert [(each.domain, each.selector, each.result, each.is_aligned) for each in found.dkim] == [
        ("marsh.example", "k", Result.PASS, True)
    ]
    assert (found.dmarc, found.policy) == (Result.PASS, Policy.REJECT)
    assert found.is_proved


def test_a_server_that_gives_no_name_is_trusted_under_the_empty_one() -> None:
    found = verdict(MICROSOFT, trusted=("",))

    assert found is not None
    assert (found.spf, found.dkim[0].result, found.dmarc) == (Result.PASS, Result.FAIL, Result.PASS)
    assert verdict(MICROSOFT) is None


def test_a_server_that_is_not_trusted_is_not_read() -> None:
    assert verdict(GOOGLE.replace("mx.google.com", "mx.evil.example", 1)) is None
    assert verdict(GOOGLE, trusted=()) is None
    assert verdict() is None


def test_only_the_topmost_of_a_trusted_server_is_read() -> None:
    found = verdict("MX.Google.com; dmarc=fail header.from=marsh.example", GOOGLE)

    assert found is not None
    assert (found.dmarc, found.spf) == (Result.FAIL, Result.NONE)


def test_results_that_hide_in_comments_quotes_and_encoded_words_are_not_read() -> None:
    for hidden in (
        "mx.google.com; spf=fail (; dmarc=pass header.from=marsh.example) smtp.mailfrom=x.example",
        'mx.google.com; spf=fail smtp.mailfrom="; dmarc=pass header.from=marsh.example"',
        "mx.google.com; spf=fail smtp.mailfrom==?utf-8?q?=3B_dmarc=3Dpass_header.from=3Dmarsh.example?=@x.example",
        "mx.google.com; spf=fail (a (nested; dmarc=pass) header.from=marsh.example)",
    ):
        found = verdict(hidden)
        assert found is not None
        assert (found.dmarc, found.is_proved) == (Result.NONE, False)


def test_a_verdict_on_another_author_is_none_on_this_one() -> None:
    found = verdict(GOOGLE, From="boss@other.example")

    assert found is not None
    assert (found.dmarc, found.spf_is_aligned, found.dkim[0].is_aligned) == (Result.NONE, False, False)
    assert not found.is_proved


def test_the_first_of_two_results_of_a_method_counts() -> None:
    found = verdict("mx.google.com; dmarc=fail header.from=marsh.example; dmarc=pass header.from=marsh.example")

    assert found is not None
    assert found.dmarc is Result.FAIL


@pytest.mark.parametrize(
    ("word", "result"),
    [("pass", Result.PASS), ("HardFail", Result.FAIL), ("softfail", Result.SOFTFAIL), ("bestguesspass", Result.NONE)],
)
def test_results_go_by_several_names(word: str, result: Result) -> None:
    found = verdict(f"mx.google.com; spf={word} smtp.mailfrom=a@marsh.example")

    assert found is not None
    assert found.spf is result


@pytest.mark.parametrize(
    "value", ["", ";", "mx.google.com", "mx.google.com 1; none", "mx.google.com; dmarc", 'mx.google.com; x="', "((((" * 5000]
)
def test_odd_headers_prove_nothing(value: str) -> None:
    found = verdict(value)

    assert found is None or (found.dmarc, found.is_proved) == (Result.NONE, False)


def test_a_folded_header_is_one() -> None:
    found = verdict(GOOGLE.replace("; ", ";\r\n\t"))

    assert found is not None
    assert found.is_proved


def test_domains_are_of_one_organization_by_the_list_of_public_suffixes() -> None:
    assert organization("mail.shop.example.co.uk") == "example.co.uk"
    assert organization("co.uk") == "co.uk"
    assert same("Mail.Example.com.", "example.COM")
    assert not same("mail.example.com", "example.com", is_strict=True)
    assert not same("ann.github.io", "bob.github.io")
    assert same("bücher.example", "xn--bcher-kva.example")
    assert not same("", "")
