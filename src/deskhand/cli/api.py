"""``deskhand routes`` and ``openapi``: what the API is, without an account."""

from __future__ import annotations

import json

import click

from deskhand.app import api_document, api_routes
from deskhand.kernel.http.routes import handlers


@click.command()
@click.option("--json", "as_json", is_flag=True)
def routes(as_json: bool) -> None:
    """List every route of the API."""
    listed = [(path, it.endpoint.method, it.endpoint.summary) for path, it in handlers(api_routes())]
    for path, method, summary in sorted(listed):
        if as_json:
            click.echo(json.dumps({"method": method, "path": path, "summary": summary}))
        else:
            click.echo(f"{method:<7}{path:<72}{summary}")


@click.command()
def openapi() -> None:
    """Print the OpenAPI document of the API."""
    click.echo(json.dumps(api_document(), indent=1, ensure_ascii=False))
