"""What looks wrong with something that is about to be sent, by the rules in ``model/concerns.py``."""

from __future__ import annotations

from itertools import takewhile

from deskhand.conversations.model import ThreadState, ThreadType, Writing
from deskhand.conversations.model.concerns import (
    Concern,
    ConcernKind,
    changed_recipients,
    missing_file,
    open_placeholders,
    own_words,
    strange_greeting,
)
from deskhand.conversations.queries import one, writings
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.conversations.queries.writings import Written
from deskhand.customers.queries import one as customers
from deskhand.kernel.transaction import Snapshot

Recipients = tuple[list[str], list[str]]
"""To, and in copy."""


async def concerns(view: Snapshot, it: Written) -> list[Concern]:
    """What to ask its writer before it goes; of a note nothing. ``view`` is theirs. Raises NotFound."""
    if it.kind is Writing.NOTE:
        return []
    conversation = await one.get(view, it.conversation_id) if it.conversation_id is not None else None
    words = own_words(it.body)
    found = missing_file(words, has_files=bool(await writings.files(view, [it.id]))) + open_placeholders(words)
    if it.kind is Writing.FORWARD:
        return found
    found += strange_greeting(words, await _names(view, it, conversation))
    if conversation is None:
        return found
    threads = await view.all(one.THREADS, conversation_id=conversation.id)
    news = since(threads, it)
    answered = [Concern(ConcernKind.ANSWERED, str(news[-1].id))] if news else []
    given = it.to or [conversation.customer_email or ""]
    (to, cc), then = _recipients(conversation, threads, it)
    changed = changed_recipients([*given, *it.cc, *it.bcc], then=[*then[0], *then[1]] if then else [], now=[*to, *cc])
    return answered + found + changed


async def recipients(view: Snapshot, it: Written) -> tuple[Recipients, Recipients | None]:
    """Who gets the mail of the conversation that something is written in: now, and when it was begun, if somebody got any."""
    if it.conversation_id is None:
        return (it.to, it.cc), None
    conversation = await one.get(view, it.conversation_id)
    return _recipients(conversation, await view.all(one.THREADS, conversation_id=conversation.id), it)


async def right_name(view: Snapshot, it: Written) -> str:
    """How to greet whom it goes to: the first name, if it is known."""
    if it.conversation_id is not None and (found := (await one.get(view, it.conversation_id)).customer_first):
        return found
    known = await customers.by_emails(view, it.to[:1])
    return next((each.first_name for each in known.values() if each.first_name), "")


def _recipients(it: Conversation, newest_first: list[Thread], written: Written) -> tuple[Recipients, Recipients | None]:
    older = newest_first[_begun_at(newest_first, written) :]
    then = next((each for each in older if each.type is ThreadType.MESSAGE), None)
    return ([it.customer_email] if it.customer_email else [], it.cc), (then.to, then.cc) if then else None


def since(newest_first: list[Thread], it: Written) -> list[Thread]:
    """What others said in the conversation since it was begun, oldest first."""
    newer = newest_first[: _begun_at(newest_first, it)]
    said = [each for each in newer if each.type is not ThreadType.LINE_ITEM and each.state is ThreadState.PUBLISHED]
    return [each for each in said if each.created_by_user_id != it.user_id][::-1]


def _begun_at(newest_first: list[Thread], it: Written) -> int:
    """How many are newer than what was the newest when it was begun; where that is gone, than when it was begun."""
    if any(each.id == it.based_on for each in newest_first):
        return len(list(takewhile(lambda each: each.id != it.based_on, newest_first)))
    return len(list(takewhile(lambda each: each.created_at > it.began_at, newest_first)))


async def _names(view: Snapshot, it: Written, conversation: Conversation | None) -> list[str]:
    """What those are called whom it goes to, with their addresses; nothing where no name is known."""
    known = await customers.by_emails(view, [*it.to, *it.cc])
    names = [name for each in known.values() for name in (each.first_name, each.last_name) if name]
    if conversation is not None:
        names += [name for name in (conversation.customer_first, conversation.customer_last) if name]
    return names + [each.partition("@")[0] for each in (*it.to, *it.cc)] if names else []
