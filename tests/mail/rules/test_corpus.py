"""The rules on public letters, by the figures that were asked of them (email rules 1 and 6.1, reliability R23)."""

from __future__ import annotations

import warnings

import pytest

from tests.mail.corpus import FAULTS, ROOT, WANTED, Figures, measure


@pytest.fixture(scope="module")
def figures() -> Figures:
    if not ROOT.is_dir():
        warnings.warn("ONLY HALF TESTED: the public letters are not beside this checkout", stacklevel=1)
        pytest.skip("ONLY HALF TESTED: the public letters are not beside this checkout")
    return measure()


@pytest.mark.parametrize(
    ("group", "what", "least"),
    WANTED,
)
def test_the_rules_do_on_public_letters_what_was_asked_of_them(figures: Figures, group: str, what: str, least: float) -> None:
    assert figures.all[group, "all", what] > 0
    assert figures.share(group, what) >= least, [each for each in figures.wrong if each[1] == what]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_turns_the_drill_red(figures: Figures, fault: str) -> None:
    assert figures.short() == []
    assert measure(group="reply", fault=fault).short() != []
