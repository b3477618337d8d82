"""Who may call what: every route of the API, made from the route list, by everybody who should not get through."""

from __future__ import annotations

import re

import pytest

from deskhand.kernel.http.routes import Endpoint
from tests.contract.whole import REPORTS, ROUTES, SECRET, Whole, call
from tests.given import Client, Given

PUBLIC = {
    "GET /authentication/authorizeClientApplication",
    "POST /authentication/authorizeClientApplication",
    "GET /file/{attachmentId}/{key}/{filename}",
    "GET /mail/files/{token}",
    "GET /mail/open/{name}",
    "GET /mail/remote/{token}",
    "GET /mail/unsubscribe/{token}",
    "GET /rate/{token}",
    "POST /mail/unsubscribe/{token}",
    "POST /rate/{token}",
    "POST /v2/oauth2/token",
    "GET /photos/{key}",
}
"""Whoever is outside may call these; each defends itself, see the rooms' tests: oauth, conversations, mail and ratings."""

OF_THE_ACCOUNT = {
    "GET /deskhand/v1/conversations/followed",
    "GET /deskhand/v1/notifications",
    "GET /deskhand/v1/notifications/settings",
    "DELETE /deskhand/v1/customers/{customerId}/pictures",
    "DELETE /deskhand/v1/sessions",
    "GET /deskhand/v1/account",
    "GET /deskhand/v1/office-hours",
    "GET /deskhand/v1/sessions",
    "GET /deskhand/v1/views/{viewId}/conversations",
    "GET /deskhand/v1/views/{viewId}/count",
    "GET /deskhand/v1/writings",
    "PUT /deskhand/v1/customers/{customerId}/pictures",
    "PUT /deskhand/v1/notifications/read",
    "PUT /deskhand/v1/notifications/settings",
    "GET /v2/conversations",
    "GET /v2/customer-properties",
    "GET /v2/customer-properties/{slug}",
    "GET /v2/customers",
    "GET /v2/mailboxes",
    "GET /v2/organizations/properties",
    "GET /v2/organizations/properties/{slug}",
    "GET /v2/tags",
    "GET /v2/teams",
    "GET /v2/users",
    "GET /v2/users/me",
    "GET /v2/users/status",
    "GET /v2/users/{userId}/status",
    "GET /v2/workflows",
    "GET /deskhand/v1/workflows",
    "GET /v3/conversations",
    "GET /v3/conversations/search",
    "GET /v3/system-users",
    "GET /v2/customers/{customerId}",
    "GET /v2/tags/{tagId}",
    "GET /v2/teams/{teamId}",
    "GET /v2/teams/{teamId}/members",
    "GET /v2/users/{userId}",
    "GET /v3/customers",
    "POST /deskhand/v1/views",
    "POST /v2/customers",
    "PUT /deskhand/v1/views/order",
}
"""Everybody with a token may call these: lists hold only what they may see; customers, people and tags belong to all."""

TELLS_QUERY = {"GET /deskhand/v1/views", "GET /deskhand/v1/views/{viewId}"}
"""A view for everybody tells what it looks for, and not what it finds."""

OWN = {
    "DELETE /deskhand/v1/conversations/{conversationId}/follow",
    "DELETE /deskhand/v1/conversations/{conversationId}/presence",
    "DELETE /deskhand/v1/sessions",
    "DELETE /deskhand/v1/sessions/{name}",
    "PUT /deskhand/v1/conversations/{conversationId}/follow",
    "PUT /deskhand/v1/conversations/{conversationId}/presence",
    "PUT /deskhand/v1/notifications/read",
    "PUT /deskhand/v1/notifications/settings",
    "PUT /deskhand/v1/notifications/{notificationId}/read",
    "PUT /deskhand/v1/views/order",
}
"""What changes nothing but one's own, so that who looks may do it; of what is somebody else's they find nothing."""

EMPTY = {"GET /v3/system-users/{systemUserId}"}
"""What there is none of, so that nobody finds one."""

