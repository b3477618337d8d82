"""The files of a message: every leaf that its text does not say, kept by its hash and named safely."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable, Iterator

from deskhand.kernel.pictures import picture_type, pixels
from deskhand.mail.analysing.bodies import Body
from deskhand.mail.analysing.model import File
from deskhand.mail.reading.letter import Leaf, Letter

SAFE_TO_SHOW = frozenset({"image/png", "image/gif", "image/jpeg", "image/webp", "application/pdf"})
PLAIN = "application/octet-stream"
TNEF = b"\x78\x9f\x3e\x22"


def kept(letter: Letter, body: Body, keep: Callable[[bytes], str]) -> list[File]:
    """Keep the attachments of a message, and the pictures of its text; each once."""
    leaves = enumerate(_leaves(letter, body), 1)
    return [file_of(leaf, number, body.pictures.get(leaf.place), keep) for number, leaf in leaves]


def _leaves(letter: Letter, body: Body) -> Iterator[Leaf]:
    attached = {each.place for each in letter.attachments}
    yield from letter.attachments
    for leaf in {each.place: each for each in (*letter.htmls, *letter.texts)}.values():
        if not leaf.type.startswith("text/") and leaf.place not in attached:
            yield leaf
    for content_id, content in body.embedded.items():
        yield Leaf(content_id, type_of(content, "image/png"), "inline", "", content_id, "", content)


def file_of(leaf: Leaf, number: int, content_id: str | None, keep: Callable[[bytes], str]) -> File:
    """A leaf as a file; ``number`` names one without a name."""
    mime_type = type_of(leaf.content, leaf.type)
    width, height = pixels(leaf.content)
    name = leaf.filename or f"{mime_type.partition('/')[0]}-{number}{_ending(mime_type)}"
    return File(name, mime_type, len(leaf.content), keep(leaf.content), width, height, content_id or leaf.content_id or None)


def type_of(content: bytes, declared: str) -> str:
    """What a file is: what may be shown in a page is decided by its bytes, never by the sender's word."""
    if content.startswith(TNEF):
        return "application/ms-tnef"
    found = "application/pdf" if content.startswith(b"%PDF-") else picture_type(content)
    if declared in SAFE_TO_SHOW or (found and declared.startswith("image/")):
        return found or PLAIN
    return declared


def _ending(mime_type: str) -> str:
    return ".eml" if mime_type == "message/rfc822" else mimetypes.guess_extension(mime_type) or ".bin"
