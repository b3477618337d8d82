"""Secrets at rest."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from deskhand.account import make_desk
from deskhand.kernel.errors import Unavailable
from deskhand.kernel.sealing import Seal, Unsealable, key_of, new_key
from deskhand.settings import Settings, SettingsError, from_environment

OLD, NEW = new_key(), new_key()


def test_what_was_sealed_opens_for_its_row_only(tmp_path: Path) -> None:
    seal = Seal((OLD,), tmp_path / "none")
    sealed = seal.seal("tr0ut-lake-88", "webhooks:1:secret")

    assert b"tr0ut" not in sealed
    assert sealed != seal.seal("tr0ut-lake-88", "webhooks:1:secret"), "a nonce of its own each time"
    assert seal.open(sealed, "webhooks:1:secret") == "tr0ut-lake-88"
    with pytest.raises(Unsealable):
        seal.open(sealed, "webhooks:2:secret")
    with pytest.raises(Unsealable):
        seal.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "webhooks:1:secret")
    with pytest.raises(Unsealable):
        seal.open(b"", "webhooks:1:secret")


def test_a_new_key_goes_before_the_old_one(tmp_path: Path) -> None:
    sealed = Seal((OLD,), tmp_path).seal("x", "y")
    both, new = Seal((NEW, OLD), tmp_path), Seal((NEW,), tmp_path)

    assert both.open(sealed, "y") == "x"
    assert (both.is_newest(sealed), both.is_newest(both.seal("x", "y"))) == (False, True)
    with pytest.raises(Unsealable, match="DESKHAND_SECRET_KEYS"):
        new.open(sealed, "y")


def test_without_a_key_there_is_a_file_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "data" / "secret.key"
    sealed = Seal((), file).seal("x", "y")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(key_of(file.read_text())) == 32
    assert Seal((), file).open(sealed, "y") == "x"
    assert os.listdir(file.parent) == ["secret.key"]


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret.key").mkdir()

    with pytest.raises(Unavailable, match="cannot use the key file"):
        Seal((), tmp_path / "secret.key").seal("x", "y")


@pytest.mark.parametrize("wrong", ["short", "!" * 44, "QUJD"])
def test_a_key_that_is_none_is_refused_without_being_told(wrong: str) -> None:
    settings = from_environment({"DESKHAND_SECRET_KEYS": f"{OLD},{wrong}"})
    with pytest.raises(SettingsError, match="DESKHAND_SECRET_KEYS: expected 32 bytes in base64") as told:
        make_desk(settings)

    assert OLD not in str(told.value)


def test_a_network_that_is_none_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"DESKHAND_OUTBOUND_NETWORKS: '10\.1' does not appear to be"):
        make_desk(Settings(outbound_networks=("10.1",)))
