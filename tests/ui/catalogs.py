"""Texts of the sources, and whether the catalogs are in step with them: what ``script/catalogs`` does.

From Python come the texts of ``words.text``, ``words.plural`` and ``N_``, and from pages those that stand in constants
(``TABS``, ``ROLES``): what begins with a capital letter or has a space is one. From templates those of ``_``, ``n_`` and
``f.text``.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import deskhand

ROOT = Path(deskhand.__file__).parent
CATALOGS = ROOT / "kernel" / "catalogs"
LANGUAGES = ROOT / "kernel" / "languages.py"  # a language is called the same in all of them
SPEAKS = {ROOT / "kernel" / "words.py", ROOT / "kernel" / "said.py", *(ROOT / "ui").rglob("*.py")}
TEMPLATES = sorted(set(ROOT.rglob("*.html")) - {ROOT / "kernel" / "http" / "templates" / "docs.html"})  # of the API: English
SINCE = datetime(2026, 11, 27, tzinfo=UTC)  # no catalog differs by the hour it was made
INSIDE = re.compile(r"\{#.*?#\}|\{[{%](?P<code>.*?)[%}]\}", re.DOTALL)
CALL = re.compile(
    r"""(?<![\w])(_|n_|f\.text|words\.text|words\.plural)\(\s*("(?:[^"\\]|\\.)*")(?:\s*,\s*("(?:[^"\\]|\\.)*"))?"""
)
VALUE = re.compile(r"%\((\w+)\)s")
NO_TEXT = re.compile(r"^[\w.-]+/|^[/#<^(@]|^[A-Z_0-9]+$|^([A-Z][a-z0-9]+){2,}$|[<\\{]|^(Ctrl|Esc|Enter)\b")
Key = str | tuple[str, str]


def texts() -> dict[Key, list[str]]:
    """Every text, or its forms for one and for many, and the files it stands in."""
    found: dict[Key, set[str]] = {}
    for path in sorted(set(ROOT.rglob("*.py")) - {LANGUAGES}):
        for key in _of_python(ast.parse(path.read_text()), speaks=path in SPEAKS):
            found.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())
    for path in TEMPLATES:
        for key in _of_template(path.read_text()):
            found.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())
    return {key: sorted(found[key]) for key in sorted(found, key=str)}


def _of_template(source: str) -> Iterator[Key]:
    for tag in INSIDE.finditer(source):
        for name, one, many in CALL.findall(tag["code"] or ""):
            yield (_unquoted(one), _unquoted(many)) if name in ("n_", "words.plural") else _unquoted(one)


def _unquoted(literal: str) -> str:
    return str(ast.literal_eval(literal))


def _of_python(tree: ast.Module, *, speaks: bool) -> Iterator[Key]:
    """Of a file that speaks to people all; of any other what is said by ``words.text`` and the like."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if not speaks and name != "N_" and "words." not in f".{ast.unparse(node.func)}":
                continue
            if name in ("text", "told", "N_") and node.args:
                yield from _constants(node.args[0])
            elif name == "plural" and len(node.args) > 2:
                one, many = node.args[:2]
                yield from zip(_constants(one), _constants(many), strict=True)
    for node in tree.body if speaks else []:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        names = [each.id for each in targets if isinstance(each, ast.Name) and each.id.isupper()]
        if names and isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            yield from (each for each in _in_table(node.value) if names == ["SAID"] or _is_text(each))


def _constants(node: ast.expr) -> list[str]:
    """A text, or the two of ``a if b else c``."""
    if isinstance(node, ast.IfExp):
        return [*_constants(node.body), *_constants(node.orelse)]
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _in_table(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from _in_table(value)
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for each in node.elts:
            yield from _in_table(each)
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id[:1].isupper():  # a record of a table
        for each in node.args:
            yield from _in_table(each)


def _is_text(string: str) -> bool:
    reads = string[:1].isupper() or " " in string.strip() or string[:1] in "“%"
    return reads and any(each.islower() for each in string) and not NO_TEXT.search(string)


def languages() -> list[str]:
    """Those with a catalog."""
    return sorted(path.stem for path in CATALOGS.glob("*.po"))


def catalog(language: str) -> Catalog:
    """As it stands in the file."""
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def fresh(language: str) -> Catalog:
    """In step with the sources: new texts are empty, what nobody says any more is gone."""
    kept = catalog(language)
    made = Catalog(
        locale=language,
        header_comment="# Made by script/catalogs: translate what stands here, it does the rest.",
        project="Deskhand",
        version="1",
        msgid_bugs_address="-",
        creation_date=SINCE,
        revision_date=SINCE,
        last_translator="-",
        language_team=language,
        fuzzy=False,
    )
    for key, files in texts().items():
        before = kept.get(key if isinstance(key, str) else key[0])
        said = before.string if before is not None and isinstance(before.id, str) == isinstance(key, str) else ""
        made.add(key, said, locations=[(file, 0) for file in files])
    return made


def mistakes(language: str) -> list[str]:
    """What is missing in a catalog or wrong with it."""
    written, ours = catalog(language), texts()
    said = {it.id if isinstance(it.id, str) else tuple(it.id): it for it in written if it.id}
    wrong = [f"not in the catalog: {key!r}" for key in ours if key not in said]
    wrong += [f"nobody says it: {key!r}" for key in said if key not in ours]
    for key, it in said.items():
        forms = [it.string] if isinstance(it.string, str) else list(it.string or ())
        if it.fuzzy or not all(forms) or (isinstance(key, tuple) and len(forms) != written.num_plurals):
            wrong.append(f"not translated: {key!r}")
        elif any(not _same_values(it, form) for form in forms):
            wrong.append(f"other values: {key!r}")
    return wrong


def _same_values(it: Message, form: str) -> bool:
    """A form may have the values of either English one, and leave the count out: “a conversation”."""
    ours = set(VALUE.findall(form))
    theirs = [set(VALUE.findall(each)) for each in ([it.id] if isinstance(it.id, str) else it.id)]
    return ours in theirs or (not isinstance(it.id, str) and ours in [each - {"count"} for each in theirs])


def compiled(language: str) -> bytes:
    """The ``.mo``."""
    made = BytesIO()
    write_mo(made, catalog(language))
    return made.getvalue()


def update(language: str) -> None:
    """Writes both files anew."""
    made = BytesIO()
    write_po(made, fresh(language), width=0, include_lineno=False, sort_output=True)
    (CATALOGS / f"{language}.po").write_bytes(made.getvalue())
    (CATALOGS / f"{language}.mo").write_bytes(compiled(language))


def main() -> int:
    """Brings every catalog in step, and tells what is to be translated; ``check`` only tells."""
    is_right = True
    for language in languages():
        if sys.argv[1:] != ["check"]:
            update(language)
        wrong = mistakes(language)
        if (CATALOGS / f"{language}.mo").read_bytes() != compiled(language):
            wrong.append("the .mo was made of another .po")
        print(*(f"{language}: {each}" for each in wrong), f"{language}: {len(wrong)} to do", sep="\n")
        is_right &= not wrong
    return 0 if is_right else 1


if __name__ == "__main__":
    sys.exit(main())
