"""A conversation's life over HTTP, as a client sees it."""

from __future__ import annotations

from tests.given import Client, Given

BODY = {
    "subject": "Parcel never left the depot",
    "customer": {"email": "Pavel.Lund@mail.test", "firstName": "Pavel", "lastName": "Lund"},
    "type": "email",
    "status": "active",
    "assignTo": None,
    "threads": [
        {
            "type": "customer",
            "customer": {"email": "pavel.lund@mail.test"},
            "text": "Hello, the tracking page<br />has not moved.",
        }
    ],
    "tags": ["Shipping", "eu"],
}


async def test_a_created_conversation_is_read_back_as_the_contract_has_it(client: Client, given: Given) -> None:
    made = await client.post("/v2/conversations", json=BODY | {"mailboxId": given.inbox})

    assert made.status_code == 201, made.text
    assert made.content == b""
    assert made.headers["content-type"] == "text/plain; charset=UTF-8"
    assert made.headers["content-length"] == "0"
    number = int(made.headers["resource-id"])
    assert made.headers["location"] == f"https://desk.test/v2/conversations/{number}"
    assert made.headers["web-location"] == f"https://desk.test/conversation/{number}/1"
    assert made.headers["access-control-allow-origin"] == "*"
    found = await client.get(f"/v2/conversations/{number}")
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/hal+json;charset=UTF-8"
    body = found.json()
    customer_id = body["primaryCustomer"]["id"]
    assert body["primaryCustomer"] == {
        "id": customer_id, "type": "customer", "first": "Pavel", "last": "Lund", "email": "Pavel.Lund@mail.test",
    }  # fmt: skip
    assert body["createdBy"] == body["primaryCustomer"]
    assert body["threads"] == 1
    assert body["status"] == "active"
    assert body["preview"] == "Hello, the tracking page has not moved."
    assert [tag["tag"] for tag in body["tags"]] == ["shipping", "eu"]
    assert body["closedBy"] == 0
    assert body["source"] == {"type": "api", "via": "customer"}
    assert list(body["_links"]) == sorted(body["_links"])
    assert "assignee" not in body
    assert "_embedded" not in body

    listed = (await client.get("/v2/conversations")).json()
    assert list(listed) == ["_embedded", "_links", "page"]
    assert listed["_embedded"]["conversations"] == [body]
    assert listed["page"] == {"size": 25, "totalElements": 1, "totalPages": 1, "number": 1}
    assert listed["_links"]["page"] == {"href": "https://desk.test/v2/conversations{?page}", "templated": True}


async def test_an_empty_list_has_no_embedded(client: Client) -> None:
    listed = (await client.get("/v2/conversations?status=closed&page=3")).json()

    assert "_embedded" not in listed
    assert listed["page"] == {"size": 25, "totalElements": 0, "totalPages": 0, "number": 3}
    assert listed["_links"]["page"]["href"] == "https://desk.test/v2/conversations?status=closed{&page}"


async def test_every_mistake_of_a_body_is_named(client: Client) -> None:
    refused = await client.post("/v2/conversations", json={"subject": "", "type": "fax", "threads": [{"type": "reply"}]})

    assert refused.status_code == 400
    assert refused.headers["content-type"] == "application/vnd.error+json"
    errors = {each["path"]: each["message"] for each in refused.json()["_embedded"]["errors"]}
    assert errors == {
        "subject": "may not be empty",
        "customer": "may not be null",
        "mailboxId": "may not be null",
        "type": "Expected one of these: 'chat', 'email', 'phone'",
        "status": "may not be null",
        "threads[0].text": "may not be empty",
    }
    assert refused.json()["logRef"] == refused.headers["correlation-id"]


async def test_a_day_of_a_conversation(client: Client, given: Given) -> None:
    made = await client.post("/v2/conversations", json=BODY | {"mailboxId": str(given.inbox)})
    here = f"/v2/conversations/{made.headers['resource-id']}"
    customer = (await client.get(here)).json()["primaryCustomer"]["id"]

    answered = await client.post(f"{here}/reply", json={"text": "We asked the carrier.", "customer": {"id": customer}})
    assert answered.status_code == 201, answered.text
    assert (await client.post(f"{here}/notes", json={"text": "Lost two pallets.", "status": "pending"})).status_code == 201
    assert (await client.patch(here, json={"op": "replace", "path": "/subject", "value": "Lost"})).status_code == 204
    assert (await client.patch(here, json={"op": "replace", "path": "/status", "value": "closed"})).status_code == 204
    assert (await client.put(f"{here}/tags", json={"tags": ["eu", "lost"]})).status_code == 204
    closed = (await client.get(here)).json()
    assert closed["status"] == "closed"
    assert closed["subject"] == "Lost"
    assert closed["closedBy"] == given.owner
    assert closed["threads"] == 2
    assert closed["assignee"]["id"] == given.owner
    assert [tag["tag"] for tag in closed["tags"]] == ["eu", "lost"]
    again = await client.post(f"{here}/customer", json={"text": "Still not here", "customer": {"id": customer}})
    assert again.status_code == 201, again.text
    body = (await client.get(f"{here}?embed=threads")).json()
    assert body["status"] == "active"
    assert "closedAt" not in body
    said = [(each["type"], each["action"]["type"]) for each in body["_embedded"]["threads"]]
    assert said == [
        ("customer", "default"),
        ("lineitem", "changed-ticket-status"),
        ("note", "default"),
        ("message", "default"),
        ("customer", "default"),
    ]
    threads = (await client.get(f"{here}/threads")).json()
    assert threads["page"]["totalElements"] == 5
    assert threads["_links"]["self"]["href"] == f"https://desk.test{here}/threads/?page=1"
    found = (await client.get("/v2/conversations", params={"query": '(body:"carrier" AND tag:lost)'})).json()
    assert found["page"]["totalElements"] == 1
    assert (await client.delete(here)).status_code == 204
    assert (await client.get(here)).status_code == 404
    assert (await client.get("/v2/conversations?status=all")).json()["page"]["totalElements"] == 0
