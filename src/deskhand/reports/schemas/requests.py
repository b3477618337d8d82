"""What reports are asked with (contract 70 §0.1)."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from msgspec import Meta, Struct

from deskhand.conversations.model import ConversationType
from deskhand.kernel.http.wire import LARGEST, Id, Moment, PageNumber
from deskhand.reports.model.spans import ViewBy
from deskhand.reports.queries import happiness, history

AnyId = Annotated[int, Meta(ge=0, le=LARGEST)]


class Query(Struct, frozen=True, kw_only=True, rename="camel"):
    """An interval; both ends belong to it."""

    start: Moment
    end: Moment


class Compared(Query, frozen=True, kw_only=True):
    """And another to compare with: both of its ends, or neither."""

    previous_start: Moment | None = None
    previous_end: Moment | None = None


class DocsQuery(Compared, frozen=True, kw_only=True):
    """Of some Docs sites."""

    sites: list[str] | None = None


class ReportQuery(Compared, frozen=True, kw_only=True):
    """Of some inboxes, tags (1 is none) and folders."""

    mailboxes: list[AnyId] | None = None
    tags: list[AnyId] | None = None
    folders: list[AnyId] | None = None


class ChannelQuery(ReportQuery, frozen=True, kw_only=True):
    """Counting only office hours, or every hour."""

    office_hours: bool = False


class TypedQuery(ReportQuery, frozen=True, kw_only=True):
    """Of some types of conversations."""

    types: list[ConversationType] | None = None


class SeriesQuery(TypedQuery, frozen=True, kw_only=True):
    """Divided into days, weeks or months; else one point."""

    view_by: ViewBy | None = None


class ProductivityQuery(TypedQuery, frozen=True, kw_only=True):
    """Counting only office hours, or every hour."""

    office_hours: bool = False


class ProductivitySeriesQuery(ProductivityQuery, frozen=True, kw_only=True):
    """The same, divided."""

    view_by: ViewBy | None = None


class DrilldownQuery(Query, frozen=True, kw_only=True):
    """A page of conversations; more than 50 rows are 50."""

    mailboxes: list[AnyId] | None = None
    tags: list[AnyId] | None = None
    types: list[ConversationType] | None = None
    folders: list[AnyId] | None = None
    page: PageNumber = 1
    rows: Annotated[int, Meta(ge=1, le=LARGEST)] = 25


class Ranged(StrEnum):
    """Which number of the account's report."""

    REPLIES = "replies"
    FIRST_REPLY_RESOLVED = "firstReplyResolved"
    RESOLVED = "resolved"
    RESPONSE_TIME = "responseTime"
    FIRST_RESPONSE_TIME = "firstResponseTime"
    HANDLE_TIME = "handleTime"


class CompanyDrilldownQuery(DrilldownQuery, frozen=True, kw_only=True):
    """Behind which number, and in which of its ranges."""

    range: Ranged | None = None
    range_id: AnyId | None = None


class ByField(StrEnum):
    """What conversations have in common."""

    TAG = "tagid"
    SAVED_REPLY = "replyid"
    WORKFLOW = "workflowid"
    CUSTOMER = "customerid"


class FieldsDrilldownQuery(DrilldownQuery, frozen=True, kw_only=True):
    """About one thing; its names are lower case."""

    field: ByField
    fieldid: AnyId


class Direction(StrEnum):
    """In which order, in either case."""

    ASCENDING = "ASC"
    DESCENDING = "DESC"

    @classmethod
    def _missing_(cls, value: object) -> Direction | None:
        return next((each for each in cls if isinstance(value, str) and value.upper() == each.value), None)


class RatingWanted(StrEnum):
    """Which ratings; older clients send numbers."""

    ALL = "all"
    GREAT = "great"
    OKAY = "ok"
    NOT_GOOD = "not-good"

    @classmethod
    def _missing_(cls, value: object) -> RatingWanted | None:
        numbers = {"0": cls.ALL, "1": cls.GREAT, "2": cls.OKAY, "3": cls.NOT_GOOD}
        return numbers.get(value) if isinstance(value, str) else None


class RatingsQuery(TypedQuery, frozen=True, kw_only=True):
    """A page of ratings, sorted; the field has an older name, too."""

    page: PageNumber = 1
    sort_field: happiness.RatingSort | None = None
    sort_field_ratings: happiness.RatingSort | None = None
    sort_order: Direction = Direction.DESCENDING
    rating: RatingWanted = RatingWanted.ALL


class UserQuery(ProductivityQuery, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id


class UserSeriesQuery(SeriesQuery, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id


class UserHappinessQuery(TypedQuery, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id


class UserRatingsQuery(RatingsQuery, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id


class UserDrilldownQuery(DrilldownQuery, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id


class UserChatQuery(Compared, frozen=True, kw_only=True):
    """Of a user or team."""

    user: Id
    mailboxes: list[AnyId] | None = None
    tags: list[AnyId] | None = None
    office_hours: bool = False


class HistoryStatus(StrEnum):
    """The status that conversations have today."""

    ACTIVE = "active"
    PENDING = "pending"
    CLOSED = "closed"


class HistoryQuery(UserQuery, frozen=True, kw_only=True):
    """A page of what somebody answered, sorted."""

    status: HistoryStatus | None = None
    page: PageNumber = 1
    sort_field: history.HistorySort = history.HistorySort.NUMBER
    sort_order: Direction = Direction.DESCENDING
