"""The API's documentation as a page: made from the OpenAPI document, readable without a network and without scripts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from msgspec import Struct

from deskhand.kernel.http.pages import Templates

TEMPLATES = Templates(Path(__file__).parent / "templates")
DEEPEST = 3
MOST_WORDS = 12


class Row(Struct, frozen=True):
    """A parameter or a field: its dotted name, what it may be, and whether it must be there."""

    name: str
    kind: str
    required: bool
    text: str


class Operation(Struct, frozen=True):
    """One endpoint, as the page shows it."""

    id: str
    method: str
    path: str
    title: str
    text: str
    public: bool
    parameters: list[Row]
    fields: list[Row]
    body: str
    answers: list[tuple[str, str]]
    answer: str
    curl: str


class Group(Struct, frozen=True):
    """The endpoints of a room."""

    name: str
    title: str
    operations: list[Operation]


def page(document: dict[str, Any], origin: str) -> bytes:
    """The whole page; ``origin`` is where the curl lines point."""
    return TEMPLATES.page("docs.html", groups=groups(document, origin), version=document["info"]["version"], origin=origin).body


def groups(document: dict[str, Any], origin: str) -> list[Group]:
    """Every endpoint of a document, by room."""
    by_room: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            by_room.setdefault(told["tags"][0], []).append(_operation(document, origin, path, method, told))
    return [Group(name, name.title(), found) for name, found in sorted(by_room.items())]


def _operation(document: dict[str, Any], origin: str, path: str, method: str, told: dict[str, Any]) -> Operation:
    contents: dict[str, Any] = told.get("requestBody", {}).get("content", {})
    content: dict[str, Any] = next(iter(contents.values()), {})
    public = told.get("security") == []
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        title=told["summary"],
        text=told["description"],
        public=public,
        parameters=[
            Row(each["name"], _kind(document, each["schema"]), each["required"], each["in"]) for each in told["parameters"]
        ],
        fields=_fields(document, content["schema"]) if content else [],
        body=_json(content["example"]) if "example" in content else "",
        answers=[(status, _real(document, each)["description"]) for status, each in sorted(told["responses"].items())],
        answer=_answer(told["responses"]),
        curl=_curl(origin, path, method.upper(), content.get("example"), public=public),
    )


def _answer(responses: dict[str, Any]) -> str:
    for status, response in responses.items():
        for content in response.get("content", {}).values():
            if status.startswith("2") and "example" in content:
                return _json(content["example"])
    return ""


def _curl(origin: str, path: str, method: str, example: Any, *, public: bool) -> str:
    parts = [f"curl {origin}{path}"]
    if method != "GET":
        parts.append(f"-X {method}")
    if not public:
        parts.append('-H "Authorization: Bearer $TOKEN"')
    if example is not None:
        quoted = json.dumps(example, ensure_ascii=False).replace("'", "'\\''")
        parts += ["-H 'Content-Type: application/json'", f"-d '{quoted}'"]
    return " \\\n  ".join(parts)


def _fields(document: dict[str, Any], schema: dict[str, Any], prefix: str = "", depth: int = 0) -> list[Row]:
    """The fields of a body, those of objects in it behind them, as far as anybody reads."""
    plain = _real(document, schema)
    if plain.get("type") == "array" and not prefix:
        return _fields(document, plain["items"], "[].", depth)
    rows = []
    for name, each in plain.get("properties", {}).items():
        required = name in plain.get("required", ())
        rows.append(Row(prefix + name, _kind(document, each), required, _real(document, each).get("description", "")))
        inner = _real(document, each)
        mark = "."
        if inner.get("type") == "array":
            inner, mark = _real(document, inner["items"]), "[]."
        if depth < DEEPEST:
            rows += _fields(document, inner, f"{prefix}{name}{mark}", depth + 1)
    return rows


def _kind(document: dict[str, Any], schema: dict[str, Any]) -> str:
    """What a value may be, in words: ``string, 1 to 60 characters``, ``'a' or 'b'``."""
    plain = _real(document, schema)
    if "enum" in plain:
        words = [str(word) for word in plain["enum"]]
        return " | ".join(words[:MOST_WORDS]) + (" | …" if len(words) > MOST_WORDS else "")
    kind = str(plain.get("type", "anything"))
    if kind == "array":
        return f"list of {_kind(document, plain['items'])}"
    if plain.get("format") == "date-time":
        return "date, as 2026-04-02T06:05:04Z"
    if "maxLength" in plain:
        return f"{kind}, {plain.get('minLength', 0)} to {plain['maxLength']} characters"
    if plain.get("minLength"):
        return f"{kind}, not empty"
    return f"{kind}, from {plain['minimum']}" if "minimum" in plain else kind


def _real(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without reference and without null."""
    if "anyOf" in schema:
        schema = next((each for each in schema["anyOf"] if each.get("type") != "null"), schema)
    if "$ref" in schema:
        *_, section, name = schema["$ref"].split("/")
        found: dict[str, Any] = document["components"][section][name]
        return found
    return schema


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
