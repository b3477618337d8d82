"""The OpenAPI document, made from the routes and the structs they decode and encode; so it cannot say anything else.

Litestar's own generator is not used: it does not know query structs, and describes its own error bodies (see
docs/decisions/0005).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Router
from msgspec import Struct

from deskhand.kernel.http.answers import Accepted, Created, File
from deskhand.kernel.http.errors import ErrorBody
from deskhand.kernel.http.routes import Endpoint, camel, handlers
from deskhand.kernel.http.wire import LARGEST, Moment

REF = "#/components/schemas/{name}"
VND_ERROR = "application/vnd.error+json"
MOMENT = {"type": "string", "format": "date-time", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"}
PHRASES = {
    202: "Accepted: the work goes on behind",
    301: "Moved: merged into another",
    400: "Something in the request is wrong; every mistake is named",
    401: "No token, or a dead one",
    403: "The token's user may not do this",
    404: "Unknown, deleted, or not visible to the token's user",
    409: "Something equal exists already, or the Idempotency-Key came with another request",
    412: "The thing is not in the state this needs",
    413: "More bytes than this takes",
    415: "A media type this does not take",
    422: "The id was used before",
    429: "Over the rate limit",
}
GATEWAY_ERROR = {
    "type": "object",
    "properties": {
        "error": {"type": "string"},
        "error_description": {"type": "string"},
        "message": {"type": "string"},
    },
}
COMMON_HEADERS = {
    "Correlation-Id": {"schema": {"type": "string"}, "description": "Names this request in the log"},
    "X-RateLimit-Limit-Minute": {"schema": {"type": "integer"}},
    "X-RateLimit-Remaining-Minute": {"schema": {"type": "integer"}},
}


def document(routers: Iterable[Router], version: str) -> dict[str, Any]:
    """The document of every documented route."""
    listed = [
        (path, handler.endpoint, handler.endpoint.fn.__module__.split(".")[1])
        for path, handler in handlers(routers)
        if handler.endpoint.documented
    ]
    kinds: list[Any] = [ErrorBody]
    for _, endpoint, _ in listed:
        kinds += [kind for kind in (endpoint.body, endpoint.query, *_answers(endpoint)) if kind is not None]
    schemas, components = msgspec.json.schema_components(_unique(kinds), schema_hook=_hook, ref_template=REF)
    known = dict(zip(map(_key, _unique(kinds)), schemas, strict=True))
    paths: dict[str, Any] = {}
    for path, endpoint, room in sorted(listed, key=lambda each: (each[0], each[1].method)):
        operation = _operation(path, endpoint, room, known, components)
        paths.setdefault(path, {})[endpoint.method.lower()] = operation | (endpoint.operation or {})
    paths, components = _named(paths, components)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Deskhand",
            "version": version,
            "description": "A self-hosted help desk that answers Help Scout's Mailbox API 2.0.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "security": [{"bearer": []}],
        "paths": paths,
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "headers": COMMON_HEADERS,
            "responses": {_refusal_name(status): _refusal(status) for status in sorted(PHRASES) if status >= 400},
            "schemas": dict(sorted(components.items())),  # msgspec gives them in no order
        },
    }


def _named(paths: dict[str, Any], components: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same with names for readers: of two structs of one name msgspec tells the module, we tell the room. What nothing
    refers to (query strings) is left out."""
    names = {name: _plain_name(name) for name in components}
    if len(set(names.values())) < len(names):
        raise ValueError("two components would have one name")
    text = msgspec.json.encode([paths, components]).decode().replace("``", "`")
    for name, plain in names.items():
        text = text.replace(f'"{REF.format(name=name)}"', f'"{REF.format(name=plain)}"')
    shown, kept = msgspec.json.decode(text)
    described = {names[name]: {**schema, "title": names[name]} for name, schema in kept.items()}
    used = {name for name in described if f'"{REF.format(name=name)}"' in text} | {ErrorBody.__name__}
    return shown, {name: schema for name, schema in described.items() if name in used}


def _plain_name(name: str) -> str:
    """``deskhand.tags.schemas.TagBody`` -> ``TagsTagBody``, ``Page_EmbeddedTags_`` -> ``PageEmbeddedTags``."""
    *_, last = name.split(".")
    room = name.split(".")[1].title() if "." in name else ""
    return room + last.replace("_", "")


def _operation(path: str, endpoint: Endpoint, room: str, known: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": f"{room}-{endpoint.fn.__module__.rpartition('.')[2]}-{endpoint.fn.__name__}",
        "summary": endpoint.summary,
        "description": " ".join(endpoint.description.replace("``", "`").split()),
        "tags": [room],
        "parameters": [*_path_parameters(path, endpoint), *_query_parameters(endpoint, components)],
        "responses": _responses(endpoint, known),
    }
    if endpoint.body is not None:
        content: dict[str, Any] = {"schema": known[_key(endpoint.body)]}
        if endpoint.example is not None:
            content["example"] = endpoint.example
        operation["requestBody"] = {"required": True, "content": {"application/json": content}}
    return operation


