"""``script/drill hostile``: mutants of the corpus and bombs through the whole pipeline, read in processes (R13, R14).

Nothing may be lost, nothing may be more than held for a reason of its own, and every text that comes out is text.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from sqlalchemy import select

from deskhand.app import make_app
from deskhand.cli.account import migrate
from deskhand.conversations.tables import conversations, threads
from deskhand.kernel import log
from deskhand.kernel.storage.statements import param, read
from deskhand.mail.analysing.pool import Pool
from deskhand.mail.model import Door, ReceivedState
from deskhand.mail.operations import taking
from deskhand.mail.processing import Processor
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.hostile.bombs import bombs, heaps
from tests.mail.hostile.mutants import mutants
from tests.mail.post import SEEN, Post

SHARE = 200
OURS = ("it cannot be read", "it could not be placed")
FAULTS = {"a reader raises": "tests.mail.hostile.faulty", "a reader dawdles": "tests.mail.hostile.slow"}
BOMB_SECONDS = 2.0  # R14; judged here alone, for a test knows nothing of time
TEXTS = read(select(threads.c.body).where(threads.c.conversation_id == param("conversation_id")), str)
SUBJECT = read(select(conversations.c.subject).where(conversations.c.id == param("conversation_id")), str)


class Found:
    """What became of them."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.slowest = (0.0, "")


async def through(post: Post, several: list[tuple[str, bytes]], found: Found) -> None:
    """A share of messages, and what is wrong with what became of them."""
    ids = []
    for _, raw in several:
        blob = await post.desk.blobs.put(raw)
        async with post.given.write() as tx:
            ids.append(await taking.take(tx, inbox_id=post.given.inbox, door=Door.IMAP, blob=blob, size_bytes=len(raw)))
    await post.look()
    async with post.given.read() as view:
        for received_id, (name, raw) in zip(ids, several, strict=True):
            seen = await view.one(SEEN, received_id=received_id)
            found.counts[f"{seen.state.value} {seen.kind.value if seen.kind else ''}".strip()] += 1
            if seen.state is ReceivedState.WAITING or (seen.reason or "").startswith(OURS):
                found.faults.append(f"{name}: {seen.state.value}: {seen.reason}")
            if await post.desk.blobs.get(hashlib.sha256(raw).hexdigest()) != raw:
                found.faults.append(f"{name}: bytes were lost")
            if seen.conversation_id is not None:
                texts = await view.all(TEXTS, conversation_id=seen.conversation_id)
                for text in (*texts, await view.one(SUBJECT, conversation_id=seen.conversation_id)):
                    (text or "").encode()


async def hostile(
    folder: str, count: int, seed: int, fault: str | None, database: str = "", *, bombs_too: bool = True
) -> Found:
    """Bombs first, each alone and timed; then mutants."""
    settings = Settings(data=folder, database=database)
    await asyncio.to_thread(migrate, settings)
    app = make_app(settings, works=False)
    await app.desk.database.open()
    given = Given(app)
    await given.begin()
    post = Post(given, MovableClock())
    module = FAULTS[fault] if fault else "deskhand.mail.analysing.worker"
    post.processor = Processor(app.desk, pool=Pool(settings.blob_folder, at_once=4, module=module))
    await post.begin()
    found = Found()
    for name, raw in (*bombs(), *heaps()) if bombs_too else ():
        began = time.perf_counter()
        await through(post, [(name, raw)], found)
        found.slowest = max(found.slowest, (time.perf_counter() - began, name))
    share: list[tuple[str, bytes]] = []
    for number, raw in enumerate(mutants(seed, count)):
        share.append((f"mutant {number} of seed {seed}", raw))
        if len(share) == SHARE or number == count - 1:
            await through(post, share, found)
            share = []
    await post.processor.close()
    await app.desk.database.close()
    return found


def main() -> None:
    """Print what became of them; 1 when something is wrong."""
    parser = argparse.ArgumentParser(prog="script/drill hostile")
    parser.add_argument("--mutants", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fault", choices=sorted(FAULTS))
    options = parser.parse_args()
    log.configure("json", "error")
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="deskhand-hostile-") as folder:
        found = asyncio.run(hostile(str(Path(folder)), options.mutants, options.seed, options.fault))
    for name, number in found.counts.most_common():
        print(f"{number:9,} {name}")
    print(f"slowest bomb: {found.slowest[0]:.2f} s ({found.slowest[1]}), starting its reader included")
    if found.slowest[0] > BOMB_SECONDS:
        found.faults.append(f"{found.slowest[1]} took {found.slowest[0]:.1f} s")
    for fault in found.faults[:20]:
        print(f"WRONG {fault}")
    print(f"{options.mutants:,} mutants, {len(found.faults)} wrong, {time.perf_counter() - began:.0f} s")
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
