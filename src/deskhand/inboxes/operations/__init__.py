"""Inboxes made and changed. What other rooms call is here by name."""

from __future__ import annotations

from deskhand.inboxes.operations.changing import Wanted, change
from deskhand.inboxes.operations.fields import change_field, create_field, delete_field, order_fields
from deskhand.inboxes.operations.making import (
    create,
    create_saved_reply,
    delete_saved_reply,
    grant,
    invite,
    note_turn,
    remove_office_hours,
    restore_saved_reply,
    revoke,
    set_office_hours,
    set_routing,
    update_saved_reply,
)

__all__ = [
    "Wanted",
    "change",
    "change_field",
    "create",
    "create_field",
    "create_saved_reply",
    "delete_field",
    "delete_saved_reply",
    "grant",
    "invite",
    "note_turn",
    "order_fields",
    "remove_office_hours",
    "restore_saved_reply",
    "revoke",
    "set_office_hours",
    "set_routing",
    "update_saved_reply",
]
