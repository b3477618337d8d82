"""JSON Patch as the vendor takes it: one object, or an array that is applied in order, all or nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

from msgspec import Meta, Struct

from deskhand.kernel.errors import Code, Invalid, Mistake, Source
from deskhand.kernel.http.wire import convert

T = TypeVar("T", bound=Struct)

_CHANGE = {
    "type": "object",
    "required": ["op", "path"],
    "properties": {
        "op": {"type": "string", "enum": ["add", "move", "remove", "replace"]},
        "path": {"type": "string"},
        "value": {},
    },
}
_CHANGES = {"type": "array", "items": _CHANGE, "minItems": 1}

JsonPatch = Annotated[Any, Meta(extra_json_schema={"anyOf": [_CHANGE, _CHANGES]})]
"""A body that is one change or a list of them; ``one_or_many`` checks it."""

JsonPatches = Annotated[Any, Meta(extra_json_schema=_CHANGES)]
"""A body that is a list of changes; ``many`` checks it."""


def one_or_many(body: Any, kind: type[T]) -> list[T]:
    """The changes of a body. Raises Invalid naming ``op``, ``path`` or ``value`` (``[1].path`` in an array)."""
    if isinstance(body, list):
        return many(body, kind)
    if not isinstance(body, dict):
        raise Invalid("body", "must be an object")
    return [convert(body, kind, Source.JSON)]


def many(body: Any, kind: type[T]) -> list[T]:
    """The changes of a body that must be an array with at least one."""
    if not isinstance(body, list):
        raise Invalid("body", "must be an array")
    if not body:
        raise Invalid("body", "may not be empty", code=Code.NOT_EMPTY)
    return [convert(each, kind, Source.JSON, f"[{at}]") for at, each in enumerate(body)]


def no_such_change(op: str, path: str, known: Iterable[tuple[str, str]], prefix: str = "") -> Invalid:
    """The refusal of a pair that does not exist: names ``path`` if no change has it, else ``op``."""
    pairs = list(known)
    ops = sorted({each[1] for each in pairs if each[0] == path})
    name, rejected, words = ("op", op, ops) if ops else ("path", path, sorted({each[0] for each in pairs}))
    told = "Expected one of these: " + ", ".join(f"'{word}'" for word in words)
    return Invalid.all([Mistake(f"{prefix}{name}", told, Code.ENUM_VALUE, rejected)])
