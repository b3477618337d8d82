"""A conversation by mail: a letter, perhaps a note, an answer, some turns, thanks."""

from deskhand.demo.customers import Kind
from deskhand.demo.library import Answer, Opening, Turn
from deskhand.demo.loose_ends import left_pending, unsent
from deskhand.demo.model import DemoAttachment, Status, ThreadKind
from deskhand.demo.rhythm import ANSWER, CUSTOMER, DAY, FIRST_ANSWER, GIVING_UP, HOUR, awake, wait
from deskhand.demo.story import MOST_THREADS, Story
from deskhand.demo.voice import Voice, fitting

# Looking a member up in an enum costs a tenth of a microsecond on Python 3.11, and there are dozens to a conversation.
_CLOSED = Status.CLOSED
_PENDING = Status.PENDING
_REPLY = ThreadKind.REPLY

_FORGOTTEN = 0.02
_FORGOTTEN_FOR = 16 * DAY

# Up to which chance a conversation has at least so many turns, and how many more it may have.
_LENGTHS = ((0.53, 0, 0), (0.8, 1, 0), (0.9, 2, 0), (0.96, 3, 0), (0.986, 4, 2), (0.996, 7, 5), (1.0, 13, 11))


def by_mail(story: Story, voice: Voice, opening: Opening) -> None:
    """The usual course."""
    random = story.random
    answer = fitting(random, opening)
    files, file_line = _customer_files(story)
    body = voice.first_letter(story.pick(opening.texts), file_line)
    cc: tuple[str, ...] = ()
    if random() < (0.12 if story.who.kind is Kind.BUSINESS else 0.015):
        cc = (f"{story.pick(('accounts', 'office', 'anna', 'bar'))}@{story.who.domain}",)
    story.customer(story.at, body, attachments=files, cc=cc)
    if "damaged" in story.plot.situation.tags and random() < 0.2:
        story.line(4, story.at + 2, "manual-workflow", "ran the Damaged in transit workflow")
    if story.at > story.until - _FORGOTTEN_FOR and random() < _FORGOTTEN:
        if random() < 0.6:
            _nudge(story, voice, story.at + 40 * HOUR)
        return
    asked = _first_answer(story, voice, answer)
    if asked is not None:
        go_on(story, voice, answer, asks=asked)


