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

# Where each command is, and what the list of commands says of it. One is imported when it is asked for: a server needs no
# demo letters, and the list nothing at all.
COMMANDS = {
    "app": ("people", "Make applications that may use the API."),
    "config": ("config", "Show every setting, its value here, and what it does."),
    "demo": ("demo", "Fill an empty account with believable data."),
    "doctor": ("operate", "Check everything, and say what to do about what is wrong."),
    "export": ("moving", "Write the whole account to a file."),
    "hours": ("reports", "Say when the account and its inboxes are at work."),
    "import": ("moving", "Make an empty account of such a file."),
    "inbox": ("inboxes", "Make inboxes, and connect them with mail."),
    "jobs": ("operate", "Show the jobs that failed, or those that wait."),
    "mail": ("mail", "Take mail in, look at what is held, and at what goes out."),
    "migrate": ("operate", "Bring the account's schema up to date."),
    "openapi": ("api", "Print the OpenAPI document of the API."),
    "reports": ("reports", "Make anew what reports count."),
    "routes": ("api", "List every route of the API."),
    "serve": ("serve", "Run the server: API, pages, mail and jobs."),
    "user": ("people", "Make people who work here, and set passwords."),
    "webhooks": ("webhooks", "Show webhooks and what was told to them; tell again."),
    "workflows": ("workflows", "Define, try and run what inboxes do by themselves."),
}


class Commands(click.Group):
    """Turns our refusals into messages; anything else is a bug and shows its trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, _ = COMMANDS[cmd_name]
        gc.disable()  # what is loaded stays: looking through it again and again takes a tenth of the start
        try:
            command: click.Command = getattr(import_module(f"deskhand.cli.{module}"), cmd_name + "_" * iskeyword(cmd_name))
        finally:
            gc.freeze()
            gc.enable()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, told) for name, (_, told) in COMMANDS.items()])

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
