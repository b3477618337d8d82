"""Files that hang on letters: a handful of small ones, made once, byte for byte the same everywhere.

The PNG is written with stored blocks, since compressors differ from one zlib to the next.
"""

import zlib
from collections.abc import Callable
from functools import cache
from struct import pack

from deskhand.demo.model import DemoAttachment

PNG, PDF, CSV, TEXT = "image/png", "application/pdf", "text/csv", "text/plain"


@cache
def files() -> dict[str, tuple[DemoAttachment, ...]]:
    """By the name that a situation gives in customer_file or agent_file."""
    cup = png(96, 72, _cup)
    parcel = png(96, 72, _parcel)
    screen = png(60, 104, _screen)
    return {
        "photo": (_file("IMG_2041.png", PNG, cup), _file("photo.png", PNG, parcel), _file("broken.png", PNG, cup),
                  _file("Foto 3.png", PNG, parcel)),
        "tracking": (_file("tracking.png", PNG, screen), _file("Screenshot_tracking.png", PNG, screen)),
        "screenshot": (_file("screenshot.png", PNG, screen), _file("Bildschirmfoto.png", PNG, screen)),
        "statement": (_file("bank.png", PNG, screen),
                      _file("statement.pdf", PDF, pdf("Account statement", "Ostrander & Vale"))),
        "invoice": (_file("invoice.pdf", PDF, pdf("Invoice", "Ostrander & Vale, Malmö", "Total incl. VAT")),),
        "gift card": (_file("gift-card.pdf", PDF, pdf("Gift card", "Ostrander & Vale, Malmö")),),
        "offer": (_file("offer.pdf", PDF, pdf("Offer", "Brew school, Ostrander & Vale")),),
        "label": (_file("return-label.pdf", PDF, pdf("Return label", "Ostrander & Vale, Returns, Malmö")),),
        "prices": (_file("wholesale-prices.csv", CSV, _PRICES),
                   _file("price-list.pdf", PDF, pdf("Wholesale prices", "per kilo"))),
        "press": (_file("fact-sheet.pdf", PDF, pdf("Ostrander & Vale", "Fact sheet for the press")),),
        "cv": (_file("application.pdf", PDF, pdf("Application", "One page about me")), _file("letter.txt", TEXT, _LETTER)),
        "log": (_file("pebble-log.txt", TEXT, _LOG),),
    }  # fmt: skip


def png(width: int, height: int, shade: Callable[[int, int], int]) -> bytes:
    """A picture of sixteen tones of coffee; `shade` gives 0 (dark) to 15 for a point."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(0, width, 2):
            rows.append(shade(x, y) << 4 | (shade(x + 1, y) if x + 1 < width else 0))
    palette = bytes(part for tone in range(16) for part in (45 + tone * 14, 30 + tone * 14, 20 + tone * 15))
    stored = b"\x78\x01\x01" + pack("<HH", len(rows), len(rows) ^ 0xFFFF) + bytes(rows) + pack(">I", zlib.adler32(rows))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", pack(">IIBBBBB", width, height, 4, 3, 0, 0, 0)),
            _chunk(b"PLTE", palette),
            _chunk(b"IDAT", stored),
            _chunk(b"IEND", b""),
        )
    )


def pdf(*lines: str) -> bytes:
    """One page with a few lines of text."""
    shown = b" ".join(
        b"(" + line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*"
        for line in lines
    )
    text = b"BT /F 18 Tf 24 TL 60 760 Td " + shown + b" ET"
    bodies = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(text), text),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(bodies, start=1):
        places.append(len(out))
        out += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(out),
    )


def _file(filename: str, mime_type: str, content: bytes) -> DemoAttachment:
    return DemoAttachment(filename, mime_type, content)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return pack(">I", len(body)) + kind + body + pack(">I", zlib.crc32(kind + body))


def _cup(x: int, y: int) -> int:
    """A cup from above on a light table, with a crack."""
    away = (x - 48) ** 2 + (y - 36) ** 2
    if abs(x - y - 14) < 2 and 500 < away < 900:
        return 0
    if away < 400:
        return 2 + away // 110
    return 14 if away < 760 else 10 + (x * 7 + y * 3) % 3


def _parcel(x: int, y: int) -> int:
    """A box with a strip of tape and a dented corner."""
    inside = 12 < x < 84 and 10 < y < 62 and not (x + y > 132)
    return (11 if 44 < x < 52 else 7 + (y // 26) % 2) if inside else 14


def _screen(x: int, y: int) -> int:
    """A phone with a list on it."""
    if x < 3 or x > 56 or y < 6 or y > 97:
        return 1
    return 4 if y % 14 < 4 and x > 8 and x < 30 + (y * 5) % 22 else 15


_PRICES = b"""coffee,1 kg,from 10 kg,from 24 kg
Night Ferry,26.20,24.90,23.80
Low Tide Decaf,28.40,27.00,25.90
Yirga Morning,29.50,28.10,26.90
Harvest No. 12,30.10,28.60,27.40
Granary Blend,24.80,23.50,22.60
"""
_LOG = b"""06:58:02 scale found
06:58:02 connected, battery 81
06:58:33 connection lost
06:58:34 connection restored, zero kept
06:59:05 connection lost
06:59:05 restart
"""
_LETTER = b"""I have mended watches for eleven years and would like to mend larger things.
What I cannot do yet, I learn quickly. I am free from next month.
"""
