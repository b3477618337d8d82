"""Changing customers. What other rooms call is here by name."""

from __future__ import annotations

from deskhand.customers.operations.conversing import count_conversations
from deskhand.customers.operations.creating import create, find_or_create
from deskhand.customers.operations.erasing import delete
from deskhand.customers.operations.merging import merge

__all__ = ["count_conversations", "create", "delete", "find_or_create", "merge"]
