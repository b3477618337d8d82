"""The vocabulary of what people are told in the browser."""

from __future__ import annotations

from datetime import timedelta

KEPT = timedelta(days=90)
MOST_COUNTED = 100  # so many unread ones are counted: nobody reads a greater number
