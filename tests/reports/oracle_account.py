"""An account as the oracle sees it, read row by row from the rooms' own tables: none of the reports' is touched."""

from __future__ import annotations

from typing import Any

from msgspec import defstruct
from sqlalchemy import Table, select

from deskhand.chats.model import ChatAction
from deskhand.chats.tables import chat_events, chats
from deskhand.conversations.tables import conversation_fields, conversation_tags, conversations, threads
from deskhand.inboxes.tables import custom_field_options, custom_fields, saved_replies
from deskhand.kernel.storage.statements import Read, read
from deskhand.kernel.transaction import Snapshot
from deskhand.ratings.tables import ratings
from deskhand.tags.tables import tags
from deskhand.users.tables import team_members, users
from tests.reports.oracle import Account, Chat, Rated, Said, Talk


def _all(table: Table) -> Read[Any]:
    names = [each.name for each in table.columns]
    return read(select(*table.columns), defstruct(table.name, [(str(name), Any) for name in names]))


TABLES = {
    table.name: _all(table)
    for table in (
        chat_events,
        chats,
        conversation_fields,
        conversation_tags,
        conversations,
        custom_field_options,
        custom_fields,
        ratings,
        saved_replies,
        tags,
        team_members,
        threads,
        users,
    )
}


async def look(view: Snapshot) -> Account:
    """Everything that reports could be about."""
    rows = {name: await view.all_slowly(statement) for name, statement in TABLES.items()}
    talks = {each.id: _talk(each) for each in rows["conversations"]}
    said = {each.id: _said(each) for each in rows["threads"]}
    for each in rows["threads"]:
        talks[each.conversation_id].threads.append(said[each.id])
    for each in rows["conversation_tags"]:
        talks[each.conversation_id].tags.add(each.tag_id)
    for each in rows["conversation_fields"]:
        talks[each.conversation_id].fields[each.field_id] = each.value
    of_thread = {each.id: each for each in rows["threads"]}
    rated = [
        Rated(
            of_thread[each.thread_id].conversation_id,
            said[each.thread_id].user,
            of_thread[each.thread_id].rating,
            each.created_at,
        )
        for each in rows["ratings"]
    ]
    teams: dict[int, set[int]] = {}
    for each in rows["team_members"]:
        teams.setdefault(each.team_id, set()).add(each.user_id)
    fields = [each for each in rows["custom_fields"] if each.type == "dropdown"]
    fields.sort(key=lambda each: (each.inbox_id, each.position, each.id))
    return Account(
        talks=list(talks.values()),
        chats=[_chat(each, rows["chat_events"]) for each in rows["chats"]],
        ratings=rated,
        names={each.id: f"{each.first_name} {each.last_name}".strip() for each in rows["users"]},
        teams=teams,
        tag_names={each.id: each.name for each in rows["tags"]},
        reply_names={each.id: (each.name, each.inbox_id) for each in rows["saved_replies"]},
        dropdowns=[
            (
                each.id,
                each.inbox_id,
                each.name,
                {o.value: o.label for o in rows["custom_field_options"] if o.field_id == each.id},
            )
            for each in fields
        ],
    )


def _talk(it: Any) -> Talk:
    return Talk(
        id=it.id,
        number=it.number,
        inbox=it.inbox_id,
        folder=it.folder_id,
        customer=it.customer_id,
        type=it.type,
        status=it.status,
        state=it.state,
        merged=it.merged_into is not None,
        by_user=it.created_by_user_id,
        by_customer=it.created_by_customer_id,
        created=it.created_at,
        modified=it.modified_at,
    )


def _said(it: Any) -> Said:
    return Said(
        id=it.id,
        at=it.created_at,
        type=it.type,
        state=it.state,
        status=it.status,
        user=it.created_by_user_id,
        customer=it.created_by_customer_id,
        imported=it.imported,
        saved_reply=it.saved_reply_id or 0,
        workflow=(it.action_entities or {}).get("workflow", 0),
    )


def _chat(it: Any, events: list[Any]) -> Chat:
    mine = sorted((each for each in events if each.chat_id == it.id), key=lambda each: each.number)
    said = [(each.created_at, each.user_id) for each in mine if each.action is ChatAction.MESSAGE_ADDED]
    return Chat(it.inbox_id, it.conversation_id, it.assignee_id, it.created_at, it.ended_at, said)
