"""Who asks the processes that read: a few of them, started when there is something to read, ended when there is nothing."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import msgspec

from deskhand.kernel.log import Log
from deskhand.mail.analysing.model import Answer, Asked, Check, Digest, File, Read, Unpack
from deskhand.mail.rules.verdict import Verdict

SECONDS = 10.0
UNPACK_SECONDS = 5.0
CHECK_SECONDS = 5.0
IDLE_SECONDS = 120.0
AT_ONCE = 2
MEGABYTES = 512

Question = Read | Unpack | Check

log = Log(__name__)


class Unreadable(Exception):
    """A message could not be read. ``may_pass``: it may go better another time."""

    def __init__(self, reason: str, *, may_pass: bool = False) -> None:
        super().__init__(reason)
        self.may_pass = may_pass


class Pool:
    """Reads messages in other processes, so that none can hold up or bring down this one."""

    def __init__(
        self,
        folder: Path,
        *,
        at_once: int = AT_ONCE,
        seconds: float = SECONDS,
        megabytes: int = MEGABYTES,
        module: str = "deskhand.mail.analysing.worker",
    ) -> None:
        self._folder = folder
        self._module = module
        self._seconds = seconds
        self._megabytes = megabytes
        self._used_at = 0.0
        self._idle: list[Process] = []
        self._at_once = at_once
        self._free = asyncio.Semaphore(at_once)
        self._decoder = msgspec.msgpack.Decoder(Answer)

    async def digests(self, several: list[Asked]) -> list[Digest | Unreadable]:
        """Read messages; of each what it is, or why it could not be read."""
        found: list[Digest | Unreadable] = [Unreadable("not asked")] * len(several)

        async def ask(first: int) -> None:
            answers = await self._ask([Read(each) for each in several[first :: self._at_once]], self._seconds)
            found[first :: self._at_once] = [_digest(each) for each in answers]

        await asyncio.gather(*map(ask, range(self._at_once)))
        return found

    async def unpack(self, blob: str) -> list[File]:
        """The files of a winmail.dat. Raises Unreadable."""
        (answer,) = await self._ask([Unpack(blob)], UNPACK_SECONDS)
        if isinstance(answer, Unreadable):
            raise answer
        return answer.files or []

    async def check(self, asked: Check) -> Verdict:
        """Whether a message is from whom it says; nothing is known when that takes too long."""
        (answer,) = await self._ask([asked], CHECK_SECONDS)
        if isinstance(answer, Unreadable):
            log.warning("a sender could not be checked", reason=str(answer))
            return Verdict()
        return answer.verdict or Verdict()

    async def rest(self) -> None:
        """End the processes when there has been nothing to read for a while."""
        if self._idle and asyncio.get_running_loop().time() - self._used_at > IDLE_SECONDS:
            await self.close()

    async def close(self) -> None:
        """End the processes that are at rest."""
        while self._idle:
            await _end(self._idle.pop())

    async def _ask(self, messages: Sequence[Question], seconds: float) -> list[Answer | Unreadable]:
        """All at once to one process, which answers one after another; after one that it cannot answer another process goes
        on with the rest. ``seconds`` are for each of them."""
        answers: list[Answer | Unreadable] = []
        async with self._free:
            while len(answers) < len(messages):
                worker = self._idle.pop() if self._idle else await self._start()
                try:
                    assert worker.stdin is not None
                    worker.stdin.write(b"".join(_framed(each) for each in messages[len(answers) :]))
                    while len(answers) < len(messages):
                        answers.append(await self._answer(worker, seconds))
                except Unreadable as fault:
                    answers.append(fault)
                    await _end(worker)  # what went wrong may have left it in a bad state, or large
                except BaseException:
                    await _end(worker)
                    raise
                else:
                    self._idle.append(worker)
        self._used_at = asyncio.get_running_loop().time()
        return answers

    async def _answer(self, worker: Process, seconds: float) -> Answer:
        """The next answer of a process. Raises Unreadable."""
        assert worker.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                length = int.from_bytes(await worker.stdout.readexactly(4), "big")
                answer = self._decoder.decode(await worker.stdout.readexactly(length))
        except TimeoutError:
            raise Unreadable(f"it takes more than {seconds:g} s", may_pass=True) from None
        except (asyncio.IncompleteReadError, OSError):
            raise Unreadable("the process that read it ended", may_pass=True) from None
        if answer.fault is not None:
            raise Unreadable(answer.fault, may_pass=answer.fault.startswith("disk:"))
        return answer

    async def _start(self) -> Process:
        command = (sys.executable, "-m", self._module, str(self._folder), str(self._megabytes))
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**20)


def _digest(it: Answer | Unreadable) -> Digest | Unreadable:
    if isinstance(it, Unreadable):
        return it
    assert it.digest is not None
    return it.digest


def _framed(it: Question) -> bytes:
    message = msgspec.msgpack.encode(it)
    return len(message).to_bytes(4, "big") + message


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        try:
            worker.kill()
        except ProcessLookupError:
            pass
        await worker.wait()
