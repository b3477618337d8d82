"""What mail of ours leads back to: the picture that tells when a reply is opened, files instead of attachments, and the way
out of notifications. Whoever has the link may follow it; each proves itself, and nothing else is known of who asks.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import Any

from litestar import Request, Router

from deskhand.conversations.queries import one
from deskhand.kernel.desk import Desk
from deskhand.kernel.errors import NotFound, Unavailable
from deskhand.kernel.http.answers import Answer, File, file
from deskhand.kernel.http.pages import Templates, spoken
from deskhand.kernel.http.routes import get, post, raw_body
from deskhand.kernel.log import Log
from deskhand.kernel.outbound.door import Failed
from deskhand.kernel.permissions import customer_actor, system_actor
from deskhand.kernel.pictures import picture_type, pixels
from deskhand.mail.operations import links, notices, opening
from deskhand.mail.queries.languages import words_for
from deskhand.users import queries as users

GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
FORM_BYTES = 4096
PICTURE_BYTES = 5 * 2**20
FOR_A_DAY = (b"cache-control", b"private, max-age=86400, immutable")
SANDBOXED = [(b"content-security-policy", b"default-src 'none'; sandbox"), (b"cross-origin-resource-policy", b"same-origin")]
NOBODY_ELSES = [(b"x-robots-tag", b"noindex, nofollow, noarchive"), (b"cache-control", b"no-store")]
PAGES = Templates(Path(__file__).parent / "templates")

log = Log(__name__)


@get("/open/{name:str}", summary="The picture of a reply", public=True, documented=False)
async def picture(name: str, desk: Desk) -> Answer:
    """A picture of nothing, whatever was asked for; the first time a reply's is fetched is when it was opened."""
    found = links.read_picture(desk.settings, name.removesuffix(".gif"))
    if found is not None:
        try:
            async with desk.writing(customer_actor()) as tx:
                await opening.opened(tx, *found)
        except NotFound:
            pass
        except Unavailable as error:
            log.warning("an opening was not noted", reason=str(error))
    return Answer(200, GIF, b"image/gif", NOBODY_ELSES)


@get("/files/{token:str}", summary="Fetch a file of a reply", public=True, files=True, documented=False)
async def fetch(token: str, desk: Desk) -> Answer:
    """The bytes of a file that was sent as a link, until it ends."""
    found = links.read_file(desk.settings, token, desk.clock.now())
    if found is None:
        raise NotFound("Not found")
    conversation_id, attachment_id = found
    async with desk.reading(system_actor()) as view:
        it = await view.one(one.ATTACHMENT, conversation_id=conversation_id, attachment_id=attachment_id)
        if it.state != "valid":
            raise NotFound("Not found")
        await one.get(view, conversation_id)  # a deleted conversation shows nothing any more
    answer = file(File(await desk.blobs.get(it.blob), it.mime_type, it.filename))
    answer.headers = [*answer.headers, *NOBODY_ELSES]
    return answer


@get("/remote/{token:str}", summary="A picture from elsewhere", public=True, documented=False)
async def remote(token: str, desk: Desk) -> Answer:
    """A picture of a letter, fetched for the reader: no cookies, no word of who reads, nothing but a picture, 5 MB and 10 s at
    most. What only counts readers is not shown."""
    url = links.read_remote(desk.settings, token)
    if url is None:
        raise NotFound("Not found")
    try:
        found = await desk.outbound.send("GET", url, headers={"Accept": "image/*"}, redirects=3, most_bytes=PICTURE_BYTES)
    except Failed as error:
        log.info("a remote picture was not fetched", reason=str(error))
        raise NotFound("Not found") from None
    type_ = picture_type(found.body)
    if found.status != 200 or found.is_cut or type_ is None or pixels(found.body) == (1, 1):
        raise NotFound("Not found")
    # The frame that letters stand in is of no origin, so not of the same: who has the address may see it.
    open_to_frames = (b"cross-origin-resource-policy", b"cross-origin")
    return Answer(200, found.body, type_.encode(), [NOBODY_ELSES[0], FOR_A_DAY, SANDBOXED[0], open_to_frames])


@get("/unsubscribe/{token:str}", summary="End notifications?", public=True, documented=False)
async def ask(token: str, desk: Desk) -> Answer:
    """A button, so that programs which look through mail end nothing."""
    user_id = links.read_unsubscribe(desk.settings, token)
    if user_id is None:
        raise NotFound("Not found")
    return await _unsubscribing(desk, user_id, is_done=False)


@post("/unsubscribe/{token:str}", summary="End notifications", public=True, documented=False)
async def unsubscribe(token: str, desk: Desk, request: Request[Any, Any, Any]) -> Answer:
    """The button, or a mail program's one click (RFC 8058)."""
    await raw_body(request, FORM_BYTES)
    user_id = links.read_unsubscribe(desk.settings, token)
    if user_id is None:
        raise NotFound("Not found")
    async with desk.writing(customer_actor()) as tx:
        await notices.unsubscribe(tx, user_id)
    return await _unsubscribing(desk, user_id, is_done=True)


async def _unsubscribing(desk: Desk, user_id: int, *, is_done: bool) -> Answer:
    async with desk.reading(customer_actor()) as view:
        words, account = await words_for(view, await users.find(view, user_id)), await users.account(view)
    return _private(PAGES.page("unsubscribe.html", is_done=is_done, **spoken(words, account.name)))


def _private(page: Answer) -> Answer:
    page.headers = [*page.headers, NOBODY_ELSES[0]]
    return page


ROUTERS = [Router("/mail", route_handlers=[picture, fetch, remote, ask, unsubscribe])]
