"""An account in which every text that people give is hostile."""

from __future__ import annotations

from itertools import cycle

from deskhand.conversations.model import ThreadType
from deskhand.conversations.operations import views
from deskhand.conversations.operations.attachments import NewFile
from deskhand.conversations.operations.entries import NewThread
from deskhand.conversations.operations.views import NewView
from deskhand.customers.model import EntryKind, NewCustomer, NewEntry, Profile
from deskhand.customers.operations import creating
from deskhand.customers.queries import reference
from deskhand.inboxes import operations as inboxes
from deskhand.kernel.permissions import Role
from deskhand.oauth import operations as oauth
from deskhand.organizations import operations as organizations
from deskhand.organizations.model import Details
from deskhand.properties.model import Owner, PropertyType
from deskhand.users import operations as users
from deskhand.users.operations import NewUser
from tests.browser.payloads import payloads, short
from tests.given import Given

OF_EACH = 12
A_CONVERSATION = 40  # threads


async def fill(given: Given) -> None:
    """Names, subjects, tags, fields, files, notes and settings: of each kind some, of letters all payloads."""
    brief, longer = cycle(short(40)), cycle(short(60))
    await given.property(Owner.CUSTOMER, "plan", PropertyType.DROPDOWN, *short(40)[:5])
    await given.property(Owner.ORGANIZATION, "region", PropertyType.TEXT)
    await given.field(next(brief), "dropdown", options=short(40)[:5])
    for number in range(OF_EACH):
        await given.new_inbox(next(brief)) if number < 3 else None
        await given.team(next(brief), []) if number < 3 else None
        async with given.write(given.owner) as tx:
            await users.create(
                tx,
                NewUser(
                    first_name=next(brief),
                    last_name=next(brief),
                    email=f"u{number}@desk.test",
                    role=Role.USER,
                    job_title=next(longer),
                ),
            )
            await inboxes.create_saved_reply(tx, given.inbox, next(brief), text=next(longer), chat_text=next(brief))
            await views.create(tx, NewView(next(longer), f"tag:x{number}"))
            await oauth.register(tx, next(longer), given.owner)
            await organizations.create(
                tx, Details(name=f"{number} {next(longer)}", note=next(longer), description=next(longer), phones=(next(brief),))
            )
    letters = payloads()
    for start in range(0, len(letters), A_CONVERSATION):
        await _conversation(given, letters[start : start + A_CONVERSATION], start, next(brief), next(longer))


async def _conversation(given: Given, letters: list[str], number: int, brief: str, longer: str) -> None:
    profile = Profile(
        first_name=brief, last_name=brief, job_title=longer, organization=longer, location=longer, background=longer, age=brief
    )
    entries = (NewEntry(EntryKind.EMAIL, "work", f"c{number}@mail.test"), NewEntry(EntryKind.PHONE, "work", brief))
    async with given.write(given.owner) as tx:
        customer_id = await creating.create(tx, NewCustomer(profile=profile, entries=entries))
        customer = await reference(tx, customer_id)
        blob = await given.desk.blobs.put(b"<script>alert(1)</script>")
    file = NewFile(longer, "text/html", 25, 0, 0, blob)
    said = [
        NewThread(type=ThreadType.CUSTOMER, text=each, customer=customer, files=[file] * (at == 0))
        for at, each in enumerate(letters)
    ]
    notes = [NewThread(type=ThreadType.NOTE, text=letters[0], user_id=given.owner)]
    await given.conversation(subject=longer, customer=customer, said=[*said, *notes], tags=[f"{number} {brief}"[:60]])
