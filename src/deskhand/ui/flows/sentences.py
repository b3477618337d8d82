"""What a workflow asks and does, in sentences with the names of things: what was found, what would be done, what was."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct

from deskhand.kernel.words import Words
from deskhand.ui.flows import labels
from deskhand.ui.flows.choices import Choices
from deskhand.workflows.model import definition as actions
from deskhand.workflows.model.definition import Action, Condition, Definition, placed
from deskhand.workflows.model.facts import Reason, Result
from deskhand.workflows.model.fields import Kind

SINCE = "since %Y-%m-%d %H:%M:%S UTC"


class Asked(Struct, frozen=True):
    """A condition that was looked at: its sentence, what was found, whether it held."""

    text: str
    found: str
    holds: bool


class Came(Struct, frozen=True):
    """An action that was done or not; ``more`` says why not."""

    text: str
    more: str
    told: str
    icon: str
    color: str


class Sentences:
    """In somebody's words; ``definition`` is None where nobody knows any more what it said."""

    def __init__(self, choices: Choices, words: Words) -> None:
        self._choices = choices
        self._words = words
        self._fields = {name.value: label for _, several in labels.field_groups(words) for name, label in several.items()}
        self._comparisons = labels.comparisons(words)
        self._values = labels.values(words)
        self._units = dict(labels.units(words))
        self._outcomes = labels.outcomes(words)

    def conditions(self, found: list[Reason], definition: Definition | None) -> list[Asked]:
        """Each with what was found."""
        by_path = dict(placed(definition.conditions)) if definition else {}
        return [self._asked(each, by_path.get(each.path)) for each in found]

    def came(self, results: list[Result], definition: Definition | None) -> list[Came]:
        """What came of each action."""
        several = definition.actions if definition else ()
        return [self._came(each, several[at] if at < len(several) else None) for at, each in enumerate(results)]

    def action(self, it: Action) -> str:
        """``Set the status to Closed``."""
        text = self._words.text
        match it:
            case actions.SetStatus(status):
                return text("Set the status to %(status)s", status=self._values[status.value])
            case actions.Assign(None):
                return text("Leave it unassigned")
            case actions.Assign(to):
                return text("Assign it to %(name)s", name=self._names([to], self._choices.users | self._choices.teams))
            case actions.AssignInTurn(users, None):
                return text("Assign it in turn to %(names)s", names=self._names(users, self._choices.users))
            case actions.AssignInTurn(_, team):
                return text("Assign it in turn to the team %(name)s", name=self._names([team], self._choices.teams))
            case actions.AddTags(tags):
                return text("Add the tags %(names)s", names=self._names(tags, self._choices.tags))
            case actions.RemoveTags(tags):
                return text("Take off the tags %(names)s", names=self._names(tags, self._choices.tags))
            case _:
                return self._other(it)

    def _other(self, it: Action) -> str:
        text = self._words.text
        match it:
            case actions.SetField():
                return self._set_field(it)
            case actions.Move(inbox_id):
                return text("Move it to %(name)s", name=self._names([inbox_id], self._choices.inboxes))
            case actions.AddNote():
                return text("Write a note")
            case actions.SendReply(_, 0):
                return text("Send a reply")
            case actions.SendReply(_, reply):
                return text("Send the saved reply %(name)s", name=self._names([reply], self._choices.replies))
            case actions.Forward(to):
                return text("Forward it to %(address)s", address=to)
            case actions.Snooze(span, wakes):
                told = self._span(span)
                if wakes:
                    return text("Snooze it for %(span)s, or until the customer writes", span=told)
                return text("Snooze it for %(span)s", span=told)
            case actions.NotifyWebhook(webhook):
                return text("Tell the webhook %(name)s", name=self._names([webhook], self._choices.webhooks))
            case _:
                return text("Delete it")

    def condition(self, it: Condition) -> str:
        """``Subject contains “parcel”``."""
        name = self._field(it)
        comparison = self._comparisons[it.comparison]
        if it.value is None:
            return self._words.text("%(field)s %(comparison)s", field=name, comparison=comparison)
        several = it.value if isinstance(it.value, list) else [it.value]
        value = ", ".join(self._value(it, str(each) if not isinstance(each, bool) else each) for each in several)
        return self._words.text("%(field)s %(comparison)s %(value)s", field=name, comparison=comparison, value=value)

    def _field(self, it: Condition) -> str:
        if not it.id:
            return self._fields[it.name.value]
        named = self._choices.fields.get(it.id) or self._choices.properties.get(it.id)
        return named.name if named else self._words.text("gone (%(id)s)", id=it.id)

    def _value(self, it: Condition, value: str | bool) -> str:  # noqa: FBT001 - a value, no switch
        if isinstance(value, bool):
            return self._words.text("Yes") if value else self._words.text("No")
        if it.kind is Kind.ID:
            return self._names([value], self._choices.of_ids(f"{it.name.value}:{it.id}" if it.id else it.name.value))
        if it.kind is Kind.SPAN:
            return self._span(value)
        if it.kind is Kind.MOMENT:
            return self._words.exact(datetime.fromisoformat(value))
        return self._values.get(value, value) if it.kind is Kind.WORD else f"“{value}”" if it.kind is Kind.TEXT else value

    def _span(self, text: str) -> str:
        number, _, unit = text.partition(" ")
        return self._words.text("%(number)s %(unit)s", number=number, unit=self._units.get(unit.removesuffix("s"), unit))

    def _set_field(self, it: actions.SetField) -> str:
        field = self._choices.fields.get(str(it.field))
        name = field.name if field else self._words.text("gone (%(id)s)", id=it.field)
        if not it.value:
            return self._words.text("Empty %(field)s", field=name)
        options = {str(each.id): each.label for each in field.options} if field else {}
        return self._words.text("Set %(field)s to %(value)s", field=name, value=options.get(it.value, it.value[:100]))

    def _asked(self, it: Reason, condition: Condition | None) -> Asked:
        if condition is None:
            return Asked(it.text, it.actual, it.holds)
        return Asked(self.condition(condition), self._actual(it.actual, condition), it.holds)

    def _actual(self, actual: str, it: Condition) -> str:
        text = self._words.text
        if actual in ("empty", "none"):
            return text("nothing")
        if actual in ("taken as met", "nothing was said"):
            return text(actual)
        if it.kind is Kind.SPAN:
            return text("since %(when)s", when=self._words.exact(datetime.strptime(actual, SINCE).replace(tzinfo=UTC)))
        if it.kind is Kind.ID:
            ids = [each for each in actual.split(", ") if each.isdigit()]
            return self._names(ids, self._choices.of_ids(f"{it.name.value}:{it.id}" if it.id else it.name.value))
        if it.kind is Kind.FLAG:
            return text("Yes") if actual == "true" else text("No")
        if it.kind is Kind.MOMENT:
            return self._words.exact(datetime.fromisoformat(actual))
        return ", ".join(self._values.get(each, each) for each in actual.split(", ")) if it.kind is Kind.WORD else actual

    def _came(self, it: Result, action: Action | None) -> Came:
        told, icon, color = self._outcomes[it.state]
        text = self.action(action) if action is not None else it.text
        more = "" if it.state.value == "done" else self._words.text(it.text)
        return Came(text, more, told, icon, color)

    def _names(self, ids: list[str] | list[int] | tuple[int, ...] | list[int | None], names: dict[str, str]) -> str:
        return ", ".join(names.get(str(each)) or self._words.text("gone (%(id)s)", id=each) for each in ids)
