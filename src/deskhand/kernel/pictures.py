"""What kind of picture bytes are, and how large it is, by their beginning alone."""

from __future__ import annotations

import struct

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
)


def picture_type(content: bytes) -> str | None:
    """The type of a picture that any browser shows and nothing hides in; None for anything else, SVG among it."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((type_ for signature, type_ in SIGNATURES if content.startswith(signature)), None)


def pixels(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG by its header; (0, 0) for anything else. Nothing is unpacked."""
    if content[:8] == b"\x89PNG\r\n\x1a\n" and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return (width, height) if max(width, height) < 2**31 else (0, 0)
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content[:2] == b"\xff\xd8":
        return _jpeg_pixels(content)
    return 0, 0


def _jpeg_pixels(content: bytes) -> tuple[int, int]:
    """The frame header of a JPEG, found by stepping over segments (ITU-T T.81, B.1.1.3)."""
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], int.from_bytes(content[position + 2 : position + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + max(length, 2)
    return 0, 0
