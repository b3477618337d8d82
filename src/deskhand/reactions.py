"""What follows from each fact: the whole map on one page.

``AFTER`` is a job each, retried alone. ``WITHIN`` happens in the same transaction, only to keep an invariant across rooms.
While anybody watches, ``alert`` and ``fan_out`` are the last acts of each operation: what they tell of which fact is in
workflows/telling.py and webhooks/telling.py.
Every event stands here, if only with ``()``; a test looks.
"""

from __future__ import annotations

from typing import Any

from deskhand.chats import model as chat
from deskhand.chats.operations import follow_merge as chats_follow
from deskhand.conversations import jobs as conversations
from deskhand.conversations import model as conversation
from deskhand.conversations.operations import folders
from deskhand.conversations.operations.fields import forget_choices
from deskhand.conversations.operations.followers import follow_mentioned
from deskhand.conversations.operations.following import follow_customer
from deskhand.conversations.operations.following import follow_merge as conversations_follow
from deskhand.conversations.queries import audience
from deskhand.customers import jobs as customers
from deskhand.customers import model as customer
from deskhand.customers.operations.belonging import follow_organization
from deskhand.inboxes import model as inbox
from deskhand.kernel.auditing import AccountExported, note
from deskhand.kernel.events import Event
from deskhand.kernel.reactions import Reaction, Reactions, Within
from deskhand.kernel.transaction import Transaction
from deskhand.mail import jobs as mails
from deskhand.mail import model as mail
from deskhand.mail.operations import notices
from deskhand.mail.operations.alerts import about
from deskhand.mail.operations.forgetting import RECEIVED, forget, forget_customer
from deskhand.mail.operations.inboxes import follow_address
from deskhand.mail.operations.outgoing import dispatch, withhold
from deskhand.mail.queries.alerts import FLOODS
from deskhand.notifications import operations as notifications
from deskhand.oauth import model as oauth
from deskhand.oauth.operations import end_tokens
from deskhand.organizations import model as organization
from deskhand.properties import model as property_
from deskhand.ratings import model as rating
from deskhand.reports.operations import follow_merge as reports_follow
from deskhand.tags import model as tag
from deskhand.users import model as user
from deskhand.users.queries import PHOTO
from deskhand.webhooks import jobs as webhooks
from deskhand.webhooks import model as webhook
from deskhand.webhooks.telling import fan_out
from deskhand.workflows import jobs as workflows
from deskhand.workflows.model import facts as workflow
from deskhand.workflows.queries.trying import appointment_key
from deskhand.workflows.telling import alert


def _until(event: conversation.ConversationSnoozed | mail.AlertPostponed | workflow.WorkflowWaits) -> Any:
    return event.until


def _at(event: conversation.ThreadScheduled) -> Any:
    return event.at


def _failed_long(event: mail.ConnectionFailing) -> Any:
    return event.at if event.is_refused else event.at + mails.TOLD_AFTER


def _rested(
    event: conversation.AttachmentDeleted
    | conversation.ConversationErased
    | conversation.FilesRefused
    | mail.MailForgotten
    | user.PhotosReplaced,
) -> Any:
    return event.at + conversation.BLOBS_REST


WAKE = Reaction(conversations.wake, due=_until, key=lambda event: f"wake:{event.conversation_id}")
FOLLOW = Reaction(customers.follow)
SEND = Reaction(conversations.send, due=_at, key=lambda event: f"send:{event.thread_id}")
ROUTE = Reaction(conversations.route, when=lambda event: event.routes)
ROUTE_WAITING = Reaction(conversations.route_waiting, key=lambda event: "conversations:route_waiting")
ROUTE_BACK = Reaction(
    conversations.route_waiting,
    key=lambda event: "conversations:route_waiting",
    when=lambda event: event.status is user.Presence.ACTIVE,
)

CLEAR_WRITINGS = Reaction(
    conversations.clear_writings, key=lambda event: "conversations:clear_writings", when=lambda event: event.is_only
)
CLEAR_WRITINGS_AGAIN = Reaction(
    conversations.clear_writings, due=lambda event: event.next_at, key=lambda event: "conversations:clear_writings"
)

ERASE = Reaction(conversations.erase, key=lambda event: customer.erasure_key(event.customer_id))
CLEAR = Reaction(webhooks.clear, key=lambda event: "webhooks:clear")
CLEAR_AGAIN = Reaction(webhooks.clear, due=lambda event: event.next_at, key=lambda event: "webhooks:clear")

CONSIDER = Reaction(workflows.consider)
RECONSIDER = Reaction(
    workflows.reconsider, due=_until, key=lambda event: appointment_key(event.workflow_id, event.conversation_id)
)


def _alert(**how: Any) -> Reaction:
    return Reaction(mails.tell_operators, key=lambda event: "mail:alert:{}:{}".format(*about(event)), **how)


