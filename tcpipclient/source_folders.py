"""Folders that are sent, reached again name by name, so that no link on the way is ever followed.

Owns the way from what a walk has found back to an open folder or file. Must never write, nor follow a link below what
the user has named. Where the system has them, folders are descriptors and entries are reached through those: whoever
swaps a folder for a link in the meantime changes nothing. On Windows each folder on the way is looked at instead.
Blocks on the disk. Threads: any; a SourceFolder is open in one at a time.
"""

import errno
import os
import stat
from pathlib import Path
from typing import NamedTuple

from commonlib.transfer.messages import LARGEST_NUMBER, EntryKind

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW
"""To open a folder, and never what a link leads to."""
# Without O_NONBLOCK a named pipe that has taken a file's place would hold us for ever.
_FILE_FLAGS = os.O_RDONLY | _NO_FOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_JUNCTION = 0xA0000003
_CLOSED = -1
_FILE = EntryKind.FILE
_NOWHERE = Path()


class Origin(NamedTuple):
    """Where an entry was found.

    Attributes:
        folder: That it is in; None for what the user has named.
        name: In that folder; without one a path.
        called: What it is sent as, where the user has named it.
    """

    folder: "SourceFolder | None"
    name: str
    called: str = ""

    @property
    def names(self) -> list[str]:
        """The path of it, then the names below."""
        return [*(self.folder.origin.names if self.folder else []), self.name]

    @property
    def shown(self) -> str:
        """Its path as the user knows it, from what he has named on."""
        return f"{self.folder.origin.shown}/{self.name}" if self.folder else self.called


class SourceFolder:
    """A folder, open or not; every method but `open` needs it to be open, and raises OSError."""

    __slots__ = ("_descriptor", "_path", "_users", "origin")

    def __init__(self, origin: Origin) -> None:
        self.origin = origin
        self._descriptor = _CLOSED
        self._users = 0
        self._path = _NOWHERE if _BY_DESCRIPTOR else Path(*origin.names)

    def open(self) -> None:
        """Open it; the folder that it is in has to be open. Each opening needs a closing.

        Raises OSError, for a link as well.
        """
        above, name, _ = self.origin
        if not self._users:
            if not _BY_DESCRIPTOR:
                self._require_folder()
            elif above is None:
                self._descriptor = os.open(name, FOLDER_FLAGS)
            else:
                self._descriptor = os.open(name, FOLDER_FLAGS, dir_fd=above._descriptor)  # noqa: SLF001 - one class
        self._users += 1

    def close(self) -> None:
        """Let go of it."""
        self._users -= 1
        if not self._users and self._descriptor != _CLOSED:
            os.close(self._descriptor)
            self._descriptor = _CLOSED

    def names(self) -> list[str]:
        """The names of all that is in it."""
        with os.scandir(self._descriptor if _BY_DESCRIPTOR else self._path) as entries:
            return [entry.name for entry in entries]

    def lstat(self, name: str) -> os.stat_result:
        """What is known of an entry, not followed if it is a link."""
        if _BY_DESCRIPTOR:
            return os.stat(name, dir_fd=self._descriptor, follow_symlinks=False)
        return (self._path / name).lstat()

    def read_link(self, name: str) -> str:
        """Where a link leads to, with `/` between components."""
        if _BY_DESCRIPTOR:
            return os.readlink(name, dir_fd=self._descriptor)
        return (self._path / name).readlink().as_posix()

    def open_file(self, name: str) -> int:
        """A file in it, as a descriptor for reading that never waits for a pipe's other end."""
        if _BY_DESCRIPTOR:
            return os.open(name, _FILE_FLAGS, dir_fd=self._descriptor)
        self._require_folder()
        return open_named_file(self._path / name)

    def _require_folder(self) -> None:
        """Raise NotADirectoryError where any folder on the way is a link, a junction, or no folder by now."""
        folder: SourceFolder | None = self
        while folder is not None:
            path = folder._path  # noqa: SLF001 - one class
            if kind_of(path.lstat()) is not EntryKind.FOLDER:
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
            folder = folder.origin.folder


def open_named_file(path: Path) -> int:
    """A file that the user has named, as a descriptor for reading. Raises OSError, for a link as well."""
    if not _NO_FOLLOW and kind_of(path.lstat()) is not EntryKind.FILE:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))
    return os.open(path, _FILE_FLAGS)


def modified_of(found: os.stat_result) -> int:
    """When it was last modified, as a manifest has it: nanoseconds since 1970, 0 for what was before."""
    modified_ns = found.st_mtime_ns
    return modified_ns if 0 <= modified_ns <= LARGEST_NUMBER else 0 if modified_ns < 0 else LARGEST_NUMBER


def kind_of(found: os.stat_result) -> EntryKind | None:
    """What was found, links not followed; None for devices and the like, and for junctions of Windows."""
    mode = found.st_mode
    if stat.S_ISREG(mode):
        return _FILE
    if stat.S_ISDIR(mode):
        return None if getattr(found, "st_reparse_tag", 0) == _JUNCTION else EntryKind.FOLDER
    return EntryKind.LINK if stat.S_ISLNK(mode) else None
