"""The wire itself: content types, headers, refusals, bodies of every kind (contract 00 §1, §3 to §11)."""

from __future__ import annotations

import asyncio
import gzip
import re
from typing import Any

import msgspec
import pytest

from deskhand.app import App, make_app
from deskhand.settings import Settings
from tests.contract.raw import Got, send
from tests.given import Client, Given

DOCS = "http://developer.helpscout.net/mailbox-api/overview/errors"
HAL = "application/hal+json;charset=UTF-8"
VND_ERROR = "application/vnd.error+json"
CREATE: dict[str, Any] = {
    "subject": "Parcel",
    "customer": {"email": "pavel@mail.test"},
    "type": "email",
    "status": "active",
    "threads": [{"type": "customer", "customer": {"email": "pavel@mail.test"}, "text": "Hello"}],
}


def codes(got: Any) -> dict[str, str]:
    """Path -> code of each mistake."""
    body = got.json()
    return {each["path"]: each["_links"]["about"]["href"].partition("#")[2] for each in body["_embedded"]["errors"]}


class TestHeaders:
    """Contract 00 §4."""

    async def test_a_resource_has_exactly_the_recorded_headers(self, client: Client) -> None:
        got = await client.get("/v2/users/me")

        correlation = got.headers.pop("correlation-id")
        assert re.fullmatch(r"[0-9a-f-]{36}#\d+", correlation)
        assert dict(got.headers) == {
            "access-control-allow-origin": "*",
            "cache-control": "no-cache, no-store, max-age=0, must-revalidate",
            "content-type": HAL,
            "content-length": str(len(got.content)),
            "expires": "0",
            "pragma": "no-cache",
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "x-ratelimit-limit-minute": "400",
            "x-ratelimit-remaining-minute": "400",
            "x-xss-protection": "1; mode=block",
        }

    async def test_201_and_204_are_empty_text(self, client: Client, given: Given) -> None:
        made = await client.post("/v2/customers", json={"firstName": "Pavel"})
        changed = await client.put(f"/v2/customers/{made.headers['resource-id']}", json={"firstName": "Pavla"})

        assert (made.status_code, made.content) == (201, b"")
        assert made.headers["content-type"] == "text/plain; charset=UTF-8"
        assert made.headers["content-length"] == "0"
        assert (changed.status_code, changed.content) == (204, b"")
        assert changed.headers["content-type"] == "text/plain; charset=UTF-8"
        assert "content-length" not in changed.headers

    async def test_two_requests_have_two_correlation_ids(self, client: Client) -> None:
        first, second = [(await client.get("/v2/tags")).headers["correlation-id"] for _ in range(2)]

        assert first != second

    @pytest.mark.parametrize("sent", ["a", "order-7#retry:2", "A" * 128, "x._#:-9"])
    async def test_a_clients_correlation_id_is_used_again(self, client: Client, sent: str) -> None:
        got = await client.get("/v2/conversations/0", headers={"Correlation-Id": sent})

        assert got.headers["correlation-id"] == sent
        assert got.json()["logRef"] == sent

    @pytest.mark.parametrize("sent", ["", "A" * 129, "a b", "a\tb", "é", "a/b", '"a"'])
    async def test_a_strange_correlation_id_is_not(self, app: App, sent: str) -> None:
        got = await send(app.door, "GET", "/v2/tags", headers=[("correlation-id", sent)])

        assert re.fullmatch(r"[0-9a-f-]{36}#\d+", got.headers["correlation-id"])

    async def test_gzip_for_who_offers_it(self, client: Client, given: Given) -> None:
        for _ in range(3):
            await given.conversation()
        plain = await client.get("/v2/conversations", headers={"Accept-Encoding": "identity"})
        packed = await client.get("/v2/conversations", headers={"Accept-Encoding": "deflate, gzip;q=0.8"})
        refused = await client.get("/v2/conversations", headers={"Accept-Encoding": "gzip;q=0, identity"})

        assert "content-encoding" not in plain.headers
        assert packed.headers["content-encoding"] == "gzip"
        assert packed.headers["vary"] == "accept-encoding"
        assert packed.content == plain.content
        assert int(packed.headers["content-length"]) < len(plain.content)
        assert "content-encoding" not in refused.headers

    async def test_gzip_is_real(self, app: App, given: Given) -> None:
        await given.conversation()
        token = await given.token(given.owner)
        got = await send(app.door, "GET", "/v2/conversations", headers=[("accept-encoding", "gzip")], token=token)

        assert msgspec.json.decode(gzip.decompress(got.body))["page"]["totalElements"] == 1

    async def test_head_is_get_without_a_body(self, client: Client) -> None:
        got, head = await client.get("/v2/users/me"), await client.head("/v2/users/me")

        assert head.status_code == 200
        assert head.content == b""
        assert head.headers["content-length"] == str(len(got.content))
        assert head.headers["content-type"] == HAL

    async def test_head_without_a_token_is_401(self, app: App) -> None:
        got = await send(app.door, "HEAD", "/v2/users/me")

        assert (got.status, got.body) == (401, b"")

    @pytest.mark.parametrize("path", ["/v2/conversations", "/v2/nothing", "/v2/oauth2/token", "/v3/x", "//v2/tags"])
    async def test_a_preflight_costs_nothing_and_needs_no_token(self, app: App, path: str) -> None:
        got = await send(app.door, "OPTIONS", path, headers=[("origin", "https://shop.test")])

        assert (got.status, got.body) == (204, b"")
        assert got.headers["access-control-allow-origin"] == "*"
        assert got.headers["access-control-allow-methods"] == "GET,POST,PUT,PATCH,DELETE,OPTIONS"
        assert got.headers["access-control-allow-headers"] == "Authorization, Content-Type, Accept, Correlation-Id"
        assert got.headers["access-control-expose-headers"] == (
            "Location, Resource-ID, Web-Location, Correlation-Id, X-RateLimit-Limit-Minute, X-RateLimit-Remaining-Minute, "
            "X-RateLimit-Retry-After"
        )
        assert got.headers["access-control-max-age"] == "3600"


