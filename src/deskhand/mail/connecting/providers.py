"""Where tokens for mail come from: what Google and Microsoft want, and how their answers are read (RFC 6749, 8628)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import Struct

from deskhand.kernel.outbound.door import Answered, Outbound
from deskhand.mail.model import Authentication, OAuth, Secrets, Security

T = TypeVar("T")

FORM = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
SHORTEST_LIFE_SECONDS = 60
USUAL_LIFE_SECONDS = 3600
WORDS = 300


class Server(Struct, frozen=True):
    """A mail server as its provider documents it."""

    host: str
    port: int
    security: Security


class Provider(Struct, frozen=True):
    """Who signs people in. ``extra`` goes with the address that a person is sent to."""

    name: str
    authorize_url: str
    device_url: str
    token_url: str
    scope: str
    imap: Server
    smtp: Server
    extra: dict[str, str] = {}
    authentication: Authentication = Authentication.XOAUTH2

    def oauth(self, client_id: str) -> OAuth:
        """What is kept of it beside a connection."""
        return OAuth(self.name, client_id, self.token_url, self.scope)


_microsoft = "https://login.microsoftonline.com/common/oauth2/v2.0"
_outlook = "https://outlook.office.com"
PROVIDERS = {
    each.name: each
    for each in (
        Provider(
            name="google",
            authorize_url="https://accounts.google.com/o/oauth2/v2/auth",
            device_url="https://oauth2.googleapis.com/device/code",
            token_url="https://oauth2.googleapis.com/token",  # noqa: S106 - an address
            scope="https://mail.google.com/",
            imap=Server("imap.gmail.com", 993, Security.TLS),
            smtp=Server("smtp.gmail.com", 465, Security.TLS),
            extra={"access_type": "offline", "prompt": "consent"},
        ),
        Provider(
            name="microsoft",
            authorize_url=f"{_microsoft}/authorize",
            device_url=f"{_microsoft}/devicecode",
            token_url=f"{_microsoft}/token",
            scope=f"{_outlook}/IMAP.AccessAsUser.All {_outlook}/SMTP.Send offline_access",
            imap=Server("outlook.office365.com", 993, Security.TLS),
            smtp=Server("smtp.office365.com", 587, Security.STARTTLS),
        ),
    )
}


class TokenRefused(Exception):
    """The provider gives no token; ``code`` is its word for why."""

    def __init__(self, code: str, description: str) -> None:
        super().__init__(f"{code}: {description}" if description else code)
        self.code = code


class TokenTrouble(Exception):
    """The provider could not be asked, or answers nonsense: worth another try."""


class _Given(Struct, frozen=True):
    access_token: str = ""
    refresh_token: str = ""
    expires_in: int | float | str = USUAL_LIFE_SECONDS
    error: str = ""
    error_description: str = ""


class Device(Struct, frozen=True):
    """What a person types where (RFC 8628); seconds."""

    device_code: str
    user_code: str
    verification_uri: str = ""
    verification_url: str = ""
    """The same by the name that Google gives it."""
    expires_in: int = 900
    interval: int = 5

    @property
    def address(self) -> str:
        """Where the code is typed."""
        return self.verification_uri or self.verification_url


async def ask_for_token(outbound: Outbound, url: str, form: dict[str, str], before: Secrets, now: datetime) -> Secrets:
    """Ask a provider for a token; ``before`` with what came. Raises TokenRefused, TokenTrouble, Failed."""
    answered = await outbound.send("POST", url, headers=FORM, body=_form(form))
    given = _read(answered, _Given)
    if given.error or answered.status in (400, 401, 403):
        raise TokenRefused(given.error or f"status {answered.status}", given.error_description[:WORDS])
    if answered.status != 200 or not given.access_token:
        raise TokenTrouble(f"the token server answers {answered.status} without a token")
    try:
        seconds = max(float(given.expires_in), SHORTEST_LIFE_SECONDS)
        expires_at = now + timedelta(seconds=seconds)
    except (ValueError, OverflowError):
        expires_at = now + timedelta(seconds=USUAL_LIFE_SECONDS)
    return msgspec.structs.replace(
        before,
        access_token=given.access_token,
        refresh_token=given.refresh_token or before.refresh_token,
        expires_at=expires_at,
    )


async def ask_for_device(outbound: Outbound, provider: Provider, client_id: str) -> Device:
    """Begin the device flow. Raises TokenRefused, TokenTrouble, Failed."""
    form = {"client_id": client_id, "scope": provider.scope}
    answered = await outbound.send("POST", provider.device_url, headers=FORM, body=_form(form))
    refused = _read(answered, _Given)
    if answered.status != 200:
        raise TokenRefused(refused.error or f"status {answered.status}", refused.error_description[:WORDS])
    return _read(answered, Device)


def _read(answered: Answered, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(answered.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise TokenTrouble(f"the token server answers {answered.status}, and nothing that we understand") from None


def _form(fields: dict[str, str]) -> bytes:
    return urlencode({name: value for name, value in fields.items() if value}).encode()
