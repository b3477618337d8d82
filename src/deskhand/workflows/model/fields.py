"""What conditions may ask, and how: fields, their kinds, and the comparisons of each kind."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from deskhand.conversations.model import ConversationType, LatestReply, Rating, Status, ThreadType, Via
from deskhand.properties.model import PropertyType
from deskhand.workflows.model.facts import Trigger


class Kind(StrEnum):
    """What a field's values are."""

    DATE = "date"
    FLAG = "flag"
    ID = "id"
    MOMENT = "moment"
    NUMBER = "number"
    SPAN = "span"
    TEXT = "text"
    WORD = "word"


class Comparison(StrEnum):
    """How a value is compared."""

    AFTER = "after"
    BEFORE = "before"
    CONTAINS = "contains"
    CONTAINS_ANY_OF = "contains-any-of"
    CONTAINS_NONE_OF = "contains-none-of"
    DOES_NOT_CONTAIN = "does-not-contain"
    DOES_NOT_MATCH = "does-not-match"
    ENDS_WITH = "ends-with"
    GREATER_THAN = "greater-than"
    IS = "is"
    IS_ANY_OF = "is-any-of"
    IS_EMPTY = "is-empty"
    IS_NONE_OF = "is-none-of"
    IS_NOT = "is-not"
    IS_NOT_EMPTY = "is-not-empty"
    LESS_THAN = "less-than"
    LONGER_THAN = "longer-than"
    MATCHES = "matches"
    SHORTER_THAN = "shorter-than"
    STARTS_WITH = "starts-with"


class Name(StrEnum):
    """The fields of conditions."""

    ASSIGNEE = "assignee"
    BODY = "body"
    CC = "cc"
    CREATED_AT = "created-at"
    CUSTOM_FIELD = "custom-field"
    CUSTOMER_DOMAIN = "customer.domain"
    CUSTOMER_EMAIL = "customer.email"
    CUSTOMER_NAME = "customer.name"
    CUSTOMER_ORGANIZATION = "customer.organization"
    CUSTOMER_PROPERTY = "customer.property"
    HAS_ATTACHMENTS = "has-attachments"
    LATEST_REPLY_FROM = "latest-reply-from"
    MAILBOX = "mailbox"
    PREVIEW = "preview"
    RATING = "rating"
    SINCE_CREATED = "since-created"
    SINCE_CUSTOMER_REPLY = "since-customer-reply"
    SINCE_STATUS_CHANGE = "since-status-change"
    SINCE_USER_REPLY = "since-user-reply"
    SNOOZED = "snoozed"
    SOURCE = "source"
    STATUS = "status"
    SUBJECT = "subject"
    TAG = "tag"
    THREAD_BODY = "thread.body"
    THREAD_BY = "thread.by"
    THREAD_CC = "thread.cc"
    THREAD_TO = "thread.to"
    THREAD_TYPE = "thread.type"
    THREADS = "threads"
    TRIGGER = "trigger"
    TYPE = "type"
    VIA = "via"
    WAITING = "waiting"


class Speaker(StrEnum):
    """Who said something."""

    CUSTOMER = "customer"
    USER = "user"
    WORKFLOW = "workflow"


class Field(Struct, frozen=True):
    """What a field's values are: their kind, which words there are, and whether there may be none."""

    kind: Kind
    words: type[StrEnum] | None = None
    may_be_empty: bool = False


