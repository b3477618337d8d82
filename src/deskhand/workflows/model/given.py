"""A definition as it is given, and what is wrong with it: every mistake with its place. What it names is looked for later."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from deskhand.conversations.model import Status
from deskhand.inboxes.model import NUMBER, CustomField, value_mistake
from deskhand.kernel.emails import is_email
from deskhand.kernel.errors import Code, Mistake
from deskhand.properties.model import Property
from deskhand.workflows.model import definition as actions
from deskhand.workflows.model.definition import Action, AllOf, AnyOf, Condition, Definition, Entry, placed, span
from deskhand.workflows.model.facts import Fires, WorkflowType
from deskhand.workflows.model.fields import (
    EMPTINESS,
    FIELDS,
    LISTS,
    OF_FIELD,
    OF_PROPERTY,
    OF_THREAD,
    Comparison,
    Field,
    FieldName,
    Kind,
    comparisons,
)

MOST_CONDITIONS = 50
MOST_ENTRIES = 200  # conditions and groups, beyond which nothing is looked at any more
MOST_VALUES = 50
MOST_ACTIONS = 20
MOST_TAGS = 50
MOST_USERS = 100
DEEPEST = 3
VALUE_CHARACTERS = 500
TEXT_CHARACTERS = 100_000
LARGEST_ID = 2**63 - 1
MOMENT = "%Y-%m-%dT%H:%M:%SZ"

Id = Annotated[int, Meta(ge=1, le=LARGEST_ID)]


NOTHING = Condition(FieldName.SNOOZED, Kind.FLAG, Comparison.IS, value=True)


class EntryGiven(Struct, frozen=True, kw_only=True):
    """A condition, or a group: exactly one of ``field``, ``all`` and ``any``."""

    all: list[EntryGiven] | None = None
    any: list[EntryGiven] | None = None
    field: FieldName | None = None
    comparison: Comparison | None = None
    id: str | None = None
    value: Any = None


class ActionGiven(Struct, frozen=True, kw_only=True, rename="camel"):
    """An action: its type, and the fields that belong to it."""

    type: Annotated[str, Meta(max_length=50)]
    status: Status | None = None
    to: Annotated[str, Meta(max_length=300)] | None = None
    users: list[Id] | None = None
    team: Id | None = None
    tags: list[Id] | None = None
    field: Id | None = None
    value: str | None = None
    mailbox_id: Id | None = None
    text: str | None = None
    saved_reply: Id | None = None
    for_: str | None = msgspec.field(default=None, name="for")
    wakes_on_reply: bool | None = None
    webhook: Id | None = None


class Given(Struct, frozen=True, kw_only=True):
    """What a workflow is to be."""

    inbox_id: int
    type: WorkflowType
    name: str
    fires: Fires | None
    conditions: list[EntryGiven]
    actions: list[ActionGiven]


class Known(Struct, frozen=True):
    """What conditions may ask in an inbox: its custom fields by id as text, customers' properties by slug."""

    fields: Mapping[str, CustomField]
    properties: Mapping[str, Property]


def checked(given: Given, known: Known, mistakes: list[Mistake]) -> Definition:
    """The definition of what was given. Adds what is wrong to ``mistakes``; then what it gives is not to be used."""
    check = _Check(known, mistakes, is_manual=given.type is WorkflowType.MANUAL)
    if not given.name.strip():
        check.wrong("name", "may not be empty", Code.NOT_EMPTY, given.name)
    if check.is_manual and given.fires is Fires.ONCE:
        check.wrong("fires", "is 'always' for manual ones", Code.INVALID, given.fires.value)
    entries = check.entries(given.conditions, "conditions", depth=0)
    number = sum(1 for _ in placed(entries))
    if number > MOST_CONDITIONS:
        check.wrong("conditions", f"size must be between 0 and {MOST_CONDITIONS}", Code.SIZE)
    if not given.conditions and not check.is_manual:
        check.wrong("conditions", "may not be empty", Code.NOT_EMPTY)
    if not 1 <= len(given.actions) <= MOST_ACTIONS:
        check.wrong("actions", f"size must be between 1 and {MOST_ACTIONS}", Code.SIZE)
    done = [check.action(each, f"actions[{at}]", given) for at, each in enumerate(given.actions[:MOST_ACTIONS])]
    for at, each in enumerate(given.actions[:-1]):
        if each.type == "delete":
            check.wrong(f"actions[{at}].type", "must be the last one", Code.INVALID, "delete")
    fires = Fires.ALWAYS if check.is_manual else given.fires or Fires.ONCE
    return Definition(fires, entries, tuple(each or actions.Delete() for each in done))


