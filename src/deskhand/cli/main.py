"""The ``deskhand`` command: every command of it, and how each fails: one sentence that says what to do, exit code 1."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click

from deskhand.kernel.errors import DeskError, Invalid
from deskhand.settings import SettingsError

# Where each command is. They are imported when they are asked for: a server needs no migrations and no demo letters.
MODULES = {
    "app": "people",
    "config": "operate",
    "demo": "demo",
    "doctor": "operate",
    "export": "moving",
    "import": "moving",
    "hours": "reports",
    "jobs": "operate",
    "migrate": "operate",
    "openapi": "operate",
    "reports": "reports",
    "routes": "operate",
    "serve": "serve",
    "user": "people",
    "webhooks": "webhooks",
    "workflows": "workflows",
}


class Commands(click.Group):
    """Turns our refusals into messages; anything else is a bug and shows its trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = MODULES.get(cmd_name)
        if module is None:
            return None
        gc.disable()  # what is loaded stays: looking through it again and again takes a tenth of the start
        try:
            command: click.Command = getattr(import_module(f"deskhand.cli.{module}"), cmd_name + "_" * iskeyword(cmd_name))
        finally:
            gc.enable()
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except SettingsError as error:
            raise click.ClickException(str(error)) from None
        except Invalid as error:
            told = "; ".join(f"{each.path}: {each.message}" for each in error.mistakes)
            raise click.ClickException(told) from None
        except DeskError as error:
            raise click.ClickException(error.message or type(error).__name__) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="deskhand")
def main() -> None:
    """Deskhand: a self-hosted help desk behind Help Scout's API.

    Every setting is also a variable: DESKHAND_PORT for --port, and so on; 'deskhand config' shows them all.
    """
