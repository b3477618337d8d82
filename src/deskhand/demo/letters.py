"""From written text to ready HTML templates.

A text block holds several letters. Each begins with a mark and a blank; lines go on until the next mark:

    * a letter               ! an angry one             ~ one by somebody whose language is another
    ? an answer that asks    > a customer comes back    + the same, but only right after the turn before
    < the answer to that     - an item of a list        / a line of its own       an empty line: a new paragraph
    | a customer comes back, but only if the turn before was not told

`>13` comes back only after the first or the third answer.

Inside, `[this|that]` is a choice, `{order}` a fact, `**bold**` and links are what they seem.
All choices are made while compiling, so telling a letter later is one pick and one `%`.
"""

import html
import re
from collections.abc import Iterator
from math import gcd
from textwrap import dedent
from typing import NamedTuple

_MARK = re.compile(r"([*!~?><+|])(\d*) ")
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_FACT = re.compile(r"\{(\w+)\}")
_ARTICLE = re.compile(r"\b([aA]) \{(product\d?|noun|part|colour2?|issue)\}")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_LINK = re.compile(r"https://[^\s<]*[\w}/]")


class Letter(NamedTuple):
    """One letter of a block, before its choices are made."""

    mark: str
    after: str
    """The numbers of the answers it may follow; empty for all."""
    text: str
    """Paragraphs parted by an empty line, lines by one break."""


def letters(block: str) -> Iterator[Letter]:
    """Each letter of a block."""
    mark, after, text = "", "", ""
    for line in map(str.rstrip, dedent(block).strip("\n").splitlines()):
        if found := _MARK.match(line):
            if text:
                yield Letter(mark, after, text.rstrip())
            mark, after, text = found[1], found[2], line[found.end() :]
        elif not line:
            text += "\n\n"
        elif (rest := line.strip())[:2] in ("- ", "/ "):
            text += rest if text.endswith("\n") else "\n" + rest
        else:
            text += rest if text.endswith("\n") else " " + rest
    if text:
        yield Letter(mark, after, text.rstrip())


def variants(text: str, most: int) -> list[str]:
    """Every way to make the choices in a text, or an even spread of `most` of them."""
    parts = _CHOICE.split(text)
    choices = [part.split("|") if place % 2 else [part] for place, part in enumerate(parts)]
    total = 1
    for options in choices:
        total *= len(options)
    if total <= most:
        return [_choose(choices, number) for number in range(total)]
    stride = total * 5 // 8
    while gcd(stride, total) != 1:
        stride += 1
    return [_choose(choices, number * stride % total) for number in range(most)]


def lines_of(block: str, most: int = 16) -> tuple[str, ...]:
    """Plain templates, one per line of the block: subjects, sentences, names."""
    return tuple(
        _template(variant)
        for line in dedent(block).strip().splitlines()
        if line.strip()
        for variant in variants(line.strip(), most)
    )


def phrases(block: str, most: int = 16) -> tuple[str, ...]:
    """HTML templates, one per line of the block: greetings and other pieces of a letter. `/` breaks the line."""
    return tuple(html.escape(line, quote=False).replace(" / ", "<br />") for line in lines_of(block, most))


def customer_html(text: str) -> str:
    """As mail programs write it: breaks only."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        lines = [line.removeprefix("/ ") for line in paragraph.strip("\n").split("\n")]
        paragraphs.append("<br />".join(_inline(line) for line in lines))
    return "<br /><br />".join(paragraphs)


def agent_html(text: str) -> str:
    """As the composer writes it: paragraphs and real lists. Always begins with a paragraph."""
    out = []
    for paragraph in text.split("\n\n"):
        plain, items = [], []
        for line in paragraph.strip("\n").split("\n"):
            if line.startswith("- "):
                items.append(f"<li>{_inline(line[2:])}</li>")
            elif line:
                plain.append(_inline(line.removeprefix("/ ")))
        if plain:
            out.append(f"<p>{'<br />'.join(plain)}</p>")
        if items:
            out.append(f"<ul>{''.join(items)}</ul>")
    return "".join(out)


def _inline(text: str) -> str:
    text = html.escape(_template(text), quote=False)
    text = _LINK.sub(lambda link: f'<a href="{link[0]}">{link[0]}</a>', text)
    return _BOLD.sub(r"<b>\1</b>", text)


def _template(text: str) -> str:
    # "a {noun}" becomes one fact, "a grinder" or "an espresso machine".
    text = _ARTICLE.sub(r"{\1_\2}", text)
    return _FACT.sub(r"%(\1)s", text.replace("%", "%%"))


def _choose(choices: list[list[str]], number: int) -> str:
    chosen = []
    for options in choices:
        number, place = divmod(number, len(options))
        chosen.append(options[place])
    return "".join(chosen)