def _path_parameters(path: str, endpoint: Endpoint) -> list[dict[str, Any]]:
    number = {"type": "integer", "format": "int64", "minimum": 1, "maximum": LARGEST}
    uuid = {"type": "string", "format": "uuid"}
    texts = {camel(name) for name in endpoint.texts}
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": number if name not in texts else uuid if name.endswith("Id") else {"type": "string"},
        }
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(endpoint: Endpoint, components: dict[str, Any]) -> list[dict[str, Any]]:
    if endpoint.query is None:
        return []
    properties = components.pop(endpoint.query.__name__, None) or _schema_of(endpoint.query, components)
    required = properties.get("required", ())
    found = []
    for name, schema in properties["properties"].items():
        plain = _without_null(schema)
        parameter: dict[str, Any] = {"name": name, "in": "query", "required": name in required, "schema": plain}
        if plain.get("type") == "array":
            parameter |= {"style": "form", "explode": False}
        found.append(parameter)
    return found


def _schema_of(kind: type[Struct], components: dict[str, Any]) -> dict[str, Any]:
    (_,), own = msgspec.json.schema_components([kind], schema_hook=_hook, ref_template=REF)
    schema: dict[str, Any] = own.pop(kind.__name__)
    components.update(own)
    return schema


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A query parameter is absent rather than null."""
    if "anyOf" not in schema:
        return schema
    (real,) = [each for each in schema["anyOf"] if each.get("type") != "null"]
    return {**{key: value for key, value in schema.items() if key not in ("anyOf", "default")}, **real}


def _responses(endpoint: Endpoint, known: dict[str, Any]) -> dict[str, Any]:
    answers = _answers(endpoint)
    responses: dict[str, Any] = {}
    headers: dict[str, Any] = {name: {"$ref": f"#/components/headers/{name}"} for name in COMMON_HEADERS}
    success: dict[str, Any] = {"description": _success(endpoint), "headers": headers}
    if answers or endpoint.files:
        content: dict[str, Any] = {}
        for kind in answers:
            media_type = endpoint.content_type.decode()
            content[media_type] = {"schema": known[_key(kind)]}
            if endpoint.example is not None and endpoint.body is None:
                content[media_type]["example"] = endpoint.example
        if endpoint.files:
            content["*/*"] = {"schema": {"type": "string", "format": "binary"}}
        success["content"] = content
    if endpoint.status == 201:
        success["headers"]["Resource-ID"] = {"schema": {"type": "integer"}, "description": "Id of what was made"}
    responses[str(endpoint.status)] = success
    for status in endpoint.answers:
        responses[str(status)] = {"description": PHRASES[status]}
    if endpoint.redirects:
        responses["301"] = {"description": PHRASES[301], "headers": {"Location": {"schema": {"type": "string"}}}}
    again = {409} if endpoint.method == "POST" and endpoint.writes and not endpoint.public else set()
    for status in sorted({*endpoint.errors, *again, 401, 403, 429}):
        responses[str(status)] = {"$ref": f"#/components/responses/{_refusal_name(status)}"}
    return responses


def _refusal_name(status: int) -> str:
    return f"Refused{status}"


def _refusal(status: int) -> dict[str, Any]:
    """The answer of a status, which is the same for all: the gateway's plain JSON or the vendor's envelope."""
    if status in (401, 429):
        content = {"application/json; charset=utf-8": {"schema": GATEWAY_ERROR}}
    else:
        content = {VND_ERROR: {"schema": {"$ref": REF.format(name=ErrorBody.__name__)}}}
    return {"description": PHRASES[status], "content": content}


def _success(endpoint: Endpoint) -> str:
    return {200: "What was asked for", 201: "Made", 202: PHRASES[202], 204: "Done"}[endpoint.status]


def _answers(endpoint: Endpoint) -> list[Any]:
    """The structs an endpoint may answer with."""
    answer = endpoint.answer
    if getattr(answer, "__origin__", None) is list:
        return [answer]
    if answer in (None, type(None), Created, Accepted, File):
        return []
    arms = getattr(answer, "__args__", ()) if not _is_struct(answer) else ()
    if arms and not _is_struct(answer):
        return [arm for arm in arms if _is_struct(arm) and arm not in (Created, Accepted, File)]
    return [answer] if _is_struct(answer) else []


def _is_struct(kind: Any) -> bool:
    origin = getattr(kind, "__origin__", kind)
    return isinstance(origin, type) and issubclass(origin, Struct)


def _unique(kinds: list[Any]) -> list[Any]:
    return list({_key(kind): kind for kind in kinds}.values())


def _key(kind: Any) -> str:
    return f"{getattr(kind, '__module__', '')}.{kind!r}"


def _hook(kind: Any) -> dict[str, Any]:
    if kind is Moment:
        return dict(MOMENT)
    raise NotImplementedError(kind)