async def _tell(
    tx: Transaction,
    event: conversation.ConversationCreated
    | conversation.ConversationAssigned
    | conversation.ThreadAdded
    | rating.RatingReceived,
) -> None:
    """Whoever wants to know, by mail and in the browser; asked once for both."""
    if isinstance(event, rating.RatingReceived):
        told = await audience.of_rating(tx, event.conversation_id, event.thread_id)
    else:
        told = await audience.of(tx, event)
    if told:
        await notices.notify(tx, event, told)
        await notifications.tell(tx, event, told)


AFTER: dict[type[Event], tuple[Reaction, ...]] = {
    AccountExported: (),
    chat.ChatAssigned: (),
    chat.ChatEnded: (),
    chat.ChatMessageAdded: (),
    chat.ChatStarted: (),
    conversation.AttachmentAdded: (),
    conversation.AttachmentDeleted: (Reaction(conversations.forget_file, due=_rested),),
    conversation.ConversationAssigned: (),
    conversation.ConversationCreated: (ROUTE,),
    conversation.ConversationDeleted: (),
    conversation.ConversationErased: (Reaction(conversations.forget_files, due=_rested),),
    conversation.ConversationMerged: (),
    conversation.ConversationMoved: (),
    conversation.ConversationRestored: (),
    conversation.ConversationSnoozed: (WAKE,),
    conversation.ConversationStatusChanged: (),
    conversation.ConversationUnmerged: (),
    conversation.ConversationWoken: (),
    conversation.CustomerChanged: (),
    conversation.DraftSaved: (),
    conversation.FieldsChanged: (),
    conversation.FilesRefused: (Reaction(conversations.forget_files, due=_rested),),
    conversation.FollowersChanged: (),
    conversation.PlaceFreed: (ROUTE_WAITING,),
    conversation.SavedViewChanged: (),
    conversation.SubjectChanged: (),
    conversation.TagsChanged: (),
    conversation.ThreadAdded: (),
    conversation.ThreadEdited: (),
    conversation.ThreadHidden: (),
    conversation.ThreadImported: (),
    conversation.ThreadRecalled: (),
    conversation.ThreadScheduled: (SEND,),
    conversation.ThreadUnscheduled: (),
    conversation.WritingBegan: (CLEAR_WRITINGS,),
    conversation.WritingEnded: (),
    conversation.WritingsCleared: (CLEAR_WRITINGS_AGAIN,),
    customer.CustomerCreated: (),
    customer.CustomerDeleted: (),
    customer.CustomerErasureRequested: (ERASE,),
    customer.CustomerPicturesAllowed: (),
    customer.CustomerPicturesBlocked: (),
    customer.CustomersMerged: (),
    customer.CustomerUpdated: (),
    inbox.CustomFieldCreated: (),
    inbox.CustomFieldDeleted: (),
    inbox.CustomFieldUpdated: (),
    inbox.InboxAccessGranted: (),
    inbox.InboxAccessRevoked: (),
    inbox.InboxCreated: (),
    inbox.InboxUpdated: (),
    inbox.OfficeHoursChanged: (),
    inbox.RoutingChanged: (ROUTE_WAITING,),
    inbox.SavedReplyCreated: (),
    inbox.SavedReplyDeleted: (),
    inbox.SavedReplyUpdated: (),
    mail.AddressHushed: (_alert(when=lambda event: event.reason == FLOODS),),
    mail.AlertPostponed: (_alert(due=_until),),
    mail.AutomaticMailStopped: (_alert(),),
    mail.ConnectionFailing: (_alert(due=_failed_long),),
    mail.ConnectionRecovered: (),
    mail.DeliveryFailed: (),
    mail.InboxConnected: (),
    mail.InboxMailChanged: (),
    mail.MailCancelled: (),
    mail.MailForgotten: (Reaction(conversations.forget_files, due=_rested),),
    mail.MailHeld: (_alert(),),
    mail.MailQueued: (),
    mail.MailReceived: (),
    mail.MailReleased: (),
    mail.MailSent: (Reaction(mails.keep_copy, when=lambda event: event.copied),),
    mail.ReceiptCame: (),
    mail.ReplyOpened: (),
    oauth.ApplicationCreated: (),
    oauth.ApplicationDeleted: (),
    oauth.TokenGranted: (),
    oauth.TokensRevoked: (),
    organization.OrganizationCreated: (FOLLOW,),
    organization.OrganizationDeleted: (),
    organization.OrganizationUpdated: (FOLLOW,),
    property_.PropertyCreated: (),
    property_.PropertyDeleted: (),
    property_.PropertyUpdated: (),
    rating.RatingChanged: (),
    rating.RatingReceived: (),
    tag.TagCreated: (),
    tag.TagDeleted: (),
    tag.TagUpdated: (),
    user.AccountChanged: (),
    user.InvitationHandedOver: (),
    user.NotificationsChosen: (),
    user.PasswordChanged: (),
    user.PasswordLinkAsked: (Reaction(mails.send_link),),
    user.PhotosReplaced: (Reaction(conversations.forget_files, due=_rested),),
    user.RoleChanged: (),
    user.SessionEnded: (),
    user.SignedIn: (),
    user.SignInFailed: (),
    user.TeamCreated: (),
    user.TeamDeleted: (Reaction(conversations.unassign),),
    user.TeamMembersChanged: (),
    user.TeamUpdated: (),
    user.UserCreated: (),
    user.UserDeleted: (Reaction(conversations.unassign), Reaction(conversations.forget_user)),
    user.UserInvited: (),
    user.UserStatusChanged: (ROUTE_BACK,),
    user.UserUpdated: (),
    webhook.DeliveriesCleared: (CLEAR_AGAIN,),
    webhook.DeliveriesReplayed: (),
    webhook.WebhookCalled: (),
    webhook.WebhookCreated: (CLEAR,),
    webhook.WebhookDeleted: (),
    webhook.WebhookDisabled: (),
    webhook.WebhookUpdated: (),
    workflow.WorkflowCreated: (),
    workflow.WorkflowDeleted: (),
    workflow.WorkflowRan: (),
    workflow.WorkflowRestored: (),
    workflow.WorkflowsAlerted: (CONSIDER,),
    workflow.WorkflowsOrdered: (),
    workflow.WorkflowStopped: (),
    workflow.WorkflowSwitched: (),
    workflow.WorkflowUpdated: (),
    workflow.WorkflowWaits: (RECONSIDER,),
}

