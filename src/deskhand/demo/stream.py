"""The stream of conversations: who writes, about what, by which channel, and what the desk knows of it at the end."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import NamedTuple

from deskhand.demo import courses
from deskhand.demo.correspondence import by_mail
from deskhand.demo.customers import Crowd, Kind, Persona, customer
from deskhand.demo.facts import Facts
from deskhand.demo.files import files
from deskhand.demo.firms import business
from deskhand.demo.library import Library, Opening, Plot, library
from deskhand.demo.model import ConversationType, DemoConversation, State, Status, World
from deskhand.demo.rhythm import DAY, HOUR, arrivals
from deskhand.demo.story import Desk, Story, desk
from deskhand.demo.voice import Voice
from deskhand.demo.world import (
    BUSINESS_TYPE,
    CLASS_DATE,
    ORDER_NUMBER,
    PACKING,
    PRODUCT,
    REASON,
    REFUND,
    SCHOOL,
    SEATS,
    SERIAL,
    SUPPORT,
    WHOLESALE,
)

_ENGLISH = frozenset({"GB", "IE", "US", "CA"})


class _Channel(NamedTuple):
    kind: ConversationType
    source: str
    state: State
    author: int | None
    """The user who began, or None."""


_BY_MAIL = _Channel(ConversationType.EMAIL, "email", State.PUBLISHED, None)
_BY_FORM = _Channel(ConversationType.EMAIL, "beacon", State.PUBLISHED, None)
_BY_CHAT = _Channel(ConversationType.CHAT, "chat", State.PUBLISHED, None)

_SPAM = 0.02
_OUTGOING = 0.035


def conversations(world: World, count: int, until: datetime) -> Iterator[DemoConversation]:
    """`count` conversations over the year before `until`, in the order in which they began.

    A stream: what is kept does not grow, but for four bytes per customer. The same world, count and instant give the same
    conversations on every machine. Not so a different count: the year is then divided otherwise.
    """
    end = int(until.timestamp())
    # Two sources, so that the times do not depend on what is said.
    times = arrivals(Random(world.seed * 2 + 1).random, count, end)
    random = Random(world.seed * 2).random
    place = desk(world, random, library(), files(), end)
    crowd = Crowd(world.seed, random)
    for index, created in enumerate(times):
        yield _tell(place, crowd, index, created)


def _tell(place: Desk, crowd: Crowd, index: int, created: int) -> DemoConversation:
    random = place.random
    plot, course = _plot(place.library, random(), random(), created)
    who, new = crowd.choose(plot.situation.kind)
    if course == "mail" and who.kind is Kind.PERSON and who.culture.language in place.library.foreign and random() < 0.3:
        strangers = place.library.foreign[who.culture.language]
        plot = strangers[int(random() * len(strangers))]
    situation = plot.situation
    facts = Facts(random, index, created, who, situation.goods, situation.language)
    openings = plot.fluent if who.culture.country in _ENGLISH or who.organization else plot.openings
    opening = openings[int(random() * len(openings))]
    voice = Voice(random, place.library, facts, opening, situation.mood)
    story = Story(place, plot, who, facts, created)
    channel = _run(story, voice, opening, course)
    subject = voice.subject(story.pick(opening.subjects), ours=channel.author is not None)
    return _finished(story, index, subject, channel, new=new)


def _run(story: Story, voice: Voice, opening: Opening, course: str) -> _Channel:
    """Tell the story by the course that was drawn, or by mail if nobody is there to take a call."""
    if course == "spam":
        courses.as_spam(story, opening)
        return _BY_MAIL
    if course == "desk":
        story.somebody_is_there()
        sent = courses.by_desk(story, voice, opening)
        return _Channel(ConversationType.EMAIL, "web", State.PUBLISHED if sent else State.DRAFT, story.threads[0].author)
    if course == "phone" and story.plot.calls and story.somebody_is_there():
        courses.by_phone(story, voice, opening)
        return _Channel(ConversationType.PHONE, "web", State.PUBLISHED, story.threads[0].author)
    if course == "chat" and story.somebody_is_there():
        courses.by_chat(story, voice, opening)
        return _BY_CHAT
    by_mail(story, voice, opening)
    return _BY_FORM if story.random() < 0.14 else _BY_MAIL


def _plot(texts: Library, chance: float, course: float, created: int) -> tuple[Plot, str]:
    """What it is about, and whether it comes by mail, phone or chat, from the desk, or is spam."""
    if course < _SPAM:
        return texts.spam[int(chance * len(texts.spam))], "spam"
    office = (created // DAY + 3) % 7 < 5 and 7 <= created // HOUR % 24 < 16
    if course < _SPAM + _OUTGOING and office:
        return texts.outgoing[int(chance * len(texts.outgoing))], "desk"
    plot = texts.plots[int(chance * len(texts.plots))]
    if course < 0.095:
        return plot, "phone"
    if course < 0.165 and plot.situation.kind is Kind.PERSON:
        return plot, "chat"
    return plot, "mail"


def _finished(story: Story, index: int, subject: str, channel: _Channel, *, new: bool) -> DemoConversation:
    closed = story.closed_at if story.status is Status.CLOSED else None
    snoozed = story.snoozed_until
    who = story.who
    return DemoConversation(
        index=index,
        inbox=story.inbox,
        customer=who.number,
        new_customer=customer(who) if new else None,
        subject=subject,
        type=channel.kind,
        source=channel.source,
        created_by=channel.author,
        status=story.status,
        state=channel.state,
        assignee=story.assignee,
        tags=_tags(story, who),
        fields=_fields(story),
        created_at=story.threads[0].at,
        closed_at=None if closed is None else datetime.fromtimestamp(closed, UTC),
        closed_by=None if closed is None else story.closed_by,
        snoozed_until=None if snoozed is None else datetime.fromtimestamp(snoozed, UTC),
        snoozed_by=story.snoozed_by,
        wakes_on_reply=story.wakes,
        threads=tuple(story.threads),
    )


def _tags(story: Story, who: Persona) -> tuple[int, ...]:
    random, places = story.random, story.desk.tags
    names = [name for number, name in enumerate(story.plot.situation.tags) if random() < (0.85 if number == 0 else 0.25)]
    if who.kind is Kind.BUSINESS and who.chance % 6 == 0 and "vip" not in names:
        names.append("vip")
    return tuple(sorted(places[name] for name in names))


def _fields(story: Story) -> tuple[tuple[int, str], ...]:
    """What an agent has filled in by now; nothing before the first answer."""
    facts, situation = story.facts, story.plot.situation
    if story.status is Status.SPAM or story.assignee is None:
        return ()
    values: list[tuple[int, str]] = []
    if situation.inbox == SUPPORT:
        if "order" in facts:
            values.append((ORDER_NUMBER, facts["order"]))
        if "product" in facts:
            values.append((PRODUCT, facts.product.option))
        values.append((REASON, situation.reason))
        if situation.refunds and "price" in facts and story.status is Status.CLOSED:
            values.append((REFUND, f"{facts.product.price / 100:.2f}"))
        if "serial" in facts:
            values.append((SERIAL, facts["serial"]))
    elif situation.inbox == WHOLESALE:
        if story.who.organization:
            values.append((BUSINESS_TYPE, business(story.who.organization)))
        if story.random() < 0.15:
            values.append((PACKING, story.pick(_PACKING)))
    elif situation.inbox == SCHOOL:
        if "class_day" in facts:
            values.append((CLASS_DATE, facts["class_day"]))
        if "seats" in facts:
            values.append((SEATS, facts["seats"]))
    return tuple(values)


_PACKING = (
    "No plastic, please.\nThe lift takes 80 cm.", "Ring at the back door.", "Whole beans in 5 kg bags,\nguest roast in 250 g.",
    "Pallet only before 7:00.", "Leave with the bakery if closed.",
)  # fmt: skip