class TestRefusals:
    """Contract 00 §7, §8."""

    async def test_404_of_a_thing_and_of_a_path(self, client: Client) -> None:
        for path in ("/v2/conversations/9223372036854775807", "/v2/nothing", "/v2", "/", "/v2/users/1/2/3"):
            got = await client.get(path)

            assert got.status_code == 404
            assert got.headers["content-type"] == VND_ERROR
            assert got.json() == {
                "logRef": got.headers["correlation-id"],
                "message": "Not found",
                "_links": {"about": {"href": f"{DOCS}#not-found"}},
            }
            assert list(got.json()) == ["logRef", "message", "_links"]

    @pytest.mark.parametrize("method", ["PUT", "POST", "TRACE", "PROPFIND"])
    async def test_405_names_what_is_allowed(self, client: Client, given: Given, method: str) -> None:
        got = await client.request(method, f"/v2/conversations/{await given.conversation()}")

        assert got.status_code == 405
        assert got.headers["allow"] == "DELETE, GET, OPTIONS, PATCH"
        assert got.headers["content-type"] == VND_ERROR
        assert got.json()["message"] == "Method not allowed"

    @pytest.mark.parametrize(
        "kind", ["text/xml", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "json"]
    )
    async def test_415(self, client: Client, kind: str) -> None:
        got = await client.post("/v2/customers", content=b"{}", headers={"Content-Type": kind})

        assert got.status_code == 415
        assert got.headers["content-type"] == VND_ERROR
        assert got.json()["_links"]["about"]["href"].endswith("#unsupported-media-type")

    @pytest.mark.parametrize(
        "kind",
        [None, "", "application/json", "application/json;charset=UTF-8", "Application/JSON", "application/json-patch+json"],
    )
    async def test_json_by_any_of_its_names_and_without_one(self, app: App, given: Given, kind: str | None) -> None:
        got = await send(
            app.door,
            "POST",
            "/v2/customers",
            b'{"firstName": "Pavel"}',
            [] if kind is None else [("content-type", kind)],
            token=await given.token(given.owner),
        )

        assert got.status == 201

    @pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html", "\xff;;q=x", ""])
    async def test_accept_is_not_looked_at(self, app: App, given: Given, accept: str) -> None:
        got = await send(app.door, "GET", "/v2/tags", headers=[("accept", accept)], token=await given.token(given.owner))

        assert (got.status, got.headers["content-type"]) == (200, HAL)

    async def test_413_before_the_end_of_a_long_body(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        conversation = await given.conversation()
        chunk = b" " * 600_000
        chunked = await send(app.door, "PUT", f"/v2/conversations/{conversation}/tags", [chunk, chunk, chunk], token=token)
        declared = await send(
            app.door,
            "PUT",
            f"/v2/conversations/{conversation}/tags",
            [b"{", b"}"],
            [("content-length", str(5 * 2**20))],
            token=token,
        )

        for got in (chunked, declared):
            assert got.status == 413
            assert got.headers["content-type"] == VND_ERROR
            assert got.json()["_links"]["about"]["href"] == f"{DOCS}#payload-too-large"

    async def test_uploads_may_be_larger(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        path = f"/v2/conversations/{await given.conversation()}/notes"
        note = b'{"text": "' + b"x" * 2**21 + b'"}'
        fits = await send(app.door, "POST", path, note, token=token)
        does_not = await send(app.door, "POST", path, [b" " * 2**20] * 16, token=token)

        assert (fits.status, does_not.status) == (201, 413)

    async def test_412_of_a_conversation_with_too_many_threads(self, client: Client, given: Given) -> None:
        thread = CREATE["threads"][0]
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "threads": [thread] * 101})

        assert got.status_code == 412
        assert got.headers["content-type"] == VND_ERROR
        assert got.json()["_links"]["about"]["href"] == f"{DOCS}#precondition-failed"
        assert "_embedded" not in got.json()

    async def test_409_of_an_address_that_somebody_has(self, client: Client) -> None:
        body = {"emails": [{"type": "work", "value": "pavel@mail.test"}]}
        assert (await client.post("/v2/customers", json=body)).status_code == 201
        got = await client.post("/v2/customers", json=body)

        assert got.status_code == 409
        assert got.headers["content-type"] == VND_ERROR

    async def test_a_mistake_has_the_vendors_shape(self, client: Client, given: Given) -> None:
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "status": "done"})

        assert got.status_code == 400
        assert got.headers["content-type"] == VND_ERROR
        assert got.json() == {
            "logRef": got.headers["correlation-id"],
            "message": "Bad request",
            "_embedded": {
                "errors": [
                    {
                        "path": "status",
                        "message": "Expected one of these: 'active', 'closed', 'open', 'pending', 'spam'",
                        "rejectedValue": "done",
                        "source": "JSON",
                        "_links": {"about": {"href": f"{DOCS}#EnumValue"}},
                    }
                ]
            },
            "_links": {"about": {"href": DOCS}},
        }
        assert list(got.json()) == ["logRef", "message", "_embedded", "_links"]

    async def test_where_errors_are_explained_is_a_setting(self, settings: Settings, given: Given) -> None:
        app = make_app(msgspec.structs.replace(settings, error_docs="https://docs.test/errors"), works=False)
        got = await send(app.door, "GET", "/v2/nothing")

        assert got.json()["_links"]["about"]["href"] == "https://docs.test/errors#not-found"

    async def test_a_wrong_path_id_and_parameter_say_where_they_stood(self, client: Client) -> None:
        in_path = (await client.get("/v2/conversations/seven")).json()["_embedded"]["errors"]
        in_query = (await client.get("/v2/conversations?page=0&status=done")).json()["_embedded"]["errors"]

        assert in_path == [
            {
                "path": "conversationId",
                "message": "invalid identifier",
                "rejectedValue": "seven",
                "source": "PATH",
                "_links": {"about": {"href": f"{DOCS}#InvalidId"}},
            }
        ]
        assert {(each["path"], each["source"], each["rejectedValue"]) for each in in_query} == {
            ("page", "QUERY", "0"),
            ("status", "QUERY", "done"),
        }

    async def test_codes_of_mistakes_are_words(self, client: Client) -> None:
        body = {"subject": "", "customer": {"id": 0}, "status": 5, "threads": [], "createdAt": "today"}
        found = codes(await client.post("/v2/conversations", json=body))

        assert found == {
            "subject": "NotEmpty",
            "customer.id": "Min",
            "mailboxId": "NotNull",
            "type": "NotNull",
            "status": "EnumValue",
            "threads": "NotEmpty",
            "createdAt": "DateTime",
        }
        assert all(re.fullmatch(r"[A-Za-z][A-Za-z0-9]{0,63}", code) for code in found.values())

    @pytest.mark.parametrize(
        "id_", ["0", "-1", "abc", "1.0", "1e3", "0x1", "٣", "9" * 19 + "9", "9223372036854775808", "%00", "\0"]
    )
    async def test_an_id_is_a_decimal_number(self, app: App, given: Given, id_: str) -> None:
        got = await send(app.door, "GET", f"/v2/customers/{id_}", token=await given.token(given.owner))

        assert got.status == 400
        assert got.mistakes[0]["message"] == "invalid identifier"


