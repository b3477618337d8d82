"""Mail to those who work here: what others did in their conversations, invitations, and what an operator must know.

All of it is automatic: it says so, and the brakes hold it. Whoever does not want notifications ends them with one click (email
rules 7.5); what an operator must know, and invitations, still come.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from html import escape

from deskhand.conversations.model import CUSTOMER_SPEAKS, Rating, ThreadAdded, ThreadType
from deskhand.conversations.queries import one
from deskhand.conversations.queries.audience import Occurrence, Told
from deskhand.conversations.queries.records import Conversation, Thread
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import NotFound
from deskhand.kernel.languages import N_
from deskhand.kernel.log import Log
from deskhand.kernel.transaction import Transaction
from deskhand.kernel.words import Words
from deskhand.mail.composing import bodies, headers, templates
from deskhand.mail.composing.templates import Part
from deskhand.mail.marks import plus
from deskhand.mail.model import DeliveryFailed, Direction, Outgoing, OutgoingKind, Party
from deskhand.mail.operations import brakes, freezing, links, queueing
from deskhand.mail.queries import letters
from deskhand.mail.queries import outgoing as queries
from deskhand.mail.queries.inboxes import ALL, CONNECTION, CONNECTIONS, MailInbox, owners
from deskhand.mail.queries.languages import words_for
from deskhand.ratings.model import RatingReceived
from deskhand.users import operations as people
from deskhand.users import queries as users
from deskhand.users.model import LinkKind, Occasion, PasswordLinkAsked, UserInvited
from deskhand.users.queries import User
from deskhand.webhooks import queries as webhooks
from deskhand.webhooks.model import WebhookDisabled

NONCE_BYTES = 4
_BEGINS = {
    Occasion.ASSIGNED_TO_ME: N_("A conversation is yours now."),
    Occasion.ASSIGNED_TO_MY_TEAM: N_("A conversation is your team's now."),
    Occasion.ASSIGNED_TO_OTHERS: N_("A conversation has another owner."),
    Occasion.NEW_CONVERSATION: N_("There is a new conversation."),
    Occasion.FOLLOWED: N_("A conversation that you follow has another owner."),
}
_RATED = {
    Rating.GREAT: N_("Your reply was rated: good."),
    Rating.OKAY: N_("Your reply was rated: okay."),
    Rating.NOT_GOOD: N_("Your reply was rated: not good."),
}
Said = Callable[[Words], tuple[str, str]]
"""Subject and text, in somebody's words."""

log = Log(__name__)


async def notify(tx: Transaction, event: Occurrence | RatingReceived, told: list[Told]) -> None:
    """Tell whoever of an audience wants to know by mail what somebody else did, if the inbox notifies at all."""
    listeners = {each.user_id: each.by_mail for each in told if each.by_mail}
    if not listeners:
        return
    inbox = await tx.first(queries.OF_CONVERSATION, conversation_id=event.conversation_id)
    if inbox is None or not inbox.options.notifies:
        return
    it = await tx.one(one.GET, conversation_id=event.conversation_id)
    for user_id, occasion in listeners.items():
        user = await users.get(tx, user_id)
        words = await words_for(tx, user)
        await _tell(tx, inbox, user, it, words, await _what(tx, event, it, occasion, words))


async def invite(tx: Transaction, event: UserInvited) -> None:
    """Mail an invitation, by the first inbox that can; with a link to choose a password by, once we know our own address."""
    user = await users.find(tx, event.user_id)
    inbox = await _any_inbox(tx)
    if user is None or inbox is None or user.email is None:
        log.warning("an invitation could not be mailed: no inbox has mail", user=event.user_id)
        return
    host = await users.find(tx, tx.actor.user_id) if tx.actor.user_id else None
    words, address = await words_for(tx, user), links.pages(tx.settings)
    by = f"{host.first_name} {host.last_name}".strip() if host else words.text("An administrator")
    known = {"name": user.first_name, "host": by, "email": user.email, "desk": (await users.account(tx)).name or inbox.name}
    if address:
        text = words.text(
            "Hello %(name)s,\n\n%(host)s invites you to answer the mail of %(desk)s together, at %(address)s. You sign in there"
            " as %(email)s.",
            **known,
            address=address,
        )
        url = f"{address}/{LinkKind.INVITATION.value}/{await people.make_link(tx, user.id, LinkKind.INVITATION)}"
        said = _with_link(_plain(text), url, words.text("Choose a password within three days"))
    else:
        text = words.text(
            "Hello %(name)s,\n\n%(host)s invites you to answer the mail of %(desk)s together. You sign in as %(email)s; an"
            " administrator gives you a password.",
            **known,
        )
        said = _plain(text)
    await _send(tx, inbox, user, OutgoingKind.INVITATION, words, said, values=freezing.values_of(inbox, user=host))


