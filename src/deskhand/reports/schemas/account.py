"""The reports on the account: overall, productivity, happiness and Docs (contract 70 §1, §3, §5, §6)."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from deskhand.reports.schemas.blocks import Breakdowns, Dates, FilterTag, Wire


class CompanyNumbers(Dates, kw_only=True):
    """The account in an interval."""

    customers_helped: int
    closed: int
    total_replies: int
    total_users: int
    total_days: int
    replies_per_day_per_user: float
    replies_per_day: float
    resolved_per_day: float


class CompanyDeltas(Wire, kw_only=True):
    """Changes in percent."""

    customers_helped: float
    total_replies: float
    replies_per_day: float
    closed: float
    total_users: float
    replies_per_day_per_user: float


class CompanyUser(Wire, kw_only=True):
    """What a user did; ``user`` is their id as a string."""

    user: str
    name: str
    customers_helped: int
    previous_customers_helped: int | UnsetType = UNSET
    replies: int
    previous_replies: int | UnsetType = UNSET
    happiness_score: float
    previous_happiness_score: float | UnsetType = UNSET
    handle_time: float
    previous_handle_time: float | UnsetType = UNSET


class CompanyReport(Wire, kw_only=True):
    """The account's report."""

    filter_tags: list[FilterTag]
    current: CompanyNumbers
    previous: CompanyNumbers | UnsetType = UNSET
    deltas: CompanyDeltas | UnsetType = UNSET
    users: list[CompanyUser]


class DocsNumbers(Wire, kw_only=True):
    """Visits to Docs sites."""

    visitors: int = 0
    browse_action: float = 0.0
    sent_an_email_result: float = 0.0
    found_an_answer_result: float = 0.0
    search_action: float = 0.0
    failed_result: float = 0.0
    docs_viewed_per_visit: float = 0.0


class DocsDeltas(Wire, kw_only=True):
    """Changes."""

    failed_result: float = 0.0
    docs_viewed_per_visit: float = 0.0
    found_an_answer_result: float = 0.0
    visitors: float = 0.0
    browse_action: float = 0.0
    search_action: float = 0.0
    sent_an_email_result: float = 0.0


class DocsSearch(Wire, kw_only=True):
    """A search of a Docs site; ``id`` is its text."""

    count: int
    id: str
    results: int | UnsetType = UNSET


class DocsArticle(Wire, kw_only=True):
    """An article that was read."""

    count: int
    name: str
    site_id: str
    id: str
    collection_id: str


class DocsCategory(Wire, kw_only=True):
    """A category that was read."""

    count: int
    name: str
    site_id: str
    id: str
    articles: int


class DocsReport(Wire, kw_only=True):
    """The report on Docs sites, of which there are none here."""

    current: DocsNumbers
    previous: DocsNumbers | UnsetType = UNSET
    popular_searches: list[DocsSearch] = []
    failed_searches: list[DocsSearch] = []
    top_articles: list[DocsArticle] = []
    top_categories: list[DocsCategory] = []
    deltas: DocsDeltas | UnsetType = UNSET


class ProductivityNumbers(Dates, kw_only=True):
    """How productive the account was; times in seconds."""

    total_conversations: int
    resolution_time: float | None
    replies_to_resolve: float
    response_time: int | None
    first_response_time: int | None
    resolved: int
    resolved_on_first_reply: int
    closed: int
    replies_sent: int
    handle_time: int
    percent_resolved_on_first_reply: float


class ProductivityDeltas(Wire, kw_only=True):
    """Changes in percent."""

    first_response_time: float
    handle_time: float
    replies_sent: float
    response_time: float
    total_conversations: float
    replies_to_resolve: float
    closed: float
    resolved_on_first_reply: float
    resolution_time: float
    resolved: float


class ProductivityReport(Breakdowns, kw_only=True):
    """The report on productivity."""

    filter_tags: list[FilterTag]
    current: ProductivityNumbers
    previous: ProductivityNumbers | UnsetType = UNSET
    deltas: ProductivityDeltas | UnsetType = UNSET


class HappinessNumbers(Wire, kw_only=True):
    """Ratings in an interval; scores and shares in percent."""

    great: float
    great_count: int
    okay: float
    okay_count: int
    not_good: float
    not_good_count: int
    ratings_count: int
    ratings_percent: float
    happiness_score: float
    total_customers: int
    total_customers_with_ratings: int


class HappinessDeltas(Wire, kw_only=True):
    """Points for scores and shares, percent for counts."""

    great: float
    okay: float
    not_good: float
    great_count: float
    okay_count: float
    not_good_count: float
    happiness_score: float


class HappinessReport(Wire, kw_only=True):
    """The report on ratings."""

    current: HappinessNumbers
    previous: HappinessNumbers | UnsetType = UNSET
    deltas: HappinessDeltas | UnsetType = UNSET
