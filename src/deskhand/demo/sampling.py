"""A dozen conversations for an inbox that is new, to see what the desk is like: as imported ones, so that nobody is mailed."""

from __future__ import annotations

from datetime import datetime, timedelta

from deskhand.conversations.model import ConversationType, Status, ThreadType
from deskhand.conversations.operations import creating
from deskhand.conversations.operations.creating import NewConversation
from deskhand.conversations.operations.entries import NewThread
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven
from deskhand.demo import conversations, world
from deskhand.demo.model import DemoConversation, State, ThreadKind
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction

NUMBER = 12
LOOKED_AT = 60
ANSWERED = 4
TAG = "sample"
BETWEEN = timedelta(minutes=100)
SAID = {
    ThreadKind.CUSTOMER: ThreadType.CUSTOMER,
    ThreadKind.REPLY: ThreadType.MESSAGE,
    ThreadKind.NOTE: ThreadType.NOTE,
}


async def sample(tx: Transaction, inbox_id: int) -> int:
    """Put sample conversations into an inbox, tagged ``sample``, the first of them answered, the last just come;
    how many. Raises NotFound, Forbidden."""
    tx.actor.must(Permission.MANAGE_ACCOUNT)
    imagined = world(1)
    people = {}
    made = 0
    for it in conversations(imagined, LOOKED_AT, tx.now):
        if it.new_customer is not None:
            people[it.customer] = it.new_customer
        if made == NUMBER or not _fits(it):
            continue
        person = people[it.customer]
        given = CustomerGiven(email=person.emails[0].value, first_name=person.first, last_name=person.last)
        customer = await customers.find_or_create(tx, given, "")
        is_open = made >= ANSWERED
        new = NewConversation(
            inbox_id=inbox_id,
            type=ConversationType.EMAIL,
            status=Status.ACTIVE if is_open else Status.CLOSED,
            subject=it.subject,
            customer=customer,
            threads=_threads(tx, it, ends=tx.now - BETWEEN * (NUMBER - made), only_first=is_open),
            assign_to=None,
            tags=[*(imagined.tags[each].name for each in it.tags[:1]), TAG],
            imported=True,
        )
        await creating.create(tx, new)
        made += 1
    return made


def _fits(it: DemoConversation) -> bool:
    letters = [each for each in it.threads if each.kind in SAID]
    return (
        it.type.value == "email"
        and it.status.value != "spam"
        and it.state is State.PUBLISHED
        and bool(letters)
        and letters[0].kind is ThreadKind.CUSTOMER
    )


def _threads(tx: Transaction, it: DemoConversation, *, ends: datetime, only_first: bool) -> list[NewThread]:
    letters = [each for each in it.threads if each.kind in SAID and each.state is State.PUBLISHED]
    letters = letters[:1] if only_first else letters
    shift = ends - letters[-1].at
    return [
        NewThread(
            type=SAID[each.kind],
            text=each.body,
            user_id=tx.actor.user_id if each.kind is not ThreadKind.CUSTOMER else None,
            created_at=(each.at + shift).replace(microsecond=0),
            imported=True,
        )
        for each in letters
    ]
