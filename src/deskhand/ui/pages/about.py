"""What a conversation is about and whose it is: subject, customer, custom fields, who follows it; and bringing it back."""

from __future__ import annotations

import re

from litestar import Router

from deskhand.conversations.operations import changing, fields, followers, presence, seeing
from deskhand.conversations.queries import one
from deskhand.customers import operations as customers
from deskhand.customers.model import CustomerGiven
from deskhand.inboxes import queries as inboxes
from deskhand.kernel.errors import Invalid, Mistake
from deskhand.kernel.http.routes import PathId
from deskhand.kernel.languages import N_
from deskhand.kernel.permissions import Permission
from deskhand.kernel.transaction import Transaction
from deskhand.ui.door import Done, Form, Undo, Visit, act, local
from deskhand.ui.forms import Changed
from deskhand.ui.pages.acts import back_to

PLACE = re.compile(r"fields\[(\d+)\]\.\w+")
MOST_SUBJECT = 998


@act("/conversation/{conversation_id:str}/subject", title="Name it anew")
async def rename(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """``subject``; an empty one is none."""
    before = (await one.get(tx, conversation_id)).subject or ""
    subject = " ".join(form.one("subject").split())[:MOST_SUBJECT]
    await changing.set_subject(tx, conversation_id, subject)
    return back_to(form, conversation_id, visit.words.text("The subject was changed"), "subject", subject=before)


@act("/conversation/{conversation_id:str}/customer", title="Give it another customer")
async def change_customer(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Whoever has the address ``email``, who is made if nobody has; or the one of the id ``customer``."""
    before = (await one.get(tx, conversation_id)).customer_id
    tx.actor.must(Permission.EDIT_CONVERSATIONS)
    customer_id = form.number("customer")
    if customer_id is None:
        email = form.one("email").strip()
        if not email:
            raise Invalid("email", "may not be empty")
        customer_id = (await customers.find_or_create(tx, CustomerGiven(email=email), "email")).id
    await changing.set_customer(tx, conversation_id, customer_id)
    return back_to(form, conversation_id, visit.words.text("The customer was changed"), "customer", customer=str(before))


@act("/conversation/{conversation_id:str}/fields", title="Fill in the custom fields")
async def fill_in(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """``field-`` and its id, for each field of the inbox; those that were not sent stay, and those that are as they were shown
    (``was-`` and its id), whatever they are now. Raises Changed for one that somebody else has changed as well."""
    it = await one.get(tx, conversation_id)
    had = {each.id: each.value for each in await tx.all(one.FIELDS, ids=[it.id])}
    defined = await inboxes.fields(tx, it.inbox_id)
    sent = {each.id: form.one(f"field-{each.id}") for each in defined if form.sent(f"field-{each.id}")}
    shown = {each: form.one(f"was-{each}") for each in sent if form.sent(f"was-{each}")}
    sent = {each: value for each, value in sent.items() if value != shown.get(each)}
    if any(had.get(each, "") not in (shown.get(each, had.get(each, "")), value) for each, value in sent.items()):
        raise Changed(N_("Somebody else changed this meanwhile"))
    wanted = list((had | sent).items())
    try:
        await fields.set_fields(tx, it.id, wanted)
    except Invalid as error:
        names = {each.id: each.name for each in defined}
        raise Invalid.all([_named(each, wanted, names) for each in error.mistakes]) from None
    changed = {each: value for each, value in sent.items() if value != had.get(each, "")}
    undo = {f"field-{each}": had.get(each, "") for each in changed} | {f"was-{each}": value for each, value in changed.items()}
    return back_to(form, it.id, visit.words.text("The fields were changed"), "fields" if undo else "", **undo)


@act("/conversation/{conversation_id:str}/follow", title="Follow")
async def follow(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """Be told what happens in it."""
    await followers.follow(tx, conversation_id)
    return back_to(form, conversation_id, visit.words.text("You follow this conversation"), "unfollow")


@act("/conversation/{conversation_id:str}/unfollow", title="Follow no longer")
async def unfollow(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """The other way round."""
    await followers.unfollow(tx, conversation_id)
    return back_to(form, conversation_id, visit.words.text("You do not follow it any more"), "follow")


@act("/conversation/{conversation_id:str}/unread", title="Mark as unread")
async def mark_unread(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """For oneself; leads to the list, for who looks at it reads it."""
    await seeing.unsee(tx, conversation_id)
    await presence.leave(tx, conversation_id)
    to = local(form.one("list")) if form.one("list") else f"/inboxes/{(await one.get(tx, conversation_id)).inbox_id}"
    return Done(to, visit.words.text("Marked as unread"), Undo(f"/conversation/{conversation_id}/seen", {"list": to}))


@act("/conversation/{conversation_id:str}/seen", title="Mark as read")
async def mark_read(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """The other way round."""
    await seeing.see(tx, conversation_id)
    to = local(form.one("list")) if form.one("list") else f"/conversation/{conversation_id}"
    return Done(to, visit.words.text("Marked as read"))


@act("/conversation/{conversation_id:str}/restore", title="Bring back")
async def restore(tx: Transaction, visit: Visit, form: Form, conversation_id: PathId) -> Done:
    """From Deleted; leads to it."""
    await changing.restore(tx, conversation_id)
    return Done(f"/conversation/{conversation_id}", visit.words.text("The conversation is back"))


def _named(it: Mistake, wanted: list[tuple[int, str]], names: dict[int, str]) -> Mistake:
    """The same about a field by its name."""
    found = PLACE.fullmatch(it.path)
    return Mistake(names.get(wanted[int(found[1])][0], it.path), it.message, rejected=it.rejected) if found else it


ROUTERS = [Router("/", route_handlers=[rename, change_customer, fill_in, follow, unfollow, mark_unread, mark_read, restore])]
