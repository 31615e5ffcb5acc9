"""Folders below the one for downloads, reached name by name, so that no link on the way is ever followed.

Owns the handles of open folders and what can be done to an entry of one. Must never take a path of several components
from outside, nor follow a link below the root (the root itself may be one: the user's choice).
Blocks on the disk. A TreeFolder belongs to one thread at a time.

Where the system has them, a folder is a descriptor and entries are reached through it: whoever swaps a folder for a
link in the meantime changes nothing. Windows has no such thing: there each folder is looked at before every step, which
leaves a moment between the look and the step to somebody who may write into the user's own folder already.
"""

import contextlib
import ctypes
import errno
import os
import stat
import sys
from pathlib import Path

from commonlib.storage.file_lock import maybe_lock, share
from commonlib.storage.patience import patiently
from tcpipclient.origin_mark import MARK, MARK_STREAM

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.link in os.supports_dir_fd
_ON_WINDOWS = os.name == "nt"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_BINARY = getattr(os, "O_BINARY", 0)
_FOLDER_FLAGS = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NO_FOLLOW | getattr(os, "O_CLOEXEC", 0)
NEW_FLAGS = os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_FOLLOW | _BINARY
"""Of a file that nobody else has made."""
_PART_FLAGS = os.O_RDWR | _NO_FOLLOW | _BINARY
_REPARSE_POINT = 0x400
_HIDDEN = 0x2
_LINK_ERRORS = frozenset({errno.ELOOP, errno.EMLINK, errno.ENOTDIR})


