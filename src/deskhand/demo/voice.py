"""Letters put together: greeting, matter, closing, signature, in the voice of whoever writes."""

import html
from collections.abc import Callable, Sequence
from typing import TypeVar

from deskhand.demo.customers import Kind
from deskhand.demo.facts import Facts
from deskhand.demo.library import Answer, Library, Opening
from deskhand.demo.situation import Mood

T = TypeVar("T")

_LONG = ("plain",) * 9 + ("polite",) * 6 + ("rambling",) * 3 + ("hasty",) * 2 + ("sloppy",)
_SHORT = ("terse",) * 8 + ("plain",) * 4 + ("hasty",) * 3 + ("polite",)
_SLIPS = (("eceive", "ecieve"), (" the ", " teh "), ("which", "wich"), ("really", "realy"), ("ould you", "oud you"))

_GAP = "<br /><br />"


class Voice:
    """How one customer sounds, and how the desk answers them."""

    __slots__ = ("angry", "facts", "language", "library", "manner", "mood", "native", "random")

    def __init__(self, random: Callable[[], float], library: Library, facts: Facts, opening: Opening, mood: Mood) -> None:
        self.random = random
        self.library = library
        self.facts = facts
        self.language = facts.language
        self.angry = opening.mark == "!"
        self.mood = mood
        business = facts.who.kind in (Kind.BUSINESS, Kind.MEDIA)
        if facts.language != "en":
            self.manner = facts.language
        elif opening.mark == "~":
            self.manner = "foreign"
        elif self.angry:
            self.manner = "angry"
        elif business and random() < 0.8:
            self.manner = "business"
        else:
            self.manner = self.pick(_SHORT if opening.short else _LONG)
        self.native = {"hasty": "terse", "sloppy": "plain"}.get(self.manner, self.manner)

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def first_letter(self, matter: str, file_line: str) -> str:
        """The customer begins. `matter` is a template, `file_line` a sentence or nothing."""
        library, facts, random, native = self.library, self.facts, self.random, self.native
        text = ""
        if native != "terse" or random() < 0.6:
            text = self.pick(library.greetings[native]) + _GAP
        if native == "rambling":
            text += self.pick(library.rambles) + _GAP
        text += matter
        if file_line:
            text += _GAP + file_line
        if native != "terse" and random() < 0.8:
            text += _GAP + self.pick(library.closers[native])
        if random() < 0.92:
            text += _GAP + self.pick(library.signatures[native])
        return self._worn(text % facts)

    def back_letter(self, matter: str, quoted: str) -> str:
        """The customer comes back. `quoted` is the letter below theirs, or nothing."""
        library, facts, random = self.library, self.facts, self.random
        text = matter
        if random() < 0.6 and "%(agent)s" not in matter:
            text = self.pick(library.back_greetings[self.language]) + _GAP + text
        if random() < 0.75:
            text += _GAP + self.pick(library.back_signatures[self.language])
        text = self._worn(text % facts)
        if quoted:
            text += f"{_GAP}{self.pick(library.quoted[self.language]) % facts}<br /><blockquote>{quoted}</blockquote>"
        return text

    def answer(self, block: str, *, asks: bool) -> str:
        """The desk's first answer, with everything an answer should have."""
        library, facts, random = self.library, self.facts, self.random
        language = self.language
        formal = language == "en" and (self.native == "polite" or self.angry)
        text = f"<p>{self.pick(library.agent_greetings['polite' if formal else language])}</p><p>"
        if language != "en":
            text += self.pick(library.agent_openers[language]) + " "
        elif self.angry or random() < 0.75:
            text += self.pick(library.agent_openers["angry" if self.angry else self.mood.value]) + " "
        text += block[3:]
        if not asks and random() < 0.45:
            text += f"<p>{self.pick(library.agent_closers[language])}</p>"
        return (text + f"<p>{self.pick(library.agent_signatures[language])}</p>") % facts

    def later_answer(self, block: str) -> str:
        """The desk writes again; nobody introduces themselves twice."""
        library, random = self.library, self.random
        text = block
        if random() < 0.5:
            text = f"<p>{self.pick(library.agent_greetings[self.language])}</p>{text}"
        if random() < 0.7:
            text += f"<p>{self.pick(library.agent_signatures[self.language])}</p>"
        return text % self.facts

    def first_of_desk(self, block: str) -> str:
        """The desk begins."""
        library = self.library
        greeting = self.pick(library.agent_greetings["en"])
        return f"<p>{greeting}</p>{block}<p>{self.pick(library.agent_signatures['en'])}</p>" % self.facts

    def subject(self, template: str, *, ours: bool) -> str:
        """The customer's, in their manner, or `ours`, as it should be."""
        text = html.unescape(template % self.facts)
        if ours:
            return text[:1].upper() + text[1:]
        if self.manner == "hasty":
            return text.lower()
        chance = self.random()
        if chance < 0.04 and self.angry:
            return text.upper() + "!!"
        if chance < 0.05:
            return f"Fwd: {text}"
        return text[:1].upper() + text[1:]

    def _worn(self, text: str) -> str:
        if self.manner == "hasty":
            return text.lower()
        if self.manner == "sloppy":
            for right, wrong in _SLIPS:
                text = text.replace(right, wrong)
        return text


def fitting(random: Callable[[], float], opening: Opening) -> Answer:
    """One of the answers that belong to the letter."""
    return opening.answers[int(random() * len(opening.answers))]
