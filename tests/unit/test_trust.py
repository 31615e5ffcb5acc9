"""What is remembered of hubs.

Thread: pytest's main thread, and two that pin at once.
"""

import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint
from commonlib.storage.owner_only import StorageError
from tcpipclient.trust import TRUST_FILE, TrustStore

ONE, OTHER = Fingerprint(b"1" * 32), Fingerprint(b"2" * 32)


def test_a_pin_is_remembered_for_its_address(tmp_path: Path) -> None:
    """Host and port, as typed, but for case and spaces around; in the file, for the next time."""
    with TrustStore(tmp_path / "data") as store:
        assert store.maybe_pin("hub", 9999) is None
        assert store.pin("Hub ", 9999, ONE)
    with TrustStore(tmp_path / "data") as store:
        assert store.maybe_pin("hub", 9999) == ONE
        assert store.maybe_pin("hub", 9998) is None
        assert store.maybe_pin("192.0.2.7", 9999) is None
        assert store.is_known(ONE)
        assert not store.is_known(OTHER)


def test_a_pin_takes_no_others_place_unless_it_is_named(tmp_path: Path) -> None:
    """Of two that are put in at once one is refused."""
    with TrustStore(tmp_path) as store:
        assert store.pin("hub", 1, ONE)
        assert not store.pin("hub", 1, OTHER)
        assert store.maybe_pin("hub", 1) == ONE
        assert store.pin("hub", 1, OTHER, replaces=ONE)
        assert store.maybe_pin("hub", 1) == OTHER


def test_two_programs_that_pin_at_once_agree(tmp_path: Path) -> None:
    """One of both keys is there afterwards, and who gave the other knows."""

    def pin(key: Fingerprint) -> bool:
        with TrustStore(tmp_path) as store:
            return store.pin("hub", 1, key)

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(pin, (ONE, OTHER))) == [False, True]


def test_an_address_may_be_unencrypted_when_it_was_allowed(tmp_path: Path) -> None:
    """That address alone; remembered like a pin."""
    with TrustStore(tmp_path) as store:
        store.allow_unencrypted("old", 9999)
        store.allow_unencrypted("old", 9999)
    with TrustStore(tmp_path) as store:
        assert store.may_be_unencrypted("OLD", 9999)
        assert not store.may_be_unencrypted("old", 9998)


def test_without_a_folder_all_is_forgotten(tmp_path: Path) -> None:
    """Each store in memory is one of its own."""
    with TrustStore(None) as store:
        store.pin("hub", 1, ONE)
        assert store.maybe_pin("hub", 1) == ONE
    with TrustStore(None) as store:
        assert store.maybe_pin("hub", 1) is None
    assert list(tmp_path.iterdir()) == [tmp_path / "home"]


def break_file(path: Path) -> None:
    path.write_bytes(b"no database at all" * 100)


def make_newer(path: Path) -> None:
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version = 99")
    file.close()


@pytest.mark.parametrize("spoil", [break_file, make_newer])
def test_a_file_that_cannot_be_used_is_no_empty_one(tmp_path: Path, spoil: "object") -> None:
    """Else whoever can break it could take the place of a hub. The sentence says what to do, the file stays."""
    with TrustStore(tmp_path) as store:
        store.pin("hub", 1, ONE)
    spoil(tmp_path / TRUST_FILE)  # type: ignore[operator]
    with pytest.raises(StorageError) as caught:
        TrustStore(tmp_path)
    assert TRUST_FILE in str(caught.value)
    assert "key codes" in str(caught.value)
    assert (tmp_path / TRUST_FILE).stat().st_size > 0


def test_a_file_that_another_program_holds_is_not_to_be_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who follows the sentence must not lose what he trusts."""
    monkeypatch.setattr("tcpipclient.trust._PATIENCE", 0.0)
    with TrustStore(tmp_path) as store, closing(sqlite3.connect(tmp_path / TRUST_FILE)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageError, match="See that") as caught:
            store.pin("hub", 1, ONE)
    assert "delete" not in str(caught.value)


@pytest.mark.skipif(sys.platform == "win32", reason="there a file has the rights of its folder")
def test_nobody_else_may_read_or_change_it(tmp_path: Path) -> None:
    """File and folder are their owner's alone."""
    with TrustStore(tmp_path / "data") as store:
        store.pin("hub", 1, ONE)
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert (tmp_path / "data" / TRUST_FILE).stat().st_mode & 0o077 == 0


def test_a_forgotten_hub_is_as_unknown_as_at_first(tmp_path: Path) -> None:
    """At its address and by its key, wherever that was trusted; other hubs stay."""
    with TrustStore(tmp_path) as store:
        for host, key in (("hub", ONE), ("192.0.2.7", ONE), ("other", OTHER)):
            assert store.pin(host, 1, key)
        store.allow_unencrypted("old", 1)
        store.forget("Hub", 1, ONE)
        store.forget("old", 1, None)
        assert not store.is_known(ONE)
        assert store.maybe_pin("192.0.2.7", 1) is None
        assert not store.may_be_unencrypted("old", 1)
        assert store.maybe_pin("other", 1) == OTHER
