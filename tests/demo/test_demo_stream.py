"""The stream as a loader sees it: the same for the same seed, in order, plausible, and never beyond the present."""

import hashlib
import os
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import msgspec
import pytest

from deskhand.demo import conversations, world
from deskhand.demo.library import library
from deskhand.demo.model import ConversationType, DemoConversation, FieldType, State, Status, ThreadKind
from deskhand.demo.rhythm import arrivals

UNTIL = datetime(2026, 3, 4, 11, 16, tzinfo=UTC)
DESK = world(7)
ARRIVALS_OF_SEED_7 = "180319846e20c29febcb4471480aaf33ff786c2fdc01d4ff81dd8a54dfd936ec"

DIGEST = """
import hashlib, msgspec
from datetime import UTC, datetime
from deskhand.demo import conversations, world
told = conversations(world({seed}), 500, datetime(2026, 3, 4, 11, 16, tzinfo=UTC))
print(hashlib.sha256(b"\\n".join(map(msgspec.json.encode, told))).hexdigest())
"""


def digest(seed: int) -> str:
    told = conversations(world(seed), 500, UNTIL)
    return hashlib.sha256(b"\n".join(map(msgspec.json.encode, told))).hexdigest()


@pytest.fixture(scope="module")
def told() -> list[DemoConversation]:
    return list(conversations(DESK, 4000, UNTIL))


def test_one_seed_tells_the_same_bytes_twice() -> None:
    assert digest(7) == digest(7)


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_one_seed_tells_the_same_bytes_whatever_the_hash_seed(hash_seed: str) -> None:
    environment = os.environ | {"PYTHONHASHSEED": hash_seed}
    program = DIGEST.format(seed=7)

    said = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == digest(7)


def test_another_seed_tells_other_bytes() -> None:
    assert digest(7) != digest(8)


def test_the_times_are_the_same_on_every_machine() -> None:
    times = list(arrivals(Random(15).random, 1000, int(UNTIL.timestamp())))

    assert hashlib.sha256(repr(times).encode()).hexdigest() == ARRIVALS_OF_SEED_7


def test_conversations_come_in_the_order_in_which_they_began(told: list[DemoConversation]) -> None:
    assert [conversation.index for conversation in told] == list(range(4000))
    assert all(earlier.created_at <= later.created_at for earlier, later in pairwise(told))


def test_everything_happened_within_the_year(told: list[DemoConversation]) -> None:
    begin = UNTIL - timedelta(days=365)
    for conversation in told:
        instants = [conversation.created_at, *(thread.at for thread in conversation.threads)]
        instants += [thread.rating.at for thread in conversation.threads if thread.rating]
        if conversation.closed_at:
            instants.append(conversation.closed_at)
        assert all(begin <= instant <= UNTIL for instant in instants)
        assert all(instant.microsecond == 0 and instant.tzinfo is UTC for instant in instants)


def test_threads_follow_each_other(told: list[DemoConversation]) -> None:
    for conversation in told:
        instants = [thread.at for thread in conversation.threads]
        assert instants == sorted(instants)
        assert instants[0] == conversation.created_at


def test_what_is_set_for_later_lies_ahead(told: list[DemoConversation]) -> None:
    snoozed = [conversation.snoozed_until for conversation in told if conversation.snoozed_until]
    scheduled = [thread.scheduled_for for each in told for thread in each.threads if thread.scheduled_for]

    assert snoozed
    assert scheduled
    assert min(snoozed) > UNTIL
    assert min(scheduled) > UNTIL


def test_a_conversation_has_some_five_threads_and_never_more_than_sixty(told: list[DemoConversation]) -> None:
    counts = [len(conversation.threads) for conversation in told]

    assert 4 <= sum(counts) / len(counts) <= 6
    assert max(counts) <= 60
    assert max(counts) > 25


