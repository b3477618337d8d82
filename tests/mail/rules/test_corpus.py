"""The rules on public letters, by the figures that were asked of them (email rules 1 and 6.1, reliability R23)."""

from __future__ import annotations

import warnings

import pytest

from tests.mail.corpus import ROOT, Figures, measure


@pytest.fixture(scope="module")
def figures() -> Figures:
    if not ROOT.is_dir():
        warnings.warn("ONLY HALF TESTED: the public letters are not beside this checkout", stacklevel=1)
        pytest.skip("ONLY HALF TESTED: the public letters are not beside this checkout")
    return measure()


@pytest.mark.parametrize(
    ("group", "what", "least"),
    [
        ("arc", "ARC", 100),
        ("arc", "parsed", 100),
        ("bounce", "parsed", 100),
        ("bounce", "bounce found", 99),
        ("bounce", "addresses", 95),
        ("bounce", "automatic reply is no bounce", 100),
        ("bounce", "complaint is one", 100),
        ("bounce", "delay or failure", 95),
        ("bounce", "hard or soft", 90),
        ("bounce", "first digit", 90),
        ("bounce", "how many recipients", 95),
        ("forward", "parsed", 100),
        ("forward", "forward sender", 95),
        ("forward", "forward name", 95),
        ("forward", "forward subject", 95),
        ("forward", "forward body", 95),
        ("forward", "offset within", 100),
        ("forward", "no false bounce", 99.5),
        ("mime", "parsed", 100),
        ("mime", "words right", 95),
        ("mime", "no false bounce", 99.5),
        ("reply", "parsed", 100),
        ("reply", "reply exact", 80),
        ("reply", "reply not lost", 99),
        ("reply", "offset within", 100),
        ("reply", "no false bounce", 99.5),
    ],
)
def test_the_rules_do_on_public_letters_what_was_asked_of_them(figures: Figures, group: str, what: str, least: float) -> None:
    assert figures.all[group, "all", what] > 0
    assert figures.share(group, what) >= least, [each for each in figures.wrong if each[1] == what]
