"""What lies on the desk at the present instant: snoozed, begun, set to go later, looked at."""

from deskhand.demo.model import State, Status, ThreadKind
from deskhand.demo.story import Story
from deskhand.demo.voice import Voice


def left_pending(story: Story, voice: Voice) -> None:
    """The present, while we wait for the customer."""
    if story.status is not Status.PENDING:
        return
    chance = story.random()
    if chance < 0.16:
        story.snooze()
    elif chance < 0.2:
        story.speak(story.until)
        body = voice.later_answer(story.pick(story.desk.library.follow_ups[voice.language]))
        story.schedule(story.at + int((story.until - story.at) * story.random()), body)


def unsent(story: Story, body: str) -> None:
    """The present, while the customer waits for us: an answer may be begun, or be set to go later."""
    chance = story.random()
    if chance < 0.12:
        at = story.at + int((story.until - story.at) * (0.3 + 0.7 * story.random()))
        story.assignee = story.agent
        story.add(ThreadKind.REPLY, story.agent, at, body, state=State.DRAFT)
    elif chance < 0.17:
        story.assignee = story.agent
        story.schedule(story.at + int((story.until - story.at) * story.random()), body)
    elif chance < 0.21:
        story.assignee = story.agent
        story.snooze()
    elif chance < 0.26:
        _remind_soon(story)


def _remind_soon(story: Story) -> None:
    """A colleague has looked and left a word."""
    at = story.working(story.at + (story.until - story.at) // 3)
    story.facts.setdefault("colleague", "ines")
    story.note(at, story.pick(story.plot.notes or story.desk.library.notes) % story.facts)
