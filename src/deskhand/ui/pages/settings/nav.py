"""What settings there are, and who may see which: the navigation of every page of settings."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from deskhand.kernel.http.answers import Answer
from deskhand.kernel.permissions import Actor, Permission
from deskhand.ui.door import Visit

MANAGE = Permission.MANAGE_ACCOUNT


class Place(Struct, frozen=True):
    """A page of settings; ``key`` names it, ``needs`` is the right to see it, if one is needed."""

    key: str
    name: str
    about: str
    icon: str
    href: str
    needs: Permission | None = MANAGE


GROUPS: list[tuple[str, list[Place]]] = [
    (
        "Desk",
        [
            Place("account", "Account", "Name, language, office hours, and what runs here", "building-2", "/settings/account"),
            Place("inboxes", "Inboxes", "Addresses, mail, signatures, fields, who works where", "inbox", "/settings/inboxes"),
            Place("users", "Users", "Who works here, what they are and may do", "users", "/settings/users"),
            Place("teams", "Teams", "People who own conversations together", "users", "/settings/teams"),
            Place("roles", "Roles", "What owners, administrators and users may do", "shield-check", "/settings/roles"),
            Place("tags", "Tags", "Rename, colour and merge them", "tag", "/settings/tags"),
            Place("workflows", "Workflows", "What inboxes do by themselves, and why", "git-branch", "/settings/workflows"),
            Place(
                "saved-replies",
                "Saved replies",
                "What is answered again and again",
                "message-square-text",
                "/settings/saved-replies",
                Permission.EDIT_SAVED_REPLIES,
            ),
        ],
    ),
    (
        "Connections",
        [
            Place("webhooks", "Webhooks", "Programs that are told what happens", "webhook", "/settings/webhooks"),
            Place("applications", "API applications", "Programs that may ask the API", "key-round", "/settings/applications"),
        ],
    ),
    (
        "Watch",
        [
            Place("held", "Held mail", "Messages that wait for a person, and why", "mail-warning", "/mail/held"),
            Place("queue", "Mail going out", "What waits and what failed, in the servers’ words", "send", "/mail/queue"),
            Place("audit", "Audit", "Who did what, when and from where", "history", "/settings/audit"),
        ],
    ),
    (
        "You",
        [
            Place(
                "me",
                "Your profile",
                "Name, photo, password, notifications, theme, sessions",
                "user-round",
                "/me",
                None,
            )
        ],
    ),
]
"""In their order. A new page of settings is a line here."""


def groups(actor: Actor) -> list[tuple[str, list[Place]]]:
    """What somebody may see, without what is empty then."""
    seen = [(title, [each for each in several if each.needs is None or actor.may(each.needs)]) for title, several in GROUPS]
    return [(title, several) for title, several in seen if several]


def show(visit: Visit, template: str, at: str, *, status: int = 200, **values: Any) -> Answer:
    """A page of settings: ``at`` is the key of the place in the navigation."""
    return visit.page(template, status=status, at=at, groups=groups(visit.actor), pane="page", **values)
