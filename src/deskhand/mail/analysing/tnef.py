"""winmail.dat: what Outlook wraps attachments in (TNEF). Its parser may hang or raise, so it is asked apart from the rest."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable

from tnefparse import TNEF

from deskhand.mail.analysing.files import file_of
from deskhand.mail.analysing.model import File
from deskhand.mail.reading.charsets import decoded
from deskhand.mail.reading.letter import Leaf
from deskhand.mail.reading.tree import safe_name

MOST_FILES = 200


def unpacked(content: bytes, keep: Callable[[bytes], str]) -> list[File]:
    """The files in it, kept. Raises whatever the parser does."""
    found = TNEF(content, do_checksum=False).attachments[:MOST_FILES]
    leaves = [_leaf(each.long_filename(), bytes(each.data or b"")) for each in found]
    return [file_of(leaf, number, None, keep) for number, leaf in enumerate(leaves, 1) if leaf.content]


def _leaf(name: bytes | str | None, content: bytes) -> Leaf:
    shown = decoded(name.strip(b"\0")) if isinstance(name, bytes) else name or ""
    declared = mimetypes.guess_type(shown)[0] or "application/octet-stream"  # it says none itself
    return Leaf("", declared, "attachment", safe_name(shown), "", "", content)
