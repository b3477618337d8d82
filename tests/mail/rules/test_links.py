"""A link whose words name another place than it leads to says so."""

from __future__ import annotations

import pytest

from deskhand.kernel.html import clean
from deskhand.mail.rules.links import with_notices

EVIL = "https://login.evil.test/bank"


def shown(words: str, to: str = EVIL) -> str:
    """A letter with the link, as it is shown."""
    return with_notices(clean(f'<p>See <a href="{to}" title="x">{words}</a> now</p>'), lambda host: f"[{host}]")


@pytest.mark.parametrize(
    "words", ["www.bank.com", "https://bank.com/login?x=1", "<b>bank.com</b>", " bank.co.uk:443/a ", "BANK.COM", "bücher.com"]
)
def test_another_place_is_told(words: str) -> None:
    assert shown(words).endswith("</a> <small>[login.evil.test]</small> now</p>")


@pytest.mark.parametrize(
    ("words", "to"),
    [
        ("www.bank.com", "https://bank.com/"),
        ("bank.com", "https://click.bank.com/track/1"),
        ("https://bank.com/login", "http://BANK.com/elsewhere"),
        ("the invoice", EVIL),
        ("report.pdf", EVIL),
        ("see bank.com today", EVIL),
        ("ona@bank.com", EVIL),
        ("bank.com", "mailto:ona@bank.com"),
        ("bücher.com", "https://xn--bcher-kva.com/"),
        ("", EVIL),
    ],
)
def test_the_same_place_and_words_that_name_none_are_not(words: str, to: str) -> None:
    assert "[" not in shown(words, to)


def test_what_is_told_cannot_act() -> None:
    assert "<script" not in shown("bank.com", "https://&lt;script&gt;.test/")


def test_a_letter_made_of_links_takes_no_time() -> None:
    html = clean('<a href="https://evil.test">bank.com ' * 20_000)
    assert with_notices(html, str).count("<small>") > 1000
