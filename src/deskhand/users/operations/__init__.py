"""People coming, changing, signing in. What other rooms call is here by name."""

from __future__ import annotations

from deskhand.users.operations.changing import (
    Profile,
    change_email,
    change_profile,
    change_role,
    invitation_link,
    invite_again,
    remove_team,
    rename_team,
    set_rights,
)
from deskhand.users.operations.links import ask_for_link, link_user, make_link, use_link
from deskhand.users.operations.naming import name_account
from deskhand.users.operations.notifying import choose_notifications
from deskhand.users.operations.passwords import hashed, is_outdated, is_password_of, set_password, strengthen
from deskhand.users.operations.people import NewUser, change_members, create, create_team, remove, set_status
from deskhand.users.operations.portraits import keep_photo, set_photo
from deskhand.users.operations.reading import read_newest_first
from deskhand.users.operations.sessions import (
    end_other_sessions,
    end_session,
    refuse_sign_in,
    session_rested,
    session_user,
    sign_in,
    sign_out,
    use_session,
)
from deskhand.users.operations.starting import set_up, set_up_token

__all__ = [
    "NewUser",
    "Profile",
    "ask_for_link",
    "change_email",
    "change_members",
    "change_profile",
    "change_role",
    "choose_notifications",
    "create",
    "create_team",
    "end_other_sessions",
    "end_session",
    "hashed",
    "invitation_link",
    "invite_again",
    "is_outdated",
    "is_password_of",
    "keep_photo",
    "link_user",
    "make_link",
    "name_account",
    "read_newest_first",
    "refuse_sign_in",
    "remove",
    "remove_team",
    "rename_team",
    "session_rested",
    "session_user",
    "set_password",
    "set_photo",
    "set_rights",
    "set_status",
    "set_up",
    "set_up_token",
    "sign_in",
    "sign_out",
    "strengthen",
    "use_link",
    "use_session",
]
