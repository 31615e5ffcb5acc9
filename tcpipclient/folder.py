"""The one place that writes received files: a folder of the user's, and the files on their way into it.

Owns the way from a peer's name and bytes to a file: the name passes `safe_name` and is joined to one folder; the bytes
go into a new `.part` beside the target, with an unpredictable name and never through a link; only a whole file gets
the final name. Must never write outside the folder, write over a file that the user has not given up by his choice of
`Conflict`, follow a link below the folder (the folder itself may be one: the user's choice), or delete anything but a
`.part` of its own.
Blocks on the disk. A `DownloadFolder` may be used by any number of threads, an `IncomingFile` by one at a time.

What a power cut may do: the bytes of a file are forced to the disk (fsync) before it gets its final name, so a file
that has its name is whole. The folder's own entry is not forced: at worst the file is still called `.part`.
"""

import errno
import os
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from commonlib.conflict import Conflict
from commonlib.safename import PART_SUFFIX, SafeName, safe_name
from commonlib.values import dataclass
from tcpipclient.folder_errors import FolderError, NotEnoughSpaceError, PartialFileReplacedError, WrongSizeError
from tcpipclient.partial import PartialFile, open_new
from tcpipclient.placement import find_entry, maybe_replaceable, move_exclusively, move_over, move_to_free_name

__all__ = [
    "DownloadFolder",
    "FolderError",
    "IncomingFile",
    "NotEnoughSpaceError",
    "PartialFileReplacedError",
    "Saved",
    "Skipped",
    "WrongSizeError",
    "free_space",
]

_PART_NAME_TRIES = 8


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that arrived whole and has its final name, `path`."""

    path: Path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not kept because of what is at `path`; `reason` is a sentence for the user."""

    path: Path
    reason: str


def free_space(folder: Path) -> int | None:
    """Bytes free for this user on the disk of `folder`; None where the disk does not say (some network shares)."""
    import shutil  # Loaded where it is needed: most commands receive no file.

    usage = shutil.disk_usage(folder)
    return usage.free if usage.total else None


class IncomingFile:
    """One file on its way into the folder; made by `DownloadFolder.begin`, ended by `finish`, `discard` or an error.

    As a context manager it discards what was not finished. Written to or finished after its end it raises ValueError.

    Attributes:
        name: The name it was sent under and the safe one; the saved file may have a number behind it.
        size: Bytes announced.
        received: Bytes written so far.
    """

    def __init__(self, folder: "DownloadFolder", name: SafeName, size: int, kept_in: PartialFile | Skipped) -> None:
        self.name = name
        self.size = size
        self.received = 0
        self._folder = folder
        self._kept_in = kept_in
        self._ended = False

    @property
    def skipped(self) -> Skipped | None:
        """Why the file will not be kept, where that is known before its first byte; None when it may still be.

        Nothing was opened then; what is written is only counted, and `finish` returns this.
        """
        return self._kept_in if isinstance(self._kept_in, Skipped) else None

    @property
    def still_to_come(self) -> int:
        """Bytes that the disk has to have room for until the file is whole."""
        return 0 if self.skipped else max(self.size - self.received, 0)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.discard()

    def write(self, data: bytes | memoryview) -> None:
        """Take the next bytes of the file; a view must be one of bytes.

        Raises WrongSizeError when they are more than announced, FolderError when the disk refuses; both end the file.
        """
        self._require_going_on()
        self.received += len(data)
        if self.received > self.size:
            self.discard()
            raise WrongSizeError(self._target, self.size, self.received)
        if isinstance(self._kept_in, Skipped):
            return
        try:
            self._kept_in.write(data)
        except OSError as error:
            self.discard()
            raise FolderError(self._target, error) from error

    def finish(self, modified: datetime | None = None) -> Saved | Skipped:
        """Give the whole file its date and its final name, as the folder's `Conflict` says; the file ends in any case.

        `modified` is a naive local time; where it names no moment (partial.py), the time of arrival is kept.
        Raises WrongSizeError when bytes are missing, PartialFileReplacedError, or FolderError when the disk refuses.
        """
        self._require_going_on()
        try:
            if self.received != self.size:
                raise WrongSizeError(self._target, self.size, self.received)
            if isinstance(self._kept_in, Skipped):
                return self._kept_in
            if not self._kept_in.seal():
                raise PartialFileReplacedError(self._target)
            timestamp = self._kept_in.maybe_dated(modified)
            return self._folder.place(self._kept_in.path, self.name.name, timestamp)
        except OSError as error:
            raise FolderError(self._target, error) from error
        finally:
            self.discard()

    def discard(self) -> None:
        """End the file and delete what is there of it; does nothing after the end, and never raises."""
        if self._ended:
            return
        self._ended = True
        if isinstance(self._kept_in, PartialFile):
            self._kept_in.discard()
        self._folder.forget(self)

    @property
    def _target(self) -> Path:
        return self._folder.root / self.name.name

    def _require_going_on(self) -> None:
        if self._ended:
            raise ValueError("the file has ended")