class TestBodies:
    """Contract 00 §3, §6."""

    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"{",
            b"nothing",
            b"NaN",
            b'{"firstName": "\xff"}',
            b"\xff\xfe{\0}\0",
            b'{"firstName": "\\ud800"}',
            b'{"firstName": "a\nb"}',
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b'{"age": 1e999}',
            b"{} {}",
            b"{'firstName': 'Pavel'}",
        ],
        ids=lambda body: repr(body[:20]),
    )
    async def test_broken_json_has_an_envelope_of_its_own(self, client: Client, body: bytes) -> None:
        got = await client.post("/v2/customers", content=body, headers={"Content-Type": "application/json"})

        assert got.status_code == 400
        assert got.headers["content-type"] == VND_ERROR
        assert got.json() == {
            "logRef": got.headers["correlation-id"],
            "message": "Error parsing request body into JSON",
            "_embedded": {"errors": []},
            "_links": {"self": {"href": f"{DOCS}#invalid-json"}},
        }

    @pytest.mark.parametrize("body", [b"[]", b"1", b'"x"', b"true", b"null", b"[{}]"])
    async def test_json_of_another_shape_is_named(self, client: Client, body: bytes) -> None:
        got = await client.post("/v2/customers", content=body, headers={"Content-Type": "application/json"})

        assert got.status_code == 400
        assert [each["path"] for each in got.json()["_embedded"]["errors"]] == ["body"]

    async def test_unknown_and_null_fields_are_ignored(self, client: Client, given: Given) -> None:
        whole = CREATE | {
            "mailboxId": given.inbox,
            "id": None,
            "number": None,
            "threadCount": None,
            "closedBy": {"deep": [{"er": None}]},
            "cc": [],
            "tags": None,
            "fields": None,
            "createdAt": None,
            "imported": None,
            "__proto__": {"x": 1},
        }
        got = await client.post("/v2/conversations", json=whole)

        assert got.status_code == 201, got.text

    async def test_numbers_and_booleans_may_be_text(self, client: Client, given: Given) -> None:
        got = await client.post(
            "/v2/conversations",
            json=CREATE
            | {"mailboxId": str(given.inbox), "imported": "true", "autoReply": "False", "assignTo": str(given.owner)},
        )

        assert got.status_code == 201, got.text

    @pytest.mark.parametrize("value", ["", " 1", "1 ", "1.5", "0x10", "１", "--1", True, 1.0, 1.5, [], {}, "9" * 30])
    async def test_what_is_no_number_is_refused(self, client: Client, value: object) -> None:
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": value})

        assert got.status_code == 400
        assert list(codes(got)) == ["mailboxId"]

    @pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 10**30, -1, 0])
    async def test_a_number_out_of_range_is_refused(self, client: Client, value: int) -> None:
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": value})

        assert got.status_code == 400
        assert codes(got) == {"mailboxId": "Min" if value < 1 else "Max"}

    @pytest.mark.parametrize(
        "moment",
        [
            "2026-04-02T06:05:04.123Z",
            "2026-04-02T06:05:04.000Z",
            "2026-04-02T06:05:04+00:00",
            "2026-04-02T06:05:04+02:00",
            "2026-04-02T06:05:04",
            "2026-04-02 06:05:04Z",
            "2026-04-02",
            "2026-02-30T00:00:00Z",
            "2026-04-02T24:00:00Z",
            "2026-04-02T06:05:04z",
            "0000-01-01T00:00:00Z",
            "２026-04-02T06:05:04Z",
            "2026-04-02T06:05:04Z\n",
            "",
            1775109904,
            True,
            {},
        ],
    )
    async def test_only_the_vendors_form_of_a_date_is_taken(self, client: Client, given: Given, moment: object) -> None:
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": given.inbox, "createdAt": moment})

        assert got.status_code == 400
        (mistake,) = got.json()["_embedded"]["errors"]
        assert mistake["path"] == "createdAt"
        assert mistake["message"] == "must be a valid ISO 8601 date with the format yyyy-MM-dd'T'HH:mm:ss'Z'"
        assert mistake["rejectedValue"] == moment

    async def test_a_date_is_taken_in_body_and_query_also_beside_text_numbers(self, client: Client, given: Given) -> None:
        body = CREATE | {"mailboxId": str(given.inbox), "imported": True, "createdAt": "2025-04-02T06:05:04Z"}
        made = await client.post("/v2/conversations", json=body)
        found = await client.get("/v2/conversations?modifiedSince=2025-01-01T00:00:00Z")

        assert made.status_code == 201, made.text
        assert found.json()["_embedded"]["conversations"][0]["createdAt"] == "2025-04-02T06:05:04Z"

    async def test_nul_is_refused_wherever_it_stands(self, client: Client, given: Given) -> None:
        threads = [{"type": "customer", "customer": {"email": "p\0@mail.test"}, "text": "a\0b"}]
        body = CREATE | {"mailboxId": given.inbox, "subject": "\0", "threads": threads, "tags": ["a\0"]}
        got = await client.post("/v2/conversations", json=body)

        assert got.status_code == 400
        assert set(codes(got)) == {"subject", "threads[0].text", "threads[0].customer.email", "tags[0]"}

    async def test_nul_is_refused_in_every_parameter(self, client: Client) -> None:
        for name in ("query", "tag", "customFieldsByIds", "sortField", "status", "mailbox", "embed", "page"):
            got = await client.get(f"/v2/conversations?{name}=%00")

            assert got.status_code == 400, name

    async def test_a_patch_is_checked_like_a_body(self, client: Client, given: Given) -> None:
        path = f"/v2/conversations/{await given.conversation()}"
        for body in ("x", 1, None, [], [1], {}, {"op": 1, "path": []}, {"op": "replace", "path": "/nothing", "value": 1}):
            got = await client.patch(path, content=msgspec.json.encode(body))

            assert got.status_code == 400, body
            assert got.json()["_embedded"]["errors"], body

    async def test_a_wrong_value_is_told_but_not_at_any_length(self, client: Client) -> None:
        long = await client.post("/v2/conversations", json=CREATE | {"mailboxId": 1, "status": "x" * 100_000})
        deep = await client.post("/v2/conversations", json=CREATE | {"mailboxId": [[1] * 50_000]})

        assert long.json()["_embedded"]["errors"][0]["rejectedValue"] == "x" * 300
        assert "rejectedValue" not in deep.json()["_embedded"]["errors"][0]

    async def test_a_body_of_mistakes_only_does_not_make_an_endless_answer(self, client: Client) -> None:
        got = await client.post("/v2/conversations", json=CREATE | {"mailboxId": 1, "tags": [1.5, None, {}] * 20_000})

        assert got.status_code == 400
        assert len(got.json()["_embedded"]["errors"]) == 100


