"""What tests read on a page, as somebody would who looks at it."""

from __future__ import annotations

import re
from html import unescape

import httpx

from tests.ui.conftest import Browser


def leads_to(answer: httpx.Response) -> str:
    """Where an act leads, without the name of what is told there."""
    return re.sub(r"[?&]told=[\w-]{8}$", "", answer.headers["location"])


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\w+)"', page)
    assert found
    return found[1]


async def undone(browser: Browser, page: str) -> str:
    """The page that the undo in the toast leads to."""
    toast = re.search(
        r'<form class="push" method="post" action="([^"]*)">((?:<input type="hidden"[^>]*>)*)<button[^>]*z">', page
    )
    assert toast
    fields = dict(re.findall(r'name="([^"]*)" value="([^"]*)"', unescape(toast[2])))
    return (await browser.post(unescape(toast[1]), data=fields, follow_redirects=True)).text


def told_next_to(page: str, field: str) -> str:
    found = re.search(rf'id="{re.escape(field)}-wrong">.*?</svg> (.*?)</p>', page)
    return found[1] if found else ""