def test_the_conversation_is_what_its_last_thread_left(told: list[DemoConversation]) -> None:
    for conversation in told:
        last = conversation.threads[-1]
        assert last.status is conversation.status
        assert (conversation.closed_at is not None) == (conversation.status is Status.CLOSED)
        assert (conversation.closed_by is not None) == (conversation.status is Status.CLOSED)
        if last.kind is not ThreadKind.NOTE:
            assert last.assignee == conversation.assignee or last.state is State.DRAFT or conversation.snoozed_until


def test_most_are_closed_and_the_last_days_are_lively(told: list[DemoConversation]) -> None:
    share = {status: count / len(told) for status, count in Counter(each.status for each in told).items()}
    recent = [each for each in told if each.created_at > UNTIL - timedelta(days=4)]
    kinds = Counter(conversation.status for conversation in recent)

    assert share[Status.CLOSED] > 0.93
    assert 0.01 < share[Status.SPAM] < 0.03
    assert kinds[Status.ACTIVE] > 5
    assert kinds[Status.PENDING] > 5
    assert any(each.status is Status.ACTIVE and each.assignee is None for each in recent)
    assert any(each.status is Status.ACTIVE and each.threads[-1].at < UNTIL - timedelta(days=3) for each in told)
    assert any(thread.state is State.DRAFT for each in told for thread in each.threads)


def test_all_channels_and_kinds_of_threads_occur(told: list[DemoConversation]) -> None:
    assert {conversation.type for conversation in told} == set(ConversationType)
    assert {thread.kind for conversation in told for thread in conversation.threads} == set(ThreadKind)
    assert sum(conversation.type is ConversationType.EMAIL for conversation in told) > 3400


def test_most_letters_come_on_working_days_and_more_before_christmas(told: list[DemoConversation]) -> None:
    weekend = sum(conversation.created_at.weekday() > 4 for conversation in told) / len(told)
    by_month = Counter(conversation.created_at.month for conversation in told)

    assert 0.05 < weekend < 0.2
    assert by_month[12] == max(by_month.values())


def test_users_answer_in_their_office_hours(told: list[DemoConversation]) -> None:
    replies = [t for each in told for t in each.threads if t.kind is ThreadKind.REPLY and t.state is State.PUBLISHED]
    at_night = sum(thread.at.hour < 6 for thread in replies)

    assert at_night / len(replies) < 0.01
    assert sum(thread.at.weekday() > 4 for thread in replies) / len(replies) < 0.06


def test_users_work_only_in_their_inboxes(told: list[DemoConversation]) -> None:
    for conversation in told:
        members = DESK.inboxes[conversation.inbox].users
        authors = {thread.author for thread in conversation.threads if thread.action is None}
        assert authors <= {None, *members}


def test_variety(told: list[DemoConversation]) -> None:
    first = told[:2000]

    assert len({conversation.threads[0].body for conversation in first}) > 1500
    assert len({conversation.subject for conversation in first}) > 600


def test_a_few_percent_write_german_french_or_spanish(told: list[DemoConversation]) -> None:
    words = ("Guten", "Hallo", "Sehr geehrte", "Bonjour", "Madame", "Hola", "Buenos", "Buenas", "Estimados")
    foreign = sum(conversation.threads[0].body.startswith(words) for conversation in told) / len(told)

    assert set(library().foreign) == {"de", "fr", "es"}
    assert 0.02 < foreign < 0.09


def test_some_conversations_carry_files(told: list[DemoConversation]) -> None:
    carrying = sum(any(thread.attachments for thread in conversation.threads) for conversation in told)

    assert 0.03 < carrying / len(told) < 0.07


def test_field_values_fit_their_fields(told: list[DemoConversation]) -> None:
    for conversation in told:
        for place, value in conversation.fields:
            field = DESK.fields[place]
            assert field.inbox == conversation.inbox
            assert value
            if field.type is FieldType.DROPDOWN:
                assert value in field.options
            if field.type is FieldType.NUMBER:
                assert float(value) >= 0
            if field.type is FieldType.DATE:
                assert datetime.fromisoformat(value)