def _first_answer(story: Story, voice: Voice, answer: Answer) -> bool | None:
    """Whether the answer asked something back; None if the present came first."""
    story.choose_agent(skilled=True)
    due = story.working(story.at + wait(story.random, FIRST_ANSWER))
    if due - story.at > 30 * HOUR and story.random() < 0.4:
        if not _nudge(story, voice, story.at + (due - story.at) * 3 // 5):
            return None
        due = max(due, story.at + 600)
    if not story.assign(due):
        return None
    story.confer(due)
    story.speak(due)
    block = story.pick(answer.blocks)
    body = voice.answer(block, asks=answer.asks)
    closes = not answer.asks and "?" not in block and story.random() < 0.45
    files = agent_files(story, answer)
    if not story.reply(due, body, _CLOSED if closes else _PENDING, attachments=files):
        unsent(story, body)
        return None
    return answer.asks


def go_on(story: Story, voice: Voice, answer: Answer, *, asks: bool) -> None:
    """Turns, thanks and the end."""
    random = story.random
    wanted = _length(random())
    if asks and wanted == 0 and random() < 0.85:
        wanted = 1
    happened = 0
    for turn in turns(story, answer, wanted):
        if len(story.threads) > MOST_THREADS - 6:
            break
        if not _turn(story, voice, turn, quick=wanted > 6):
            return
        happened += 1
    if happened or not asks:
        _end(story, voice)
    else:
        _fade(story, voice)


def _turn(story: Story, voice: Voice, turn: Turn, *, quick: bool) -> bool:
    random = story.random
    at = awake(random, story.at + (wait(random, CUSTOMER) // (4 if quick else 1)))
    quoted = ""
    if random() < 0.16:
        quoted = _last_reply(story)
    body = voice.back_letter(story.pick(turn.customer), quoted)
    if not story.customer(at, body):
        left_pending(story, voice)
        return False
    if random() < 0.15:
        story.choose_agent()
    if story.at > story.until - _FORGOTTEN_FOR and random() < _FORGOTTEN:
        return False
    due = story.working(story.at + wait(random, ANSWER))
    if random() < 0.4:
        story.confer(due)
    story.speak(due)
    block = story.pick(turn.agent)
    text = voice.later_answer(block)
    status = _CLOSED if "?" not in block and random() < 0.3 else _PENDING
    files = pick_file(story, story.plot.situation.agent_file) if "attached" in block else ()
    if not story.reply(due, text, status, attachments=files):
        unsent(story, text)
        return False
    return True


def _end(story: Story, voice: Voice) -> None:
    random, library = story.random, story.desk.library
    if random() < 0.4:
        thanks = library.thanks[voice.language]
        if voice.angry and voice.language == "en":
            thanks = library.cool_thanks
        at = awake(random, story.at + wait(random, CUSTOMER) // 3)
        if not story.customer(at, voice.back_letter(story.pick(thanks), "")):
            left_pending(story, voice)
            return
        due = story.working(story.at + wait(random, ANSWER))
        if random() < 0.22 and not voice.angry:
            story.speak(due)
            story.reply(due, voice.later_answer(story.pick(library.welcomes[voice.language])), _CLOSED)
        else:
            story.close(due)
    else:
        _fade(story, voice)
    if story.status is _CLOSED and random() < 0.09:
        story.rate()


def _fade(story: Story, voice: Voice) -> None:
    """Nobody writes any more; after some days it is closed, and a few are forgotten."""
    at = story.working(story.at + wait(story.random, GIVING_UP))
    if story.at > story.until - 60 * DAY and story.random() < 0.09:
        at = story.until + 1
    if not story.close(at):
        left_pending(story, voice)


def _nudge(story: Story, voice: Voice, at: int) -> bool:
    story.facts.setdefault("agent", "Ostrander &amp; Vale")
    text = story.pick(story.desk.library.nudges[voice.language]) % story.facts
    return story.customer(awake(story.random, at), text)


def turns(story: Story, answer: Answer, wanted: int) -> list[Turn]:
    """Turns that make sense after this answer, in order; long conversations go on about this and that."""
    out: list[Turn] = []
    if wanted == 0:
        return out
    taken = False
    for turn in story.plot.turns:
        if turn.after and answer.number not in turn.after and answer.number != "0":
            taken = False
            continue
        if (turn.follows and not taken) or (turn.instead and taken):
            continue
        taken = turn.follows or story.random() < 0.65
        if taken:
            out.append(turn)
            if len(out) == wanted:
                return out
    if not out and answer.asks:
        out = [turn for turn in story.plot.turns if not turn.follows and answer.number in turn.after][:1]
    if wanted > 3 and story.facts.language == "en":
        general = story.desk.library.turns
        place = int(story.random() * len(general))
        while general[place].follows:
            place -= 1
        for step in range(wanted - len(out)):
            out.append(general[(place + step) % len(general)])
    return out


def _length(chance: float) -> int:
    """How many turns there will be, from a number below one."""
    for below, least, more in _LENGTHS:
        if chance < below:
            return least + int(more * chance * 1000) % (more + 1) if more else least
    return 0


def _last_reply(story: Story) -> str:
    for thread in reversed(story.threads):
        if thread.kind is _REPLY:
            at = int(thread.at.timestamp())
            story.facts["quoted_day"] = story.facts.date(at)
            story.facts["quoted_time"] = f"{thread.at.hour}:{thread.at.minute:02}"
            return thread.body
    return ""


def _customer_files(story: Story) -> tuple[tuple[DemoAttachment, ...], str]:
    kind = story.plot.situation.customer_file
    if not kind or story.random() > 0.045:
        return (), ""
    lines = story.desk.library.files[kind]
    return pick_file(story, kind), story.pick(lines)


def agent_files(story: Story, answer: Answer) -> tuple[DemoAttachment, ...]:
    """The file an answer speaks of, if it does."""
    if not answer.attached:
        return ()
    return pick_file(story, story.plot.situation.agent_file or "invoice")


def pick_file(story: Story, kind: str) -> tuple[DemoAttachment, ...]:
    """One of the files of a kind; none for the empty word."""
    return (story.pick(story.desk.files[kind]),) if kind else ()