class TestAddresses:
    """Contract 00 §1."""

    @pytest.mark.parametrize("path", ["/v2/tags/", "/v2/tags//", "//v2/tags", "/v2//tags", "///v2///tags///"])
    async def test_slashes_do_not_matter_and_do_not_open_the_gate(self, app: App, given: Given, path: str) -> None:
        outside = await send(app.door, "GET", path)
        inside = await send(app.door, "GET", path, token=await given.token(given.owner))

        assert outside.status == 401
        assert inside.status == 200
        assert inside.json()["_links"]["self"]["href"] == "https://desk.test/v2/tags?page=1"
        for got in (outside, inside):
            assert got.headers["access-control-allow-origin"] == "*"
            assert got.headers["x-ratelimit-limit-minute"] == "400"

    @pytest.mark.parametrize(
        "path",
        [
            "/v2/../v2/tags",
            "/v2/./tags",
            "/V2/tags",
            "/v2/tags;x=1",
            "/v2/tags%2f",
            "/v2/tags\\",
            "/v2/%74ags",
            "/\0",
            "/v2/tags\0",
            "/static/../settings.py",
            "/static/%2e%2e/settings.py",
            "/static/..\\settings.py",
            "/static/",
            "/static",
            "/file/1/" + "0" * 40 + "/x\0",
            "/file/\0/\0/\0",
            "/ÿ",
        ],
    )
    async def test_a_strange_path_is_not_found(self, app: App, given: Given, path: str) -> None:
        got = await send(app.door, "GET", path, token=await given.token(given.owner))

        assert got.status in (400, 404)
        assert got.headers["content-type"] == VND_ERROR

    @pytest.mark.parametrize(
        "query",
        [
            b"&&&",
            b"=",
            b"%",
            b"%zz=%zz",
            b"\xff=\xff",
            b"unknown=1&size=5&pageSize=x",
            b"page=1&page=1",
            b"sortOrder=ASC",
            b"mailbox=1,,2&mailbox=3,",
            b"a=1&" * 3000,
        ],
        ids=lambda query: repr(query[:12]),
    )
    async def test_strange_and_unknown_parameters_are_ignored(self, app: App, given: Given, query: bytes) -> None:
        got = await send(app.door, "GET", "/v2/conversations", query=query, token=await given.token(given.owner))

        assert got.status == 200

    async def test_links_begin_with_the_origin_of_the_settings(self, app: App, given: Given) -> None:
        headers: Any = [("x-forwarded-host", "evil.test"), ("x-forwarded-proto", "https")]
        got = await send(app.door, "GET", "/v2/tags", headers=headers, host="evil.test", token=await given.token(given.owner))

        assert b"evil" not in got.body
        assert got.json()["_links"]["self"]["href"] == "https://desk.test/v2/tags?page=1"

    @pytest.mark.parametrize(
        ("host", "origin"),
        [
            ("help.test", "http://help.test"),
            ("help.test:8080", "http://help.test:8080"),
            ("[2001:db8::7]:8080", "http://[2001:db8::7]:8080"),
            ("", "http://10.0.0.9:8080"),
            ("x" * 300, "http://10.0.0.9:8080"),
            (None, "http://10.0.0.9:8080"),
        ],
    )
    async def test_without_one_with_the_host_that_was_asked_if_it_is_one(
        self, settings: Settings, given: Given, host: str | None, origin: str
    ) -> None:
        got = await self._tags(settings, given, host=host)

        assert got.json()["_links"]["self"]["href"] == f"{origin}/v2/tags?page=1"

    @pytest.mark.parametrize("host", ["evil.test/x?", "a b", '"><script>', "\xff", "user@evil.test"])
    async def test_what_is_no_host_is_refused_or_not_repeated(self, settings: Settings, given: Given, host: str) -> None:
        got = await self._tags(settings, given, host=host)

        assert got.status in (200, 400)
        assert host.encode("latin-1") not in got.body

    async def test_a_stranger_cannot_forward(self, settings: Settings, given: Given) -> None:
        headers = [("x-forwarded-host", "evil.test"), ("x-forwarded-proto", "https")]
        got = await self._tags(settings, given, headers, trusted=("10.0.0.1",))

        assert got.json()["_links"]["self"]["href"] == "http://desk.test/v2/tags?page=1"

    async def test_a_trusted_proxy_can(self, settings: Settings, given: Given) -> None:
        headers = [("x-forwarded-host", "help.test, inner"), ("x-forwarded-proto", "https, http")]
        got = await self._tags(settings, given, headers, trusted=("192.0.2.7",))

        assert got.json()["_links"]["self"]["href"] == "https://help.test/v2/tags?page=1"

    async def _tags(
        self,
        settings: Settings,
        given: Given,
        headers: Any = None,
        *,
        host: str | None = "desk.test",
        trusted: tuple[str, ...] = (),
    ) -> Got:
        app = make_app(msgspec.structs.replace(settings, origin="", trusted_proxies=trusted), works=False)
        await app.desk.database.open()
        try:
            return await send(app.door, "GET", "/v2/tags", headers=headers, host=host, token=await given.token(given.owner))
        finally:
            await app.desk.database.close()


