"""Letters in words: a header and a text, read as they are when they come in."""

from __future__ import annotations

from deskhand.mail.reading.letter import Letter
from deskhand.mail.reading.reading import read


def raw(text: str = "Hello", **headers: str) -> bytes:
    """A message. Names are written with ``_`` for ``-``; From and To are there unless they are given."""
    named = {"From": "Mia Marsh <mia@marsh.example>", "To": "help@desk.example", "Subject": "A question"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ("".join(f"{name}: {value}\r\n" for name, value in named.items()) + "\r\n" + text).encode()


def letter(text: str = "Hello", **headers: str) -> Letter:
    return read(raw(text, **headers))


def status(*recipients: str, text: str = "It could not be delivered.", returned: str = "") -> bytes:
    """A delivery status notification with a block of fields for each recipient, and what came back."""
    parts = [
        f"Content-Type: text/plain\r\n\r\n{text}\r\n",
        "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        + "\r\n\r\n".join(recipients)
        + "\r\n",
    ]
    if returned:
        parts.append(f"Content-Type: message/rfc822\r\n\r\n{returned}\r\n")
    body = "".join(f"--b\r\n{each}" for each in parts) + "--b--\r\n"
    return raw(
        body,
        From="Mail Delivery System <mailer-daemon@mx.example>",
        Subject="Undelivered Mail",
        Content_Type="multipart/report; report-type=delivery-status; boundary=b",
    )
