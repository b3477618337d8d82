"""What fields, comparisons, values and actions of workflows are called."""

from __future__ import annotations

from deskhand.kernel.words import Words
from deskhand.workflows.model.facts import Outcome, RunState, Stop
from deskhand.workflows.model.fields import Comparison, FieldName


def field_groups(words: Words) -> list[tuple[str, dict[FieldName, str]]]:
    """Every field but the two that are about one custom field or property, in groups as people look for them."""
    text = words.text
    return [
        (
            text("What happened"),
            {
                FieldName.TRIGGER: text("What happened"),
                FieldName.THREAD_BODY: text("Text of what was said"),
                FieldName.THREAD_BY: text("Who said it"),
                FieldName.THREAD_TYPE: text("Kind of what was said"),
                FieldName.THREAD_TO: text("To of what was said"),
                FieldName.THREAD_CC: text("Cc of what was said"),
            },
        ),
        (
            text("Conversation"),
            {
                FieldName.SUBJECT: text("Subject"),
                FieldName.BODY: text("Text of any entry"),
                FieldName.PREVIEW: text("Preview"),
                FieldName.STATUS: text("Status"),
                FieldName.ASSIGNEE: text("Assignee"),
                FieldName.TAG: text("Tag"),
                FieldName.MAILBOX: text("Inbox"),
                FieldName.TYPE: text("How it began"),
                FieldName.VIA: text("Who began it"),
                FieldName.SOURCE: text("Source"),
                FieldName.CC: text("Cc"),
                FieldName.HAS_ATTACHMENTS: text("Has files"),
                FieldName.THREADS: text("Number of entries"),
                FieldName.SNOOZED: text("Is snoozed"),
                FieldName.LATEST_REPLY_FROM: text("Who wrote last"),
                FieldName.RATING: text("Rating"),
            },
        ),
        (
            text("Customer"),
            {
                FieldName.CUSTOMER_NAME: text("Customer’s name"),
                FieldName.CUSTOMER_EMAIL: text("Customer’s address"),
                FieldName.CUSTOMER_DOMAIN: text("Customer’s domain"),
                FieldName.CUSTOMER_ORGANIZATION: text("Customer’s organization"),
            },
        ),
        (
            text("Time"),
            {
                FieldName.CREATED_AT: text("Moment it began"),
                FieldName.SINCE_CREATED: text("Time since it began"),
                FieldName.WAITING: text("Time the customer waits"),
                FieldName.SINCE_CUSTOMER_REPLY: text("Time since the customer wrote"),
                FieldName.SINCE_USER_REPLY: text("Time since a user answered"),
                FieldName.SINCE_STATUS_CHANGE: text("Time since the status changed"),
            },
        ),
    ]


def comparisons(words: Words) -> dict[Comparison, str]:
    """How values are compared."""
    text = words.text
    return {
        Comparison.AFTER: text("is after"),
        Comparison.BEFORE: text("is before"),
        Comparison.CONTAINS: text("contains"),
        Comparison.CONTAINS_ANY_OF: text("contains any of"),
        Comparison.CONTAINS_NONE_OF: text("contains none of"),
        Comparison.DOES_NOT_CONTAIN: text("does not contain"),
        Comparison.DOES_NOT_MATCH: text("is not like"),
        Comparison.ENDS_WITH: text("ends with"),
        Comparison.GREATER_THAN: text("is more than"),
        Comparison.IS: text("is"),
        Comparison.IS_ANY_OF: text("is any of"),
        Comparison.IS_EMPTY: text("is empty"),
        Comparison.IS_NONE_OF: text("is none of"),
        Comparison.IS_NOT: text("is not"),
        Comparison.IS_NOT_EMPTY: text("is not empty"),
        Comparison.LESS_THAN: text("is less than"),
        Comparison.LONGER_THAN: text("is longer than"),
        Comparison.MATCHES: text("is like"),
        Comparison.SHORTER_THAN: text("is shorter than"),
        Comparison.STARTS_WITH: text("starts with"),
    }


