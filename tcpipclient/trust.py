"""What this installation remembers of hubs: whose key was trusted at which address, and which may be unencrypted.

Owns the SQLite file in the data folder. Must never decide whom to trust (core/trusting.py does), nor take a broken file
for an empty one. A store belongs to one thread at a time, whoever connects; several programs may use one file at once.
"""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from commonlib.identity import Fingerprint
from commonlib.storage.databases import is_out_of_reach
from commonlib.storage.owner_only import LOOK_AT_THE_FOLDER, StorageError, make_private_folder, place_once

TRUST_FILE = "trust.db"
_PATIENCE = 10.0
_VERSION = 1
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS pins (
    host TEXT NOT NULL, port INTEGER NOT NULL, fingerprint BLOB NOT NULL CHECK (length(fingerprint) = 32),
    since REAL NOT NULL, PRIMARY KEY (host, port)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS pins_by_fingerprint ON pins (fingerprint);
CREATE TABLE IF NOT EXISTS unencrypted (
    host TEXT NOT NULL, port INTEGER NOT NULL, since REAL NOT NULL, PRIMARY KEY (host, port)
) WITHOUT ROWID;
PRAGMA user_version = 1;
COMMIT;
"""


class TrustStore:
    """What is remembered of hubs; a context manager, since the file is open meanwhile.

    An address is the host as it was typed, without regard to case, and the port.

    Args:
        folder: Where the file is; None keeps everything in memory.

    Raises:
        StorageError: From every method: the file cannot be used. Nothing is trusted then.
    """

    def __init__(self, folder: Path | None) -> None:
        self._path = None if folder is None else folder / TRUST_FILE
        if self._path is not None:
            make_private_folder(self._path.parent)
            if not self._path.exists():
                place_once(self._path, b"")
        with self._told():
            # Made by one thread and used by another that connects anew, never by two at once.
            self._file = sqlite3.connect(
                self._path or ":memory:", timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )
            try:
                self._prepare()
            except BaseException:
                self._file.close()
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; the last call."""
        self._file.close()

    def maybe_pin(self, host: str, port: int) -> Fingerprint | None:
        """The key that was trusted at an address."""
        with self._told():
            row = self._file.execute("SELECT fingerprint FROM pins WHERE (host, port) = (?, ?)", _key(host, port))
            found = row.fetchone()
        return None if found is None else Fingerprint(found[0])

    def is_known(self, fingerprint: Fingerprint) -> bool:
        """Whether a key was trusted at any address."""
        with self._told():
            found = self._file.execute("SELECT 1 FROM pins WHERE fingerprint = ? LIMIT 1", (fingerprint,)).fetchone()
        return found is not None

    def pin(self, host: str, port: int, fingerprint: Fingerprint, *, replaces: Fingerprint | None = None) -> bool:
        """Trust a key at an address, unless another was put there meanwhile; returns whether it is the one now.

        Args:
            replaces: The key that it takes the place of; None where there was none.
        """
        with self._told():
            self._file.execute(
                "INSERT INTO pins VALUES (?, ?, ?, ?) ON CONFLICT (host, port) "
                "DO UPDATE SET fingerprint = excluded.fingerprint, since = excluded.since WHERE fingerprint = ?",
                (*_key(host, port), fingerprint, time.time(), replaces),
            )
        return self.maybe_pin(host, port) == fingerprint

    def forget(self, host: str, port: int, fingerprint: Fingerprint | None) -> None:
        """Trust nothing at an address any more, nor this key anywhere; the address may not be unencrypted either."""
        with self._told():
            self._file.execute(
                "DELETE FROM pins WHERE (host, port) = (?, ?) OR fingerprint = ?", (*_key(host, port), fingerprint)
            )
            self._file.execute("DELETE FROM unencrypted WHERE (host, port) = (?, ?)", _key(host, port))

    def may_be_unencrypted(self, host: str, port: int) -> bool:
        """Whether the user has allowed an address to be unencrypted."""
        with self._told():
            row = self._file.execute("SELECT 1 FROM unencrypted WHERE (host, port) = (?, ?)", _key(host, port))
            return row.fetchone() is not None

    def allow_unencrypted(self, host: str, port: int) -> None:
        """The user allows an address to be unencrypted."""
        with self._told():
            self._file.execute("INSERT OR IGNORE INTO unencrypted VALUES (?, ?, ?)", (*_key(host, port), time.time()))

    def _prepare(self) -> None:
        (version,) = self._file.execute("PRAGMA user_version").fetchone()
        if version > _VERSION:
            raise sqlite3.DatabaseError("it is from a newer version of this program")
        if version < _VERSION:
            self._file.executescript(_SCHEMA)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            advice = (
                LOOK_AT_THE_FOLDER
                if is_out_of_reach(error)
                else (
                    "Bring it back from a backup; or delete it, and every hub has to be trusted anew: "
                    "then compare the key codes again."
                )
            )
            raise StorageError(self._path or Path(TRUST_FILE), str(error), advice) from error


def _key(host: str, port: int) -> tuple[str, int]:
    return host.strip().casefold(), port
