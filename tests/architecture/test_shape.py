"""The shape of the source: layers, sizes, docstrings, doors (architecture §1, §2, §10)."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, files, module_name, trees

LINT = Path(sys.executable).with_name("lint-imports")
LONGEST = 400
KNOWS_LITESTAR = re.compile(r"deskhand\.(\w+\.routes(\.\w+)?|kernel\.http\.\w+|app|operating|ui(\.\w+)*|oauth\.pages)")
KNOWS_DRIVERS = re.compile(r"deskhand\.kernel\.storage\.\w+")
EFFECTS = ("socket", "smtplib", "imaplib", "urllib.request", "http.client", "requests", "httpx", "httpcore", "aiohttp")
MAY_CONNECT = re.compile(r"deskhand\.(kernel\.outbound|mail|cli\.serve)(\.\w+)*")


def test_the_import_contracts_hold() -> None:
    done = subprocess.run([LINT, "--no-cache"], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout


def test_the_import_contracts_can_break(tmp_path: Path) -> None:
    """A room that looks up is noticed: else the test above would prove nothing."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = tmp_path / "src/deskhand/tags/model.py"
    planted.write_text(planted.read_text() + "\nfrom deskhand.conversations import model as _up\nimport litestar as _door\n")
    done = subprocess.run(
        [LINT, "--no-cache"], cwd=tmp_path, env={"PYTHONPATH": str(tmp_path / "src")}, capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "deskhand.tags.model -> deskhand.conversations.model" in re.sub(r"\s+", " ", done.stdout)


@pytest.mark.parametrize("folder", ["src", "tests"])
def test_no_file_is_too_long(folder: str) -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in sorted((ROOT / folder).rglob("*.py"))
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }

    assert long == {}


def test_everything_public_says_what_it_is() -> None:
    silent = []
    for name, _, tree in trees():
        if not ast.get_docstring(tree):
            silent.append(name)
        silent += [
            f"{name}.{node.name}"
            for node in tree.body
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            and not node.name.startswith("_")
            and not ast.get_docstring(node)
            and not _is_overload(node)
        ]

    assert silent == []


def test_imports_stand_at_the_top() -> None:
    """One inside a function or under TYPE_CHECKING dodges a cycle, and a cycle is a question of design (§2)."""
    hidden = []
    for name, _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or (
                isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
            ):
                hidden += [f"{name}:{each.lineno}" for each in ast.walk(node) if isinstance(each, (ast.Import, ast.ImportFrom))]

    assert hidden == []


def test_each_door_has_its_keepers() -> None:
    strangers = []
    for name, _, tree in trees():
        for imported in _imports(tree):
            top = imported.split(".")[0]
            if (
                (top == "litestar" and not KNOWS_LITESTAR.fullmatch(name))
                or (top in ("apsw", "asyncpg") and not KNOWS_DRIVERS.fullmatch(name))
                or (top == "sqlite3")
                or (
                    (any(imported.split(".")[: len(each.split("."))] == each.split(".") for each in EFFECTS))
                    and not MAY_CONNECT.fullmatch(name)
                )
            ):
                strangers.append(f"{name} knows {imported}")

    assert strangers == []


def test_nothing_is_swallowed_and_nothing_left_for_later() -> None:
    found = []
    for path in files():
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if re.search(r"\b(TODO|FIXME|XXX)\b|except( Exception)?:\s*pass|pragma: no cover", line):
                found.append(f"{module_name(path)}:{number}")

    assert found == []


def _is_overload(node: ast.stmt) -> bool:
    return any("overload" in ast.dump(each) for each in getattr(node, "decorator_list", ()))


def _imports(tree: ast.Module) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [each.name for each in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [f"{node.module}.{each.name}" for each in node.names]
    return found
