"""What an email address looks like."""

from __future__ import annotations

LONGEST_EMAIL = 254  # RFC 5321 §4.5.3.1.3, as corrected by erratum 1690
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63

_LOCAL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~.")
_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def is_email(text: str) -> bool:
    """Whether this is an address mail can go to, of at most 254 characters.

    As people use them: no quotes, comments or numeric hosts in brackets; other scripts are fine.
    """
    local, _, domain = text.rpartition("@")
    return len(text) <= LONGEST_EMAIL and _is_local_part(local) and all(map(_is_label, domain.split(".")))


def _is_local_part(text: str) -> bool:
    dotted = text.startswith(".") or text.endswith(".") or ".." in text
    return 1 <= len(text) <= LONGEST_LOCAL_PART and not dotted and _consists_of(text, _LOCAL)


def _is_label(text: str) -> bool:
    dashed = text.startswith("-") or text.endswith("-")
    return 1 <= len(text) <= LONGEST_LABEL and not dashed and _consists_of(text, _LABEL)


def _consists_of(text: str, allowed: frozenset[str]) -> bool:
    return allowed.issuperset(text) or all(letter in allowed or (letter > "\x7f" and letter.isprintable()) for letter in text)
