"""What the hub keeps on the disk: what is written is known again, and what cannot be written is said and tried again.

Threads: pytest's main thread and the store's.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from commonlib.identity import Fingerprint
from commonlib.meaning import Meaning
from tcpipserver.hub.effects import Forget, Remember
from tcpipserver.hub.keyring import Keyring
from tcpipserver.hub.people import Credentials, KnownKey
from tcpipserver.store import DATABASE_FILE, Store, StoreError
from tests.support.leaks import wait_until
from tests.support.log_lines import LogLines

SECONDS = 20.0
ANN = KnownKey(Fingerprint(b"a" * 32), "Ann ☕", "desk", 1000.5, 2000.25, is_admitted=True)
BOB = KnownKey(Fingerprint(b"b" * 32), banned_for="", first_seen=1.0)
CID = KnownKey(Fingerprint(b"c" * 32), "Cid", banned_for="enough of it")


@contextmanager
def open_store(folder: Path) -> Iterator[tuple[Store, set[KnownKey]]]:
    """A store that runs, and what it knew; it has to end without breaking."""
    failed: list[str] = []
    store = Store(folder, failed.append)
    known = set(store.open())
    store.start()
    yield store, known
    assert store.stop(SECONDS)
    assert failed == []


@contextmanager
def hanging(store: Store) -> Iterator[None]:
    """The disk of a store does not answer: its thread is in the middle of a commit, of the key of nobody else."""
    assert store._database is not None
    has_begun, goes_on = threading.Event(), threading.Event()

    def hang(statement: str) -> None:
        if statement == "COMMIT":
            has_begun.set()
            assert goes_on.wait(SECONDS)

    store._database.set_trace_callback(hang)
    nobody = Fingerprint(b"n" * 32)
    store.keep(Remember(KnownKey(nobody)))
    assert has_begun.wait(SECONDS)
    store.keep(Forget(nobody))
    try:
        yield
    finally:
        goes_on.set()


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Somebody else holds the database."""
    with closing(_connected(folder)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def known_in(folder: Path) -> set[KnownKey]:
    """What a store finds when it is opened."""
    with open_store(folder) as (_, known):
        return known


def test_what_was_kept_is_known_again(tmp_path: Path) -> None:
    """Field by field; of several words about one key the last one counts."""
    with open_store(tmp_path) as (store, known):
        assert known == set()
        for effect in (Remember(ANN), Remember(BOB), Remember(CID), Forget(BOB.key), Forget(ANN.key), Remember(ANN)):
            store.keep(effect)
    assert known_in(tmp_path) == {ANN, CID}
    with open_store(tmp_path) as (store, _):
        store.keep(Remember(BOB))
        store.keep(Forget(CID.key))
    assert known_in(tmp_path) == {ANN, BOB}


def test_what_is_there_when_it_comes_to_it_is_one_commit(tmp_path: Path) -> None:
    """Not one for each key: a thousand who arrive at once must not be a thousand waits for the disk."""
    store = Store(tmp_path, pytest.fail)
    store.open()
    assert store._database is not None
    statements: list[str] = []
    store._database.set_trace_callback(statements.append)
    for number in range(500):
        store.keep(Remember(KnownKey(Fingerprint(number.to_bytes(32)))))
    store.start()
    assert store.stop(SECONDS)
    assert statements.count("COMMIT") == 1
    assert len(known_in(tmp_path)) == 500


def test_what_comes_soon_after_a_commit_goes_into_the_next_one_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The end does not wait for it."""
    monkeypatch.setattr("tcpipserver.store._REST_SECONDS", 3 * SECONDS)
    with open_store(tmp_path) as (store, _):
        assert store._database is not None
        statements: list[str] = []
        store._database.set_trace_callback(statements.append)
        store.keep(Remember(ANN))
        assert wait_until(lambda: "COMMIT" in statements, SECONDS)
        store.keep(Remember(BOB))
        store.keep(Remember(CID))
    assert statements.count("COMMIT") == 2
    assert known_in(tmp_path) == {ANN, BOB, CID}


def test_who_waits_for_it_finds_everything_on_the_disk(tmp_path: Path) -> None:
    """Also where the hub is killed the next moment."""
    with open_store(tmp_path) as (store, _):
        for known in (ANN, BOB):
            store.keep(Remember(known))
            store.settle(SECONDS)
            with closing(_connected(tmp_path)) as other:
                assert other.execute("SELECT 1 FROM known_keys WHERE fingerprint = ?", (known.key,)).fetchone()


def test_who_waits_for_a_disk_that_takes_nothing_does_not_wait_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written is tried again later; nobody waits for that."""
    monkeypatch.setattr("tcpipserver.store._BUSY_SECONDS", 0.0)
    with open_store(tmp_path) as (store, _), closing(_connected(tmp_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.keep(Remember(ANN))
        began = time.monotonic()
        store.settle(SECONDS)
        other.execute("ROLLBACK")
        assert time.monotonic() - began < SECONDS
    assert known_in(tmp_path) == {ANN}


def test_a_disk_that_hangs_makes_one_word_for_each_key_wait(tmp_path: Path) -> None:
    """The last one, and that one is written when the disk goes on; nobody who keeps something waits for it."""
    with open_store(tmp_path) as (store, _), hanging(store):
        for second in range(1000):
            store.keep(Remember(replace(ANN, last_seen=float(second))))
            store.keep(Forget(BOB.key))
            store.keep(Remember(replace(CID, last_seen=float(second))))
        assert len(store._unwritten) == 3  # And whoever the disk is being given, to be forgotten again.
    assert known_in(tmp_path) == {replace(ANN, last_seen=999.0), replace(CID, last_seen=999.0)}


@pytest.mark.parametrize("trouble", ["hangs", "takes nothing"])
def test_strangers_without_end_fill_no_memory_while_the_disk_does_not_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    """No more waits than the keys that the hub knows, and those to forget that the disk has or is being given."""
    monkeypatch.setattr("tcpipserver.store._BUSY_SECONDS", 0.0)
    monkeypatch.setattr("tcpipserver.store._REST_SECONDS", 0.0)
    most = 10
    keyring = Keyring(most)

    def see(store: Store, numbers: range) -> None:
        for number in numbers:
            key = Fingerprint(number.to_bytes(32))
            for effect in keyring.see(key, Credentials(f"guest {number}", ""), float(number)):
                assert isinstance(effect, Remember | Forget)
                store.keep(effect)

    with open_store(tmp_path) as (store, _):
        see(store, range(1, 21))
        store.settle(SECONDS)
        with hanging(store) if trouble == "hangs" else locked(tmp_path):
            for first in range(21, 221, 20):
                see(store, range(first, first + 20))
                store.settle(0.0 if trouble == "hangs" else SECONDS)
                assert len(store._unwritten) <= 3 * most
                assert not store._settling
    assert known_in(tmp_path) == set(keyring.known())
    assert len(keyring.known()) == most


def test_the_files_are_their_owners_alone(tmp_path: Path) -> None:
    """Those that the database adds while it runs, too: there are people's names in them."""
    with open_store(tmp_path) as (store, _):
        store.keep(Remember(ANN))
        files = list(tmp_path.glob(f"{DATABASE_FILE}*"))
        assert len(files) > 1
        if os.name == "posix":
            assert all(file.stat().st_mode & 0o077 == 0 for file in files)
    assert [file.name for file in tmp_path.glob(f"{DATABASE_FILE}*")] == [DATABASE_FILE]


def test_what_cannot_be_written_is_said_once_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else holds the database for a while; nothing is lost by it."""
    monkeypatch.setattr("tcpipserver.store._BUSY_SECONDS", 0.0)
    monkeypatch.setattr("tcpipserver.store.RETRY_SECONDS", 0.01)
    with LogLines() as log, open_store(tmp_path) as (store, _), closing(_connected(tmp_path)) as other:
        other.execute("BEGIN IMMEDIATE")
        store.keep(Remember(ANN))
        log.wait_for("cannot be written")
        store.keep(Remember(BOB))
        other.execute("ROLLBACK")
    assert known_in(tmp_path) == {ANN, BOB}
    assert len(log.lines(Meaning.TROUBLE)) == 1


@pytest.mark.parametrize("data", [b"this is no database, and never was one", os.urandom(8192)])
def test_a_file_that_is_no_database_is_told_and_stays(tmp_path: Path, data: bytes) -> None:
    """Bans must not be forgotten without a word: the hub does not start, and says what to do."""
    (tmp_path / DATABASE_FILE).write_bytes(data)
    with pytest.raises(StoreError, match="move it away and start again"):
        Store(tmp_path, pytest.fail).open()
    assert (tmp_path / DATABASE_FILE).read_bytes() == data


@pytest.mark.parametrize(
    "statement", ["PRAGMA user_version = 2", "INSERT INTO known_keys VALUES (x'00', '', '', 0, 0, 0, NULL)"]
)
def test_what_another_program_wrote_is_not_taken_for_ours(tmp_path: Path, statement: str) -> None:
    """A newer version, or somebody who thought he knew better."""
    known_in(tmp_path)
    with closing(_connected(tmp_path)) as other:
        other.execute(statement)
    with pytest.raises(StoreError):
        Store(tmp_path, pytest.fail).open()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """As a documented error, which sends nobody to throw a good file away."""
    with pytest.raises(StoreError, match="See that the folder is there") as caught:
        Store(tmp_path / "missing", pytest.fail).open()
    assert "move it away" not in str(caught.value)


def _connected(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(folder / DATABASE_FILE, isolation_level=None)
