"""The product's own source, as the tests of its shape look at it."""

from __future__ import annotations

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import deskhand

ROOT = Path(__file__).parents[2]
SOURCE = Path(deskhand.__file__).parent
MIGRATION_FILES = "deskhand.migrations.versions"
STARTS_SOMETHING = {"deskhand.migrations.env", "deskhand.cli.__main__"}


def files() -> Iterator[Path]:
    """Every Python file of the package."""
    yield from sorted(SOURCE.rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str:
    """``deskhand.tags.tables`` -> ``tags``."""
    return name.split(".")[1] if "." in name else ""


def trees() -> Iterator[tuple[str, Path, ast.Module]]:
    """Every module with its syntax tree."""
    for path in files():
        yield module_name(path), path, ast.parse(path.read_text())


def modules() -> list[ModuleType]:
    """Every module, imported; but for those that begin to work when they are."""
    names = [found.name for found in pkgutil.walk_packages(deskhand.__path__, "deskhand.")]
    return [
        importlib.import_module(name) for name in names if name not in STARTS_SOMETHING and not name.startswith(MIGRATION_FILES)
    ]
