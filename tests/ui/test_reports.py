"""Report pages: what stands in them, where a number leads, and every table as CSV."""

from __future__ import annotations

import csv
import io
import re

from deskhand.conversations.model import ThreadType
from tests.given import Given
from tests.ui.conftest import Browser, Browsing


def number(page: str, name: str) -> str:
    found = re.search(rf"<dt>{name}</dt><dd><(?:a|span)[^>]*>([^<]*)<", page)
    assert found, name
    return found[1]


async def table(browser: Browser, address: str) -> list[list[str]]:
    found = await browser.get(address)
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(found.text)))


async def test_a_report_counts_what_happened_and_leads_to_it(given: Given, ines: Browser) -> None:
    it = await given.conversation(subject="Cracked hopper")
    await given.thread(it, ThreadType.MESSAGE, "A new one leaves today.", user_id=given.owner)

    page = (await ines.get("/reports/conversations")).text
    assert number(page, "New conversations") == "1"
    behind = (await ines.get("/reports/behind?what=new")).text
    assert "Cracked hopper" in behind
    company = (await ines.get("/reports/company")).text
    assert number(company, "Replies sent") == "1"


async def test_each_report_is_there_even_when_nothing_happened(ines: Browser) -> None:
    kinds = ("company", "conversations", "productivity", "happiness", "users", "email", "chat", "phone")
    for kind in kinds:
        for query in ("", "?compare=no&days=7", "?first=2026-01-01&last=2026-03-31", "?days=365&office=yes&type=email"):
            assert (await ines.get(f"/reports/{kind}{query}")).status_code == 200, (kind, query)


async def test_what_is_not_known_counts_as_not_said(ines: Browser) -> None:
    asked = "?days=x&first=2026-13-01&last=no&inbox=-1&tag=x&type=fax&office=maybe"
    assert (await ines.get(f"/reports/company{asked}")).status_code == 200
    assert (await ines.get("/reports/behind?what=tagid")).status_code == 404
    assert (await ines.get("/reports/company?csv=none")).status_code == 404


async def test_a_table_comes_as_csv_and_no_cell_of_it_is_a_formula(given: Given, ines: Browser) -> None:
    await given.conversation(tags=["=cmd|' /C calc'!A0"])
    rows = await table(ines, "/reports/conversations?csv=tags")
    assert rows[0] == ["Name", "Share", "Count"]
    assert rows[1][0].startswith("'=")
    busy = await table(ines, "/reports/conversations?csv=busy")
    assert [len(each) for each in busy] == [25] * 8
    assert sum(int(count) for row in busy[1:] for count in row[1:]) > 0
    days = await table(ines, "/reports/conversations?csv=new&days=7")
    assert len(days) == 8
    assert days[-1][1] == "1"


async def test_an_agent_reads_only_of_their_inboxes(given: Given, browsing: Browsing) -> None:
    await given.conversation(subject="Cracked hopper")
    outsider = await given.user("Out")
    await given.grant(await given.new_inbox("Other"), outsider)
    browser = await browsing(outsider)

    assert number((await browser.get("/reports/conversations")).text, "New conversations") == "0"
    asked = (await browser.get(f"/reports/behind?what=new&inbox={given.inbox}")).text
    assert "Cracked hopper" not in asked


async def test_who_did_what_by_name(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    await given.thread(it, ThreadType.MESSAGE, "Hello.", user_id=given.owner)
    rows = await table(ines, "/reports/users?csv=users&compare=no")
    assert [row[1] for row in rows] == ["Replies", "1"]
    theirs = (await ines.get(f"/reports/users/{given.owner}")).text
    assert number(theirs, "Replies sent") == "1"
    assert (await ines.get("/reports/users/999999")).status_code == 404


async def test_a_day_without_an_answer_has_no_time_to_it(given: Given, ines: Browser) -> None:
    it = await given.conversation()
    await given.thread(it, ThreadType.MESSAGE, "It left.", user_id=given.owner)
    page = (await ines.get("/reports/productivity?days=7&compare=no")).text
    assert '<td class="num" data-value="">–</td>' in page
    rows = await table(ines, "/reports/productivity?csv=first&days=7&compare=no")
    assert [row[1] for row in rows[1:-1]] == [""] * 6
    counted = await table(ines, "/reports/productivity?csv=replies&days=7&compare=no")
    assert [row[1] for row in counted[1:]] == [*"000000", "1"]