async def send_link(tx: Transaction, event: PasswordLinkAsked) -> None:
    """Mail somebody who forgot their password a link to choose another by, if they are a user of ours."""
    user = await users.find(tx, event.user_id) if event.user_id is not None else None
    if user is None:
        return
    inbox, address = await _any_inbox(tx), links.pages(tx.settings)
    if inbox is None or not address:
        log.warning("a link for a password could not be mailed: no inbox has mail, or DESKHAND_ORIGIN is not set", user=user.id)
        return
    url = f"{address}/{LinkKind.RESET.value}/{await people.make_link(tx, user.id, LinkKind.RESET)}"
    words = await words_for(tx, user)
    text = words.text(
        "Hello %(name)s,\n\nsomebody, probably you, asked for another password for %(email)s. If it was not you, nothing needs"
        " to be done: your password stays as it is.",
        name=user.first_name,
        email=user.email,
    )
    said = _with_link(_plain(text), url, words.text("Choose a password within an hour"))
    await _send(tx, inbox, user, OutgoingKind.ALERT, words, said, subject=words.text("Another password"))


async def tell_of_failure(tx: Transaction, event: DeliveryFailed) -> None:
    """Tell the agent, once, that their message does not arrive."""
    user = await users.find(tx, event.user_id) if event.user_id else None
    if user is None or event.conversation_id is None:
        return
    inbox = await tx.first(queries.OF_CONVERSATION, conversation_id=event.conversation_id)
    it = await tx.first(one.GET, conversation_id=event.conversation_id)
    failed = next((each for each in await queries.deliveries(tx, event.outgoing_id) if each.id == event.delivery_id), None)
    if inbox is None or it is None or failed is None:
        return
    words = await words_for(tx, user)
    text = words.text(
        "Your message could not be delivered to %(address)s. The mail server said:\n\n%(words)s",
        address=failed.address,
        words=failed.words or words.text("nothing"),
    )
    await _tell(tx, inbox, user, it, words, _plain(text))


async def tell_of_doubt(tx: Transaction, inbox: MailInbox, user: User, conversation_id: int) -> None:
    """Tell an agent that what came in their name is a note, since nothing proved that they had sent it."""
    it = await tx.one(one.GET, conversation_id=conversation_id)
    words = await words_for(tx, user)
    line = words.text("We could not verify that you sent a message by mail, so it is a note and did not go to the customer.")
    await _tell(tx, inbox, user, it, words, _plain(line))


async def tell_of_webhook(tx: Transaction, event: WebhookDisabled) -> None:
    """Tell those who manage the account that a webhook was switched off."""
    hook = await webhooks.get(tx, event.webhook_id)

    def said(words: Words) -> tuple[str, str]:
        return words.text("A webhook was switched off"), words.text(
            "The webhook to %(url)s is switched off: %(reason)s. What happens now is not told to it.",
            url=hook.url,
            reason=words.told(event.reason),
        )

    await alert(tx, said)


async def alert(tx: Transaction, said: Said) -> int:
    """Mail those who manage the account, by an inbox whose server works; how many."""
    inbox = await _any_inbox(tx)
    if inbox is not None and not tx.settings.smtp_url:
        own = await tx.first(CONNECTION, inbox_id=inbox.id, direction=Direction.OUT)
        inbox = inbox if own is not None else None  # it would wait for a server that nobody may ever name
    if inbox is None:
        log.error("an alert could not be mailed: no inbox can send", subject=said(Words(tx.now))[0])
        return 0
    number = 0
    for user_id in await users.everywhere(tx):
        user = await users.find(tx, user_id)
        if user is not None and not await owners(tx, [user.email or ""]):
            words = await words_for(tx, user)
            subject, text = said(words)
            number += await _send(tx, inbox, user, OutgoingKind.ALERT, words, _plain(text), subject=subject)
    return number


async def unsubscribe(tx: Transaction, user_id: int) -> None:
    """End notifications to a user. Raises NotFound."""
    user = await users.find(tx, user_id)
    if user is None or user.email is None:
        raise NotFound("Not found")
    if await brakes.hushed(tx, user.email) is None:  # a reason that is there already holds more
        await brakes.hush(tx, user.email, brakes.UNSUBSCRIBED)


async def _any_inbox(tx: Transaction) -> MailInbox | None:
    """The first inbox that can send, as far as we know: one with a server of its own that works, else one without."""
    servers = {each.inbox_id: each for each in await tx.all(CONNECTIONS, direction=Direction.OUT)}
    able = [each for each in await tx.all(ALL) if each.id not in servers or servers[each.id].failing_since is None]
    if not tx.settings.smtp_url:
        able.sort(key=lambda each: each.id not in servers)
    return able[0] if able else None


