"""Who is to be told of something that happened in a conversation, and why: for the browser and for mail alike."""

from __future__ import annotations

import re
from collections.abc import Set

from msgspec import Struct
from sqlalchemy import and_, exists, or_, select, union

from deskhand.conversations.model import (
    CUSTOMER_SPEAKS,
    ConversationAssigned,
    ConversationCreated,
    ConversationState,
    Status,
    ThreadAdded,
    ThreadType,
)
from deskhand.conversations.tables import conversations, followers, threads
from deskhand.inboxes.queries import WORKS
from deskhand.kernel.html import plain_text
from deskhand.kernel.storage.statements import any_of, param, read
from deskhand.kernel.transaction import Snapshot
from deskhand.users import queries as people
from deskhand.users.model import TOLD_BY_MAIL, TOLD_IN_BROWSER, Occasion, UserState
from deskhand.users.tables import notification_settings, team_members, users

COLLEAGUES_SPEAK = frozenset({ThreadType.MESSAGE, ThreadType.NOTE})
MENTION = re.compile(r"(?<![\w.@])@(\w{1,60})")
MOST_MENTIONS = 50

Occurrence = ConversationCreated | ConversationAssigned | ThreadAdded
"""What colleagues may want to hear of."""


class Told(Struct, frozen=True):
    """Somebody who wants to know, and as what: in the browser, by mail, or both."""

    user_id: int
    in_browser: Occasion | None
    by_mail: Occasion | None


class Head(Struct, frozen=True):
    """What decides about a conversation; ``has_listeners``: somebody follows it, or chose what to hear of."""

    inbox_id: int
    assignee_id: int | None
    status: Status
    state: ConversationState
    created_by_user_id: int | None
    has_listeners: bool


class Words(Struct, frozen=True):
    """What decides about an entry."""

    type: ThreadType
    body: str | None
    created_by_user_id: int | None


class Listener(Struct, frozen=True):
    """Somebody who works in the inbox; ``is_of_team``: of the one that owns the conversation. Wishes are None if never said."""

    user_id: int
    follows: bool
    is_of_team: bool
    in_browser: list[Occasion] | None
    by_mail: list[Occasion] | None


HEAD = read(
    select(
        *(conversations.c[name] for name in Head.__struct_fields__[:-1]),
        or_(
            exists(select(followers.c.user_id).where(followers.c.conversation_id == conversations.c.id)),
            exists(select(notification_settings.c.user_id)),
        ).label("has_listeners"),
    ).where(conversations.c.id == param("conversation_id")),
    Head,
)
WORDS = read(
    select(*(threads.c[name] for name in Words.__struct_fields__)).where(
        threads.c.id == param("thread_id"), threads.c.conversation_id == param("conversation_id")
    ),
    Words,
)
_follower, _member, _wishes = followers.c, team_members.c, notification_settings.c
_follows = _follower.conversation_id == param("conversation_id")
_of_team = _member.team_id == param("team_id")
# Whoever never chose wants to know only what concerns them (users/model): of many people few are looked at.
_concerned = union(
    select(_follower.user_id).where(_follows),
    select(_member.user_id).where(_of_team),
    select(_wishes.user_id),
    select(users.c.id).where(any_of(users.c.id, "ids")),
)
LISTENERS = read(
    select(
        users.c.id,
        _follower.user_id.is_not(None).label("follows"),
        _member.user_id.is_not(None).label("is_of_team"),
        _wishes.in_browser,
        _wishes.by_mail,
    )
    .select_from(users)
    .outerjoin(followers, and_(_follows, _follower.user_id == users.c.id))
    .outerjoin(team_members, and_(_of_team, _member.user_id == users.c.id))
    .outerjoin(notification_settings, _wishes.user_id == users.c.id)
    .where(users.c.id.in_(_concerned), users.c.type == "user", users.c.state == UserState.ACTIVE.value, WORKS)
    .order_by(users.c.id),
    Listener,
)


def mentions(html: str) -> list[str]:
    """The names that a note calls, in lower case: of each ``@ona`` the name."""
    if "@" not in html:
        return []
    return sorted({name.lower() for name in MENTION.findall(plain_text(html))})[:MOST_MENTIONS]


