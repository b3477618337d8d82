"""One of everything, in one inbox: so that each route can be called with ids of real things."""

from __future__ import annotations

import re
import uuid
from typing import Any

from msgspec import Struct
from sqlalchemy import update

from deskhand.app import api_routes
from deskhand.chats import operations as chats
from deskhand.conversations.model import Audience, Rating, ThreadType, Writing
from deskhand.conversations.operations import attachments, followers, schedule, seeing, views, writings
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.queries import folders
from deskhand.conversations.queries.writings import Place
from deskhand.conversations.tables import threads
from deskhand.customers.model import Address, EntryKind, NewCustomer, NewEntry, Profile
from deskhand.customers.operations import creating, pictures
from deskhand.customers.queries import one as customer_queries
from deskhand.inboxes import operations as inboxes
from deskhand.inboxes.hours import OfficeHours
from deskhand.kernel.http.routes import Endpoint, handlers
from deskhand.kernel.permissions import Permission, Role
from deskhand.kernel.storage.statements import param, write
from deskhand.notifications import queries as notifications
from deskhand.properties.model import Owner, PropertyType
from deskhand.ratings import operations as ratings
from deskhand.ratings import queries as rating_queries
from deskhand.tags import queries as tags
from deskhand.users import operations as users
from deskhand.users.model import Account, Occasion
from deskhand.users.operations import NewUser
from deskhand.webhooks import queries as webhooks
from tests.given import Given

SECRET = "Zinnoberrot"
"""A word that stands in everything of the inbox: who must not see the inbox must never see this."""

SLUG = "club"
"""A property of customers and one of organizations, as the examples have it."""

SEGMENTS = {
    "emails": EntryKind.EMAIL,
    "phones": EntryKind.PHONE,
    "chats": EntryKind.CHAT,
    "social-profiles": EntryKind.SOCIAL,
    "websites": EntryKind.WEBSITE,
}
VALUES = {
    EntryKind.EMAIL: ("work", "pavel.lund@mail.test"),
    EntryKind.PHONE: ("work", "+45 5550 0100"),
    EntryKind.CHAT: ("skype", "lundcykler"),
    EntryKind.SOCIAL: ("twitter", "@lundcykler"),
    EntryKind.WEBSITE: (None, "https://lund.test"),
}
SET_SOURCE = write(update(threads).where(threads.c.id == param("thread_id")).values(source_blob=param("blob")))


class Whole(Struct):
    """The ids of an inbox's things, and who is who towards it."""

    inbox: int
    conversation: int
    thread: int
    draft: int
    attachment: int
    folder: int
    field: int
    tag: int
    team: int
    colleague: int
    customer: int
    twin: int
    visitor: int
    webhook: int
    delivery: int
    organization: int
    entries: dict[EntryKind, int]
    worker: int
    light: int
    saved_reply: int
    rating: int
    chat: str
    workflow: int
    manual: int
    notification: int
    saved_view: int
    written_files: dict[str, int]
    outsider: int
    powerless: int

    def attachment_of(self, path: str) -> int:
        """The file that an address is about: a thread's, or of what is being written."""
        return self.written_files.get(path.split("/")[3], 0) if "/writing" in path else self.attachment


QUERIES = {
    "/v2/reports/conversations/fields-drilldown": "&field=tagid&fieldid=2",
    "/v3/conversations/search": "?query=status:active",
    "/deskhand/v1/workflows/{workflowId}/why": "?conversation={}",
}
"""What a route cannot be called without."""

REPORTS = "/v2/reports"
INTERVAL = "?start=2020-01-01T00:00:00Z&end=2090-01-01T00:00:00Z"
"""Without which no report can be; those on a user name one."""


class Call(Struct):
    """A request that would succeed for the owner, but for what the things' state says."""

    method: str
    path: str
    body: Any


ROUTES = sorted(
    ((f"{handler.endpoint.method} {path}", path, handler.endpoint) for path, handler in handlers(api_routes())),
    key=lambda route: (route[1], route[0]),
)


