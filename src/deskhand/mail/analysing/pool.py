"""Who asks the processes that read: a few of them, started when there is something to read, ended when there is nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path

import msgspec

from deskhand.kernel.log import Log
from deskhand.mail.analysing.model import Answer, Asked, Check, Digest, File, Read, Unpack
from deskhand.mail.rules.verdict import Verdict

SECONDS = 60.0  # by the clock, of a machine where others work too; of a processor a reader takes ten at most
CHECK_SECONDS = 5.0
IDLE_SECONDS = 120.0
AT_ONCE = 2
MEGABYTES = 512

Question = Read | Unpack | Check

log = Log(__name__)


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
        self._lanes = min(at_once, cores())
        self._free = asyncio.Semaphore(at_once)
        self._decoder = msgspec.msgpack.Decoder(list[Answer])

    async def digests(self, several: list[Asked]) -> list[Digest | Unreadable]:
        """Read messages; of each what it is, or why it could not be read."""
        found: list[Digest | Unreadable] = [Unreadable("not asked")] * len(several)

        async def ask(first: int) -> None:
            found[first :: self._lanes] = await self._share([Read(each) for each in several[first :: self._lanes]])

        await asyncio.gather(*map(ask, range(self._lanes)))
        return found

    async def unpack(self, blob: str) -> list[File]:
        """The files of a winmail.dat. Raises Unreadable."""
        return (await self._alone(Unpack(blob), self._seconds)).files or []

    async def check(self, asked: Check) -> Verdict:
        """Whether a message is from whom it says; nothing is known when that takes too long."""
        try:
            return (await self._alone(asked, CHECK_SECONDS)).verdict or Verdict()
        except Unreadable as error:
            log.warning("a sender could not be checked", reason=str(error))
            return Verdict()

    async def rest(self) -> None:
        """End the processes when there has been nothing to read for a while."""
        if self._idle and asyncio.get_running_loop().time() - self._used_at > IDLE_SECONDS:
            await self.close()

    async def close(self) -> None:
        """End the processes that are at rest."""
        while self._idle:
            await _end(self._idle.pop())

    async def _share(self, questions: list[Read]) -> list[Digest | Unreadable]:
        """A share of messages in one go; where that does not work each alone, so that one of them harms nobody else."""
        answers = [Answer(fault="not asked")] * len(questions)
        if len(questions) > 1:
            try:
                answers = await self._ask(questions, self._seconds)
            except Unreadable as fault:
                log.warning("a share of messages is read one by one", reason=str(fault))
        return [each.digest or await self._read(asked) for asked, each in zip(questions, answers, strict=True)]

    async def _read(self, asked: Read) -> Digest | Unreadable:
        try:
            found = (await self._alone(asked, self._seconds)).digest
        except Unreadable as fault:
            return fault
        assert found is not None
        return found

    async def _alone(self, question: Question, seconds: float) -> Answer:
        """Raises Unreadable."""
        (answer,) = await self._ask([question], seconds)
        if answer.fault is not None:
            raise Unreadable(answer.fault, may_pass=answer.fault.startswith("disk:"))
        return answer

    async def _ask(self, questions: Sequence[Question], seconds: float) -> list[Answer]:
        """What a process answers to all of them. Raises Unreadable when it takes longer than that, or ends."""
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._start()
            try:
                async with asyncio.timeout(seconds):
                    answers = self._decoder.decode(await _exchange(worker, msgspec.msgpack.encode(questions)))
            except TimeoutError:
                await _end(worker)
                raise Unreadable(f"it takes more than {seconds:g} s", may_pass=True) from None
            except (asyncio.IncompleteReadError, OSError):
                worked_too_long = await _code(worker) == -signal.SIGXCPU
                words = "it is too much work" if worked_too_long else "the process that read it ended"
                raise Unreadable(words, may_pass=True) from None
            except BaseException:
                await _end(worker)
                raise
        self._used_at = asyncio.get_running_loop().time()
        if any(each.fault for each in answers):
            await _end(worker)  # what went wrong may have left it in a bad state, or large
        else:
            self._idle.append(worker)
        return answers

    async def _start(self) -> Process:
        command = (sys.executable, "-m", self._module, str(self._folder), str(self._megabytes))
        return await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE, limit=2**20)


async def _exchange(worker: Process, message: bytes) -> bytes:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(len(message).to_bytes(4, "big") + message)
    await worker.stdin.drain()
    length = int.from_bytes(await worker.stdout.readexactly(4), "big")
    return await worker.stdout.readexactly(length)


async def _code(worker: Process) -> int | None:
    """What a process ended with that does not speak any more; None of one that has to be killed."""
    try:
        async with asyncio.timeout(1):
            return await worker.wait()
    except TimeoutError:
        await _end(worker)
        return None


async def _end(worker: Process) -> None:
    if worker.returncode is None:
        try:
            worker.kill()
        except ProcessLookupError:
            pass
        await worker.wait()
