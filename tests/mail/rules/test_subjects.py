"""What answering and sending on put before a subject, in the languages of mail programs."""

from __future__ import annotations

import pytest

from deskhand.mail.composing import bodies
from deskhand.mail.rules import subjects

ANSWERED = [
    "Re",
    "RE[2]",
    "Re (3)",
    "re^4",
    "AW",
    "Antw",
    "Ant",
    "Sv",
    "VS",
    "Odp",
    "Ynt",
    "Res",
    "RIF",
    "Ref",
    "Vá",
    "R",
    "ATB",
]
ANSWERED += ["ΑΠ", "Отв", "Ответ", "回复", "答复", "回覆", "返信", "답장"]
SENT_ON = ["Fw", "Fwd", "WG", "TR", "VL", "Doorst", "RV", "ENC", "PD", "I", "ΠΡΘ", "转发", "轉寄", "転送", "전달"]


@pytest.mark.parametrize("prefix", ANSWERED)
def test_an_answer_is_about_the_same_and_says_re_once(prefix: str) -> None:
    for colon in (":", " :", "："):
        assert subjects.bare(f"{prefix}{colon} Parcel: late") == "Parcel: late"
        assert bodies.subject(f"Re: {prefix}{colon} Parcel: late") == "Re: Parcel: late"


@pytest.mark.parametrize("prefix", SENT_ON)
def test_what_was_sent_on_is_about_the_same_but_keeps_saying_so(prefix: str) -> None:
    assert subjects.bare(f"{prefix}: Parcel") == "Parcel"
    assert bodies.subject(f"{prefix}: Parcel") == f"Re: {prefix}: Parcel"


def test_names_of_lists_and_numbers_of_ours() -> None:
    assert subjects.bare("Re: [shop] Re: Parcel [#12]") == "Parcel"
    assert bodies.subject("Re: [shop] Parcel [#12]", number=13) == "Re: [shop] Parcel [#13]"


@pytest.mark.parametrize("subject", ["Reparcel", "Refund: late", "Arrival: Monday", "Ireland: parcel", ""])
def test_words_that_only_begin_alike_stay(subject: str) -> None:
    assert subjects.bare(subject) == subject
    assert bodies.subject(subject) == f"Re: {subject}".strip()
