"""From letters to rows: what the operations would have stored, computed without them."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import ClassVar

from sqlalchemy import select

from deskhand.conversations.model import (
    COUNTED,
    CUSTOMER_SPEAKS,
    ConversationState,
    ConversationType,
    LatestReply,
    Rating,
    Status,
    ThreadState,
    ThreadStatus,
    ThreadType,
    Via,
    folder_count,
    home_folder,
    shelf_count,
)
from deskhand.conversations.operations.changing import subject_key
from deskhand.conversations.tables import conversations, folders, threads
from deskhand.customers.model import (
    Address,
    EntryKind,
    Gender,
    PhotoType,
    PropertySource,
    email_domain,
    email_key,
    name_key,
)
from deskhand.demo.model import DemoConversation, DemoCustomer, DemoThread, Entry, ThreadKind, World
from deskhand.demo.organizations import Organizations, record_activity, stored
from deskhand.demo.places import FolderRow, Ids, Known, Made, Places, Row
from deskhand.demo.reporting import fact_rows
from deskhand.kernel.html import plain_text, preview
from deskhand.kernel.pictures import pixels
from deskhand.kernel.storage.fulltext import indexable
from deskhand.kernel.storage.statements import Read, read
from deskhand.kernel.transaction import SHARDS
from deskhand.tags.model import count_name

TYPES = {
    ThreadKind.CUSTOMER: ThreadType.CUSTOMER,
    ThreadKind.REPLY: ThreadType.MESSAGE,
    ThreadKind.NOTE: ThreadType.NOTE,
    ThreadKind.PHONE: ThreadType.PHONE,
    ThreadKind.CHAT: ThreadType.CHAT,
    ThreadKind.LINEITEM: ThreadType.LINE_ITEM,
}
EMPTY_THREAD: Row = {each.name: None for each in threads.columns}
EMPTY_CONVERSATION: Row = {each.name: None for each in conversations.columns if each.computed is None}


class Rows:
    """Turns batches of letters into rows; remembers customers and organizations between them."""

    FOLDERS: ClassVar[Read[FolderRow]] = read(
        select(folders.c.id, folders.c.inbox_id, folders.c.type, folders.c.user_id), FolderRow
    )

    def __init__(self, world: World, places: Places, ids: Ids) -> None:
        self._world = world
        self._places = places
        self._ids = ids
        self._customers: dict[int, Known] = {}
        self._organizations = Organizations(places, ids)
        self._blobs: dict[int, tuple[str, int, int]] = {}
        self._addresses: set[str] = set()

    def of(self, batch: list[DemoConversation]) -> Made:
        """The rows of some conversations, with the customers who appear in them for the first time."""
        made = Made()
        for it in batch:
            if it.new_customer is not None:
                self._customer(made, it.new_customer, it.created_at)
            self._conversation(made, it)
        return made

    def _owner(self, place: int | None) -> int | None:
        """The id of an assignee: users are counted first, then teams."""
        if place is None:
            return None
        users = self._places.users
        return users[place] if place < len(users) else self._places.teams[place - len(users)]

    def _customer(self, made: Made, it: DemoCustomer, now: datetime) -> None:
        customer_id = next(self._ids.customer)
        key = name_key(it.first, it.last)
        organization = it.organization.name if it.organization else None
        organization_id = self._organizations.of(made, it, now)
        emails = [self._unique(each, it.index) for each in it.emails]
        made.tables["customers"].append(
            {
                "id": customer_id,
                "first_name": it.first or None,
                "last_name": it.last or None,
                "name_key": key,
                "first_key": indexable(it.first or ""),
                "last_key": indexable(it.last or ""),
                "email": emails[0].value if emails else None,
                "gender": Gender(it.gender),
                "job_title": it.job_title,
                "location": it.location,
                "organization": organization,
                "organization_key": indexable(organization or ""),
                "organization_id": organization_id,
                "photo_type": PhotoType.UNKNOWN,
                "photo_url": None,
                "age": it.age,
                "background": it.background or None,
                "address": _address(it),
                "draft": False,
                "conversation_count": 0,
                "created_at": now,
                "updated_at": now,
            }
        )
        kinds = [(EntryKind.EMAIL, emails), (EntryKind.PHONE, it.phones), (EntryKind.CHAT, it.chats)]
        entries = [(kind, each.type, each.value) for kind, several in kinds for each in several]
        entries += [(EntryKind.SOCIAL, each.type, each.value) for each in it.socials]
        for kind, type_, value in [*entries, *((EntryKind.WEBSITE, None, site) for site in it.websites)]:
            is_email = kind is EntryKind.EMAIL
            made.tables["customer_entries"].append(
                {
                    "id": next(self._ids.entry),
                    "customer_id": customer_id,
                    "kind": kind,
                    "type": type_,
                    "value": value,
                    "email_key": email_key(value) if is_email else None,
                    "email_domain": email_domain(value) if is_email else None,
                }
            )
        found_by = [it.first, it.last, organization or "", *(each.value for each in (*emails, *it.phones))]
        made.tables["customer_text"].append({"id": customer_id, "text": indexable(" ".join(found_by))})
        made.counts["customers", customer_id % SHARDS] += 1
        for property_id, value, option_id in stored(self._places, it.properties):
            made.tables["customer_values"].append(
                {
                    "customer_id": customer_id,
                    "property_id": property_id,
                    "value": value,
                    "option_id": option_id,
                    "source": PropertySource.USER,
                }
            )
        self._customers[it.index] = Known(customer_id, key, emails[0].value if emails else "", organization_id)

    def _unique(self, it: Entry, index: int) -> Entry:
        """The address, or for the second of two colleagues of one name, which is rare, the same with a number."""
        key = email_key(it.value)
        if key in self._addresses:
            local, _, domain = it.value.partition("@")
            it = Entry(it.type, f"{local}.{index}@{domain}")
        self._addresses.add(email_key(it.value))
        return it

    def _conversation(self, made: Made, it: DemoConversation) -> None:
        conversation_id = next(self._ids.conversation)
        known = self._customers[it.customer]
        inbox_id = self._places.inboxes[it.inbox]
        owner = self._owner(it.assignee)
        status, state = Status(it.status.value), ConversationState(it.state.value)
        scheduled = [each for each in it.threads if each.scheduled_for is not None]
        types = [TYPES[each.kind] for each in it.threads]
        said = [
            (each, type_)
            for each, type_ in zip(it.threads, types, strict=True)
            if type_ in COUNTED and each.state.value == "published"
        ]
        newest, newest_type = said[-1] if said else (it.threads[-1], types[-1])
        last = max(each.at for each in it.threads)
        type_, folder_owner = home_folder(
            state=state,
            status=status,
            assignee_id=owner,
            assigned_to_team=owner in self._places.teams,
            snoozed=it.snoozed_until is not None,
            scheduled=bool(scheduled),
        )
        folder_id = self._places.folders[inbox_id, type_, folder_owner]
        replies = [each for each in it.threads if each.cc or each.bcc]
        created_by = None if it.created_by is None else self._places.users[it.created_by]
        first = min(scheduled, key=lambda each: each.scheduled_for or last) if scheduled else None
        made.tables["conversations"].append(
            EMPTY_CONVERSATION
            | {
                "id": conversation_id,
                "number": conversation_id,
                "inbox_id": inbox_id,
                "folder_id": folder_id,
                "customer_id": known.id,
                "customer_name": known.name_key,
                "customer_email": known.email,
                "assignee_id": owner,
                "type": ConversationType(it.type.value),
                "status": status,
                "state": state,
                "subject": it.subject,
                "subject_key": subject_key(it.subject),
                "preview": preview(plain_text(newest.body)),
                "thread_count": len(said),
                "thread_total": len(it.threads),
                "created_by_user_id": created_by,
                "created_by_customer_id": None if created_by else known.id,
                "closed_by": None if it.closed_by is None else self._places.users[it.closed_by],
                "closed_at": it.closed_at,
                "user_updated_at": last,
                "waiting_since": newest.at,
                "latest_reply_from": LatestReply.CUSTOMER if newest_type in CUSTOMER_SPEAKS else LatestReply.USER,
                "source_type": it.source,
                "source_via": Via.USER if created_by else Via.CUSTOMER,
                "cc": list(replies[-1].cc) if replies else [],
                "bcc": list(replies[-1].bcc) if replies else [],
                "snoozed_until": it.snoozed_until,
                "snoozed_by": None if it.snoozed_by is None else self._places.users[it.snoozed_by],
                "wakes_on_reply": it.wakes_on_reply,
                "scheduled_for": first.scheduled_for if first else None,
                "scheduled_by": self._places.users[first.author or 0] if first else None,
                "unschedules_on_reply": first.unschedules_on_reply if first else False,
                "has_attachments": any(each.attachments for each in it.threads),
                "created_at": it.created_at,
                "modified_at": last,
            }
        )
        made.tables["subject_text"].append({"id": conversation_id, "text": indexable(it.subject)})
        begins = len(made.tables["threads"])
        for thread, thread_type in zip(it.threads, types, strict=True):
            self._thread(made, it, thread, thread_type, conversation_id, known)
        made.tables["report_facts"] += fact_rows(made.tables["conversations"][-1], made.tables["threads"][begins:])
        self._marks(made, it, conversation_id)
        shard = conversation_id % SHARDS
        shelf = status.value if state is ConversationState.PUBLISHED else state.value
        made.counts[shelf_count(inbox_id, shelf), shard] += 1
        made.counts[folder_count(folder_id, status.value), shard] += 1
        made.tables["customer_inboxes"].append({"inbox_id": inbox_id, "customer_id": known.id, "conversations": 1})
        made.tables["customer_counts"].append({"customer_id": known.id, "change": 1, "now": it.created_at})
        if known.organization_id is not None:
            record_activity(made, known.organization_id, last, conversations=1)

    def _thread(
        self,
        made: Made,
        it: DemoConversation,
        thread: DemoThread,
        type_: ThreadType,
        conversation_id: int,
        known: Known,
    ) -> None:
        thread_id = next(self._ids.thread)
        author = None if thread.author is None else self._places.users[thread.author]
        is_item, is_draft = type_ is ThreadType.LINE_ITEM, thread.state.value == "draft"
        changes_status = thread.action is not None and thread.action.type == "changed-ticket-status"
        to = [known.email] if type_ is ThreadType.MESSAGE and known.email else []
        row = EMPTY_THREAD | {
            "id": thread_id,
            "conversation_id": conversation_id,
            "type": type_,
            "status": ThreadStatus.NO_CHANGE if is_item and not changes_status else ThreadStatus(thread.status.value),
            "state": ThreadState(thread.state.value),
            "action_type": thread.action.type if thread.action else "default",
            "action_text": self._told(thread),
            "body": None if is_item else thread.body,
            "source_type": it.source if author is None else "web",
            "source_via": Via.CUSTOMER if type_ in CUSTOMER_SPEAKS else Via.USER,
            "customer_id": known.id,
            "created_by_user_id": author,
            "created_by_customer_id": known.id if author is None else None,
            "assignee_id": self._owner(thread.assignee),
            "saved_reply_id": 0,
            "to": to,
            "cc": list(thread.cc),
            "bcc": list(thread.bcc),
            "unschedules_on_reply": thread.unschedules_on_reply,
            "imported": False,
            "created_at": thread.at,
        }
        if thread.scheduled_for is not None:
            row |= {"scheduled_for": thread.scheduled_for, "scheduled_by": author, "scheduled_at": thread.at}
        if thread.rating is not None:
            row |= {"rating": Rating(thread.rating.rating.value), "rating_comments": thread.rating.comments or None}
            rated_at = thread.rating.at
            made.tables["ratings"].append(
                {"id": next(self._ids.rating), "thread_id": thread_id, "created_at": rated_at, "modified_at": None}
            )
        made.tables["threads"].append(row)
        if not is_item and not is_draft:
            made.tables["thread_text"].append({"id": thread_id, "text": indexable(plain_text(thread.body))})
        for kind, addresses in (("to", to), ("cc", thread.cc), ("bcc", thread.bcc)):
            for address in addresses:
                plain = address.strip().lower()
                made.tables["thread_addresses"].append(
                    {
                        "address": plain,
                        "conversation_id": conversation_id,
                        "kind": kind,
                        "domain": plain.rpartition("@")[2],
                    }
                )
        for file in thread.attachments:
            attachment_id = next(self._ids.attachment)
            blob, width, height = self._blob(made, file.content)
            made.tables["attachments"].append(
                {
                    "id": attachment_id,
                    "conversation_id": conversation_id,
                    "thread_id": thread_id,
                    "filename": file.filename,
                    "mime_type": file.mime_type,
                    "size_bytes": len(file.content),
                    "width": width,
                    "height": height,
                    "state": "valid",
                    "blob": blob,
                    "content_id": None,
                    "web_key": hashlib.sha1(f"{self._world.seed}/{attachment_id}".encode(), usedforsecurity=False).digest(),
                }
            )

    def _told(self, thread: DemoThread) -> str | None:
        """A line item's sentence without who did it: that is put before it for each reader."""
        if thread.action is None or thread.author is None:
            return None
        user = self._world.users[thread.author]
        return thread.action.text.removeprefix(f"{user.first} {user.last} ").removeprefix(f"{user.first} ")

    def _blob(self, made: Made, content: bytes) -> tuple[str, int, int]:
        """The key and size in pixels of a file; contents are shared, so the object itself is remembered."""
        found = self._blobs.get(id(content))
        if found is None:
            found = self._blobs[id(content)] = (hashlib.sha256(content).hexdigest(), *pixels(content))
            made.files[found[0]] = content
        return found

    def _marks(self, made: Made, it: DemoConversation, conversation_id: int) -> None:
        for position, tag in enumerate(it.tags):
            tag_id = self._places.tags[tag]
            made.tables["conversation_tags"].append(
                {"conversation_id": conversation_id, "tag_id": tag_id, "position": position}
            )
            made.counts[count_name(tag_id), conversation_id % SHARDS] += 1
        for place, text in it.fields:
            value = self._places.options[place].get(text, text)
            made.tables["conversation_fields"].append(
                {
                    "conversation_id": conversation_id,
                    "field_id": self._places.fields[place],
                    "value": value,
                    "value_key": indexable(value)[:255],
                }
            )


def _address(it: DemoCustomer) -> Address | None:
    if it.address is None:
        return None
    address = it.address
    return Address(
        city=address.city,
        lines=address.lines,
        state=address.state,
        postal_code=address.postal_code,
        country=address.country,
    )
