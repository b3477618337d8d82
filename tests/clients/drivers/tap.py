"""Drives tap-helpscout 1.2.2, the Singer tap of data warehouses: discovery, a full sync, an incremental sync.

The host is in the tap's code, so `../origin/sitecustomize.py` rewrites it below `requests`. The tap signs in with a
refresh token, which only a person's consent in a browser gives; until there is a page for that, it runs in its own
`--dev` mode, where it takes an access token. What it writes is compared with what the API lists, page by page.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from collections import defaultdict
from pathlib import Path

import requests
from steps import Account, check, has, main, one, same

TAP = Path(sys.executable).parent / "tap-helpscout"
ORIGIN = Path(__file__).parent.parent / "origin"
START = "2000-01-01T00:00:00Z"
STREAMS = {
    "conversations": "conversation_threads",
    "customers": None,
    "mailboxes": "mailbox_fields",
    "teams": "team_members",
    "users": None,
    "workflows": None,
}
WHOLE = {"happiness_ratings_report"}  # each time all of it: the tap keeps no place in it
CHILDREN = {"conversation_threads", "mailbox_fields", "mailbox_folders", "team_members"}


class Desk:
    """The tap's files, and a plain client of our own to make things and to count them."""

    def __init__(self, account: Account):
        self.account = account
        self.mark = uuid.uuid4().hex[:10]
        self.kept = tempfile.TemporaryDirectory(prefix="tap-")  # goes with us
        self.folder = Path(self.kept.name)
        self.session = requests.Session()
        token = self.session.post(
            f"{account.origin}/v2/oauth2/token",
            data={
                "grant_type": "client_credentials",
                "client_id": account.application,
                "client_secret": account.secret,
            },
        )
        token.raise_for_status()
        self.token = token.json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {self.token}"
        self.config(access_token=self.token, refresh_token="unused")

    def config(self, **tokens):
        wanted = {
            "client_id": self.account.application,
            "client_secret": self.account.secret,
            "user_agent": "tap-helpscout <data@shop.example>",
            "start_date": START,
        }
        return self.file("config.json", wanted | tokens)

    def file(self, name, content):
        path = self.folder / name
        path.write_text(json.dumps(content), encoding="utf-8")
        return path

    def tap(self, *arguments, dev=True):
        """Run the tap; what it wrote."""
        run = subprocess.run(
            [TAP, "--config", self.folder / "config.json", *(["--dev"] if dev else []), *arguments],
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ORIGIN), "HELPSCOUT_ORIGIN": self.account.origin},
            capture_output=True,
            text=True,
            timeout=300,
        )
        check(run.returncode == 0, run.stderr[-1500:])
        return run.stdout

    def sync(self, streams, state=None):
        """Sync these streams: their records, and the state to go on from."""
        for stream in self.catalog["streams"]:
            root = next(entry for entry in stream["metadata"] if entry["breadcrumb"] == [])
            root["metadata"]["selected"] = stream["tap_stream_id"] in streams
        files = ["--catalog", self.file("catalog.json", self.catalog)]
        if state is not None:
            files += ["--state", self.file("state.json", state)]

        records = defaultdict(list)
        for line in self.tap(*files).splitlines():
            message = json.loads(line)
            if message["type"] == "RECORD":
                records[message["stream"]].append(message["record"])
            elif message["type"] == "STATE":
                state = message["value"]
        return records, state

    def listed(self, path, relation, **parameters):
        """All items of a list of the API."""
        items, page, pages = [], 1, 1
        while page <= pages:
            answer = self.session.get(f"{self.account.origin}/v2{path}", params={**parameters, "page": page})
            answer.raise_for_status()
            document = answer.json()
            items += document.get("_embedded", {}).get(relation, [])
            page, pages = page + 1, document["page"]["totalPages"]
        return items

    def post(self, path, body):
        answer = self.session.post(f"{self.account.origin}/v2{path}", json=body)
        check(answer.status_code == 201, answer.status_code, answer.text)
        return int(answer.headers["Resource-ID"])


def discovers_its_streams(desk):
    desk.catalog = json.loads(desk.tap("--discover"))
    found = {stream["tap_stream_id"] for stream in desk.catalog["streams"]}
    same(found, set(STREAMS) | CHILDREN | WHOLE)


def finds_what_it_will_sync(desk):
    inbox = desk.listed("/mailboxes", "mailboxes")[0]
    desk.made = {}
    for number in range(3):
        who = {"email": f"tap{number}.{desk.mark}@mail.example"}
        threads = [{"type": "customer", "customer": who, "text": f"Question {number}"}]
        threads += [{"type": "note", "text": f"Note {note}"} for note in range(number)]
        body = {"subject": f"Tap {number}", "type": "email", "mailboxId": inbox["id"], "status": "active"}
        made = desk.post("/conversations", body | {"customer": who, "threads": threads, "tags": ["tap"]})
        desk.made[made] = len(threads)


