"""What can be searched of a conversation: the text of each thread, and the subject."""

from __future__ import annotations

from deskhand.kernel.storage.indexes import FullText

THREAD_TEXT = FullText("thread_text")
SUBJECT_TEXT = FullText("subject_text")