class TestRateLimit:
    """Contract 00 §9."""

    async def test_reads_cost_one_and_writes_two_until_nothing_is_left(self, settings: Settings, given: Given) -> None:
        app = make_app(msgspec.structs.replace(settings, rate_limit=5), works=False)
        await app.desk.database.open()
        token = await given.token(given.owner)
        app.door.limits.spend("GET", 0.0)  # an old minute, which must not count

        async def ask(method: str, token: str | None) -> Got:
            return await send(app.door, method, "/v2/customers", b'{"firstName": "P"}', token=token)

        try:
            strangers = [await ask("GET", None) for _ in range(10)]
            answers = [
                await ask(*each) for each in [("GET", token), ("POST", token), ("GET", token), ("POST", token), ("GET", token)]
            ]
            again = await ask("GET", token)
            stranger = await ask("GET", None)
        finally:
            await app.desk.database.close()

        left = [(each.status, each.headers["x-ratelimit-remaining-minute"]) for each in answers]
        if left[-1][0] == 200 and left[0][1] != "4":
            pytest.skip("the minute ended meanwhile")
        assert {each.headers["x-ratelimit-remaining-minute"] for each in strangers} == {"5"}
        assert {each.headers["x-ratelimit-limit-minute"] for each in [*strangers, *answers]} == {"5"}
        assert left == [(200, "4"), (201, "2"), (200, "1"), (429, "1"), (200, "0")]
        assert (again.status, stranger.status) == (429, 401)
        assert again.headers["content-type"] == "application/json; charset=utf-8"
        assert again.body == b'{"message":"API rate limit exceeded"}'
        assert again.headers["x-ratelimit-remaining-minute"] == "0"
        assert again.headers["x-ratelimit-retry-after"] == again.headers["retry-after"]
        assert 1 <= int(again.headers["retry-after"]) <= 60


