"""How well the rules of mail do on public letters: ``script/drill corpus``.

Letters lie beside the checkout (``../shared/mail-corpus``, see its SOURCES.md): half of what there is, the other
half is kept from us. They are hostile: nothing here opens one but our own code.
"""

import argparse
import html
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from deskhand.mail.reading.letter import Letter
from deskhand.mail.reading.reading import read
from deskhand.mail.rules import automatic, bounces
from deskhand.mail.rules.authentication import check
from deskhand.mail.rules.forwards import forwarded
from deskhand.mail.rules.replies import split, split_html

ROOT = Path(__file__).resolve().parents[3] / "shared" / "mail-corpus"
FAULTS: dict[str, dict[str, Callable[..., object]]] = {"no quote is seen": {"split": len, "split_html": len}}
SEED = 20261126  # of the halves in which rules were tried: A while writing them, B afterwards


@dataclass(frozen=True)
class Case:
    id: str
    group: str
    source: str
    message: Path
    other: tuple[Path, ...]
    expected: Any

    @property
    def raw(self) -> bytes:
        return self.message.read_bytes()


WANTED = (
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
)
"""Group, what, and of how many percent of the cases at least it is right (email rules 1 and 6.1)."""


@dataclass
class Figures:
    """Right ones and all, by group, source and what was looked at; and what was not right."""

    right: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    all: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[tuple[str, str, object]] = field(default_factory=list)

    def note(self, case: Case, what: str, is_right: bool, why: object = "") -> None:
        for source in (case.source, "all"):
            self.all[case.group, source, what] += 1
            self.right[case.group, source, what] += is_right
        if not is_right:
            self.wrong.append((case.id, what, why))

    def share(self, group: str, what: str, source: str = "all") -> float:
        """Percent of those that were looked at; of none, all."""
        of = self.all[group, source, what]
        return 100 * self.right[group, source, what] / of if of else 100.0

    def short(self) -> list[str]:
        """What falls short of what is wanted, of what was looked at."""
        return [
            f"{group} {what}: {self.share(group, what):.1f} % instead of {least}"
            for group, what, least in WANTED
            if self.share(group, what) < least
        ]

    def table(self) -> str:
        rows = [
            f"{group:8} {source[:28]:28} {what:34} {self.right[group, source, what]:4} of {self.all[group, source, what]:4}"
            f" {self.share(group, what, source):6.1f} %"
            for group, source, what in sorted(self.all)
        ]
        return "\n".join(rows)


def cases(root: Path = ROOT, half: str = "") -> Iterator[Case]:
    """All cases, or those of one half: ``A`` or ``B``."""
    lines = (root / "cases.jsonl").read_text().splitlines()
    chosen = random.Random(SEED)
    for line in lines:
        told = json.loads(line)
        if half and chosen.choice("AB") != half:
            continue
        expected = json.loads((root / told["expected"]).read_text()) if told["expected"] else None
        others = tuple(root / each for each in told["other"])
        yield Case(told["id"], told["group"], told["source"], root / told["message"], others, expected)


def measure(half: str = "", *, group: str = "", fault: str | None = None) -> Figures:
    """Look at all letters, or at those of a half, of a group; with a planted fault if one is named."""
    figures = Figures()
    with patch.dict(globals(), FAULTS[fault] if fault else {}):
        for case in cases(half=half):
            if case.group != "tnef" and group in ("", case.group):
                letter = _letter(case, figures)
                if letter is not None and case.group in _GROUPS:
                    _GROUPS[case.group](case, letter, figures)
    return figures


def _letter(case: Case, figures: Figures) -> Letter | None:
    try:
        letter = read(case.raw)
        automatic.machine(letter)
        json.dumps([each.text for each in letter.leaves]).encode("utf-8")
    except Exception as problem:  # noqa: BLE001 - it is what we look for
        figures.note(case, "parsed", False, problem)
        return None
    figures.note(case, "parsed", True)
    return letter


def _bounce(case: Case, letter: Letter, figures: Figures) -> None:
    report = bounces.report(letter, case.raw)
    expected = case.expected or {}
    kind = expected.get("kind", "bounce")
    if kind == "auto-reply":
        figures.note(case, "automatic reply is no bounce", report is None, report)
        return
    if expected.get("addresses") == []:
        return  # nobody is said to have failed: bounces and ordinary letters, without a word which is which
    figures.note(case, "bounce found", report is not None, letter.subject)
    if report is None:
        return
    if kind == "feedback-report":
        figures.note(case, "complaint is one", report.kind is bounces.Kind.COMPLAINT, report)
        return
    if "addresses" in expected:
        found = {each.address.lower() for each in report.outcomes}
        figures.note(case, "addresses", found == {each.lower() for each in expected["addresses"]}, found)
        figures.note(case, "delay or failure", (report.kind is bounces.Kind.DELAY) == expected["temporary"], report.kind)
    elif recipients := expected.get("recipients"):
        is_hard = any(each["hard_bounce"] for each in recipients)
        figures.note(case, "hard or soft", any(each.is_hard for each in report.outcomes) == is_hard, (recipients, report))
        digits = {(each["status"] or "5")[0] for each in recipients}
        ours = {"2" if each.action == "delivered" else "4" if each.is_temporary else "5" for each in report.outcomes}
        figures.note(case, "first digit", bool(digits & ours), (recipients, report))
        figures.note(case, "how many recipients", len(recipients) == len(report.outcomes), report)


