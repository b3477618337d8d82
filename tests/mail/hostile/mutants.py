"""Messages as nobody writes them: those of the corpus, damaged in every way that a line, a server or an attacker knows."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

CORPUS = Path(__file__).parents[4] / "shared" / "mail-corpus"
LARGEST = 200_000  # bytes of a message that is mutated
PIECES = (
    *(b"\r\n", b"\n\n", b"\0", b"=?utf-8?b?", b"?=", b"--", b"--b--", b'boundary="', b"\xff\xfe", b"\xed\xa0\x80"),
    *(b"Content-Type: ", b"Content-Transfer-Encoding: base64\n", b"charset=utf-7", b"charset=\xff", b"begin 644 x\n"),
    *(b"<", b">", b"<a@b>", b"\x1b$B", b"(", b"multipart/mixed", b"message/rfc822", b"text/html", b"\xe2\x80\xae"),
    *(b"filename*0*=utf-8''", b"From: x@y.test\n", b"=\n", b"=00"),
)


def sources() -> list[bytes]:
    """The messages of the corpus that are not huge."""
    with (CORPUS / "cases.jsonl").open(encoding="utf-8") as lines:
        paths = [CORPUS / json.loads(line)["message"] for line in lines]
    return [each.read_bytes() for each in paths if each.stat().st_size <= LARGEST]


def mutants(seed: int, count: int) -> Iterator[bytes]:
    """So many, the same for the same seed."""
    luck = random.Random(seed)
    known = sources()
    for _ in range(count):
        raw = bytearray(luck.choice(known))
        for _ in range(luck.choice((1, 1, 2, 3, 8))):
            _damage(raw, luck, known)
        if b"\nfrom:" not in b"\n" + raw[:5000].lower() and luck.random() < 0.9:
            raw[:0] = b"From: Mia Kern <mia@mail.test>\n"  # many of the corpus are only a text
        yield bytes(raw)


def _damage(raw: bytearray, luck: random.Random, known: list[bytes]) -> None:
    at = luck.randrange(len(raw) + 1)
    if luck.random() < 0.5:
        at = min(at, luck.randrange(4000))  # headers are where it hurts
    end = min(len(raw), at + luck.choice((1, 2, 10, 100, 2000)))
    match luck.randrange(9):
        case 0:
            raw[at:end] = b""
        case 1:
            raw[at:at] = luck.choice(PIECES)
        case 2:
            raw[at:end] = luck.randbytes(end - at)
        case 3:
            raw[at:at] = raw[at:end] * luck.choice((1, 2, 50))
        case 4:
            del raw[at:]
        case 5:
            other = luck.choice(known)
            raw[at:] = other[min(at, len(other)) :]
        case 6:
            raw[:] = raw.replace(b"\n", luck.choice((b"\r\n", b"\r", b"")), luck.choice((1, 10, -1)))
        case 7:
            raw[at:end] = bytes(each ^ 0x80 for each in raw[at:end])
        case _:
            raw[:] = raw.swapcase()
