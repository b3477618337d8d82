"""A process that reads messages for another: ``python -m deskhand.mail.analysing.worker BLOBS MEGABYTES``.

It is asked on its standard input and answers on its standard output, each time a length (4 bytes) and MessagePack: several
questions, as many answers. It may not take more memory than that, nor more of a processor than ``SECONDS`` for an exchange.
"""

from __future__ import annotations

import gc
import logging
import math
import os
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import BinaryIO

import msgspec

from deskhand.kernel.blobs import FolderBlobs
from deskhand.mail.analysing import tnef
from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Answer, Check, Read, Unpack
from deskhand.mail.analysing.names import resolver
from deskhand.mail.rules.authentication import check
from deskhand.mail.rules.verdict import Verdict

SECONDS = 10
NICENESS = 19  # reading goes on where nobody else wants the processor: while others are served, or wait for the disk
OURS = str(Path(__file__).parents[2])


def main(folder: str, megabytes: int) -> None:
    """Answer until nobody asks any more."""
    resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 2**20,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICENESS)
    gc.freeze()  # what is loaded stays: collections need not look at it
    logging.disable()  # libraries that log what they trip over would log what is written in it
    blobs = FolderBlobs(Path(folder))
    decoder = msgspec.msgpack.Decoder(list[Read | Unpack | Check])
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while (message := _next(asked)) is not None:
        _take_no_more_than(SECONDS)
        content = msgspec.msgpack.encode([_encoded(answer(each, blobs)) for each in decoder.decode(message)])
        answers.write(len(content).to_bytes(4, "big") + content)
        answers.flush()


def _take_no_more_than(seconds: int) -> None:
    """End this process (SIGXCPU) when it has worked for so long from now on, however long others let it wait."""
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = math.ceil(time.process_time()) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def answer(asked: Read | Unpack | Check, blobs: FolderBlobs) -> Answer:
    """What a process answers, whatever happens."""
    try:
        match asked:
            case Read():
                return Answer(digest=digest(blobs.get_here(asked.asked.blob), asked.asked, blobs.put_here))
            case Unpack():
                return Answer(files=tnef.unpacked(blobs.get_here(asked.blob), blobs.put_here))
            case Check():
                return Answer(verdict=_checked(asked, blobs.get_here(asked.blob)))
    except MemoryError:
        return Answer(fault="it needs more memory than a reader may take")
    except OSError as error:
        return Answer(fault=f"disk: {error.strerror}")
    except Exception as error:  # noqa: BLE001 - whatever a message does to our code, it is told and held
        return Answer(fault=_where(error))


def _encoded(it: Answer) -> msgspec.Raw:
    try:
        return msgspec.Raw(msgspec.msgpack.encode(it))
    except UnicodeError as error:  # a text that is none slipped through
        return msgspec.Raw(msgspec.msgpack.encode(Answer(fault=_where(error))))


def _checked(asked: Check, raw: bytes) -> Verdict:
    return check(raw, asked.address, asked.helo, asked.envelope_from, resolver(asked.nameservers))


def _where(error: Exception) -> str:
    """The kind of an error and the last place of ours it came through."""
    places = [each for each in traceback.extract_tb(error.__traceback__) if each.filename.startswith(OURS)]
    last = places[-1] if places else None
    return f"{type(error).__name__} in {Path(last.filename).name}:{last.lineno}" if last else type(error).__name__


def _next(stream: BinaryIO) -> bytes | None:
    head = stream.read(4)
    return stream.read(int.from_bytes(head, "big")) if len(head) == 4 else None


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
