"""One conversation, told from its first letter until it is over or the present is reached.

Whatever would happen after `until` has not happened yet, so the newest conversations are open in all the ways that a
living desk has: unread, waiting, half answered, snoozed.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple, TypeVar

import msgspec

from deskhand.demo.customers import Persona
from deskhand.demo.facts import Facts
from deskhand.demo.library import Library, Plot
from deskhand.demo.model import (
    DemoAction,
    DemoAttachment,
    DemoRating,
    DemoThread,
    Rating,
    State,
    Status,
    ThreadKind,
    World,
)
from deskhand.demo.rhythm import ASIDE, DAY, HOUR, at_work, awake, wait
from deskhand.demo.world import OFFICE_HOURS

T = TypeVar("T")

# Looking a member up in an enum costs a tenth of a microsecond on Python 3.11, and there are dozens to a conversation.
_DRAFT = State.DRAFT
_PUBLISHED = State.PUBLISHED
_ACTIVE = Status.ACTIVE
_CLOSED = Status.CLOSED
_CUSTOMER = ThreadKind.CUSTOMER
_LINEITEM = ThreadKind.LINEITEM
_NOTE = ThreadKind.NOTE
_REPLY = ThreadKind.REPLY

MOST_THREADS = 60


class Desk(NamedTuple):
    """What all stories share."""

    world: World
    random: Callable[[], float]
    library: Library
    files: dict[str, tuple[DemoAttachment, ...]]
    until: int
    rosters: tuple[tuple[tuple[int, ...], ...], ...]
    """Who is likely to take a letter, by inbox and hour of the day (UTC)."""
    hours: tuple[tuple[int, int], ...]
    """When each user works, in seconds of the UTC day."""
    tags: dict[str, int]


def desk(
    world: World, random: Callable[[], float], library: Library, files: dict[str, tuple[DemoAttachment, ...]], until: int
) -> Desk:
    """The desk of this world at the instant `until`."""
    hours = tuple(OFFICE_HOURS[user.timezone] for user in world.users)
    rosters = []
    for inbox in world.inboxes:
        by_hour = []
        for hour in range(24):
            # Those at work thrice, the others once: some letters wait for the morning of somebody else.
            at_work_now = [user for user in inbox.users if hours[user][0] <= hour * HOUR < hours[user][1]]
            by_hour.append(tuple(at_work_now * 3 + list(inbox.users)))
        rosters.append(tuple(by_hour))
    tags = {tag.name: place for place, tag in enumerate(world.tags)}
    return Desk(world, random, library, files, until, tuple(rosters), hours, tags)


class Story:
    """What has happened so far. Each step answers False when it lies beyond the present."""

    __slots__ = (
        "agent", "assignee", "at", "closed_at", "closed_by", "desk", "facts", "inbox", "plot", "random", "snoozed_by",
        "snoozed_until", "status", "threads", "until", "wakes", "who",
    )  # fmt: skip

    def __init__(self, desk: Desk, plot: Plot, who: Persona, facts: Facts, created: int) -> None:
        self.desk = desk
        self.random = desk.random
        self.until = desk.until
        self.plot = plot
        self.who = who
        self.facts = facts
        self.inbox = plot.situation.inbox
        self.at = created
        self.threads: list[DemoThread] = []
        self.status = _ACTIVE
        self.assignee: int | None = None
        self.agent = 0
        self.closed_at: int | None = None
        self.closed_by: int | None = None
        self.snoozed_until: int | None = None
        self.snoozed_by: int | None = None
        self.wakes = False

    def pick(self, options: Sequence[T]) -> T:
        return options[int(self.random() * len(options))]

    def add(
        self,
        kind: ThreadKind,
        author: int | None,
        at: int,
        body: str,
        state: State = _PUBLISHED,
        action: DemoAction | None = None,
        cc: tuple[str, ...] = (),
        bcc: tuple[str, ...] = (),
        attachments: tuple[DemoAttachment, ...] = (),
    ) -> bool:
        """Write a thread down, unless it lies in the future. Nothing happens before what came before."""
        if at > self.until:
            return False
        self.at = max(self.at, at)
        instant = datetime.fromtimestamp(self.at, UTC)
        self.threads.append(
            DemoThread(kind, author, instant, body, self.status, self.assignee, state, action, cc, bcc, attachments)
        )
        return True

    def line(self, author: int, at: int, kind: str, text: str) -> bool:
        name = self.desk.world.users[author].name
        return self.add(_LINEITEM, author, at, "", action=DemoAction(kind, f"{name} {text}"))

    def customer(self, at: int, body: str, attachments: tuple[DemoAttachment, ...] = (), cc: tuple[str, ...] = ()) -> bool:
        """The customer writes, which opens what was closed."""
        if at > self.until:
            return False
        self.status = _ACTIVE
        self.closed_at = self.closed_by = None
        return self.add(_CUSTOMER, None, at, body, cc=cc, attachments=attachments)

    def reply(
        self,
        at: int,
        body: str,
        status: Status,
        attachments: tuple[DemoAttachment, ...] = (),
        bcc: tuple[str, ...] = (),
    ) -> bool:
        """The agent writes; who answers an unassigned conversation has it."""
        if at > self.until:
            return False
        self.assignee = self.agent
        self._set(status, self.agent, at)
        return self.add(_REPLY, self.agent, at, body, bcc=bcc, attachments=attachments)

    def schedule(self, at: int, body: str) -> None:
        """A reply that is written and waits for its hour, some morning soon or later today."""
        hour = (self.until // DAY + 1 + int(self.random() * 5)) * DAY + 7 * HOUR + int(self.random() * 8) * 900
        if self.random() < 0.3:
            hour = (self.until // 900 + 1 + int(self.random() * 16)) * 900
        self.add(_REPLY, self.agent, at, body, _DRAFT)
        self.threads[-1] = msgspec.structs.replace(
            self.threads[-1],
            scheduled_for=datetime.fromtimestamp(hour, UTC),
            unschedules_on_reply=self.random() < 0.7,
        )

    def close(self, at: int) -> bool:
        if at > self.until:
            return False
        if self.status is _CLOSED:
            return True
        self._set(_CLOSED, self.agent, at)
        return self.line(self.agent, at, "changed-ticket-status", "marked as Closed")

    def note(self, at: int, body: str, author: int | None = None) -> bool:
        return self.add(_NOTE, self.agent if author is None else author, at, body)

    def choose_agent(self, *, skilled: bool = False) -> None:
        """Somebody of the inbox, `skilled` if need be, more likely one who is at work."""
        team = self.plot.situation.team
        if skilled and team is not None and self.random() < 0.55:
            self.agent = self.pick(self.desk.world.teams[team].members)
        else:
            self.agent = self.pick(self.desk.rosters[self.inbox][self.at // HOUR % 24])
        if self.plot.situation.language == "fr":
            self.agent = 6

    def somebody_is_there(self) -> bool:
        """Choose an agent who is at work this minute, if there is one."""
        if (self.at // DAY + 3) % 7 > 4:
            return False
        self.agent = self.desk.rosters[self.inbox][self.at // HOUR % 24][int(self.random() * 3)]
        opens, closes = self.desk.hours[self.agent]
        return opens <= self.at % DAY < closes

    def working(self, at: int) -> int:
        opens, closes = self.desk.hours[self.agent]
        return at_work(self.random, at, opens, closes)

    def speak(self, at: int) -> None:
        """From here on it is the agent who says "I", at this instant."""
        self.facts.pass_on(at, self.desk.world.users[self.agent].first)

    def assign(self, due: int) -> bool:
        """Between the letter and its answer: somebody hands it out, or takes it. False if the present is reached."""
        chance = self.random()
        if chance < 0.27:
            return self._hand_out(due, to_team=chance < 0.14)
        if chance < 0.46:
            at = max(self.at + 15, due - wait(self.random, ASIDE) // 5)
            if at > self.until:
                return False
            self.assignee = self.agent
            self.line(self.agent, at, "changed-ticket-assignee", "assigned to self")
        return True

    def _hand_out(self, due: int, *, to_team: bool) -> bool:
        """Whoever looks first gives it to the agent, or to a team the agent is in."""
        world = self.desk.world
        at = self.at + wait(self.random, ASIDE)
        giver = self.desk.rosters[self.inbox][at // HOUR % 24][int(self.random() * 3)]
        opens, closes = self.desk.hours[giver]
        at = min(at_work(self.random, at, opens, closes), due - 20)
        if at <= self.at or giver == self.agent:
            return True
        if at > self.until:
            return False
        team = self.plot.situation.team
        if to_team and team is not None and self.agent in world.teams[team].members:
            self.assignee = len(world.users) + team
            return self.line(giver, at, "changed-ticket-assignee", f"assigned to {world.teams[team].name}")
        self.assignee = self.agent
        return self.line(giver, at, "changed-ticket-assignee", f"assigned to {world.users[self.agent].name}")

    def confer(self, due: int) -> None:
        """A note or two among colleagues before the answer."""
        if self.random() > 0.2:
            return
        others = self.desk.world.inboxes[self.inbox].users
        colleague = self.pick(others)
        if colleague == self.agent:
            colleague = others[(others.index(colleague) + 1) % len(others)]
        self.facts["colleague"] = self.desk.world.users[colleague].mention
        self.facts["agent"] = self.desk.world.users[self.agent].first
        own = self.plot.notes if self.plot.notes and self.random() < 0.7 else self.desk.library.notes
        at = max(self.at + 30, due - wait(self.random, ASIDE) // 5)
        if at < due and self.note(at, self.pick(own) % self.facts) and self.random() < 0.25:
            back = at + wait(self.random, ASIDE)
            if back < due:
                self.note(back, self.pick(_COLLEAGUES), colleague)

    def snooze(self) -> None:
        """Until a morning after the present, or later the same day."""
        later = self.until + int(self.random() * 6 * HOUR) // 900 * 900 + 900
        morning = (self.until // DAY + 1 + int(self.random() * 12)) * DAY + 7 * HOUR
        self.snoozed_until = later if self.random() < 0.2 else morning
        self.snoozed_by = self.agent
        self.wakes = self.random() < 0.8

    def rate(self) -> None:
        """The customer says how it was, on the last answer."""
        for place in range(len(self.threads) - 1, -1, -1):
            thread = self.threads[place]
            if thread.kind is _REPLY and thread.state is _PUBLISHED:
                break
        else:
            return
        at = awake(self.random, int(thread.at.timestamp()) + int(self.random() * self.random() * 2 * DAY) + 300)
        if at > self.until:
            return
        chance = self.random()
        rating = Rating.GREAT if chance < 0.8 else Rating.OKAY if chance < 0.91 else Rating.NOT_GOOD
        comments = self.pick(self.desk.library.ratings[rating]) % self.facts if self.random() < 0.45 else ""
        rated = DemoRating(rating, comments, datetime.fromtimestamp(at, UTC))
        self.threads[place] = msgspec.structs.replace(thread, rating=rated)

    def _set(self, status: Status, author: int, at: int) -> None:
        self.status = status
        if status is _CLOSED:
            self.closed_at = max(at, self.at)
            self.closed_by = author
        else:
            self.closed_at = self.closed_by = None


_COLLEAGUES = (
    "Yes, go ahead.", "Fine with me.", "Done, have a look.", "I would say yes. They have been with us for years.",
    "Checked: you are right.", "On my way to the bench anyway, two minutes.", "Let us do it. And a small bag of beans?",
    "No idea, ask Joel. He remembers every screw.", "👍", "Looked it up: same as last time, we paid.",
    "Please not by phone, they hate that. Mail is fine.",
)  # fmt: skip
