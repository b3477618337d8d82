"""The other courses a conversation can take: by phone, by chat, begun by the desk, or spam."""

from deskhand.demo.correspondence import agent_files, go_on, pick_file, turns
from deskhand.demo.library import Answer, Opening
from deskhand.demo.model import State, Status, ThreadKind
from deskhand.demo.rhythm import ANSWER, ASIDE, CHAT, DAY, wait
from deskhand.demo.story import Story
from deskhand.demo.voice import Voice, fitting


def by_phone(story: Story, voice: Voice, opening: Opening) -> None:
    """Somebody rings: what was said, then perhaps the promised mail."""
    random = story.random
    answer = fitting(random, opening)
    story.speak(story.at)
    story.assignee = story.agent
    text = story.pick(story.plot.calls)
    if random() < 0.5:
        text += " " + story.pick(story.desk.library.call_ends)
    over = random() < 0.4
    if over:
        story.status = Status.CLOSED
        story.closed_at, story.closed_by = story.at, story.agent
    story.add(ThreadKind.PHONE, story.agent, story.at, text % story.facts)
    if over:
        return
    at = story.working(story.at + wait(random, ASIDE))
    story.speak(at)
    body = voice.answer(story.pick(answer.blocks), asks=answer.asks)
    if story.reply(at, body, Status.PENDING, attachments=agent_files(story, answer)):
        go_on(story, voice, answer, asks=answer.asks)


def by_chat(story: Story, voice: Voice, opening: Opening) -> None:
    """A quick exchange of lines, most of them over in ten minutes."""
    random, library, facts = story.random, story.desk.library, story.facts
    answer = fitting(random, opening)
    story.speak(story.at)
    said: list[tuple[int | None, str]] = [
        (None, story.pick(library.chat_hellos)),
        (story.agent, story.pick(library.chat_answers)),
        (None, story.pick(opening.texts)),
    ]
    looked_up = random() < 0.6
    if looked_up:
        said.append((story.agent, story.pick(library.chat_waits)))
    said.append((story.agent, story.pick(answer.blocks)))
    if answer.asks or random() < 0.35:
        for turn in turns(story, answer, 1):
            said += [(None, story.pick(turn.customer)), (story.agent, story.pick(turn.agent))]
    if random() < 0.85:
        said += [(None, story.pick(library.chat_ends)), (story.agent, story.pick(library.chat_byes))]
    at = story.at
    for place, (author, text) in enumerate(said):
        if author is not None:
            story.assignee = author
        body = text % facts
        if not story.add(ThreadKind.CHAT, author, at, body.lower() if author is None and voice.manner == "hasty" else body):
            return
        at += wait(random, CHAT) * (4 if looked_up and place == 3 else 1)
    story.close(at + wait(random, ASIDE) // 6)


def by_desk(story: Story, voice: Voice, opening: Opening) -> bool:
    """The desk writes first. False if it has not got round to sending it: then the conversation is a draft."""
    random = story.random
    story.speak(story.at)
    body = voice.first_of_desk(story.pick(opening.blocks))
    files = pick_file(story, story.plot.situation.agent_file) if opening.attached else ()
    if story.at > story.until - 30 * DAY and random() < 0.2:
        story.assignee = story.agent
        story.add(ThreadKind.REPLY, story.agent, story.at, body, state=State.DRAFT, attachments=files)
        return False
    bcc = ("archive@ostrandervale.example",) if random() < 0.2 else ()
    story.reply(story.at, body, Status.PENDING, attachments=files, bcc=bcc)
    answer = Answer("0", asks=True, attached=False, blocks=())
    go_on(story, voice, answer, asks=True)
    return True


def as_spam(story: Story, opening: Opening) -> None:
    """Nobody answers. Most of it is thrown out within hours."""
    text = story.pick(opening.texts) % story.facts
    story.customer(story.at, text)
    story.choose_agent()
    at = story.working(story.at + wait(story.random, ANSWER))
    if story.random() < 0.4:
        story.status = Status.SPAM
        story.threads.clear()
        story.add(ThreadKind.CUSTOMER, None, story.at, text)
    elif at <= story.until:
        story.status = Status.SPAM
        story.line(story.agent, at, "changed-ticket-status", "marked as Spam")
