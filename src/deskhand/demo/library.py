"""All texts, compiled: what is written in `texts` as templates, ready to be picked from."""

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from deskhand.demo.letters import Letter, agent_html, customer_html, letters, lines_of, phrases, variants
from deskhand.demo.situation import Situation
from deskhand.demo.texts import (
    account,
    advice,
    billing,
    common,
    french,
    german,
    outgoing,
    parcels,
    press,
    repairs,
    returns,
    school,
    shipping,
    spam,
    spanish,
    subscription,
    voices,
    wholesale,
)

Pieces = tuple[str, ...]

_MOST = 24
"""How many of the ways to read one letter are kept ready."""
_SHORT = 95


class Answer(NamedTuple):
    """What the desk says to an opening."""

    number: str
    asks: bool
    attached: bool
    """Whether the text speaks of an attachment."""
    blocks: Pieces


class Opening(NamedTuple):
    """A first letter with the subjects and the answers that go with it."""

    mark: str
    short: bool
    subjects: Pieces
    texts: Pieces
    blocks: Pieces
    """The same as paragraphs, for letters that the desk sends first."""
    attached: bool
    answers: tuple[Answer, ...]


class Turn(NamedTuple):
    """The customer comes back, the desk answers."""

    after: str
    follows: bool
    """Only right after the turn before."""
    instead: bool
    """Only if the turn before is left out."""
    customer: Pieces
    agent: Pieces


class Plot(NamedTuple):
    """A situation, compiled."""

    situation: Situation
    openings: tuple[Opening, ...]
    fluent: tuple[Opening, ...]
    """Those that a native speaker writes."""
    turns: tuple[Turn, ...]
    notes: Pieces
    calls: Pieces


class Library(NamedTuple):
    """Every text there is; dicts go by manner, mood or language."""

    plots: tuple[Plot, ...]
    """Each as often as it comes."""
    foreign: dict[str, tuple[Plot, ...]]
    spam: tuple[Plot, ...]
    outgoing: tuple[Plot, ...]
    turns: tuple[Turn, ...]
    notes: Pieces
    thanks: dict[str, Pieces]
    cool_thanks: Pieces
    welcomes: dict[str, Pieces]
    nudges: dict[str, Pieces]
    follow_ups: dict[str, Pieces]
    greetings: dict[str, Pieces]
    rambles: Pieces
    closers: dict[str, Pieces]
    signatures: dict[str, Pieces]
    agent_greetings: dict[str, Pieces]
    agent_openers: dict[str, Pieces]
    agent_closers: dict[str, Pieces]
    agent_signatures: dict[str, Pieces]
    back_greetings: dict[str, Pieces]
    back_signatures: dict[str, Pieces]
    quoted: dict[str, Pieces]
    chat_hellos: Pieces
    chat_answers: Pieces
    chat_waits: Pieces
    chat_ends: Pieces
    chat_byes: Pieces
    call_ends: Pieces
    files: dict[str, Pieces]
    ratings: dict[str, Pieces]


@cache
def library() -> Library:
    """Compiled at the first use, in some 100 ms."""
    english = (account, advice, billing, parcels, press, repairs, returns, school, shipping, subscription, wholesale)
    return Library(
        plots=_weighted(situation for room in english for situation in room.SITUATIONS),
        foreign={
            "de": _weighted(german.SITUATIONS), "fr": _weighted(french.SITUATIONS), "es": _weighted(spanish.SITUATIONS),
        },
        spam=_weighted(spam.SITUATIONS),
        outgoing=_weighted(outgoing.SITUATIONS),
        turns=_turns(common.TURNS),
        notes=_customer(common.NOTES),
        thanks=_each_customer(common.THANKS),
        cool_thanks=_customer(common.COOL_THANKS),
        welcomes=_each_agent(common.WELCOMES),
        nudges=_each_customer(common.NUDGES),
        follow_ups=_each_agent(common.FOLLOW_UPS),
        greetings=_each(voices.GREETINGS),
        rambles=phrases(voices.RAMBLES),
        closers=_each(voices.CLOSERS),
        signatures=_each(voices.SIGNATURES),
        agent_greetings=_each(voices.AGENT_GREETINGS),
        agent_openers=_each(voices.AGENT_OPENERS),
        agent_closers=_each(voices.AGENT_CLOSERS),
        agent_signatures=_each(voices.AGENT_SIGNATURES),
        back_greetings=_each(voices.BACK_GREETINGS),
        back_signatures=_each(voices.BACK_SIGNATURES),
        quoted=_each(voices.QUOTED),
        chat_hellos=phrases(common.CHAT_HELLOS),
        chat_answers=phrases(common.CHAT_ANSWERS),
        chat_waits=phrases(common.CHAT_WAITS),
        chat_ends=phrases(common.CHAT_ENDS),
        chat_byes=phrases(common.CHAT_BYES),
        call_ends=phrases(common.CALL_ENDS),
        files=_each(common.FILES),
        ratings=_each(common.RATINGS),
    )  # fmt: skip


