"""How a body is written and signed (contract 40 §5)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import datetime

BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def as_php(body: bytes) -> bytes:
    """Compact JSON as the vendor's deliveries are written: ``/`` as ``\\/``, and nothing beyond ASCII."""
    text = body.decode().replace("/", "\\/")  # in JSON a slash stands in strings only
    if not text.isascii():
        text = BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return text.encode("ascii")


def signature(secret: str, body: bytes) -> str:
    """The vendor's: HMAC-SHA-1 over the bytes as they are sent, in base64."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha1).digest()).decode()


def dated_signature(secret: str, body: bytes, delivery: str, at: datetime) -> str:
    """Ours: ``t=1772358600,id=…,v1=…``. ``v1`` is HMAC-SHA-256 in hex over ``{t}.{id}.`` and the body; ``t`` is when this
    attempt was made, in seconds since 1970, so that a receiver can refuse what is old."""
    seconds = int(at.timestamp())
    signed = f"{seconds}.{delivery}.".encode() + body
    return f"t={seconds},id={delivery},v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}"
