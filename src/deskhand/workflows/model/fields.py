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


class FieldName(StrEnum):
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
FIELDS: dict[FieldName, Field] = {
    FieldName.ASSIGNEE: Field(Kind.ID, may_be_empty=True),
    FieldName.BODY: TEXT,
    FieldName.CC: TEXT,
    FieldName.CREATED_AT: Field(Kind.MOMENT),
    FieldName.CUSTOMER_DOMAIN: TEXT,
    FieldName.CUSTOMER_EMAIL: TEXT,
    FieldName.CUSTOMER_NAME: TEXT,
    FieldName.CUSTOMER_ORGANIZATION: TEXT,
    FieldName.HAS_ATTACHMENTS: Field(Kind.FLAG),
    FieldName.LATEST_REPLY_FROM: Field(Kind.WORD, LatestReply),
    FieldName.MAILBOX: Field(Kind.ID),
    FieldName.PREVIEW: TEXT,
    FieldName.RATING: Field(Kind.WORD, Rating, may_be_empty=True),
    FieldName.SINCE_CREATED: SPAN,
    FieldName.SINCE_CUSTOMER_REPLY: SPAN,
    FieldName.SINCE_STATUS_CHANGE: SPAN,
    FieldName.SINCE_USER_REPLY: SPAN,
    FieldName.SNOOZED: Field(Kind.FLAG),
    FieldName.SOURCE: TEXT,
    FieldName.STATUS: Field(Kind.WORD, Status),
    FieldName.SUBJECT: TEXT,
    FieldName.TAG: Field(Kind.ID, may_be_empty=True),
    FieldName.THREAD_BODY: TEXT,
    FieldName.THREAD_BY: Field(Kind.WORD, Speaker),
    FieldName.THREAD_CC: TEXT,
    FieldName.THREAD_TO: TEXT,
    FieldName.THREAD_TYPE: Field(Kind.WORD, ThreadType),
    FieldName.THREADS: Field(Kind.NUMBER),
    FieldName.TRIGGER: Field(Kind.WORD, Trigger),
    FieldName.TYPE: Field(Kind.WORD, ConversationType),
    FieldName.VIA: Field(Kind.WORD, Via),
    FieldName.WAITING: SPAN,
}
"""Every field but the two whose kind depends on which custom field or property it is."""

OF_THREAD = frozenset(
    {FieldName.THREAD_BODY, FieldName.THREAD_BY, FieldName.THREAD_CC, FieldName.THREAD_TO, FieldName.THREAD_TYPE}
)
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
