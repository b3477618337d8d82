"""Logs: one line for one sentence, whatever is in the fields, and no secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator

import pytest

from deskhand.kernel import log
from deskhand.kernel.log import Log, redacted

Written = Callable[[], str]


@pytest.fixture(params=["human", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[Written]:
    before, handlers, level = vars(log._output).copy(), logging.getLogger().handlers, logging.getLogger().level
    stream = io.StringIO()
    log.configure(request.param, "info", stream)
    yield stream.getvalue
    vars(log._output).update(before)
    logging.getLogger().handlers = handlers
    logging.getLogger().setLevel(level)


@pytest.mark.parametrize("value", ["a\nINFO forged", "\x1b[31mred", "\r", "a\u2028b", "half \udcff", "\0"])
def test_a_field_cannot_write_a_line_of_its_own(written: Written, value: str) -> None:
    Log("deskhand.test").info("answered", path=value)

    assert written().count("\n") == 1
    assert written().endswith("\n")
    assert "\x1b" not in written()
    assert "answered" in written()


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer s3cr3t-t0ken",
        "POST /v2/oauth2/token?client_secret=s3cr3t-t0ken&x=1",
        '{"refresh_token": "s3cr3t-t0ken"}',
        "{'password': 's3cr3t-t0ken'}",
        "code=s3cr3t-t0ken",
        "basic s3cr3t-t0ken",
        "client_secret: s3cr3t-t0ken",
    ],
)
def test_secrets_are_taken_out(text: str) -> None:
    assert "s3cr3t" not in redacted(text)


def test_traces_and_libraries_are_redacted(written: Written) -> None:
    try:
        raise ValueError("bad access_token=s3cr3t")
    except ValueError as error:
        Log("deskhand.test").error("a bug", error=error)
    logging.getLogger("asyncpg").warning("password=%s", "s3cr3t")

    assert "s3cr3t" not in written()
    assert "ValueError" in written()


def test_json_is_json(written: Written) -> None:
    Log("deskhand.test").warning("slow", seconds=0.4, route="/v2/x")

    line = written()
    if line.startswith("{"):
        said = json.loads(line)
        assert (said["said"], said["level"], said["room"], said["seconds"]) == ("slow", "warning", "test", 0.4)


def test_what_is_below_the_level_is_not_written(written: Written) -> None:
    Log("deskhand.test").debug("thinking")

    assert written() == ""