class DownloadFolder:
    """A folder of the user's in which received files are saved; made with its parents when the first one arrives.

    `free_space` and `open_new` are what asks for room and makes files: others stand in for them in tests.
    """

    def __init__(
        self,
        root: Path,
        conflict: Conflict = Conflict.RENAME,
        *,
        free_space: Callable[[Path], int | None] = free_space,
        open_new: Callable[[Path], BinaryIO] = open_new,
    ) -> None:
        self.root = root.absolute()
        self.conflict = conflict
        self._free_space = free_space
        self._open_new = open_new
        # Makes one step of looking what is there and acting on it, and keeps count of what is still to come.
        self._lock = threading.Lock()
        self._arriving: set[IncomingFile] = set()

    def begin(self, name: str, size: int) -> IncomingFile:
        """Get ready for a file that a peer calls `name` and says has `size` bytes; takes any text and any number.

        Raises NotEnoughSpaceError before anything is written, or FolderError when folder or file cannot be made.
        """
        safe = safe_name(name)
        target = self.root / safe.name
        try:
            _make_folder(self.root)
            with self._lock:
                kept_in = self._maybe_skipped(safe.name) or self._open_part_locked(target, size)
                incoming = IncomingFile(self, safe, size, kept_in)
                self._arriving.add(incoming)
        except OSError as error:
            raise FolderError(target, error) from error
        return incoming

    def place(self, part: Path, name: str, timestamp: float | None) -> Saved | Skipped:
        """Give the sealed file `part` the name that `conflict` allows; called by `IncomingFile` alone.

        `timestamp` is the sent modification time in Unix seconds, where there is one. Raises OSError.
        """
        target = self.root / name
        with self._lock:
            match self.conflict:
                case Conflict.SKIP:
                    return self._place_unless_there_locked(part, target)
                case Conflict.REPLACE:
                    return self._place_over_locked(part, target)
                case Conflict.NEWEST if timestamp is not None:
                    there = maybe_replaceable(target)
                    if there is not None and there.st_mtime >= timestamp:
                        return Skipped(target, f'"{name}" was not kept: the file that is there is not older.')
                    return self._place_over_locked(part, target)
                case _:
                    return Saved(move_to_free_name(part, self.root, name))

    def forget(self, incoming: IncomingFile) -> None:
        """Count no longer on a file to come; called by `IncomingFile` alone."""
        with self._lock:
            self._arriving.discard(incoming)

    def _place_unless_there_locked(self, part: Path, target: Path) -> Saved | Skipped:
        skipped = self._maybe_skipped(target.name)
        if skipped is not None:
            return skipped
        try:
            move_exclusively(part, target)
        except FileExistsError:
            return _skipped_for(target)
        return Saved(target)

    def _place_over_locked(self, part: Path, target: Path) -> Saved:
        if maybe_replaceable(target) is not None:
            try:
                move_over(part, target)
            except OSError:
                pass  # It is open in another program, or a folder by now: better both than none.
            else:
                return Saved(target)
        return Saved(move_to_free_name(part, self.root, target.name))

    def _maybe_skipped(self, name: str) -> Skipped | None:
        there = find_entry(self.root, name) if self.conflict is Conflict.SKIP else None
        return None if there is None else _skipped_for(there)

    def _open_part_locked(self, target: Path, size: int) -> PartialFile:
        free = self._free_space(self.root)
        needed = max(size, 0) + sum(incoming.still_to_come for incoming in self._arriving)
        if free is not None and needed > free:
            raise NotEnoughSpaceError(target, needed, free)
        import secrets  # As above.

        for _ in range(_PART_NAME_TRIES):
            path = self.root / f"{target.name}.{secrets.token_hex(4)}{PART_SUFFIX}"
            try:
                return PartialFile(path, self._open_new(path))
            except FileExistsError:
                continue
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _skipped_for(there: Path) -> Skipped:
    return Skipped(there, f'"{there.name}" is there already and was left as it is.')


def _make_folder(root: Path) -> None:
    try:
        root.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(root)) from error