def _weighted(situations: Iterable[Situation]) -> tuple[Plot, ...]:
    return tuple(plot for situation in situations for plot in [_plot(situation)] * situation.weight)


def _plot(situation: Situation) -> Plot:
    openings: list[Opening] = []
    for number, letter in enumerate(letters(situation.openings), start=1):
        # Cross and clumsy letters are the rarer ones.
        openings += [_opening(situation, letter, str(number))] * (2 if letter.mark == "*" else 1)
    return Plot(
        situation,
        tuple(openings),
        tuple(opening for opening in openings if opening.mark != "~"),
        _turns(situation.turns),
        _customer(situation.notes),
        _customer(situation.calls),
    )


def _opening(situation: Situation, letter: Letter, number: str) -> Opening:
    answers = tuple(
        Answer(str(place), answer.mark == "?", _attached(answer.text), _blocks(answer.text))
        for place, answer in enumerate(letters(situation.answers), start=1)
        if not answer.after or number in answer.after
    )
    texts = variants(letter.text, _MOST)
    if situation.language == "en":
        texts = [_capital(text) for text in texts]
    return Opening(
        letter.mark,
        len(letter.text) < _SHORT,
        _subjects(situation.subjects, number),
        tuple(customer_html(text) for text in texts),
        _blocks(letter.text),
        _attached(letter.text),
        answers,
    )


def _attached(text: str) -> bool:
    return any(words in text for words in ("attached", "ere is the new invoice", "ere is the corrected", "liegt bei"))


def _subjects(block: str, number: str) -> Pieces:
    """`@13 text` goes with the first and the third opening, other lines with all."""
    fitting = []
    for line in block.strip().splitlines():
        text = line.strip()
        if text.startswith("@"):
            numbers, _, text = text[1:].partition(" ")
            if number not in numbers:
                continue
        fitting.append(text)
    return lines_of("\n".join(fitting))


def _turns(block: str) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    customer: list[str] = []
    agent: list[str] = []
    after, mark = "", ">"
    for letter in letters(block):
        if letter.mark == "<":
            agent += _blocks(letter.text)
            continue
        if agent:
            turns.append(Turn(after, mark == "+", mark == "|", tuple(customer), tuple(agent)))
            customer, agent = [], []
        after, mark = letter.after, letter.mark
        customer += [customer_html(_capital(text)) for text in variants(letter.text, _MOST)]
    if agent:
        turns.append(Turn(after, mark == "+", mark == "|", tuple(customer), tuple(agent)))
    return tuple(turns)


def _blocks(text: str) -> Pieces:
    return tuple(agent_html(_capital(text)) for text in variants(text, _MOST))


def _customer(block: str) -> Pieces:
    return tuple(customer_html(_capital(text)) for letter in letters(block) for text in variants(letter.text, _MOST))


def _each(blocks: dict[str, str]) -> dict[str, Pieces]:
    return {key: phrases(block) for key, block in blocks.items()}


def _each_agent(blocks: dict[str, str]) -> dict[str, Pieces]:
    return {key: tuple(text for letter in letters(block) for text in _blocks(letter.text)) for key, block in blocks.items()}


def _each_customer(blocks: dict[str, str]) -> dict[str, Pieces]:
    return {key: _customer(block) for key, block in blocks.items()}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