def syncs_everything(desk):
    desk.records, desk.state = desk.sync(set(STREAMS) | CHILDREN | WHOLE)
    for stream in set(STREAMS) | CHILDREN | WHOLE:
        check(desk.records[stream], f"no {stream}")
    same(desk.state.get("currently_syncing"), None)
    check(set(STREAMS) <= set(desk.state["bookmarks"]), desk.state)


def has_every_conversation(desk):
    wanted = {item["id"]: item for item in desk.listed("/conversations", "conversations", status="all")}
    found = desk.records["conversations"]
    same(sorted(record["id"] for record in found), sorted(wanted))
    check(set(desk.made) <= set(wanted), "what was made is not listed")
    for record in found:
        has(record, number=int, updated_at=str, created_at=str, tags=list, customer_waiting_since=dict, source=dict)
        same((record["subject"], record["status"]), tuple(wanted[record["id"]][name] for name in ("subject", "status")))
    order = [record["updated_at"] for record in found if record["id"] in desk.made]
    same(order, sorted(order))


def has_every_thread(desk):
    counts = defaultdict(int)
    for record in desk.records["conversation_threads"]:
        counts[record["conversation_id"]] += 1
    for conversation in desk.records["conversations"]:
        wanted = desk.listed(f"/conversations/{conversation['id']}/threads", "threads")
        same((conversation["id"], counts[conversation["id"]]), (conversation["id"], len(wanted)))
    for made, threads in desk.made.items():
        same(counts[made], threads)


def has_every_customer_user_team_and_inbox(desk):
    for stream in ("customers", "users", "teams", "mailboxes"):
        wanted = desk.listed(f"/{stream}", stream)
        same(sorted(record["id"] for record in desk.records[stream]), sorted(item["id"] for item in wanted))
    for record in desk.records["customers"]:
        has(record, emails=list, phones=list, chats=list, social_profiles=list, websites=list, updated_at=str)


def has_every_member_field_and_folder(desk):
    members = [
        (team["id"], user["id"])
        for team in desk.records["teams"]
        for user in desk.listed(f"/teams/{team['id']}/members", "users")
    ]
    found = [(record["team_id"], record["user_id"]) for record in desk.records["team_members"]]
    same(sorted(found), sorted(members))

    fields, folders = [], []
    for inbox in desk.records["mailboxes"]:
        fields += [(inbox["id"], field["id"]) for field in desk.listed(f"/mailboxes/{inbox['id']}/fields", "fields")]
        folders += [(inbox["id"], item["id"]) for item in desk.listed(f"/mailboxes/{inbox['id']}/folders", "folders")]
    same(sorted((record["mailbox_id"], record["id"]) for record in desk.records["mailbox_fields"]), sorted(fields))
    # The tap keeps one bookmark for the folders of all inboxes, so of the second inbox on it drops what is older than
    # the newest of those before. What it does write must be real.
    found = {(record["mailbox_id"], record["id"]) for record in desk.records["mailbox_folders"]}
    check(found <= set(folders), found - set(folders))


def syncs_only_what_changed_since(desk):
    time.sleep(2)  # bookmarks are whole seconds
    changed, threads = next(iter(desk.made.items()))
    desk.post(f"/conversations/{changed}/notes", {"text": "Something new."})

    records, state = desk.sync({"conversations", "conversation_threads"}, state=desk.state)
    found = [record["id"] for record in records["conversations"]]
    check(changed in found, found)
    check(len(found) <= len(desk.made), found)
    again = [record for record in records["conversation_threads"] if record["conversation_id"] == changed]
    same(len(again), threads + 1)
    check(state["bookmarks"]["conversations"] > desk.state["bookmarks"]["conversations"], state)


def has_every_workflow(desk):
    same(len(desk.records["workflows"]), len(desk.listed("/workflows", "workflows")))


def has_every_rating(desk):
    span = {"start": START, "end": "2100-01-01T00:00:00Z"}
    told = desk.session.get(f"{desk.account.origin}/v2/reports/happiness/ratings", params=span).json()
    same(len(desk.records["happiness_ratings_report"]), told["count"])


def rotates_its_refresh_token(desk):
    """Needs a refresh token in REFRESH_TOKEN."""
    desk.config(refresh_token=os.environ["REFRESH_TOKEN"])
    for _ in range(2):  # the second run signs in with what the first one stored
        desk.tap("--discover", dev=False)
        kept = json.loads((desk.folder / "config.json").read_text(encoding="utf-8"))
        check(kept["refresh_token"] != os.environ["REFRESH_TOKEN"], "the refresh token stayed the same")
    one([kept["access_token"]])


STEPS = (
    discovers_its_streams,
    finds_what_it_will_sync,
    syncs_everything,
    has_every_conversation,
    has_every_thread,
    has_every_customer_user_team_and_inbox,
    has_every_member_field_and_folder,
    has_every_workflow,
    has_every_rating,
    syncs_only_what_changed_since,
)

LATER = (rotates_its_refresh_token,)

if __name__ == "__main__":
    main(STEPS, LATER, Desk)