async def whole(given: Given) -> Whole:
    """An inbox called Vault with one of everything, a user who works in it, and some who may less."""
    worker = await given.user("Wilma", "Stern")
    light = await given.user("Lou", "Light", role=Role.LIGHT_USER)
    inbox = await given.new_inbox("Vault", workers=(worker, light))
    outsider = await given.user("Otto", "Fern")
    await given.new_inbox("Elsewhere", workers=(outsider,))
    powerless = await without_api(given)
    colleague = await given.user("Carla", "Wolf")
    team = await given.team("Night shift", [colleague])
    field = await given.field("Carrier", "dropdown", options=[SECRET], inbox=inbox)

    async with given.write(given.owner) as tx:
        await users.name_account(tx, Account("Zinnober"))
        await users.choose_notifications(tx, in_browser=list(Occasion), by_mail=list(Occasion))
    organization = await given.organization("Lund", "lund.test")
    for owner in Owner:
        await given.property(owner, SLUG, PropertyType.TEXT)
    async with given.write() as tx:
        customer = await creating.create(
            tx,
            NewCustomer(
                profile=Profile(first_name="Pavel", last_name="Lund"),
                entries=tuple(NewEntry(kind, type_, value) for kind, (type_, value) in VALUES.items()),
                address=Address(city="Aarhus", lines=("Havnegade 12",), country="DK"),
                organization_id=organization,
            ),
        )
        await pictures.allow(tx, customer)
    async with given.read() as view:
        entries = {kind: (await customer_queries.entries(view, customer, kind))[0].id for kind in VALUES}
    async with given.client(worker) as client:
        made = await client.post(
            "/v2/conversations",
            json={
                "subject": SECRET,
                "customer": {"id": customer},
                "mailboxId": inbox,
                "type": "email",
                "status": "active",
                "tags": [SECRET],
                "threads": [{"type": "customer", "customer": {"id": customer}, "text": SECRET}],
            },
        )
        assert made.status_code == 201, made.text
    conversation = int(made.headers["resource-id"])
    visitor = await given.customer("vera@mail.test")
    twin = await given.conversation(inbox=inbox, customer=visitor)
    webhook, delivery = await _webhook(given, conversation)
    thread = await given.thread(conversation, ThreadType.NOTE, SECRET)
    draft = await given.thread(conversation, ThreadType.MESSAGE, SECRET, draft=True)
    blob = await given.desk.blobs.put(SECRET.encode())
    async with given.write() as tx:
        await tx.write(SET_SOURCE, thread_id=thread, blob=blob)
        file = NewFile("secret.txt", "text/plain", len(SECRET), 0, 0, blob)
        attachment = await attachments.attach(tx, conversation, thread, file)
        at = tx.now.replace(year=tx.now.year + 1, day=1)
        await schedule.schedule(tx, conversation, draft, at=at, unschedules_on_reply=False, as_creator=False)
    saved_reply, rating, chat = await _more(given, inbox, conversation, customer)
    workflow, manual = await _workflows(given, inbox)
    saved_view, files = await _own(given, inbox, conversation, blob)
    async with given.read(given.owner) as view:
        notification = (await notifications.page(view, 1))[0].id
        folder = (await folders.of_inbox(view, inbox))[0].folder.id
        (tag,) = [each.id for each in await view.all(tags.NAMED, names=[SECRET.lower()])]
    return Whole(
        inbox=inbox,
        conversation=conversation,
        thread=thread,
        draft=draft,
        attachment=attachment,
        folder=folder,
        field=field,
        tag=tag,
        team=team,
        colleague=colleague,
        customer=customer,
        twin=twin,
        visitor=visitor.id,
        webhook=webhook,
        delivery=delivery,
        organization=organization,
        entries=entries,
        worker=worker,
        light=light,
        saved_reply=saved_reply,
        rating=rating,
        chat=chat,
        workflow=workflow,
        manual=manual,
        notification=notification,
        saved_view=saved_view,
        written_files=files,
        outsider=outsider,
        powerless=powerless,
    )


async def _webhook(given: Given, conversation: int) -> tuple[int, int]:
    """A webhook, and a delivery to it that tells of the conversation."""
    async with given.client(given.owner) as client:
        body = {"url": "https://hooks.test/in", "events": ["convo.tags"], "secret": SECRET}
        made = await client.post("/v2/webhooks", json=body)
        assert made.status_code == 201, made.text
        await client.put(f"/v2/conversations/{conversation}/tags", json={"tags": [SECRET, "told"]})
    async with given.read() as view:
        (told,) = await webhooks.ledger(view, webhooks.Wanted(), 2)
    return int(made.headers["resource-id"]), told.id


async def _more(given: Given, inbox: int, conversation: int, customer: int) -> tuple[int, int, str]:
    """A saved reply, a rating of a reply, and a chat of which each tells the secret."""
    async with given.write(given.owner) as tx:
        for each in (None, inbox):
            await inboxes.set_office_hours(tx, each, OfficeHours("UTC", (((0, 1440),),) * 7))
        saved_reply = await inboxes.create_saved_reply(tx, inbox, SECRET, text=SECRET, chat_text=SECRET)
    reply = await given.thread(conversation, ThreadType.MESSAGE, SECRET)
    async with given.write() as tx:
        token = await ratings.rating_link(tx, conversation, reply, origin="https://desk.test", days=9)
        await ratings.rate(tx, token.rpartition("/")[2], Rating.GREAT, SECRET, change_hours=1)
        rating = await tx.one(rating_queries.OF_THREAD, thread_id=reply)
        who = await customer_queries.reference(tx, customer)
        assert who is not None
        chat = await chats.start(tx, inbox, who)
        await chats.hear(tx, chat, str(uuid.uuid4()), SECRET)
    return saved_reply, rating, chat


