"""Who acts, and which deeds they may do. Which rows they see is each room's ``visible`` predicate."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from deskhand.kernel.errors import Forbidden


class Permission(StrEnum):
    """A deed that not everybody may do."""

    ASSIGN_CONVERSATIONS = "assign-conversations"
    DELETE_CONVERSATIONS = "delete-conversations"
    DELETE_CUSTOMERS = "delete-customers"
    EDIT_CONVERSATIONS = "edit-conversations"
    EDIT_CUSTOMERS = "edit-customers"
    EDIT_SAVED_REPLIES = "edit-saved-replies"
    EDIT_THREADS = "edit-threads"
    MANAGE_ACCOUNT = "manage-account"
    USE_API = "use-api"


class Role(StrEnum):
    """What somebody is in the account (contract 60 §2)."""

    OWNER = "owner"
    ADMINISTRATOR = "admin"
    USER = "user"
    LIGHT_USER = "light user"


EVERYTHING = frozenset(Permission)
SEE_EVERY_INBOX = frozenset({Role.OWNER, Role.ADMINISTRATOR})
BY_ROLE = {
    Role.OWNER: EVERYTHING,
    Role.ADMINISTRATOR: EVERYTHING,
    Role.USER: frozenset(
        {
            Permission.ASSIGN_CONVERSATIONS,
            Permission.EDIT_CONVERSATIONS,
            Permission.EDIT_CUSTOMERS,
            Permission.EDIT_SAVED_REPLIES,
            Permission.USE_API,
        }
    ),
    Role.LIGHT_USER: frozenset({Permission.USE_API}),
}


class ActorKind(StrEnum):
    """Who stands behind an act."""

    CUSTOMER = "customer"
    SYSTEM = "system"
    USER = "user"
    WORKFLOW = "workflow"


class Actor(Struct, frozen=True):
    """Whoever acts, made once at the door.

    ``inbox_ids`` are the inboxes open to them, ascending; with ``has_every_inbox`` those are all there are, with
    ``sees_all_inboxes`` nobody listed them. ``user_id`` is 0 for the system itself. A workflow has the user who
    ran it by hand, if anybody did, and the id of its run.
    """

    kind: ActorKind
    user_id: int
    permissions: frozenset[Permission]
    inbox_ids: tuple[int, ...]
    sees_all_inboxes: bool = False
    has_every_inbox: bool = False
    application_id: int | None = None
    run_id: int = 0

    def may(self, permission: Permission) -> bool:
        """Whether the deed is allowed."""
        return permission in self.permissions

    def must(self, permission: Permission) -> None:
        """Raises Forbidden unless the deed is allowed."""
        if permission not in self.permissions:
            raise Forbidden(f"You need the right to {permission.value.replace('-', ' ')}")

    def sees_inbox(self, inbox_id: int) -> bool:
        """Whether the inbox is open to this actor."""
        return self.sees_all_inboxes or inbox_id in self.inbox_ids


def customer_actor() -> Actor:
    """A customer at a page that only they have the link to: the link says what they see, no right is needed."""
    return Actor(ActorKind.CUSTOMER, 0, frozenset(), (), sees_all_inboxes=True)


def workflow_actor(run_id: int, user_id: int = 0) -> Actor:
    """A run of a workflow: who defined it had every right, so it has."""
    return Actor(ActorKind.WORKFLOW, user_id, EVERYTHING, (), sees_all_inboxes=True, run_id=run_id)


def system_actor() -> Actor:
    """The desk itself: jobs, imports, the command line on the server."""
    return Actor(ActorKind.SYSTEM, 0, EVERYTHING, (), sees_all_inboxes=True)
