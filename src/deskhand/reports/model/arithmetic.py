"""Means, shares and changes, as reports tell them (contract 70 §0.2)."""

from __future__ import annotations


def mean(total: float, count: int) -> float | None:
    """None where nothing was measured."""
    return total / count if count else None


def whole(value: float | None) -> int | None:
    """The nearest whole number, half to even."""
    return None if value is None else round(value)


def share(part: float, of: float) -> float:
    """From 0 to 1; of nothing 0."""
    return part / of if of else 0.0


def percent(part: float, of: float) -> float:
    """From 0 to 100; of nothing 0."""
    return part / of * 100 if of else 0.0


def change(now: float | None, before: float | None) -> float:
    """How much more it is now, in percent; 0 where either is unknown or it was 0."""
    return (now - before) / before * 100 if now is not None and before else 0.0


def difference(now: float | None, before: float | None) -> float:
    """The same in points."""
    return (now or 0.0) - (before or 0.0)
