"""Actions in words: what a run did, and what a dry run would do."""

from __future__ import annotations

from deskhand.workflows.model import definition as actions
from deskhand.workflows.model.definition import Action


def told(action: Action) -> str:
    """What an action does: ``set the status to Closed``."""
    match action:
        case actions.SetStatus(status):
            return f"set the status to {status.value.title()}"
        case actions.Assign(to):
            return "left it to nobody" if to is None else f"assigned it to {to}"
        case actions.AssignInTurn(users, team):
            return f"assigned it to the next of {f'team {team}' if team else ', '.join(map(str, users))}"
        case actions.AddTags(tags):
            return f"added the tags {', '.join(map(str, tags))}"
        case actions.RemoveTags(tags):
            return f"removed the tags {', '.join(map(str, tags))}"
        case actions.SetField(field, value):
            return f"set field {field} to {value[:100]}" if value else f"cleared field {field}"
        case actions.Move(inbox_id):
            return f"moved it to inbox {inbox_id}"
        case actions.AddNote():
            return "added a note"
        case actions.SendReply(_, saved_reply):
            return f"sent saved reply {saved_reply}" if saved_reply else "sent a reply"
        case actions.Forward(to):
            return f"forwarded it to {to}"
        case actions.Snooze(span, wakes_on_reply):
            return f"snoozed it for {span}" + (" or until the customer replies" if wakes_on_reply else "")
        case actions.NotifyWebhook(webhook):
            return f"told webhook {webhook}"
        case actions.Delete():
            return "deleted it"
