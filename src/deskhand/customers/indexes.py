"""What can be searched of a customer: names, organization, addresses."""

from __future__ import annotations

from deskhand.kernel.storage.indexes import FullText

CUSTOMER_TEXT = FullText("customer_text")
