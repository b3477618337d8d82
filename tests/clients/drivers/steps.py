"""What the drivers share: they run in a client's own environment, so this needs nothing but Python.

A driver is two tuples of steps, functions of one desk: STEPS must pass, LATER calls what Deskhand does not answer yet
and runs only with ``--later``. Each step prints one JSON line; a failed one does not stop the others.
"""

import argparse
import json
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

DRIVERS = Path(__file__).resolve().parent

Step = Callable[[Any], None]


@dataclass(frozen=True)
class Account:
    """Where the server is and how an application gets in."""

    origin: str
    application: str
    secret: str


def main(steps: Sequence[Step], later: Sequence[Step], desk: Callable[[Account], Any]) -> None:
    """Read the account from the command line, run the steps, exit with 1 if any failed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("origin")
    parser.add_argument("application")
    parser.add_argument("secret")
    parser.add_argument("--later", action="store_true", help="also what is not built yet")
    given = parser.parse_args()

    used = desk(Account(given.origin, given.application, given.secret))
    wanted = [*steps, *(later if given.later else ())]
    failed = sum(not _passes(step, used) for step in wanted)
    print(json.dumps({"steps": len(wanted), "failed": failed}), flush=True)
    sys.exit(1 if failed else 0)


def _passes(step: Step, desk: object) -> bool:
    said: dict[str, object] = {"step": step.__name__, "ok": True}
    began = time.monotonic()
    try:
        step(desk)
    except Exception as error:  # noqa: BLE001 - whatever a client raises is what the test is to tell
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _of_a_driver(frame)]
        where = " < ".join(f"{frame.name}:{frame.lineno}: {frame.line}" for frame in reversed(frames))
        said |= {"ok": False, "error": f"{type(error).__name__}: {error}"[:2000], "where": where}
    print(json.dumps(said | {"seconds": round(time.monotonic() - began, 3)}), flush=True)
    return bool(said["ok"])


def _of_a_driver(frame: traceback.FrameSummary) -> bool:
    return frame.filename != __file__ and DRIVERS in Path(frame.filename).resolve().parents


def check(condition: object, *shown: object) -> None:
    """An assertion that tells what was there."""
    if not condition:
        raise AssertionError("; ".join(repr(value)[:700] for value in shown) or "does not hold")


def same(found: object, wanted: object) -> None:
    """Two values must be equal."""
    if found != wanted:
        raise AssertionError(f"found {found!r:.700}, wanted {wanted!r:.700}")


def has(thing: object, **types: type | tuple[type, ...]) -> None:
    """The thing (a dict or an object with attributes) has these members, of these types."""
    members = thing if isinstance(thing, dict) else vars(thing)
    for name, kind in types.items():
        if name not in members:
            raise AssertionError(f"no {name!r} in {members!r:.700}")
        if not isinstance(members[name], kind):
            raise AssertionError(f"{name!r} is {members[name]!r}, wanted {kind}")


def lacks(thing: object, *names: str) -> None:
    """The thing has none of these members: the vendor leaves out what has no value."""
    members = thing if isinstance(thing, dict) else vars(thing)
    same([name for name in names if name in members], [])


def one(things: Iterable[Any]) -> Any:
    """The only one."""
    all_of_them = list(things)
    check(len(all_of_them) == 1, f"wanted exactly one, found {len(all_of_them)}", all_of_them)
    return all_of_them[0]


def moment(**from_now: float) -> str:
    """An instant as the API writes it: ``moment(days=2)`` is in two days."""
    return (datetime.now(UTC) + timedelta(**from_now)).strftime("%Y-%m-%dT%H:%M:%SZ")
