"""The shape of the map from facts to what follows; the map itself is ``deskhand.reactions``, made where all is known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from deskhand.kernel.events import Event


class Reaction(Struct, frozen=True):
    """A job that follows a fact.

    ``run(desk, event)`` may happen more than once. ``due`` gives the moment (UTC), else at once. ``key`` names what the
    job is for: a later fact with the same key takes its place (a second snooze), else each fact has its own job. ``when``
    says of which facts it follows, else of all.
    """

    run: Callable[[Any, Any], Awaitable[None]]
    due: Callable[[Any], datetime] | None = None
    key: Callable[[Any], str] | None = None
    when: Callable[[Any], bool] | None = None

    @property
    def kind(self) -> str:
        """The stored name: room and function, e.g. ``conversations.wake``."""
        return f"{self.run.__module__.split('.')[1]}.{self.run.__name__}"


Within = Callable[[Any, Any], Awaitable[None]]
Tell = Callable[[Any, list[Any]], Awaitable[None]]
"""``(tx, stored)``: the facts of an operation that is about to end."""

WATCHERS = "watchers"
"""The kept count of those who are told of facts from within; while it is 0, nobody is told and it costs nothing."""


class Reactions:
    """Two tables: ``after`` (a job each, retried alone) and ``within`` (the same transaction, for invariants only).

    ``tell`` are the very last acts of an operation, in this order, once for all its facts, while anybody watches. What one
    records is told to the next. ``uses`` are statements of the rooms that give something where a ``blob`` is still used.
    """

    def __init__(
        self,
        after: Mapping[type[Event], tuple[Reaction, ...]] | None = None,
        within: Mapping[type[Event], tuple[Within, ...]] | None = None,
        tell: tuple[Tell, ...] = (),
        uses: tuple[Any, ...] = (),
    ) -> None:
        self._after = dict(after or {})
        self._within = dict(within or {})
        self.tell = tell
        self.uses = uses
        self.by_kind = {reaction.kind: reaction for each in self._after.values() for reaction in each}

    def after(self, event: type[Event]) -> tuple[Reaction, ...]:
        """The jobs that follow a fact."""
        return self._after.get(event, ())

    def within(self, event: type[Event]) -> tuple[Within, ...]:
        """What must hold in the same transaction."""
        return self._within.get(event, ())
