"""Believable demo data: a year of letters to a small maker of coffee gear, the same for the same seed."""

from deskhand.demo.stream import conversations
from deskhand.demo.world import world

__all__ = ["conversations", "world"]