class TreeFolder:
    """One open folder. Every method takes the name of an entry, one component, and raises OSError.

    Attributes:
        path: Where it was when it was opened; to be shown, and on Windows to be used.
        descriptor: Of the open folder; None where the system has no such thing, and when it is closed.
    """

    __slots__ = ("descriptor", "path")

    def __init__(self, path: Path, descriptor: int | None) -> None:
        self.path = path
        self.descriptor = descriptor

    @classmethod
    def open_root(cls, path: Path) -> "TreeFolder":
        """The folder for downloads, made with its parents where it is not there.

        Raises NotADirectoryError where it is something else.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from error
        if not _BY_DESCRIPTOR:
            return cls(path, None)
        return cls(path, os.open(path, _FOLDER_FLAGS & ~_NO_FOLLOW))

    def close(self) -> None:
        """Let go of it; does nothing the second time."""
        if self.descriptor is not None:
            os.close(self.descriptor)
            self.descriptor = None

    def open(self, name: str) -> "TreeFolder":
        """A folder in this one. Raises FileNotFoundError, or NotADirectoryError for a link or anything else."""
        path = self.path / name
        if self.descriptor is None:
            _require_folder(path)
            return TreeFolder(path, None)
        try:
            return TreeFolder(path, os.open(name, _FOLDER_FLAGS, dir_fd=self.descriptor))
        except OSError as error:
            if error.errno in _LINK_ERRORS:
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path)) from None
            raise

    def make(self, name: str, mode: int = 0o777) -> "TreeFolder":
        """A folder in this one, made where nothing is there."""
        where, descriptor = self.located(name)
        try:
            os.mkdir(where, mode, dir_fd=descriptor)
        except FileExistsError:
            pass
        return self.open(name)

    def maybe_make(self, name: str, mode: int) -> bool:
        """Make a folder in this one; False where one is there already. Raises NotADirectoryError for anything else.

        The system takes the user's mask off the mode.
        """
        where, descriptor = self.located(name)
        try:
            os.mkdir(where, mode, dir_fd=descriptor)
        except FileExistsError:
            self.open(name).close()
            return False
        return True

    def restrict(self, name: str, mode: int) -> None:
        """Take from a folder all rights that are not in the mode; never from what a link points to."""
        folder = self.open(name)
        try:
            if folder.descriptor is not None:
                found = os.fstat(folder.descriptor)
                os.fchmod(folder.descriptor, stat.S_IMODE(found.st_mode) & mode)
        finally:
            folder.close()

    def identity(self) -> tuple[int, int]:
        """What tells this folder from all others on this computer, whatever it is called."""
        found = os.fstat(self.descriptor) if self.descriptor is not None else self.path.stat()
        return found.st_dev, found.st_ino

    def use(self) -> None:
        """Have other programs see that it is in use, until it is closed, as far as the system can tell them."""
        if self.descriptor is not None:
            with contextlib.suppress(OSError):  # This disk has no locks.
                share(self.descriptor)

    def is_unused(self) -> bool:
        """Whether no program is seen to use it."""
        try:
            return self.descriptor is None or maybe_lock(self.descriptor)
        except OSError:
            return True  # This disk has no locks.

    def hide(self) -> None:
        """Keep it out of sight on Windows, where a dot in front does not. Never raises."""
        if sys.platform == "win32":
            ctypes.windll.kernel32.SetFileAttributesW(str(self.path), _HIDDEN)

    def mark(self, name: str) -> None:
        """Tell Windows of a file that it came from elsewhere; does nothing on other systems. Never raises."""
        if not _ON_WINDOWS:
            return
        where, _ = self.located(name)
        try:
            Path(where + MARK_STREAM).write_bytes(MARK)
        except OSError:
            pass  # Not every disk can hold it.

    def maybe_lstat(self, name: str) -> os.stat_result | None:
        """What is known of an entry, not followed if it is a link; None where nothing is."""
        where, descriptor = self.located(name)
        try:
            return os.stat(where, dir_fd=descriptor, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def names(self) -> list[str]:
        """The names of all entries."""
        with os.scandir(self.path if self.descriptor is None else self.descriptor) as entries:
            return [entry.name for entry in entries]

    def open_new(self, name: str, mode: int = 0o666) -> int:
        """A new file, as a descriptor for reading and writing. Raises FileExistsError where anything is.

        The system takes the user's mask off the mode.
        """
        where, descriptor = self.located(name)
        return os.open(where, NEW_FLAGS, mode, dir_fd=descriptor)

    def open_file(self, name: str) -> int:
        """A plain file that is there and has no other name, for reading and writing. Raises OSError for any other."""
        where, descriptor = self.located(name)
        opened = os.open(where, _PART_FLAGS, dir_fd=descriptor)
        found = os.fstat(opened)
        if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
            return opened
        os.close(opened)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(self.path / name))

    def set_time(self, name: str, modified_ns: int) -> None:
        """Date a file or folder, never what a link points to."""
        where, descriptor = self.located(name)
        follow = os.utime not in os.supports_follow_symlinks
        os.utime(where, ns=(modified_ns, modified_ns), dir_fd=descriptor, follow_symlinks=follow)

    def make_link(self, name: str, target: str) -> None:
        """A link. Raises FileExistsError where anything is."""
        where, descriptor = self.located(name)
        os.symlink(target, where, dir_fd=descriptor)

    def read_link(self, name: str) -> str:
        """Where a link leads to."""
        where, descriptor = self.located(name)
        return os.readlink(where, dir_fd=descriptor)

    def remove(self, name: str) -> None:
        """Delete a file."""
        where, descriptor = self.located(name)
        os.unlink(where, dir_fd=descriptor)

    def remove_folder(self, name: str) -> None:
        """Delete an empty folder."""
        where, descriptor = self.located(name)
        os.rmdir(where, dir_fd=descriptor)

    def take_over(self, source: "TreeFolder", part: str, name: str) -> None:
        """Move a file of another folder here, in one step, over a file or link that has the name."""
        old, old_descriptor = source.located(part)
        new, new_descriptor = self.located(name)
        patiently(lambda: os.replace(old, new, src_dir_fd=old_descriptor, dst_dir_fd=new_descriptor))

    def take_exclusively(self, source: "TreeFolder", part: str, name: str) -> None:
        """Move a file of another folder here, in one step. Raises FileExistsError where anything has the name."""
        if _ON_WINDOWS:
            old_path, new_path = source.located(part)[0], self.located(name)[0]
            patiently(lambda: os.rename(old_path, new_path))  # noqa: PTH104 - one that never replaces, on Windows only
            return
        old, old_descriptor = source.located(part)
        new, new_descriptor = self.located(name)
        try:
            os.link(old, new, src_dir_fd=old_descriptor, dst_dir_fd=new_descriptor, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            self._take_into_reservation(source, part, name)
        else:
            source.remove(part)

    def _take_into_reservation(self, source: "TreeFolder", part: str, name: str) -> None:
        """The disk has no hard links: take the name with an empty file made exclusively, then replace that."""
        descriptor = self.open_new(name)
        reserved = os.fstat(descriptor)
        os.close(descriptor)
        try:
            self.take_over(source, part, name)
        except OSError:
            found = self.maybe_lstat(name)
            if found is not None and os.path.samestat(found, reserved):
                self.remove(name)
            raise

    def located(self, name: str) -> tuple[str, int | None]:
        """What system calls take for an entry: its name and this folder's descriptor, or a path that was looked at."""
        if self.descriptor is not None:
            return name, self.descriptor
        _require_folder(self.path)
        return str(self.path / name), None


def _require_folder(path: Path) -> None:
    """Raise NotADirectoryError where the path is a link, a junction, or no folder."""
    found = path.lstat()
    is_reparse_point = getattr(found, "st_file_attributes", 0) & _REPARSE_POINT
    if is_reparse_point or not stat.S_ISDIR(found.st_mode):
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
