"""Keys that sign mail (DKIM, RFC 6376): made here, and the record that tells the world of them."""

from __future__ import annotations

import base64

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


def txt_record(secret: str) -> str:
    """What a key's TXT record at ``selector._domainkey.domain`` says."""
    key = serialization.load_pem_private_key(secret.encode(), None)
    public = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"