WITHIN: dict[type[Event], tuple[Within, ...]] = {
    conversation.ConversationAssigned: (_tell,),
    conversation.ConversationErased: (forget,),
    conversation.ConversationCreated: (dispatch, _tell),
    conversation.ConversationDeleted: (withhold,),
    conversation.ThreadAdded: (dispatch, follow_mentioned, _tell),
    conversation.ThreadHidden: (withhold,),
    conversation.ThreadRecalled: (notices.withhold, notifications.forget),
    customer.CustomerDeleted: (forget_customer,),
    customer.CustomersMerged: (conversations_follow, chats_follow, reports_follow),
    customer.CustomerUpdated: (follow_customer,),
    inbox.InboxAccessGranted: (folders.folder_of_access,),
    inbox.CustomFieldUpdated: (forget_choices,),
    inbox.InboxCreated: (folders.folders_of_inbox,),
    inbox.InboxUpdated: (follow_address,),
    mail.DeliveryFailed: (notices.tell_of_failure,),
    organization.OrganizationCreated: (follow_organization,),
    organization.OrganizationUpdated: (follow_organization,),
    rating.RatingReceived: (_tell,),
    user.RoleChanged: (folders.folders_of_user,),
    user.TeamMembersChanged: (folders.folders_of_members,),
    user.UserCreated: (folders.folders_of_user,),
    user.UserDeleted: (end_tokens,),
    user.UserInvited: (notices.invite,),
    webhook.WebhookDisabled: (notices.tell_of_webhook,),
}


AUDITED: tuple[type[Event], ...] = (
    AccountExported,
    conversation.ConversationDeleted,
    conversation.ConversationRestored,
    customer.CustomerDeleted,
    customer.CustomerErasureRequested,
    inbox.InboxAccessGranted,
    inbox.InboxAccessRevoked,
    inbox.InboxCreated,
    inbox.InboxUpdated,
    inbox.OfficeHoursChanged,
    inbox.RoutingChanged,
    mail.InboxConnected,
    mail.InboxMailChanged,
    oauth.ApplicationCreated,
    oauth.ApplicationDeleted,
    oauth.TokenGranted,
    oauth.TokensRevoked,
    organization.OrganizationDeleted,
    property_.PropertyCreated,
    property_.PropertyDeleted,
    property_.PropertyUpdated,
    tag.TagDeleted,
    user.AccountChanged,
    user.InvitationHandedOver,
    user.PasswordChanged,
    user.PasswordLinkAsked,
    user.RoleChanged,
    user.SessionEnded,
    user.SignedIn,
    user.SignInFailed,
    user.TeamCreated,
    user.TeamDeleted,
    user.TeamMembersChanged,
    user.TeamUpdated,
    user.UserCreated,
    user.UserDeleted,
    user.UserInvited,
    user.UserUpdated,
    webhook.WebhookCreated,
    webhook.WebhookDeleted,
    webhook.WebhookDisabled,
    webhook.WebhookUpdated,
    workflow.WorkflowCreated,
    workflow.WorkflowDeleted,
    workflow.WorkflowRestored,
    workflow.WorkflowSwitched,
    workflow.WorkflowUpdated,
)
"""Sign-ins, access, settings, tokens, exports and deletions leave an entry in the audit."""


def reactions() -> Reactions:
    """The map, for the composition root."""
    within = WITHIN | {kind: (*WITHIN.get(kind, ()), note) for kind in AUDITED}
    released = (conversations.ATTACHED, conversations.WRITTEN, conversations.ARRIVED, RECEIVED, PHOTO)
    return Reactions(AFTER, within, (alert, fan_out), released)
