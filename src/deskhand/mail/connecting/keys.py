"""Keys that sign mail (DKIM, RFC 6376) are made here; ``composing.signing`` uses them."""

from __future__ import annotations

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 2048
EXPONENT = 65537


def new_key() -> str:
    """A fresh RSA key as PEM. Takes a tenth of a second: not for the event loop."""
    key = rsa.generate_private_key(public_exponent=EXPONENT, key_size=BITS)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
