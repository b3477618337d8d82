"""The planted fault: a process that reads, and trips over every message that is not plain ASCII."""

from __future__ import annotations

import sys

from deskhand.mail.analysing import bodies, worker
from deskhand.mail.reading.letter import Letter

plain = bodies.body_of


def trips(letter: Letter) -> bodies.Body:
    body = plain(letter)
    if not body.text.isascii():
        raise ValueError("planted")
    return body


if __name__ == "__main__":
    bodies.body_of = trips
    worker.main(sys.argv[1], int(sys.argv[2]))
