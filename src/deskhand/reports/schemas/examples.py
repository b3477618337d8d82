"""Answers of reports as the documentation shows them."""

from __future__ import annotations

from typing import Any

Example = dict[str, Any]

DATES: Example = {"startDate": "2026-01-01T00:00:00Z", "endDate": "2026-01-31T23:59:59Z"}
TAGS = [{"id": 1, "name": "untagged"}, {"id": 123, "name": "vip"}]


def series(named: str = "date", **numbers: float) -> Example:
    """A series of one point."""
    return {"current": [{named: DATES["startDate"], **numbers}]}


def _ranges(**more: int) -> Example:
    return {"count": 10, "ranges": [{"id": 1, "count": 10, "percent": 100.0, **more}]}


COMPANY: Example = {
    "filterTags": TAGS,
    "current": {
        **DATES,
        "customersHelped": 30,
        "closed": 90,
        "totalReplies": 60,
        "totalUsers": 4,
        "totalDays": 30,
        "repliesPerDayPerUser": 0.5,
        "repliesPerDay": 2.0,
        "resolvedPerDay": 0.1,
    },
    "users": [
        {
            "user": "14",
            "name": "Ona Bell",
            "customersHelped": 19,
            "replies": 37,
            "happinessScore": 50.0,
            "handleTime": 0.0,
        }
    ],
}
BUSY_TIMES = [{"day": 1, "hour": 9, "count": 25}]
MESSAGES = {"current": [{"date": DATES["startDate"], "messages": 14, "start": DATES["startDate"], "count": 14}]}
CONVERSATIONS: Example = {
    "filterTags": TAGS,
    "busiestDay": {"day": 2, "hour": 10, "count": 77},
    "busyTimeStart": 9,
    "busyTimeEnd": 11,
    "current": {
        **DATES,
        "totalConversations": 930,
        "conversationsCreated": 120,
        "newConversations": 700,
        "customers": 610,
        "conversationsPerDay": 31,
    },
    "tags": {"count": 31, "top": [{"name": "vip", "id": 123, "count": 31, "percent": 3.33}]},
    "customers": {"count": 930, "top": [{"name": "Ada Quill", "id": 90210, "count": 9, "percent": 0.97}]},
    "replies": {
        "count": 300,
        "top": [{"name": "Refund window", "id": 1001, "mailboxId": 61, "count": 12, "percent": 1.29}],
    },
    "workflows": {"count": 0, "top": []},
    "customFields": {
        "count": 1,
        "fields": [
            {
                "id": 104,
                "name": "Carrier",
                "mailboxId": 61,
                "values": [{"name": "NordPost", "id": 168, "count": 400, "percent": 43.0}],
                "summary": {
                    "total": 930,
                    "totalAnswered": 400,
                    "previousTotal": None,
                    "previousTotalAnswered": None,
                    "unansweredDelta": 57.0,
                    "unansweredPreviousPercent": 0.0,
                    "unansweredPercent": 57.0,
                },
            }
        ],
    },
}
DOCS = {
    "current": {
        "visitors": 0,
        "browseAction": 0.0,
        "sentAnEmailResult": 0.0,
        "foundAnAnswerResult": 0.0,
        "searchAction": 0.0,
        "failedResult": 0.0,
        "docsViewedPerVisit": 0.0,
    },
    "popularSearches": [],
    "failedSearches": [],
    "topArticles": [],
    "topCategories": [],
}
RESOLUTIONS: Example = {
    "resolved": 12,
    "resolvedOnFirstReply": 3,
    "percentResolvedOnFirstReply": 0.25,
    "resolutionTime": 7200.5,
    "repliesToResolve": 2.4,
    "handleTime": 0,
    "closed": 14,
}
RESPONSES: Example = {"responseTime": 1800, "firstResponseTime": 900}
BREAKDOWNS: Example = {
    "responseTime": _ranges(),
    "handleTime": {"count": 0, "ranges": []},
    "firstResponseTime": _ranges(),
    "repliesToResolve": _ranges(resolutionTime=600),
}
EMAIL: Example = {
    "filterTags": TAGS,
    "current": {
        **DATES,
        "volume": {"emailConversations": 21, "emailsCreated": 4, "repliesSent": 33, "messagesReceived": 52},
        "resolutions": RESOLUTIONS,
        "responses": RESPONSES,
    },
    **BREAKDOWNS,
}
CHAT: Example = {
    "filterTags": TAGS,
    "current": {
        **DATES,
        "volume": {"chatConversations": 60, "completedChats": 57, "missedChats": 3, "chatsPerDay": 2.0},
        "responses": {"waitTime": 25, "responseTime": 14},
        "resolutions": {"messagesPerChat": 9.5, "duration": 610},
    },
    "waitTime": _ranges(),
    "responseTime": _ranges(),
    "messagesPerChat": _ranges(),
    "duration": _ranges(),
}
CALLS: Example = {**DATES, "phoneConversations": 11, "phoneCallsCreated": 11, "customers": 10}
PHONE: Example = {"current": CALLS, "users": [{"id": 14, "name": "Ona Bell", "current": CALLS}]}
PRODUCTIVITY: Example = {
    "filterTags": TAGS,
    "current": {**DATES, **RESOLUTIONS, **RESPONSES, "totalConversations": 44, "repliesSent": 71},
    **BREAKDOWNS,
}
HAPPINESS: Example = {
    "current": {
        "great": 70.0,
        "greatCount": 56,
        "okay": 20.0,
        "okayCount": 16,
        "notGood": 10.0,
        "notGoodCount": 8,
        "ratingsCount": 80,
        "ratingsPercent": 8.0,
        "happinessScore": 60.0,
        "totalCustomers": 900,
        "totalCustomersWithRatings": 72,
    }
}
USER_HAPPINESS: Example = {"filterTags": TAGS, **HAPPINESS}
RATINGS = {
    "results": [
        {
            "number": 812,
            "threadid": 4410,
            "threadCreatedAt": "2026-01-12T11:00:00Z",
            "id": 3300,
            "type": "email",
            "ratingId": 1,
            "ratingCustomerId": 90210,
            "ratingComments": "Quick fix!",
            "ratingCreatedAt": "2026-01-12T12:12:13Z",
            "ratingCustomerName": "Ada Quill",
            "ratingUserId": 14,
            "ratingUserName": "Ona Bell",
        }
    ],
    "page": 1,
    "count": 1,
    "pages": 1,
}
USER: Example = {
    "filterTags": TAGS,
    "user": {
        "id": 14,
        "name": "Ona Bell",
        "hasPhoto": False,
        "createdAt": "2025-04-01T03:18:33Z",
        "totalCustomersHelped": 2100,
    },
    "current": {
        **DATES,
        "totalDays": 30,
        "resolved": 10,
        "conversationsCreated": 3,
        "closed": 12,
        "totalReplies": 62,
        "resolvedOnFirstReply": 4,
        "percentResolvedOnFirstReply": 0.4,
        "repliesToResolve": 1.6,
        "handleTime": 0.0,
        "happinessScore": 66.7,
        "responseTime": 3600,
        "resolutionTime": 7200.0,
        "repliesPerDay": 2.1,
        "customersHelped": 26,
        "totalConversations": 40,
        "conversationsPerDay": 1.3,
        "busiestDay": 2,
    },
}
USER_CHAT: Example = {
    "current": {
        **DATES,
        "totalDays": 30,
        "newConversations": 6,
        "messagesPerChat": 9.5,
        "responseTime": 14,
        "waitTime": 25,
        "duration": 610,
    }
}
HISTORY = {
    "results": [
        {
            "id": 3300,
            "number": 812,
            "status": "closed",
            "customers": [{"id": 90210, "name": "Ada Quill"}],
            "avgHandleTime": 0,
            "firstResponseTime": 300,
            "repliesSent": 2,
            "responseTime": 300,
            "resolveTime": 4000,
        }
    ],
    "page": 1,
    "count": 1,
    "pages": 1,
}
DRILLDOWN = {
    "conversations": {
        "results": [
            {
                "id": 3300,
                "number": 812,
                "type": "email",
                "mailboxid": 61,
                "attachments": False,
                "subject": "Broken chain",
                "status": "active",
                "threadCount": 6,
                "preview": "This is …",
                "customerName": "Ada Quill",
                "customerEmail": "ada@nimbus.example",
                "customerIds": [90210],
                "modifiedAt": "2026-01-09T08:00:00Z",
                "assignedid": 14,
                "tags": [{"id": 123, "name": "vip", "color": "none"}],
                "assignedName": "Ona Bell",
                "waitingSince": "2026-01-09T08:00:00Z",
                "waitingSinceType": 1,
            }
        ],
        "page": 1,
        "count": 1,
        "pages": 1,
    }
}
