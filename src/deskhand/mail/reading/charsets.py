"""From bytes to text: the charset that is declared, else UTF-8, else what it looks like, else Windows-1252.

Never raises, never leaves a surrogate.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

LEAST_TO_GUESS = 16  # bytes; of fewer a guess is worse than Windows-1252

ALIASES = {
    "ansi_x3.110-1983": "cp1252",
    "ascii": "cp1252",
    "big5-hkscs": "big5hkscs",
    "cn-gb": "gb18030",
    "cp-850": "cp850",
    "default": "cp1252",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-8859-1": "cp1252",
    "iso-8859-11": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "iso-8859-9": "cp1254",
    "iso8859-1": "cp1252",
    "ks_c_5601": "cp949",
    "ks_c_5601-1987": "cp949",
    "euc-kr": "cp949",
    "latin1": "cp1252",
    "shift-jis": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "tis-620": "cp874",
    "unicode-1-1-utf-7": "utf-7",
    "us-ascii": "cp1252",
    "utf8": "utf-8",
    "windows-31j": "cp932",
    "x-gbk": "gb18030",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-sjis": "cp932",
    "x-unknown": "",
}
"""Labels as browsers read them (WHATWG Encoding): what is sent under them, not what they once meant."""

PLAIN = "cp1252"
HOLES = "deskhand.latin-1"
SURROGATES = re.compile("[\ud800-\udfff]")
JAPANESE = "iso2022_jp_ext"
_SHIFT = re.compile(rb"\x1b(\$[@B]|\([BJI])")


def codec_of(label: str) -> str | None:
    """Python's name of a declared charset, or None for what is no charset of text."""
    name = label.strip().strip("\"'").lower()
    name = ALIASES.get(name, name)
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return found.name if getattr(found, "_is_text_encoding", True) else None


def decoded(content: bytes, declared: str = "") -> str:
    """Bytes as text. ``declared`` is a label from outside, or empty."""
    for name in (codec_of(declared) if declared else None, "utf-8"):
        if name == PLAIN and not content.isascii():
            # Most that is declared plain and is not ASCII is honest, some is UTF-8 that was relabelled on its way.
            name = "utf-8" if _is_utf8(content) else PLAIN
        if name is not None:
            try:
                return _without_holes(content.decode(name))
            except (UnicodeError, ValueError):
                if name == JAPANESE:
                    return _japanese(content)
    if len(content) >= LEAST_TO_GUESS:
        best = from_bytes(content[:65_536]).best()
        if best is not None:
            try:
                return _without_holes(content.decode(best.encoding))
            except (UnicodeError, ValueError):
                pass
    return _plain(content)


def _japanese(content: bytes) -> str:
    """ISO-2022-JP with the characters that Windows adds to it (as WHATWG has it), which Python's codecs refuse."""
    first, *rest = _SHIFT.split(content)
    found = [first.decode("ascii", "replace")]
    for shift, piece in zip(rest[::2], rest[1::2], strict=True):
        if shift.startswith(b"$"):
            piece = b"".join(_shift_jis(high, low) for high, low in zip(piece[::2], piece[1::2], strict=False))
        elif shift == b"(I":
            piece = bytes(each | 0x80 for each in piece)
        found.append(piece.decode("cp932", "replace"))
    return "".join(found)


def _shift_jis(high: int, low: int) -> bytes:
    """A character of JIS X 0208 as Shift JIS has it; a line end among them is one."""
    if not 0x21 <= high <= 0x7E or not 0x21 <= low <= 0x7E:
        return bytes(each for each in (high, low) if each in b"\r\n")
    first = (high - 0x21) // 2 + 0x81
    second = low + 0x7E if high % 2 == 0 else low + 0x1F + (low >= 0x60)
    return bytes((first + 0x40 if first > 0x9F else first, second))


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _plain(content: bytes) -> str:
    """Windows-1252, whose five unassigned bytes are read as Latin-1 has them."""
    return content.decode(PLAIN, HOLES)


def _as_latin_1(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error(HOLES, _as_latin_1)


def _without_holes(text: str) -> str:
    """Surrogates cannot be stored or sent: they become the replacement character."""
    return SURROGATES.sub("\ufffd", text)