async def of(view: Snapshot, event: Occurrence) -> list[Told]:
    """Those to be told of a fact, by id: never whoever did it, nor anybody to whom the inbox is not open now.

    Of spam, drafts, imports and what a machine answered nobody hears.
    """
    if isinstance(event, ConversationCreated) and event.imported:
        return []
    if isinstance(event, ConversationAssigned) and event.after is None:
        return []
    if isinstance(event, ThreadAdded) and (event.automatic or event.type not in CUSTOMER_SPEAKS | COLLEAGUES_SPEAK):
        return []
    head = await view.first(HEAD, conversation_id=event.conversation_id)
    if head is None or head.state is not ConversationState.PUBLISHED or head.status is Status.SPAM:
        return []
    by, called = head.created_by_user_id, frozenset[int]()
    if isinstance(event, ThreadAdded) and event.type is ThreadType.CUSTOMER:
        by = None
    elif isinstance(event, ThreadAdded):
        words = await view.one(WORDS, conversation_id=event.conversation_id, thread_id=event.thread_id)
        by = words.created_by_user_id
        names = mentions(words.body or "") if words.type is ThreadType.NOTE else []
        called = frozenset(await people.mentioned(view, names)) if names else called
    elif isinstance(event, ConversationAssigned):
        by = None
    told = [
        _told(each, occasions(event, head.assignee_id, each, is_called=each.user_id in called))
        for each in await _listeners(view, event.conversation_id, head, called)
        if each.user_id not in (by, view.actor.user_id)
    ]
    return [each for each in told if each.in_browser or each.by_mail]


async def of_rating(view: Snapshot, conversation_id: int, thread_id: int) -> list[Told]:
    """Whoever wrote a reply that was rated, if they still may see it and want to know."""
    head = await view.first(HEAD, conversation_id=conversation_id)
    words = await view.first(WORDS, conversation_id=conversation_id, thread_id=thread_id)
    if head is None or words is None or words.created_by_user_id is None or head.state is not ConversationState.PUBLISHED:
        return []
    found = await _listeners(view, conversation_id, head, {words.created_by_user_id})
    writers = [each for each in found if each.user_id == words.created_by_user_id]
    told = [_told(each, [Occasion.RATED]) for each in writers]
    return [each for each in told if each.in_browser or each.by_mail]


def occasions(event: Occurrence, owner: int | None, it: Listener, *, is_called: bool) -> list[Occasion]:
    """As what a fact concerns somebody, the closest first."""
    if isinstance(event, ThreadAdded):
        mine, nobodys, others = _REPLIED if event.type in CUSTOMER_SPEAKS else _WROTE
        found = [mine if owner == it.user_id else nobodys if owner is None else others]
        return [Occasion.MENTIONED] * is_called + found + [Occasion.FOLLOWED] * it.follows
    owned = Occasion.ASSIGNED_TO_MY_TEAM if it.is_of_team else Occasion.ASSIGNED_TO_OTHERS
    found = [Occasion.ASSIGNED_TO_ME if owner == it.user_id else owned]
    if isinstance(event, ConversationAssigned):
        return found + [Occasion.FOLLOWED] * it.follows
    return [*(each for each in found if each is not Occasion.ASSIGNED_TO_OTHERS), Occasion.NEW_CONVERSATION]


_REPLIED = (
    Occasion.CUSTOMER_REPLIED_TO_MINE,
    Occasion.CUSTOMER_REPLIED_TO_UNASSIGNED,
    Occasion.CUSTOMER_REPLIED_TO_OTHERS,
)
_WROTE = (
    Occasion.COLLEAGUE_WROTE_IN_MINE,
    Occasion.COLLEAGUE_WROTE_IN_UNASSIGNED,
    Occasion.COLLEAGUE_WROTE_IN_OTHERS,
)


async def _listeners(view: Snapshot, conversation_id: int, head: Head, others: Set[int]) -> list[Listener]:
    """Those who may want to know: its owner and followers, the owning team, these others, and whoever chose what to hear of."""
    if head.assignee_id is None and not head.has_listeners and not others:
        return []  # most of what comes by mail
    ids = sorted({*others, head.assignee_id or 0})
    values = {"conversation_id": conversation_id, "team_id": head.assignee_id or 0, "inbox_id": head.inbox_id}
    return await view.all(LISTENERS, ids=ids, **values)


def _told(it: Listener, found: list[Occasion]) -> Told:
    in_browser = TOLD_IN_BROWSER if it.in_browser is None else it.in_browser
    by_mail = TOLD_BY_MAIL if it.by_mail is None else it.by_mail
    return Told(
        it.user_id,
        next((each for each in found if each in in_browser), None),
        next((each for each in found if each in by_mail), None),
    )
