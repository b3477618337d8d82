"""One act on several conversations: each is done or refused by itself, and what was done is undone the same way.

An act is written ``name:value``, as the buttons of a list send it: ``status:closed``, ``assign:5`` (``assign:`` for nobody),
``tag:vip,refund``, ``move:2``, ``snooze:2026-11-30T09:00``. How each is taken back is such an act again, so an undo is a list
of acts with the conversations of each. It stands in a cookie, where ids take little room.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct

from deskhand.conversations.model import Status
from deskhand.conversations.operations import changing, merging, seeing, snoozing, tagging
from deskhand.conversations.operations.several import in_turn
from deskhand.conversations.queries import one
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Collision, DeskError, Invalid
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.kernel.words import Words
from deskhand.ui.door import Visit
from deskhand.ui.people import face
from deskhand.users import queries as users

MOST = 400
AT_ONCE = 40  # in one transaction, so that nobody waits long behind it
MOST_NAMED = 3
MOST_VALUE = 500
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

Deed = tuple[int, str]
"""A conversation, and the act."""


class Outcome(Struct, frozen=True):
    """How many were ``done``; the deeds that take that back, and who was refused, with why."""

    done: int
    undo: list[Deed]
    refused: list[tuple[int, str]]


async def _status(tx: Transaction, words: Words, it: int, value: str) -> str:
    before = (await one.get(tx, it)).status
    await changing.set_status(tx, it, Status(value))
    return f"turn:{before.value}"


async def _turn_back(tx: Transaction, words: Words, it: int, value: str) -> str:
    before = (await one.get(tx, it)).status
    await changing.take_back_status(tx, it, Status(value))
    return f"status:{before.value}"


async def _assign(tx: Transaction, words: Words, it: int, value: str) -> str:
    before = (await one.get(tx, it)).assignee_id
    await changing.assign(tx, it, to=int(value) if value else None)
    return f"assign:{before or ''}"


async def _tag(tx: Transaction, words: Words, it: int, value: str, *, take: bool = False) -> str:
    names = [each for each in map(str.strip, value.split(",")) if each]
    had = {each.name for each in await tx.all(one.TAGS, ids=[it])}
    await tagging.change_tags(tx, it, add=[] if take else names, remove=names if take else [])
    changed = had ^ {each.name for each in await tx.all(one.TAGS, ids=[it])}
    return f"{'tag' if take else 'untag'}:{','.join(sorted(changed))}" if changed else ""


async def _move(tx: Transaction, words: Words, it: int, value: str) -> str:
    before = (await one.get(tx, it)).inbox_id
    await changing.move(tx, it, int(value))
    return f"moveback:{before}"


async def _move_back(tx: Transaction, words: Words, it: int, value: str) -> str:
    before = (await one.get(tx, it)).inbox_id
    await changing.take_back_move(tx, it, int(value))
    return f"move:{before}"


async def _snooze(tx: Transaction, words: Words, it: int, value: str) -> str:
    before, until = (await one.get(tx, it)).snoozed_until, words.moment(value)
    assert until is not None
    await snoozing.snooze(tx, it, until=until, wakes_on_reply=True)
    return "unsnooze:" if before is None else f"snooze:{words.field(before)}"


async def _wake(tx: Transaction, words: Words, it: int, value: str, *, undoes: bool = False) -> str:
    before = (await one.get(tx, it)).snoozed_until
    await snoozing.wake(tx, it, keeps_status=undoes)
    return f"snooze:{words.field(before)}" if before else ""


async def _delete(tx: Transaction, words: Words, it: int, value: str) -> str:
    await changing.delete(tx, it)
    return "restore:"


async def _restore(tx: Transaction, words: Words, it: int, value: str) -> str:
    await changing.restore(tx, it)
    return "delete:"


async def _unread(tx: Transaction, words: Words, it: int, value: str) -> str:
    await seeing.unsee(tx, it)
    return "read:"


async def _read(tx: Transaction, words: Words, it: int, value: str) -> str:
    await seeing.see(tx, it)
    return "unread:"


async def _unmerge(tx: Transaction, words: Words, it: int, value: str) -> str:
    await merging.unmerge(tx, it)
    return ""


ACTS: dict[str, Callable[[Transaction, Words, int, str], Awaitable[str]]] = {
    "assign": _assign,
    "delete": _delete,
    "move": _move,
    "moveback": _move_back,
    "read": _read,
    "restore": _restore,
    "snooze": _snooze,
    "status": _status,
    "tag": _tag,
    "turn": _turn_back,
    "unmerge": _unmerge,
    "unread": _unread,
    "unsnooze": partial(_wake, undoes=True),
    "untag": partial(_tag, take=True),
    "wake": _wake,
}


def checked(act: str, words: Words) -> str:
    """The act, if it is one. Raises Invalid."""
    name, _, value = act.partition(":")
    is_right = {
        "assign": not value or _is_id(value),
        "move": _is_id(value),
        "moveback": _is_id(value),
        "snooze": words.moment(value) is not None,
        "status": value in set(Status),
        "tag": bool(value.strip(", ")),
        "turn": value in set(Status),
        "untag": bool(value.strip(", ")),
    }.get(name, name in ACTS and not value)
    if not is_right or len(value) > MOST_VALUE:
        raise Invalid("do", words.text("There is no such act"), rejected=act[:300])
    return act


async def perform(visit: Visit, deeds: list[Deed]) -> Outcome:
    """Do each, by the conversations' ids. Raises Collision where others kept changing the same."""
    undo: list[Deed] = []
    refused: list[tuple[int, str]] = []
    deeds = sorted(deeds)
    for some in (deeds[at : at + AT_ONCE] for at in range(0, len(deeds), AT_ONCE)):
        try:
            done, not_done = await _some(visit, some)
        except Collision:
            done, not_done = await _some(visit, some)
        undo += done
        refused += not_done
    return Outcome(len(deeds) - len(refused), [(it, act) for it, act in undo if act], refused)