TELLS_WORDS = {"GET /v2/tags", "GET /v2/tags/{tagId}"}
"""Tags are the account's, so their names are known to all (contract 60 §4)."""
WITH_TAGS = re.compile(r'"filterTags":\[[^]]*\]')
"""So do most reports begin."""

MISSING = '{"error_description":"The access token is missing","error":"invalid_request"}'
DEAD = '{"error_description":"The access token is invalid or has expired","error":"invalid_token"}'
DEAD_REALM = 'Bearer realm="service" error="invalid_token" error_description="The access token is invalid or has expired"'

CUSTOMER = "/v2/customers/{customerId}"
"""Customers belong to the account, not to an inbox (contract 50); but erasing one takes conversations along."""
ERASE = f"DELETE {CUSTOMER}"
ORGANIZATION = "/v2/organizations"
"""So do organizations (contract 51); what their members wrote is listed as far as one sees it."""
DEFINITIONS = ("/v2/organizations/properties", "/v2/customer-properties")
"""What there is to know of either is for who manages the account."""

BULK = "/deskhand/v1/conversations/bulk"
NAMES = [name for name, _, _ in ROUTES]


async def ask(client: Client, path: str, endpoint: Endpoint, it: Whole) -> tuple[int, str, dict[str, str]]:
    wanted = call(path, endpoint, it)
    got = await client.request(wanted.method, wanted.path, json=wanted.body)
    status = got.status_code
    if status == 200 and path == BULK:  # each change is refused by itself: the best that any of them came to
        status = min(each["status"] for each in got.json()["results"])
    return status, got.text, dict(got.headers)


def test_every_route_is_known_here() -> None:
    assert len(NAMES) == len(set(NAMES))
    assert set(NAMES) >= PUBLIC | OF_THE_ACCOUNT
    assert {name for name, _, endpoint in ROUTES if endpoint.public} == PUBLIC


async def test_for_the_owner_every_call_is_a_good_one(given: Given, vault: Whole) -> None:
    """Else the refusals below would prove nothing: only deeds that the things' state forbids may fail, never 401 to 404."""
    async with given.client(given.owner) as client:
        bad = {}
        for name, path, endpoint in sorted(ROUTES, key=lambda route: route[2].method == "DELETE"):
            if name not in PUBLIC:
                status, text, _ = await ask(client, path, endpoint, vault)
                if status not in (200, 201, 202, 204, 409, 412) and not gone(name, status) and name not in EMPTY:
                    bad[name] = (status, text)
    assert bad == {}


def gone(name: str, status: int) -> bool:
    """Deletions run last, so those that follow on the removed conversation or customer find nothing."""
    return name.startswith("DELETE") and status == 404


async def test_nobody_gets_through(given: Given, vault: Whole) -> None:
    bad = {}
    async with given.client(None) as client:
        for name, path, endpoint in ROUTES:
            if name not in PUBLIC:
                status, text, headers = await ask(client, path, endpoint, vault)
                if (status, text) != (401, MISSING) or headers["www-authenticate"] != 'Bearer realm="service"':
                    bad[name] = (status, text)
    assert bad == {}


async def test_a_dead_token_does_not_get_through(given: Given, vault: Whole) -> None:
    bad = {}
    async with given.client(None, Authorization="Bearer 0123456789abcdef0123456789abcdef") as client:
        for name, path, endpoint in ROUTES:
            if name not in PUBLIC:
                status, text, headers = await ask(client, path, endpoint, vault)
                if (status, text) != (401, DEAD) or headers["www-authenticate"] != DEAD_REALM:
                    bad[name] = (status, text)
    assert bad == {}


async def test_a_user_without_the_api_does_not_get_through(given: Given, vault: Whole) -> None:
    bad = {}
    async with given.client(vault.powerless) as client:
        for name, path, endpoint in ROUTES:
            if name not in PUBLIC:
                status, text, headers = await ask(client, path, endpoint, vault)
                if status != 403 or "#api-disabled" not in text or '"message":"API is not enabled"' not in text:
                    bad[name] = (status, text, headers)
    assert bad == {}


