"""Rules that need no database: folders, moments in words, sizes of pictures."""

from __future__ import annotations

import struct
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deskhand.conversations.model import ConversationState, FolderType, Status, home_folder, may_wait_until
from deskhand.conversations.schemas.conversations import friendly
from deskhand.kernel.pictures import pixels

NOW = datetime(2026, 4, 2, 6, 5, 4, tzinfo=UTC)
USUAL: dict[str, Any] = {
    "state": ConversationState.PUBLISHED,
    "status": Status.ACTIVE,
    "assignee_id": None,
    "assigned_to_team": False,
    "snoozed": False,
    "scheduled": False,
}


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=-5), "Just now"),
        (timedelta(seconds=59), "Just now"),
        (timedelta(seconds=60), "1 min ago"),
        (timedelta(minutes=59, seconds=59), "59 min ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=6, hours=23), "6 days ago"),
        (timedelta(days=7), "Mar 26"),
        (timedelta(days=91), "Jan 1"),
        (timedelta(days=92), "Dec 31, '25"),
        (timedelta(days=365 * 20), "Apr 7, '06"),
    ],
)
def test_how_long_somebody_waits_is_said_as_the_vendor_does(ago: timedelta, words: str) -> None:
    assert friendly(NOW - ago, NOW) == words


@pytest.mark.parametrize(
    ("given", "folder"),
    [
        ({}, (FolderType.OPEN, 0)),
        ({"status": Status.PENDING}, (FolderType.OPEN, 0)),
        ({"assignee_id": 7}, (FolderType.MINE, 7)),
        ({"assignee_id": 7, "assigned_to_team": True}, (FolderType.TEAM, 7)),
        ({"assignee_id": 7, "status": Status.CLOSED}, (FolderType.CLOSED, 0)),
        ({"assignee_id": 7, "status": Status.SPAM, "snoozed": True}, (FolderType.SPAM, 0)),
        ({"assignee_id": 7, "snoozed": True, "scheduled": True}, (FolderType.SNOOZED, 0)),
        ({"status": Status.CLOSED, "snoozed": True}, (FolderType.SNOOZED, 0)),
        ({"assignee_id": 7, "scheduled": True}, (FolderType.SCHEDULED, 0)),
        ({"status": Status.CLOSED, "scheduled": True}, (FolderType.CLOSED, 0)),
        ({"state": ConversationState.DRAFT, "assignee_id": 7, "snoozed": True}, (FolderType.DRAFTS, 0)),
        ({"state": ConversationState.DELETED, "status": Status.SPAM}, (FolderType.DELETED, 0)),
    ],
)
def test_each_condition_has_one_folder(given: dict[str, Any], folder: tuple[FolderType, int]) -> None:
    assert home_folder(**USUAL | given) == folder


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        (NOW, False),
        (NOW + timedelta(seconds=1), True),
        (datetime(2100, 12, 31, 23, 59, 59, tzinfo=UTC), True),
        (datetime(2101, 1, 1, tzinfo=UTC), False),
    ],
)
def test_waiting_ends_in_the_future_and_before_the_year_2101(moment: datetime, allowed: bool) -> None:
    assert may_wait_until(moment, NOW) is allowed


PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 600, 800)
GIF = b"GIF89a" + struct.pack("<HH", 30, 20)
FRAME = b"\xff\xc2\x00\x11\x08" + struct.pack(">HH", 480, 640) + b"\x03"
JPEG = b"\xff\xd8" + b"\xff\xe0\x00\x10" + b"x" * 14 + FRAME


@pytest.mark.parametrize(
    ("content", "size"),
    [(PNG, (600, 800)), (GIF, (30, 20)), (JPEG, (640, 480)), (b"", (0, 0)), (b"\xff\xd8", (0, 0)), (b"hello", (0, 0)),
     (PNG[:20], (0, 0)), (GIF[:8], (0, 0)), (JPEG[:24], (0, 0)), (b"\xff\xd8" + b"\xff\xe0\x00\x00" * 9, (0, 0)),
     (PNG[:16] + b"\xff" * 8, (0, 0))],
)  # fmt: skip
def test_a_picture_is_measured_by_its_header_and_nothing_else_is(content: bytes, size: tuple[int, int]) -> None:
    assert pixels(content) == size
