"""Email addresses, phone numbers, chat handles, social profiles and websites of a customer (contract 50 §6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from litestar import Router
from msgspec import UNSET

from deskhand.customers.model import EntryKind
from deskhand.customers.operations import entries
from deskhand.customers.queries import one
from deskhand.customers.routes import examples, prepare
from deskhand.customers.schemas.entries import (
    ChatInput,
    EmailInput,
    EmbeddedChats,
    EmbeddedEmails,
    EmbeddedPhones,
    EmbeddedSocialProfiles,
    EmbeddedWebsites,
    EntryInput,
    EntryItem,
    EntryList,
    PhoneInput,
    SocialProfileInput,
    WebsiteInput,
    entries_address,
    entry_item,
)
from deskhand.kernel.http.answers import Created
from deskhand.kernel.http.hal import Link, Origins, SelfLink
from deskhand.kernel.http.routes import PathId, delete, get, post, put
from deskhand.kernel.transaction import Snapshot, Transaction

E = TypeVar("E")


async def _list(
    view: Snapshot, customer_id: int, kind: EntryKind, embedded: Callable[[list[EntryItem]], E], origins: Origins
) -> EntryList[E]:
    found = [entry_item(each, origins) for each in await one.entries(view, customer_id, kind)]
    return EntryList(
        embedded=embedded(found) if found else UNSET,
        links=SelfLink(Link(entries_address(customer_id, kind, origins))),
    )


async def _get(view: Snapshot, customer_id: int, kind: EntryKind, entry_id: int, origins: Origins) -> EntryItem:
    return entry_item(await one.entry(view, customer_id, kind, entry_id), origins)


async def _create(tx: Transaction, customer_id: int, kind: EntryKind, data: EntryInput) -> Created:
    return Created(await entries.add(tx, customer_id, prepare.entry(kind, data)))


async def _replace(tx: Transaction, customer_id: int, kind: EntryKind, entry_id: int, data: EntryInput) -> None:
    await entries.replace(tx, customer_id, entry_id, prepare.entry(kind, data))


@get(summary="List Emails", errors=(400, 404), example=examples.entries("emails", 401, examples.EMAIL))
async def list_emails(view: Snapshot, customer_id: PathId, origins: Origins) -> EntryList[EmbeddedEmails]:
    """All email addresses of a customer, oldest first."""
    return await _list(view, customer_id, EntryKind.EMAIL, EmbeddedEmails, origins)


@post(summary="Create Email", errors=(400, 403, 404, 409, 415), example=examples.EMAIL)
async def create_email(tx: Transaction, customer_id: PathId, data: EmailInput) -> Created:
    """Another email address. Nobody else may have it."""
    return await _create(tx, customer_id, EntryKind.EMAIL, data)


@get(summary="Get Email", errors=(400, 404), example=examples.entry("emails", 401, examples.EMAIL))
async def show_email(view: Snapshot, customer_id: PathId, entry_id: PathId, origins: Origins) -> EntryItem:
    """One email address."""
    return await _get(view, customer_id, EntryKind.EMAIL, entry_id, origins)


@put(summary="Update Email", errors=(400, 403, 404, 409, 415), example=examples.EMAIL)
async def replace_email(tx: Transaction, customer_id: PathId, entry_id: PathId, data: EmailInput) -> None:
    """Replace an email address, value and type. Nobody else may have it."""
    await _replace(tx, customer_id, EntryKind.EMAIL, entry_id, data)


@delete(summary="Delete Email", errors=(400, 403, 404))
async def remove_email(tx: Transaction, customer_id: PathId, entry_id: PathId) -> None:
    """Remove an email address."""
    await entries.remove(tx, customer_id, EntryKind.EMAIL, entry_id)


@get(summary="List Phones", errors=(400, 404), example=examples.entries("phones", 402, examples.PHONE))
async def list_phones(view: Snapshot, customer_id: PathId, origins: Origins) -> EntryList[EmbeddedPhones]:
    """All phone numbers of a customer, oldest first."""
    return await _list(view, customer_id, EntryKind.PHONE, EmbeddedPhones, origins)


@post(summary="Create Phone", errors=(400, 403, 404, 415), example=examples.PHONE)
async def create_phone(tx: Transaction, customer_id: PathId, data: PhoneInput) -> Created:
    """Another phone number."""
    return await _create(tx, customer_id, EntryKind.PHONE, data)


@get(summary="Get Phone", errors=(400, 404), example=examples.entry("phones", 402, examples.PHONE))
async def show_phone(view: Snapshot, customer_id: PathId, entry_id: PathId, origins: Origins) -> EntryItem:
    """One phone number."""
    return await _get(view, customer_id, EntryKind.PHONE, entry_id, origins)


@put(summary="Update Phone", errors=(400, 403, 404, 415), example=examples.PHONE)
async def replace_phone(tx: Transaction, customer_id: PathId, entry_id: PathId, data: PhoneInput) -> None:
    """Replace a phone number, value and type."""
    await _replace(tx, customer_id, EntryKind.PHONE, entry_id, data)


@delete(summary="Delete Phone", errors=(400, 403, 404))
async def remove_phone(tx: Transaction, customer_id: PathId, entry_id: PathId) -> None:
    """Remove a phone number."""
    await entries.remove(tx, customer_id, EntryKind.PHONE, entry_id)


@get(summary="List Chat Handles", errors=(400, 404), example=examples.entries("chats", 403, examples.CHAT))
async def list_chats(view: Snapshot, customer_id: PathId, origins: Origins) -> EntryList[EmbeddedChats]:
    """All chat handles of a customer, oldest first."""
    return await _list(view, customer_id, EntryKind.CHAT, EmbeddedChats, origins)


@post(summary="Create Chat Handle", errors=(400, 403, 404, 415), example=examples.CHAT)
async def create_chat(tx: Transaction, customer_id: PathId, data: ChatInput) -> Created:
    """Another chat handle."""
    return await _create(tx, customer_id, EntryKind.CHAT, data)


@get(summary="Get Chat Handle", errors=(400, 404), example=examples.entry("chats", 403, examples.CHAT))
async def show_chat(view: Snapshot, customer_id: PathId, entry_id: PathId, origins: Origins) -> EntryItem:
    """One chat handle."""
    return await _get(view, customer_id, EntryKind.CHAT, entry_id, origins)


@put(summary="Update Chat Handle", errors=(400, 403, 404, 415), example=examples.CHAT)
async def replace_chat(tx: Transaction, customer_id: PathId, entry_id: PathId, data: ChatInput) -> None:
    """Replace a chat handle, value and type."""
    await _replace(tx, customer_id, EntryKind.CHAT, entry_id, data)


@delete(summary="Delete Chat Handle", errors=(400, 403, 404))
async def remove_chat(tx: Transaction, customer_id: PathId, entry_id: PathId) -> None:
    """Remove a chat handle."""
    await entries.remove(tx, customer_id, EntryKind.CHAT, entry_id)


@get(
    summary="List Social Profiles", errors=(400, 404), example=examples.entries("social-profiles", 404, examples.SOCIAL_PROFILE)
)
async def list_social_profiles(view: Snapshot, customer_id: PathId, origins: Origins) -> EntryList[EmbeddedSocialProfiles]:
    """All social profiles of a customer, oldest first."""
    return await _list(view, customer_id, EntryKind.SOCIAL, EmbeddedSocialProfiles, origins)


@post(summary="Create Social Profile", errors=(400, 403, 404, 415), example=examples.SOCIAL_PROFILE)
async def create_social_profile(tx: Transaction, customer_id: PathId, data: SocialProfileInput) -> Created:
    """Another social profile."""
    return await _create(tx, customer_id, EntryKind.SOCIAL, data)


@get(summary="Get Social Profile", errors=(400, 404), example=examples.entry("social-profiles", 404, examples.SOCIAL_PROFILE))
async def show_social_profile(view: Snapshot, customer_id: PathId, entry_id: PathId, origins: Origins) -> EntryItem:
    """One social profile."""
    return await _get(view, customer_id, EntryKind.SOCIAL, entry_id, origins)


@put(summary="Update Social Profile", errors=(400, 403, 404, 415), example=examples.SOCIAL_PROFILE)
async def replace_social_profile(tx: Transaction, customer_id: PathId, entry_id: PathId, data: SocialProfileInput) -> None:
    """Replace a social profile, value and type."""
    await _replace(tx, customer_id, EntryKind.SOCIAL, entry_id, data)


@delete(summary="Delete Social Profile", errors=(400, 403, 404))
async def remove_social_profile(tx: Transaction, customer_id: PathId, entry_id: PathId) -> None:
    """Remove a social profile."""
    await entries.remove(tx, customer_id, EntryKind.SOCIAL, entry_id)


@get(summary="List Websites", errors=(400, 404), example=examples.entries("websites", 405, examples.WEBSITE))
async def list_websites(view: Snapshot, customer_id: PathId, origins: Origins) -> EntryList[EmbeddedWebsites]:
    """All websites of a customer, oldest first."""
    return await _list(view, customer_id, EntryKind.WEBSITE, EmbeddedWebsites, origins)


@post(summary="Create Website", errors=(400, 403, 404, 415), example=examples.WEBSITE)
async def create_website(tx: Transaction, customer_id: PathId, data: WebsiteInput) -> Created:
    """Another website."""
    return await _create(tx, customer_id, EntryKind.WEBSITE, data)


@get(summary="Get Website", errors=(400, 404), example=examples.entry("websites", 405, examples.WEBSITE))
async def show_website(view: Snapshot, customer_id: PathId, entry_id: PathId, origins: Origins) -> EntryItem:
    """One website."""
    return await _get(view, customer_id, EntryKind.WEBSITE, entry_id, origins)


@put(summary="Update Website", errors=(400, 403, 404, 415), example=examples.WEBSITE)
async def replace_website(tx: Transaction, customer_id: PathId, entry_id: PathId, data: WebsiteInput) -> None:
    """Replace a website."""
    await _replace(tx, customer_id, EntryKind.WEBSITE, entry_id, data)


@delete(summary="Delete Website", errors=(400, 403, 404))
async def remove_website(tx: Transaction, customer_id: PathId, entry_id: PathId) -> None:
    """Remove a website."""
    await entries.remove(tx, customer_id, EntryKind.WEBSITE, entry_id)


PARENT = "/v2/customers/{customer_id:str}"
ROUTERS = [
    Router(f"{PARENT}/emails", route_handlers=[list_emails, create_email]),
    Router(f"{PARENT}/emails/{{entry_id:str}}", route_handlers=[show_email, replace_email, remove_email]),
    Router(f"{PARENT}/phones", route_handlers=[list_phones, create_phone]),
    Router(f"{PARENT}/phones/{{entry_id:str}}", route_handlers=[show_phone, replace_phone, remove_phone]),
    Router(f"{PARENT}/chats", route_handlers=[list_chats, create_chat]),
    Router(f"{PARENT}/chats/{{entry_id:str}}", route_handlers=[show_chat, replace_chat, remove_chat]),
    Router(f"{PARENT}/social-profiles", route_handlers=[list_social_profiles, create_social_profile]),
    Router(
        f"{PARENT}/social-profiles/{{entry_id:str}}",
        route_handlers=[show_social_profile, replace_social_profile, remove_social_profile],
    ),
    Router(f"{PARENT}/websites", route_handlers=[list_websites, create_website]),
    Router(f"{PARENT}/websites/{{entry_id:str}}", route_handlers=[show_website, replace_website, remove_website]),
]