def values(words: Words) -> dict[str, str]:
    """What the words are called that a field may have, whichever it is."""
    text = words.text
    return {
        "active": text("Active"),
        "assigned": text("It was assigned"),
        "beaconchat": text("Message in a chat"),
        "chat": text("Chat"),
        "closed": text("Closed"),
        "created": text("It began"),
        "customer": text("Customer"),
        "customer-changed": text("Its customer changed"),
        "customer-replied": text("The customer wrote"),
        "email": text("Email"),
        "fields-changed": text("A custom field changed"),
        "forwarded": text("It was forwarded"),
        "forwardchild": text("Answer to a forward"),
        "forwardparent": text("Forward"),
        "great": text("Great"),
        "lineitem": text("Happening"),
        "merged": text("It was merged"),
        "message": text("Reply"),
        "moved": text("It was moved"),
        "not_good": text("Not good"),
        "note": text("Note"),
        "note-added": text("A note was added"),
        "okay": text("Okay"),
        "pending": text("Pending"),
        "phone": text("Phone"),
        "rated": text("It was rated"),
        "snoozed": text("It was snoozed"),
        "spam": text("Spam"),
        "status-changed": text("Its status changed"),
        "subject-changed": text("Its subject changed"),
        "tagged": text("Its tags changed"),
        "user": text("User"),
        "user-replied": text("A user answered"),
        "woken": text("It woke up"),
        "workflow": text("Workflow"),
        "workflow-replied": text("A workflow answered"),
    }


def steps(words: Words) -> dict[str, str]:
    """What a workflow may do."""
    text = words.text
    return {
        "add-tags": text("Add tags"),
        "remove-tags": text("Take tags off"),
        "set-status": text("Set the status"),
        "assign": text("Assign to"),
        "assign-in-turn": text("Assign in turn"),
        "set-field": text("Set a custom field"),
        "move": text("Move to an inbox"),
        "add-note": text("Write a note"),
        "send-reply": text("Send a reply"),
        "forward": text("Forward to"),
        "snooze": text("Snooze"),
        "notify-webhook": text("Tell a webhook"),
        "delete": text("Delete it"),
    }


def units(words: Words) -> list[tuple[str, str]]:
    """The units of a length of time."""
    return [("minute", words.text("minutes")), ("hour", words.text("hours")), ("day", words.text("days"))]


def states(words: Words) -> dict[RunState, tuple[str, str, str]]:
    """What came of a run: in words, with an icon and its colour."""
    text = words.text
    return {
        RunState.DONE: (text("Done"), "circle-check", "ok"),
        RunState.PARTLY: (text("Partly done"), "triangle-alert", "warn"),
        RunState.REFUSED: (text("Could not be done"), "circle-alert", "bad"),
        RunState.STOPPED: (text("Stopped"), "ban", "warn"),
        RunState.UNMATCHED: (text("No match"), "circle-slash", "quiet"),
    }


def outcomes(words: Words) -> dict[Outcome, tuple[str, str, str]]:
    """What came of an action."""
    text = words.text
    return {
        Outcome.DONE: (text("Done"), "check", "ok"),
        Outcome.HELD: (text("Held back"), "hourglass", "warn"),
        Outcome.REFUSED: (text("Could not be done"), "x", "bad"),
        Outcome.UNCHANGED: (text("Nothing to do"), "arrow-right", "quiet"),
    }


def stops(words: Words) -> dict[Stop, str]:
    """Why a run was stopped."""
    return {
        Stop.DEPTH: words.text("Workflows set each other going too many times in a row."),
        Stop.LIMIT: words.text("It ran on this conversation too often within an hour."),
        Stop.LOOP: words.text("It had set this going itself, and would go on for ever."),
    }


def against(words: Words) -> dict[str, str]:
    """What keeps a workflow from running on a conversation, whatever its conditions say."""
    return {
        "manual": words.text("It runs only by hand."),
        "inactive": words.text("It is switched off."),
        "invalid": words.text("It names something that is gone."),
        "other-inbox": words.text("The conversation is in another inbox."),
        "draft": words.text("The conversation is a draft still."),
        "deleted": words.text("The conversation is deleted."),
        "already-ran": words.text("It ran on this conversation already, and runs once."),
        "limit": words.text("It ran on this conversation too often within this hour."),
    }
