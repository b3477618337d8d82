"""What an inbox wants, as words of a command line: ``name=value``, by the fields of ``Options``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from deskhand.mail.model import Options, OutgoingKind

TRUTHS = {"yes": True, "on": True, "true": True, "no": False, "off": False, "false": False}
TEMPLATE = "templates."


def changed(before: Options, wishes: tuple[str, ...]) -> Options:
    """What an inbox wants after these wishes. Raises a ClickException that names the wish."""
    values: dict[str, Any] = msgspec.to_builtins(before)
    full = {name: getattr(before, name) for name in Options.__struct_fields__}
    for wish in wishes:
        name, equals, text = wish.partition("=")
        if not equals:
            raise click.ClickException(f"{wish!r}: expected NAME=VALUE")
        if text.startswith("@"):
            text = _file(text[1:])
        if name.startswith(TEMPLATE):
            _set_template(values, name, text)
            continue
        if name not in full or name == "templates":
            known = ", ".join(each for each in Options.__struct_fields__ if each != "templates")
            raise click.ClickException(f"{name!r} is not something that inboxes want; they want {known}, {TEMPLATE}KIND.PART")
        values[name] = _value(full[name], text)
    try:
        return msgspec.convert(values, Options, strict=False)
    except msgspec.ValidationError as error:
        raise click.ClickException(str(error)) from None


def _value(now: Any, text: str) -> Any:
    if isinstance(now, bool):
        return TRUTHS.get(text.lower(), text)
    if isinstance(now, list):
        return [each.strip() for each in text.split(",") if each.strip()]
    return None if text == "" and not isinstance(now, str) else text


def _set_template(values: dict[str, Any], name: str, text: str) -> None:
    _, _, rest = name.partition(".")
    kind, _, part = rest.rpartition(".")
    if kind not in {each.value for each in OutgoingKind} or part not in ("subject", "html", "text"):
        kinds = ", ".join(each.value for each in OutgoingKind)
        raise click.ClickException(f"{name!r}: a template is {TEMPLATE}KIND.PART; kinds are {kinds}; parts subject, html, text")
    template = values.setdefault("templates", {}).setdefault(kind, {})
    template[part] = text


def _file(name: str) -> str:
    try:
        return Path(name).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"cannot read {name}: {error}") from None
