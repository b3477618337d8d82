"""What an inbox says by itself, and how its mail behaves: signature, templates, auto reply, ratings."""

from __future__ import annotations

from typing import Any

from litestar import Router
from msgspec import structs

from deskhand.inboxes import queries
from deskhand.kernel.errors import Invalid, Mistake, Mistakes
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.http.routes import PathId, camel
from deskhand.kernel.transaction import Snapshot, Transaction
from deskhand.mail.composing.templates import PLACES, VARIABLES, usual
from deskhand.mail.model import Options, OutgoingKind, SenderName, Template
from deskhand.mail.operations import inboxes as mail
from deskhand.mail.queries import inboxes as mail_queries
from deskhand.mail.queries.languages import words_for
from deskhand.ui.door import Done, Form, Visit, act, page
from deskhand.ui.forms import as_shown, number_of, version
from deskhand.ui.markup import as_kept, as_typed
from deskhand.ui.pages.settings.inboxes import inbox_page
from deskhand.ui.pages.settings.nav import MANAGE

KINDS = {
    OutgoingKind.REPLY: "Replies",
    OutgoingKind.FORWARD: "Forwarded conversations",
    OutgoingKind.NOTIFICATION: "Notifications of your team",
    OutgoingKind.INVITATION: "Invitations",
}
SENDERS = [
    (SenderName.AGENT_AND_INBOX.value, "Ines at the inbox"),
    (SenderName.AGENT.value, "Ines"),
    (SenderName.INBOX.value, "The inbox"),
]
TICKS = ("notifies", "tracks_opens", "uses_plus", "subject_tags", "reply_to_is_customer", "shows_pictures")
NUMBERS = ("undo_seconds", "messages_per_minute", "new_after_closed_days", "new_after_silent_days")
MAY_BE_EMPTY = ("new_after_closed_days", "new_after_silent_days")
TEXTS = ("sent_folder", "moves_to")
LISTS = ("trusted_servers", "trusted_relays")
MEGABYTE = 2**20


async def options_of(view: Snapshot, inbox_id: int) -> Options:
    """What an inbox wants of its mail; what is usual for one that has none yet."""
    found = await mail_queries.find(view, inbox_id)
    return found.options if found else Options()


