"""``deskhand demo``: believable data for an empty account."""

from __future__ import annotations

import click


@click.command()
def demo() -> None:
    """Fill an empty account with believable data, the same for the same seed."""
