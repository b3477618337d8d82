"""Facts. An event is a frozen struct named in the past tense; it carries ids and what changed, never whole objects."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

REGISTER: dict[str, type[Event]] = {}


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A fact of the past. Subclasses are stored by their class name, so a name is for ever."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        REGISTER[cls.__name__] = cls
