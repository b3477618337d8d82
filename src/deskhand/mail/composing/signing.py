"""DKIM signatures (RFC 6376, and 8463 for Ed25519): relaxed for headers and body, for relays fold and trim."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

SIGNED = (
    "from",
    "to",
    "cc",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "in-reply-to",
    "references",
    "mime-version",
    "content-type",
    "content-transfer-encoding",
    "auto-submitted",
    "list-unsubscribe",
    "list-unsubscribe-post",
)
NEVER_TWICE = ("from", "to", "cc", "subject", "date")
"""Signed once more than they are there: who adds another one breaks the signature."""


class NoKey(ValueError):
    """A key that nothing can be signed with."""


def signed(message: bytes, pem: str, domain: str, selector: str, at: datetime) -> bytes:
    """A message of ours with a signature on top. ``at`` (UTC) is when it was written. Raises NoKey."""
    key = _key(pem)
    head, _, body = message.partition(b"\r\n\r\n")
    fields = _fields(head + b"\r\n")
    names = [name for name, _ in fields if name in SIGNED]
    names += [name for name in NEVER_TWICE if name in names]
    tags = {
        "v": "1",
        "a": "rsa-sha256" if isinstance(key, RSAPrivateKey) else "ed25519-sha256",
        "c": "relaxed/relaxed",
        "d": domain,
        "s": selector,
        "t": str(int(at.timestamp())),
        "h": ":".join(names),
        "bh": base64.b64encode(hashlib.sha256(_relaxed_body(body)).digest()).decode(),
    }
    header = "".join(f"{name}={value};\r\n " for name, value in tags.items()) + "b="
    found = dict(reversed(fields))
    seen: set[str] = set()
    covered = b""
    for name in names:
        covered += b"" if name in seen else found[name] + b"\r\n"
        seen.add(name)
    covered += _relaxed(f"DKIM-Signature: {header}".encode())[1]
    mark = base64.b64encode(_sign(key, covered)).decode()
    folded = "\r\n ".join(mark[at : at + 72] for at in range(0, len(mark), 72))
    return f"DKIM-Signature: {header}{folded}\r\n".encode() + message


def record(pem: str) -> str:
    """The text of the DNS record that goes with a key. Raises NoKey."""
    key = _key(pem)
    if isinstance(key, RSAPrivateKey):
        kind, public = "rsa", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    else:
        kind, public = "ed25519", key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f"v=DKIM1; k={kind}; p={base64.b64encode(public).decode()}"


def _key(pem: str) -> RSAPrivateKey | Ed25519PrivateKey:
    try:
        key = load_pem_private_key(pem.encode(), None)
    except (TypeError, ValueError):
        raise NoKey("it is no private key in PEM") from None
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise NoKey("it is neither an RSA nor an Ed25519 key")
    return key


def _sign(key: RSAPrivateKey | Ed25519PrivateKey, covered: bytes) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(covered, PKCS1v15(), SHA256())
    return key.sign(hashlib.sha256(covered).digest())


def _fields(head: bytes) -> list[tuple[str, bytes]]:
    lines = re.split(rb"\r\n(?![ \t])", head)
    return [_relaxed(each) for each in lines if each]


def _relaxed(line: bytes) -> tuple[str, bytes]:
    """A header's name in lower case, and the line as it is signed."""
    name, _, value = line.partition(b":")
    key = name.strip().lower()
    return key.decode(), key + b":" + re.sub(rb"[ \t]+", b" ", value.replace(b"\r\n", b"")).strip()


def _relaxed_body(body: bytes) -> bytes:
    lines = [re.sub(rb"[ \t]+", b" ", each).rstrip(b" ") for each in body.split(b"\r\n")]
    while lines and not lines[-1]:
        lines.pop()
    return b"".join(each + b"\r\n" for each in lines)
