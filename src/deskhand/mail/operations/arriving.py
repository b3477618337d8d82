"""A message becomes part of a conversation, or what follows from it is noted. One operation; done twice it changes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from html import escape

from deskhand.conversations.model import ConversationType, Status, ThreadType
from deskhand.conversations.operations import creating, threads
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.entries import Mailed, NewThread
from deskhand.customers import operations as customers
from deskhand.customers import queries as customer_queries
from deskhand.customers.model import CustomerGiven, CustomerRef, NewCustomer, Profile, email_domain, email_key
from deskhand.inboxes import queries as inbox_queries
from deskhand.kernel.emails import is_email
from deskhand.kernel.html import plain_text
from deskhand.kernel.sealing import seal_of
from deskhand.kernel.transaction import Transaction
from deskhand.mail.analysing.model import Digest, File
from deskhand.mail.marks import HIDDEN, Marks
from deskhand.mail.model import IdKind, Kind, ReceivedState, Rule
from deskhand.mail.operations import brakes, notices, reporting
from deskhand.mail.operations.forgetting import forget_again
from deskhand.mail.operations.known import Known, known
from deskhand.mail.operations.matching import Match, match
from deskhand.mail.operations.noting import ASKED_BEFORE, DOUBTED, END, ENDED, LOCK, Received, columns_of, hold, stored
from deskhand.mail.operations.queueing import keep_id
from deskhand.mail.queries import places
from deskhand.mail.queries.inboxes import MailInbox
from deskhand.mail.queries.places import Place
from deskhand.mail.reading.letter import Address
from deskhand.mail.rules.replies import MARKER
from deskhand.mail.rules.verdict import Policy
from deskhand.users.queries import User

NO_SUBJECT = "(no subject)"
LONGEST_NAME = 40
MOST_NAMED = 20
UNVERIFIED = "not verified"
TOKEN_LASTS = timedelta(days=30)
IS_NEW = timedelta(days=2)


async def arrive(tx: Transaction, inbox: MailInbox, digests: Mapping[int, Digest]) -> None:
    """Do what follows from messages of an inbox that were read, by the ids of what was received, in their order."""
    several = await tx.all(LOCK, ids=list(digests))
    already = await known(tx, inbox.id, digests.values())
    for each in several:
        await asyncio.sleep(0)  # on SQLite nothing else would suspend: others may read between two letters
        await place(tx, inbox, each, digests[each.id], already)


async def place(tx: Transaction, inbox: MailInbox, received: Received, it: Digest, already: Known) -> None:
    """Do what follows from one of them."""
    await _Arrival(tx, inbox, received, it, already).happen()


class _Arrival:
    """One message on its way into the account."""

    def __init__(self, tx: Transaction, inbox: MailInbox, received: Received, it: Digest, already: Known) -> None:
        self._tx = tx
        self._inbox = inbox
        self._received = received
        self._it = it
        self._marks = Marks(seal_of(tx.settings))
        self._known = already
        self._reply_to: str | None = None

    async def happen(self) -> None:
        it, as_is = self._it, self._received.as_is
        if self._known.was_erased(it):
            await forget_again(self._tx, self._received, it)
            return
        if (before := self._known.came(it)) is not None:
            await self._end(Kind.DUPLICATE, Rule.NONE, *before)
            return
        if it.report is not None and not as_is and await self._is_report():
            return
        address = stored(it.sender) if it.sender else ""
        if not is_email(address):
            if not as_is:
                await hold(self._tx, self._received, "its From is not one address that an answer could go to", it)
                return
            address = ""
        reply_to = stored(it.reply_to) if it.reply_to else ""
        if (
            self._inbox.options.reply_to_is_customer
            and it.reply_to
            and is_email(reply_to)
            and reply_to not in self._known.owners
        ):
            sender = await self._customer(reply_to, it.reply_to.name)
        else:
            sender = await self._customer(address, it.sender.name if it.sender else "")
            if is_email(reply_to) and reply_to not in self._known.owners and reply_to != address and not self._is_suspect():
                self._reply_to = reply_to
        found = await match(self._tx, self._inbox, it, [*self._received.recipients, *it.recipients], sender.id)
        if self._is_refused(address, found):
            await self._begin(sender, Match(Rule.NONE), Status.SPAM)
            return
        user = self._known.users.get(email_key(address))
        works_here = user is not None and user.type == "user" and user.state != "disabled"
        if user is not None and works_here and await self._is_agents(user, sender, found):
            return
        if found.place is None:
            await self._begin(sender, found, Status.ACTIVE)
        else:
            await self._join(found, found.place, sender, address)

    async def _is_report(self) -> bool:
        """A bounce, complaint or receipt: noted on what it is about. One that cannot be placed waits for a person."""
        report = self._it.report
        assert report is not None
        noted = await reporting.note(self._tx, self._inbox, report, [*self._received.recipients, *self._it.recipients])
        if noted.is_placed:
            await self._end(noted.kind, Rule.REPORT, noted.conversation_id, None, noted.reason)
        else:
            await hold(self._tx, self._received, "a report about mail that is not known here", self._it, noted.kind)
        return True

    def _is_refused(self, address: str, found: Match) -> bool:
        """In our own name without proof, or from a domain that wants what it did not send refused."""
        if address in self._known.owners and not found.has_token and not self._is_relayed():
            return True
        return self._is_suspect() and self._it.verdict is not None and self._it.verdict.policy is Policy.REJECT

    def _is_suspect(self) -> bool:
        return self._it.verdict is not None and self._it.verdict.is_suspect

    def _is_relayed(self) -> bool:
        peer = (self._received.peer or "").partition(" ")[0]
        return bool(peer) and peer in self._inbox.options.trusted_relays

    async def _is_agents(self, user: User, sender: CustomerRef, found: Match) -> bool:
        """What somebody who works here sends: an answer, a note, or what a customer wrote to them. Their own questions are a
        customer's."""
        place, it = found.place, self._it
        if place is not None and place.customer_id == sender.id:
            return False
        if place is None:
            is_theirs = it.forwarded is not None and self._is_proved() and self._is_fresh() and it.machine.counts_as_answer
            if it.forwarded is None or not is_theirs or not await self._works_in(user, self._inbox.id):
                return False
            self._reply_to = None  # the agent's own, and it is the customer who will be answered
            await self._begin_for(user, it.forwarded.sender)
            return True
        if not await self._works_in(user, place.inbox_id):
            return False
        self._reply_to = None
        if self._is_believed(user, found):
            await self._answer_as(user, found, place)
        else:
            await self._doubt(user, found, place, f"We could not verify that {user.first_name} sent this by mail")
        return True

    def _is_proved(self) -> bool:
        return self._it.verdict is not None and self._it.verdict.is_proved

    async def _works_in(self, user: User, inbox_id: int) -> bool:
        return await inbox_queries.may_work_in(self._tx, user.id, inbox_id)

    def _is_believed(self, user: User, found: Match) -> bool:
        """Everything that lets an agent speak by mail (email rules 5.2)."""
        is_person = self._it.machine.counts_as_answer
        return found.user_id == user.id and self._is_fresh() and is_person and self._is_proved()

    def _is_fresh(self) -> bool:
        """Whether what an agent sent is not so old that it may be somebody else's by now."""
        return self._it.date is not None and abs(self._received.received_at - self._it.date) < TOKEN_LASTS

    async def _answer_as(self, user: User, found: Match, place: Place) -> None:
        """Only what they wrote themselves goes to the customer: the notification that they answer may hold notes."""
        words = self._it.body[: self._it.quoted_at]
        if not plain_text(words).strip() or MARKER in words or HIDDEN.search(words):
            await self._doubt(user, found, place, "We could not tell your words from what you answered")
            return
        await self._add(Kind.AGENT, found.rule, place, NewThread(type=ThreadType.MESSAGE, text=words, user_id=user.id))

    async def _doubt(self, user: User, found: Match, place: Place, why: str) -> None:
        """A note, and word to the agent: once an hour for a conversation, for a machine may answer each word of ours."""
        text = f"<p>{escape(why)}, so it is a note.</p>{self._it.body}"
        after = self._tx.instant - timedelta(hours=1)
        before = await self._tx.first(DOUBTED, conversation_id=place.id, reason=UNVERIFIED, after=after)
        note = NewThread(type=ThreadType.NOTE, text=text, user_id=user.id)
        await self._add(Kind.AGENT, found.rule, place, note, reason=UNVERIFIED)
        if before is None and self._it.machine.counts_as_answer:
            await notices.tell_of_doubt(self._tx, self._inbox, user, place.id)

    async def _begin_for(self, user: User, original: Address) -> None:
        """What an agent sent on begins a conversation of who wrote it; the agent's words are a note."""
        passed = self._it.forwarded
        assert passed is not None
        address = stored(original)
        customer = await self._customer(address if is_email(address) else "", original.name)
        said = NewThread(type=ThreadType.CUSTOMER, text=passed.body or self._it.body, customer=customer)
        notes = [NewThread(type=ThreadType.NOTE, text=passed.words, user_id=user.id)] if passed.words else []
        await self._create(customer, said, Match(Rule.NONE), Status.ACTIVE, notes, subject=passed.subject, kind=Kind.AGENT)

    async def _begin(self, sender: CustomerRef, found: Match, status: Status) -> None:
        said = NewThread(type=ThreadType.CUSTOMER, text=self._it.body or "<br>", customer=sender)
        await self._create(sender, said, found, status, [], subject=self._it.subject, kind=self._kind())

    async def _create(
        self,
        customer: CustomerRef,
        said: NewThread,
        found: Match,
        status: Status,
        more: list[NewThread],
        *,
        subject: str,
        kind: Kind,
    ) -> None:
        wanted = self._inbox.options.auto_reply and kind is Kind.LETTER and status is Status.ACTIVE
        answers = wanted and self._it.machine.may_be_answered and not self._is_loop() and not self._is_suspect()
        first = self._mailed(said, self._others(customer.email or ""), automatic=False, linked_id=found.linked_id)
        began = await creating.create(
            self._tx,
            creating.NewConversation(
                inbox_id=self._inbox.id,
                type=ConversationType.EMAIL,
                status=status,
                subject=subject.strip() or NO_SUBJECT,
                customer=customer,
                threads=[first, *more],
                auto_reply=answers and self._is_new(),
            ),
        )
        await self._placed(kind, found.rule, began.id, began.thread_ids[0])

    async def _join(self, found: Match, place: Place, sender: CustomerRef, address: str) -> None:
        """An answer. A stranger's is their own word: the customer stays who they were, and gets no mail of the stranger."""
        is_customer = sender.id == place.customer_id
        is_sure = not self._is_suspect() and (found.rule is not Rule.SUBJECT or self._is_proved())
        automatic = not self._it.machine.counts_as_answer
        if not is_customer or not is_sure or automatic:
            self._reply_to = None
        others = self._others(address) if is_customer and is_sure else place.cc
        is_new = not await places.takes_part(self._tx, place, sender.id, address)
        said = NewThread(type=ThreadType.CUSTOMER, text=self._it.body or "<br>", customer=sender)
        await self._add(self._kind(), found.rule, place, said, others=others, automatic=automatic)
        if is_new:
            await reporting.tell_of_stranger(self._tx, place.id, address)

    async def _add(
        self,
        kind: Kind,
        rule: Rule,
        place: Place,
        said: NewThread,
        *,
        others: Sequence[str] = (),
        automatic: bool = False,
        reason: str | None = None,
    ) -> None:
        thread_id = await threads.add(self._tx, place.id, self._mailed(said, others, automatic=automatic))
        await self._placed(kind, rule, place.id, thread_id, reason)

    async def _placed(self, kind: Kind, rule: Rule, conversation_id: int, thread_id: int, reason: str | None = None) -> None:
        it = self._it
        await keep_id(self._tx, it.message_id, self._inbox.id, conversation_id, thread_id, IdKind.LETTER)
        for each in dict.fromkeys([*it.references[-MOST_NAMED:], *it.in_reply_to]):
            if each != it.message_id:
                await keep_id(self._tx, each, self._inbox.id, conversation_id, None, IdKind.NAMED)
        if kind is not Kind.AGENT:
            await self._tell_of_reply_to(conversation_id)
        await self._end(kind, rule, conversation_id, thread_id, reason)

    async def _tell_of_reply_to(self, conversation_id: int) -> None:
        """Whoever wants answers elsewhere may be somebody else, unless their domain vouches for both: people see both, once."""
        sender, reply_to = self._it.sender, self._reply_to
        if reply_to is None or sender is None or (self._is_proved() and email_domain(reply_to) == email_domain(stored(sender))):
            return
        if await self._tx.first(ASKED_BEFORE, conversation_id=conversation_id, reply_to=reply_to) is None:
            await reporting.tell_of_reply_to(self._tx, conversation_id, stored(sender), reply_to)

    async def _end(
        self, kind: Kind, rule: Rule, conversation_id: int | None, thread_id: int | None, reason: str | None = None
    ) -> None:
        if kind is not Kind.DUPLICATE:
            self._known.add(self._it, conversation_id, thread_id)
            await self._mind_flood()
        where = {"conversation_id": conversation_id, "thread_id": thread_id}
        await self._tx.write(
            END,
            received_id=self._received.id,
            **dict.fromkeys(ENDED)
            | columns_of(self._it)
            | {
                "state": ReceivedState.DONE,
                "kind": kind,
                "rule": rule,
                "reason": reason,
                "processed_at": self._tx.instant,
                "reply_to": self._reply_to,
                **where,
            },
        )

    async def _mind_flood(self) -> None:
        """Once for those that are placed together; what a folder has held for years is no flood."""
        sender = stored(self._it.sender).lower() if self._it.sender else ""
        if sender in self._known.flooding and self._is_new():
            self._known.flooding.remove(sender)
            await brakes.note_flood(self._tx, sender)

    async def _customer(self, address: str, name: str) -> CustomerRef:
        first, last = names(name)
        if not address:
            profile = Profile(first_name=first or "Unknown sender", last_name=last or None)
            customer_id = await customers.create(self._tx, NewCustomer(profile=profile))
            found = await customer_queries.reference(self._tx, customer_id)
            assert found is not None
            return found
        if (known_by := self._known.customers.get(email_key(address))) is not None:
            return known_by
        given = CustomerGiven(email=address, first_name=first or None, last_name=last or None)
        return await customers.find_or_create(self._tx, given, "customer")

    def _kind(self) -> Kind:
        machine = self._it.machine
        if self._is_loop() or not machine.counts_as_answer:
            return Kind.AUTOMATIC
        return Kind.BULK if machine.is_bulk else Kind.LETTER

    def _is_new(self) -> bool:
        """Whether it was written just now: nobody waits for an answer to what a folder has held for years."""
        return self._it.date is None or self._received.received_at - self._it.date < IS_NEW

    def _is_loop(self) -> bool:
        return any(self._marks.is_loop(each) == self._inbox.id for each in self._it.loops)

    def _others(self, sender: str) -> list[str]:
        """Whom an answer to all goes to beside who wrote: nobody of us."""
        told = dict.fromkeys(each for each in (*self._it.to, *self._it.cc) if each not in self._known.owners and is_email(each))
        return [each for each in told if each.lower() not in (sender.lower(), (self._reply_to or "").lower())]

    def _mailed(self, said: NewThread, others: Sequence[str], *, automatic: bool, linked_id: int | None = None) -> NewThread:
        it = self._it
        is_whole = said.text == it.body
        return NewThread(
            type=said.type,
            text=said.text,
            customer=said.customer,
            user_id=said.user_id,
            to=it.to if said.speaks else None,
            cc=it.cc if said.speaks else None,
            linked_id=linked_id,
            files=[_new(each) for each in it.files],
            mailed=Mailed(self._received.blob, it.quoted_at if is_whole else None, list(others), automatic),
        )


def names(name: str) -> tuple[str, str]:
    """First and last name of a display name; ``Last, First`` is turned round."""
    last, comma, first = name.partition(",")
    if comma and first.strip() and last.strip():
        name = f"{first.strip()} {last.strip()}"
    first, _, last = " ".join(name.split()).partition(" ")
    return first[:LONGEST_NAME], last[:LONGEST_NAME]


def _new(file: File) -> NewFile:
    return NewFile(
        file.filename, file.mime_type, file.size_bytes, file.width, file.height, file.blob, content_id=file.content_id
    )