async def test_who_works_elsewhere_neither_sees_nor_changes(given: Given, vault: Whole) -> None:
    bad = {}
    async with given.client(vault.outsider) as client:
        for name, path, endpoint in ROUTES:
            if name in PUBLIC:
                continue
            status, text, _ = await ask(client, path, endpoint, vault)
            if path.startswith(REPORTS):
                text = WITH_TAGS.sub("", text)
            if name in TELLS_QUERY:
                fine = status == 200 and "pavel" not in text.casefold()
            elif name in OF_THE_ACCOUNT or (_belongs_to_all(path) and name != ERASE):
                fine = SECRET.casefold() not in text.casefold() or name in TELLS_WORDS
            else:
                fine = status in (403, 404)
            if not fine:
                bad[name] = (status, text)
    assert bad == {}


def _belongs_to_all(path: str) -> bool:
    return path.startswith((CUSTOMER, ORGANIZATION, REPORTS)) and not path.startswith(DEFINITIONS)


async def test_what_an_outsider_did_left_no_trace(given: Given, vault: Whole) -> None:
    async def seen() -> list[object]:
        async with given.client(given.owner) as client:
            pages = [f"/v2/conversations/{vault.conversation}?embed=threads", "/v2/conversations?status=all"]
            return [(await client.get(page)).json() for page in [*pages, f"/v2/mailboxes/{vault.inbox}/folders"]]

    before = await seen()
    async with given.client(vault.outsider) as client:
        for name, path, endpoint in ROUTES:
            if name not in PUBLIC and "/v2/customers" not in path:
                await ask(client, path, endpoint, vault)

    assert await seen() == before


@pytest.mark.parametrize("kind", ["light", "powerless"])
async def test_who_lacks_the_right_changes_nothing(given: Given, vault: Whole, kind: str) -> None:
    bad = {}
    async with given.client(getattr(vault, kind)) as client:
        for name, path, endpoint in ROUTES:
            if name not in PUBLIC and endpoint.writes:
                status, text, _ = await ask(client, path, endpoint, vault)
                if status != 403 and not (kind == "light" and name in OWN and status in (204, 404)):
                    bad[name] = (status, text)
    assert bad == {}


async def test_a_user_may_do_neither_what_needs_a_grant(given: Given, vault: Whole) -> None:
    """Deleting, editing threads, defining and what concerns the account or others are rights of their own (contract 10 §8, 20
    §7, 50 §5.3, 51 §3, 60 §1.3, §2)."""
    needing = {name for name, path, endpoint in ROUTES if path.startswith(DEFINITIONS) and endpoint.writes} | {
        "DELETE /deskhand/v1/workflows/{workflowId}",
        "PATCH /v2/workflows/{workflowId}",
        "POST /deskhand/v1/workflows",
        "POST /deskhand/v1/workflows/dry-run",
        "POST /deskhand/v1/workflows/{workflowId}/dry-run",
        "POST /deskhand/v1/workflows/{workflowId}/replay",
        "PUT /deskhand/v1/workflows/order",
        "PUT /deskhand/v1/workflows/{workflowId}",
        "DELETE /v2/conversations/{conversationId}",
        "DELETE /v2/customers/{customerId}",
        "DELETE /v2/users/{userId}",
        "DELETE /deskhand/v1/users/{userId}/photo",
        "PUT /deskhand/v1/users/{userId}/photo",
        "DELETE /deskhand/v1/mailboxes/{mailboxId}/office-hours",
        "DELETE /deskhand/v1/office-hours",
        "POST /v2/users",
        "PUT /deskhand/v1/account",
        "PUT /deskhand/v1/mailboxes/{mailboxId}/office-hours",
        "PUT /deskhand/v1/office-hours",
        "PUT /v2/mailboxes/{mailboxId}/routing",
        "PUT /v2/users/{userId}/status",
        "PATCH /v2/conversations/{conversationId}/threads/{threadId}",
    }
    async with given.client(vault.worker) as client:
        found = {name: (await ask(client, path, endpoint, vault))[0] for name, path, endpoint in ROUTES if name in needing}

    assert found == dict.fromkeys(needing, 403)
