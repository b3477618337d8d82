"""Pages in their reader's language: catalogs in step with the sources, numbers and dates by the locale, who reads what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from gettext import NullTranslations
from html import unescape

import pytest

from deskhand.conversations.model import Status
from deskhand.conversations.operations import changing
from deskhand.kernel.http.routes import handlers
from deskhand.kernel.languages import LANGUAGES, language_of
from deskhand.kernel.words import Words
from deskhand.ui import routes
from tests.given import Given
from tests.ui import catalogs
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import told_next_to, version_in
from tests.ui.test_access import things

GERMAN = LANGUAGES["de"]
SAME_IN_ALL = {"Deskhand", "– Deskhand", "Message-ID", "CSV", "HTTP", "POST", "s", "ms", "Enter"}  # names, units, keys
SPOKEN = re.compile(r'\b(?:aria-label|title|placeholder|alt|data-label)="([^"]*)"')
NOW = datetime(2026, 3, 4, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize("language", catalogs.languages())
def test_a_catalog_has_every_text_of_the_sources(language: str) -> None:
    assert catalogs.mistakes(language) == [], "run script/catalogs, then translate what it names"
    assert (catalogs.CATALOGS / f"{language}.mo").read_bytes() == catalogs.compiled(language), "run script/catalogs"


def test_no_template_says_anything_but_through_the_catalog() -> None:
    said = []
    for path in catalogs.TEMPLATES:
        rest = re.sub(r"{% (block kind|macro about|set again).*?{% end(block|macro|set) %}", "", path.read_text())
        rest = catalogs.INSIDE.sub("\x00", rest)
        rest = re.sub(r"<(kbd|code|script|style)\b.*?</\1>", "", rest, flags=re.DOTALL)
        spoken = [*SPOKEN.findall(rest), *re.sub(r"<[^>]*>", "\x00", rest).split("\x00")]
        texts = {unescape(part).strip() for each in spoken for part in each.split("\x00")}
        said += [(path.name, each) for each in texts - SAME_IN_ALL if any(letter.isalpha() for letter in each)]
    assert said == []


class Missed(NullTranslations):
    """What the catalog lacks."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: set[str] = set()

    def gettext(self, message: str) -> str:
        self.texts.add(message)
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self.texts.add(msgid1)
        return msgid1


@pytest.fixture
def missed() -> Iterator[Missed]:
    """Listens behind the German catalog."""
    found = Missed()
    GERMAN._catalog.add_fallback(found)
    yield found
    GERMAN._catalog._fallback = None  # type: ignore[attr-defined]


async def test_pages_look_up_nothing_that_no_catalog_has(given: Given, ines: Browser, missed: Missed) -> None:
    ids = await things(given, await given.team("Returns", [given.owner]), all_of_them=True) | {"userId": given.owner}
    async with given.write(given.owner) as tx:
        await changing.set_status(tx, ids["conversationId"], Status.PENDING)
        await changing.assign(tx, ids["conversationId"], to=given.owner)
    plain = {key for key in catalogs.texts() if isinstance(key, str) and GERMAN.text(key) != key}
    plain -= {"Tag", "Hours"}  # German for a day; what a saved reply is called here
    said = set()
    for path, handler in handlers(routes.ROUTERS):
        address = path
        for name, value in (ids | {"kind": "users"}).items():
            address = address.replace("{" + name + "}", str(value))
        if handler.endpoint.method == "GET" and "{" not in address and "/live/" not in address:
            page = (await ines.get(address, headers={"Accept-Language": "de"}, follow_redirects=True)).text
            said |= {(path, each) for each in map(unescape, re.findall(r">\s*([^<>]+?)\s*<", page)) if each in plain}
    assert {each for each in missed.texts if GERMAN.told(each) == each} == set()
    assert said == set()