class _Check:
    """Walks what was given and collects mistakes."""

    def __init__(self, known: Known, mistakes: list[Mistake], *, is_manual: bool) -> None:
        self._known = known
        self._mistakes = mistakes
        self._seen = 0
        self.is_manual = is_manual

    def wrong(self, path: str, message: str, code: Code = Code.INVALID, rejected: object = msgspec.UNSET) -> None:
        """Note a mistake."""
        if isinstance(rejected, int) and abs(rejected) > LARGEST_ID:
            rejected = str(rejected)
        shown = rejected[:300] if isinstance(rejected, str) else rejected
        self._mistakes.append(Mistake(path, message, code, msgspec.UNSET if isinstance(shown, (list, dict)) else shown))

    def entries(self, given: list[EntryGiven], path: str, depth: int) -> tuple[Entry, ...]:
        """The entries of a group; in the place of a wrong one stands something that names nothing."""
        if len(given) > MOST_CONDITIONS:
            self.wrong(path, f"size must be between 0 and {MOST_CONDITIONS}", Code.SIZE)
        found = [self._entry(each, f"{path}[{at}]", depth) for at, each in enumerate(given[:MOST_CONDITIONS])]
        return tuple(each or NOTHING for each in found)

    def _entry(self, given: EntryGiven, path: str, depth: int) -> Entry | None:
        self._seen += 1
        if self._seen > MOST_ENTRIES:  # far too many, which is said of the whole
            return None
        if sum(each is not None for each in (given.field, given.all, given.any)) != 1:
            self.wrong(path, "must have exactly one of 'field', 'all' and 'any'")
            return None
        if given.field is not None:
            return self._condition(given, given.field, path)
        inner, name = (given.any, "any") if given.all is None else (given.all, "all")
        if not inner:
            self.wrong(f"{path}.{name}", "may not be empty", Code.NOT_EMPTY)
            return None
        if depth >= DEEPEST:
            self.wrong(path, f"groups may be {DEEPEST} deep at most")
            return None
        entries = self.entries(inner, f"{path}.{name}", depth + 1)
        return AllOf(entries) if name == "all" else AnyOf(entries)

    def _condition(self, given: EntryGiven, name: FieldName, path: str) -> Condition | None:
        if self.is_manual and (name is FieldName.TRIGGER or name in OF_THREAD):
            self.wrong(f"{path}.field", "has no meaning in manual workflows", Code.INVALID, name.value)
            return None
        field_ = self._field(given, name, path)
        if field_ is None:
            return None
        allowed = comparisons(field_)
        if given.comparison not in allowed:
            words = ", ".join(f"'{each.value}'" for each in allowed)
            rejected = given.comparison.value if given.comparison else msgspec.UNSET
            self.wrong(f"{path}.comparison", f"Expected one of these: {words}", Code.ENUM_VALUE, rejected)
            return None
        comparison = given.comparison
        assert comparison is not None
        if comparison in EMPTINESS:
            if given.value is not None:
                self.wrong(f"{path}.value", "must not be given", Code.INVALID, given.value)
            return Condition(name, field_.kind, comparison, given.id or "")
        value = self._values(given, field_, path) if comparison in LISTS else self._one(given.value, field_, f"{path}.value")
        return Condition(name, field_.kind, comparison, given.id or "", value)

    def _field(self, given: EntryGiven, name: FieldName, path: str) -> Field | None:
        if name in FIELDS:
            if given.id is not None:
                self.wrong(f"{path}.id", "must not be given", Code.INVALID, given.id)
            return FIELDS[name]
        if given.id is None:
            self.wrong(f"{path}.id", "may not be null", Code.NOT_NULL)
            return None
        kind: Kind | None = None
        if name is FieldName.CUSTOM_FIELD and given.id in self._known.fields:
            kind = OF_FIELD[self._known.fields[given.id].type]
        elif name is FieldName.CUSTOMER_PROPERTY and given.id in self._known.properties:
            kind = OF_PROPERTY[self._known.properties[given.id].type]
        if kind is None:
            told = "a field of this inbox" if name is FieldName.CUSTOM_FIELD else "a property of customers"
            self.wrong(f"{path}.id", f"is not {told}", Code.INVALID, given.id)
            return None
        return Field(kind, may_be_empty=True)

    def _values(self, given: EntryGiven, field_: Field, path: str) -> list[str | int]:
        if not isinstance(given.value, list):
            self.wrong(f"{path}.value", "must be an array", Code.INVALID, given.value)
            return []
        if not 1 <= len(given.value) <= MOST_VALUES:
            self.wrong(f"{path}.value", f"size must be between 1 and {MOST_VALUES}", Code.SIZE)
        found = [self._one(each, field_, f"{path}.value[{at}]") for at, each in enumerate(given.value[:MOST_VALUES])]
        return [each for each in found if isinstance(each, (str, int))]

    def _one(self, value: Any, field_: Field, path: str) -> str | int | bool | None:
        if value is None:
            self.wrong(path, "may not be null", Code.NOT_NULL)
            return None
        if field_.kind is Kind.WORD:
            assert field_.words is not None
            words = [each.value for each in field_.words]
            if value in words:
                return str(value)
            self.wrong(path, "Expected one of these: " + ", ".join(f"'{each}'" for each in words), Code.ENUM_VALUE, value)
            return None
        is_right, told = VALUES[field_.kind]
        if not is_right(value):
            self.wrong(path, told, Code.INVALID, value)
            return None
        return str(value) if field_.kind is Kind.NUMBER else value

    def action(self, given: ActionGiven, path: str, of: Given) -> Action | None:
        """The action, if everything in it is as it must be."""
        maker = ACTIONS.get(given.type)
        if maker is None:
            words = ", ".join(f"'{each}'" for each in ACTIONS)
            self.wrong(f"{path}.type", f"Expected one of these: {words}", Code.ENUM_VALUE, given.type)
            return None
        before = len(self._mistakes)
        for each in msgspec.structs.fields(ActionGiven)[1:]:
            is_given = getattr(given, each.name) is not None
            if is_given and each.name not in maker.fields:
                self.wrong(f"{path}.{each.encode_name}", f"does not belong to {given.type}")
            if not is_given and each.name in maker.needed:
                self.wrong(f"{path}.{each.encode_name}", "may not be null", Code.NOT_NULL)
        if len(self._mistakes) > before:
            return None
        made = maker.make(self, given, path, of)
        return made if len(self._mistakes) == before else None

    def text(self, text: str | None, path: str) -> str:
        """HTML that somebody is to read."""
        if text is not None and not text.strip():
            self.wrong(path, "may not be empty", Code.NOT_EMPTY, text)
        elif text is not None and len(text) > TEXT_CHARACTERS:
            self.wrong(path, f"size must be between 1 and {TEXT_CHARACTERS}", Code.SIZE)
        return text or ""

    def ids(self, ids: list[int] | None, path: str, most: int) -> tuple[int, ...]:
        """Ids, each once."""
        if ids is not None and not 1 <= len(ids) <= most:
            self.wrong(path, f"size must be between 1 and {most}", Code.SIZE)
            return ()
        return tuple(dict.fromkeys(ids or ()))

    def field_value(self, given: ActionGiven, path: str) -> None:
        """Whether a custom field takes a value."""
        found = self._known.fields.get(str(given.field))
        if found is None:
            self.wrong(f"{path}.field", "is not a field of this inbox", Code.INVALID, given.field)
        elif given.value and (problem := value_mistake(found, given.value)):
            self.wrong(f"{path}.value", problem, Code.INVALID, given.value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip()) and len(value) <= VALUE_CHARACTERS and "\0" not in value


