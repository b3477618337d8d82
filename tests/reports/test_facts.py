"""What a reply, a response, a closing and a resolution is: cases in the pure function."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from deskhand.conversations.model import ConversationState, ConversationType, Status, ThreadState, ThreadStatus, ThreadType
from deskhand.reports.model.facts import Entry, Fact, Kind, Talk, facts_of

BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALK = Talk(1, 61, 90, ConversationType.EMAIL, Status.ACTIVE, ConversationState.PUBLISHED, None, None, BEGAN)
ACTIVE, CLOSED, PENDING, SAME = ThreadStatus.ACTIVE, ThreadStatus.CLOSED, ThreadStatus.PENDING, ThreadStatus.NO_CHANGE
MINE, OURS = 90, 14


def told(*said: tuple[str, int, ThreadStatus], it: Talk = TALK) -> list[Fact]:
    """The facts of entries: what it is, after how many minutes, and the status it left."""
    return facts_of(it, [_entry(place, *each) for place, each in enumerate(said, 1)], None)


def _entry(place: int, what: str, minutes: int, status: ThreadStatus) -> Entry:
    kinds = {
        "customer": ThreadType.CUSTOMER,
        "reply": ThreadType.MESSAGE,
        "draft": ThreadType.MESSAGE,
        "imported": ThreadType.MESSAGE,
        "workflow": ThreadType.LINE_ITEM,
        "item": ThreadType.LINE_ITEM,
        "note": ThreadType.NOTE,
        "call": ThreadType.PHONE,
    }
    by_customer = what == "customer"
    return Entry(
        id=place,
        conversation_id=1,
        type=kinds[what],
        status=status,
        state=ThreadState.DRAFT if what == "draft" else ThreadState.PUBLISHED,
        created_by_user_id=None if by_customer or what == "workflow" else OURS,
        created_by_customer_id=MINE if by_customer else None,
        saved_reply_id=0,
        action_entities={"workflow": 501} if what == "workflow" else None,
        imported=what == "imported",
        created_at=BEGAN + timedelta(minutes=minutes),
    )


def of(facts: list[Fact], kind: Kind) -> list[Fact]:
    return [each for each in facts if each.kind == kind]


def test_the_first_message_that_waits_is_what_counts() -> None:
    facts = told(("customer", 0, ACTIVE), ("customer", 5, ACTIVE), ("reply", 20, PENDING), ("reply", 30, PENDING))

    assert [(each.seconds, each.is_first) for each in of(facts, Kind.REPLY)] == [(1200, True), (None, False)]


def test_only_the_first_reply_ever_is_a_first_response() -> None:
    facts = told(("customer", 0, ACTIVE), ("reply", 1, ACTIVE), ("customer", 5, ACTIVE), ("reply", 7, ACTIVE))

    assert [(each.seconds, each.is_first) for each in of(facts, Kind.REPLY)] == [(60, True), (120, False)]


def test_what_a_user_began_has_no_first_response() -> None:
    facts = told(
        ("reply", 0, ACTIVE), ("customer", 1, ACTIVE), ("reply", 2, ACTIVE), it=structs.replace(TALK, created_by_user_id=OURS)
    )

    assert [each.is_first for each in of(facts, Kind.REPLY)] == [False, False]
    assert of(facts, Kind.START)[0].user_id == OURS


def test_an_imported_reply_ends_the_wait_and_is_nothing_else() -> None:
    facts = told(("customer", 0, ACTIVE), ("imported", 5, ACTIVE), ("customer", 8, ACTIVE), ("reply", 9, ACTIVE))

    assert [(each.seconds, each.is_first) for each in of(facts, Kind.REPLY)] == [(60, False)]
    assert [each.seconds for each in of(facts, Kind.USER_MESSAGE)] == [None]


def test_a_call_is_no_reply_and_ends_no_wait() -> None:
    facts = told(("customer", 0, ACTIVE), ("call", 5, ACTIVE), ("reply", 10, ACTIVE))

    assert [each.seconds for each in of(facts, Kind.REPLY)] == [600]
    assert len(of(facts, Kind.USER_MESSAGE)) == 1


def test_drafts_and_notes_are_not_said() -> None:
    assert {each.kind for each in told(("draft", 1, ACTIVE), ("note", 2, ACTIVE))} == {Kind.START}


def test_closing_ends_the_wait() -> None:
    facts = told(("customer", 0, ACTIVE), ("item", 5, CLOSED), ("reply", 9, CLOSED))

    assert [each.seconds for each in of(facts, Kind.REPLY)] == [None]


def test_the_last_closing_is_the_resolution() -> None:
    facts = told(
        ("customer", 0, ACTIVE), ("reply", 10, CLOSED), ("item", 15, SAME), ("customer", 20, ACTIVE), ("reply", 30, CLOSED)
    )

    assert [(each.at - told()[0].at, each.replies, each.seconds) for each in of(facts, Kind.CLOSING)] == [
        (600, None, None),
        (1800, 2, 1800),
    ]


def test_without_a_reply_a_closing_resolves_nothing() -> None:
    assert [each.replies for each in of(told(("customer", 0, ACTIVE), ("item", 5, CLOSED)), Kind.CLOSING)] == [None]


def test_closed_after_closed_is_no_closing() -> None:
    assert len(of(told(("reply", 1, CLOSED), ("reply", 2, CLOSED)), Kind.CLOSING)) == 1


def test_what_was_said_before_is_known() -> None:
    first, second = [each for each in told(("customer", 0, ACTIVE), ("reply", 1, ACTIVE)) if each.kind in (1, 3)]

    assert second.before == first.at
    assert first.before < first.at - 10**12


def test_a_workflow_is_used() -> None:
    assert [each.used_id for each in of(told(("workflow", 1, SAME)), Kind.WORKFLOW)] == [501]


@pytest.mark.parametrize(
    "other",
    [{"state": ConversationState.DRAFT}, {"status": Status.SPAM}, {"merged_into": 3}, {"state": ConversationState.DELETED}],
)
def test_some_conversations_are_in_no_report(other: dict[str, object]) -> None:
    assert told(("customer", 0, ACTIVE), it=structs.replace(TALK, **other)) == []
