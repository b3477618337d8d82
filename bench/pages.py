"""What pages cost at a large desk: the server's time for each kind, what the first one weighs, the next conversation by ``j``.

Times are the wall's, one request after the other, beside a floor: the page of keys, which reads only its frame. The weight is
what a browser with an empty cache is sent, compressed.
"""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import statistics
import time
from html import unescape
from itertools import cycle, islice
from urllib.parse import urlencode

import httpx
from playwright.async_api import Page, async_playwright

from bench import servers
from bench.servers import Account, Running
from tests.browser.conftest import FLAGS, PROGRAMS

TIMES = 100
STEPS = 20
WANTED = {"folder": 25, "conversation": 25, "search": 60}
QUERIES = [
    "hopper",
    "the",
    "parcel",
    "late parcel",
    "refund status:active",
    "tag:damaged",
    "subject:grinder",
    "customerName:hanna",
    "ref*",
    '"cracked hopper"',
    "createdAt:[NOW-30DAY TO *]",
    "assigned:Unassigned parcel",
]
IMPORTS = re.compile(r'^import .* from "(?:/static|\.)(/[a-z-]+\.js)";', re.MULTILINE)
ASSETS = re.compile(r'(?:src|href)="(/static/[^"#]+)')
PRESSED = """() => {
  addEventListener("keydown", (event) => { window.pressed = event.timeStamp; }, { once: true, capture: true });
  const before = location.href;
  window.painted = new Promise((done) => {
    const look = () => location.href !== before && document.querySelector(".conv-subject")
      ? setTimeout(() => done(performance.now() - window.pressed)) // behind the paint of the frame that begins here
      : requestAnimationFrame(look);
    requestAnimationFrame(look);
  });
}"""
SPRITE = "/static/icons/sprite.svg"


def pages(it: Account) -> None:
    """Prints a line for each kind of page, then the weight, then the key."""
    told = json.loads((it.data / "demo.json").read_text())["users"][0]
    with servers.product(it) as server:
        home = f"http://127.0.0.1:{server.port}"
        with httpx.Client(base_url=home, headers={"Origin": home}, follow_redirects=True, timeout=60) as client:
            client.post("/signin", data={"email": told["email"], "password": told["password"], "next": "/"})
            first = client.get("/").text
            assert 'class="rows"' in first, "could not sign in"
            _server(client, first)
            print(f"first page: {_weight(client, first) / 1000:.0f} KB with all it loads, compressed (wanted at most 120)")
            folder = _full(client, first)
        asyncio.run(_key(server, told, folder))


def _server(client: httpx.Client, first: str) -> None:
    folders = _links(first, r'href="(/inboxes/\d+/folders/\d+)"')
    listed = [each for folder in folders for each in _links(client.get(folder).text, r'row-link" href="([^"]+)"')]
    kinds = {
        "keys": ["/keys"],
        "folder": folders,
        "conversation": listed[:50],
        "search": ["/search?" + urlencode({"q": each}) for each in QUERIES],
    }
    for kind, addresses in kinds.items():
        taken = sorted(_milliseconds(client, each) for each in islice(cycle(addresses), TIMES))
        wanted = f" (wanted at most {WANTED[kind]})" if kind in WANTED else ", the floor: a page that reads only its frame"
        print(f"{kind:<13} median {statistics.median(taken):6.1f} ms, p95 {taken[TIMES * 95 // 100 - 1]:6.1f} ms{wanted}")


def _full(client: httpx.Client, first: str) -> str:
    """A folder with a whole page of conversations."""
    folders = _links(first, r'href="(/inboxes/\d+/folders/\d+)"')
    return next(each for each in folders if len(_links(client.get(each).text, r'row-link" href="([^"]+)"')) > STEPS)


def _milliseconds(client: httpx.Client, address: str) -> float:
    began = time.perf_counter()
    client.get(address).raise_for_status()
    return (time.perf_counter() - began) * 1000


def _links(page: str, pattern: str) -> list[str]:
    return list(dict.fromkeys(unescape(each) for each in re.findall(pattern, page.replace("&#x2f;", "/"))))


def _weight(client: httpx.Client, first: str) -> int:
    """Bytes over the wire of the page, its scripts and what they import, styles, pictures and the font it asks for first."""
    total, loaded = 0, ["/", *_links(first, ASSETS.pattern), SPRITE]
    for each in loaded:
        answer = client.get(each)
        total += answer.num_bytes_downloaded
        if each.endswith(".js"):
            loaded += [name for found in IMPORTS.findall(answer.text) if (name := f"/static{found}") not in loaded]
    return total


async def _key(server: Running, told: dict[str, str], folder: str) -> None:
    """From the key until the next conversation of a folder is painted."""
    async with async_playwright() as playwright:
        program = next(found for each in PROGRAMS if (found := shutil.which(each)))
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        page = await browser.new_page()
        await page.goto(f"http://127.0.0.1:{server.port}/")
        await page.fill("#email", told["email"])
        await page.fill("#password", told["password"])
        await page.press("#password", "Enter")
        await page.goto(f"http://127.0.0.1:{server.port}{folder}")
        await page.locator(".row-link").first.click()
        await page.wait_for_selector(".conv-subject")
        taken = sorted([await _next(page) for _ in range(STEPS)])
        await browser.close()
    print(f"next by j     median {statistics.median(taken):6.1f} ms, worst {taken[-1]:6.1f} ms to paint (wanted at most 100)")


async def _next(page: Page) -> float:
    """Milliseconds from ``j`` to the frame that shows another conversation, by the browser's clock."""
    await page.wait_for_timeout(400)
    await page.evaluate(PRESSED)
    await page.keyboard.press("j")
    return float(await page.evaluate("painted"))
