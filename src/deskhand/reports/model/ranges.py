"""The ranges that times and numbers are broken down by: borders are lower ends, the first range is below the first border."""

from __future__ import annotations

from bisect import bisect_right

MINUTE = 60
HOUR = 60 * MINUTE

RESPONSE = (15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR)
REPLIES = (2, 3, 4, 5, 6)
CHAT_WAIT = (MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE)
CHAT_MESSAGES = (6, 11, 21, 31)
CHAT_DURATION = (5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 30 * MINUTE)


def range_of(value: float, borders: tuple[int, ...]) -> int:
    """The id of the range that a value is in, from 1."""
    return bisect_right(borders, value) + 1


def ends(range_id: int, borders: tuple[int, ...]) -> tuple[int, int]:
    """The lower end of a range and the border behind it; far away where there is none, both 0 for a range that is none."""
    if not 1 <= range_id <= len(borders) + 1:
        return 0, 0
    whole = (-(2**62), *borders, 2**62)
    return whole[range_id - 1], whole[range_id]
