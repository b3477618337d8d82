"""A letter of ours as bytes (email rules 8.2 to 8.7): the same each time it is tried."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.utils import format_datetime

from msgspec import structs

from deskhand.kernel.html import pictures_in
from deskhand.mail.composing import headers
from deskhand.mail.composing.headers import POLICY, Unwritable
from deskhand.mail.marks import LOOP_HEADER
from deskhand.mail.model import OutFile, Outgoing, Party

_TYPE = re.compile(r"(?!multipart/|message/)[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*", re.IGNORECASE)
_CONTENT_ID = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~@-]{1,200}")


def compose(outgoing: Outgoing, files: Mapping[str, bytes], date: datetime, *, utf8: bool = False) -> bytes:
    """The message; ``files`` are the bytes of its files by blob, ``date`` is when it was written.

    Without ``utf8`` addresses that need SMTPUTF8 are left out of To and Cc: nobody of them gets it. Bcc is never written.
    Raises Unwritable when something in it would break a header.
    """
    letter = _body(outgoing, files)
    for name, value in _headers(outgoing, date, utf8=utf8):
        letter[name] = value
    letter["MIME-Version"] = "1.0"
    _set_boundaries(letter, outgoing.message_id)
    content = io.BytesIO()
    BytesGenerator(content, policy=POLICY, mangle_from_=False).flatten(letter)
    return content.getvalue()


def ascii_address(address: str) -> str:
    """An address with its domain as A-labels. Raises Unwritable for a domain that has none."""
    local, _, domain = address.rpartition("@")
    try:
        return f"{local}@{domain.encode('idna').decode()}" if not domain.isascii() else address
    except UnicodeError:
        raise Unwritable(f"the domain of {address!r} cannot be written") from None


def needs_utf8(address: str) -> bool:
    """Whether only servers that know SMTPUTF8 can take mail to an address: what stands before its ``@`` is not ASCII."""
    return not address.rpartition("@")[0].isascii()


def _headers(it: Outgoing, date: datetime, *, utf8: bool) -> list[tuple[str, str]]:
    def written(several: list[Party]) -> list[Party]:
        kept = [each for each in several if utf8 or not needs_utf8(each.address)]
        return [structs.replace(each, address=ascii_address(each.address)) for each in kept]

    if needs_utf8(it.sender.address) and not utf8:
        raise Unwritable(f"{it.sender.address!r} can only write to servers that know SMTPUTF8")
    made = [
        ("Date", format_datetime(date.astimezone(UTC))),
        ("From", headers.parties("From", written([it.sender]))),
        ("To", headers.parties("To", written(it.to))),
        ("Cc", headers.parties("Cc", written(it.cc))),
        ("Reply-To", headers.parties("Reply-To", written([it.reply_to])) if it.reply_to else ""),
        ("Subject", headers.words("Subject", it.subject)),
        ("Message-ID", headers.identifier("Message-ID", it.message_id)),
        ("In-Reply-To", headers.identifier("In-Reply-To", it.in_reply_to) if it.in_reply_to else ""),
        ("References", " ".join(headers.identifier("References", each) for each in it.references)),
    ]
    if it.is_automatic:
        made.append(("Auto-Submitted", "auto-replied" if it.in_reply_to else "auto-generated"))
        made.append(("X-Auto-Response-Suppress", "All"))
    if it.loop_mark:
        made.append((LOOP_HEADER, it.loop_mark))
    if it.unsubscribe_url:
        made.append(("List-Unsubscribe", f"<{it.unsubscribe_url}>"))
        made.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return [(name, value) for name, value in made if value or name == "Subject"]


def _body(it: Outgoing, files: Mapping[str, bytes]) -> EmailMessage:
    """mixed(alternative(text, related(html, pictures)), files), without the levels that nothing needs."""
    named = pictures_in(it.html)
    inline = [each for each in it.files if each.content_id in named]
    attached = [each for each in it.files if each.content_id not in named]
    body = _text("plain", it.text)
    if it.html:
        html = _text("html", it.html)
        if inline:
            html = _several("related", [html, *(_file(each, files) for each in inline)])
        body = _several("alternative", [body, html])
    return _several("mixed", [body, *(_file(each, files) for each in attached)]) if attached else body


def _text(subtype: str, content: str) -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = f"text/{subtype}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "quoted-printable"
    lines = "\n".join(content.encode("utf-8", "replace").decode().replace("\0", "").splitlines()) + "\n"
    part.set_payload(binascii.b2a_qp(lines.encode(), istext=True).decode())
    return part


def _file(it: OutFile, files: Mapping[str, bytes]) -> EmailMessage:
    part = EmailMessage(POLICY)
    part["Content-Type"] = it.mime_type if _TYPE.fullmatch(it.mime_type) else "application/octet-stream"
    part["Content-Transfer-Encoding"] = "base64"
    if it.content_id:
        if not _CONTENT_ID.fullmatch(it.content_id):
            raise Unwritable(f"{it.content_id!r} is no Content-ID")
        part["Content-ID"] = f"<{it.content_id}>"
    part["Content-Disposition"] = f"{'inline' if it.content_id else 'attachment'}; {headers.filename(it.filename)}"
    part.set_payload(base64.encodebytes(files[it.blob]).decode())
    return part


def _several(subtype: str, parts: list[EmailMessage]) -> EmailMessage:
    whole = EmailMessage(POLICY)
    whole["Content-Type"] = f"multipart/{subtype}"
    for each in parts:
        whole.attach(each)
    return whole


def _set_boundaries(letter: EmailMessage, message_id: str) -> None:
    """``=_`` stands in no quoted-printable and in no base64, so a boundary is never found in a part."""
    for number, part in enumerate(letter.walk()):
        if part.is_multipart():
            name = hashlib.sha256(f"{message_id}.{number}".encode()).hexdigest()[:32]
            part.replace_header("Content-Type", f'{part["Content-Type"]}; boundary="=_{name}"')
