"""``deskhand config``: every setting."""

from __future__ import annotations

import os
from typing import get_type_hints

import click

from deskhand.settings import PREFIX, Settings, from_environment

HIDDEN = {"secret_keys"}


@click.command()
def config() -> None:
    """Show every setting: its variable, its value here, and what it does."""
    settings = from_environment(os.environ)
    hints = get_type_hints(Settings, include_extras=True)
    for name in Settings.__struct_fields__:
        variable = PREFIX + name.upper()
        value = getattr(settings, name)
        shown = ",".join(map(str, value)) if isinstance(value, tuple) else value
        if name in HIDDEN and value:
            shown = "(hidden)"
        source = "set" if variable in os.environ else "default"
        described = next((each.description for each in hints[name].__metadata__ if each.description), "")
        click.echo(f"{variable}={shown}  ({source})\n    {described}")
