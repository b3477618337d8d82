"""The languages of pages and mail: a catalog each, in ``catalogs/``, and the locale that numbers and dates are written by.

English needs no catalog: it is what the others are looked up by. ``script/catalogs`` keeps them in step with the sources.
"""

from __future__ import annotations

import re
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel import Locale

from deskhand.kernel.said import SAID

CATALOGS = Path(__file__).parent / "catalogs"
VALUE = re.compile(r"%\((\w+)\)s")
MOST_ASKED = 500
MOST_KNOWN = 2000


def N_(text: str) -> str:  # noqa: N802 - as gettext's own are called
    """Marks a text for the catalogs that is looked up elsewhere."""
    return text


class Language:
    """A language by its tag (``de``, ``en-US``); ``name`` is what its speakers call it, ``direction`` ``ltr`` or ``rtl``."""

    def __init__(self, tag: str, name: str, locale: str, catalog: NullTranslations | None = None) -> None:
        self.tag, self.name = tag, name
        self.locale = Locale.parse(locale)
        self.direction = self.locale.text_direction
        self._catalog = catalog or NullTranslations()
        self._patterns: list[tuple[re.Pattern[str], str]] | None = None
        self._known: dict[str, str] = {}

    def text(self, english: str) -> str:
        """What an English text is in it; the same text where the catalog lacks it."""
        return self._catalog.gettext(english) if english else ""

    def plural(self, one: str, many: str, count: int) -> str:
        """The form for a count."""
        return self._catalog.ngettext(one, many, count)

    def told(self, english: str) -> str:
        """The same for a text that has its values in it already."""
        found = self.text(english)
        if found != english or not isinstance(self._catalog, GNUTranslations):
            return found
        if english not in self._known:
            self._known[english] = self._matched(english)
            if len(self._known) > MOST_KNOWN:
                del self._known[next(iter(self._known))]
        return self._known[english]

    def _matched(self, english: str) -> str:
        if self._patterns is None:
            self._patterns = [(_pattern(each), self.text(each)) for each in SAID if VALUE.search(each)]
        hits = ((pattern.fullmatch(english), value) for pattern, value in self._patterns)
        return next((value % hit.groupdict() for hit, value in hits if hit), english)


def _pattern(english: str) -> re.Pattern[str]:
    """What a text with values looks like once they stand in it."""
    parts = VALUE.split(english)
    return re.compile("".join(f"(?P<{part}>.+)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL)


def _catalog(name: str) -> NullTranslations:
    with (CATALOGS / f"{name}.mo").open("rb") as file:
        return GNUTranslations(file)


ENGLISH = Language("en", "English", "en_GB")
LANGUAGES = {
    each.tag: each
    for each in (
        ENGLISH,
        Language("en-US", "English (United States)", "en_US"),
        Language("de", "Deutsch", "de", _catalog("de")),
    )
}


def language_of(tag: str | None, accepted: str = "", usual: str | None = None) -> Language:
    """The language of somebody who chose one, else the first of those a browser accepts (``Accept-Language``) that we have,
    else what is usual here."""
    if tag in LANGUAGES:
        return LANGUAGES[tag]
    for each in _accepted(accepted[:MOST_ASKED]):
        whole = next((it for it in LANGUAGES.values() if it.tag.lower() == each), None)
        if found := whole or LANGUAGES.get(each.split("-")[0]):
            return found
    return LANGUAGES.get(usual or "", ENGLISH)


def _accepted(header: str) -> list[str]:
    weighed = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        if tag and 0 < quality <= 1:
            weighed.append((-quality, place, tag.strip().lower()))
    return [tag for _, _, tag in sorted(weighed)]
