"""One hub for each data folder: two would write over each other's keys, log and database.

Owns the lock, which the system takes away from a process that ends, however it ends. Must never delete the lock's file:
between a deletion and a new file, two could hold it. `acquire` and `release` are called by the service's thread.
"""

import os
from pathlib import Path

from commonlib.exceptions import ChatError
from commonlib.printable import printable
from commonlib.storage.file_lock import maybe_lock, unlock

_OPEN = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_OWNER_ONLY = 0o600


class FolderInUseError(ChatError):
    """Another hub works with the data folder.

    Attributes:
        folder: The data folder.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        folder = printable(str(self.folder), 500)
        return (
            f"Another hub is working with the data folder {folder}: stop it with 'tcpipserver ctl --data-dir {folder} "
            "stop', or name another folder with --data-dir."
        )


class FolderLock:
    """The lock of one data folder.

    Args:
        path: The lock's file; the folder that it is in exists.
        folder: The data folder, for the sentence.
    """

    def __init__(self, path: Path, folder: Path) -> None:
        self._path = path
        self._folder = folder
        self._descriptor: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            FolderInUseError: Another hub has it.
            OSError: The file cannot be made, or this disk has no locks.
        """
        descriptor = os.open(self._path, _OPEN, _OWNER_ONLY)
        try:
            if not maybe_lock(descriptor):
                raise FolderInUseError(self._folder)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor

    def release(self) -> None:
        """Give it back, where it is ours."""
        if self._descriptor is not None:
            unlock(self._descriptor)
            os.close(self._descriptor)
            self._descriptor = None
