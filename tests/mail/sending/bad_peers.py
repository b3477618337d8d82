"""The drill of bad servers (R8): six inboxes whose servers misbehave, and one whose does not. ``script/drill bad-peers``.

The good one's mail is never more than five seconds late; of the others nothing is lost, and each recipient is where email
rules 8.8 and 8.9 say.
"""

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from deskhand.app import make_app
from deskhand.cli.account import migrate
from deskhand.mail.sending import sender as sending
from deskhand.mail.sending.sender import MailSender
from deskhand.mail.sending.smtp import Patience
from deskhand.settings import Settings
from tests.conftest import MovableClock
from tests.given import Given
from tests.mail.sending.conftest import HERE, Even, Mail
from tests.mail.sending.peers import Peer, a_byte_a_second, bare, peer, says_nothing

LATE_SECONDS = 5.0
WANTED = {
    "Silent": ["delayed"],
    "Slow": ["delayed"],
    "Busy": ["sent"],
    "Picky": ["sent", "failed", "sent"],
    "Locked": ["waiting"],
    "Rude": ["failed"],
    "Good": ["sent"],
}


async def play(folder: Path, empty: Path, *, letters: int, patience: Patience, hours: int = 2) -> list[str]:
    """Everything that is wrong, in words; ``empty`` is the file of an empty account, ``letters`` go to the good server."""
    shutil.copy(empty, folder / "deskhand.db")
    clock = MovableClock()
    app = make_app(Settings(data=str(folder), origin="https://desk.test", mail_networks=HERE), clock, works=False)
    await app.desk.database.open()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(app.desk.database.close)
        busy, picky, locked, rude, good = [await stack.enter_async_context(peer()) for _ in range(5)]
        busy.to_recipient = lambda address: "451 4.3.0 later"
        picky.to_recipient = lambda address: "550 5.1.1 nobody" if address.startswith("a@") else "250 OK"
        locked.password = "right"
        rude.closes_after_data = True
        ports = {
            "Silent": await stack.enter_async_context(bare(says_nothing)),
            "Slow": await stack.enter_async_context(bare(a_byte_a_second)),
            "Busy": busy.port,
            "Picky": picky.port,
            "Locked": locked.port,
            "Rude": rude.port,
            "Good": good.port,
        }
        given = Given(app)
        await given.begin()
        mail, names = Mail(given, clock), dict[int, str]()
        for name, port in ports.items():
            inbox = await given.new_inbox(name)
            names[inbox] = name
            await mail.begin(inbox, undo_seconds=0, messages_per_minute=10_000)
            await mail.connect(port, inbox, password="wrong" if name == "Locked" else "")
            if name != "Good":
                await mail.reply(await given.conversation(inbox=inbox), cc=["a@x.test", "b@x.test"] if name == "Picky" else [])
        sender = MailSender(app.desk, luck=Even(), patience=patience)
        wrong = await _beside(mail, sender, inbox, good, letters)
        for step in range(hours * 12):
            if step == 13:
                busy.to_recipient = lambda address: "250 OK"
            clock.move(timedelta(minutes=5))
            await sender.run_due()
        return wrong + await _states(mail, names, rude)


async def _beside(mail: Mail, sender: MailSender, inbox: int, good: Peer, letters: int) -> list[str]:
    """Letters by the good server while all others are tried: how late each came."""
    running = asyncio.create_task(sender.run())
    await asyncio.sleep(0.2)
    worst = 0.0
    for number in range(letters):
        began = time.monotonic()
        await mail.reply(await mail.given.conversation(inbox=inbox))
        while len(good.got) <= number and time.monotonic() - began < 3 * LATE_SECONDS:
            await asyncio.sleep(0.01)
        worst = max(worst, time.monotonic() - began)
    sender.stop()
    await running
    sender._stopping = False
    print(f"the good server had {len(good.got)} of {letters} letters, the latest after {worst:.2f} s", file=sys.stderr)
    wrong = [f"a letter by the good server was {worst:.1f} s late"] if worst > LATE_SECONDS else []
    return wrong + ([f"the good server had {len(good.got)} of {letters} letters"] if len(good.got) != letters else [])


async def _states(mail: Mail, names: dict[int, str], rude: Peer) -> list[str]:
    wrong = []
    for each in await mail.queue():
        if each.kind == "notification":
            continue
        name = names[each.inbox_id]
        found = [it.state.value for it in await mail.deliveries(each.id)]
        if found != WANTED[name]:
            wrong.append(f"{name}: {found}, wanted {WANTED[name]}")
        times = Counter(rude.ids)[each.message_id]
        if name == "Rude" and times != 2:
            wrong.append(f"a message whose answer was lost was sent {times} times")
        if name == "Locked" and (await mail.connection(each.inbox_id)).paused_reason is None:
            wrong.append("a queue with a wrong password was not paused")
    return wrong


def one_after_another() -> None:
    """Let inboxes wait for one another, to see the drill turn red."""
    sending.AT_ONCE = 1


def main() -> None:
    parser = argparse.ArgumentParser(prog="script/drill bad-peers", description=__doc__)
    parser.add_argument("--fault", choices=["none", "one after another"], default="none", help="plant a bug: it must be found")
    letters, hours = 20, 2
    if parser.parse_args().fault == "one after another":
        one_after_another()
        letters, hours = 2, 0
    with tempfile.TemporaryDirectory(prefix="deskhand-bad-peers-") as folder:
        empty = Settings(data=f"{folder}/empty")
        migrate(empty)
        patience = Patience(connect=5, command=20, data=20)
        wrong = asyncio.run(
            play(Path(folder), Path(empty.data) / "deskhand.db", letters=letters, patience=patience, hours=hours)
        )
    for each in wrong:
        print(f"wrong: {each}")
    print(f"{len(wrong)} things wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
