"""Real clients from PyPI, run as they are against a real server."""

import json
import os
import subprocess
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clients.environments import IndexUnreachable, client_python
from tests.clients.serving import Drive, Server, serving

DRIVERS = Path(__file__).parent / "drivers"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own: clients list everything, so they must not see each other's."""
    with serving(tmp_path) as running:
        yield running


@pytest.fixture
def drive(server: Server) -> Drive:
    """Run a driver with a client's environment; the names of the steps that passed. Fails with those that did not."""

    def run(client: str, driver: str) -> list[str]:
        try:
            python = client_python(client)
        except IndexUnreachable as reason:
            warnings.warn(f"{client} was not tried: the package index is out of reach", stacklevel=2)
            pytest.skip(f"{client} cannot be installed, the package index is out of reach: {reason}")

        ended = subprocess.run(
            [python, DRIVERS / driver, "--", server.origin, server.application, server.secret],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(DRIVERS), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        said = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
        failed = "\n".join(
            f"  {step['step']}: {step['error']}\n    {step['where']}" for step in said if not step.get("ok", True)
        )
        if ended.returncode != 0:
            pytest.fail(f"{client} is not content:\n{failed}\n{ended.stderr[-3000:]}", pytrace=False)
        passed = [step["step"] for step in said if "step" in step]
        assert said[-1] == {"steps": len(passed), "failed": 0}
        return passed

    return run