def _ordinary(case: Case, letter: Letter, figures: Figures) -> None:
    """Letters that are no reports; those among the public ones that are say so in their header."""
    if case.group == "mime" and (case.expected or {}).get("label") == "spam":
        return
    if letter.first("Content-Type").lower().startswith("multipart/report") or automatic.is_daemon(letter):
        return
    report = bounces.report(letter, case.raw)
    figures.note(case, "no false bounce", report is None, report)


def _reply(case: Case, letter: Letter, figures: Figures) -> None:
    _ordinary(case, letter, figures)
    text, end = _visible(case, letter)
    if case.expected is None:
        figures.note(case, "offset within", 0 <= end <= len(text))
        return
    visible = text[:end]
    wanted = case.expected["reply"]
    lost = Counter(_words(wanted)) - Counter(_words(visible))
    figures.note(case, "reply exact", _squeezed(visible) == _squeezed(wanted), visible[-300:])
    figures.note(case, "reply not lost", not lost, lost)


def _visible(case: Case, letter: Letter) -> tuple[str, int]:
    if case.message.suffix == ".html":
        text = case.raw.decode("utf-8", "replace")
        return text, split_html(text)
    if case.message.suffix == ".eml":
        leaf = next(iter(letter.texts), None)
        text = (leaf.text if leaf else "") or ""
        return text, split_html(text) if leaf and leaf.type == "text/html" else split(text)
    text = case.raw.decode("utf-8", "replace").replace("\r\n", "\n")
    return text, split(text)


def _forward(case: Case, letter: Letter, figures: Figures) -> None:
    _ordinary(case, letter, figures)
    text = case.raw.decode("utf-8", "replace").replace("\r\n", "\n")
    for subject in [each.read_text().strip() for each in case.other] or [""]:
        found = forwarded(subject, text)
        if case.expected is None:
            figures.note(case, "offset within", found is None or 0 <= found.words_end <= found.body_start <= len(text))
            continue
        sender = found.sender if found else None
        wanted = case.expected["from"]
        figures.note(case, "forward sender", sender is not None and sender.address == wanted["address"], (subject, found))
        figures.note(case, "forward name", sender is not None and sender.name == (wanted.get("name") or ""), sender)
        figures.note(case, "forward subject", found is not None and found.subject == case.expected["subject"], found)
        body = re.sub(r"[\s>]", "", text[found.body_start :]) if found else ""
        figures.note(case, "forward body", body == re.sub(r"[\s>]", "", case.expected["body"] or ""), found)


def _arc(case: Case, letter: Letter, figures: Figures) -> None:
    records = case.expected["txt_records"]
    verdict = check(
        case.raw, "192.0.2.1", "mx.example", "", lambda name, kind: [records[name]] if kind == "TXT" and name in records else []
    )
    figures.note(case, "ARC", verdict.arc == case.expected["cv"], verdict)


def _mime(case: Case, letter: Letter, figures: Figures) -> None:
    _ordinary(case, letter, figures)
    expected = case.expected or {}
    wanted = ""
    if case.source == "zammad":
        wanted = str(expected.get("body", "")).replace("no visible content", "")  # what Zammad says where there is nothing
    elif case.source == "stalwart-mail-parser":
        bodies = [expected["parts"][each]["body"] for each in {*expected["text_body"], *expected["html_body"]}]
        wanted = " ".join(str(each.get(kind, "")) for each in bodies if isinstance(each, dict) for kind in ("Text", "Html"))
    words = set(_words(wanted))
    if words:
        ours = " ".join(
            [each.text or "" for each in letter.leaves] + [each.filename for each in letter.leaves] + [letter.subject]
        )
        known, squeezed = set(_words(ours)), _squeezed(html.unescape(re.sub(r"<[^>]*>", "", ours))).lower()
        missing = {each for each in words if each not in known and each not in squeezed}
        figures.note(case, "words right", len(missing) <= len(words) / 20, missing)


_GROUPS: dict[str, Callable[[Case, Letter, Figures], None]] = {
    "arc": _arc,
    "bounce": _bounce,
    "forward": _forward,
    "mime": _mime,
    "reply": _reply,
}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", html.unescape(re.sub(r"<[^>]*>", " ", text)).lower())


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill corpus", description="How well the rules of mail do on public letters")
    parser.add_argument("--half", choices=["", "A", "B"], default="")
    parser.add_argument("--fault", choices=sorted(FAULTS))
    parser.add_argument("--wrong", action="store_true", help="tell each case that is not right")
    asked = parser.parse_args()
    if not ROOT.is_dir():
        sys.exit(f"no letters at {ROOT}")
    figures = measure(asked.half, fault=asked.fault)
    print(figures.table())
    if asked.wrong:
        for id, what, why in figures.wrong:
            print(f"{id}: {what}: {str(why)[:600]}")
    for each in figures.short():
        print(f"WRONG {each}")
    sys.exit(1 if figures.short() else 0)


if __name__ == "__main__":
    main()