def _is_number(value: object) -> bool:
    is_one = isinstance(value, (int, float, str)) and not isinstance(value, bool)
    return is_one and len(str(value)) <= 50 and NUMBER.fullmatch(str(value)) is not None


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST_ID


def _reads(parse: Callable[[str], object], length: int) -> Callable[[object], bool]:
    def is_right(value: object) -> bool:
        try:
            return isinstance(value, str) and len(value) == length and value.isascii() and parse(value) is not None
        except ValueError:
            return False

    return is_right


VALUES: dict[Kind, tuple[Callable[[object], bool], str]] = {
    Kind.DATE: (_reads(date.fromisoformat, 10), "must be a date with the format yyyy-MM-dd"),
    Kind.FLAG: (lambda value: isinstance(value, bool), "must be true or false"),
    Kind.ID: (_is_id, "invalid identifier"),
    Kind.MOMENT: (
        _reads(lambda text: datetime.strptime(text, MOMENT), 20),  # noqa: DTZ007 - only looked at
        "must be a valid ISO 8601 date with the format yyyy-MM-dd'T'HH:mm:ss'Z'",
    ),
    Kind.NUMBER: (_is_number, "must be a number"),
    Kind.SPAN: (
        lambda value: isinstance(value, str) and span(value) is not None,
        "must be a span like '30 minutes', '4 hours' or '3 days'",
    ),
    Kind.TEXT: (_is_text, f"must be a text of 1 to {VALUE_CHARACTERS} characters"),
}


