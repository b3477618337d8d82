"""A picture without the rest of its file: where it was taken, what was written about it, and what hides behind its end."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from deskhand.kernel.pictures import bare, pixels

JPEG = base64.b64decode(
    "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////"
    "wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA="
)
EXIF = b"\xff\xe1\x00\x12Exif\0\0GPS: home."
SAID = b"\xff\xfe\x00\x0aa secret"


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int = 64, height: int = 64, more: bytes = b"") -> bytes:
    rows = zlib.compress((b"\0" + b"\x80" * width) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + more + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(more: bytes = b"") -> bytes:
    return JPEG[:20] + more + JPEG[20:] + b"\xff\xd9"


def test_a_picture_stays_and_what_tells_more_goes() -> None:
    plain = png()
    assert bare(plain) == plain
    assert bare(png(more=chunk(b"tEXt", b"Comment\0home")) + b"<script>") == plain
    assert bare(jpeg(EXIF + SAID) + b"PK\x03\x04") == jpeg()
    assert pixels(plain) == (64, 64)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\0" * 20,
        b"<svg/>",
        b"\x89PNG\r\n\x1a\n",
        png()[:-4],
        png().replace(b"IDAT", b"IDAX"),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IEND", b""),
        b"\xff\xd8\xff",
        b"\xff\xd8\xff\xd9",
        jpeg()[:-2],
        b"\xff\xd8\xff\xe0\xff\xff",
        b"\xff\xd8\xff\xe0\x00\x00",
    ],
)
def test_what_is_no_whole_picture_is_none(content: bytes) -> None:
    assert bare(content) is None