async def _some(visit: Visit, deeds: list[Deed]) -> tuple[list[Deed], list[tuple[int, str]]]:
    done: list[Deed] = []

    async def do(tx: Transaction, it: int, act: str) -> None:
        name, _, value = act.partition(":")
        done.append((it, await ACTS[name](tx, visit.words, it, value)))

    async with visit.desk.writing(visit.actor, address=visit.address) as tx:
        refusals = await in_turn(tx, [(it, partial(do, tx, it, act)) for it, act in deeds])
    return done, [(it, _why(error)) for (it, _), error in zip(deeds, refusals, strict=True) if error is not None]


def _why(error: DeskError) -> str:
    return error.mistakes[0].message if isinstance(error, Invalid) else error.message


async def told(view: Snapshot, words: Words, act: str, it: Outcome) -> str:
    """What was done, and what could not be, by number."""
    texts = [await _done(view, words, act, it.done)] if it.done else []
    for conversation_id, why in it.refused[:MOST_NAMED]:
        found = await view.first(one.GET, conversation_id=conversation_id)
        number = found.number if found and view.actor.sees_inbox(found.inbox_id) else "?"
        texts.append(words.text("Not #%(number)s: %(why)s.", number=number, why=words.text(why).rstrip(".")))
    if more := len(it.refused) - MOST_NAMED:
        texts += [words.plural("Nor %(count)s more.", "Nor %(count)s more.", more)] if more > 0 else []
    return " ".join(texts)


async def _done(view: Snapshot, words: Words, act: str, count: int) -> str:
    name, _, value = act.partition(":")
    several = words.plural("%(count)s conversation", "%(count)s conversations", count)
    match name:
        case "status":
            return words.text("%(several)s set to %(status)s.", several=several, status=words.text(value.title()))
        case "assign" if value:
            owner = await users.assignee(view, int(value))
            who = face(owner.id, owner.first_name, owner.last_name).name if owner else "?"
            return words.text("%(several)s assigned to %(name)s.", several=several, name=who)
        case "assign":
            return words.text("%(several)s unassigned.", several=several)
        case "tag" | "untag":
            return words.text("Tags of %(several)s changed.", several=several)
        case "move":
            inbox = await inboxes.find(view, int(value))
            return words.text("%(several)s moved to %(inbox)s.", several=several, inbox=inbox.name if inbox else "?")
        case "snooze":
            at = words.moment(value)
            assert at is not None
            return words.text("%(several)s snoozed until %(when)s.", several=several, when=words.exact(at))
        case "delete":
            return words.text("%(several)s deleted.", several=several)
        case "unread":
            return words.text("%(several)s marked as unread.", several=several)
        case "restore":
            return words.text("%(several)s brought back.", several=several)
        case _:
            return words.text("Taken back for %(several)s.", several=several)


def packed(deeds: list[Deed]) -> str:
    """Deeds in little room: of each act the ids, as steps from one to the next in base 36."""
    by_act: dict[str, list[int]] = {}
    for it, act in sorted(deeds):
        by_act.setdefault(act, []).append(it)
    return urlencode(
        {act: ".".join(_base36(it - before) for before, it in zip([0, *ids], ids, strict=False)) for act, ids in by_act.items()}
    )


def unpacked(text: str, words: Words) -> list[Deed]:
    """The other way round. Raises Invalid."""
    deeds: list[Deed] = []
    for act, steps in parse_qsl(text, keep_blank_values=True):
        checked(act, words)
        at = 0
        for step in steps.split("."):
            if not step.isalnum() or not step.isascii() or len(step) > 12:
                raise Invalid("deeds", words.text("There is no such act"))
            at += int(step, 36)
            deeds.append((at, act))
    if len(deeds) > MOST:
        raise Invalid("deeds", words.text("There is no such act"))
    return deeds


def _base36(number: int) -> str:
    text = ""
    while number:
        number, digit = divmod(number, 36)
        text = DIGITS[digit] + text
    return text or "0"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18
