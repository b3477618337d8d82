"""One reason to write, with all that people say about it. The texts are in `texts`; the marks are explained in `letters`."""

from enum import StrEnum

import msgspec

from deskhand.demo.customers import Kind
from deskhand.demo.goods import Goods


class Mood(StrEnum):
    """How an agent begins the answer."""

    TROUBLE = "trouble"
    QUESTION = "question"
    REQUEST = "request"
    GLAD = "glad"
    BUSINESS = "business"


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """The written texts of one reason to write, with what the desk makes of it."""

    name: str
    inbox: int
    weight: int
    """How often it comes, beside the others."""
    subjects: str
    openings: str
    answers: str = ""
    turns: str = ""
    notes: str = ""
    calls: str = ""
    """What an agent writes down after a call."""
    tags: tuple[str, ...] = ()
    """The first is nearly always set, the others sometimes."""
    kind: Kind = Kind.PERSON
    mood: Mood = Mood.QUESTION
    goods: Goods | None = None
    reason: str = "Other"
    refunds: bool = False
    team: int | None = None
    """Who may take it over."""
    customer_file: str = ""
    agent_file: str = ""
    language: str = "en"