TEXT = Field(Kind.TEXT, may_be_empty=True)
SPAN = Field(Kind.SPAN)
FIELDS: dict[Name, Field] = {
    Name.ASSIGNEE: Field(Kind.ID, may_be_empty=True),
    Name.BODY: TEXT,
    Name.CC: TEXT,
    Name.CREATED_AT: Field(Kind.MOMENT),
    Name.CUSTOMER_DOMAIN: TEXT,
    Name.CUSTOMER_EMAIL: TEXT,
    Name.CUSTOMER_NAME: TEXT,
    Name.CUSTOMER_ORGANIZATION: TEXT,
    Name.HAS_ATTACHMENTS: Field(Kind.FLAG),
    Name.LATEST_REPLY_FROM: Field(Kind.WORD, LatestReply),
    Name.MAILBOX: Field(Kind.ID),
    Name.PREVIEW: TEXT,
    Name.RATING: Field(Kind.WORD, Rating, may_be_empty=True),
    Name.SINCE_CREATED: SPAN,
    Name.SINCE_CUSTOMER_REPLY: SPAN,
    Name.SINCE_STATUS_CHANGE: SPAN,
    Name.SINCE_USER_REPLY: SPAN,
    Name.SNOOZED: Field(Kind.FLAG),
    Name.SOURCE: TEXT,
    Name.STATUS: Field(Kind.WORD, Status),
    Name.SUBJECT: TEXT,
    Name.TAG: Field(Kind.ID, may_be_empty=True),
    Name.THREAD_BODY: TEXT,
    Name.THREAD_BY: Field(Kind.WORD, Speaker),
    Name.THREAD_CC: TEXT,
    Name.THREAD_TO: TEXT,
    Name.THREAD_TYPE: Field(Kind.WORD, ThreadType),
    Name.THREADS: Field(Kind.NUMBER),
    Name.TRIGGER: Field(Kind.WORD, Trigger),
    Name.TYPE: Field(Kind.WORD, ConversationType),
    Name.VIA: Field(Kind.WORD, Via),
    Name.WAITING: SPAN,
}
"""Every field but the two whose kind depends on which custom field or property it is."""

OF_THREAD = frozenset({Name.THREAD_BODY, Name.THREAD_BY, Name.THREAD_CC, Name.THREAD_TO, Name.THREAD_TYPE})
OF_FIELD = {"date": Kind.DATE, "dropdown": Kind.ID, "multiline": Kind.TEXT, "number": Kind.NUMBER, "singleline": Kind.TEXT}
OF_PROPERTY = {
    PropertyType.DATE: Kind.DATE,
    PropertyType.DROPDOWN: Kind.TEXT,
    PropertyType.NUMBER: Kind.NUMBER,
    PropertyType.TEXT: Kind.TEXT,
    PropertyType.URL: Kind.TEXT,
}

LISTS = frozenset({Comparison.IS_ANY_OF, Comparison.IS_NONE_OF, Comparison.CONTAINS_ANY_OF, Comparison.CONTAINS_NONE_OF})
EMPTINESS = frozenset({Comparison.IS_EMPTY, Comparison.IS_NOT_EMPTY})
OPPOSITES = {
    Comparison.CONTAINS_NONE_OF: Comparison.CONTAINS_ANY_OF,
    Comparison.DOES_NOT_CONTAIN: Comparison.CONTAINS,
    Comparison.DOES_NOT_MATCH: Comparison.MATCHES,
    Comparison.IS_EMPTY: Comparison.IS_NOT_EMPTY,
    Comparison.IS_NONE_OF: Comparison.IS_ANY_OF,
    Comparison.IS_NOT: Comparison.IS,
}
"""The negative comparisons: each is true where its positive is not, so also of something empty."""

_EQUAL = (Comparison.IS, Comparison.IS_NOT)
_AMONG = (*_EQUAL, Comparison.IS_ANY_OF, Comparison.IS_NONE_OF)
_AROUND = (Comparison.BEFORE, Comparison.AFTER)
COMPARISONS: dict[Kind, tuple[Comparison, ...]] = {
    Kind.DATE: (*_EQUAL, *_AROUND),
    Kind.FLAG: (Comparison.IS,),
    Kind.ID: _AMONG,
    Kind.MOMENT: _AROUND,
    Kind.NUMBER: (*_EQUAL, Comparison.GREATER_THAN, Comparison.LESS_THAN),
    Kind.SPAN: (Comparison.LONGER_THAN, Comparison.SHORTER_THAN),
    Kind.TEXT: (
        *_AMONG,
        Comparison.CONTAINS,
        Comparison.DOES_NOT_CONTAIN,
        Comparison.CONTAINS_ANY_OF,
        Comparison.CONTAINS_NONE_OF,
        Comparison.STARTS_WITH,
        Comparison.ENDS_WITH,
        Comparison.MATCHES,
        Comparison.DOES_NOT_MATCH,
    ),
    Kind.WORD: _AMONG,
}


def comparisons(field: Field) -> tuple[Comparison, ...]:
    """How a field may be compared."""
    empty = (Comparison.IS_EMPTY, Comparison.IS_NOT_EMPTY) if field.may_be_empty else ()
    return COMPARISONS[field.kind] + empty
