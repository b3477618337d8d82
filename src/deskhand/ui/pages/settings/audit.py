"""The audit as a page: who did what, when and from where."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import msgspec
from litestar import Router
from msgspec import Struct

from deskhand.kernel import auditing
from deskhand.kernel.auditing import Entry
from deskhand.kernel.http.answers import Answer
from deskhand.kernel.permissions import ActorKind
from deskhand.kernel.transaction import Snapshot
from deskhand.ui.door import Visit, page
from deskhand.ui.pages.settings.nav import MANAGE, show
from deskhand.ui.people import Face, face_of
from deskhand.users import queries as users

SIZE = 50
MOST_PEOPLE = 1000
DID = {
    "AccountExported": "Exported the whole account",
    "ApplicationCreated": "Made an API application",
    "ApplicationDeleted": "Deleted an API application",
    "ConversationDeleted": "Deleted a conversation",
    "ConversationRestored": "Brought a conversation back",
    "CustomerDeleted": "Deleted a customer",
    "CustomerErasureRequested": "Had a customer erased",
    "InboxAccessGranted": "Opened an inbox to somebody",
    "InboxAccessRevoked": "Closed an inbox to somebody",
    "InboxConnected": "Connected an inbox to a mail server",
    "InboxCreated": "Made an inbox",
    "InboxMailChanged": "Changed the mail of an inbox",
    "InboxUpdated": "Changed an inbox",
    "InvitationHandedOver": "Took an invitation's link to hand it over",
    "OfficeHoursChanged": "Changed office hours",
    "OrganizationDeleted": "Deleted an organization",
    "PasswordChanged": "Changed a password",
    "PasswordLinkAsked": "Asked for a link to choose a password",
    "PropertyCreated": "Made a property",
    "PropertyDeleted": "Deleted a property",
    "PropertyUpdated": "Changed a property",
    "RoleChanged": "Changed somebody's role",
    "RoutingChanged": "Changed the routing of an inbox",
    "SessionEnded": "Ended sessions elsewhere",
    "SignInFailed": "Failed to sign in",
    "SignedIn": "Signed in",
    "TagDeleted": "Deleted a tag",
    "TeamCreated": "Made a team",
    "TeamDeleted": "Removed a team",
    "TeamMembersChanged": "Changed who is in a team",
    "TeamUpdated": "Renamed a team",
    "TokenGranted": "Got an access token",
    "TokensRevoked": "Lost tokens: a code was used twice",
    "UserCreated": "Added a user",
    "UserDeleted": "Removed a user",
    "UserInvited": "Invited a user",
    "UserUpdated": "Changed a user",
    "WebhookCreated": "Made a webhook",
    "WebhookDeleted": "Deleted a webhook",
    "WebhookDisabled": "Switched a webhook off",
    "WebhookUpdated": "Changed a webhook",
    "WorkflowCreated": "Made a workflow",
    "WorkflowDeleted": "Deleted a workflow",
    "WorkflowRestored": "Brought a workflow back",
    "WorkflowSwitched": "Switched a workflow on or off",
    "WorkflowUpdated": "Changed a workflow",
}
KINDS = {ActorKind.SYSTEM: "The desk itself", ActorKind.WORKFLOW: "A workflow", ActorKind.CUSTOMER: "A customer"}


class Row(Struct, frozen=True):
    """An entry; ``about`` are the ids and words of the fact."""

    entry: Entry
    who: str
    face: Face | None
    did: str
    about: list[tuple[str, str]]


@page("/settings/audit", title="Audit", needs=MANAGE)
async def audit(view: Snapshot, visit: Visit) -> Answer:
    """The newest first; by ``user`` and ``type``, behind ``before``."""
    user_id, before = _number(visit, "user"), _number(visit, "before")
    type_ = visit.query.get("type", "")
    type_ = type_ if type_ in DID else ""
    found = await auditing.page(view, SIZE + 1, user_id=user_id, type_=type_ or None, before=before)
    shown = found[:SIZE]
    people, _ = await users.page(view, "user", 1, MOST_PEOPLE)
    faces = {each.id: face_of(each) for each in people}
    for each in {each.user_id for each in shown if each.user_id} - set(faces):
        gone = await view.first(users.ONE, user_id=each)
        if gone is not None:
            faces[gone.id] = face_of(gone)
    kept: dict[str, str] = {name: value for name, value in (("user", str(user_id or "")), ("type", type_)) if value}
    more = f"/settings/audit?{urlencode(kept | {'before': str(shown[-1].id)})}" if len(found) > SIZE else ""
    chosen = [(each.id, faces[each.id].name) for each in people]
    return show(
        visit,
        "settings/audit.html",
        "audit",
        rows=[_row(each, faces, visit) for each in shown],
        people=[("", visit.words.text("Anybody")), *sorted(chosen, key=lambda each: each[1].lower())],
        types=[("", visit.words.text("Anything")), *((name, visit.words.text(did)) for name, did in DID.items())],
        user_id=user_id or "",
        type=type_,
        more=more,
        newest="/settings/audit?" + urlencode(kept) if before else "",
    )


def _row(it: Entry, faces: dict[int, Face], visit: Visit) -> Row:
    body = msgspec.json.decode(it.body, type=dict[str, Any])
    known = faces.get(it.user_id or 0)
    who = known.name if known else visit.words.text(KINDS.get(ActorKind(it.actor_kind), "Somebody unknown"))
    names = {name: faces[value].name for name, value in body.items() if name == "user_id" and value in faces}
    skipped = {"address"} | ({"user_id"} if body.get("user_id") == it.user_id else set())
    about = [
        (name.replace("_", " "), names.get(name, "") or _told(value))
        for name, value in body.items()
        if name not in skipped and value not in (None, [], "")
    ]
    return Row(it, who, known, visit.words.text(DID.get(it.type, it.type)), about)


def _told(value: object) -> str:
    return ", ".join(str(each) for each in value) if isinstance(value, list) else str(value)


def _number(visit: Visit, name: str) -> int | None:
    """An id in the query string; what is none counts as not said."""
    text = visit.query.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) else None


ROUTERS = [Router("/", route_handlers=[audit])]