async def _tell(tx: Transaction, inbox: MailInbox, user: User, it: Conversation, words: Words, said: Part) -> None:
    """Mail about a conversation, to whoever may (still) work in its inbox."""
    if not await inboxes.may_work_in(tx, user.id, it.inbox_id):
        return
    address = links.pages(tx.settings)
    if address:
        said = _with_link(said, f"{address}/conversation/{it.id}/{it.number}", words.text("Open the conversation"))
    await _send(tx, inbox, user, OutgoingKind.NOTIFICATION, words, said, it=it)


async def _send(
    tx: Transaction,
    inbox: MailInbox,
    user: User,
    kind: OutgoingKind,
    words: Words,
    said: Part,
    *,
    it: Conversation | None = None,
    values: dict[str, str] | None = None,
    subject: str = "",
) -> bool:
    address = user.email or ""
    can_end = kind is OutgoingKind.NOTIFICATION
    despite = "" if can_end else brakes.UNSUBSCRIBED
    is_alert = kind is OutgoingKind.ALERT
    if reason := await brakes.against_automatic(tx, inbox.id, address, despite=despite, is_alert=is_alert):
        log.info("a user is not told by mail", user=user.id, reason=reason)
        return False
    marks = freezing.marks_of(tx)
    conversation_id = it.id if it else None
    values = values or freezing.values_of(inbox, it, user)
    template = templates.template_of(inbox.options, kind, words)
    parts = {"message": said, "signature": Part(), "rating": Part(), "history": Part()}
    body = bodies.written(template, values, parts, hidden=marks.hidden(inbox.id, it.id) if it else "")
    proves = it is not None and inbox.options.uses_plus
    letter = Outgoing(
        sender=Party(headers.one_line(inbox.name), inbox.email),
        to=[Party(headers.one_line(f"{user.first_name} {user.last_name}"), address)],
        reply_to=Party("", plus(inbox.email, marks.user_token(inbox.id, user.id, it.id))) if it and proves else None,
        subject=bodies.subject(subject or templates.in_text(template.subject, values), prefix=""),
        html=body.html,
        text=body.text,
        message_id=marks.other_id(inbox.id, conversation_id or 0, secrets.token_hex(NONCE_BYTES), freezing.id_domain(inbox)),
        is_automatic=True,
        loop_mark=marks.loop(inbox.id),
        unsubscribe_url=links.unsubscribe(tx.settings, user.id) if can_end and links.pages(tx.settings) else "",
    )
    await queueing.add(tx, inbox.id, kind, letter, conversation_id=conversation_id)
    return True


async def _what(
    tx: Transaction,
    event: Occurrence | RatingReceived,
    it: Conversation,
    occasion: Occasion,
    words: Words,
) -> Part:
    if isinstance(event, RatingReceived):
        comments = (await one.thread(tx, it.id, event.thread_id)).rating_comments or ""
        return _plain(f"{words.text(_RATED[event.rating])}\n\n{comments}".strip())
    if isinstance(event, ThreadAdded):
        return _said(await one.thread(tx, it.id, event.thread_id), words)
    return await _asked(tx, it, words.text(_BEGINS[occasion]))


def _said(thread: Thread, words: Words) -> Part:
    """Who said what, as the notification shows it."""
    by_customer = thread.type in CUSTOMER_SPEAKS
    names = (thread.author_first, thread.author_last) if by_customer else (thread.creator_first, thread.creator_last)
    name = headers.one_line(" ".join(each for each in names if each)) or words.text("Somebody")
    noted = thread.type is ThreadType.NOTE
    line = words.text("%(name)s added a note:", name=name) if noted else words.text("%(name)s wrote:", name=name)
    body = bodies.part(thread.body or "")
    return Part(f"<p>{escape(line)}</p>{body.html}", f"{line}\n{body.text}")


async def _asked(tx: Transaction, it: Conversation, line: str) -> Part:
    quote = freezing.quote_of(await letters.asked(tx, it.id))
    body = bodies.part(quote.html if quote else "")
    return Part(f"<p>{escape(line)}</p>{body.html}", f"{line}\n{body.text}")


def _with_link(said: Part, url: str, words: str) -> Part:
    return Part(f'{said.html}<p><a href="{escape(url)}">{escape(words)}</a></p>', f"{said.text}\n\n{words}:\n{url}\n")


def _plain(text: str) -> Part:
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in text.split("\n\n"))
    return Part(paragraphs, text)
