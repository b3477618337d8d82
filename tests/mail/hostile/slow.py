"""The planted fault: a process that reads, and takes its time with whatever is long."""

from __future__ import annotations

import sys
import time

from deskhand.mail.analysing import bodies, worker
from deskhand.mail.reading.letter import Letter

plain = bodies.body_of
LONG = 100_000


def dawdles(letter: Letter) -> bodies.Body:
    if sum(len(each.content) for each in letter.leaves) > LONG:
        time.sleep(3)
    return plain(letter)


if __name__ == "__main__":
    bodies.body_of = dawdles
    worker.main(sys.argv[1], int(sys.argv[2]))
