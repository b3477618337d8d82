"""Folders come with what they belong to: an inbox brings the shared ones, access brings a person's or a team's own."""

from __future__ import annotations

from deskhand.conversations.model import FolderType
from deskhand.conversations.operations.core import folder
from deskhand.inboxes import queries as inboxes
from deskhand.inboxes.model import InboxAccessGranted, InboxCreated
from deskhand.kernel.transaction import Transaction
from deskhand.users import queries as users
from deskhand.users.model import RoleChanged, TeamMembersChanged, UserCreated

SHARED = tuple(type_ for type_ in FolderType if type_ not in (FolderType.MINE, FolderType.TEAM))


async def folders_of_inbox(tx: Transaction, event: InboxCreated) -> None:
    """Make the shared folders of a new inbox, and a folder of their own for everybody who sees every inbox."""
    for type_ in SHARED:
        await folder(tx, event.inbox_id, type_, 0)
    for user_id in await users.everywhere(tx):
        await folder(tx, event.inbox_id, FolderType.MINE, user_id)


async def folder_of_access(tx: Transaction, event: InboxAccessGranted) -> None:
    """Make the folder "Mine" of a user, or the folder of a team and "Mine" of its members."""
    if not await users.is_team(tx, event.user_id):
        await folder(tx, event.inbox_id, FolderType.MINE, event.user_id)
        return
    await folder(tx, event.inbox_id, FolderType.TEAM, event.user_id)
    for user_id in await users.member_ids(tx, event.user_id):
        await folder(tx, event.inbox_id, FolderType.MINE, user_id)


async def folders_of_members(tx: Transaction, event: TeamMembersChanged) -> None:
    """Make the folders "Mine" of new members in the inboxes of their team."""
    for inbox_id in await inboxes.granted_to(tx, event.team_id):
        for user_id in event.added:
            await folder(tx, inbox_id, FolderType.MINE, user_id)


async def folders_of_user(tx: Transaction, event: UserCreated | RoleChanged) -> None:
    """Make the folders "Mine" of whoever works everywhere from now on."""
    if event.user_id in await users.everywhere(tx):
        for inbox_id in await inboxes.all_ids(tx):
            await folder(tx, inbox_id, FolderType.MINE, event.user_id)
