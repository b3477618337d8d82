"""What an entry of a conversation shows of itself."""

from __future__ import annotations

from html import unescape

import pytest

from deskhand.conversations.operations import attachments
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.queries import one
from tests.given import Given
from tests.ui.conftest import Browser


@pytest.mark.parametrize(
    ("mime_type", "size", "width", "is_shown"),
    [
        ("image/png", 5, 1, True),
        ("image/webp", 5, 0, True),
        ("image/svg+xml", 5, 1, False),
        ("text/html", 5, 1, False),
        ("image/jpeg", 6 * 1024 * 1024, 1, False),
        ("image/gif", 5, 60_000, False),
    ],
)
async def test_a_file_is_shown_if_it_is_a_picture_and_not_too_large(
    given: Given, ines: Browser, mime_type: str, size: int, width: int, is_shown: bool
) -> None:
    it = await given.conversation()
    blob = await given.desk.blobs.put(b"photo")
    async with given.write() as tx:
        thread_id = (await tx.all(one.THREADS, conversation_id=it))[0].id
        await attachments.attach(tx, it, thread_id, NewFile("photo.png", mime_type, size, width, width, blob))

    page = unescape((await ines.get(f"/conversation/{it}/1")).text)
    assert "/photo.png" in page
    assert ('/photo.png" alt="" loading="lazy"' in page) is is_shown
