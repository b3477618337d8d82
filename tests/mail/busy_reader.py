"""A process that reads, but works on without end at a message that says so; one second of work is all it may do."""

from __future__ import annotations

import sys

from deskhand.mail.analysing import bodies, worker
from deskhand.mail.reading.letter import Letter

plain = bodies.body_of


def busy(letter: Letter) -> bodies.Body:
    while letter.subject == "work without end":
        pass
    return plain(letter)


if __name__ == "__main__":
    bodies.body_of = busy
    worker.SECONDS = 1
    worker.main(sys.argv[1], int(sys.argv[2]))
