"""From settings to the account they name: what commands work with, and the application serves."""

from __future__ import annotations

from deskhand.kernel.blobs import FolderBlobs
from deskhand.kernel.clock import Clock, SystemClock
from deskhand.kernel.desk import Desk
from deskhand.kernel.outbound.addresses import networks
from deskhand.kernel.sealing import key_of
from deskhand.kernel.storage.addresses import open_address
from deskhand.reactions import reactions
from deskhand.settings import PREFIX, Settings, SettingsError


def make_desk(settings: Settings, clock: Clock | None = None) -> Desk:
    """The account of the settings, not yet connected. Raises SettingsError for an address that is none."""
    try:
        database = open_address(settings.database_address)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}DATABASE: {error}") from None
    for name in ("outbound_networks", "mail_networks"):
        try:
            networks(getattr(settings, name))
        except ValueError as error:
            raise SettingsError(f"{PREFIX}{name.upper()}: {error}") from None
    try:
        for text in settings.secret_keys:
            key_of(text)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}SECRET_KEYS: {error}") from None
    return Desk(settings, database, FolderBlobs(settings.blob_folder), clock or SystemClock(), reactions())
