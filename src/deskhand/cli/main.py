"""The ``deskhand`` command: every command of it, and how each fails: one sentence that says what to do, exit code 1."""

from __future__ import annotations

import os
import sys
from typing import Any

import click

from deskhand.cli import demo, operate, people, serve
from deskhand.kernel.errors import DeskError, Invalid
from deskhand.settings import SettingsError


class Commands(click.Group):
    """Turns our refusals into messages; anything else is a bug and shows its trace."""

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


for command in (serve.serve, demo.demo, *people.COMMANDS, *operate.COMMANDS):
    main.add_command(command)
