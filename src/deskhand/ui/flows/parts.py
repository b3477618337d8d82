"""The fields of the form that builds a workflow, row by row and step by step, as its template draws them."""

from __future__ import annotations

from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.kernel.words import Words
from deskhand.ui.flows import labels
from deskhand.ui.flows.choices import Choices, Options, with_gone
from deskhand.ui.flows.drafts import Draft, Group, Line, Row, Step
from deskhand.workflows.model.facts import WorkflowType
from deskhand.workflows.model.fields import (
    EMPTINESS,
    LISTS,
    OF_THREAD,
    Comparison,
    Field,
    FieldName,
    Kind,
    comparisons,
)


class Part(Struct, frozen=True):
    """One field of the form. ``kind`` is how it is drawn; a choice that ``redraws`` decides what else there is to fill in."""

    name: str
    label: str
    kind: str
    values: list[str] = []
    options: Options = []
    redraws: bool = False
    unit: str = ""
    hint: str = ""

    @property
    def value(self) -> str:
        """Of several the first."""
        return self.values[0] if self.values else ""

    @property
    def chosen(self) -> list[str]:
        """What is chosen, by name."""
        return [name for value, name in self.options if value in self.values]


class Drawn(Struct, frozen=True):
    """A row or a step: its first choices, then what goes with them. Of a group ``entries`` are what stands in it."""

    key: str
    path: str
    parts: list[Part] = []
    kind: str = ""
    may_have_groups: bool = False
    entries: list[Drawn] = []
    was: str = ""
    was_field: str = ""


class Form(Struct, frozen=True):
    """All of it; ``fields`` are the fields there are, in groups."""

    rows: list[Drawn]
    steps: list[Drawn]
    fields: list[tuple[str, Options]]
    mails: bool


def picks(name: str, label: str, values: list[str], options: Options) -> Part:
    """Several of some: what is chosen stands first and in its order, which matters to those who take turns."""
    names = dict(options)
    first = {each: names[each] for each in values if each in names}
    return Part(name, label, "picks", values, list((first | names).items()))


def one_of(name: str, label: str, values: list[str], options: Options, words: Words) -> Part:
    """One of some; nothing is chosen of itself."""
    first = [] if values and values[0] else [("", words.text("Choose…"))]
    return Part(name, label, "pick", values, first + options)


def drawn(it: Draft, choices: Choices, words: Words) -> Form:
    """The form of a draft."""
    mails = any(each.type in ("send-reply", "forward") for each in it.steps)
    rows = [_line(each, choices, words) for each in it.entries]
    return Form(rows, [_step(each, choices, words) for each in it.steps], _fields(it.type, choices, words), mails)


def _fields(type_: WorkflowType, choices: Choices, words: Words) -> list[tuple[str, Options]]:
    hidden = {FieldName.TRIGGER, *OF_THREAD} if type_ is WorkflowType.MANUAL else set()
    groups: list[tuple[str, Options]] = [
        (title, [(name.value, label) for name, label in several.items() if name not in hidden])
        for title, several in labels.field_groups(words)
    ]
    own = [(f"{FieldName.CUSTOM_FIELD.value}:{id_}", each.name) for id_, each in choices.fields.items()]
    theirs = [(f"{FieldName.CUSTOMER_PROPERTY.value}:{slug}", each.name) for slug, each in choices.properties.items()]
    groups += [(words.text("Custom fields"), own), (words.text("Customer’s properties"), theirs)]
    return [(title, several) for title, several in groups if several]


def _line(it: Line, choices: Choices, words: Words) -> Drawn:
    if isinstance(it, Group):
        inner = [_line(each, choices, words) for each in it.entries]
        return Drawn(it.key, it.path, kind=it.kind, may_have_groups=it.may_have_groups, entries=inner)
    field = choices.field(it.field)
    allowed = comparisons(field) if field else tuple(Comparison)
    told = labels.comparisons(words)
    usual = Comparison.CONTAINS if Comparison.CONTAINS in allowed else allowed[0]
    comparison = next((each for each in allowed if each == it.comparison), usual)
    parts = [
        Part(f"{it.key}.field", words.text("Field"), "field", [it.field], redraws=True),
        Part(
            f"{it.key}.comparison",
            words.text("Comparison"),
            "pick",
            [comparison.value],
            [(each.value, told[each]) for each in allowed],
            redraws=True,
        ),
    ]
    if comparison not in EMPTINESS:
        parts.append(_value(it, field, comparison, choices, words))
    return Drawn(it.key, it.path, parts, was=it.field)


def _value(it: Row, field: Field | None, comparison: Comparison, choices: Choices, words: Words) -> Part:
    name, label, text = f"{it.key}.value", words.text("Value"), words.text
    is_list = comparison in LISTS
    kind = field.kind if field else Kind.TEXT
    if kind is Kind.WORD and field and field.words:
        told = labels.values(words)
        options = [(each.value, told.get(each.value, each.value)) for each in field.words]
        return picks(name, label, it.values, options) if is_list else one_of(name, label, it.values, options, words)
    if kind is Kind.ID:
        options = with_gone(choices.of_ids(it.field), it.values, words)
        return picks(name, label, it.values, options) if is_list else one_of(name, label, it.values, options, words)
    if kind is Kind.FLAG:
        return Part(name, label, "pick", it.values or ["yes"], [("yes", text("Yes")), ("no", text("No"))])
    if kind is Kind.SPAN:
        return Part(name, label, "span", it.values, labels.units(words), unit=it.unit)
    if kind is Kind.TEXT and is_list:
        return Part(name, label, "lines", it.values, hint=text("One on each line"))
    hint = text("* stands for anything, ? for one character") if comparison in LIKE else ""
    return Part(name, label, KINDS.get(kind, "text"), it.values, hint=hint)