class _Maker(Struct, frozen=True):
    fields: tuple[str, ...]
    needed: tuple[str, ...]
    make: Callable[[_Check, ActionGiven, str, Given], Any]


def _assign(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    if given.to is not None and not (given.to.isascii() and given.to.isdigit() and _is_id(int(given.to[:20]))):
        check.wrong(f"{path}.to", "invalid identifier", Code.INVALID_ID, given.to)
        return actions.Assign()
    return actions.Assign(None if given.to is None else int(given.to))


def _in_turn(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    if (given.users is None) is (given.team is None):
        check.wrong(path, "must have exactly one of 'users' and 'team'")
    return actions.AssignInTurn(check.ids(given.users, f"{path}.users", MOST_USERS), given.team)


def _set_field(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    check.field_value(given, path)
    return actions.SetField(given.field or 0, given.value or "")


def _move(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    if given.mailbox_id == of.inbox_id:
        check.wrong(f"{path}.mailboxId", "is the workflow's own inbox", Code.INVALID, given.mailbox_id)
    return actions.Move(given.mailbox_id or 0)


def _reply(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    if (given.text is None) is (given.saved_reply is None):
        check.wrong(path, "must have exactly one of 'text' and 'savedReply'")
    return actions.SendReply(check.text(given.text, f"{path}.text"), given.saved_reply or 0)


def _forward(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    if not is_email(given.to or ""):
        check.wrong(f"{path}.to", "not a well-formed email address", Code.EMAIL, given.to)
    return actions.Forward(given.to or "", check.text(given.text, f"{path}.text"))


def _snooze(check: _Check, given: ActionGiven, path: str, of: Given) -> Action:
    is_right, told = VALUES[Kind.SPAN]
    if not is_right(given.for_):
        check.wrong(f"{path}.for", told, Code.INVALID, given.for_)
    return actions.Snooze(given.for_ or "", given.wakes_on_reply is not False)


ACTIONS: dict[str, _Maker] = {
    "add-note": _Maker(("text",), ("text",), lambda check, it, path, of: actions.AddNote(check.text(it.text, f"{path}.text"))),
    "add-tags": _Maker(
        ("tags",), ("tags",), lambda check, it, path, of: actions.AddTags(check.ids(it.tags, f"{path}.tags", MOST_TAGS))
    ),
    "assign": _Maker(("to",), (), _assign),
    "assign-in-turn": _Maker(("users", "team"), (), _in_turn),
    "delete": _Maker((), (), lambda check, it, path, of: actions.Delete()),
    "forward": _Maker(("to", "text"), ("to",), _forward),
    "move": _Maker(("mailbox_id",), ("mailbox_id",), _move),
    "notify-webhook": _Maker(("webhook",), ("webhook",), lambda check, it, path, of: actions.NotifyWebhook(it.webhook or 0)),
    "remove-tags": _Maker(
        ("tags",), ("tags",), lambda check, it, path, of: actions.RemoveTags(check.ids(it.tags, f"{path}.tags", MOST_TAGS))
    ),
    "send-reply": _Maker(("text", "saved_reply"), (), _reply),
    "set-field": _Maker(("field", "value"), ("field", "value"), _set_field),
    "set-status": _Maker(("status",), ("status",), lambda check, it, path, of: actions.SetStatus(it.status or Status.ACTIVE)),
    "snooze": _Maker(("for_", "wakes_on_reply"), ("for_",), _snooze),
}
