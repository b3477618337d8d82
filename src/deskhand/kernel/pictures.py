"""What kind of picture bytes are, and how large it is, by their beginning alone; and the picture without the rest of its file.

Nothing is ever unpacked here: a picture that is a bomb harms no server.
"""

from __future__ import annotations

import struct
import zlib

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xff\xd8\xff", "image/jpeg"),
)
SHOWN_CHUNKS = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"pHYs"})
TOLD_SEGMENTS = frozenset({0xFE, *range(0xE1, 0xF0)}) - {0xEE}
"""Comments, and what applications tell; but for 0xEE, which says how colours are coded."""


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


def bare(content: bytes) -> bytes | None:
    """A PNG or JPEG without anything but the picture: no place where it was taken, no words, nothing behind its end.

    None for what is no whole one. What is left is as it was, pixel for pixel; how a camera was held is told no more.
    """
    try:
        if content[:8] == SIGNATURES[0][0]:
            return _bare_png(content)
        return _bare_jpeg(content) if content[:3] == b"\xff\xd8\xff" else None
    except (IndexError, struct.error):
        return None


def _bare_png(content: bytes) -> bytes | None:
    """Its chunks, each with the sum that stands behind it (PNG, 5.3)."""
    kept, position, kind = [content[:8]], 8, b""
    while kind != b"IEND":
        (length,) = struct.unpack_from(">I", content, position)
        end = position + 12 + length
        kind = content[position + 4 : position + 8]
        (told,) = struct.unpack_from(">I", content, end - 4)
        if zlib.crc32(content[position + 4 : end - 4]) != told or (position == 8) != (kind == b"IHDR"):
            return None
        if kind in SHOWN_CHUNKS:
            kept.append(content[position:end])
        position = end
    return b"".join(kept)


def _bare_jpeg(content: bytes) -> bytes | None:
    """Its segments, and behind each start of scan what is coded, up to the next marker (ITU-T T.81, B.1)."""
    kept, position, has_frame = [content[:2]], 2, False
    while True:
        if content[position] != 0xFF:
            return None
        marker = content[position + 1]
        if marker == 0xD9:
            return b"".join([*kept, content[position : position + 2]]) if has_frame else None
        if marker == 0xFF:  # marks may be filled up
            position += 1
            continue
        (length,) = struct.unpack_from(">H", content, position + 2)
        end = position + 2 + length
        if length < 2 or end > len(content):
            return None
        if marker == 0xDA:
            while content[end] != 0xFF or content[end + 1] == 0 or 0xD0 <= content[end + 1] <= 0xD7:
                end += 1
        if marker not in TOLD_SEGMENTS:
            kept.append(content[position:end])
        has_frame |= marker == 0xDA
        position = end
