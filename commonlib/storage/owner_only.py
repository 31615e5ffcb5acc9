"""Files and folders that only their owner may read, written whole or not at all.

Owns making, replacing and reading such files. Must never follow a link when it writes, or leave half a file behind
under its final name. On Windows a file has the rights of its folder, so that it is the folder that keeps others out.
Blocks on the disk: any thread that may wait for one. Safe to race against other threads and programs.
"""

import os
import stat
from collections.abc import Callable
from pathlib import Path

from commonlib.exceptions import ChatError
from commonlib.storage.patience import patiently

LARGEST_FILE = 64 * 1024
"""Bytes that are read of a file at most; keys and certificates have about one thousand."""

_CREATE_ONLY = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_OWNER_ONLY = 0o600
_OTHERS = 0o077
_ON_WINDOWS = os.name == "nt"


LOOK_AT_THE_FOLDER = (
    "See that the folder is there, is yours, and that the disk has room; or name another with --data-dir."
)
"""The next step where a file may be as good as ever."""


class StorageError(ChatError):
    """A file or folder of ours cannot be used.

    Attributes:
        path: Which one.
        detail: Why, as part of a sentence.
        advice: The next step, a sentence.
    """

    def __init__(self, path: Path, detail: str, advice: str) -> None:
        super().__init__(path, detail, advice)
        self.path = path
        self.detail = detail
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.path} cannot be used: {self.detail}. {self.advice}"


def make_private_folder(folder: Path) -> None:
    """Make a folder (and those above it) unless it is there; a new one is for its owner alone.

    Raises StorageError.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _storage_error(folder, error) from error


def write_owner_only(path: Path, data: bytes) -> None:
    """Write a file in one step, in place of one of that name; a reader sees the old one or the new one, whole.

    Raises StorageError.
    """
    _write_beside(path, data, lambda part: part.replace(path))


def place_once(path: Path, data: bytes) -> bool:
    """Write a file in one step unless there is one of that name: of several programs at once, one succeeds.

    Returns whether it was this one. Raises StorageError.
    """
    try:
        _write_beside(path, data, lambda part: _move_exclusively(part, path))
    except StorageError as error:
        if isinstance(error.__cause__, FileExistsError):
            return False
        raise
    return True


def read_owner_only(path: Path) -> bytes:
    """The content of a file that nobody but its owner may read.

    Raises FileNotFoundError when there is none, StorageError when others may read it, it is too long or unreadable.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise _storage_error(path, error) from error
    if not _ON_WINDOWS and stat.S_IMODE(mode) & _OTHERS:
        advice = (
            f'Run "chmod 600 {path}"; on a disk that knows no permissions name another folder with --data-dir. '
            "If somebody may have read the file, delete it, and a new one is made."
        )
        raise StorageError(path, "other users of this computer may read it, and it is secret", advice)
    if len(data) > LARGEST_FILE:
        raise StorageError(path, "it is far too long for what it should hold", "Move it away and start again.")
    return data


def _write_beside(path: Path, data: bytes, move: Callable[[Path], object]) -> None:
    """Write to a new file in the same folder, force it to the disk, give it its name; it is gone if that fails."""
    part = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        descriptor = os.open(part, _CREATE_ONLY, _OWNER_ONLY)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            patiently(lambda: move(part))
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise _storage_error(path, error) from error


def _move_exclusively(part: Path, target: Path) -> None:
    """Give `part` its name in a step that fails with FileExistsError when there is anything of that name."""
    if _ON_WINDOWS:
        os.rename(part, target)  # noqa: PTH104 - a rename that never replaces, on Windows only
        return
    try:
        os.link(part, target, follow_symlinks=False)
    except FileExistsError:
        raise
    except OSError:
        # The disk has no hard links (FAT, some network shares): take the name with an empty file, then replace that.
        os.close(os.open(target, _CREATE_ONLY, _OWNER_ONLY))
        part.replace(target)


def _storage_error(path: Path, error: OSError) -> StorageError:
    return StorageError(path, error.strerror or type(error).__name__, LOOK_AT_THE_FOLDER)
