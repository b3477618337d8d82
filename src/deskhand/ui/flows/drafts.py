"""A workflow as its form has it while somebody builds it: rows, groups of rows, steps, and what the buttons do to them.

Everything has a ``key``, by which the fields of the form are named (``c-1-0`` is the first row in the second group), and the
``path`` by which the room names its mistakes (``conditions[1].any[0]``).
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import datetime
from typing import TypeAlias

import msgspec
from msgspec import Struct

from deskhand.kernel.words import Words
from deskhand.ui.forms import Form
from deskhand.ui.markup import as_typed
from deskhand.workflows.model.definition import AllOf, AnyOf, Condition, Entry
from deskhand.workflows.model.facts import Fires, WorkflowType
from deskhand.workflows.model.fields import LISTS, Kind
from deskhand.workflows.model.given import DEEPEST, MOST_ENTRIES
from deskhand.workflows.queries.definitions import Workflow

KEY = re.compile(r"c(?:-[0-9]{1,3}){1,6}", re.ASCII)
STEP = re.compile(r"a-[0-9]{1,3}", re.ASCII)
TEXTS = frozenset({"text"})


class Row(Struct):
    """A condition. ``field`` is as in ``subject`` or ``custom-field:12``; of a length of time ``unit`` goes with the value."""

    field: str = "subject"
    comparison: str = "contains"
    values: list[str] = []
    unit: str = "hour"
    key: str = ""
    path: str = ""


class Group(Struct):
    """Of which ``all`` must hold, or ``any``."""

    kind: str
    entries: list[Row | Group]
    key: str = ""
    path: str = ""
    may_have_groups: bool = False


class Step(Struct):
    """An action; ``given`` is what stands in its fields."""

    type: str = "add-tags"
    given: dict[str, list[str]] = {}
    key: str = ""
    path: str = ""

    def one(self, name: str) -> str:
        """The value of a field, or nothing."""
        return next(iter(self.given.get(name, [])), "")


Line: TypeAlias = Row | Group


class Draft(Struct):
    """A workflow that is being built; ``workflow_id`` 0 is a new one."""

    workflow_id: int
    inbox_id: int
    type: WorkflowType
    name: str
    fires: str
    is_active: bool
    entries: list[Line]
    steps: list[Step]
    version: str = ""


def begun(inbox_id: int, type_: WorkflowType) -> Draft:
    """One of which nothing is said yet."""
    rows: list[Line] = [] if type_ is WorkflowType.MANUAL else [Row()]
    return placed(Draft(0, inbox_id, type_, "", Fires.ONCE.value, is_active=True, entries=rows, steps=[Step()]))


def sent(form: Form) -> Draft:
    """What was sent. Raises Invalid for ids that are none."""
    given: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in form.fields:
        given[name].append(value)
    inside: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(filter(KEY.fullmatch, given), key=_order)[: MOST_ENTRIES + 1]:
        inside[key.rpartition("-")[0]].append(key)
    steps = [_step(given, key) for key in sorted(filter(STEP.fullmatch, given), key=_order)[:MOST_ENTRIES]]
    is_manual = form.one("type") == WorkflowType.MANUAL
    it = Draft(
        form.number("workflow") or 0,
        form.number("inbox") or 0,
        WorkflowType.MANUAL if is_manual else WorkflowType.AUTOMATIC,
        form.one("name"),
        form.one("fires"),
        is_active=form.has("active"),
        entries=[_line(given, inside, key) for key in inside["c"]],
        steps=steps,
        version=form.one("version"),
    )
    return placed(it, is_sent=True)


def saved(it: Workflow, words: Words, version: str) -> Draft:
    """What a workflow says."""
    definition = it.definition
    return placed(
        Draft(
            it.id,
            it.inbox_id,
            it.type,
            it.name,
            definition.fires.value,
            is_active=it.active_since is not None,
            entries=[_shown(each, words) for each in definition.conditions],
            steps=[_shown_step(msgspec.to_builtins(each)) for each in definition.actions],
            version=version,
        )
    )


def press(it: Draft, do: str) -> None:
    """What a button of the form does: ``row:c-1``, ``group:``, ``drop:c-1-0``, ``step``, ``up:a-1``, ``drop:a-0``."""
    verb, _, key = do.partition(":")
    if verb == "row":
        _inside(it.entries, key).append(Row())
    elif verb == "group":
        _inside(it.entries, key).append(Group("any", [Row()]))
    elif verb == "step":
        it.steps.append(Step())
    elif verb == "drop":
        it.entries = _without(it.entries, key)
        it.steps = [each for each in it.steps if each.key != key]
    elif verb == "up":
        at = next((at for at, each in enumerate(it.steps) if each.key == key), 0)
        if at:
            it.steps[at - 1 : at + 1] = reversed(it.steps[at - 1 : at + 1])
    placed(it)


def placed(it: Draft, *, is_sent: bool = False) -> Draft:
    """With keys and paths; those that were ``is_sent`` keep their keys, by which a button names them."""
    _place(it.entries, "c", "conditions", 0, is_sent=is_sent)
    for at, each in enumerate(it.steps):
        each.key, each.path = each.key if is_sent else f"a-{at}", f"actions[{at}]"
    return it


def _place(entries: list[Line], key: str, path: str, depth: int, *, is_sent: bool) -> None:
    for at, each in enumerate(entries):
        each.key, each.path = each.key if is_sent else f"{key}-{at}", f"{path}[{at}]"
        if isinstance(each, Group):
            each.may_have_groups = depth + 1 < DEEPEST
            _place(each.entries, each.key, f"{each.path}.{each.kind}", depth + 1, is_sent=is_sent)


def _order(key: str) -> list[int]:
    return [int(each) for each in key.split("-")[1:]]


def _line(given: dict[str, list[str]], inside: dict[str, list[str]], key: str) -> Line:
    kind = given[key][0]
    if kind in ("all", "any"):
        return Group(kind, [_line(given, inside, each) for each in inside.get(key, [])], key)
    asks, was = _first(given, f"{key}.field"), _first(given, f"{key}.was")
    values = given.get(f"{key}.value", []) if asks == was or not was else []
    return Row(asks, _first(given, f"{key}.comparison"), values, _first(given, f"{key}.unit") or "hour", key)


def _step(given: dict[str, list[str]], key: str) -> Step:
    start = f"{key}."
    found = {name.removeprefix(start): values for name, values in given.items() if name.startswith(start)}
    it = Step((found.pop("type", None) or [""])[0], found, key)
    if it.type != (it.one("was") or it.type):
        it.given = {name: values for name, values in found.items() if name in TEXTS}
    if it.one("field") != (it.one("wasField") or it.one("field")):
        it.given.pop("value", None)
    return it


def _first(given: dict[str, list[str]], name: str) -> str:
    return next(iter(given.get(name, [])), "")


def _inside(entries: list[Line], key: str) -> list[Line]:
    """What stands in a group; at the top for a group that is not there."""
    for each in entries:
        if isinstance(each, Group):
            if each.key == key:
                return each.entries
            if key.startswith(f"{each.key}-"):
                return _inside(each.entries, key)
    return entries


def _without(entries: list[Line], key: str) -> list[Line]:
    """The same without one, and without groups that have nothing left."""
    kept = [each for each in entries if each.key != key]
    for each in kept:
        if isinstance(each, Group):
            each.entries = _without(each.entries, key)
    return [each for each in kept if isinstance(each, Row) or each.entries]


def _shown(it: Entry, words: Words) -> Line:
    if isinstance(it, AllOf | AnyOf):
        return Group("all" if isinstance(it, AllOf) else "any", [_shown(each, words) for each in it.entries])
    name = f"{it.name.value}:{it.id}" if it.id else it.name.value
    values, unit = _values(it, words)
    return Row(name, it.comparison.value, values, unit)


def _values(it: Condition, words: Words) -> tuple[list[str], str]:
    if it.value is None:
        return [], "hour"
    if isinstance(it.value, bool):
        return ["yes" if it.value else "no"], "hour"
    if it.kind is Kind.SPAN:
        number, _, unit = str(it.value).partition(" ")
        return [number], unit.removesuffix("s")
    if it.kind is Kind.MOMENT:
        at = datetime.fromisoformat(str(it.value)).astimezone(words.zone)
        return [f"{at:%Y-%m-%dT%H:%M:%S}"], "hour"
    if isinstance(it.value, list):
        several = [str(each) for each in it.value]
        return (["\n".join(several)] if it.kind is Kind.TEXT and it.comparison in LISTS else several), "hour"
    return [str(it.value)], "hour"


def _shown_step(body: dict[str, object]) -> Step:
    type_ = str(body.pop("type"))
    given = {name: _texts(value) for name, value in body.items() if value is not None}
    for name in TEXTS & given.keys():
        given[name] = [as_typed(each) for each in given[name]]
    if "for" in given:
        number, _, unit = given["for"][0].partition(" ")
        given |= {"for": [number], "unit": [unit.removesuffix("s")]}
    return Step(type_, given)


def _texts(value: object) -> list[str]:
    if isinstance(value, bool):
        return ["yes"] if value else []
    return [str(each) for each in value] if isinstance(value, list | tuple) else [str(value)]
