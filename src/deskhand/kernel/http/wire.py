"""From the wire to structs: one fast pass, and where that fails a walk that names every mistake in the vendor's words.

The fast pass is msgspec's, strict. The walk also takes what clients are known to send and the vendor takes: numbers and
booleans as strings (contract 00 §3). Query strings always take the walk, and each distinct one is kept for a while.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Annotated, Any, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import UNSET, Meta, Struct
from msgspec import inspect as shape

from deskhand.kernel.errors import MOST_MISTAKES, Code, Invalid, Mistake, Source
from deskhand.kernel.http.refusals import BrokenJson

T = TypeVar("T", bound=Struct)

LARGEST = 2**63 - 1
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
WHOLE_NUMBER = re.compile(r"[+-]?\d{1,25}", re.ASCII)
DATE_TIME_WANTED = "must be a valid ISO 8601 date with the format yyyy-MM-dd'T'HH:mm:ss'Z'"
FLAGS = {"true": True, "1": True, "false": False, "0": False}
"""What a flag may be written as; the PHP SDK sends 1 (contract 70 §0.1)."""
DEEPEST = 64
SHOWN_CHARACTERS = 300

Id = Annotated[int, Meta(ge=1, le=LARGEST)]
PageNumber = Annotated[int, Meta(ge=1, le=2**31)]


class _AnyDatetime(type):
    """msgspec asks whether what ``dec_hook`` gave is a ``Moment``; a plain datetime is, and only that can be encoded."""

    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, datetime)


if TYPE_CHECKING:
    Moment = datetime
else:

    class Moment(metaclass=_AnyDatetime):
        """An instant as the vendor writes it: UTC, whole seconds, ``2026-04-02T06:05:04Z`` and nothing else."""


def moment(text: object) -> datetime:
    """The instant of a wire date. Raises ValueError for anything but the vendor's one form."""
    if not isinstance(text, str) or not DATE_TIME.fullmatch(text):
        raise ValueError(DATE_TIME_WANTED)
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def custom(kind: Any, value: Any) -> Any:
    """msgspec's hook for types of ours."""
    if kind is Moment:
        return value if isinstance(value, datetime) else moment(value)
    raise NotImplementedError(kind)


@cache
def _decoder(kind: Any) -> Callable[[bytes], Any]:
    return msgspec.json.Decoder(kind, dec_hook=custom).decode


def decode(body: bytes, kind: Any) -> Any:
    """A request body as a struct (or list of structs). Raises BrokenJson, or Invalid with every mistake."""
    # NUL cannot be stored by PostgreSQL, so the walk must look at each string.
    if b"\\u0000" not in body:
        try:
            return _decoder(kind)(body)
        except (msgspec.ValidationError, ValueError, RecursionError):
            pass
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise BrokenJson("Error parsing request body into JSON") from None
    return convert(value, kind, Source.JSON)


def convert(value: Any, kind: Any, source: Source, prefix: str = "") -> Any:
    """A plain value as a struct. Raises Invalid with every mistake; ``prefix`` goes before their paths."""
    mistakes: list[Mistake] = []
    try:
        walked = _Walk(source, mistakes).walk(value, _type_of(kind), prefix, depth=0)
    except _Enough:
        pass
    if mistakes:
        raise Invalid.all(mistakes)
    try:
        return msgspec.convert(walked, kind, dec_hook=custom, builtin_types=(datetime,))
    except (msgspec.ValidationError, ValueError) as error:
        raise Invalid(prefix or "body", str(error)) from None


def query(raw: bytes, kind: type[T]) -> T:
    """A query string as a struct: unknown parameters are ignored, lists are split at commas and repeats are joined."""
    return _query(raw, kind)  # type: ignore[return-value]


def parameters(raw: bytes) -> list[tuple[str, str]]:
    """The pairs of a query string, decoded, in order."""
    return parse_qsl(raw.decode("latin-1"), keep_blank_values=True, errors="replace")


@lru_cache(maxsize=512)
def _query(raw: bytes, kind: type[Struct]) -> Struct:
    given: dict[str, Any] = {}
    lists = {each.encode_name for each in _fields(kind) if isinstance(_without_none(each.type), shape.ListType)}
    for name, text in parameters(raw):
        if name in lists:
            given.setdefault(name, []).extend(part.strip() for part in text.split(",") if part.strip())
        else:
            given[name] = text
    return convert(given, kind, Source.QUERY)  # type: ignore[no-any-return]


def path_id(text: str, name: str) -> int:
    """An id of the path: decimal, 1 to 2^63-1. Raises Invalid("invalid identifier") (contract 00 §1)."""
    if text.isascii() and text.isdigit() and len(text) < 20:
        number = int(text)
        if 1 <= number <= LARGEST:
            return number
    raise Invalid.all([Mistake(name, "invalid identifier", Code.INVALID_ID, text, Source.PATH)])


@cache
def _type_of(kind: Any) -> shape.Type:
    return shape.type_info(kind)


def _fields(kind: type[Struct]) -> tuple[shape.Field, ...]:
    found = _type_of(kind)
    assert isinstance(found, shape.StructType)
    return found.fields


def _without_none(kind: shape.Type) -> shape.Type:
    """The one real type of ``X | None``; the architecture allows no other unions on the wire."""
    if isinstance(kind, shape.UnionType):
        real = [each for each in kind.types if not isinstance(each, shape.NoneType)]
        return real[0]
    return kind


class _Enough(Exception):
    """So many mistakes that the rest need not be looked for."""


