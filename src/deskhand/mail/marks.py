"""What we write into mail and believe when it comes back, because it carries our MAC: Message-IDs, reply tokens, envelope
senders, hidden references, loop headers. Email rules 4, 8.1; the MAC is HMAC-SHA-256, cut to 64 or 80 bits.
"""

from __future__ import annotations

import base64
import re
from binascii import Error

from msgspec import Struct

from deskhand.kernel.sealing import Seal

ID_BYTES = 8
TOKEN_BYTES = 10
_ID = re.compile(r"([tc])\.(\d{1,18})\.(?:([0-9a-f]{8})\.)?([0-9a-f]{16})@.+")
_TOKEN = re.compile(r"([bcu])\.(\d{1,18})(?:\.(\d{1,18}))?\.([a-z2-7]{16})")
LOOP_HEADER = "X-Deskhand-Loop"
HIDDEN = re.compile(r"deskhand-ref:(\d{1,18})\.([a-z2-7]{16})")


class OurId(Struct, frozen=True):
    """A Message-ID of ours: of a thread, or of other mail about a conversation."""

    thread_id: int | None
    conversation_id: int | None


class Token(Struct, frozen=True):
    """What stands behind the ``+`` of an address of ours.

    A customer's way to a conversation; with ``user_id`` an agent's; with ``delivery_id`` the way back of what could not be
    delivered.
    """

    conversation_id: int | None = None
    user_id: int | None = None
    delivery_id: int | None = None


class Marks:
    """Makes and recognises them, for one account."""

    def __init__(self, seal: Seal) -> None:
        self._seal = seal

    def thread_id(self, inbox_id: int, thread_id: int, domain: str) -> str:
        """The Message-ID of a thread, without ``<>``."""
        return self._id(inbox_id, f"t.{thread_id}", domain)

    def other_id(self, inbox_id: int, conversation_id: int, nonce: str, domain: str) -> str:
        """The Message-ID of other mail about a conversation (0 for none); ``nonce`` is 8 hex digits."""
        return self._id(inbox_id, f"c.{conversation_id}.{nonce}", domain)

    def read_id(self, inbox_id: int, message_id: str) -> OurId | None:
        """What an id of ours says, or None: foreign, forged, or of another inbox."""
        found = _ID.fullmatch(message_id)
        if found is None or (found[1] == "c") != (found[3] is not None):
            return None
        name = message_id[: found.start(4) - 1]
        if not self._seal.marked(f"{inbox_id}.{name}", "message-id", bytes.fromhex(found[4])):
            return None
        number = int(found[2])
        return OurId(number, None) if found[1] == "t" else OurId(None, number or None)

    def reply_token(self, inbox_id: int, conversation_id: int) -> str:
        """What makes mail to ``address+token`` part of a conversation."""
        return self._token(inbox_id, f"c.{conversation_id}")

    def user_token(self, inbox_id: int, user_id: int, conversation_id: int) -> str:
        """The same for an agent: proves which of them was written to."""
        return self._token(inbox_id, f"u.{user_id}.{conversation_id}")

    def envelope_token(self, inbox_id: int, delivery_id: int) -> str:
        """Where what happens to one delivery is reported to (VERP)."""
        return self._token(inbox_id, f"b.{delivery_id}")

    def read_token(self, inbox_id: int, token: str) -> Token | None:
        """What a token says, or None: foreign, forged, or of another inbox. Case does not count."""
        found = _TOKEN.fullmatch(token.lower())
        if found is None or (found[1] == "u") != (found[3] is not None):
            return None
        name = token.lower()[: found.start(4) - 1]
        if not self._seal.marked(f"{inbox_id}.{name}", "token", _unbase32(found[4])):
            return None
        number = int(found[2])
        match found[1]:
            case "c":
                return Token(conversation_id=number)
            case "u":
                return Token(conversation_id=int(found[3]), user_id=number)
            case _:
                return Token(delivery_id=number)

    def hidden(self, inbox_id: int, conversation_id: int) -> str:
        """What our HTML carries unseen, so that a quote of it is recognised."""
        mark = self._seal.mark(f"{inbox_id}.{conversation_id}", "hidden")[:TOKEN_BYTES]
        return f"deskhand-ref:{conversation_id}.{_base32(mark)}"

    def read_hidden(self, inbox_id: int, html: str) -> int | None:
        """The conversation of the first such reference that is ours, or None."""
        for found in HIDDEN.finditer(html):
            if self._seal.marked(f"{inbox_id}.{found[1]}", "hidden", _unbase32(found[2])):
                return int(found[1])
        return None

    def loop(self, inbox_id: int) -> str:
        """The value of our loop header: mail that an inbox wrote by itself."""
        return f"{inbox_id}.{_base32(self._seal.mark(str(inbox_id), 'loop')[:TOKEN_BYTES])}"

    def is_loop(self, value: str) -> int | None:
        """The inbox that wrote a message by itself, if our MAC says so."""
        inbox, _, mark = value.strip().partition(".")
        if not inbox.isascii() or not inbox.isdecimal() or not self._seal.marked(inbox, "loop", _unbase32(mark)):
            return None
        return int(inbox)

    def _id(self, inbox_id: int, name: str, domain: str) -> str:
        mark = self._seal.mark(f"{inbox_id}.{name}", "message-id")[:ID_BYTES]
        return f"{name}.{mark.hex()}@{domain}"

    def _token(self, inbox_id: int, name: str) -> str:
        return f"{name}.{_base32(self._seal.mark(f'{inbox_id}.{name}', 'token')[:TOKEN_BYTES])}"


def plus(address: str, token: str) -> str:
    """An address with something behind its ``+``."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def split_plus(address: str) -> tuple[str, str]:
    """An address in lower case without what stands behind its first ``+``, and that."""
    local, _, domain = address.lower().rpartition("@")
    plain, _, token = local.partition("+")
    return f"{plain}@{domain}", token


def _base32(content: bytes) -> str:
    return base64.b32encode(content).decode().lower()


def _unbase32(text: str) -> bytes:
    try:
        return base64.b32decode(text.upper())
    except (Error, ValueError):
        return b""
