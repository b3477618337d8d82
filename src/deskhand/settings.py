"""Every setting, once: a frozen struct read from ``DESKHAND_*`` variables and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

PREFIX = "DESKHAND_"


class SettingsError(ValueError):
    """A setting that cannot be used; the message names its variable."""


SMTP_SCHEMES = ("smtp", "smtp+starttls", "smtps")


class Settings(Struct, frozen=True, kw_only=True):
    """How this server runs. Field ``rate_limit`` is variable ``DESKHAND_RATE_LIMIT``, and so on."""

    data: Annotated[str, Meta(description="Folder for the database and attachments")] = "data"
    database: Annotated[
        str,
        Meta(description="sqlite:///path or postgresql://user@host/db?schema=name. Default: a file in the data folder"),
    ] = ""
    host: Annotated[str, Meta(description="Address to listen on")] = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535, description="Port to listen on; 0 picks a free one")] = 8080
    workers: Annotated[int, Meta(ge=1, le=64, description="Server processes (more than one needs PostgreSQL or patience)")] = 1
    origin: Annotated[
        str,
        Meta(description="Outside origin of API links, e.g. https://desk.example.org. Default: the request's host"),
    ] = ""
    web_origin: Annotated[str, Meta(description="Outside origin of page links. Default: the API's")] = ""
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Addresses whose X-Forwarded-* headers are believed, comma-separated")
    ] = ()
    rate_limit: Annotated[int, Meta(ge=0, description="API requests a minute, writes count 2; 0 is no limit")] = 0
    token_seconds: Annotated[int, Meta(ge=60, description="Life of an access token")] = 172_800
    page_size_conversations: Annotated[int, Meta(ge=1, le=200, description="Conversations and threads on an API page")] = 25
    page_size: Annotated[int, Meta(ge=1, le=200, description="Items on the other API pages")] = 50
    merge_redirect_days: Annotated[int, Meta(ge=0, description="How long a merged id redirects; 0 is for ever")] = 0
    outbound_http: Annotated[bool, Meta(description="Whether requests of ours may go to http:// addresses")] = True
    outbound_networks: Annotated[
        tuple[str, ...], Meta(description="Private networks that requests of ours may reach, e.g. 10.1.0.0/16, comma-separated")
    ] = ()
    outbound_ports: Annotated[
        tuple[Annotated[int, Meta(ge=1, le=65535)], ...], Meta(description="Ports of public addresses they may reach")
    ] = (80, 443)
    secret_keys: Annotated[
        tuple[str, ...],
        Meta(description="Keys for secrets at rest: 32 bytes in base64, the newest first. Default: a file in the data folder"),
    ] = ()
    rating_link_days: Annotated[int, Meta(ge=1, le=3650, description="How long a customer may rate a reply")] = 60
    rating_change_hours: Annotated[int, Meta(ge=0, le=87600, description="How long a customer may change a rating")] = 72
    nameservers: Annotated[
        tuple[str, ...], Meta(description="Who is asked about senders of mail, address:port. Default: the system's")
    ] = ()
    strict_phrases: Annotated[bool, Meta(description="A quoted search text must stand together and in order")] = False
    unknown_search_fields: Annotated[
        Literal["refuse", "match nothing"], Meta(description="What a search for an unknown field does")
    ] = "refuse"
    webhook_delivery_days: Annotated[int, Meta(ge=1, le=365, description="How long finished webhook deliveries are kept")] = 14
    webhook_imports: Annotated[bool, Meta(description="Whether imported conversations and threads are told by webhooks")] = (
        False
    )
    error_docs: Annotated[str, Meta(description="Where the 'about' links of errors point")] = (
        "http://developer.helpscout.net/mailbox-api/overview/errors"
    )
    mail_limit_mb: Annotated[int, Meta(ge=1, le=150, description="Longest message that is read; longer ones are held")] = 50
    mail_networks: Annotated[
        tuple[str, ...],
        Meta(description="Private networks that servers of inboxes may be in, e.g. 10.1.0.0/16, comma-separated"),
    ] = ()
    smtp_listen: Annotated[
        str, Meta(description="Address and port where 'serve' takes mail by SMTP, e.g. 0.0.0.0:25. Default: nowhere")
    ] = ""
    smtp_certificate: Annotated[str, Meta(description="File with the certificate chain (PEM) for STARTTLS of that")] = ""
    smtp_key: Annotated[str, Meta(description="File with its key (PEM). Default: in the same file")] = ""
    smtp_url: Annotated[
        str,
        Meta(
            description="The machine's own mail server, for inboxes without one: smtps:// or smtp+starttls://[user:password@]"
            "host[:port], or smtp://host"
        ),
    ] = ""
    log_format: Annotated[Literal["auto", "human", "json"], Meta(description="auto: human on a terminal, JSON in a pipe")] = (
        "auto"
    )
    log_level: Annotated[Literal["debug", "info", "warning", "error"], Meta(description="The least that is logged")] = "info"

    @property
    def database_address(self) -> str:
        """The account's address, in the data folder unless one is set."""
        return self.database or f"sqlite:///{Path(self.data) / 'deskhand.db'}"

    @property
    def smtp_address(self) -> tuple[str, int] | None:
        """Host and port where mail is taken by SMTP. Raises SettingsError when that is none."""
        host, _, port = self.smtp_listen.rpartition(":")
        if not self.smtp_listen:
            return None
        if not host or not port.isdecimal() or int(port) > 65535:
            raise SettingsError(f"{PREFIX}SMTP_LISTEN={self.smtp_listen!r}: expected an address and port, such as 0.0.0.0:25")
        return host.strip("[]"), int(port)

    @property
    def key_file(self) -> Path:
        """Where the key for secrets is, unless one is set."""
        return Path(self.data) / "secret.key"

    @property
    def blob_folder(self) -> Path:
        """Where attachments are kept."""
        return Path(self.data) / "blobs"