class _Walk:
    """Compares a plain value with a type, collects mistakes, and gives the value with strings turned to numbers."""

    def __init__(self, source: Source, mistakes: list[Mistake]) -> None:
        self._source = source
        self._mistakes = mistakes

    def walk(self, value: Any, kind: shape.Type, path: str, depth: int) -> Any:
        if depth > DEEPEST:
            return self._wrong(path, "is nested too deeply", Code.INVALID)
        if isinstance(kind, shape.UnionType):
            if value is None and any(isinstance(each, shape.NoneType) for each in kind.types):
                return None
            kind = _without_none(kind)
        if value is None and not isinstance(kind, shape.AnyType):
            return self._wrong(path, "may not be null", Code.NOT_NULL)
        match kind:
            case shape.StructType():
                return self._struct(value, kind, path, depth)
            case shape.ListType():
                return self._list(value, kind, path, depth)
            case shape.StrType():
                return self._text(value, kind, path)
            case shape.IntType():
                return self._number(value, kind, path)
            case shape.BoolType():
                return self._flag(value, path)
            case shape.EnumType():
                member = kind.cls._missing_(value) if isinstance(value, str) else None
                return self._word(member or value, [str(each.value) for each in kind.cls], path)
            case shape.LiteralType():
                return self._word(value, [str(each) for each in kind.values], path)
            case shape.CustomType():
                return self._moment(value, path)
        return value

    def _struct(self, value: Any, kind: shape.StructType, path: str, depth: int) -> Any:
        if not isinstance(value, dict):
            return self._wrong(path, "must be an object", Code.INVALID, value)
        walked = {}
        for each in kind.fields:
            name = each.encode_name
            at = f"{path}.{name}" if path else name
            if name in value:
                walked[name] = self.walk(value[name], each.type, at, depth + 1)
            elif each.required:
                empty = isinstance(each.type, (shape.StrType, shape.ListType))
                self._wrong(at, "may not be empty" if empty else "may not be null", Code.NOT_EMPTY if empty else Code.NOT_NULL)
        return walked

    def _list(self, value: Any, kind: shape.ListType, path: str, depth: int) -> Any:
        if not isinstance(value, list):
            return self._wrong(path, "must be an array", Code.INVALID, value)
        if kind.min_length and len(value) < kind.min_length:
            return self._wrong(path, "may not be empty", Code.NOT_EMPTY, value)
        if kind.max_length is not None and len(value) > kind.max_length:
            least = kind.min_length or 0
            return self._wrong(path, f"size must be between {least} and {kind.max_length}", Code.SIZE)
        # In a query string the parameter is one, so its items have no index.
        items = path if self._source is Source.QUERY else None
        return [self.walk(each, kind.item_type, items or f"{path}[{index}]", depth + 1) for index, each in enumerate(value)]

    def _text(self, value: Any, kind: shape.StrType, path: str) -> Any:
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            return self._wrong(path, "must be a string", Code.INVALID, value)
        if "\0" in value:
            return self._wrong(path, "must not contain the character U+0000", Code.INVALID)
        if kind.min_length and kind.max_length is None and len(value) < kind.min_length:
            return self._wrong(path, "may not be empty", Code.NOT_EMPTY, value)
        if len(value) < (kind.min_length or 0) or (kind.max_length is not None and len(value) > kind.max_length):
            told = f"size must be between {kind.min_length or 0} and {kind.max_length}"
            return self._wrong(path, told, Code.SIZE, value)
        return value

    def _number(self, value: Any, kind: shape.IntType, path: str) -> Any:
        number = value
        if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value):
            number = int(value)
        if isinstance(number, bool) or not isinstance(number, int):
            return self._wrong(path, "must be a whole number", Code.INVALID, value)
        if kind.ge is not None and number < kind.ge:
            return self._wrong(path, f"must be greater than or equal to {kind.ge}", Code.MIN, value)
        if kind.le is not None and number > kind.le:
            return self._wrong(path, f"must be less than or equal to {kind.le}", Code.MAX, value)
        return number

    def _flag(self, value: Any, path: str) -> Any:
        if isinstance(value, str) and value.lower() in FLAGS:
            return FLAGS[value.lower()]
        if not isinstance(value, bool):
            return self._wrong(path, "must be true or false", Code.INVALID, value)
        return value

    def _word(self, value: Any, words: list[str], path: str) -> Any:
        if isinstance(value, str) and value in words:
            return value
        told = "Expected one of these: " + ", ".join(f"'{word}'" for word in words)
        return self._wrong(path, told, Code.ENUM_VALUE, value)

    def _moment(self, value: Any, path: str) -> Any:
        try:
            return moment(value)
        except ValueError:
            return self._wrong(path, DATE_TIME_WANTED, Code.DATE_TIME, value)

    def _wrong(self, path: str, message: str, code: Code, rejected: object = UNSET) -> None:
        self._mistakes.append(Mistake(path or "body", message, code, _shown(rejected), self._source))
        if len(self._mistakes) >= MOST_MISTAKES:
            raise _Enough


def _shown(rejected: object) -> object:
    """What is repeated of a wrong value: a long text is cut, of an array or object only an empty one is told."""
    if isinstance(rejected, str):
        return rejected[:SHOWN_CHARACTERS]
    if isinstance(rejected, int) and abs(rejected) > LARGEST:
        return str(rejected)[:SHOWN_CHARACTERS]
    return UNSET if isinstance(rejected, (list, dict)) and rejected else rejected