async def _workflows(given: Given, inbox: int) -> tuple[int, int]:
    """One that is automatic and one that is run by hand, both active."""
    ids = []
    async with given.client(given.owner) as client:
        for type_ in ("automatic", "manual"):
            conditions = [{"field": "subject", "comparison": "is", "value": SECRET}]
            body = {"mailboxId": inbox, "type": type_, "name": SECRET, "status": "active", "conditions": conditions}
            made = await client.post("/deskhand/v1/workflows", json=body | {"actions": [{"type": "add-note", "text": SECRET}]})
            assert made.status_code == 201, made.text
            ids.append(int(made.headers["resource-id"]))
    return ids[0], ids[1]


async def _own(given: Given, inbox: int, conversation: int, blob: str) -> tuple[int, dict[str, int]]:
    """What the owner keeps: a view for everybody in a place of its own, a conversation that is followed, and two things that
    are being written, each with a file."""
    async with given.write(given.owner) as tx:
        view = await views.create(tx, views.NewView("All", f'subject:"{SECRET}"', audience=Audience.EVERYBODY))
        await views.order(tx, [view])
        await followers.follow(tx, conversation)
        await seeing.see(tx, conversation)
        places = {
            "conversations": Place(Writing.REPLY, conversation_id=conversation),
            "mailboxes": Place(Writing.CONVERSATION, inbox_id=inbox),
        }
        files = {}
        for name, place in places.items():
            await writings.keep(tx, place, writings.Typed(body=SECRET), version=None)
            files[name] = await writings.attach(tx, place, NewFile("more.txt", "text/plain", len(SECRET), 0, 0, blob))
        return view, files


async def without_api(given: Given) -> int:
    """A user from whom the right to use the API was taken."""
    async with given.write() as tx:
        new = NewUser(
            first_name="Nora",
            last_name="Null",
            email="nora@desk.test",
            role=Role.USER,
            password_hash="none",
            granted=[f"-{Permission.USE_API.value}"],
        )
        return await users.create(tx, new)


def call(path: str, endpoint: Endpoint, it: Whole, when: str = "2027-03-01T09:00:00Z") -> Call:
    """How to call a route. Raises KeyError for a path parameter that nobody has thought of."""
    segment = path.split("/{entryId}")[0].rpartition("/")[2]
    ids = {
        "conversationId": it.twin if path.endswith("/merge") else it.conversation,
        "threadId": it.draft if path.endswith("/schedule") else it.thread,
        "attachmentId": it.attachment_of(path),
        "customerId": it.visitor if path.endswith("/merge") else it.customer,
        "organizationId": it.organization,
        "slug": SLUG,
        "entryId": it.entries.get(SEGMENTS.get(segment, EntryKind.EMAIL)),
        "mailboxId": it.inbox,
        "folderId": it.folder,
        "fieldId": it.field,
        "tagId": it.tag,
        "teamId": it.team,
        "userId": it.colleague,
        "webhookId": it.webhook,
        "deliveryId": it.delivery,
        "viewId": it.saved_view,
        "kind": "reply",
        "replyId": it.saved_reply,
        "ratingId": it.rating,
        "chatId": it.chat,
        "workflowId": it.manual if path.endswith("/run") else it.workflow,
        "notificationId": it.notification,
        "messageId": uuid.uuid4(),
        "systemUserId": 900,
        "name": "0" * 16,
        "token": "0" * 43,
        "key": "0" * 40,
        "filename": "secret.txt",
    }
    query = QUERIES.get(path, "")
    if path.startswith(REPORTS):
        query = INTERVAL + query + (f"&user={it.worker}" if path.startswith(f"{REPORTS}/user") else "")
    return Call(
        endpoint.method,
        re.sub(r"\{(\w+)\}", lambda found: str(ids[found[1]]), path) + query.format(it.conversation),
        _body(path, endpoint, it, when),
    )


def _body(path: str, endpoint: Endpoint, it: Whole, when: str) -> Any:
    """The route's own example, with ids that exist here."""
    if endpoint.body is None:
        return None
    body = endpoint.example
    assert body is not None, f"{endpoint.method} {path} has a body but no example of one"
    if not isinstance(body, dict):
        return [body[0]]  # of a list of changes the later ones name entries that do not exist here
    own: dict[str, Any] = {
        "mailboxId": it.inbox,
        "snoozedUntil": when,
        "scheduledFor": when,
        "userIds": [it.worker],
        "webhookId": it.webhook,
        "conversationIds": [it.conversation],
        "ids": [it.saved_view if "/views/" in path else it.workflow],
        "into": it.customer if "/customers/" in path else it.conversation,
    }
    if "definition" in body:
        own["definition"] = body["definition"] | {"mailboxId": it.inbox}
    if isinstance(body.get("customer"), dict):
        own["customer"] = {"id": it.customer}
    if "fields" in body:
        own["fields"] = [{"id": it.field, "value": ""}]
    if "changes" in body:
        own["changes"] = [each | {"conversationId": it.conversation} for each in body["changes"][:2]]
    return {name: own.get(name, value) for name, value in body.items()}