@page("/settings/inboxes/{inbox_id:str}/signature", title="Signature", needs=MANAGE)
async def signature(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """What stands below replies, and the templates of mail."""
    it, options = await queries.get(view, inbox_id), await options_of(view, inbox_id)
    words = await words_for(view)
    kinds = [
        (each.value, name, options.templates.get(each.value, Template()), usual(each, words)) for each, name in KINDS.items()
    ]
    return inbox_page(
        visit,
        "signature",
        it,
        "/signature",
        signature=as_typed(options.signature),
        sender=options.sender_name.value,
        senders=[(value, visit.words.text(name)) for value, name in SENDERS],
        kinds=kinds,
        variables=VARIABLES,
        places=PLACES,
        version=version(options.signature, options.sender_name, options.templates),
    )


@act("/settings/inboxes/{inbox_id:str}/signature", title="Set the signature", needs=MANAGE, shown_by=signature)
async def set_signature(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """The signature, whose name replies carry, and the templates; an empty template is the usual one."""
    options = await options_of(tx, inbox_id)
    as_shown(form, options.signature, options.sender_name, options.templates)
    templates = {kind: each for kind, each in options.templates.items() if kind not in KINDS}
    for kind in KINDS:
        given = _template(form, kind.value)
        if given != Template():
            templates[kind.value] = given
    sender = next((each for each in SenderName if each.value == form.one("senderName")), None)
    if sender is None:
        raise Invalid("senderName", "must be one of these")
    wanted = structs.replace(options, signature=as_kept(form.one("signature")), sender_name=sender, templates=templates)
    await mail.want(tx, inbox_id, wanted)
    return Done(f"/settings/inboxes/{inbox_id}/signature", visit.words.text("Signature and templates saved"))


@page("/settings/inboxes/{inbox_id:str}/auto-reply", title="Auto reply", needs=MANAGE)
async def auto_reply(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Whether a new conversation is answered at once, and with what."""
    it, options = await queries.get(view, inbox_id), await options_of(view, inbox_id)
    kind = OutgoingKind.AUTO_REPLY
    said = options.templates.get(kind.value, Template())
    values: dict[str, Any] = {
        "is_on": options.auto_reply,
        "said": said,
        "html": as_typed(said.html),
        "usual": usual(kind, await words_for(view)),
        "variables": VARIABLES,
        "version": version(options.auto_reply, said),
    }
    return inbox_page(visit, "auto_reply", it, "/auto-reply", **values)


@act("/settings/inboxes/{inbox_id:str}/auto-reply", title="Set the auto reply", needs=MANAGE, shown_by=auto_reply)
async def set_auto_reply(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Answer new conversations at once, or no more."""
    options, kind = await options_of(tx, inbox_id), OutgoingKind.AUTO_REPLY.value
    as_shown(form, options.auto_reply, options.templates.get(kind, Template()))
    given = _template(form, kind)
    templates = {name: each for name, each in options.templates.items() if name != kind}
    if given != Template():
        templates[kind] = given
    is_on = form.has("autoReply")
    await mail.want(tx, inbox_id, structs.replace(options, auto_reply=is_on, templates=templates))
    told = "New conversations are answered at once" if is_on else "Nothing is answered by itself"
    return Done(f"/settings/inboxes/{inbox_id}/auto-reply", visit.words.text(told))


@page("/settings/inboxes/{inbox_id:str}/ratings", title="Ratings", needs=MANAGE)
async def ratings(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """Whether replies ask customers what they think of them."""
    it, options = await queries.get(view, inbox_id), await options_of(view, inbox_id)
    settings = visit.desk.settings
    return inbox_page(
        visit, "ratings", it, "/ratings", asks=options.asks_rating, settings=settings, version=version(options.asks_rating)
    )


@act("/settings/inboxes/{inbox_id:str}/ratings", title="Ask for ratings", needs=MANAGE, shown_by=ratings)
async def set_ratings(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """Ask below each reply, or no more."""
    options = await options_of(tx, inbox_id)
    as_shown(form, options.asks_rating)
    asks = form.has("asksRating")
    await mail.want(tx, inbox_id, structs.replace(options, asks_rating=asks))
    told = "Replies ask for a rating" if asks else "Replies ask for no rating"
    return Done(f"/settings/inboxes/{inbox_id}/ratings", visit.words.text(told))


@page("/settings/inboxes/{inbox_id:str}/behaviour", title="How mail behaves", needs=MANAGE)
async def behaviour(view: Snapshot, visit: Visit, inbox_id: PathId) -> Answer:
    """When replies thread, what is notified, where copies go."""
    it, options = await queries.get(view, inbox_id), await options_of(view, inbox_id)
    links = options.links_above_bytes
    return inbox_page(
        visit,
        "behaviour",
        it,
        "/behaviour",
        options=options,
        links_above=links // MEGABYTE if links is not None else "",
        version=version(*_behaviour(options)),
    )


@act("/settings/inboxes/{inbox_id:str}/behaviour", title="Say how mail behaves", needs=MANAGE, shown_by=behaviour)
async def set_behaviour(tx: Transaction, visit: Visit, form: Form, inbox_id: PathId) -> Done:
    """What is left empty is not bounded."""
    options = await options_of(tx, inbox_id)
    as_shown(form, *_behaviour(options))
    mistakes = Mistakes()
    wanted: dict[str, Any] = {name: form.has(camel(name)) for name in TICKS}
    for name in NUMBERS:
        with mistakes.noted():
            wanted[name] = _number(form, camel(name), may_be_empty=name in MAY_BE_EMPTY)
    with mistakes.noted():
        links = _number(form, "linksAboveMb", may_be_empty=True)
        if links is not None and links > 150:
            mistakes.add([Mistake("linksAboveMb", "must be between 0 and 150")])
        wanted["links_above_bytes"] = None if links is None else links * MEGABYTE
    mistakes.refuse()
    wanted |= {name: form.one(camel(name)).strip() for name in TEXTS}
    wanted |= {name: [each.strip() for each in form.one(camel(name)).splitlines() if each.strip()] for name in LISTS}
    await mail.want(tx, inbox_id, structs.replace(options, **wanted))
    return Done(f"/settings/inboxes/{inbox_id}/behaviour", visit.words.text("Saved"))


def _behaviour(it: Options) -> list[Any]:
    return [getattr(it, name) for name in (*TICKS, *NUMBERS, *TEXTS, *LISTS, "links_above_bytes")]


def _number(form: Form, name: str, *, may_be_empty: bool) -> int | None:
    text = form.one(name).strip()
    if not text and may_be_empty:
        return None
    return number_of(name, text)


def _template(form: Form, kind: str) -> Template:
    path = f"templates.{kind}"
    return Template(form.one(f"{path}.subject").strip(), as_kept(form.one(f"{path}.html")), form.one(f"{path}.text").strip())


ROUTERS = [
    Router(
        "/",
        route_handlers=[
            signature,
            set_signature,
            auto_reply,
            set_auto_reply,
            ratings,
            set_ratings,
            behaviour,
            set_behaviour,
        ],
    )
]
