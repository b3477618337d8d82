"""Letters as they come from the big providers: headers of every server on the way, plain text and HTML, a quote, now and then
a file. Each is another, and the same in every run."""

from __future__ import annotations

import base64
import hashlib
import random
from email.message import EmailMessage

# fmt: off
WORDS = [
    "parcel", "order", "since", "yesterday", "tracking", "page", "says", "delivered", "but", "nothing", "here",
    "please", "look", "into", "this", "thank", "you", "invoice", "number", "customer", "address", "changed", "before",
    "we", "wait", "for", "an", "answer", "from", "your", "side", "the", "colour", "is", "wrong", "could", "you", "send",
]
# fmt: on
HOPS = 5


def letter(number: int, *, answers: int | None = None, to: str = "help@bench.test") -> bytes:
    """A letter; ``answers`` is the number of the one it answers."""
    luck = random.Random(number)
    said = [" ".join(luck.choices(WORDS, k=luck.randint(8, 30))) + "." for _ in range(luck.randint(2, 6))]
    quoted = [" ".join(luck.choices(WORDS, k=luck.randint(8, 30))) + "." for _ in range(luck.randint(2, 6))]
    message = EmailMessage()
    intro = "On Mon, 23 Nov 2026 at 10:00, Help <help@bench.test> wrote:"
    message.set_content("\n\n".join(said) + f"\n\n{intro}\n" + "\n".join(f"> {each}" for each in quoted) + "\n")
    message.add_alternative(_html(said, intro, quoted), subtype="html")
    if luck.random() < 0.1:
        message.add_attachment(luck.randbytes(30_000), maintype="image", subtype="jpeg", filename=f"picture-{number}.jpg")
    headers = [*_way(luck), *_signatures(luck)]
    sender = random.Random(number if answers is None else answers).randrange(5000)
    headers += [
        ("From", f"Customer {sender} <customer{sender}@mail{sender % 40}.test>"),
        ("To", to),
        ("Subject", f"{'Re: ' if answers is not None else ''}{' '.join(luck.choices(WORDS, k=5))}"),
        ("Date", "Tue, 24 Nov 2026 10:00:00 +0000"),
        ("Message-ID", message_id(number)),
        ("X-Mailer", "Bench 1.0"),
    ]
    if answers is not None:
        headers += [("In-Reply-To", message_id(answers)), ("References", message_id(answers))]
    return "".join(f"{name}: {value}\n" for name, value in headers).encode() + message.as_bytes()


def message_id(number: int) -> str:
    """The Message-ID of a letter."""
    return f"<{number}.bench@mail.bench.test>"


def _html(said: list[str], intro: str, quoted: list[str]) -> str:
    style = 'style="margin:0cm;font-size:11pt;font-family:Calibri,sans-serif;color:#1f1f1f"'
    own = "".join(f"<p {style}><span>{each}</span></p><p {style}>&nbsp;</p>" for each in said)
    quote = "".join(f"<p {style}>{each}</p>" for each in quoted)
    return (
        "<html><head><meta charset=utf-8><style>p.MsoNormal{margin:0}</style></head><body lang=EN><div>"
        f'{own}</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">{intro}<br></div>'
        f'<blockquote class="gmail_quote" style="margin:0 0 0 .8ex;border-left:1px solid #ccc">{quote}</blockquote>'
        "</div></body></html>"
    )


def _way(luck: random.Random) -> list[tuple[str, str]]:
    return [
        (
            "Received",
            f"from mx{luck.randrange(99)}.mail.test (mx.mail.test. [192.0.2.{luck.randrange(255)}])\n"
            f"        by in{hop}.bench.test with ESMTPS id {luck.randbytes(12).hex()}\n"
            f"        for <help@bench.test>\n        (version=TLS1_3 cipher=TLS_AES_256_GCM_SHA384 bits=256/256);\n"
            f"        Tue, 24 Nov 2026 02:00:0{hop} -0800 (PST)",
        )
        for hop in range(HOPS)
    ]


def _signatures(luck: random.Random) -> list[tuple[str, str]]:
    def block() -> str:
        text = base64.b64encode(hashlib.sha512(luck.randbytes(8)).digest() * 4).decode()
        return "\n         ".join(text[at : at + 64] for at in range(0, len(text), 64))

    dkim = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed;\n        d=mail.test; s=2023; t=1764000000; h=to:subject;\n        b={block()}"
    )
    return [
        ("ARC-Seal", f"i=1; a=rsa-sha256; t=1764000000; cv=none; d=mail.test; s=arc;\n        b={block()}"),
        ("ARC-Message-Signature", f"i=1; a=rsa-sha256; d=mail.test; s=arc;\n        b={block()}"),
        ("DKIM-Signature", dkim),
        ("X-Google-DKIM-Signature", dkim),
        ("X-Gm-Message-State", block()),
        (
            "Authentication-Results",
            "mx.bench.test;\n       dkim=pass header.i=@mail.test;\n       spf=pass smtp.mailfrom=mail.test",
        ),
    ]