LIKE = (Comparison.MATCHES, Comparison.DOES_NOT_MATCH)
KINDS = {Kind.DATE: "date", Kind.MOMENT: "moment", Kind.NUMBER: "number"}


def _step(it: Step, choices: Choices, words: Words) -> Drawn:
    told = labels.steps(words)
    known = it.type if it.type in told else next(iter(told))
    first = Part(f"{it.key}.type", words.text("What to do"), "pick", [known], list(told.items()), redraws=True)
    return Drawn(it.key, it.path, [first, *_with(it, choices, words)], was=known, was_field=it.one("field"))


def _with(it: Step, choices: Choices, words: Words) -> list[Part]:
    """What goes with a step."""
    text, make = words.text, _Making(it, words)
    match it.type:
        case "set-status":
            told = labels.values(words)
            return [make.pick("status", text("Status"), {each.value: told[each.value] for each in Status})]
        case "assign":
            return [make.pick("to", text("To whom"), choices.users | choices.teams, first=text("Nobody"))]
        case "assign-in-turn":
            team = make.pick("team", text("Among whom"), choices.teams, first=text("These users"), redraws=True)
            return [team] if it.one("team") else [team, make.picks("users", text("Users"), choices.users)]
        case "set-field":
            return _set_field(it, choices, words)
        case "move":
            others = {id_: name for id_, name in choices.inboxes.items() if id_ != str(choices.inbox_id)}
            return [make.pick("mailboxId", text("Inbox"), others)]
        case "send-reply":
            first = text("A text of its own")
            reply = make.pick("savedReply", text("What is sent"), choices.replies, first=first, redraws=True)
            return [reply] if it.one("savedReply") else [reply, make.text()]
        case "snooze":
            return _snooze(it, words)
        case "notify-webhook":
            return [make.pick("webhook", text("Webhook"), choices.webhooks)]
        case "add-note" | "forward":
            address = Part(f"{it.key}.to", text("Address"), "email", it.given.get("to", []))
            return [address, make.text()] if it.type == "forward" else [make.text()]
        case _:
            return [] if it.type == "delete" else [make.picks("tags", text("Tags"), choices.tags)]


class _Making:
    """Makes the fields of a step."""

    def __init__(self, it: Step, words: Words) -> None:
        self._it = it
        self._words = words

    def pick(self, name: str, label: str, names: dict[str, str], *, first: str = "", redraws: bool = False) -> Part:
        """One of some; ``first`` is what stands for none."""
        values = self._it.given.get(name, [])
        options = with_gone(names, values, self._words)
        if not first:
            return one_of(f"{self._it.key}.{name}", label, values, options, self._words)
        return Part(f"{self._it.key}.{name}", label, "pick", values, [("", first), *options], redraws=redraws)

    def picks(self, name: str, label: str, names: dict[str, str]) -> Part:
        """Several of some."""
        values = self._it.given.get(name, [])
        return picks(f"{self._it.key}.{name}", label, values, with_gone(names, values, self._words))

    def text(self) -> Part:
        """What is written."""
        hint = self._words.text("Variables like {%customer.firstName%} are filled in.")
        return Part(f"{self._it.key}.text", self._words.text("Text"), "area", self._it.given.get("text", []), hint=hint)


def _snooze(it: Step, words: Words) -> list[Part]:
    units, unit = labels.units(words), it.one("unit") or "hour"
    span = Part(f"{it.key}.for", words.text("For how long"), "span", it.given.get("for", []), units, unit=unit)
    wakes = it.given.get("wakesOnReply", [] if "for" in it.given else ["yes"])
    return [span, Part(f"{it.key}.wakesOnReply", words.text("Wakes when the customer writes"), "check", wakes)]


def _set_field(it: Step, choices: Choices, words: Words) -> list[Part]:
    names = {id_: each.name for id_, each in choices.fields.items()}
    chosen = it.one("field") or next(iter(names), "")
    options = with_gone(names, [chosen], words)
    first = Part(f"{it.key}.field", words.text("Custom field"), "pick", [chosen], options, redraws=True)
    field = choices.fields.get(chosen)
    name, label, values = f"{it.key}.value", words.text("Value"), it.given.get("value", [])
    if field and field.type == "dropdown":
        labelled = {str(each.id): each.label for each in field.options}
        return [first, Part(name, label, "pick", values, [("", words.text("Nothing")), *with_gone(labelled, values, words)])]
    kinds = {"date": "date", "number": "number", "multiline": "area"}
    return [first, Part(name, label, kinds.get(field.type, "text") if field else "text", values)]