def from_environment(environment: Mapping[str, str], **given: object) -> Settings:
    """Settings from variables, overridden by what the command line gave (None is not given).

    Raises SettingsError that names the variable and says what is expected.
    """
    known = {PREFIX + name.upper(): name for name in Settings.__struct_fields__}
    values: dict[str, object] = {}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        if variable not in known:
            raise SettingsError(f"{variable} is not a setting; see 'deskhand config' for all of them")
        name = known[variable]
        is_list = isinstance(getattr(Settings(), name), tuple)
        values[name] = [part.strip() for part in text.split(",") if part.strip()] if is_list else text
    values |= {name: value for name, value in given.items() if value is not None}
    settings = _checked(values)
    _ = settings.smtp_address
    for name in ("origin", "web_origin"):
        _check_origin(PREFIX + name.upper(), getattr(settings, name))
    _check_smtp_url(settings.smtp_url)
    return settings


def _checked(values: dict[str, object]) -> Settings:
    for name, value in values.items():
        try:
            msgspec.convert({name: value}, Settings, strict=False)
        except msgspec.ValidationError as error:
            problem = str(error).split(" - at")[0]
            raise SettingsError(f"{PREFIX}{name.upper()}={value!r}: {problem[0].lower()}{problem[1:]}") from None
    return msgspec.convert(values, Settings, strict=False)


def _check_origin(variable: str, value: str) -> None:
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query):
        raise SettingsError(f"{variable}={value!r}: expected an origin such as https://desk.example.org, without a path")


def _check_smtp_url(value: str) -> None:
    try:
        parts = urlsplit(value)
        good = parts.scheme in SMTP_SCHEMES and bool(parts.hostname) and parts.port != 0 and not parts.path.strip("/")
    except ValueError:
        good = False
    if value and not good:
        raise SettingsError(
            f"{PREFIX}SMTP_URL: expected smtps:// or smtp+starttls://[user:password@]host[:port], or smtp://host"
        )
    if value and parts.scheme == "smtp" and parts.username and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise SettingsError(
            f"{PREFIX}SMTP_URL: a password is never sent unprotected, but to this machine: use smtps:// or smtp+starttls://"
        )
