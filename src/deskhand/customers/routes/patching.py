"""The changes of "Update Customer": which paths there are, and what may be done with each (contract 50 §5.2)."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import UNSET, Meta

from deskhand.customers.model import EntryKind, Gender, PhotoType
from deskhand.customers.operations.changing import (
    AddEntry,
    Change,
    RemoveEntry,
    SetAddress,
    SetAddressPart,
    SetEntry,
    SetField,
    SetOrganization,
)
from deskhand.customers.operations.creating import word
from deskhand.customers.routes import prepare
from deskhand.customers.schemas.entries import (
    ChatInput,
    ChatType,
    Email,
    EmailInput,
    EmailType,
    Handle,
    Phone,
    PhoneInput,
    PhoneType,
    Site,
    SocialProfileInput,
    SocialProfileType,
    WebsiteInput,
)
from deskhand.customers.schemas.requests import AddressInput, Long, PatchInput, PatchOp, PersonName, Short
from deskhand.kernel.errors import Code, Invalid, Mistake, Source
from deskhand.kernel.http.patches import JsonPatch, many
from deskhand.kernel.http.wire import Id, convert, path_id

TEXTS: dict[str, tuple[str, Any]] = {
    "firstName": ("first_name", PersonName),
    "lastName": ("last_name", PersonName),
    "photoUrl": ("photo_url", Long),
    "jobTitle": ("job_title", Short),
    "background": ("background", Long),
    "location": ("location", Short),
    "organization": ("organization", Short),
    "age": ("age", Long),
}
COLLECTIONS = {
    "emails": EntryKind.EMAIL,
    "phones": EntryKind.PHONE,
    "chats": EntryKind.CHAT,
    "social-profiles": EntryKind.SOCIAL,
    "socialProfiles": EntryKind.SOCIAL,
    "social_profiles": EntryKind.SOCIAL,
    "websites": EntryKind.WEBSITE,
}
INPUTS: dict[EntryKind, Any] = {
    EntryKind.CHAT: ChatInput,
    EntryKind.EMAIL: EmailInput,
    EntryKind.PHONE: PhoneInput,
    EntryKind.SOCIAL: SocialProfileInput,
    EntryKind.WEBSITE: WebsiteInput,
}
TYPES: dict[EntryKind, Any] = {
    EntryKind.CHAT: ChatType,
    EntryKind.EMAIL: EmailType,
    EntryKind.PHONE: PhoneType,
    EntryKind.SOCIAL: SocialProfileType,
}
VALUES: dict[EntryKind, Any] = {
    EntryKind.CHAT: Handle,
    EntryKind.EMAIL: Email,
    EntryKind.PHONE: Phone,
    EntryKind.SOCIAL: Handle,
    EntryKind.WEBSITE: Site,
}
ADDRESS_PARTS: dict[str, tuple[str, Any]] = {
    "city": ("city", Annotated[str, Meta(max_length=100)]),
    "lines": ("lines", Annotated[list[Annotated[str, Meta(max_length=100)]], Meta(max_length=10)]),
    "state": ("state", Annotated[str, Meta(max_length=100)]),
    "postalCode": ("postal_code", Annotated[str, Meta(max_length=15)]),
    "country": ("country", str),
}


def changes(body: JsonPatch) -> list[Change]:
    """The changes of a body, in order. Raises Invalid naming ``[0].op``, ``[0].path`` or ``[0].value`` of each mistake."""
    found: list[Change] = []
    mistakes: list[Mistake] = []
    for at, each in enumerate(many(body, PatchInput)):
        try:
            found.append(_change(_Step(each, f"[{at}].")))
        except Invalid as error:
            mistakes += error.mistakes
    if mistakes:
        raise Invalid.all(mistakes)
    return found


class _Step:
    """One change as it was sent, and where its mistakes are."""

    def __init__(self, sent: PatchInput, prefix: str) -> None:
        self.sent = sent
        self.removes = sent.op is PatchOp.REMOVE
        self.value_path = f"{prefix}value"
        self._path = f"{prefix}path"

    def value(self, kind: Any) -> Any:
        """What was sent, as a type. Raises Invalid."""
        value = None if self.sent.value is UNSET else self.sent.value
        return convert(value, kind, Source.JSON, self.value_path)

    def only(self, *ops: PatchOp) -> None:
        """Raises Invalid unless the path takes this."""
        if self.sent.op not in ops:
            words = " or ".join(f"'{each.value}'" for each in ops)
            raise self.wrong(f"only takes {words}")

    def wrong(self, message: str, code: Code = Code.INVALID) -> Invalid:
        """The refusal of the path."""
        return Invalid(self._path, message, code=code, rejected=self.sent.path)

    @property
    def erases(self) -> bool:
        """Whether a single value is gone after this: an explicit null is none."""
        return self.removes or self.sent.value is None


def _change(step: _Step) -> Change:
    match step.sent.path.split("/"):
        case ["", name] if name in TEXTS:
            return _text(step, name)
        case ["", "gender"]:
            return SetField("gender", word(Gender, _optional(step, str), step.value_path))
        case ["", "photoType"]:
            return SetField("photo_type", word(PhotoType, _optional(step, str), step.value_path))
        case ["", "organizationId"]:
            return SetOrganization(_optional(step, Id), step.value_path)
        case ["", "address"]:
            return SetAddress(None if step.removes else prepare.address(step.value(AddressInput), f"{step.value_path}."))
        case ["", "address", name] if name in ADDRESS_PARTS:
            return _address_part(step, name)
        case ["", name] if name in COLLECTIONS:
            step.only(PatchOp.ADD)
            kind = COLLECTIONS[name]
            return AddEntry(prepare.entry(kind, step.value(INPUTS[kind]), f"{step.value_path}."))
        case ["", name, entry_id, *rest] if name in COLLECTIONS and len(rest) < 2:
            return _entry(step, COLLECTIONS[name], _entry_id(step, entry_id), rest[0] if rest else None)
    raise step.wrong("is not a path that can be changed")


def _text(step: _Step, name: str) -> SetField:
    column, kind = TEXTS[name]
    if name == "organization" and isinstance(step.sent.value, (int, float)) and not step.removes:
        raise Invalid(step.value_path, "must be a string", rejected=step.sent.value)
    return SetField(column, _optional(step, kind) or None)


def _address_part(step: _Step, name: str) -> SetAddressPart:
    step.only(PatchOp.REPLACE, PatchOp.REMOVE)
    column, kind = ADDRESS_PARTS[name]
    value = _optional(step, kind)
    if name == "country" and value is not None:
        value = prepare.country(value, step.value_path)
    return SetAddressPart(column, tuple(value or ()) if name == "lines" else value or None)


def _entry(step: _Step, kind: EntryKind, entry_id: int, part: str | None) -> Change:
    if part is None:
        step.only(PatchOp.REMOVE, PatchOp.REPLACE)
        if step.removes:
            return RemoveEntry(kind, entry_id)
        new = prepare.entry(kind, step.value(INPUTS[kind]), f"{step.value_path}.")
        return SetEntry(kind=kind, entry_id=entry_id, value=new.value, type=new.type)
    if part == "value":
        step.only(PatchOp.REPLACE)
        value = prepare.entry_value(kind, step.value(VALUES[kind]), step.value_path)
        return SetEntry(kind=kind, entry_id=entry_id, value=value)
    if part == "type" and kind in TYPES:
        step.only(PatchOp.REPLACE)
        return SetEntry(kind=kind, entry_id=entry_id, type=prepare.entry_type(step.value(TYPES[kind])))
    raise step.wrong("is not a path that can be changed")


def _entry_id(step: _Step, text: str) -> int:
    try:
        return path_id(text, "entryId")
    except Invalid:
        raise step.wrong("invalid identifier", Code.INVALID_ID) from None


def _optional(step: _Step, kind: Any) -> Any:
    """A value that may be taken away: None then."""
    return None if step.erases else step.value(kind)