@pytest.mark.parametrize(
    ("tag", "said"),
    [
        ("en", ["12,345", "1,204.5", "Mon 2 Mar", "2 Mar 2026", "2 March 2026", "Mon", "16:00", "Yesterday 10:30", "1.8 MB"]),
        (
            "en-US",
            [
                "12,345",
                "1,204.5",
                "Mon, Mar 2",
                "Mar 2, 2026",
                "March 2, 2026",
                "Mon",
                "4:00 PM",
                "Yesterday 10:30 AM",
                "1.8 MB",
            ],
        ),
        ("de", ["12.345", "1.204,5", "Mo., 2. März", "2. März 2026", "2. März 2026", "Mo", "16:00", "Gestern 10:30", "1,8 MB"]),
    ],
)
def test_numbers_and_dates_are_written_as_the_locale_has_them(tag: str, said: list[str]) -> None:
    words = Words(NOW, "Europe/Berlin", LANGUAGES[tag])
    monday, yesterday = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    made = [
        words.number(12345),
        words.decimal(1204.5),
        words.day(monday),
        words.day(monday, with_year=True),
        words.date(date(2026, 3, 2)),
        words.weekday(1),
        words.short(NOW),
        words.short(yesterday),
        words.size(1_800_000),
    ]
    assert [each.replace("\u202f", " ") for each in made] == said


@pytest.mark.parametrize(
    ("accepted", "tag"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("fr,de;q=0.5,en;q=0.7", "en"),
        ("en-us", "en-US"),
        ("en-GB,en-US;q=0.9", "en"),
        ("de;q=0,en", "en"),
        ("*", "en"),
        ("de;q=x,,;;q=1", "en"),
        ("x" * 10_000 + ",de", "en"),
    ],
)
def test_a_browser_gets_the_first_language_that_there_is(accepted: str, tag: str) -> None:
    assert language_of(None, accepted).tag == tag
    assert language_of("de", accepted).tag == "de"
    assert language_of("tlh", accepted).tag == tag


def test_what_a_room_says_is_found_with_its_values_in_it() -> None:
    assert GERMAN.told("must be between 1 and 12") == "muss zwischen 1 und 12 liegen"
    assert GERMAN.told("ran the 100% %(sure)s workflow") == "hat den Workflow 100% %(sure)s ausgeführt"
    assert GERMAN.told("something new") == "something new"
    assert LANGUAGES["en"].told("must be between 1 and 12") == "must be between 1 and 12"


async def test_somebody_reads_pages_in_the_language_they_chose(given: Given, ines: Browser, browsing: Browsing) -> None:
    page = (await ines.get("/me")).text
    assert '<html lang="en" dir="ltr"' in page
    form = {"firstName": "Ines", "timezone": "UTC", "version": version_in(page)}
    wrong = await ines.post("/me", data=form | {"language": "<b>"})
    assert (wrong.status_code, told_next_to(wrong.text, "language")) == (400, "must be a language tag such as de")
    await ines.post("/me", data=form | {"language": "de"})
    page = (await ines.get("/me", headers={"Accept-Language": "en"})).text
    assert '<html lang="de" dir="ltr"' in page
    assert "Ihr Profil" in page
    wrong = await ines.post("/me", data=form | {"language": "de", "timezone": "Mars", "version": version_in(page)})
    assert unescape(told_next_to(wrong.text, "timezone")) == "muss eine Zeitzone sein, etwa Europe/Lisbon"
    signing_in = (await (await browsing(None)).get("/signin", headers={"Accept-Language": "de-CH"})).text
    assert '<html lang="de"' in signing_in
    assert "Passwort" in signing_in


async def test_the_name_of_the_account_stands_above_every_page(ines: Browser, browsing: Browsing) -> None:
    page = (await ines.get("/settings/account")).text
    assert "<title>Account – Deskhand</title>" in page
    form = {"form": "name", "name": "Lund <Cykler>", "language": "de", "version": version_in(page)}
    assert (await ines.post("/settings/account/name", data=form)).status_code == 303
    signing_in = (await (await browsing(None)).get("/signin")).text
    assert "<title>Anmelden – Lund &lt;Cykler&gt;</title>" in signing_in
    page = (await ines.get("/settings/account")).text
    assert '<span class="cut">Lund &lt;Cykler&gt;</span>' in page
    refused = await ines.post("/settings/account/name", data=form | {"name": "x" * 61, "version": ""})
    assert (refused.status_code, told_next_to(refused.text, "name")) == (400, "size must be between 0 and 60")
