"""The store thread: keeps on the disk what the hub has to know again after its end, the keys that it has seen.

Owns the database in the data folder, and the connection to it: `open` and `close` run on the service's thread, all else
on the store's. Must never make the dispatcher wait for a disk, and never decide what is kept. What comes in while it
writes goes into the next commit together; what cannot be written is said in the log once, kept, and tried again.
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from commonlib.exceptions import ChatError
from commonlib.identity import FINGERPRINT_SIZE, Fingerprint
from commonlib.meaning import Meaning
from commonlib.storage.databases import is_out_of_reach
from commonlib.storage.owner_only import LOOK_AT_THE_FOLDER
from tcpipserver.hub.effects import Forget, Remember
from tcpipserver.hub.people import KnownKey
from tcpipserver.net.worker import Worker

event_log = logging.getLogger("tcpipserver.events")

DATABASE_FILE = "hub.sqlite3"
RETRY_SECONDS = 10.0
"""After so long what could not be written is tried again, also when nothing new is to be kept."""
_BUSY_SECONDS = 5.0
_REST_SECONDS = 0.05
"""Between two commits: what a rush brings in the meantime goes into the next one together."""
_VERSION = 1
_MAKE = """
CREATE TABLE known_keys (
    fingerprint BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    computer TEXT NOT NULL,
    first_seen REAL NOT NULL,
    last_seen REAL NOT NULL,
    is_admitted INTEGER NOT NULL,
    banned_for TEXT
) WITHOUT ROWID
"""
_LOAD = "SELECT fingerprint, name, computer, first_seen, last_seen, is_admitted, banned_for FROM known_keys"
_REMEMBER = "INSERT OR REPLACE INTO known_keys VALUES (?, ?, ?, ?, ?, ?, ?)"
_BROKEN = (
    "Bring the file back from a backup, or move it away and start again: then nobody is known, and nobody is banned "
    "any more."
)
_FORGET = "DELETE FROM known_keys WHERE fingerprint = ?"


_Words = dict[Fingerprint, KnownKey | None]
"""The last word about each key; None where it is to be forgotten."""


class StoreError(ChatError):
    """What the hub kept cannot be read.

    Attributes:
        path: The database.
        detail: Why not.
        advice: The next step, a sentence.
    """

    def __init__(self, path: Path, detail: str, advice: str) -> None:
        super().__init__(path, detail, advice)
        self.path = path
        self.detail = detail
        self.advice = advice

    def __str__(self) -> str:
        return f"The keys that this hub knows cannot be read from {self.path}: {self.detail}. {self.advice}"


class Store:
    """Keeps until it is stopped."""

    def __init__(self, folder: Path, failed: Callable[[str], None]) -> None:
        self._path = folder / DATABASE_FILE
        self._database: sqlite3.Connection | None = None
        # Guards what follows up to the next empty line; never held while the disk is waited for.
        self._changed = threading.Condition()
        self._has_news = False
        self._settling: list[threading.Event] = []
        self._unwritten: _Words = {}
        self._on_disk: set[Fingerprint] = set()  # Those that are being written, too: they may be there.

        self._is_failing = False
        self._is_ending = threading.Event()
        self._worker = Worker("store", self._run, failed)

    def open(self) -> list[KnownKey]:
        """Open the database, made where there is none, and return the keys in it.

        Raises:
            StoreError: It cannot be used; nothing is left open.
        """
        try:
            self._make_private()
            # Opened here and used on the store's thread from its start on, never on both at a time.
            self._database = sqlite3.connect(
                self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            self._prepare(self._database)
            known = [_known_key(row) for row in self._database.execute(_LOAD)]
        except (sqlite3.Error, OSError, ValueError) as error:
            self.close()
            advice = LOOK_AT_THE_FOLDER if is_out_of_reach(error) else _BROKEN
            raise StoreError(self._path, str(getattr(error, "strerror", None) or error), advice) from error
        self._on_disk.update(one.key for one in known)
        return known

    def start(self) -> None:
        """Start the thread."""
        self._worker.start()

    def stop(self, timeout: float) -> bool:
        """End the thread once everything is written, and close the database; whether it ended in time."""
        self._is_ending.set()
        with self._changed:
            self._tell_news_locked()
        ended = self._worker.join(timeout)
        if ended:
            self.close()
        return ended

    def close(self) -> None:
        """Give the database back. For a store whose thread does not run."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def keep(self, effect: Remember | Forget) -> None:
        """Have a key remembered or forgotten soon; of several words about one key the last one counts. Never blocks.

        Any thread.
        """
        with self._changed:
            if isinstance(effect, Remember):
                self._unwritten[effect.known.key] = effect.known
            elif effect.key in self._on_disk:
                self._unwritten[effect.key] = None
            else:
                self._unwritten.pop(effect.key, None)
            self._tell_news_locked()

    def settle(self, timeout: float) -> None:
        """Wait until what was kept before is on the disk, or could not be written; `timeout` seconds at most."""
        tried = threading.Event()
        with self._changed:
            self._settling.append(tried)
            self._tell_news_locked()
        if not tried.wait(timeout):
            with self._changed:
                if tried in self._settling:
                    self._settling.remove(tried)

    def _tell_news_locked(self) -> None:
        self._has_news = True
        self._changed.notify()

    def _make_private(self) -> None:
        """The names of people are nobody else's: the files that SQLite adds get the rights of this one."""
        os.close(os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o600))

    def _prepare(self, database: sqlite3.Connection) -> None:
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise ValueError("a newer version of this program has written it")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        if version < _VERSION:
            database.executescript(f"BEGIN; {_MAKE}; PRAGMA user_version = {_VERSION}; COMMIT")

    # The store's thread

    def _run(self) -> None:
        is_last = False
        while not is_last:
            due, new, settling = self._take()
            is_last = self._is_ending.is_set()
            if due:
                self._write(due, new)
            for tried in settling:
                tried.set()
            if due:
                self._is_ending.wait(_REST_SECONDS)

    def _take(self) -> tuple[_Words, set[Fingerprint], list[threading.Event]]:
        """Wait for something to do, and take all: what is to be written, the new keys in it, and who waits for that."""
        with self._changed:
            self._changed.wait_for(lambda: self._has_news, RETRY_SECONDS if self._unwritten else None)
            due, self._unwritten = self._unwritten, {}
            settling, self._settling = self._settling, []
            self._has_news = False
            new = {key for key, known in due.items() if known is not None} - self._on_disk
            self._on_disk |= new
            return due, new, settling

    def _write(self, due: _Words, new: set[Fingerprint]) -> None:
        assert self._database is not None
        try:
            with closing(self._database.cursor()) as cursor:
                cursor.execute("BEGIN IMMEDIATE")
                try:
                    for fingerprint, known in due.items():
                        if known is None:
                            cursor.execute(_FORGET, (fingerprint,))
                        else:
                            cursor.execute(_REMEMBER, _row(known))
                    cursor.execute("COMMIT")
                except sqlite3.Error:
                    if self._database.in_transaction:
                        cursor.execute("ROLLBACK")
                    raise
        except sqlite3.Error as error:
            self._put_back(due, new)
            self._say_failure(error)
        else:
            with self._changed:
                self._on_disk.difference_update(key for key, known in due.items() if known is None)
            self._is_failing = False

    def _put_back(self, due: _Words, new: set[Fingerprint]) -> None:
        """Nothing of it was written; what has come in meanwhile is newer."""
        with self._changed:
            self._on_disk -= new
            self._unwritten = {
                key: known
                for key, known in (due | self._unwritten).items()
                if known is not None or key in self._on_disk
            }

    def _say_failure(self, error: sqlite3.Error) -> None:
        if not self._is_failing:
            self._is_failing = True
            event_log.log(
                Meaning.TROUBLE,
                "The keys that this hub knows cannot be written to %s: %s. They are tried again every %d seconds: "
                "see that the disk has room.",
                self._path,
                error,
                RETRY_SECONDS,
            )


def _row(known: KnownKey) -> tuple[bytes, str, str, float, float, bool, str | None]:
    seen = (known.first_seen, known.last_seen)
    return (known.key, known.name, known.computer, *seen, known.is_admitted, known.banned_for)


def _known_key(row: tuple[Any, ...]) -> KnownKey:
    """Raises ValueError for a row that we have not written."""
    key, name, computer, first_seen, last_seen, is_admitted, banned_for = row
    if not isinstance(key, bytes) or len(key) != FINGERPRINT_SIZE:
        raise ValueError("it holds a key that is none")
    return KnownKey(Fingerprint(key), name, computer, first_seen, last_seen, bool(is_admitted), banned_for)
