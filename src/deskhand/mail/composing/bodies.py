"""The words of a letter in both forms: the template filled in, what is quoted, and our marks around it."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig
from msgspec import Struct

from deskhand.kernel.html import clean, plain_text
from deskhand.kernel.words import Words
from deskhand.mail.composing.headers import one_line
from deskhand.mail.composing.templates import Part, in_html, in_text
from deskhand.mail.model import Options, Party, SenderName, Template
from deskhand.mail.rules import subjects
from deskhand.mail.rules.replies import MARKER

LONGEST_READ = 500_000  # characters of HTML that become text with its lists and tables; beyond, only words
LONGEST_QUOTE = 50_000
LONGEST_SUBJECT = 500
_IMAGES = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_config = ParserConfig(css=CSS_PROFILES["strict"], display_links=False)
_NOT_SEEN = "font-size:0;line-height:0;max-height:0;overflow:hidden;color:transparent"


class Quote(Struct, frozen=True):
    """What an answer answers to; ``at`` is UTC."""

    name: str
    at: datetime
    html: str


class Body(Struct, frozen=True):
    """Both forms."""

    html: str
    text: str


def written(template: Template, values: dict[str, str], parts: dict[str, Part], *, hidden: str = "", picture: str = "") -> Body:
    """A template filled in, below the line that answers are written above. ``hidden`` is what only programs see; ``picture``
    the address of one that tells us when it is fetched."""
    html = clean(in_html(template.html, values, parts))
    # The text of a template is made before anything is filled in, so what people wrote is not read as HTML twice.
    words = template.text or text_of(template.html)
    text = re.sub(r"\n{3,}", "\n\n", in_text(words, values, parts)).strip()
    if not hidden:
        return Body(f"<div>{html}</div>", text)
    above = f'<div style="color:#b5b5b5;font-size:12px">{MARKER}</div>'
    below = f'<div style="{_NOT_SEEN}">{hidden}</div>'
    if picture:
        below += f'<img src="{escape(picture)}" width="1" height="1" alt="">'
    return Body(f"{above}<div>{html}</div>{below}", f"{MARKER}\n\n{text}")


def part(html: str) -> Part:
    """What people wrote, clean, in both forms."""
    safe = clean(html)
    return Part(f"<div>{safe}</div>", f"\n{text_of(safe)}\n") if html else Part()


def signature(html: str, values: dict[str, str]) -> Part:
    """An inbox's signature, filled in."""
    if not html:
        return Part()
    safe = clean(in_html(html, values))  # after it is filled in: a value may have become part of an address
    return Part(f"<br><div>{safe}</div>", f"\n-- \n{text_of(safe)}\n")


def rating(link: str, words: Words) -> Part:
    """The question about an answer, with three ways to reply to it."""
    asked = words.text("How was this answer?")
    ways = [(words.text("Good"), "great"), (words.text("Okay"), "okay"), (words.text("Not good"), "not_good")]
    links = " &middot; ".join(f'<a href="{escape(link)}?rating={word}">{label}</a>' for label, word in ways)
    lines = "\n".join(f"{label}: {link}?rating={word}" for label, word in ways)
    return Part(f"<p>{asked} {links}</p>", f"\n{asked}\n{lines}\n")


def files(links: list[tuple[str, str]], words: Words) -> Part:
    """Files that are fetched instead of sent: names and addresses."""
    if not links:
        return Part()
    items = "".join(f'<li><a href="{escape(url)}">{escape(name)}</a></li>' for name, url in links)
    head = words.text("Files:")
    return Part(
        f"<p>{head}</p><ul>{items}</ul>", f"\n{head}\n" + "\n".join(f"{one_line(name)}: {url}" for name, url in links) + "\n"
    )


def history(quote: Quote | None, words: Words) -> Part:
    """What is answered, quoted. Its pictures are not: they lie with us."""
    if quote is None:
        return Part()
    at = f"{quote.at:%Y-%m-%d %H:%M} UTC"  # as mail programs recognise it, in any language
    name = one_line(quote.name)
    said = words.text("On %(at)s, %(name)s wrote:", at=at, name=name) if name else words.text("On %(at)s, you wrote:", at=at)
    html = clean(quote.html) if len(quote.html) <= LONGEST_QUOTE else escape(plain_text(quote.html)[:LONGEST_QUOTE])
    html = _IMAGES.sub("", html)
    lines = "\n".join(f"> {line}".rstrip() for line in text_of(html).splitlines())
    return Part(f"<br><div>{escape(said)}<blockquote>{html}</blockquote></div>", f"\n{said}\n\n{lines}\n")


def text_of(html: str) -> str:
    """HTML as text, with its lists and tables."""
    if "<" not in html or len(html) > LONGEST_READ:
        return plain_text(html).strip()
    return "\n".join(line.rstrip() for line in get_text(html, _config).splitlines()).strip()


def subject(of: str, *, number: int | None = None, prefix: str = "Re: ") -> str:
    """A subject with its prefix once, whatever stood before it, and the conversation's tag if there is a ``number``."""
    plain = subjects.unanswered(one_line(of))[:LONGEST_SUBJECT].strip()
    return f"{prefix}{plain}".strip() + (f" [#{number}]" if number is not None else "")


def sender_name(options: Options, inbox_name: str, user_name: str) -> str:
    """Whose name stands before an inbox's address."""
    if not user_name or options.sender_name is SenderName.INBOX:
        return one_line(inbox_name)
    both = options.sender_name is SenderName.AGENT_AND_INBOX
    return one_line(f"{user_name} ({inbox_name})" if both else user_name)


def parties(addresses: list[str], without: set[str]) -> list[Party]:
    """Recipients by address, each once, and none of those ``without`` (in lower case)."""
    kept = {each.lower(): each for each in reversed(addresses) if each.lower() not in without}
    return [Party("", kept[key]) for key in dict.fromkeys(map(str.lower, addresses)) if key in kept]
