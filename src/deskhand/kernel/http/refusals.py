"""What only the HTTP door refuses, beside the domain's own errors; knows no framework, so that ``wire`` need not."""

from __future__ import annotations

from deskhand.kernel.errors import DeskError, Forbidden


class ApiDisabled(Forbidden):
    """The token is fine, but its user may not use the API."""


class BrokenJson(DeskError):
    """The body is not JSON at all."""


class WrongType(DeskError):
    """The body's media type is none that this endpoint takes."""


class BadClient(DeskError):
    """A refusal of the token endpoint or of a bearer token: plain OAuth JSON, no envelope (contract 00 §2)."""

    def __init__(
        self, status: int, error: str, description: str, authenticate: str | None = None, *, at_token_endpoint: bool = True
    ) -> None:
        super().__init__(description)
        self.status = status
        self.error = error
        self.authenticate = authenticate
        self.at_token_endpoint = at_token_endpoint