class TestStrangers:
    """Whoever sends whatever: an answer, and never one of 5xx."""

    @pytest.mark.parametrize(
        "value",
        [
            "",
            "Bearer",
            "Bearer ",
            "Basic dXNlcjpwYXNz",
            "Token x",
            "Bearer a b",
            "Bearer \xff",
            "Bearer \0",
            "x" * 9000,
            "bearer x",
        ],
        ids=lambda value: value[:12].encode("ascii", "replace").decode(),
    )
    async def test_a_strange_authorization_is_401(self, app: App, value: str) -> None:
        got = await send(app.door, "GET", "/v2/tags", headers=[("authorization", value)])

        assert got.status == 401
        assert got.headers["content-type"] == "application/json; charset=utf-8"

    async def test_a_token_in_the_query_is_no_token(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        got = await send(app.door, "GET", "/v2/tags", query=f"access_token={token}".encode())

        assert got.status == 401

    async def test_bearer_may_be_written_in_any_case(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        got = await send(app.door, "GET", "/v2/tags", headers=[("authorization", f"bEARER {token}")])

        assert got.status == 200

    async def test_a_client_that_goes_away_while_sending_changes_nothing(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        got = await send_half(app, token)

        assert got in (None, 400)
        async with given.read() as view:
            assert await view.counts(["customers"]) is not None

    async def test_many_at_once_are_all_answered(self, app: App, given: Given) -> None:
        token = await given.token(given.owner)
        answers = await asyncio.gather(
            *(send(app.door, "POST", "/v2/customers", b'{"firstName": "P"}', token=token) for _ in range(50))
        )

        assert {each.status for each in answers} == {201}
        assert len({each.headers["resource-id"] for each in answers}) == 50

    async def test_a_database_that_is_away_is_503(self, settings: Settings, given: Given) -> None:
        app = make_app(settings, works=False)  # never opened
        got = await send(app.door, "GET", "/v2/tags", token=await given.token(given.owner))

        assert got.status == 503
        assert got.headers["retry-after"] == "5"
        assert got.json()["message"] == "Temporarily unavailable"


async def send_half(app: App, token: str) -> int | None:
    """The status of a request whose client left in the middle of the body, or None without an answer."""
    messages: list[Any] = [{"type": "http.request", "body": b'{"firstName":', "more_body": True}, {"type": "http.disconnect"}]
    sent: list[Any] = []

    async def receive() -> Any:
        return messages.pop(0)

    async def take(message: Any) -> None:
        sent.append(message)

    scope: Any = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": "/v2/customers",
        "raw_path": b"/v2/customers",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"desk.test"), (b"authorization", f"Bearer {token}".encode())],
        "client": ("192.0.2.7", 1),
        "server": ("10.0.0.9", 8080),
    }
    await app.door(scope, receive, take)
    return int(sent[0]["status"]) if sent else None
