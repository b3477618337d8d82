"""Header lines of ours (email rules 8.4): encoded and folded here and nowhere else, from a fixed list of names.

The stdlib's header classes are not asked: some of their versions let an encoded line end out again (CPython before 3.11.10),
and all of them encode a Message-ID that is longer than a line, which breaks conversations apart.
"""

from __future__ import annotations

import base64
import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.policy import EmailPolicy
from typing import Any

from deskhand.mail.marks import LOOP_HEADER
from deskhand.mail.model import Party
from deskhand.mail.reading.words import harmless, text

LINE = 76
LONGEST_LINE = 998
CHUNK_BYTES = 42  # of UTF-8 in an encoded word: 56 letters of base64, a word of 68
NAMES = frozenset(
    {
        "Auto-Submitted",
        "Cc",
        "Content-Disposition",
        "Content-ID",
        "Content-Transfer-Encoding",
        "Content-Type",
        "Date",
        "From",
        "In-Reply-To",
        "List-Unsubscribe",
        "List-Unsubscribe-Post",
        "MIME-Version",
        "Message-ID",
        "References",
        "Reply-To",
        "Subject",
        "To",
        "X-Auto-Response-Suppress",
        LOOP_HEADER,
    }
)
_BREAKS = re.compile("[\x00-\x08\x0a-\x1f\x7f\x85\u2028\u2029]|[\ud800-\udfff]")
_PLAIN = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*")
_ID = re.compile(r"[\x21-\x3b\x3d\x3f-\x7e]+@[\x21-\x3b\x3d\x3f-\x7e]+")
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_UNFIT_FOR_NAMES = re.compile(r'[@"<>\\]')
LONGEST_ID = 250
LONGEST_NAME = 200


class Unwritable(ValueError):
    """A value that no header may have; the message names the header."""


class LetterPolicy(EmailPolicy):
    """Headers as they are given, checked once more: nothing of the stdlib's own reading or folding."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        if name not in NAMES:
            raise Unwritable(f"{name!r} is no header of ours")
        checked(name, value)
        return name, value

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        return value

    def fold(self, name: str, value: Any) -> str:
        return folded(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return folded(name, value).encode()


POLICY = LetterPolicy(linesep="\r\n", cte_type="7bit")


def checked(name: str, value: str) -> str:
    """The value. Raises Unwritable for one with a line end, NUL or another control character, also behind an encoding."""
    if _BREAKS.search(value):
        raise Unwritable(f"{name} has a control character or a line end in it")
    if "=?" in value:
        try:
            pieces = [each if isinstance(each, bytes) else each.encode() for each, _ in decode_header(value)]
        except (HeaderParseError, ValueError):
            return value
        if any(each in piece for piece in pieces for each in (b"\r", b"\n", b"\0")):
            raise Unwritable(f"{name} hides a line end")
    return value


def one_line(value: str) -> str:
    """What people wrote as it may stand in a header: decoded where it was encoded, without control characters, on one line."""
    plain = value.encode("utf-8", "replace").decode()
    return re.sub("[\x85\u2028\u2029]+", " ", harmless(text(plain)) if "=?" in plain else harmless(plain)).strip()


def words(name: str, value: str) -> str:
    """Text for a header, in encoded words where it needs them (RFC 2047). Raises Unwritable."""
    checked(name, value)
    if not value or (_PLAIN.fullmatch(value) and "=?" not in value and max(map(len, value.split(" "))) <= LINE - len(name) - 2):
        return value
    return " ".join(f"=?utf-8?b?{base64.b64encode(chunk).decode()}?=" for chunk in _chunks(value))


def party(name: str, it: Party) -> str:
    """Somebody for a header: ``"Ona, of Help" <help@desk.example>``. Raises Unwritable.

    A display name has no ``@`` and no quotes, so that no client takes it for the address.
    """
    shown = re.sub(" +", " ", _UNFIT_FOR_NAMES.sub(" ", checked(name, it.name))).strip()[:LONGEST_NAME]
    address = checked(name, it.address)
    if not re.fullmatch(r"[^\s<>\"(),:;\\\[\]]+@[^\s<>\"(),:;\\\[\]@]+", address):
        raise Unwritable(f"{name} names {address!r}, which is no address")
    if not shown:
        return f"<{address}>"
    if _ATOMS.fullmatch(shown) and "=?" not in shown:
        return f"{words(name, shown)} <{address}>"
    return f'"{shown}" <{address}>' if _is_quotable(shown) else f"{words(name, shown)} <{address}>"


def parties(name: str, several: list[Party]) -> str:
    """Several of them."""
    return ", ".join(party(name, each) for each in several)


def identifier(name: str, message_id: str) -> str:
    """``<id>``. Raises Unwritable for what is none."""
    if not is_identifier(message_id):
        raise Unwritable(f"{name} has {message_id!r}, which is no Message-ID")
    return f"<{message_id}>"


def is_identifier(message_id: str) -> bool:
    """Whether an id may be written into a header as it is."""
    return len(message_id) <= LONGEST_ID and _ID.fullmatch(message_id) is not None


def filename(name: str) -> str:
    """The parameter of a file's name, in UTF-8 where that is needed (RFC 2231); not both, for readers take the wrong one."""
    checked("a file name", name)
    if re.fullmatch(r"[\x20-\x21\x23-\x5b\x5d-\x7e]+", name) and "=?" not in name:
        return f'filename="{name}"'
    safe = "".join(chr(byte) if chr(byte).isalnum() and byte < 128 else f"%{byte:02X}" for byte in name.encode())
    return f"filename*=utf-8''{safe}"


def folded(name: str, value: str) -> str:
    """A header's lines with their ends. Lines break at single spaces only, so unfolding gives the value back."""
    lines, line = [], f"{name}:"
    for each in value.split(" "):
        if len(line) + 1 + len(each) > LINE and line.strip() and line != f"{name}:":
            lines.append(line)
            line = ""
        line += f" {each}"
    lines.append(line)
    if any(len(each.encode()) > LONGEST_LINE for each in lines):
        raise Unwritable(f"{name} has a word that is too long")
    return "\r\n".join(lines) + "\r\n"


def _is_quotable(shown: str) -> bool:
    return _PLAIN.fullmatch(shown) is not None and "=?" not in shown and max(map(len, shown.split(" "))) < LINE // 2


def _chunks(value: str) -> list[bytes]:
    """UTF-8 in pieces that are cut between characters only."""
    chunks = [b""]
    for character in value:
        content = character.encode()
        if len(chunks[-1]) + len(content) > CHUNK_BYTES:
            chunks.append(b"")
        chunks[-1] += content
    return chunks
