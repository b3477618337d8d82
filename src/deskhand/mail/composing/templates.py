"""What people write once and we fill in: ``{{customer.firstName}}``, ``{{customer.firstName, fallback=there}}``.

There is a fixed list of names and nothing else: no code, no filters, no loops. What is filled in is escaped for its place and
never looked at again, so whatever a customer is called stays what they are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape

from msgspec import Struct

from deskhand.kernel.words import Words
from deskhand.mail.model import Options, OutgoingKind, Template

VARIABLES = (
    "conversation.number",
    "conversation.subject",
    "customer.email",
    "customer.firstName",
    "customer.fullName",
    "customer.lastName",
    "inbox.email",
    "inbox.name",
    "user.firstName",
    "user.fullName",
    "user.lastName",
)
PLACES = ("history", "message", "rating", "signature")
"""Where whole parts go, in bodies of templates only: the words themselves, and what we put below them."""

_ANY = re.compile(r"\{\{([^{}]*)\}\}")
_VARIABLE = re.compile(r"\s*([A-Za-z.]+)\s*(?:,\s*fallback\s*=\s*(.*?))?\s*", re.DOTALL)
MOST_CHARACTERS = 100_000


class Part(Struct, frozen=True):
    """Something for a place, in both forms."""

    html: str = ""
    text: str = ""


def usual(kind: OutgoingKind, words: Words) -> Template:
    """What we say in a kind of mail, where an inbox says nothing."""
    automatic = f"<p>{words.text('This is an automatic message.')}</p>"
    match kind:
        case OutgoingKind.REPLY:
            return Template("", "{{message}}{{signature}}{{rating}}{{history}}")
        case OutgoingKind.FORWARD:
            return Template("", "{{message}}{{signature}}")
        case OutgoingKind.AUTO_REPLY:
            hello = words.text("Hello {{customer.firstName, fallback=and welcome}},")
            arrived = words.text(
                "your message has arrived, and somebody of {{inbox.name}} will answer it. You need not write again; if you have"
                " something to add, answer this message."
            )
            return Template("Re: {{conversation.subject}}", f"<p>{hello}</p><p>{arrived}</p>{{{{history}}}}")
        case OutgoingKind.NOTIFICATION:
            return Template("[{{inbox.name}}] {{conversation.subject}}", "{{message}}{{history}}")
        case OutgoingKind.INVITATION:
            return Template(words.text("An invitation to {{inbox.name}}"), "{{message}}" + automatic)
        case OutgoingKind.ALERT:
            return Template("", "{{message}}" + automatic)


def mistakes(options: Options) -> list[tuple[str, str]]:
    """What is wrong with an inbox's signature and templates: paths and why, for whoever saves them."""
    found = list(_mistakes("signature", options.signature, ()))
    for kind, template in options.templates.items():
        if kind not in list(OutgoingKind):
            found.append((f"templates.{kind}", f"must be one of {', '.join(OutgoingKind)}"))
            continue
        found += _mistakes(f"templates.{kind}.subject", template.subject, ())
        found += _mistakes(f"templates.{kind}.html", template.html, PLACES)
        found += _mistakes(f"templates.{kind}.text", template.text, PLACES)
    return found


def template_of(options: Options, kind: OutgoingKind, words: Words) -> Template:
    """What an inbox says in a kind of mail, and we where it says nothing."""
    given, ours = options.templates.get(kind.value, Template()), usual(kind, words)
    return Template(given.subject or ours.subject, given.html or ours.html, given.text or ("" if given.html else ours.text))


def in_html(template: str, values: Mapping[str, str], parts: Mapping[str, Part] | None = None) -> str:
    """A template of HTML, filled in."""
    return _filled(template, values, {name: it.html for name, it in (parts or {}).items()}, escape)


def in_text(template: str, values: Mapping[str, str], parts: Mapping[str, Part] | None = None) -> str:
    """A template of plain text, or of a subject, filled in."""
    return _filled(template, values, {name: it.text for name, it in (parts or {}).items()}, str)


def _filled(template: str, values: Mapping[str, str], parts: Mapping[str, str], safe: Callable[[str], str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, fallback = _read(found[1])
        if name in parts:
            return parts[name]
        return safe(values[name] or fallback) if name in values else found[0]

    return _ANY.sub(value, template)


def _read(inside: str) -> tuple[str, str]:
    found = _VARIABLE.fullmatch(inside)
    return (found[1], found[2] or "") if found else ("", "")


def _mistakes(path: str, template: str, places: tuple[str, ...]) -> list[tuple[str, str]]:
    if len(template) > MOST_CHARACTERS:
        return [(path, f"must have at most {MOST_CHARACTERS:,} characters")]
    unknown = [found[0] for found in _ANY.finditer(template) if _read(found[1])[0] not in (*VARIABLES, *places)]
    return [(path, f"{each} is not a variable; there are {', '.join((*VARIABLES, *places))}") for each in unknown[:1]]
