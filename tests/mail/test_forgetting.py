"""What goes with an erased customer: their letters, read or not, and nobody else's."""

from __future__ import annotations

import hashlib
from typing import Any

from deskhand.mail.analysing.digest import digest
from deskhand.mail.analysing.model import Asked
from deskhand.mail.model import HEADER_ONLY, Kind, ReceivedState
from deskhand.mail.operations.forgetting import come_again
from deskhand.mail.operations.noting import LOCK, hold
from tests.mail.post import Post, Seen, letter

FORM = "Webmaster@shop.test"
OLD = b"From: a@x.test\r\n"


async def erase(post: Post, it: Seen) -> None:
    """Erase the customer of a message's conversation."""
    async with post.given.client(post.given.owner) as client:
        await client.delete(f"/v2/customers/{(await post.conversation(it)).customer_id}")


async def test_what_somebody_else_wrote_by_way_of_an_erased_customer_stays(post: Post) -> None:
    """Contact forms and relays send everybody's letters by one envelope."""
    theirs = await post.bring(sender=FORM)
    raw = letter(sender="other@person.test", Message_ID="<1@x.test>")
    read = await post.take(raw, envelope_from=FORM)
    async with post.given.write() as tx:
        await hold(tx, await tx.one(LOCK, ids=[read]), "somebody is to look", digest(raw, Asked(blob=""), str))
    waiting = await post.take(letter(sender="third@person.test", Message_ID="<2@x.test>"), envelope_from=FORM)
    two = await post.take(letter(sender=f"{FORM}, fourth@person.test"), envelope_from=FORM, reason="somebody is to look")

    await erase(post, theirs)

    seen = [await post.seen(each) for each in (read, waiting, two)]
    assert [(each.state, each.kind) for each in seen] == [
        (ReceivedState.HELD, None),
        (ReceivedState.WAITING, None),
        (ReceivedState.HELD, None),
    ]


UNREAD: dict[str, tuple[bytes, dict[str, Any]]] = {
    "a header of IMAP": (OLD + b"Subject: x\r\n\r\n", {"reason": HEADER_ONLY}),
    "whole, waiting": (OLD + b"\r\nHello", {}),
    "whole, sent by a service": (OLD + b"\r\nHello", {"envelope_from": "bounces+17@service.test"}),
    "as people write it": (b"From: =?utf-8?q?=C3=84nne?=\r\n <A@X.test>\r\n\r\nHello", {}),
    "by its envelope, without From": (b"Subject: x\r\n\r\nHello", {"envelope_from": "A@x.test"}),
    "by its envelope, without a byte": (b"", {"envelope_from": "a@x.test"}),
}


async def test_what_an_erased_customer_wrote_goes_though_nobody_has_read_it(post: Post) -> None:
    theirs = await post.bring(sender="a@x.test")
    unread = {case: await post.take(raw, **more) for case, (raw, more) in UNREAD.items()}
    other = await post.take(letter(sender="b@x.test"))

    await erase(post, theirs)

    kinds = {case: (await post.seen(each)).kind for case, each in unread.items()}
    assert kinds == dict.fromkeys(UNREAD, Kind.ERASED)
    assert (await post.seen(other)).state is ReceivedState.WAITING
    keys = {case: hashlib.sha256(raw).hexdigest() for case, (raw, _) in UNREAD.items()}
    async with post.given.write() as tx:
        again = await come_again(tx, post.given.inbox, list(keys.values()))
    assert again == {*keys.values()} - {keys["by its envelope, without a byte"]}, "of which nothing is here may be anything"
