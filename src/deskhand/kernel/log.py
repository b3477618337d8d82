"""Logs as sentences with fields: readable on a terminal, JSON in a pipe. Never message text, never a token.

``log.info("webhook delivered", delivery=7, status=204, seconds=0.4)``
"""

from __future__ import annotations

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import IO, Any

import msgspec

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
SECRETS = re.compile(
    r"(?i)\b((?:bearer|basic)\s+|(?:access_token|refresh_token|client_secret|password|secret|token|code)[\"']?\s?[=:]\s?[\"']?)"
    r"[^\s&\"',}]+"
)

_encode = msgspec.json.Encoder(enc_hook=str).encode


class _Output:
    """Where lines go, shared by every ``Log``."""

    def __init__(self) -> None:
        self.stream: IO[str] = sys.stderr
        self.human = True
        self.least = LEVELS["info"]


_output = _Output()


def configure(form: str, level: str, stream: IO[str] | None = None) -> None:
    """Choose the form (``auto``, ``human``, ``json``) and the least level; libraries' own logs come along."""
    _output.stream = stream or sys.stderr
    _output.human = _output.stream.isatty() if form == "auto" else form == "human"
    _output.least = LEVELS[level]
    root = logging.getLogger()
    root.handlers = [_Libraries()]
    root.setLevel(max(_output.least, logging.WARNING))


def redacted(text: str) -> str:
    """The text with tokens, secrets and passwords replaced."""
    return SECRETS.sub(r"\1…", text)


class Log:
    """A room's log."""

    __slots__ = ("_room",)

    def __init__(self, room: str) -> None:
        self._room = room.removeprefix("deskhand.")

    def debug(self, sentence: str, **fields: Any) -> None:
        _write("debug", self._room, sentence, fields)

    def info(self, sentence: str, **fields: Any) -> None:
        _write("info", self._room, sentence, fields)

    def warning(self, sentence: str, **fields: Any) -> None:
        _write("warning", self._room, sentence, fields)

    def error(self, sentence: str, *, error: BaseException | None = None, **fields: Any) -> None:
        if error is not None:
            fields["trace"] = redacted("".join(traceback.format_exception(error)))
        _write("error", self._room, sentence, fields)


class _Libraries(logging.Handler):
    """Passes what libraries log on to our lines."""

    def emit(self, record: logging.LogRecord) -> None:
        fields = {"trace": redacted(self.format(record))} if record.exc_info else {}
        level = "error" if record.levelno >= logging.ERROR else "warning" if record.levelno >= logging.WARNING else "info"
        _write(level, record.name, redacted(record.getMessage()), fields)


def _write(level: str, room: str, sentence: str, fields: dict[str, Any]) -> None:
    if LEVELS[level] < _output.least:
        return
    at = datetime.now(UTC)
    if _output.human:
        told = " ".join(f"{name}={_one_line(value)}" for name, value in fields.items() if name != "trace")
        line = f"{at:%H:%M:%S} {level:<7} {sentence}  {told}".rstrip() + "\n" + str(fields.get("trace", ""))
    else:
        line = _json({"at": at, "level": level, "room": room, "said": sentence, **fields})
    try:
        _output.stream.write(line)
        _output.stream.flush()
    except (OSError, ValueError):
        pass  # nobody reads the log any more; the server goes on


def _one_line(value: object) -> str:
    """A value as it cannot pretend to be another line, or colour the terminal."""
    text = str(value)
    return text if text.isprintable() else text.encode("unicode_escape").decode()


def _json(fields: dict[str, Any]) -> str:
    try:
        return _encode(fields).decode() + "\n"
    except ValueError:  # half a surrogate pair, which is no text
        return _encode({name: _one_line(value) for name, value in fields.items()}).decode() + "\n"
