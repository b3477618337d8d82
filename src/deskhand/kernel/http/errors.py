"""From a refusal to bytes: the one table of statuses and the vendor's error bodies (contract 00 §2.3, §8, §9)."""

from __future__ import annotations

from typing import Any

from litestar.exceptions import HTTPException
from msgspec import UNSET, Struct, UnsetType, field

from deskhand.kernel.errors import (
    MOST_MISTAKES,
    AlreadyUsed,
    Collision,
    Conflict,
    DeskError,
    Forbidden,
    Invalid,
    Mistake,
    Moved,
    NotFound,
    TooLarge,
    TooMany,
    Unauthenticated,
    Unavailable,
    Unmet,
)
from deskhand.kernel.http.answers import JSON, VND_ERROR, Answer, Header, encode
from deskhand.kernel.http.hal import Link
from deskhand.kernel.http.refusals import ApiDisabled, BadClient, BrokenJson, WrongType

RETRY_SECONDS = 5


class About(Struct):
    """Where an error is explained; what stands after ``#`` is its code."""

    about: Link | UnsetType = UNSET
    self_: Link | UnsetType = field(default=UNSET, name="self")


class ErrorItem(Struct, kw_only=True):
    """One mistake in a request."""

    path: str
    message: str
    rejected_value: Any = field(default=UNSET, name="rejectedValue")
    source: str
    links: About = field(name="_links")


class ErrorList(Struct):
    """The mistakes of a request."""

    errors: list[ErrorItem]


class ErrorBody(Struct, kw_only=True):
    """The vendor's error envelope (``application/vnd.error+json``). ``current`` is ours: what there is instead of what was
    changed too late."""

    log_ref: str = field(name="logRef")
    message: str
    current: Any = UNSET
    embedded: ErrorList | UnsetType = field(default=UNSET, name="_embedded")
    links: About = field(name="_links")


ENVELOPES: dict[type[DeskError], tuple[int, str, str]] = {
    NotFound: (404, "Not found", "not-found"),
    ApiDisabled: (403, "API is not enabled", "api-disabled"),
    Forbidden: (403, "Access denied", "access-denied"),
    Conflict: (409, "Conflict", "conflict"),
    AlreadyUsed: (422, "Unprocessable entity", "unprocessable-entity"),
    Unmet: (412, "Precondition failed", "precondition-failed"),
    TooLarge: (413, "Payload too large", "payload-too-large"),
    WrongType: (415, "Unsupported media type", "unsupported-media-type"),
    Collision: (503, "Try again", "unavailable"),
    Unavailable: (503, "Temporarily unavailable", "unavailable"),
}
GATEWAY = {
    400: ("Bad request", "bad-request"),  # Litestar's, of a Host header that is none
    404: ("Not found", "not-found"),
    405: ("Method not allowed", "method-not-allowed"),
}


def answer_to(error: BaseException, log_ref: str, docs: str, origin: str) -> Answer:
    """The answer to a refusal. What is neither ours nor Litestar's is a bug: 500 without details."""
    match error:
        case Invalid():
            return _validation(error.mistakes, log_ref, docs)
        case BrokenJson():
            links = About(self_=Link(f"{docs}#invalid-json"))
            told = "Error parsing request body into JSON"
            return _envelope(400, ErrorBody(log_ref=log_ref, message=told, embedded=ErrorList([]), links=links))
        case BadClient():
            headers = [(b"cache-control", b"no-store"), (b"pragma", b"no-cache")] if error.at_token_endpoint else []
            headers += [(b"www-authenticate", error.authenticate.encode())] if error.authenticate else []
            body = {"error_description": error.message, "error": error.error}
            return Answer(error.status, encode(body), JSON, headers)
        case TooMany():
            seconds = b"%d" % error.retry_seconds
            limits = [(b"x-ratelimit-retry-after", seconds), (b"retry-after", seconds)]
            return Answer(429, encode({"message": "API rate limit exceeded"}), JSON, limits)
        case Moved():
            return Answer(301, headers=[(b"location", f"{origin}/v2/conversations/{error.to}".encode())])
        case Unauthenticated():
            return answer_to(missing_token(), log_ref, docs, origin)
        case DeskError():
            return _refused(error, log_ref, docs)
        case HTTPException() if error.status_code in GATEWAY:
            message, anchor = GATEWAY[error.status_code]
            allowed = [(name.lower().encode(), _sorted(value)) for name, value in (error.headers or {}).items()]
            return _plain(error.status_code, message, anchor, log_ref, docs, allowed)
        case HTTPException() if error.status_code == 413:
            return _refused(TooLarge(), log_ref, docs)
    return _plain(500, "Internal error", "internal-error", log_ref, docs)


def missing_token() -> BadClient:
    """No token at all (contract 00 §2.3)."""
    return BadClient(401, "invalid_request", "The access token is missing", 'Bearer realm="service"', at_token_endpoint=False)


def dead_token() -> BadClient:
    """A token we do not know, or no longer (contract 00 §2.3)."""
    told = "The access token is invalid or has expired"
    realm = f'Bearer realm="service" error="invalid_token" error_description="{told}"'
    return BadClient(401, "invalid_token", told, realm, at_token_endpoint=False)


def _refused(error: DeskError, log_ref: str, docs: str) -> Answer:
    status, message, anchor = next(ENVELOPES[kind] for kind in type(error).__mro__ if kind in ENVELOPES)
    headers = [(b"retry-after", b"%d" % RETRY_SECONDS)] if status == 503 else []
    told = message if status in (404, 503) or not error.message else error.message
    current = error.current if isinstance(error, Conflict) else UNSET
    return _plain(status, told, anchor, log_ref, docs, headers, current)


def _sorted(allowed: str) -> bytes:
    return ", ".join(sorted(allowed.split(", "))).encode()


def _validation(mistakes: list[Mistake], log_ref: str, docs: str) -> Answer:
    items = [
        ErrorItem(
            path=each.path,
            message=each.message,
            rejected_value=each.rejected,
            source=each.source,
            links=About(about=Link(f"{docs}#{each.code}")),
        )
        for each in mistakes[:MOST_MISTAKES]
    ]
    about = About(about=Link(docs))
    return _envelope(400, ErrorBody(log_ref=log_ref, message="Bad request", embedded=ErrorList(items), links=about))


def _plain(
    status: int,
    message: str,
    anchor: str,
    log_ref: str,
    docs: str,
    headers: list[Header] | None = None,
    current: object = UNSET,
) -> Answer:
    about = About(about=Link(f"{docs}#{anchor}"))
    return _envelope(status, ErrorBody(log_ref=log_ref, message=message, current=current, links=about), headers)


def _envelope(status: int, body: ErrorBody, headers: list[Header] | None = None) -> Answer:
    return Answer(status, encode(body), VND_ERROR, headers)
