"""What the editor asks and says while somebody types."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from deskhand.conversations.model import ThreadType, Writing
from deskhand.conversations.queries import one
from deskhand.conversations.queries import writings as queries
from deskhand.conversations.queries.writings import Place
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import Role
from tests.given import Given
from tests.ui.conftest import Browser, Browsing
from tests.ui.reading import leads_to

PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
SCRIPT = {"Accept": "application/json"}


async def drafts(browser: Browser, base: str) -> dict[str, Any]:
    answer = await browser.get(f"{base}/writing", headers=SCRIPT)
    assert answer.status_code == 200, answer.text
    return {each["kind"]: each for each in answer.json()}


async def keep(browser: Browser, base: str, **fields: str) -> Any:
    answer = await browser.post(f"{base}/writing", data=fields, headers=SCRIPT)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_draft_grows_and_two_tabs_are_told_of_each_other(given: Given, ines: Browser) -> None:
    base = f"/conversation/{await given.conversation(customer=await given.customer('hanna@mail.test'))}"
    before = (await drafts(ines, base))["reply"]
    assert (before["version"], before["to"], before["html"]) == (None, ["hanna@mail.test"], "")
    one_tab = await keep(ines, base, kind="reply", html="<p>A</p>", to="hann", version="")
    more = await keep(ines, base, kind="reply", html="<p>AB</p>", to="hann", version=str(one_tab["version"]))
    other = await keep(ines, base, kind="reply", html="<p>Other</p>", version=str(one_tab["version"]))
    assert (other["current"]["html"], other["current"]["version"], other["current"]["to"]) == (
        "<p>AB</p>",
        more["version"],
        ["hann"],
    )
    assert (await drafts(ines, base))["reply"]["html"] == "<p>AB</p>"
    stale = {"kind": "reply", "version": str(one_tab["version"])}
    answer = await ines.post(f"{base}/writing/drop", data=stale, headers=SCRIPT)
    assert answer.json()["current"]["html"] == "<p>AB</p>"
    answer = await ines.post(f"{base}/writing/drop", data={"kind": "reply", "version": str(more["version"])}, headers=SCRIPT)
    assert answer.json() == {"version": None}
    assert (await keep(ines, base, kind="reply", html="<p>C</p>", version=str(more["version"])))["current"]["version"] is None


async def test_what_is_kept_is_clean_and_has_its_variables_still(given: Given, ines: Browser) -> None:
    base = f"/conversation/{await given.conversation()}"
    html = '<p onclick="x">{%customer.firstName%}</p><script>x</script><img src="https://spy.test/a.png" onerror="x">'
    await keep(ines, base, kind="note", html=html, version="")
    kept = (await drafts(ines, base))["note"]["html"]
    assert "{%customer.firstName%}" in kept
    assert "script" not in kept
    assert "onclick" not in kept
    assert "onerror" not in kept


@pytest.mark.parametrize("begins", [False, True], ids=["an answer", "a new conversation"])
async def test_a_picture_in_the_text_goes_along_in_its_place(given: Given, ines: Browser, begins: bool) -> None:
    it = await given.conversation()
    base = f"/inboxes/{given.inbox}" if begins else f"/conversation/{it}"
    kind = "conversation" if begins else "reply"
    begun = await keep(ines, base, kind=kind, html="<p>See</p>", version="")
    files = {"file": ("shot.png", PNG, "image/png")}
    (sent,) = (await ines.post(f"{base}/writing/files", data={"kind": kind}, files=files, headers=SCRIPT)).json()
    assert (await ines.get(sent["href"])).content == PNG
    html = f'<p>See <img src="{sent["href"]}" alt=""></p>'
    await keep(ines, base, kind=kind, html=html, version=str(begun["version"]))
    draft = (await drafts(ines, base))[kind]
    assert sent["href"] in draft["html"]
    place = Place(Writing(kind), inbox_id=given.inbox) if begins else Place(Writing.REPLY, conversation_id=it)
    async with given.read(given.owner) as view:
        kept = await queries.get(view, place)
    assert f'src="cid:{sent["id"]}.writing@deskhand"' in kept.body

    form = {"kind": kind, "html": html, f"version_{kind}": str(draft["version"]), "to": "a@x.test", "subject": "S"}
    form["sure"] = "left-out:" + (await now_email(given, it))
    answer = await ines.post(f"{base}/{'begin' if begins else 'answer'}", data=form)
    conversation_id = int(leads_to(answer).split("/")[2])
    async with given.read() as view:
        said = (await view.all(one.THREADS, conversation_id=conversation_id))[0]
        (file,) = (await one.attachments_of(view, [said]))[said.id]
    assert said.type is ThreadType.MESSAGE
    assert f"cid:{file.content_id}" in (said.body or "")


async def now_email(given: Given, conversation_id: int) -> str:
    async with given.read() as view:
        return (await one.get(view, conversation_id)).customer_email or ""


async def test_files_are_taken_away_and_shown_to_their_writer_alone(given: Given, ines: Browser, browsing: Browsing) -> None:
    base = f"/conversation/{await given.conversation()}"
    await keep(ines, base, kind="reply", html="<p>See</p>", version="")
    files = {"file": ("a.txt", b"a", "text/plain")}
    (sent,) = (await ines.post(f"{base}/writing/files", data={"kind": "reply"}, files=files, headers=SCRIPT)).json()
    other = await browsing(await given.user("Ada", role=Role.ADMINISTRATOR))
    assert (await other.get(sent["href"])).status_code == 404
    assert (await ines.get(sent["href"])).headers["content-disposition"].startswith("attachment")
    form = {"kind": "reply", "file": str(sent["id"])}
    assert (await other.post(f"{base}/writing/detach", data=form, headers=SCRIPT)).status_code == 404
    assert (await ines.post(f"{base}/writing/detach", data=form, headers=SCRIPT)).status_code == 200
    assert (await ines.get(sent["href"])).status_code == 404
    refused = await ines.post(f"{base}/writing/files", data={"kind": "note"}, files=files, headers=SCRIPT)
    assert (refused.status_code, refused.json()["message"]) == (404, "Not found")


async def test_recipients_people_and_saved_replies_are_completed(given: Given, ines: Browser) -> None:
    lists = f"/inboxes/{given.inbox}/writing"
    it = await given.conversation(customer=await given.customer("hanna@mail.test", "Hanna", "Lindqvist"))
    ona = await given.user("Ona", "Bell")
    await given.user("Onno", "Elsewhere")
    await given.grant(given.inbox, ona)
    async with given.write() as tx:
        text = "<p>Hi {%customer.firstName%} & {%x.y%}</p>"
        await inboxes.create_saved_reply(tx, given.inbox, "Late parcel", text="<p>warranty</p>", chat_text=None)
        second = await inboxes.create_saved_reply(tx, given.inbox, "Warranty", text=text, chat_text=None)

    async def asked(what: str, q: str) -> list[dict[str, Any]]:
        answer = await ines.get(f"{lists}/{what}", params={"q": q}, headers=SCRIPT)
        found: list[dict[str, Any]] = answer.json()
        return found

    assert await asked("recipients", "han") == [{"value": "hanna@mail.test", "name": "Hanna Lindqvist"}]
    assert [each["name"] for each in await asked("recipients", "ona")] == ["Ona Bell"]
    assert [each["value"] for each in await asked("people", "on")] == ["ona"]
    assert [each["name"] for each in await asked("replies", "warr")] == ["Warranty", "Late parcel"]
    assert len(await asked("replies", "")) == 2
    found = (await ines.get(f"{lists}/replies/{second}", params={"conversation": it}, headers=SCRIPT)).json()
    assert '<span class="variable">Hanna</span>' in found["html"]
    assert '<span class="variable variable-open">{%x.y%}</span>' in found["html"]


async def test_who_may_not_write_is_told_nothing(given: Given, browsing: Browsing) -> None:
    light = await given.user(role=Role.LIGHT_USER)
    await given.grant(given.inbox, light)
    browser = await browsing(light)
    it = await given.conversation()
    for path in (f"/conversation/{it}/writing", f"/inboxes/{given.inbox}/writing/recipients?q=ha", "/conversation/new"):
        assert (await browser.get(path, headers=SCRIPT)).status_code == 403, path
